//! General equivalence mappings between ICD-9-CM and ICD-10: a starting point for a person, never a code to bill.
//!
//! Source: the GEM files of CMS and CDC, last published for 2018, and their documentation.

use serde::{Deserialize, Serialize};

use crate::code::CodeKey;

/// The two systems a mapping leads from and to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum GemDirection {
    /// ICD-10-CM to ICD-9-CM diagnoses.
    CmToIcd9,
    /// ICD-9-CM diagnoses to ICD-10-CM.
    Icd9ToCm,
    /// ICD-10-PCS to ICD-9-CM procedures.
    PcsToIcd9,
    /// ICD-9-CM procedures to ICD-10-PCS.
    Icd9ToPcs,
}

/// One row: a code and one that corresponds to it. Undotted on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GemEntry {
    /// The code that is mapped.
    pub from: CodeKey,
    /// What it corresponds to. `None` where there is no map.
    pub to: Option<CodeKey>,
    /// The two do not mean the same in every respect.
    pub approximate: bool,
    /// `to` is one part of several that are needed together.
    pub combination: bool,
    /// Members of one scenario belong together; 0 without a combination.
    pub scenario: u8,
    /// The slot of a scenario that `to` can fill; 0 without a combination.
    pub choice_list: u8,
}

/// The entries of one direction, sorted by the code that is mapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GemMap {
    /// Where the map leads.
    pub direction: GemDirection,
    /// The entries.
    pub entries: Vec<GemEntry>,
}

impl GemMap {
    /// The entries of a code, in the order of scenarios and choice lists.
    pub fn of(&self, code: CodeKey) -> &[GemEntry] {
        let first = self.entries.partition_point(|entry| entry.from < code);
        let end = self.entries.partition_point(|entry| entry.from <= code);
        self.entries.get(first..end).unwrap_or_default()
    }
}
