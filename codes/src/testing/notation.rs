//! Notes with their issues drawn under the text: a line of carets, counted in characters, then
//! `severity[rule]: message`. A note without such lines must be clean.

use std::ops::Range;

use crate::{
    date::Date,
    document::{CheckSettings, Document},
    terminology::Terminology,
};

/// An issue at a place, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drawn {
    /// Line of the text, from 0.
    pub line: usize,
    /// First character in the line, from 0.
    pub column: usize,
    /// Number of characters; what reaches beyond the line is not drawn.
    pub length: usize,
    /// `severity[rule]: message`.
    pub label: String,
}

/// Takes the drawn lines out of a note.
pub fn strip(drawn: &str) -> String {
    drawn.split_inclusive('\n').filter(|line| !is_drawn(line)).collect()
}

/// Draws issues under the lines of a text.
pub fn draw(text: &str, issues: &[Drawn]) -> String {
    let mut sorted = issues.to_vec();
    sorted.sort();
    let mut result = String::new();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        result.push_str(line);
        for issue in sorted.iter().filter(|issue| issue.line == number) {
            if !result.ends_with('\n') {
                result.push('\n');
            }
            let carets = "^".repeat(issue.length.max(1));
            result = format!("{result}{}{carets} {}\n", " ".repeat(issue.column), issue.label);
        }
    }
    result
}

/// Whether a line is drawn: blanks, carets, and a severity.
fn is_drawn(line: &str) -> bool {
    let rest = line.trim_start_matches(' ');
    let label = rest.trim_start_matches('^');
    label.len() < rest.len()
        && ["error[", "warning[", "info[", "hint["]
            .iter()
            .any(|word| label.trim_start().starts_with(word))
}

/// Checks a text over a terminology and gives its issues ready to be drawn.
pub fn issues(
    text: &str,
    terminology: &Terminology,
    today: Date,
    settings: &CheckSettings,
) -> Vec<Drawn> {
    let document = Document::new(text).with_settings(settings);
    let answers: Vec<_> = document
        .requests()
        .iter()
        .map(|request| request.answer_with(terminology, super::payers(), today))
        .collect();
    let assembly = document.assemble(&answers, settings);
    let drawn = assembly.issues.into_iter().map(|issue| {
        let label = format!("{}[{}]: {}", issue.severity, issue.rule, issue.message);
        place(text, &issue.range, label)
    });
    drawn.collect()
}

/// Brings a range of bytes to its line and characters.
pub fn place(text: &str, range: &Range<usize>, label: String) -> Drawn {
    let before = &text[..range.start];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let within = &text[range.clone()];
    Drawn {
        line: before.matches('\n').count(),
        column: text[line_start..range.start].chars().count(),
        length: within.lines().next().map_or(0, |line| line.chars().count()),
        label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawing_and_stripping_are_inverse() {
        let text = "Dx: E11.66\nÄ M54.5";
        let issues = [
            Drawn { line: 0, column: 4, length: 6, label: "error[unknown-code]: a".to_owned() },
            Drawn { line: 1, column: 2, length: 5, label: "warning[expired-code]: b".to_owned() },
        ];
        let drawn = draw(text, &issues);
        assert!(drawn.contains("\n    ^^^^^^ error[unknown-code]: a\n"), "{drawn}");
        assert!(drawn.ends_with("\n  ^^^^^ warning[expired-code]: b\n"), "{drawn}");
        assert_eq!(strip(&drawn).trim_end(), text);
    }
}
