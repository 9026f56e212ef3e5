//! How much an issue may weigh at its place: what speaks for a code decides.

use std::collections::BTreeSet;

use crate::{
    fact::Fact,
    issue::Severity,
    note::{Evidence, Mention},
    system::CodeSystem,
};

use super::{
    CheckSettings, Document, EncounterRequest, ItemFact, Recognition, assemble::TextIssue,
};

/// Rules about what is missing or stands first: they need every code of the encounter. Where codes have no label, and
/// some are not taken as reported, they keep silent.
const NEEDS_ALL: [&str; 20] = [
    "adverse-effect-first-listed",
    "bmi-without-diagnosis",
    "burn-extent-missing",
    "code-first-missing",
    "companion-code-missing",
    "delivery-outcome-missing",
    "external-cause-first-listed",
    "fetus-without-multiple-gestation",
    "manifestation-first-listed",
    "metastasis-without-primary",
    "obstetric-code-not-first",
    "secondary-code-first-listed",
    "sequela-without-condition",
    "severe-sepsis-without-infection",
    "severe-sepsis-without-organ-failure",
    "unacceptable-principal-diagnosis",
    "underdosing-first-listed",
    "underdosing-reason-missing",
    "use-additional-code-missing",
    "weeks-of-gestation-missing",
];

/// Gives each issue the severity that user and evidence allow, and takes out what is not to be reported.
pub(super) fn weigh(
    document: &Document<'_>,
    issues: &mut Vec<TextIssue>,
    facts: &[Option<ItemFact>],
    settings: &CheckSettings,
) {
    issues.retain(|issue| {
        settings.severity.get(&issue.rule) != Some(&None)
            && is_recognised(document, issue, facts, settings.recognition)
    });
    for issue in issues {
        if let Some(Some(severity)) = settings.severity.get(&issue.rule) {
            issue.severity = *severity;
        }
        if let Some(cap) = issue.mention.and_then(|index| cap(document, index, facts, &issue.rule))
        {
            issue.severity = issue.severity.at_most(cap);
        }
    }
}

/// Whether enough speaks for a code at the place of an issue.
fn is_recognised(
    document: &Document<'_>,
    issue: &TextIssue,
    facts: &[Option<ItemFact>],
    recognition: Recognition,
) -> bool {
    let Some(index) = issue.mention else { return true };
    let Some(mention) = document.note.mentions.get(index) else { return true };
    let is_known =
        || facts.get(index).and_then(Option::as_ref).is_some_and(|it| it.fact == Fact::Known);
    match mention.evidence {
        Evidence::Certain | Evidence::Labelled => true,
        Evidence::Dotted => recognition != Recognition::Strict || is_known(),
        Evidence::Bare => {
            is_known() && (recognition == Recognition::Lenient || was_reported(document, index))
        }
    }
}

/// Whether a rule that needs every code of the encounter has not got them all.
pub(super) fn lacks_codes(
    document: &Document<'_>,
    request: &EncounterRequest,
    mention: &Mention,
    rule: &str,
) -> bool {
    let is_guess = matches!(mention.evidence, Evidence::Dotted | Evidence::Bare);
    is_guess && NEEDS_ALL.contains(&rule) && has_unread(document, request, mention)
}

/// The heaviest severity that the evidence allows: a guess is never an error.
fn cap(
    document: &Document<'_>,
    index: usize,
    facts: &[Option<ItemFact>],
    rule: &str,
) -> Option<Severity> {
    let mention = document.note.mentions.get(index)?;
    let known = facts.get(index)?.as_ref().is_some_and(|fact| fact.fact == Fact::Known);
    match mention.evidence {
        // What is only spoken of (history, differential) is not on the claim.
        Evidence::Certain | Evidence::Labelled => {
            (!mention.reported || mention.questioned).then_some(Severity::Warning)
        }
        Evidence::Dotted if known && rule == "non-billable-code" => {
            Some(if mention.description.is_some() { Severity::Information } else { Severity::Hint })
        }
        Evidence::Dotted if known => Some(Severity::Warning),
        Evidence::Bare if known && was_reported(document, index) => Some(Severity::Warning),
        Evidence::Dotted | Evidence::Bare => Some(Severity::Hint),
    }
}

/// Whether a code was asked about as one of those reported together.
fn was_reported(document: &Document<'_>, index: usize) -> bool {
    let mut reported = document.requests.iter().filter(|request| !request.each_code_only);
    reported.any(|request| request.mentions.contains(&index))
}

/// Whether the encounter of a mention names diagnoses in its prose that were not taken as reported: they may be what a
/// rule misses.
fn has_unread(document: &Document<'_>, request: &EncounterRequest, mention: &Mention) -> bool {
    let text = |mention: &Mention| document.text.get(mention.range.clone());
    let mentions = &document.note.mentions;
    let read: BTreeSet<_> =
        request.mentions.iter().filter_map(|index| text(mentions.get(*index)?)).collect();
    mentions.iter().any(|other| {
        other.encounter == mention.encounter
            && other.system == CodeSystem::Icd10Cm
            && other.reported
            && !other.questioned
            && (other.evidence != Evidence::Bare || other.description.is_some())
            && text(other).is_some_and(|code| !read.contains(code))
    })
}
