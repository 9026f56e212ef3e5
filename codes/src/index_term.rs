//! Entries of the Alphabetic Index and its tables: the words that lead to a code.
//!
//! Source: the index files of ICD-10-CM (`icd10cm_index`, `eindex`, `neoplasm`, `drug`), `icd10cm_index.xsd`.

use serde::{Deserialize, Serialize};

/// Which of the four index files an entry stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IndexPart {
    /// Index to diseases and injuries.
    Diseases,
    /// Index to external causes of injuries.
    ExternalCauses,
    /// Table of neoplasms.
    Neoplasms,
    /// Table of drugs and chemicals.
    Drugs,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// The part it stands in.
    pub part: IndexPart,
    /// The titles from the main term down, without non-essential modifiers: `["Pain", "abdominal", "upper"]`.
    pub path: Vec<String>,
    /// The non-essential modifiers of the whole path, without brackets, in order: they do not change the code.
    pub non_essential: Vec<String>,
    /// The code as published: complete (`R10.9`), or the beginning of codes (`R10.-`). Empty in pure references.
    pub code: String,
    /// The second code of a pair of etiology and manifestation, as published; else empty.
    pub manifestation: String,
    /// Heading of the column of a table, such as `Malignant Primary` or `Adverse Effect`; else empty.
    pub column: String,
    /// Entry to look at instead, as published.
    pub see: String,
    /// Entry to look at as well, as published.
    pub see_also: String,
}
