//! The documentation of a rule below its first issue.

use medcode_codes::rules;

use crate::{
    failure::Failure,
    output::{self, Style},
};

/// Prints what a rule checks and why, indented.
pub(super) fn below(rule: &str) -> Result<(), Failure> {
    let Some(rule) = rules::find(rule) else { return Ok(()) };
    let style = Style::for_stdout();
    output::line(&style.dim(&format!("  about {}:", rule.id)))?;
    for line in rule.markdown().trim_end().lines() {
        let line = line.strip_prefix("## ").map_or_else(|| line.to_owned(), |it| style.bold(it));
        let line = if line.is_empty() { line } else { format!("  {} {line}", style.dim("|")) };
        output::line(&line)?;
    }
    output::line("")
}
