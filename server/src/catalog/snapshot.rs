//! One immutable state of the catalog in memory: what every RPC answers from.

use medcode_codes::terminology::Terminology;

use super::releases::ReleaseRecord;

/// An abbreviation of clinical language and what it can stand for, in the order of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abbreviation {
    /// As published, outer blanks removed: `COPD`.
    pub short: String,
    /// One or more expansions: alternatives, not synonyms.
    pub expansions: Vec<String>,
}

/// Everything that is held, immutable.
#[derive(Debug)]
pub struct Snapshot {
    /// Codes, dates, hierarchy, notes and titles.
    pub terminology: Terminology,
    /// The releases they come from.
    pub releases: Vec<ReleaseRecord>,
    /// Abbreviations, sorted by their short form.
    pub abbreviations: Vec<Abbreviation>,
    /// `sha256:` and 64 hexadecimal digits over the releases. Equal content, equal digest.
    pub digest: String,
}
