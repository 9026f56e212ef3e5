//! Prints checked texts in one of the formats.

use std::{collections::BTreeSet, path::Path};

use super::{
    Checked, Format, Options, Totals, Wish, explain, github, gitlab, json, pretty, sarif,
    text::NotRead,
};
use crate::{failure::Failure, output};

/// What was and will be printed.
pub(super) struct Report {
    format: Format,
    wish: Wish,
    explain: bool,
    show_ignored: bool,
    /// The answer is a text, and nothing else belongs to stdout.
    is_text: bool,
    explained: BTreeSet<String>,
    json: json::Document,
    sarif: sarif::Log,
    gitlab: gitlab::Quality,
}

impl Report {
    /// Nothing printed yet.
    pub(super) fn new(options: &Options) -> Self {
        Self {
            format: if options.json { Format::Json } else { options.format },
            wish: Wish { fix: options.fix, diff: options.diff },
            explain: options.explain,
            show_ignored: options.show_ignored,
            is_text: options.diff,
            explained: BTreeSet::new(),
            json: json::Document::default(),
            sarif: sarif::Log::default(),
            gitlab: gitlab::Quality::default(),
        }
    }

    /// Reports a text from stdin. Mended, it is the answer itself.
    pub(super) fn stdin(&mut self, checked: &Checked) -> Result<(), Failure> {
        if self.wish.fix && !self.wish.diff {
            self.is_text = true;
            tell_not_fixed(checked);
            return output::text(&checked.text);
        }
        self.file(checked)
    }

    /// Reports a checked file.
    pub(super) fn file(&mut self, checked: &Checked) -> Result<(), Failure> {
        tell_not_fixed(checked);
        if self.wish.diff {
            return output::text(&checked.diff);
        }
        match self.format {
            Format::Pretty => {
                for issue in &checked.assembly.issues {
                    pretty::issue(checked, issue)?;
                    if self.explain && self.explained.insert(issue.rule.clone()) {
                        explain::below(&issue.rule)?;
                    }
                }
                if self.show_ignored { pretty::ignored(checked) } else { Ok(()) }
            }
            Format::Json => {
                self.json.add(checked, self.show_ignored);
                Ok(())
            }
            Format::Jsonl => {
                json::issues(checked).iter().try_for_each(output::json_line)?;
                let ignored = if self.show_ignored { json::ignored(checked) } else { Vec::new() };
                ignored.iter().try_for_each(output::json_line)
            }
            Format::Sarif => {
                self.sarif.add(checked, self.show_ignored);
                Ok(())
            }
            Format::Github => github::print(checked),
            Format::Gitlab => {
                self.gitlab.add(checked);
                Ok(())
            }
        }
    }

    /// Prints what is printed at the end.
    pub(super) fn finish(self, totals: &Totals) -> Result<(), Failure> {
        // The JSON document says so itself.
        if totals.fixed > 0 && self.format != Format::Json {
            let done = if self.wish.diff { "would be fixed" } else { "fixed" };
            warn(&format!(
                "{} {done} in {}",
                output::plural(totals.fixed, "issue"),
                output::plural(totals.fixed_files, "file")
            ));
        }
        if self.is_text {
            return Ok(());
        }
        match self.format {
            Format::Pretty => pretty::summary(totals, self.show_ignored),
            Format::Json => output::json(&self.json.finish(totals)),
            Format::Sarif => output::json(&self.sarif.finish(totals)),
            Format::Gitlab => output::json(&self.gitlab.finish()),
            Format::Jsonl | Format::Github => Ok(()),
        }
    }
}

fn tell_not_fixed(checked: &Checked) {
    if let Some(why) = &checked.not_fixed {
        warn(&format!("{}: not fixed: {why}", checked.path));
    }
}

/// Says what the settings leave out although it was named.
pub(super) fn excluded(paths: &[std::path::PathBuf]) {
    for path in paths {
        warn(&format!("{}: not checked: left out by files.exclude", path.display()));
    }
}

/// Says which lines were too long to be read.
pub(super) fn too_long(checked: &Checked) {
    for line in &checked.too_long {
        warn(&format!(
            "{}:{line}: not checked: the line is longer than 20,000 characters",
            checked.path
        ));
    }
}

/// Says what could not be read.
pub(super) fn not_read(path: &Path, error: &NotRead) {
    warn(&format!("{}: not checked: {error}", path.display()));
}

#[expect(
    clippy::print_stderr,
    reason = "what was not checked or was changed has to be said, and stdout belongs to the answer"
)]
fn warn(text: &str) {
    eprintln!("{text}");
}
