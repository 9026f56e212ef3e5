//! Issues for people: the line, carets, the title of the code, the rule and its source.

use std::borrow::Cow;

use medcode_codes::{document::TextIssue, issue::Severity};

use super::{Checked, Totals};
use crate::{
    failure::Failure,
    output::{self, Style, plural},
};

/// Characters of a line that are shown.
const MOST_CHARACTERS: usize = 200;

/// At most this many fixes are named below an issue.
const MOST_FIXES: usize = 3;

/// Prints what comments and settings accept in a text.
pub(super) fn ignored(checked: &Checked) -> Result<(), Failure> {
    let style = Style::for_stdout();
    for (silenced, accepting) in checked.assembly.silenced.iter().zip(&checked.reasons) {
        let issue = &silenced.issue;
        let at = checked.position(issue.range.start);
        let by = match accepting.line {
            Some(line) => format!("accepted by the comment in line {line}"),
            None => "accepted by the settings".to_owned(),
        };
        let reason = match accepting.reason.as_str() {
            "" => "no reason given".to_owned(),
            reason => reason.to_owned(),
        };
        output::line(&style.dim(&format!(
            "accepted[{}]: {}\n --> {}:{}:{}\n  = {by}: {reason}\n",
            issue.rule, issue.message, checked.path, at.line, at.column
        )))?;
    }
    Ok(())
}

/// Prints an issue of a text.
pub(super) fn issue(checked: &Checked, issue: &TextIssue) -> Result<(), Failure> {
    let style = Style::for_stdout();
    let paint = |text: &str| match issue.severity {
        Severity::Error => style.bad(text),
        Severity::Warning => style.doubtful(text),
        Severity::Information | Severity::Hint => style.note(text),
    };
    let at = checked.position(issue.range.start);
    let whole = checked.line(at.line);
    let (line, column) = clipped(whole, at.column);
    let gutter = at.line.to_string().len();
    let blank = " ".repeat(gutter);
    let carets = checked.text[issue.range.clone()]
        .lines()
        .next()
        .map_or(1, |text| text.chars().count().clamp(1, MOST_CHARACTERS));
    // Tabs keep their width under the line above.
    let indent: String = line
        .chars()
        .take(column - 1)
        .map(|character| if character == '\t' { '\t' } else { ' ' })
        .collect();
    let title = issue
        .mention
        .and_then(|index| checked.assembly.facts.get(index)?.as_ref())
        // Wording of CPT goes with the notice of its publisher, and there is no place for it here.
        .filter(|fact| medcode_codes::system::cpt::category(&fact.written).is_none())
        .and_then(|fact| fact.title.clone())
        .map_or_else(String::new, |title| format!(" {title}"));

    let bar = style.dim("|");
    let mut lines = vec![
        format!(
            "{}: {}",
            paint(&format!("{}[{}]", issue.severity, issue.rule)),
            style.bold(&issue.message)
        ),
        format!("{blank} {} {}:{}:{}", style.dim("-->"), checked.path, at.line, at.column),
        format!("{blank} {bar}"),
        format!("{} {bar} {line}", style.dim(&at.line.to_string())),
        format!("{blank} {bar} {indent}{}{title}", paint(&"^".repeat(carets))),
    ];
    let mark = style.dim("=");
    let fixes = issue.fixes.iter().take(MOST_FIXES);
    lines.extend(fixes.map(|fix| format!("{blank} {mark} fix: {}", fix.title)));
    if issue.fixes.len() > MOST_FIXES {
        let more = issue.fixes.len() - MOST_FIXES;
        lines.push(format!("{blank} {mark} and {more} more fixes"));
    }
    let source = style.dim(&format!("source: {}", issue.source));
    lines.push(format!("{blank} {mark} {source}\n"));
    // At once: a text can have hundreds of them.
    output::line(&lines.join("\n"))
}

/// A line of at most [`MOST_CHARACTERS`] characters around a column, and the column in it: a claim of one line is not
/// repeated for each issue.
fn clipped(line: &str, column: usize) -> (Cow<'_, str>, usize) {
    if line.len() <= MOST_CHARACTERS || line.chars().count() <= MOST_CHARACTERS {
        return (Cow::Borrowed(line), column);
    }
    let skipped = (column - 1).saturating_sub(MOST_CHARACTERS / 3);
    let part: String = line.chars().skip(skipped).take(MOST_CHARACTERS).collect();
    let front = if skipped > 0 { "… " } else { "" };
    (Cow::Owned(format!("{front}{part} …")), column - skipped + front.chars().count())
}

/// One line about everything that was checked.
pub(super) fn summary(totals: &Totals, shows_ignored: bool) -> Result<(), Failure> {
    let style = Style::for_stdout();
    if totals.files == 0 && totals.skipped == 0 {
        return output::line(&style.doubtful("no files to check"));
    }
    let counts: Vec<_> =
        totals.issues.iter().map(|(severity, count)| plural(*count, severity.id())).collect();
    let found = match (counts.is_empty(), totals.incomplete) {
        (false, _) => counts.join(", "),
        (true, false) => style.good("no issues"),
        (true, true) => style.doubtful("not everything could be checked"),
    };
    let silenced = match (totals.silenced, shows_ignored) {
        (0, _) => String::new(),
        (count, true) => format!(", {count} accepted"),
        (count, false) => format!(", {count} accepted (--show-ignored lists them)"),
    };
    output::line(&format!("{found} in {}{silenced}", plural(totals.files, "file")))?;
    if totals.skipped > 0 {
        let skipped = plural(totals.skipped, "file");
        output::line(&style.doubtful(&format!("{skipped} not checked: no readable text.")))?;
    }
    if totals.incomplete {
        output::line(&style.doubtful(
            "Some codes could not be asked, or lines not read; what was not checked is not right by that.",
        ))?;
    }
    Ok(())
}
