//! Workflow commands of GitHub Actions: each issue becomes an annotation of its line.

use medcode_codes::issue::Severity;

use super::{Checked, places::Span};
use crate::{failure::Failure, output};

/// Prints an annotation for each issue.
pub(super) fn print(checked: &Checked) -> Result<(), Failure> {
    for issue in &checked.assembly.issues {
        let Span { start, end } = checked.span(&issue.range);
        let command = match issue.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information | Severity::Hint => "notice",
        };
        // Columns are read only where both ends lie on one line; the end is the last character there.
        let columns = if start.line == end.line {
            let last = end.column.saturating_sub(1).max(start.column);
            format!(",col={},endColumn={last}", start.column)
        } else {
            String::new()
        };
        output::line(&format!(
            "::{command} file={},line={},endLine={}{columns},title={}::{}",
            property(&checked.path),
            start.line,
            end.line,
            property(&issue.rule),
            data(&issue.message)
        ))?;
    }
    Ok(())
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, where colon and comma have a meaning.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_would_end_a_command() {
        assert_eq!(data("50% of\r\nall: a, b"), "50%25 of%0D%0Aall: a, b");
        assert_eq!(property("C:\\a,b%.md"), "C%3A\\a%2Cb%25.md");
    }
}
