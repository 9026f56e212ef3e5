//! Figures of benchmarks in the one shape that `cargo xtask bench` reads, prints and publishes.
//!
//! A benchmark collects figures in a [`Report`] and prints it as one JSON document at its end. Whatever it says on the
//! way goes to stderr.

use serde_json::{Value, json};

/// What a figure has to reach.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// Measured by the limit, at least.
    RatioAtLeast(f64),
    /// Measured by the limit, at most.
    RatioAtMost(f64),
    /// The figure itself, at least.
    AtLeast(f64),
    /// The figure itself, at most.
    AtMost(f64),
    /// For information.
    None,
}

/// One round: what was measured, and its limit in the same round.
pub type Round = (f64, f64);

/// One figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// Its unit, such as `calls/s`, `ms`, `MB`.
    pub unit: &'static str,
    /// What it has to reach.
    pub goal: Goal,
    /// What the limit is: a program that does nothing else. Empty where there is none.
    pub limit_name: &'static str,
    /// Every round in order, so that others can judge. The limit is not a number where there is none.
    pub rounds: Vec<Round>,
}

impl Figure {
    /// The figure of rounds that alternate with their limit.
    pub fn of(
        name: impl Into<String>,
        unit: &'static str,
        goal: Goal,
        limit_name: &'static str,
        rounds: Vec<Round>,
    ) -> Self {
        Self { name: name.into(), unit, goal, limit_name, rounds }
    }

    /// A figure that has no limit but its goal.
    pub fn alone(
        name: impl Into<String>,
        unit: &'static str,
        goal: Goal,
        measured: Vec<f64>,
    ) -> Self {
        let rounds = measured.into_iter().map(|figure| (figure, f64::NAN)).collect();
        Self::of(name, unit, goal, "", rounds)
    }

    /// The median of what was measured.
    pub fn measured(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.0))
    }

    /// The median of the ratios of the rounds.
    pub fn ratio(&self) -> Option<f64> {
        let ratios = self.rounds.iter().map(|(measured, limit)| measured / limit);
        (!self.limit_name.is_empty()).then(|| median(ratios))
    }

    fn json(&self) -> Value {
        let limited = !self.limit_name.is_empty();
        let limit = limited.then(|| median(self.rounds.iter().map(|round| round.1)));
        let (of, bound, value) = match self.goal {
            Goal::RatioAtLeast(value) => ("ratio", "at_least", value),
            Goal::RatioAtMost(value) => ("ratio", "at_most", value),
            Goal::AtLeast(value) => ("measured", "at_least", value),
            Goal::AtMost(value) => ("measured", "at_most", value),
            Goal::None => ("", "", 0.0),
        };
        let goal = (!of.is_empty()).then(|| json!({ "of": of, bound: value }));
        let rounds: Vec<_> = self
            .rounds
            .iter()
            .map(|(measured, limit)| {
                if limited {
                    json!([rounded(*measured), rounded(*limit)])
                } else {
                    json!([rounded(*measured)])
                }
            })
            .collect();
        json!({
            "name": self.name,
            "unit": self.unit,
            "goal": goal,
            "limit_name": self.limit_name,
            "limit": limit.map(rounded),
            "measured": rounded(self.measured()),
            "ratio": self.ratio().map(rounded),
            "rounds": rounds,
        })
    }
}

/// The figures of one benchmark.
#[derive(Debug, Default)]
pub struct Report {
    figures: Vec<Figure>,
}

impl Report {
    /// Adds a figure and says it.
    #[expect(clippy::print_stderr, reason = "whoever waits wants to see how it goes")]
    pub fn add(&mut self, figure: Figure) {
        let ratio = figure
            .ratio()
            .map_or_else(String::new, |ratio| format!(", {ratio:.2} of {}", figure.limit_name));
        eprintln!("{}: {:.4} {}{ratio}", figure.name, figure.measured(), figure.unit);
        self.figures.push(figure);
    }

    /// Prints the one document. `facts` say what was measured: the digest of the catalog and the like.
    #[expect(clippy::print_stdout, reason = "the result of the benchmark")]
    pub fn print(&self, what: &str, facts: &Value) {
        let figures: Vec<_> = self.figures.iter().map(Figure::json).collect();
        println!("{}", json!({ "what": what, "facts": facts, "figures": figures }));
    }
}

/// The figure in the middle; of two, the one below.
pub fn median(figures: impl Iterator<Item = f64>) -> f64 {
    percentile(&mut figures.collect::<Vec<_>>(), 50)
}

/// The figure that a share of all does not exceed. Not a number without figures.
pub fn percentile(figures: &mut [f64], percent: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    let at = (figures.len() * percent).div_ceil(100).saturating_sub(1);
    figures.get(at).copied().unwrap_or(f64::NAN)
}

/// Five digits say everything.
fn rounded(figure: f64) -> f64 {
    format!("{figure:.4e}").parse().unwrap_or(figure)
}
