//! From what methods work with to the wire. Nothing here can fail.

use medcode_codes::{
    code::Code,
    code_table::ReplacementSource,
    date::{Date, iso},
    fact,
    release::Release,
    replacement::Replacement,
    system::CodeSystem,
};
use medcode_proto::v1;

use self::fields::Fields;
use crate::{catalog::snapshot::Snapshot, rpc::Learned};

pub(crate) mod change;
pub(crate) mod code_system;
pub(crate) mod concept;
mod designations;
pub(crate) mod document;
pub(crate) mod encoded;
pub(crate) mod encounter;
mod fhir;
pub(crate) mod fields;
mod notes;
mod offsets;
pub(crate) mod properties;
pub(crate) mod release;
pub(crate) mod rule;
pub(crate) mod search;
mod suggestions;
pub(crate) mod translation;
pub(crate) mod validation;

/// A calendar day.
pub(crate) fn date(date: Date) -> v1::Date {
    v1::Date { year: date.year().into(), month: date.month().into(), day: date.day().into() }
}

/// A release that an answer rests on.
pub(crate) fn release(release: &Release) -> v1::ReleaseRef {
    v1::ReleaseRef {
        dataset: release.dataset.clone(),
        version: (*iso(release.version)).to_owned(),
        digest: release.digest.clone(),
    }
}

/// The releases that an answer rests on, each once, by dataset and version.
pub(crate) fn releases<'r>(releases: impl IntoIterator<Item = &'r Release>) -> Vec<v1::ReleaseRef> {
    let mut used = UsedReleases::default();
    used.extend(releases);
    used.into_proto()
}

/// Collects the releases that an answer rests on, encoded: most are named again and again in it.
#[derive(Debug, Default)]
pub(crate) struct UsedReleases<'r>(Vec<(&'r Release, Vec<u8>)>);

impl<'r> Extend<&'r Release> for UsedReleases<'r> {
    fn extend<I: IntoIterator<Item = &'r Release>>(&mut self, releases: I) {
        for release in releases {
            let is_known = |known: &Release| std::ptr::eq(known, release) || known == release;
            if !self.0.iter().any(|(known, _)| is_known(known)) {
                let mut encoded = Vec::with_capacity(RELEASE_BYTES);
                Fields(&mut encoded).release(release);
                self.0.push((release, encoded));
            }
        }
    }
}

impl UsedReleases<'_> {
    /// By dataset and version.
    pub(crate) fn sorted(mut self) -> Self {
        self.0.sort_by(|(a, _), (b, _)| (&a.dataset, a.version).cmp(&(&b.dataset, b.version)));
        self
    }

    /// Each once, by dataset and version.
    pub(crate) fn into_proto(self) -> Vec<v1::ReleaseRef> {
        self.sorted().0.into_iter().map(|(used, _)| release(used)).collect()
    }

    /// Writes a message for each, in the order at hand.
    pub(crate) fn write(&self, field: u32, fields: &mut Fields<'_>) {
        self.0.iter().for_each(|(_, encoded)| fields.encoded_message(field, encoded));
    }

    /// Writes the message of one release.
    pub(crate) fn write_one(&self, field: u32, release: &Release, fields: &mut Fields<'_>) {
        match self.0.iter().find(|(known, _)| std::ptr::eq(*known, release)) {
            Some((_, encoded)) => fields.encoded_message(field, encoded),
            None => fields.part(field, |fields| fields.release(release)),
        }
    }
}

/// Bytes of a release in an answer, more or less.
const RELEASE_BYTES: usize = 128;

/// A code with its title and the version that it is taken from, as of a date.
pub(crate) fn coding(snapshot: &Snapshot, code: Code, date: Date) -> v1::Coding {
    match snapshot.terminology.concept(code, date) {
        Some(concept) => concept::coding(&concept),
        None => v1::Coding {
            system: code.system().url().into(),
            code: code.to_string(),
            ..v1::Coding::default()
        },
    }
}

/// Links to the codes that took the place of one.
fn replacements(
    snapshot: &Snapshot,
    replacements: &[Replacement],
    at: Date,
) -> Vec<v1::Replacement> {
    let links = replacements.iter().map(|replacement| v1::Replacement {
        coding: Some(coding(snapshot, replacement.code, at)),
        effective_from: replacement.effective_from.map(date),
        source: replacement_source(replacement.source).into(),
    });
    links.collect()
}

/// Where a link between two codes is known from.
fn replacement_source(source: ReplacementSource) -> &'static str {
    match source {
        ReplacementSource::ConversionTable => "conversion-table",
        ReplacementSource::CrossReference => "hcpcs-cross-reference",
        ReplacementSource::Derived | ReplacementSource::Parent => "derived",
    }
}

/// What was learned of a coding, in the state that the wire knows.
pub(crate) fn fact_state(fact: &crate::rpc::Fact<'_>) -> (v1::FactState, v1::UnavailableReason) {
    use crate::rpc::Fact;

    match fact {
        Fact::Known(_) => (v1::FactState::Known, v1::UnavailableReason::Unspecified),
        Fact::Unknown => (v1::FactState::Unknown, v1::UnavailableReason::Unspecified),
        Fact::Unavailable(reason) => (v1::FactState::Unavailable, *reason),
    }
}

/// The result of a lookup, for a concept in FULL view.
pub(crate) fn lookup_result(
    snapshot: &Snapshot,
    learned: &Learned<'_>,
    concept: Option<v1::Concept>,
) -> v1::LookupResult {
    let (state, unavailable_reason) = fact_state(&learned.fact);
    v1::LookupResult {
        state: state.into(),
        unavailable_reason: unavailable_reason.into(),
        concept,
        normalized_code: learned.normalized_code.clone().unwrap_or_default(),
        suggestions: suggestions_of_lookup(snapshot, learned),
    }
}

/// Writes the fields of the message that [`lookup_result`] makes. `concept` writes the field of the concept.
pub(crate) fn write_lookup_result(
    snapshot: &Snapshot,
    learned: &Learned<'_>,
    fields: &mut Fields<'_>,
    concept: impl FnOnce(u32, &mut Fields<'_>),
) {
    let (state, unavailable_reason) = fact_state(&learned.fact);
    fields.value(1, state);
    fields.value(2, unavailable_reason);
    concept(3, fields);
    fields.text(4, learned.normalized_code.as_deref().unwrap_or_default());
    fields.messages(5, &suggestions_of_lookup(snapshot, learned));
}

fn suggestions_of_lookup(snapshot: &Snapshot, learned: &Learned<'_>) -> Vec<v1::Suggestion> {
    match fact_state(&learned.fact).0 {
        v1::FactState::Unknown => suggestions::instead(snapshot, learned, suggestions::FEW),
        _ => Vec::new(),
    }
}

/// Why a code could not be asked, in the words of the wire. A code of a release that is not loaded is one that the domain
/// counts as out of reach.
fn unavailable(reason: fact::UnavailableReason) -> v1::UnavailableReason {
    match reason {
        fact::UnavailableReason::CodeSystemNotLoaded => v1::UnavailableReason::CodeSystemNotLoaded,
        fact::UnavailableReason::DateNotCovered => v1::UnavailableReason::DateNotCovered,
        fact::UnavailableReason::NotInFragment => v1::UnavailableReason::NotInFragment,
        fact::UnavailableReason::DentalCode => v1::UnavailableReason::DentalCode,
        fact::UnavailableReason::ServiceUnreachable => v1::UnavailableReason::ReleaseUnknown,
    }
}

/// One sentence on why a system could not be asked.
fn unavailable_sentence(reason: fact::UnavailableReason, system: CodeSystem) -> String {
    let mut sentence = reason.sentence(system);
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    capitalised(&sentence)
}

fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
