//! Codes that only add to another code, with the guideline that says so.

use std::sync::LazyLock;

use crate::{
    code_set::{ByLetter, CodeSet},
    date::Date,
    issue::Severity::{self, Information, Warning},
};

/// What else has to be reported for a row to hold.
pub(super) enum Only {
    /// Nothing.
    Always,
    /// A code of this set.
    With(&'static CodeSet),
    /// A code that may give the reason for the encounter.
    WithReason,
}

/// Codes of one guideline section.
pub(super) struct Row {
    /// The codes.
    pub codes: CodeSet,
    /// What they add to.
    pub after: &'static str,
    /// The section of the guidelines.
    pub section: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What else has to be reported.
    pub only: Only,
    /// From this day on the section says "generally".
    pub generally_from: Option<Date>,
}

const fn row(codes: &'static str, after: &'static str, section: &'static str) -> Row {
    let codes = CodeSet::new(codes);
    Row { codes, after, section, severity: Warning, only: Only::Always, generally_from: None }
}

/// Source: ICD-10-CM guidelines FY2026. Verified.
pub(super) static ROWS: [Row; 14] = [
    row("R40.21-, R40.22-, R40.23-, R40.24-", "the injury or disease that it scores", "I.B.14"),
    row("R29.7-", "the stroke that it scores", "I.B.14"),
    row("Z68.-", "the weight diagnosis that it belongs to", "I.B.14"),
    row("Z55-Z65", "the condition that was treated", "I.B.14"),
    row("Z28.3-", "the reason for the encounter", "I.B.14"),
    row("Z37.-", "the code of the delivery", "I.C.21.c.11"),
    row("Z33.1", "the condition that was treated", "I.C.21.c.3"),
    row("Z92.82", "the condition that was treated", "I.C.21.c.3"),
    row("Z16.-", "the infection", "I.C.21.c.3"),
    row("T81.12-", "the infection after the procedure", "I.C.1.d.2"),
    row("R65.1-", "the underlying condition", "I.C.18.g"),
    row("O94", "the sequela", "I.C.15.p.3"),
    Row {
        codes: CodeSet::new("I1A.0"),
        after: "the type of hypertension",
        section: "I.C.9.a.12",
        severity: Warning,
        only: Only::With(&HYPERTENSION),
        generally_from: None,
    },
    Row {
        codes: CodeSet::new("Z15.-"),
        after: "the reason for the encounter",
        section: "I.C.21.c.3",
        severity: Information,
        only: Only::Always,
        generally_from: Some(jiff::civil::date(2025, 10, 1)),
    },
];

/// The rows by the letters of their codes.
pub(super) static BY_LETTER: LazyLock<ByLetter> =
    LazyLock::new(|| ByLetter::of(ROWS.each_ref().map(|row| &row.codes)));

/// History codes are first only where nothing else gives the reason for the encounter.
pub(super) static HISTORY: Row = Row {
    codes: CodeSet::new("Z80-Z87"),
    after: "the code that gives the reason for the encounter",
    section: "I.C.21.c.4",
    severity: Information,
    only: Only::WithReason,
    generally_from: None,
};

/// Types of hypertension.
static HYPERTENSION: CodeSet = CodeSet::new("I10-I15");

/// Status and history codes, organisms: they give no reason for an encounter by themselves.
pub(super) static NO_REASON: CodeSet =
    CodeSet::new("V00-Y99, B95-B97, Z14-Z18, Z3A, Z66-Z68, Z77-Z99");
