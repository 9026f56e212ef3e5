//! Releases: editions of published data, each with a period and a digest.

use serde::{Deserialize, Serialize};

use crate::date::{Date, day, open_day};

/// Whether a release holds everything there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// A code that is missing does not exist.
    Complete,
    /// Partial: the absence of a code proves nothing.
    Fragment,
}

/// One edition of a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// `icd-10-cm`, `icd-10-pcs`, `hcpcs`, `mce` …
    pub dataset: String,
    /// First day in force; the name of the release in every answer.
    #[serde(with = "day")]
    pub version: Date,
    /// Last day in force, inclusive. `None` = until replaced.
    #[serde(with = "open_day")]
    pub effective_to: Option<Date>,
    /// `sha256:` and 64 hexadecimal digits over the imported rows. Equal content, equal digest.
    pub digest: String,
    /// For people: "ICD-10-CM FY2026, April 2026".
    pub title: String,
    /// Whether absence means anything.
    pub content: Content,
}
