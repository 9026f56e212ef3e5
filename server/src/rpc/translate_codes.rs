//! `TranslateCodes`: successors and predecessors of codes, and their counterparts in the general equivalence mappings.

use std::collections::HashMap;

use medcode_codes::{
    code::Code, concept::Concept, date::Date, release::Release, replacement::successors,
};
use medcode_proto::v1::{self, Relationship};

use super::{Call, LIGHT, Learned, Work};
use crate::{
    catalog::snapshot::Snapshot,
    error::Error,
    from_proto::{self, AskedCoding, TranslationKind},
    to_proto::{
        self,
        translation::{predecessor, successor, translation, why_not_known},
    },
};

mod gem;

use gem::gem_matches;

impl Work for v1::TranslateCodesRequest {
    fn is_heavy(&self) -> bool {
        self.codings.len() > LIGHT
    }
}

/// A translation, with the releases that it was read from.
struct Translated<'s> {
    translation: v1::Translation,
    releases: Vec<&'s Release>,
}

pub(crate) fn translate_codes(
    call: &Call,
    request: v1::TranslateCodesRequest,
) -> Result<v1::TranslateCodesResponse, Error> {
    let asked = from_proto::translate_codes(request, &call.config.limits)?;
    let snapshot = &*call.snapshot;
    let date = asked.date.unwrap_or(call.today);
    let mut answered: HashMap<&AskedCoding<'_>, usize> = HashMap::new();
    let mut results: Vec<v1::Translation> = Vec::with_capacity(asked.codings.len());
    let mut releases = Vec::new();
    for (index, coding) in asked.codings.iter().enumerate() {
        if let Some(again) = answered.get(coding).and_then(|first| results.get(*first)).cloned() {
            results.push(again);
            continue;
        }
        call.deadline.check(index, asked.codings.len())?;
        let translated = match asked.kind {
            TranslationKind::Gem(target) => gem_matches(snapshot, coding, target, date),
            TranslationKind::ReplacedBy => over_time(snapshot, coding, date, later),
            TranslationKind::Replaces => over_time(snapshot, coding, date, earlier),
        };
        results.push(translated.translation);
        releases.extend(translated.releases);
        answered.insert(coding, index);
    }
    Ok(v1::TranslateCodesResponse { results, releases_used: to_proto::releases(releases) })
}

/// Finds the codes before or after one. Says why where there is none.
type Step = fn(&Snapshot, &Concept<'_>, Code) -> (Vec<v1::TranslationMatch>, String);

/// Follows a code over time.
fn over_time<'s>(
    snapshot: &'s Snapshot,
    asked: &AskedCoding<'_>,
    date: Date,
    step: Step,
) -> Translated<'s> {
    let learned = Learned::of(snapshot, asked, date);
    let (matches, otherwise) = match learned.sighting().map(|sighting| sighting.status) {
        None => (Vec::new(), why_not_known(asked, &learned)),
        Some(concept) => match concept.code() {
            Some(code) => step(snapshot, &concept, code),
            None => (Vec::new(), format!("{} groups codes and is none itself.", concept.name())),
        },
    };
    let state = to_proto::fact_state(&learned.fact);
    Translated {
        translation: translation(state, matches, || otherwise),
        releases: learned.releases(snapshot).collect(),
    }
}

/// The codes that took the place of one.
fn later(
    snapshot: &Snapshot,
    concept: &Concept<'_>,
    code: Code,
) -> (Vec<v1::TranslationMatch>, String) {
    let date = concept.date();
    let found = successors(&snapshot.terminology, code, date);
    let only = found.len() == 1;
    let matches = found.iter().map(|found| successor(snapshot, found, only, date)).collect();
    let table = snapshot.terminology.table(code.system());
    let entry = table.and_then(|table| table.get(code.key()));
    let end = entry.and_then(|entry| entry.lifetime().period()?.end);
    let otherwise = if end.is_some_and(|end| end < date) {
        format!("No code is known to have taken the place of {code}.")
    } else {
        format!("{code} has not ended before {date}.")
    };
    (matches, otherwise)
}

/// The codes whose place one took.
fn earlier(
    snapshot: &Snapshot,
    concept: &Concept<'_>,
    code: Code,
) -> (Vec<v1::TranslationMatch>, String) {
    let former = concept.replaces();
    let relationship = |of: Code| {
        let table = snapshot.terminology.table(of.system());
        let shares = table.is_some_and(|table| {
            table.converted(of.key()).filter(|key| *key != of.key()).nth(1).is_some()
        });
        match (former.len(), shares) {
            (1, false) => Relationship::Equivalent,
            (1, true) => Relationship::SourceIsNarrowerThanTarget,
            _ => Relationship::SourceIsBroaderThanTarget,
        }
    };
    let matches =
        former.iter().map(|of| predecessor(snapshot, concept, *of, relationship(*of))).collect();
    (matches, format!("The conversion table names no code whose place {code} took."))
}
