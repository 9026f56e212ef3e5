//! A payer file that cannot be used.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The rule file of the payer cannot be used.
    ///
    /// ## Why
    /// A rule that is written and not understood protects nobody. The last version that was understood stays in force.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Payer: broken-payer
    /// Dx: I10
    ///     ^^^ error[payer-file-invalid]: broken.toml cannot be used: line 3, column 1: unknown field `nmae`, expected one of `id`, `name`, `effective`, `until`.
    /// ```
    ///
    /// ## Exceptions
    /// Only files of the payer that the encounter names are reported, and files whose payer could not be read.
    ///
    /// ## Source
    /// The form of payer files, schema 1.
    "payer-file-invalid", Error, Reported, Coding(check), about(Cue::Payer)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let Some(payer) = encounter.encounter.payer.as_deref() else { return };
    let Some(first) = encounter.items.first() else { return };
    let mine = |named: Option<&str>| named.is_none_or(|named| named.eq_ignore_ascii_case(payer));
    let faults = encounter.payers.faults.iter().filter(|fault| mine(fault.payer.as_deref()));
    for fault in faults {
        let message =
            format!("{} cannot be used: {}.", fault.file, fault.message.trim_end_matches('.'));
        report.fail(first.item, &first.judgement, message);
    }
    if encounter.payers.of(payer).next().is_some() {
        report.pass();
    }
}
