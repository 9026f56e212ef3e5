//! `medcode rules`: lists the rules, or explains one.

use clap::Args;
use medcode_codes::{rule::Rule, rules};
use serde::Serialize;

use crate::{
    args::Format,
    failure::{Answer, Failure},
    output::{self, Style},
};

/// Options of `rules`.
///
/// Examples: `medcode rules`, `medcode rules excludes1-conflict`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The rule to explain.
    id: Option<String>,
    #[command(flatten)]
    format: Format,
}

#[derive(Debug, Serialize)]
struct Explained {
    id: &'static str,
    severity: &'static str,
    kind: &'static str,
    summary: &'static str,
    documentation: String,
}

impl Explained {
    fn new(rule: &'static Rule) -> Self {
        Self {
            id: rule.id,
            severity: rule.severity.id(),
            kind: rule.check.kind(),
            summary: rule.summary(),
            documentation: rule.markdown(),
        }
    }
}

/// Prints the list, or one rule.
pub(crate) fn run(options: &Options) -> Result<Answer, Failure> {
    let style = Style::for_stdout();
    match &options.id {
        None if options.format.json => {
            output::json(
                &rules::RULES.iter().map(|rule| Explained::new(rule)).collect::<Vec<_>>(),
            )?;
        }
        None => {
            for rule in rules::RULES.iter() {
                let id = style.bold(&format!("{:<30}", rule.id));
                output::line(&format!("{id} {:<8} {}", rule.severity, rule.summary()))?;
            }
        }
        Some(id) => {
            let Some(rule) = rules::find(id) else {
                let near = rules::nearest(id)
                    .map_or_else(String::new, |near| format!("; did you mean {near}?"));
                return Err(Failure::Usage(format!("there is no rule '{id}'{near}")));
            };
            if options.format.json {
                output::json(&Explained::new(rule))?;
            } else {
                output::line(&style.bold(&format!("{} ({})", rule.id, rule.severity)))?;
                output::line("")?;
                output::line(&rule.markdown())?;
            }
        }
    }
    Ok(Answer::Yes)
}
