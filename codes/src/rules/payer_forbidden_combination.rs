//! The payer forbids the combination.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    payer::{self, PayerRuleKind},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The payer forbids the combination.
    ///
    /// ## Why
    /// Of two services that exclude each other one is denied.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Payer: sample-payer
    /// CPT: 99396, 99213
    ///             ^^^^^ warning[payer-forbidden-combination]: 99213: is not paid together with 99396 (Sample Payer SP-7).
    /// ```
    ///
    /// ## Exceptions
    /// What a payer requires stands in a rule file that the user writes; without one of the payer and the date nothing is
    /// known. An entry gives its own severity. This rule answers for `forbid`.
    ///
    /// ## Source
    /// The rule file of the payer, which names its policy.
    "payer-forbidden-combination", Warning, Reported, Coding(check), needs(PayerFile), about(Cue::Payer)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    payer::report(PayerRuleKind::Combination, encounter, report);
}
