//! The lines above encounters.

use std::{fmt::Write, ops::Range};

use medcode_codes::date::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::range;
use crate::{
    documents::Document,
    positions::Grid,
    protocol::{CodeLens, Command, Url},
};

/// What a lens carries along until it is resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LensData {
    /// The note.
    pub(crate) uri: Url,
    /// Its version when the lens was made.
    pub(crate) version: i32,
    /// The index of the encounter.
    pub(crate) encounter: usize,
}

impl LensData {
    /// For an encounter of a note.
    pub(crate) fn new(document: &Document, encounter: usize) -> Self {
        Self { uri: document.uri.clone(), version: document.version, encounter }
    }

    /// The data that came back with a lens. `None` for one that is not ours.
    pub(crate) fn read(lens: &CodeLens) -> Option<Self> {
        serde_json::from_value(lens.data.clone()?).ok()
    }
}

/// What an encounter holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EncounterSum<'a> {
    /// Its date, where the note states one.
    pub(crate) date: Option<Date>,
    /// Codes for diagnoses that are reported.
    pub(crate) diagnoses: usize,
    /// Codes for procedures, services and supplies.
    pub(crate) procedures: usize,
    /// Errors in it.
    pub(crate) errors: usize,
    /// Warnings in it.
    pub(crate) warnings: usize,
    /// Everything about it could be asked.
    pub(crate) checked: bool,
    /// The release of ICD-10-CM that its date leads to.
    pub(crate) release: Option<&'a str>,
}

impl EncounterSum<'_> {
    /// `2026-03-02 · 4 dx, 2 procedures · 1 error · ICD-10-CM 2026-04`.
    fn words(&self) -> String {
        let mut words = match self.date {
            Some(date) => date.to_string(),
            None => "no date".to_owned(),
        };
        let _ = write!(words, " · {} dx", self.diagnoses);
        if self.procedures > 0 {
            let _ = write!(words, ", {}", counted(self.procedures, "procedure"));
        }
        let found = match (self.errors, self.warnings) {
            (0, 0) if !self.checked => "not checked yet".to_owned(),
            (0, 0) => "no issues".to_owned(),
            (0, warnings) => counted(warnings, "warning"),
            (errors, 0) => counted(errors, "error"),
            (errors, warnings) => {
                format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"))
            }
        };
        let _ = write!(words, " · {found}");
        if let Some(release) = self.release {
            // Releases begin with a month.
            let month = release.get(..7).unwrap_or(release);
            let _ = write!(words, " · ICD-10-CM {month}");
        }
        words
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A lens that is still to be resolved, above a line.
pub(crate) fn code_lens(grid: &Grid<'_>, line: &Range<usize>, data: &LensData) -> CodeLens {
    CodeLens { range: range(grid, line), command: None, data: serde_json::to_value(data).ok() }
}

/// What a lens says, and what it does.
pub(crate) fn lens_command(
    grid: &Grid<'_>,
    uri: &Url,
    encounter: &Range<usize>,
    sum: &EncounterSum<'_>,
) -> Command {
    let arguments = json!({ "uri": uri, "range": range(grid, encounter) });
    Command {
        title: sum.words(),
        command: "medcode.server.showEncounter".to_owned(),
        arguments: Some(vec![arguments]),
    }
}

#[cfg(test)]
mod tests {
    use medcode_codes::date::parse_iso;

    use super::*;

    #[test]
    fn says_in_one_line_what_an_encounter_holds() {
        let mut sum = EncounterSum {
            date: parse_iso("2026-03-02").ok(),
            diagnoses: 4,
            procedures: 2,
            errors: 1,
            checked: true,
            release: Some("2026-04-01"),
            ..EncounterSum::default()
        };
        assert_eq!(sum.words(), "2026-03-02 · 4 dx, 2 procedures · 1 error · ICD-10-CM 2026-04");
        sum.warnings = 2;
        assert!(sum.words().contains(" · 1 error, 2 warnings · "));
        let bare = EncounterSum { diagnoses: 1, checked: true, ..EncounterSum::default() };
        assert_eq!(bare.words(), "no date · 1 dx · no issues");
        // What could not be asked is not right.
        assert!(EncounterSum::default().words().ends_with("not checked yet"));
    }
}
