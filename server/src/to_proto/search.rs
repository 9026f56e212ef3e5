//! Hits of a search.

use std::ops::Range;

use medcode_codes::date::Date;
use medcode_proto::v1;

use super::concept;
use crate::{
    catalog::{
        search::{Correction, Hit, Match, MatchSource, Prepared},
        snapshot::Snapshot,
    },
    rpc::Sighting,
};

/// A hit with its concept in BASIC view.
pub(crate) fn hit(
    snapshot: &Snapshot,
    prepared: &Prepared<'_>,
    hit: &Hit,
    date: Date,
) -> Option<v1::SearchHit> {
    let found = snapshot.terminology.concept(hit.code, date)?;
    let concept = concept::basic(snapshot, &Sighting::of(found));
    let display = concept.coding.as_ref().map_or("", |coding| coding.display.as_str());
    let reasons = prepared.explain(&snapshot.terminology, hit);
    let matches = reasons.into_iter().map(|reason| found_by(reason, display)).collect();
    let in_place_of = hit.in_place_of.and_then(|header| snapshot.terminology.concept(header, date));
    let in_place_of =
        in_place_of.and_then(|header| concept::basic(snapshot, &Sighting::of(header)).coding);
    Some(v1::SearchHit { concept: Some(concept), score: hit.score.into(), matches, in_place_of })
}

/// A typing error that was forgiven.
pub(crate) fn correction(correction: Correction) -> v1::QueryCorrection {
    v1::QueryCorrection {
        range: Some(range(&correction.range)),
        replacement: correction.replacement,
    }
}

fn found_by(reason: Match, display: &str) -> v1::Match {
    let source = match reason.source {
        MatchSource::Code => v1::MatchSource::Code,
        MatchSource::CodePrefix => v1::MatchSource::CodePrefix,
        MatchSource::Display if reason.text == display => v1::MatchSource::Display,
        // The title of a newer release than the one asked about.
        MatchSource::Display => v1::MatchSource::Designation,
        MatchSource::InclusionTerm => v1::MatchSource::InclusionTerm,
        MatchSource::IndexTerm => v1::MatchSource::IndexTerm,
        MatchSource::Abbreviation => v1::MatchSource::Abbreviation,
        MatchSource::Synonym => v1::MatchSource::Synonym,
        MatchSource::Meaning => v1::MatchSource::Meaning,
    };
    v1::Match {
        source: source.into(),
        highlights: reason.highlights.iter().map(range).collect(),
        text: reason.text,
        edit_distance: reason.edit_distance,
    }
}

fn range(range: &Range<usize>) -> v1::TextRange {
    let number = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    v1::TextRange { start: number(range.start), end: number(range.end) }
}
