//! Questions about whole parts of a code set, and their answers: what the pages of the tabular list are made from.

use medcode_codes::{date::Date, system::CodeSystem};
use medcode_proto::v1;

use super::{
    codes::{coding, concept},
    dates::to_proto_date,
};
use crate::concept::Concept;

/// The most codings of one question.
pub(crate) const MAX_CODINGS: usize = 1_000;

/// Asks which release of a system is read on a date.
pub(crate) fn release_request(system: CodeSystem, date: Date) -> v1::ListConceptsRequest {
    v1::ListConceptsRequest { page_size: 1, ..relatives_request(system, "", date) }
}

/// Asks for what stands directly below a code or group; with an empty one, for the top of the system.
pub(crate) fn relatives_request(
    system: CodeSystem,
    code: &str,
    date: Date,
) -> v1::ListConceptsRequest {
    v1::ListConceptsRequest {
        system: system.id().to_owned(),
        date: Some(to_proto_date(date)),
        code: code.to_owned(),
        scope: v1::ListScope::Children.into(),
        include_inactive: true,
        view: v1::ConceptView::Basic.into(),
        page_size: 1_000,
        ..v1::ListConceptsRequest::default()
    }
}

/// Asks for a code or group and everything below it, also what has ended.
pub(crate) fn expand_request(
    system: CodeSystem,
    code: &str,
    date: Date,
) -> v1::ExpandConceptRequest {
    v1::ExpandConceptRequest {
        system: system.id().to_owned(),
        date: Some(to_proto_date(date)),
        code: code.to_owned(),
        include_inactive: true,
        view: v1::ConceptView::Basic.into(),
        ..v1::ExpandConceptRequest::default()
    }
}

/// Asks for everything about several codes, at most [`MAX_CODINGS`].
pub(crate) fn lookups_request(
    system: CodeSystem,
    codes: &[String],
    date: Date,
) -> v1::LookupCodesRequest {
    v1::LookupCodesRequest {
        codings: codes.iter().map(|code| coding(system, code)).collect(),
        date: Some(to_proto_date(date)),
        view: v1::ConceptView::Full.into(),
        properties: Vec::new(),
    }
}

/// Those of the codes that are known, in the order of the question.
pub(crate) fn known(answer: v1::LookupCodesResponse, system: CodeSystem) -> Vec<Concept> {
    concepts(answer.results.into_iter().filter_map(|result| result.concept), system)
}

/// Concepts in our own words.
pub(crate) fn concepts(
    answered: impl IntoIterator<Item = v1::Concept>,
    system: CodeSystem,
) -> Vec<Concept> {
    answered.into_iter().map(|found| concept(found, system)).collect()
}

/// Asks for a page of the releases that are loaded.
pub(crate) fn releases_request(page_token: String) -> v1::ListReleasesRequest {
    v1::ListReleasesRequest { page_size: 500, page_token, ..v1::ListReleasesRequest::default() }
}
