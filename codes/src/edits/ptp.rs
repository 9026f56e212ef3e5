//! Procedure-to-procedure edits: pairs of codes of which only the first is paid.
//!
//! Source: National Correct Coding Initiative (NCCI), PTP edits; Medicare NCCI Policy Manual, chapter I.

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeKey,
    date::{Date, day, open_day},
};

/// Whether a modifier may lift an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ModifierIndicator {
    /// 0: never.
    NotAllowed,
    /// 1: with an NCCI-associated modifier, where the services were separate.
    Allowed,
    /// 9: the edit was deleted on the day it began; it never applies.
    NotApplicable,
}

/// One edit: where both codes are billed for a patient and a day, column 2 is not paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PtpEdit {
    /// The code that is paid.
    pub column1: CodeKey,
    /// The code that is not.
    pub column2: CodeKey,
    /// First day of the edit.
    #[serde(with = "day")]
    pub from: Date,
    /// The deletion date; taken for the first day without the edit. `None` while it is in force.
    #[serde(with = "open_day")]
    pub deleted: Option<Date>,
    /// Whether a modifier may lift it.
    pub modifier: ModifierIndicator,
    /// The edit existed before 1996.
    pub before_1996: bool,
    /// Index into [`PtpRows::rationales`].
    pub rationale: u8,
}

impl PtpEdit {
    /// Whether the edit is in force on a date.
    pub fn applies_on(&self, date: Date) -> bool {
        self.modifier != ModifierIndicator::NotApplicable
            && self.from <= date
            && self.deleted.is_none_or(|deleted| date < deleted)
    }
}

/// The edits of one file or release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PtpRows {
    /// The reasons that edits give, each once.
    pub rationales: Vec<String>,
    /// The edits, sorted by column 1, column 2 and first day.
    pub edits: Vec<PtpEdit>,
}
