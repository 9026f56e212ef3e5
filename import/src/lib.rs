//! Published files → rows. One file per format; each is a pure function of bytes.
//!
//! An importer takes a file or refuses it whole: there are no half imports and no guesses. It never opens a file, a
//! socket or the catalog, and its errors name the file and the place, never the words that stand there.

use std::fmt;

pub mod abbreviations;
pub mod add_on;
pub mod addenda;
pub mod addendum_b;
pub mod asc_addenda;
mod bytes;
pub mod code_master;
pub mod codes_file;
pub mod conversion_table;
pub mod conversions;
pub mod cpt;
mod csv_rows;
mod delimited;
pub mod documentation;
pub mod edit_table;
pub mod fee_schedule;
mod fixed_width;
pub mod gem;
pub mod hcpcs_anweb;
pub mod hcpcs_code_list;
pub mod hcpcs_lines;
pub mod hcpcs_table;
pub mod icd9_descriptions;
pub mod index_xml;
pub mod lmdb;
pub mod master_csv;
pub mod mce_bin;
pub mod mce_tables;
pub mod mue;
pub mod order_file;
pub mod poa_exempt;
pub mod processing_notes;
pub mod ptp;
pub mod rows;
mod shapes;
pub mod sheet;
pub mod tabular_xml;
#[cfg(feature = "testing")]
pub mod testing;
mod xml;

/// Where in a file something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the file as a whole.
    File,
    /// In a line, counted from 1.
    Line(u64),
    /// At a byte, counted from 0.
    Offset(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => Ok(()),
            Self::Line(line) => write!(f, ", line {line}"),
            Self::Offset(offset) => write!(f, ", byte {offset}"),
        }
    }
}

/// A file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{place}: {problem}")]
pub struct ImportError {
    /// The name of the file.
    pub file: String,
    /// The place.
    pub place: Place,
    /// What is wrong there.
    pub problem: String,
}

impl ImportError {
    /// Refuses `file` because of what stands at `place`.
    pub fn new(file: &str, place: Place, problem: impl Into<String>) -> Self {
        Self { file: file.to_owned(), place, problem: problem.into() }
    }
}
