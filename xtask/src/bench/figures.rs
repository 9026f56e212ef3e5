//! Figures of all benchmarks, in one shape: what was measured, what nothing could be faster than, what is wanted.

use std::fmt::Write;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One figure. A benchmark that prints these is printed, published and drawn like all others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) unit: String,
    /// `None` for a figure that is for information.
    pub(crate) goal: Option<Goal>,
    /// What does nothing else, measured in the same run. Empty where there is nothing to compare with.
    #[serde(default)]
    pub(crate) limit_name: String,
    #[serde(default)]
    pub(crate) limit: Option<f64>,
    pub(crate) measured: f64,
    /// The median of the ratios of all rounds, measured by limit.
    #[serde(default)]
    pub(crate) ratio: Option<f64>,
    /// Every round, with its limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rounds: Vec<Vec<f64>>,
}

/// What a figure has to reach.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Goal {
    of: Subject,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<f64>,
}

/// What a goal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Subject {
    Measured,
    Ratio,
}

impl Figure {
    /// A figure of its own that must not be larger than a goal.
    pub(crate) fn at_most(name: &str, unit: &str, goal: f64, measured: f64) -> Self {
        Self {
            name: name.to_owned(),
            unit: unit.to_owned(),
            goal: Some(Goal { of: Subject::Measured, at_least: None, at_most: Some(goal) }),
            limit_name: String::new(),
            limit: None,
            measured,
            ratio: None,
            rounds: Vec::new(),
        }
    }

    /// How far the figure is on its way to the goal: 1 reaches it, 2 is twice as bad. `None` without a goal.
    pub(crate) fn distance(&self) -> Option<f64> {
        let goal = self.goal?;
        let figure = match goal.of {
            Subject::Measured => self.measured,
            Subject::Ratio => self.ratio?,
        };
        match (goal.at_least, goal.at_most) {
            (Some(least), _) => Some(least / figure),
            (None, Some(most)) => Some(figure / most),
            (None, None) => None,
        }
    }

    /// Whether the goal is reached. A figure without one reaches it.
    pub(crate) fn is_met(&self) -> bool {
        self.distance().is_none_or(|distance| distance <= 1.0)
    }

    /// `≥ 0.90 ×`, `≤ 60 ms`.
    pub(crate) fn goal_in_words(&self) -> String {
        let Some(goal) = self.goal else { return "–".to_owned() };
        let (sign, value) = match (goal.at_least, goal.at_most) {
            (Some(least), _) => ("≥", least),
            (None, Some(most)) => ("≤", most),
            (None, None) => return "–".to_owned(),
        };
        match goal.of {
            Subject::Measured => format!("{sign} {} {}", shown(value), self.unit),
            Subject::Ratio => format!("{sign} {} × the limit", shown(value)),
        }
    }

    /// The four cells beside the name: measured, limit, ratio, goal.
    pub(crate) fn cells(&self) -> [String; 4] {
        let limit = self.limit.map_or_else(
            || "–".to_owned(),
            |limit| format!("{} {} ({})", shown(limit), self.unit, self.limit_name),
        );
        let range = || {
            let ratios =
                self.rounds.iter().filter_map(|round| Some(round.first()? / round.get(1)?));
            let (least, most) = ratios
                .fold((f64::MAX, f64::MIN), |(low, high), it: f64| (low.min(it), high.max(it)));
            if least < most {
                format!(" ({}–{})", shown(least), shown(most))
            } else {
                String::new()
            }
        };
        let ratio = self
            .ratio
            .map_or_else(|| "–".to_owned(), |ratio| format!("{}{}", shown(ratio), range()));
        let verdict = match self.distance() {
            None => String::new(),
            Some(_) if self.is_met() => " · met".to_owned(),
            Some(_) => " · **missed**".to_owned(),
        };
        let measured = format!("{} {}", shown(self.measured), self.unit);
        [measured, limit, ratio, format!("{}{verdict}", self.goal_in_words())]
    }
}

/// Reads the figures of a document.
///
/// # Errors
/// It has none, or in another shape.
pub(crate) fn of_document(document: &Value) -> anyhow::Result<Vec<Figure>> {
    let figures = document.get("figures").cloned().context("the document has no figures")?;
    serde_json::from_value(figures).context("figures in another shape")
}

/// The figures as a table in Markdown.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut table =
        "| figure | measured | limit | ratio (range) | goal |\n|---|---|---|---|---|\n".to_owned();
    for figure in figures {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {} | {} |", figure.name, figure.cells().join(" | "));
    }
    table
}

/// A number with three digits that say something, and thousands apart.
pub(crate) fn shown(figure: f64) -> String {
    let decimals = match figure.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let plain = format!("{figure:.decimals$}");
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), ""), |(a, b)| (a, b));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len() - at;
        if at > 0 && left % 3 == 0 && whole.len() > 4 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn figure(goal: &Value, measured: f64, ratio: Option<f64>) -> Figure {
        let figure = json!({
            "name": "n", "unit": "ms", "goal": goal, "limit_name": "l", "limit": 2.0,
            "measured": measured, "ratio": ratio, "rounds": [[1.0, 2.0], [3.0, 2.0]],
        });
        serde_json::from_value(figure).unwrap()
    }

    #[test]
    fn a_goal_is_about_the_figure_or_about_its_ratio() {
        let least = json!({ "of": "ratio", "at_least": 0.9 });
        assert!(figure(&least, 5.0, Some(0.95)).is_met());
        assert!(!figure(&least, 5.0, Some(0.5)).is_met());
        let most = json!({ "of": "measured", "at_most": 60 });
        assert!(figure(&most, 60.0, None).is_met());
        assert_eq!(figure(&most, 90.0, None).distance(), Some(1.5));
        assert_eq!(figure(&Value::Null, 90.0, None).distance(), None);
    }

    #[test]
    fn says_plainly_what_is_missed() {
        let least = json!({ "of": "ratio", "at_least": 0.9 });
        let cells = figure(&least, 12_345.0, Some(0.5)).cells();
        assert_eq!(
            cells,
            ["12,345 ms", "2.00 ms (l)", "0.50 (0.50–1.50)", "≥ 0.90 × the limit · **missed**"]
        );
    }

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!(
            [0.123, 1.5, 15.26, 152.6, 1_526.0, 15_260.0, 1_234_567.0].map(shown),
            ["0.12", "1.50", "15.3", "153", "1526", "15,260", "1,234,567"]
        );
    }
}
