//! A modifier that the payer requires is missing.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    payer::{self, PayerRuleKind},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// A modifier that the payer requires is missing.
    ///
    /// ## Why
    /// A line without it is denied and has to be sent again.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Payer: sample-payer
    /// CPT: 20610
    ///      ^^^^^ warning[payer-modifier-missing]: 20610: one of the modifiers LT, RT, 50 is required (Sample Payer SP-1).
    /// ```
    ///
    /// ## Exceptions
    /// What a payer requires stands in a rule file that the user writes; without one of the payer and the date nothing is
    /// known. An entry gives its own severity. This rule answers for `require.modifier_any`, `require.modifier_all`.
    ///
    /// ## Source
    /// The rule file of the payer, which names its policy.
    "payer-modifier-missing", Warning, Reported, Coding(check), needs(PayerFile), about(Cue::Payer)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    payer::report(PayerRuleKind::Modifier, encounter, report);
}
