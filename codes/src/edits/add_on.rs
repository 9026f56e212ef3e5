//! Add-on codes: services that are only paid beside a primary one.
//!
//! Source: National Correct Coding Initiative (NCCI), add-on code edits; Medicare NCCI Policy Manual, chapter I,
//! section R.

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeKey,
    date::{Date, Period, day, open_day},
};

/// How far CMS lists the primary codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AddOnType {
    /// 1: a closed list.
    Closed,
    /// 2: none; the contractor decides.
    Contractor,
    /// 3: some; the contractor may accept more.
    Partial,
}

/// One pair of an add-on code and a primary code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AddOnEdit {
    /// How far the primary codes are listed.
    pub kind: AddOnType,
    /// The code that only adds.
    pub add_on: CodeKey,
    /// The code beside which it is paid. `None` where the contractor decides (`CCCCC` in the files).
    pub primary: Option<CodeKey>,
    /// First day of the edit.
    #[serde(with = "day")]
    pub from: Date,
    /// Last day of the edit. `None` while it is in force.
    #[serde(with = "open_day")]
    pub to: Option<Date>,
    /// The day the add-on code was deleted.
    #[serde(with = "open_day")]
    pub add_on_deleted: Option<Date>,
    /// The day the primary code was deleted.
    #[serde(with = "open_day")]
    pub primary_deleted: Option<Date>,
    /// What CMS adds in words.
    pub notes: String,
}

impl AddOnEdit {
    /// Whether the edit is in force on a date.
    pub fn applies_on(&self, date: Date) -> bool {
        Period { start: self.from, end: self.to }.contains(date)
    }
}
