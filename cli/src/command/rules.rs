//! `medcode rules`: lists the rules, or explains one.

use clap::Args;
use medcode_codes::{
    rule::Rule,
    rules::{self, FAMILIES, Family},
};
use serde::Serialize;

use crate::{
    args::Format,
    failure::{Answer, Failure},
    output::{self, Style},
};

/// Options of `rules`.
///
/// Examples: `medcode rules`, `medcode rules procedure`, `medcode rules excludes1-conflict`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The rule to explain, or the family to list.
    id: Option<String>,
    #[command(flatten)]
    format: Format,
}

#[derive(Debug, Serialize)]
struct Explained {
    id: &'static str,
    family: &'static str,
    severity: &'static str,
    kind: &'static str,
    on_by_default: bool,
    /// Tables without which it cannot look.
    needs: Vec<&'static str>,
    /// What it rests on until its source is checked.
    unverified: Option<&'static str>,
    summary: &'static str,
    documentation: String,
}

impl Explained {
    fn new(rule: &'static Rule) -> Self {
        Self {
            id: rule.id,
            family: rules::family(rule).id,
            severity: rule.severity.id(),
            kind: rule.check.kind(),
            on_by_default: rule.is_on,
            needs: rule.needs.iter().map(|need| need.id()).collect(),
            unverified: rule.unverified,
            summary: rule.summary(),
            documentation: rule.markdown(),
        }
    }
}

/// Prints the list, or one rule.
pub(crate) fn run(options: &Options) -> Result<Answer, Failure> {
    let Some(id) = &options.id else {
        list(FAMILIES, options.format.json)?;
        return Ok(Answer::Yes);
    };
    if let Some(family) = FAMILIES.iter().find(|family| family.id == id) {
        list(&[family], options.format.json)?;
        return Ok(Answer::Yes);
    }
    let Some(rule) = rules::find(id) else {
        let near =
            rules::nearest(id).map_or_else(String::new, |near| format!("; did you mean {near}?"));
        return Err(Failure::Usage(format!("there is no rule '{id}'{near}")));
    };
    if options.format.json {
        output::json(&Explained::new(rule))?;
    } else {
        let style = Style::for_stdout();
        let marks = marks(rule);
        output::line(&style.bold(&format!("{} ({}{marks})", rule.id, weight(rule))))?;
        output::line("")?;
        output::line(&rule.markdown())?;
    }
    Ok(Answer::Yes)
}

fn list(families: &[&'static Family], json: bool) -> Result<(), Failure> {
    let families = families.iter().filter(|family| !family.rules.is_empty());
    if json {
        let rules = families.flat_map(|family| family.rules).map(|rule| Explained::new(rule));
        return output::json(&rules.collect::<Vec<_>>());
    }
    let style = Style::for_stdout();
    for (place, family) in families.enumerate() {
        if place > 0 {
            output::line("")?;
        }
        let heading = format!("{} {}", family.title, style.dim(&format!("[{}]", family.id)));
        output::line(&style.bold(&heading))?;
        for rule in family.rules {
            let id = style.bold(&format!("{:<30}", rule.id));
            let marks = style.dim(marks(rule).trim_start_matches([',', ' ']));
            let line = format!("  {id} {:<8} {} {marks}", weight(rule), rule.summary());
            output::line(line.trim_end())?;
        }
    }
    Ok(())
}

/// The severity, or that the rule is off.
fn weight(rule: &Rule) -> &'static str {
    if rule.is_on { rule.severity.id() } else { "off" }
}

/// What a reader has to know of a rule beside its severity.
fn marks(rule: &Rule) -> String {
    let mut marks = String::new();
    if !rule.needs.is_empty() {
        let needs: Vec<_> = rule.needs.iter().map(|need| need.id()).collect();
        marks.extend([", needs ", &needs.join(" and ")]);
    }
    if let Some(basis) = rule.unverified {
        marks.extend([", unverified: by ", basis]);
    }
    marks
}
