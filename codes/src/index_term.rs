//! Entries of the Alphabetic Index and its tables: the words that lead to a code.
//!
//! Source: the index files of ICD-10-CM (`icd10cm_index`, `eindex`, `neoplasm`, `drug`), `icd10cm_index.xsd`.

use serde::{Deserialize, Serialize};

use crate::code::CodeKey;

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

/// The terms of one index file by the code they lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexTerms {
    text: String,
    /// Code, or the beginning of codes, and where its term ends in the text; sorted by code.
    terms: Vec<(CodeKey, u32, u32)>,
}

impl IndexTerms {
    /// Collects the terms of entries that lead to a code. A term is the path of titles, joined by commas; the column
    /// of a table follows in brackets.
    pub fn collect<'e>(entries: impl IntoIterator<Item = &'e IndexEntry>) -> Self {
        let mut all = Self::default();
        for entry in entries {
            let digits: String = entry.code.chars().filter(char::is_ascii_alphanumeric).collect();
            let Some(code) = CodeKey::new(&digits) else { continue };
            let start = all.text.len();
            all.text.push_str(&entry.path.join(", "));
            if !entry.column.is_empty() {
                all.text.extend([" (", &entry.column, ")"]);
            }
            let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(all.text.len())) else {
                break;
            };
            all.terms.push((code, start, end));
        }
        all.terms.sort_by_key(|(code, ..)| *code);
        all
    }

    /// The terms that lead to a code, in the order of the index.
    pub fn of(&self, code: CodeKey) -> impl Iterator<Item = &str> {
        let first = self.terms.partition_point(|(known, ..)| *known < code);
        let rest = self.terms.get(first..).unwrap_or_default();
        let of_code = rest.iter().take_while(move |(known, ..)| *known == code);
        of_code.filter_map(|(_, start, end)| self.text.get(*start as usize..*end as usize))
    }

    /// All terms with the code, or the beginning of codes, that they lead to, in the order of codes.
    pub fn iter(&self) -> impl Iterator<Item = (CodeKey, &str)> {
        let text = |start: u32, end: u32| self.text.get(start as usize..end as usize);
        self.terms.iter().filter_map(move |(code, start, end)| Some((*code, text(*start, *end)?)))
    }

    /// The term at a place of [`Self::iter`].
    pub fn at(&self, place: usize) -> Option<&str> {
        let (_, start, end) = self.terms.get(place)?;
        self.text.get(*start as usize..*end as usize)
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}
