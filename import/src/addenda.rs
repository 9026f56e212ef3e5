//! Addenda: what changed in an order file or a codes file since the release before.
//!
//! Columns 1-13 hold the action. In order addenda of ICD-10-CM 14 is the flag (0 header, 1 valid for submission) and 15
//! blank; ICD-10-PCS has no flag. Then come the code (7), a blank and the titles: short (60), a blank and long in order
//! addenda, long alone in codes addenda. A report closes the file: how many lines both releases have and how many were
//! added, deleted and revised. It is checked against what was read, so that no cut file passes for a whole one; it may
//! stand alone, in a release that changes nothing.
//!
//! They are the only source of revised titles, and compare with the previous release, not with the previous October.
//! Source: `icd10cm_order_addenda_YYYY.txt`, `icd10cm_codes_addenda_YYYY.txt` and `order_addenda_YYYY.txt` (ICD-10-PCS)
//! of CMS and NCHS, 2021 to 2026.

use std::collections::HashSet;

use medcode_codes::{code::CodeKey, system::CodeSystem};

use super::{
    ImportError, Place,
    fixed_width::{ascii, lines, title, titles},
    rows::{ChangeAction, ChangeRow, Titles},
    shapes::{fits_icd10, heading_or_code, is_pcs_heading, key_of, system_of_codes},
};

mod report;

pub use report::{Compared, Counts};

use report::{Report, is_report_head};

const ACTION_WIDTH: usize = 13;
const CODE_WIDTH: usize = 7;

/// What changed between two releases of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addenda {
    /// The system.
    pub system: CodeSystem,
    /// The changes in the order of the file. A revision is one change.
    pub changes: Vec<ChangeRow>,
    /// The report about headers; only order addenda have it.
    pub headers: Option<Counts>,
    /// The report about codes.
    pub codes: Counts,
}

/// Reads a file. Lines may end in CRLF or LF.
///
/// # Errors
/// A line has another form, a code has not the shape of the system, a change stands twice, a revision lacks one of its
/// two lines, or the report is missing, has another form or counts other changes than were read.
pub fn read(bytes: &[u8], file: &str) -> Result<Addenda, ImportError> {
    let at = |number, problem: &str| ImportError::new(file, Place::Line(number), problem);
    let mut actions: Vec<(u64, Action, &str)> = Vec::new();
    let mut report = Report::default();
    let mut in_report = false;
    for (number, line) in lines(bytes) {
        let line = ascii(line).ok_or_else(|| at(number, "a character is not ASCII"))?;
        match Action::split(line) {
            Some((action, rest)) if !in_report => actions.push((number, action, rest)),
            Some(_) => return Err(at(number, "a change stands behind the count report")),
            None => {
                in_report = true;
                report.add(number, line).map_err(|problem| at(number, problem))?;
            }
        }
    }
    let (headers, codes) =
        report.finish().map_err(|problem| ImportError::new(file, Place::File, problem))?;
    let texts: Vec<_> = actions.iter().map(|(_, _, rest)| *rest).collect();
    let system = codes.counts.system().or_else(|| system_by_columns(&texts, headers.is_some()));
    let system = system.ok_or_else(|| {
        let problem = "neither the count report nor a change tells ICD-10-CM from ICD-10-PCS";
        ImportError::new(file, Place::File, problem)
    })?;
    let layout = Layout::of(system, headers.is_some());

    let mut changes = Changes::default();
    for (number, action, rest) in actions {
        let change = layout.split(rest).and_then(|columns| columns.change(system, action));
        let change = change.ok_or_else(|| at(number, layout.expected(system)))?;
        changes.add(action, change).map_err(|problem| at(number, &problem))?;
    }
    let changes =
        changes.finish().map_err(|problem| ImportError::new(file, Place::File, problem))?;
    for (section, of_headers) in [(headers.as_ref(), true), (Some(&codes), false)] {
        let Some(section) = section else { continue };
        let mine = changes.iter().filter(|change| is_header(change, layout) == of_headers);
        if !section.counts.agree_with(mine) {
            return Err(at(section.line, "the report counts other changes than stand in the file"));
        }
    }
    Ok(Addenda { system, changes, headers: headers.map(|it| it.counts), codes: codes.counts })
}

/// Whether a file that begins with `head` is an addenda file, of whichever system and layout.
pub fn recognises(head: &str) -> bool {
    let mut filled = head.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = filled.next() else { return false };
    match Action::split(first) {
        Some((_, rest)) => Layout::ALL
            .iter()
            .any(|layout| layout.split(rest).is_some_and(|columns| fits_icd10(columns.code))),
        None => is_report_head(first, filled.next().unwrap_or_default()),
    }
}

/// Whether the changed line is a header: it says so, or it is a table of ICD-10-PCS. In codes addenda none is; a code
/// of three characters such as `G35` only looks like a table.
fn is_header(change: &ChangeRow, layout: Layout) -> bool {
    match layout {
        Layout::FlaggedOrder => change.is_header == Some(true),
        Layout::Order => is_pcs_heading(&change.code.text()),
        Layout::Codes => false,
    }
}

/// The system of a file whose report does not name it. In order addenda the flag alone tells.
fn system_by_columns(rests: &[&str], is_order: bool) -> Option<CodeSystem> {
    let layout = match (is_order, rests.first()?.get(1..2)?) {
        (false, _) => Layout::Codes,
        (true, " ") => Layout::FlaggedOrder,
        (true, _) => Layout::Order,
    };
    system_of_codes(rests.iter().map_while(|rest| layout.split(rest).map(|columns| columns.code)))
}

/// The first columns of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Add,
    Delete,
    ReviseFrom,
    ReviseTo,
}

impl Action {
    fn split(line: &str) -> Option<(Self, &str)> {
        let (label, rest) = line.split_at_checked(ACTION_WIDTH)?;
        let action = match label.trim_end_matches(' ') {
            "Add:" => Self::Add,
            "Delete:" => Self::Delete,
            "Revise from:" => Self::ReviseFrom,
            "Revise to:" => Self::ReviseTo,
            _ => return None,
        };
        Some((action, rest))
    }
}

/// The columns behind the action.
#[derive(Clone, Copy)]
enum Layout {
    FlaggedOrder,
    Order,
    Codes,
}

impl Layout {
    const ALL: [Self; 3] = [Self::FlaggedOrder, Self::Order, Self::Codes];

    fn of(system: CodeSystem, is_order: bool) -> Self {
        match (is_order, system) {
            (false, _) => Self::Codes,
            (true, CodeSystem::Icd10Pcs) => Self::Order,
            (true, _) => Self::FlaggedOrder,
        }
    }

    fn split(self, rest: &str) -> Option<Columns<'_>> {
        let (is_header, rest) = match (self, rest.get(..2)?) {
            (Self::FlaggedOrder, "0 ") => (Some(true), rest.get(2..)?),
            (Self::FlaggedOrder, "1 ") => (Some(false), rest.get(2..)?),
            (Self::FlaggedOrder, _) => return None,
            _ => (None, rest),
        };
        let code = rest.get(..CODE_WIDTH)?.trim_end_matches(' ');
        let rest = rest.get(CODE_WIDTH..)?.strip_prefix(' ')?;
        let titles = match self {
            Self::Codes => Titles { short: String::new(), long: title(rest)? },
            _ => titles(rest)?,
        };
        Some(Columns { is_header, code, titles })
    }

    fn expected(self, system: CodeSystem) -> &'static str {
        match (self, system) {
            (Self::FlaggedOrder, _) => {
                "the line has not the form 'action, flag, ICD-10-CM code, short title, long title'"
            }
            (Self::Order, _) => {
                "the line has not the form 'action, ICD-10-PCS code, short title, long title'"
            }
            (Self::Codes, CodeSystem::Icd10Pcs) => {
                "the line has not the form 'action, ICD-10-PCS code, title'"
            }
            (Self::Codes, _) => "the line has not the form 'action, ICD-10-CM code, title'",
        }
    }
}

struct Columns<'a> {
    is_header: Option<bool>,
    code: &'a str,
    titles: Titles,
}

impl Columns<'_> {
    /// The change that the line announces, if the code has the shape of the system.
    fn change(self, system: CodeSystem, action: Action) -> Option<ChangeRow> {
        // Codes addenda list codes only; their titles are long.
        let code = if self.titles.short.is_empty() {
            key_of(system, self.code)?
        } else {
            heading_or_code(system, self.code)?
        };
        let action = match action {
            Action::Add => ChangeAction::Add,
            Action::Delete => ChangeAction::Delete,
            Action::ReviseFrom | Action::ReviseTo => ChangeAction::Revise,
        };
        Some(ChangeRow {
            action,
            is_header: self.is_header,
            code,
            titles: self.titles,
            before: None,
        })
    }
}

/// Collects changes and makes one of the two lines of a revision.
#[derive(Default)]
struct Changes {
    rows: Vec<ChangeRow>,
    seen: HashSet<(ChangeAction, Option<bool>, CodeKey)>,
    /// The first line of a revision whose second is to follow.
    revised: Option<ChangeRow>,
}

impl Changes {
    fn add(&mut self, action: Action, mut change: ChangeRow) -> Result<(), String> {
        let code = change.code;
        match (self.revised.take(), action) {
            (None, Action::ReviseFrom) => {
                self.revised = Some(change);
                return Ok(());
            }
            (Some(from), Action::ReviseTo)
                if (from.code, from.is_header) == (code, change.is_header) =>
            {
                change.before = Some(from.titles);
            }
            (None, Action::Add | Action::Delete) => {}
            (Some(from), _) => {
                return Err(format!(
                    "the revision of {} has no second line before this",
                    from.code
                ));
            }
            (None, Action::ReviseTo) => {
                return Err(format!("the revision of {code} has no first line before this"));
            }
        }
        if !self.seen.insert((change.action, change.is_header, code)) {
            return Err(format!("the same change of {code} stands twice"));
        }
        self.rows.push(change);
        Ok(())
    }

    fn finish(self) -> Result<Vec<ChangeRow>, String> {
        match self.revised {
            Some(from) => Err(format!("the revision of {} has no second line", from.code)),
            None => Ok(self.rows),
        }
    }
}

#[cfg(test)]
mod tests;
