//! The count report at the end of an addenda file.

use medcode_codes::system::CodeSystem;

use crate::rows::{ChangeAction, ChangeRow};

/// How many lines of a kind, headers or codes, two releases have, and how many changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The release before.
    pub before: Compared,
    /// This release.
    pub after: Compared,
    /// Lines added.
    pub additions: u64,
    /// Lines deleted.
    pub deletions: u64,
    /// Lines with another title.
    pub revisions: u64,
}

/// A release that was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Its order file as the report names it, such as `icd10cm_order_2025.txt`. Both releases of a year may bear the
    /// same name.
    pub file: String,
    /// Its headers or codes.
    pub lines: u64,
}

impl Counts {
    /// The system that the names of the order files tell.
    pub(super) fn system(&self) -> Option<CodeSystem> {
        let named = |part: &str| {
            [&self.before, &self.after].iter().all(|it| it.file.to_ascii_lowercase().contains(part))
        };
        match (named("icd10cm"), named("icd10pcs")) {
            (true, false) => Some(CodeSystem::Icd10Cm),
            (false, true) => Some(CodeSystem::Icd10Pcs),
            _ => None,
        }
    }

    /// Whether the changes are as many as the report says.
    pub(super) fn agree_with<'a>(&self, changes: impl Iterator<Item = &'a ChangeRow>) -> bool {
        let (mut additions, mut deletions, mut revisions) = (0, 0, 0);
        for change in changes {
            match change.action {
                ChangeAction::Add => additions += 1,
                ChangeAction::Delete => deletions += 1,
                ChangeAction::Revise => revisions += 1,
            }
        }
        (self.additions, self.deletions, self.revisions) == (additions, deletions, revisions)
    }
}

/// The report about headers or about codes, and the line where it begins.
pub(super) struct Section {
    pub(super) line: u64,
    pub(super) counts: Counts,
}

/// Reads the report line by line.
#[derive(Default)]
pub(super) struct Report {
    headers: Option<Draft>,
    codes: Option<Draft>,
    in_codes: bool,
}

#[derive(Default)]
struct Draft {
    line: u64,
    compared: Vec<Compared>,
    additions: Option<u64>,
    deletions: Option<u64>,
    revisions: Option<u64>,
}

impl Report {
    pub(super) fn add(&mut self, number: u64, line: &str) -> Result<(), &'static str> {
        let line = line.trim();
        if let "Headers" | "Codes" = line {
            self.in_codes = line == "Codes";
            let section = if self.in_codes { &mut self.codes } else { &mut self.headers };
            return match section.replace(Draft { line: number, ..Draft::default() }) {
                Some(_) => Err("the count report has two sections with one name"),
                None => Ok(()),
            };
        }
        if let "" | "of which" = line {
            return Ok(());
        }
        let section = if self.in_codes { self.codes.as_mut() } else { self.headers.as_mut() };
        let known = section.is_some_and(|section| section.take(line, self.in_codes).is_some());
        if known { Ok(()) } else { Err("this is neither a change nor a line of the count report") }
    }

    /// The sections about headers and about codes.
    pub(super) fn finish(self) -> Result<(Option<Section>, Section), &'static str> {
        let missing = "the count report at the end is missing or cut short: the file is not whole";
        let headers = match self.headers {
            Some(draft) => Some(draft.finish().ok_or(missing)?),
            None => None,
        };
        Ok((headers, self.codes.and_then(Draft::finish).ok_or(missing)?))
    }
}

impl Draft {
    /// Takes a line such as `23324 headers in icd10cm_order_2025.txt` or `143 additions`. `None` when it is another.
    fn take(&mut self, line: &str, in_codes: bool) -> Option<()> {
        let (number, rest) = line.split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        let field = match rest {
            "additions" => &mut self.additions,
            "deletions" => &mut self.deletions,
            "revisions" => &mut self.revisions,
            // How the revisions divide between long and short titles.
            _ if rest.starts_with("revisions to ") => return Some(()),
            _ => {
                let what = if in_codes { "codes in " } else { "headers in " };
                let file = rest.strip_prefix(what)?.to_owned();
                self.compared.push(Compared { file, lines: number });
                return Some(());
            }
        };
        field.replace(number).is_none().then_some(())
    }

    fn finish(self) -> Option<Section> {
        let [before, after] = <[Compared; 2]>::try_from(self.compared).ok()?;
        let (additions, deletions) = (self.additions?, self.deletions?);
        let counts = Counts { before, after, additions, deletions, revisions: self.revisions? };
        Some(Section { line: self.line, counts })
    }
}

/// Whether two lines that are not empty begin a report.
pub(super) fn is_report_head(first: &str, second: &str) -> bool {
    let in_codes = first.trim() == "Codes";
    (in_codes || first.trim() == "Headers")
        && Draft::default().take(second.trim(), in_codes).is_some()
}
