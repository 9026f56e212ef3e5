//! The payer does not cover the service.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    payer::{self, PayerRuleKind},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The payer does not cover the service.
    ///
    /// ## Why
    /// What is not covered is not paid; the patient has to know before the service, not after it.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Payer: sample-payer
    /// CPT: 99453
    ///      ^^^^^ error[payer-not-covered]: 99453: not covered; the alternative is 99454 (Sample Payer SP-2).
    /// ```
    ///
    /// ## Exceptions
    /// What a payer requires stands in a rule file that the user writes; without one of the payer and the date nothing is
    /// known. An entry gives its own severity. This rule answers for `deny`, with its reason and alternative.
    ///
    /// ## Source
    /// The rule file of the payer, which names its policy.
    "payer-not-covered", Error, Reported, Coding(check), needs(PayerFile), about(Cue::Payer)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    payer::report(PayerRuleKind::NotCovered, encounter, report);
}
