//! No diagnosis of the line supports the procedure under a coverage policy.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    payer::{self, PayerRuleKind},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// No diagnosis of the line supports the procedure under a coverage policy.
    ///
    /// ## Why
    /// Coverage policies list the diagnoses for which a service is reasonable and necessary.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Payer: sample-payer
    /// Dx: I10
    /// CPT: 70551
    ///      ^^^^^ warning[medical-necessity-not-met]: 70551 under policy L12345: needs one of the diagnoses G43.- (Sample Payer SP-6).
    /// ```
    ///
    /// ## Exceptions
    /// What a payer requires stands in a rule file that the user writes; without one of the payer and the date nothing is
    /// known. An entry gives its own severity. This rule answers for `require.dx_any` of an entry with `policy`.
    ///
    /// ## Source
    /// The rule file of the payer, which names its policy.
    "medical-necessity-not-met", Warning, Reported, Coding(check), needs(PayerFile), about(Cue::Payer)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    payer::report(PayerRuleKind::Necessity, encounter, report);
}
