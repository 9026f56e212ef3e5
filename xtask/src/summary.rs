//! The closing lines of the test runners, shown once more at the end.

/// What the runners said of themselves.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    lines: Vec<(String, String)>,
}

impl Summary {
    /// Keeps a line when it is a runner's closing line.
    pub(crate) fn keep(&mut self, runner: &str, line: &str) {
        let plain = without_colours(line);
        let plain = plain.trim();
        if is_closing(plain) {
            self.lines.push((runner.to_owned(), plain.to_owned()));
        }
    }

    /// Shows every line that was kept, as the runners wrote it.
    #[expect(clippy::print_stdout, reason = "the result of the task")]
    pub(crate) fn show(&self) {
        for (runner, line) in &self.lines {
            println!("[{runner}]");
            println!("{line}");
        }
    }
}

/// `test result: ok. 3 passed; …` of cargo, `Tests  99 passed (99)` of vitest, `3 passed, 0 failed` of the editors,
/// `3 passed in 2.1s` of pytest.
fn is_closing(line: &str) -> bool {
    let numbers = line.starts_with(|first: char| first.is_ascii_digit())
        && (line.contains(" passed, ") || line.contains(" passed in "));
    line.starts_with("test result:") || line.starts_with("Tests  ") || numbers
}

fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(start) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..start]);
        let code = &rest[start + 2..];
        let end = code
            .find(|character: char| character.is_ascii_alphabetic())
            .map_or(code.len(), |at| at + 1);
        rest = &code[end..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_closing_lines_only() {
        let mut summary = Summary::default();
        for line in [
            "test result: ok. 3 passed; 0 failed",
            "running 3 tests",
            "\u{1b}[2m Tests \u{1b}[22m 9 passed",
        ] {
            summary.keep("runner", line);
        }
        summary.keep("editor", "14 passed, 0 failed");
        summary.keep("pytest", "6 passed in 2.13s");
        assert_eq!(summary.lines.len(), 4);
    }
}
