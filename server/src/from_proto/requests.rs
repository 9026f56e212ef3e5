//! The requests of `CodeSystemService` about single codes, and searches.

use medcode_codes::{date::Date, patient_group::Patient, system::CodeSystem};
use medcode_proto::v1;

use super::{AskedCoding, GemSystem, SentCodes, View};
use crate::{
    config::Limits,
    error::{Error, Violations},
    to_proto::properties::PropertyCode,
};

/// Properties that a request may name.
const MOST_PROPERTIES: usize = 32;

/// Bytes and words of the longest query.
const LONGEST_QUERY: usize = 200;
const MOST_QUERY_WORDS: usize = 16;

/// The highest age that the Medicare Code Editor knows: more is a year of birth, or a slip.
const OLDEST: u32 = 124;

/// Reads the page size of a request of `ListCodeSystems`.
pub(crate) fn list_code_systems(request: &v1::ListCodeSystemsRequest) -> Result<usize, Error> {
    let mut violations = Violations::default();
    let page_size = super::page_size(&mut violations, request.page_size, 50, 500);
    violations.finish(page_size)
}

/// What `LookupCodes` is asked.
#[derive(Debug)]
pub(crate) struct LookupAsked<'r> {
    pub(crate) codings: Vec<AskedCoding<'r>>,
    pub(crate) date: Option<Date>,
    pub(crate) view: View,
    pub(crate) properties: Vec<PropertyCode>,
}

/// Reads a request of `LookupCodes`.
pub(crate) fn lookup_codes<'r>(
    sent: &'r SentCodes<v1::LookupCodesRequest>,
    limits: &Limits,
) -> Result<LookupAsked<'r>, Error> {
    let mut violations = Violations::default();
    let count = sent.count();
    let too_many = check_batch(&mut violations, "codings", count, limits);
    let codings = sent.codings().take(if too_many { 0 } else { count }).enumerate();
    let codings = codings
        .map(|(index, (coding, _))| {
            super::required_coding(&mut violations, || format!("codings[{index}]"), coding)
        })
        .collect();
    let request = &sent.rest;
    let date = super::date(&mut violations, "date", request.date);
    let view = super::view(&mut violations, request.view);
    violations.check_count("properties", request.properties.len(), MOST_PROPERTIES);
    let properties =
        request.properties.iter().take(MOST_PROPERTIES).enumerate().filter_map(|(index, name)| {
            let property = PropertyCode::from_name(name);
            if property.is_none() {
                violations
                    .add(format!("properties[{index}]"), "is not a property that is known here");
            }
            property
        });
    let properties = properties.collect();
    violations.finish(LookupAsked { codings, date, view, properties })
}

/// How a display that is none of a concept's is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DisplayPolicy {
    Warn,
    Error,
    Ignore,
}

/// One code to be judged.
#[derive(Debug)]
pub(crate) struct AskedItem<'r> {
    pub(crate) coding: AskedCoding<'r>,
    pub(crate) date: Option<Date>,
}

/// What `ValidateCodes` is asked.
#[derive(Debug)]
pub(crate) struct ValidateAsked<'r> {
    pub(crate) items: Vec<AskedItem<'r>>,
    pub(crate) date: Option<Date>,
    pub(crate) allow_abstract: bool,
    pub(crate) display_policy: DisplayPolicy,
}

/// Reads a request of `ValidateCodes`.
pub(crate) fn validate_codes<'r>(
    sent: &'r SentCodes<v1::ValidateCodesRequest>,
    limits: &Limits,
) -> Result<ValidateAsked<'r>, Error> {
    let mut violations = Violations::default();
    let count = sent.count();
    let too_many = check_batch(&mut violations, "items", count, limits);
    let items = sent.codings().take(if too_many { 0 } else { count }).enumerate();
    let items = items
        .map(|(index, (coding, date))| AskedItem {
            coding: super::required_coding(
                &mut violations,
                || format!("items[{index}].coding"),
                coding,
            ),
            date: date.and_then(|date| {
                super::date(&mut violations, format_args!("items[{index}].date"), Some(date))
            }),
        })
        .collect();
    let request = &sent.rest;
    let date = super::date(&mut violations, "date", request.date);
    let display_policy =
        match super::known(&mut violations, "display_policy", request.display_policy) {
            v1::DisplayPolicy::Unspecified | v1::DisplayPolicy::Warn => DisplayPolicy::Warn,
            v1::DisplayPolicy::Error => DisplayPolicy::Error,
            v1::DisplayPolicy::Ignore => DisplayPolicy::Ignore,
        };
    violations.finish(ValidateAsked {
        items,
        date,
        allow_abstract: request.allow_abstract,
        display_policy,
    })
}

/// Where `TranslateCodes` is to lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TranslationKind {
    ReplacedBy,
    Replaces,
    /// To this system; `None` means the counterpart of the coding's own.
    Gem(Option<GemSystem>),
}

/// What `TranslateCodes` is asked.
#[derive(Debug)]
pub(crate) struct TranslateAsked {
    pub(crate) codings: Vec<AskedCoding<'static>>,
    pub(crate) kind: TranslationKind,
    pub(crate) date: Option<Date>,
}

/// Reads a request of `TranslateCodes`.
pub(crate) fn translate_codes(
    request: v1::TranslateCodesRequest,
    limits: &Limits,
) -> Result<TranslateAsked, Error> {
    let mut violations = Violations::default();
    let count = request.codings.len();
    let too_many = check_batch(&mut violations, "codings", count, limits);
    let codings = request.codings.into_iter().take(if too_many { 0 } else { count }).enumerate();
    let codings = codings
        .map(|(index, coding)| {
            super::asked_coding(&mut violations, || format!("codings[{index}]"), coding.into())
        })
        .collect();
    let asked = super::known(&mut violations, "kind", request.kind);
    let target = request.target_system.as_str();
    let kind = match asked {
        v1::TranslationKind::Gem => {
            let system = GemSystem::from_identifier(target);
            if system.is_none() && !target.is_empty() {
                violations.add("target_system", "is none of icd-9-cm, icd-10-cm and icd-10-pcs");
            }
            TranslationKind::Gem(system)
        }
        v1::TranslationKind::Replaces => TranslationKind::Replaces,
        v1::TranslationKind::ReplacedBy => TranslationKind::ReplacedBy,
        v1::TranslationKind::Unspecified => {
            violations.add("kind", "is required");
            TranslationKind::ReplacedBy
        }
    };
    if asked != v1::TranslationKind::Gem && !target.is_empty() {
        violations.add("target_system", "has a meaning for the kind GEM only");
    }
    let date = super::date(&mut violations, "date", request.date);
    violations.finish(TranslateAsked { codings, kind, date })
}

/// What `SearchConcepts` is asked.
#[derive(Debug)]
pub(crate) struct SearchAsked {
    /// Empty means all.
    pub(crate) systems: Vec<CodeSystem>,
    pub(crate) date: Option<Date>,
    pub(crate) mode: crate::catalog::search::Mode,
    /// By meaning too, where there is a table of meanings.
    pub(crate) by_meaning: bool,
    pub(crate) within: Option<AskedCoding<'static>>,
    pub(crate) patient: Patient,
    pub(crate) page_size: usize,
}

/// Reads a request of `SearchConcepts`; the query stays in the request.
pub(crate) fn search_concepts(request: &v1::SearchConceptsRequest) -> Result<SearchAsked, Error> {
    let mut violations = Violations::default();
    let query = &request.query;
    if query.is_empty() {
        violations.add("query", "must not be empty");
    } else if query.len() > LONGEST_QUERY {
        violations.add("query", format!("is longer than {LONGEST_QUERY} bytes"));
    } else if query.split_whitespace().count() > MOST_QUERY_WORDS {
        violations.add("query", format!("has more than {MOST_QUERY_WORDS} words"));
    }
    let mut systems = Vec::new();
    for (index, name) in request.systems.iter().enumerate() {
        match CodeSystem::from_identifier(name) {
            Ok(system) if systems.contains(&system) => {}
            Ok(system) => systems.push(system),
            Err(unknown) => violations.add(format!("systems[{index}]"), unknown.to_string()),
        }
    }
    systems.sort_unstable();
    let date = super::date(&mut violations, "date", request.date);
    let mode = match super::known(&mut violations, "mode", request.mode) {
        v1::SearchMode::Unspecified | v1::SearchMode::Typeahead => {
            crate::catalog::search::Mode::Typeahead
        }
        v1::SearchMode::Words => crate::catalog::search::Mode::Words,
    };
    let by_meaning = match super::known(&mut violations, "meaning", request.meaning) {
        v1::MeaningUse::Unspecified => mode == crate::catalog::search::Mode::Words,
        v1::MeaningUse::Always => true,
        v1::MeaningUse::Never => false,
    };
    let within = request
        .within
        .clone()
        .map(|coding| super::asked_coding(&mut violations, || "within".into(), coding.into()));
    if request.age_years.is_some_and(|age| age > OLDEST) {
        violations.add("age_years", format!("is above {OLDEST}: give completed years"));
    }
    let sex = super::sex(&mut violations, "sex", request.sex);
    let patient = Patient { age_years: request.age_years, sex };
    let page_size = super::page_size(&mut violations, request.page_size, 20, 100);
    violations.finish(SearchAsked { systems, date, mode, by_meaning, within, patient, page_size })
}

/// Checks the size of a batch. Says whether it is too large.
pub(super) fn check_batch(
    violations: &mut Violations,
    field: &str,
    count: usize,
    limits: &Limits,
) -> bool {
    if count == 0 {
        violations.add(field, "must not be empty");
    }
    violations.check_count(field, count, limits.batch_items)
}
