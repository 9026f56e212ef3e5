//! How much an issue may weigh at its place: what speaks for a code decides.

use std::{cell::OnceCell, collections::BTreeSet, sync::Arc};

use crate::{
    fact::Fact,
    issue::Severity,
    note::{Evidence, Mention},
    system::CodeSystem,
};

use super::{
    CheckSettings, ItemFact, Recognition,
    assemble::TextIssue,
    judged::{Asked, Found},
    part::Content,
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

/// What decides how much an issue of an encounter weighs.
pub(super) struct Weight<'c> {
    pub(super) content: &'c Content,
    /// By mention.
    pub(super) facts: &'c [Option<Arc<ItemFact>>],
    /// By mention: it was asked about as one of those reported together.
    pub(super) asked_together: &'c [bool],
}

impl Weight<'_> {
    /// Gives an issue the severity that user and evidence allow, and says whether it is to be reported.
    pub(super) fn weigh(&self, mut issue: TextIssue, settings: &CheckSettings) -> Found {
        let wish = settings.severity.get(&issue.rule);
        let wanted = wish != Some(&None) && self.is_recognised(&issue, settings.recognition);
        if let Some(Some(severity)) = wish {
            issue.severity = *severity;
        }
        if let Some(cap) = issue.mention.and_then(|index| self.cap(index, &issue.rule)) {
            issue.severity = issue.severity.at_most(cap);
        }
        Found { issue, wanted }
    }

    /// Whether enough speaks for a code at the place of an issue.
    fn is_recognised(&self, issue: &TextIssue, recognition: Recognition) -> bool {
        let Some(index) = issue.mention else { return true };
        let Some(mention) = self.content.note.mentions.get(index) else { return true };
        match mention.evidence {
            Evidence::Certain | Evidence::Labelled => true,
            Evidence::Dotted => recognition != Recognition::Strict || self.is_known(index),
            Evidence::Bare => {
                let is_meant = recognition == Recognition::Lenient || self.was_reported(index);
                self.is_known(index) && is_meant
            }
        }
    }

    /// The heaviest severity that the evidence allows: a guess is never an error.
    fn cap(&self, index: usize, rule: &str) -> Option<Severity> {
        let mention = self.content.note.mentions.get(index)?;
        let known = self.is_known(index);
        match mention.evidence {
            // What is only spoken of (history, differential) is not on the claim.
            Evidence::Certain | Evidence::Labelled => {
                (!mention.reported || mention.questioned).then_some(Severity::Warning)
            }
            Evidence::Dotted if known && rule == "non-billable-code" => {
                let described = mention.description.is_some();
                Some(if described { Severity::Information } else { Severity::Hint })
            }
            Evidence::Dotted if known => Some(Severity::Warning),
            Evidence::Bare if known && self.was_reported(index) => Some(Severity::Warning),
            Evidence::Dotted | Evidence::Bare => Some(Severity::Hint),
        }
    }

    fn is_known(&self, index: usize) -> bool {
        let fact = self.facts.get(index).and_then(Option::as_ref);
        fact.is_some_and(|fact| fact.fact == Fact::Known)
    }

    fn was_reported(&self, index: usize) -> bool {
        self.asked_together.get(index) == Some(&true)
    }
}

/// Whether rules that need every code of the encounter have got them all.
pub(super) struct Unread<'c> {
    content: &'c Content,
    asked: &'c Asked<'c>,
    some: OnceCell<bool>,
}

impl<'c> Unread<'c> {
    pub(super) fn new(content: &'c Content, asked: &'c Asked<'c>) -> Self {
        Self { content, asked, some: OnceCell::new() }
    }

    /// Whether an issue of such a rule is hidden, because the rule has not got all codes.
    pub(super) fn hides(&self, mention: &Mention, rule: &str) -> bool {
        let is_guess = matches!(mention.evidence, Evidence::Dotted | Evidence::Bare);
        is_guess && NEEDS_ALL.contains(&rule) && *self.some.get_or_init(|| self.has_some())
    }

    /// Whether the encounter names diagnoses in its prose that were not taken as reported: they may be what a rule
    /// misses.
    fn has_some(&self) -> bool {
        let text = |mention: &Mention| self.content.text.get(mention.range.clone());
        let mentions = &self.content.note.mentions;
        let read: BTreeSet<_> =
            self.asked.mentions().filter_map(|index| text(mentions.get(index)?)).collect();
        mentions.iter().any(|other| {
            other.system == CodeSystem::Icd10Cm
                && other.reported
                && !other.questioned
                && (other.evidence != Evidence::Bare || other.description.is_some())
                && text(other).is_some_and(|code| !read.contains(code))
        })
    }
}
