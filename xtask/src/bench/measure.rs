//! Series of figures.

use serde_json::{Value, json};

/// Figures of one kind, in milliseconds.
#[derive(Debug, Default)]
pub(super) struct Series(Vec<f64>);

impl Series {
    /// Adds a figure.
    pub(super) fn add(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// The figure that a share of all does not exceed. 0 without figures.
    pub(super) fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(at).copied().unwrap_or_default()
    }

    /// The largest figure.
    pub(super) fn max(&self) -> f64 {
        self.percentile(100)
    }

    /// As it is published.
    pub(super) fn json(&self) -> Value {
        let round = |figure: f64| (figure * 1000.0).round() / 1000.0;
        json!({
            "n": self.0.len(),
            "p50": round(self.percentile(50)),
            "p95": round(self.percentile(95)),
            "p99": round(self.percentile(99)),
            "max": round(self.max()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_figures_of_the_series() {
        let mut series = Series::default();
        (1..=20).rev().for_each(|figure| series.add(f64::from(figure)));
        let of = |percent| series.percentile(percent).to_string();
        assert_eq!((of(50), of(95), of(100)), ("10".into(), "19".into(), "20".into()));
        assert_eq!(Series::default().max().to_string(), "0");
    }
}
