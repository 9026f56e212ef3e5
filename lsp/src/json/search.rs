//! What `medcode search --json` prints, and the command `medcode.server.search` returns.

use medcode_proto::v1;
use serde::Serialize;

use super::short_id;

/// One query and what it found.
#[derive(Debug, Serialize)]
pub struct Found {
    /// What was searched for.
    pub query: String,
    /// What was found, best first.
    pub results: Vec<Hit>,
    /// How long the question took, in microseconds.
    pub took_us: u128,
}

/// One code.
#[derive(Debug, Serialize)]
pub struct Hit {
    /// Short id of the system.
    pub system: String,
    /// The code.
    pub code: String,
    /// The official title.
    pub display: String,
    /// It may be submitted on the date.
    pub billable: bool,
    /// How well it fits; greater is better.
    pub score: f64,
    /// The text that matched.
    pub matched: String,
    /// Where that text is from: `code`, `display`, `inclusion_term`, `index`, `synonym` or `meaning`.
    pub matched_in: &'static str,
    /// The header that matched, where this billable code below it stands in its place; else null.
    pub in_place_of: Option<String>,
    /// The copyright line of the texts, else null.
    pub copyright: Option<String>,
}

impl Hit {
    /// From the answer.
    pub fn new(hit: v1::SearchHit) -> Self {
        let concept = hit.concept.unwrap_or_default();
        let coding = concept.coding.unwrap_or_default();
        let best = hit.matches.into_iter().next().unwrap_or_default();
        Self {
            system: short_id(&coding.system),
            code: coding.code,
            display: coding.display,
            billable: concept.billable,
            copyright: (!concept.copyright.is_empty()).then_some(concept.copyright),
            score: hit.score,
            in_place_of: hit.in_place_of.map(|header| header.code),
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
        v1::MatchSource::Meaning => "meaning",
        v1::MatchSource::Display
        | v1::MatchSource::Designation
        | v1::MatchSource::Ancestor
        | v1::MatchSource::Unspecified => "display",
    }
}
