//! `Subsumes`: how two codes stand to each other in the hierarchy.

use medcode_codes::{code::Code, concept::Concept, system::CodeSystem};
use medcode_proto::v1::{self, SubsumptionOutcome};

use super::{Call, Learned, Work, listed::Listed, validate_codes::reported};
use crate::{
    error::Error,
    from_proto::{self, AskedCoding, DisplayPolicy},
    to_proto::{self, validation::Validated},
};

/// Characters of a category of ICD-10-CM, the highest level that has a code.
const CATEGORY: usize = 3;

impl Work for v1::SubsumesRequest {}

pub(crate) fn subsumes(
    call: &Call,
    request: v1::SubsumesRequest,
) -> Result<v1::SubsumesResponse, Error> {
    let asked = from_proto::subsumes(request)?;
    let snapshot = &*call.snapshot;
    let date = asked.date.unwrap_or(call.today);
    let listed = Listed::find(snapshot, asked.system, asked.a.version, date)?;
    let (a, b) = (Learned::of(snapshot, &asked.a, date), Learned::of(snapshot, &asked.b, date));
    let outcome = match (a.sighting(), b.sighting()) {
        (Some(a), Some(b)) => outcome(&a.content, &b.content),
        _ => SubsumptionOutcome::Undetermined,
    };
    let mut issues = why_not(call, &asked.a, &a, "code_a");
    issues.extend(why_not(call, &asked.b, &b, "code_b"));
    Ok(v1::SubsumesResponse {
        outcome: outcome.into(),
        issues,
        release: listed.release(snapshot).map(to_proto::release),
    })
}

/// What is to be said of a code that is not known.
fn why_not(
    call: &Call,
    asked: &AskedCoding<'_>,
    learned: &Learned<'_>,
    path: &str,
) -> Vec<v1::Issue> {
    if learned.sighting().is_some() {
        return Vec::new();
    }
    let validated = Validated {
        snapshot: &call.snapshot,
        asked,
        learned,
        reported: &reported(call, asked, learned),
        allow_abstract: true,
        display_policy: DisplayPolicy::Ignore,
    };
    let mut issues = validated.issues();
    for issue in &mut issues {
        issue.expression = vec![path.to_owned()];
        // Fixes name items of a batch, and there is none here.
        issue.fixes.clear();
    }
    issues
}

fn outcome(a: &Concept<'_>, b: &Concept<'_>) -> SubsumptionOutcome {
    if a.system() != b.system() {
        SubsumptionOutcome::NotSubsumed
    } else if a.name() == b.name() {
        SubsumptionOutcome::Equivalent
    } else if stands_below(b, a) {
        SubsumptionOutcome::Subsumes
    } else if stands_below(a, b) {
        SubsumptionOutcome::SubsumedBy
    } else {
        SubsumptionOutcome::NotSubsumed
    }
}

/// Whether `lower` stands below `upper`, another concept of the same system.
fn stands_below(lower: &Concept<'_>, upper: &Concept<'_>) -> bool {
    if upper.system() != CodeSystem::Icd10Cm {
        // Modifiers stand beside codes, above and below nothing.
        let is_modifier = |concept: &Concept<'_>| concept.code().is_some_and(Code::is_modifier);
        return !is_modifier(lower)
            && !is_modifier(upper)
            && lower.name().starts_with(upper.name().as_ref());
    }
    match (lower.code(), upper.code()) {
        // In ICD-10-CM a code begins with the characters of each code that it stands below, 7th characters and
        // placeholders included.
        (Some(lower), Some(upper)) => lower.key().starts_with(upper.key()),
        (None, Some(_)) => false,
        (_, None) => stands_in_group(lower, upper),
    }
}

/// Whether a concept stands in a chapter or section, in the edition of the latter.
fn stands_in_group(lower: &Concept<'_>, group: &Concept<'_>) -> bool {
    let Some((edition, location)) = group.place() else { return false };
    let node = match lower.code() {
        // A code that the edition lacks is found by its category.
        Some(code) => edition.list.node(code.key().prefix(CATEGORY)),
        None => edition.list.group(&lower.name()),
    };
    node.is_some_and(|node| edition.list.lineage(node).any(|above| above == location.node))
}
