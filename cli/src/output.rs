//! Writing answers: to stdout, and quietly when nobody reads any more.

use std::io::{IsTerminal, Write, stdout};

use serde::Serialize;

use crate::failure::Failure;

/// Prints one JSON document, readable on a terminal and compact otherwise.
pub(crate) fn json(document: &impl Serialize) -> Result<(), Failure> {
    let text = if stdout().is_terminal() {
        serde_json::to_string_pretty(document)
    } else {
        serde_json::to_string(document)
    };
    line(&text.map_err(|error| Failure::Unavailable(error.to_string()))?)
}

/// Prints one JSON document on one line.
pub(crate) fn json_line(document: &impl Serialize) -> Result<(), Failure> {
    line(
        &serde_json::to_string(document)
            .map_err(|error| Failure::Unavailable(error.to_string()))?,
    )
}

/// Prints one line.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    Ok(writeln!(out, "{text}")?)
}

/// Prints text as it is, without a line end of its own.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Says something to a person, on stderr.
#[expect(clippy::print_stderr, reason = "what is not the answer")]
pub(crate) fn notice(text: &str) {
    eprintln!("medcode: {text}");
}

/// A number with its word.
pub(crate) fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Colours for people; none when the output is no terminal or `NO_COLOR` is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    on: bool,
}

impl Style {
    /// The style for stdout.
    pub(crate) fn for_stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { on: stdout().is_terminal() && !refused }
    }

    /// Heavy.
    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// In the background.
    pub(crate) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Right.
    pub(crate) fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// Wrong.
    pub(crate) fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// Doubtful.
    pub(crate) fn doubtful(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// For information.
    pub(crate) fn note(self, text: &str) -> String {
        self.paint("36", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
