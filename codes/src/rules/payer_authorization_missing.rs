//! The payer requires an authorization or another field of the claim.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    payer::{self, PayerRuleKind},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The payer requires an authorization or another field of the claim.
    ///
    /// ## Why
    /// Without it the claim is denied whatever its codes.
    ///
    /// ## Example
    /// ```text
    /// A claim without authorization number, payer sample-payer, place of service 21
    /// CPT: 27447
    ///      ^^^^^ warning[payer-authorization-missing]: 27447: prior authorization is required (Sample Payer SP-3).
    /// ```
    ///
    /// ## Exceptions
    /// What a payer requires stands in a rule file that the user writes; without one of the payer and the date nothing is
    /// known. An entry gives its own severity. This rule answers for `require.prior_auth`, `require.field`.
    ///
    /// ## Source
    /// The rule file of the payer, which names its policy.
    "payer-authorization-missing", Warning, Reported, Coding(check), needs(PayerFile), about(Cue::Payer)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    payer::report(PayerRuleKind::Authorization, encounter, report);
}
