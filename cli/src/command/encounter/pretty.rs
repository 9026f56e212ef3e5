//! The answer for people.

use medcode_codes::rule::Need;

use crate::{
    failure::Failure,
    json::encounter::{Check, Issue, Output},
    output::{self, Style},
};

/// Says which of several encounters the following is about: the line that it stands in, and its id.
pub(super) fn heading(line: usize, id: Option<&str>) -> Result<(), Failure> {
    let id = id.map(|id| format!(", {id}")).unwrap_or_default();
    output::line(&Style::for_stdout().bold(&format!("line {line}{id}:")))
}

/// Prints the issues, and what could not be checked.
pub(super) fn print(output: &Output) -> Result<(), Failure> {
    let style = Style::for_stdout();
    for issue in &output.issues {
        output::line(&format!(
            "{} {} {}",
            severity(issue, style),
            issue.message,
            style.dim(&format!("[{}]", issue.rule))
        ))?;
        output::line(&style.dim(&format!("    {}", issue.source)))?;
    }
    let unasked = unasked(&output.checks);
    for (why, rules) in &unasked {
        let rules = style.dim(&format!("[{}]", rules.join(", ")));
        output::line(&format!("{} {why} {rules}", style.doubtful("not checked:")))?;
    }
    if output.issues.is_empty() && unasked.is_empty() {
        output::line(&style.good("no issues"))?;
    }
    Ok(())
}

/// Each reason why rules could not look, with these rules, in their order.
fn unasked(checks: &[Check]) -> Vec<(String, Vec<&str>)> {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for check in checks.iter().filter(|check| check.outcome == "no_data") {
        let why = why(check);
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, rules)) => rules.push(&check.rule),
            None => reasons.push((why, vec![&check.rule])),
        }
    }
    reasons
}

/// Why a rule could not look.
fn why(check: &Check) -> String {
    let missing = check.missing.as_deref().unwrap_or_default();
    match check.reason {
        Some("dataset_not_loaded") => {
            let need = Need::from_id(missing);
            let words = need.map_or(missing, |need| need.words());
            format!("{words} is not loaded, or does not cover the date")
        }
        Some("fact_missing") => format!("{} is not given", missing.replace('_', " ")),
        Some("date_not_covered") => "no loaded release covers the date".to_owned(),
        Some("code_unavailable") => "a code could not be looked up".to_owned(),
        Some("rule_unknown") => "there is no such rule".to_owned(),
        _ => "no data".to_owned(),
    }
}

fn severity(issue: &Issue, style: Style) -> String {
    match issue.severity {
        "error" => style.bad("error"),
        "warning" => style.doubtful("warning"),
        other => style.note(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_missing() {
        let check = |rule: &str, reason, missing: &str| {
            let missing = Some(missing.to_owned());
            Check { rule: rule.into(), outcome: "no_data", reason: Some(reason), missing }
        };
        let checks = [
            check("a", "fact_missing", "patient_status"),
            check("b", "dataset_not_loaded", "ncci-mue"),
            check("c", "fact_missing", "patient_status"),
            Check { outcome: "pass", reason: None, ..check("d", "", "") },
        ];
        let found = unasked(&checks);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], ("patient status is not given".to_owned(), vec!["a", "c"]));
        assert!(found[1].0.contains("medically unlikely"));
    }
}
