//! The payer requires another diagnosis on the line.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    payer::{self, PayerRuleKind},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The payer requires another diagnosis on the line.
    ///
    /// ## Why
    /// The diagnosis says why the service was needed; payers compare both.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Payer: sample-payer
    /// Dx: I10
    /// CPT: 20611
    ///      ^^^^^ error[payer-diagnosis-missing]: 20611: needs one of the diagnoses M17.-, M25.561-M25.562 (Sample Payer SP-5).
    /// ```
    ///
    /// ## Exceptions
    /// What a payer requires stands in a rule file that the user writes; without one of the payer and the date nothing is
    /// known. An entry gives its own severity. This rule answers for `require.dx_any`, `require.dx_all`, `require.dx_first`, without a policy.
    ///
    /// ## Source
    /// The rule file of the payer, which names its policy.
    "payer-diagnosis-missing", Warning, Reported, Coding(check), needs(PayerFile), about(Cue::Payer)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    payer::report(PayerRuleKind::Diagnosis, encounter, report);
}
