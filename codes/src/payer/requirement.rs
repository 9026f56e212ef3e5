//! What only the text can answer: the service has no text and hands the question back.

use crate::{encounter::Item, issue::Severity};

/// A question to the text of an encounter. Patterns are regular expressions that the file's author wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextRequirement {
    /// Id of the rule that reports when it is not met, such as `payer-documentation-missing`.
    pub rule: String,
    /// The code that it is about.
    pub item: Item,
    /// The same code as its system writes it.
    pub code: String,
    /// It only applies where the text matches this.
    pub condition: Option<String>,
    /// One of these has to match; empty = not asked.
    pub any: Vec<String>,
    /// Each of these has to match. Where both lists are empty the condition alone decides.
    pub all: Vec<String>,
    /// How much it weighs.
    pub severity: Severity,
    /// What to report.
    pub message: String,
    /// What it rests on.
    pub source: String,
}
