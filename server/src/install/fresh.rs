//! Releases that are on their way into a catalog.

use jiff::Timestamp;
use medcode_codes::{
    date::Date,
    release::{Content, Release},
    system::CodeSystem,
};
use medcode_import::rows::Rows;

use crate::catalog::{
    assemble::Loaded,
    releases::{ReleaseKind, ReleaseRecord, Source},
    store::{StoreError, encoding},
};

/// What is known of a release before its rows are encoded.
#[derive(Clone, Debug)]
pub struct About {
    /// `icd-10-cm`, `mce`, `ncci-ptp-hospital` …
    pub dataset: String,
    /// First day in force.
    pub version: Date,
    /// Last day in force, inclusive.
    pub effective_to: Option<Date>,
    /// For people.
    pub title: String,
    /// The systems it tells about.
    pub systems: Vec<CodeSystem>,
    /// Whether a missing code does not exist.
    pub content: Content,
    /// Last day that the data covers, where it says so.
    pub horizon: Option<Date>,
    /// How many codes may be submitted on the first day, where the rows tell.
    pub billable: Option<usize>,
    /// Whether it belongs to the default set.
    pub is_default: bool,
    /// Where it comes from.
    pub source: Source,
    /// What was noticed while it was read.
    pub remarks: Vec<String>,
}

/// A release with its rows, as rows and as they are stored.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// What answers questions is assembled from these.
    pub loaded: Loaded,
    /// The rows as stored.
    pub encoded: Vec<u8>,
}

impl Fresh {
    /// Encodes the rows, whose digest completes the record.
    ///
    /// # Errors
    /// None that a caller can do anything about.
    pub fn new(about: About, rows: Rows, now: Timestamp) -> Result<Self, StoreError> {
        let encoded = encoding::encode_rows(&rows)?;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let record = ReleaseRecord {
            release: Release {
                dataset: about.dataset,
                version: about.version,
                effective_to: about.effective_to,
                digest: encoded.digest,
                title: about.title,
                content: about.content,
            },
            kind: ReleaseKind::of(&rows),
            systems: about.systems,
            horizon: about.horizon,
            is_default: about.is_default,
            source: about.source,
            imported_at: now.to_string(),
            row_count: count(rows.count()),
            billable_count: about.billable.map(count),
            remarks: about.remarks,
        };
        Ok(Self { loaded: Loaded { record, rows }, encoded: encoded.bytes })
    }
}
