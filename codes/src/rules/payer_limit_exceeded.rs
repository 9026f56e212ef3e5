//! Units, frequency or age exceed what the payer pays.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    payer::{self, PayerRuleKind},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// Units, frequency or age exceed what the payer pays.
    ///
    /// ## Why
    /// What exceeds a limit is denied, or asked back later.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Payer: sample-payer
    /// Age: 54
    /// HCPCS: J1885
    ///        ^^^^^ warning[payer-limit-exceeded]: J1885: only for ages 65 and over (Sample Payer SP-4).
    /// ```
    ///
    /// ## Exceptions
    /// What a payer requires stands in a rule file that the user writes; without one of the payer and the date nothing is
    /// known. An entry gives its own severity. This rule answers for `limit` and the ages of `require`.
    ///
    /// ## Source
    /// The rule file of the payer, which names its policy.
    "payer-limit-exceeded", Warning, Reported, Coding(check), needs(PayerFile), about(Cue::Payer)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    payer::report(PayerRuleKind::Limit, encounter, report);
}
