//! What `search` prints of each query.

use medcode_proto::v1;
use serde::Serialize;

/// One query and what it found.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    pub(crate) query: String,
    pub(crate) results: Vec<Hit>,
    pub(crate) took_us: u128,
}

/// One code.
#[derive(Debug, Serialize)]
pub(crate) struct Hit {
    pub(crate) system: String,
    pub(crate) code: String,
    pub(crate) display: String,
    pub(crate) billable: bool,
    pub(crate) score: f64,
    /// The text that matched.
    pub(crate) matched: String,
    pub(crate) matched_in: &'static str,
    /// The copyright line of the texts, else null.
    pub(crate) copyright: Option<String>,
}

impl Hit {
    /// `system` gives the short id of the system that the answer names.
    pub(crate) fn new(hit: v1::SearchHit, system: impl Fn(&str) -> String) -> Self {
        let concept = hit.concept.unwrap_or_default();
        let coding = concept.coding.unwrap_or_default();
        let best = hit.matches.into_iter().next().unwrap_or_default();
        Self {
            system: system(&coding.system),
            code: coding.code,
            display: coding.display,
            billable: concept.billable,
            copyright: (!concept.copyright.is_empty()).then_some(concept.copyright),
            score: hit.score,
            matched_in: matched_in(best.source()),
            matched: best.text,
        }
    }
}

fn matched_in(source: v1::MatchSource) -> &'static str {
    match source {
        v1::MatchSource::Code | v1::MatchSource::CodePrefix => "code",
        v1::MatchSource::InclusionTerm => "inclusion_term",
        v1::MatchSource::IndexTerm => "index",
        v1::MatchSource::Abbreviation | v1::MatchSource::Synonym => "synonym",
        v1::MatchSource::Display
        | v1::MatchSource::Designation
        | v1::MatchSource::Ancestor
        | v1::MatchSource::Unspecified => "display",
    }
}
