//! The default set: which packages, in which version, with which content.
//!
//! Everything is pinned: the package file by its sha256, the file inside by path, size and sha256, the rows by their
//! counts. A source that differs in anything is refused before or after it is read, and the old catalog stays.

use std::fmt::Write;

use jiff::civil::Date;
use medcode_codes::{gem::GemDirection, icd9::Icd9Part, system::CodeSystem};

use crate::catalog::store::digest::sha256_hex;

mod default_set;

pub use default_set::DEFAULT_SET;

/// Rises when the importers make other rows of the same files, so that a catalog of older rows is installed anew.
const REVISION: u32 = 2;

/// A package file that is obtained and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Name of the package.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Name of the file.
    pub wheel: &'static str,
    /// sha256 of the file, 64 hexadecimal digits.
    pub sha256: &'static str,
    /// Package files for other platforms that carry the same data, by their sha256: accepted when brought by hand.
    pub same_data: &'static [&'static str],
    /// Size of the file.
    pub bytes: u64,
    /// What is read from it.
    pub files: &'static [PinnedFile],
}

/// A file inside a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinnedFile {
    /// Its path inside the package; for [`Format::AscAddenda`] the folder that holds the years.
    pub path: &'static str,
    /// Its content; `None` for a folder, whose files the sha256 of the package covers.
    pub content: Option<PinnedContent>,
    /// What it is, and what must be found in it.
    pub format: Format,
    /// Terms of the data and of the package.
    pub licence: &'static str,
}

/// Size and hash of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinnedContent {
    /// sha256, 64 hexadecimal digits.
    pub sha256: &'static str,
    /// Size.
    pub bytes: u64,
}

/// When a release is in force and how it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinnedRelease {
    /// First day in force.
    pub version: Date,
    /// Last day in force, inclusive.
    pub effective_to: Option<Date>,
    /// For people.
    pub title: &'static str,
}

/// The formats of the default set with the counts that must be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The tabular list of ICD-10-CM.
    TabularXml {
        /// The edition.
        release: PinnedRelease,
        /// The year that the file names.
        year: &'static str,
        /// What it holds.
        counts: TabularCounts,
    },
    /// The code master with its conversion tables.
    CodeMaster {
        /// The release of the code editor.
        release: PinnedRelease,
        /// The last day it covers.
        horizon: Date,
        /// Diagnoses.
        cm: MasterCounts,
        /// Procedures.
        pcs: MasterCounts,
    },
    /// A list of codes with long titles.
    CodesFile {
        /// The edition.
        release: PinnedRelease,
        /// The system of the codes.
        system: CodeSystem,
        /// How many codes.
        codes: usize,
    },
    /// Addenda of the payment system for surgical centers: HCPCS Level II codes in use.
    AscAddenda {
        /// The newest quarter.
        release: PinnedRelease,
        /// How many files.
        files: usize,
        /// How many codes in all quarters.
        codes: usize,
    },
    /// Mappings between ICD-9-CM and ICD-10.
    Gem {
        /// The edition.
        release: PinnedRelease,
        /// Where they lead.
        direction: GemDirection,
        /// How many rows.
        rows: usize,
    },
    /// Titles of ICD-9-CM.
    Icd9Descriptions {
        /// The edition.
        release: PinnedRelease,
        /// Diagnoses or procedures.
        part: Icd9Part,
        /// How many codes.
        codes: usize,
    },
    /// Abbreviations of clinical language.
    Abbreviations {
        /// The day of the package.
        release: PinnedRelease,
        /// How many abbreviations.
        abbreviations: usize,
        /// How many expansions in all, each once for an abbreviation.
        expansions: usize,
    },
}

impl Format {
    /// The release that a file of this format makes.
    pub fn release(&self) -> PinnedRelease {
        match *self {
            Self::TabularXml { release, .. }
            | Self::CodeMaster { release, .. }
            | Self::CodesFile { release, .. }
            | Self::AscAddenda { release, .. }
            | Self::Gem { release, .. }
            | Self::Icd9Descriptions { release, .. }
            | Self::Abbreviations { release, .. } => release,
        }
    }
}

/// What a tabular list must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TabularCounts {
    /// Chapters.
    pub chapters: usize,
    /// Sections, the empty ones included.
    pub sections: usize,
    /// Sections without codes of their own.
    pub empty_sections: usize,
    /// Code nodes at every level.
    pub codes: usize,
    /// Code nodes of three characters.
    pub categories: usize,
    /// Code nodes without nodes below.
    pub leaves: usize,
    /// Definitions of 7th characters.
    pub definitions: usize,
    /// 7th characters in all definitions.
    pub extensions: usize,
    /// Excludes1 notes.
    pub excludes1: usize,
    /// Excludes2 notes.
    pub excludes2: usize,
    /// Code-first notes.
    pub code_first: usize,
    /// Use-additional-code notes.
    pub use_additional_code: usize,
    /// Code-also notes.
    pub code_also: usize,
    /// Inclusion terms.
    pub inclusion_terms: usize,
    /// Includes notes.
    pub includes: usize,
    /// Complete codes with the forms that the prose at S06 rules out.
    pub complete: usize,
    /// Codes that may be submitted.
    pub billable: usize,
}

/// What the code master of a system must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MasterCounts {
    /// Rows.
    pub rows: usize,
    /// Codes.
    pub codes: usize,
    /// Rows of the newest conversion table.
    pub conversions: usize,
    /// First day of the year of that table.
    pub conversions_of: Date,
}

/// Names a set by its content: a catalog says which set it was installed from.
pub fn digest(set: &[Pin]) -> String {
    let mut text = format!("{REVISION}");
    for pin in set {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {} {}", pin.package, pin.version, pin.sha256);
        for file in pin.files {
            let _ = writeln!(text, "{}", file.path);
        }
    }
    format!("sha256:{}", sha256_hex(text.as_bytes()))
}

/// The size of all package files together.
pub fn total_bytes(set: &[Pin]) -> u64 {
    set.iter().map(|pin| pin.bytes).sum()
}
