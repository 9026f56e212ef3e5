//! A date outside of the period of the payer's rules.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    payer::{InForce, in_force},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The date lies outside the period of the payer's rule file.
    ///
    /// ## Why
    /// Payers change their rules by the year or the quarter; rules of another period are no rules of this one.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2025-04-01
    /// Payer: sample-payer
    /// Dx: I10
    ///     ^^^ warning[payer-file-out-of-date]: The rules of Sample Payer (sample.toml) hold from 2026-01-01 to 2026-12-31, not on 2025-04-01: they were not applied.
    /// ```
    ///
    /// ## Exceptions
    /// None.
    ///
    /// ## Source
    /// `effective` and `until` of the rule file.
    "payer-file-out-of-date", Warning, Reported, Coding(check), about(Cue::Payer)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let file = match in_force(encounter) {
        InForce::NoPayer | InForce::NoFile => return,
        InForce::File(_) => return report.pass(),
        InForce::OutOfDate(file) => file,
    };
    let Some(first) = encounter.items.first() else { return };
    let from = file.effective.map_or_else(String::new, |date| format!(" from {date}"));
    let to = file.until.map_or_else(String::new, |date| format!(" to {date}"));
    let message = format!(
        "The rules of {} ({}) hold{from}{to}, not on {}: they were not applied.",
        file.name, file.file, encounter.date
    );
    report.fail(first.item, &first.judgement, message);
}
