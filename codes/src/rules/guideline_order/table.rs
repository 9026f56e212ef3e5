//! Which of two codes the guidelines list first.

use std::sync::LazyLock;

use crate::{
    code_set::{ByLetter, CodeSet},
    issue::Severity::{self, Information, Warning},
};

/// An order of two sets of codes.
pub(super) struct Row {
    /// What goes first.
    pub first: CodeSet,
    /// What goes behind it.
    pub then: CodeSet,
    /// The section of the guidelines.
    pub section: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The section speaks of the reason for the encounter: one of the two codes has to be first-listed.
    pub by_reason: bool,
}

const fn row(
    first: &'static str,
    then: &'static str,
    section: &'static str,
    severity: Severity,
    by_reason: bool,
) -> Row {
    Row { first: CodeSet::new(first), then: CodeSet::new(then), section, severity, by_reason }
}

/// Codes of sepsis: titles and inclusion terms with the word.
const SEPSIS: &str =
    "B20, A02.1, A22.7, A24.1, A26.7, A31.2, A32.7, A40.-, A41.-, A42.7, A54.86, B00.7, B37.7";

/// Source: ICD-10-CM guidelines FY2026. Verified.
pub(super) static ROWS: [Row; 14] = [
    row("T81.41-, T81.42-, T81.43-, T81.49-", "T81.44-", "I.C.1.d.5.b", Warning, false),
    row("O86.00-O86.03, O86.09", "O86.04", "I.C.1.d.5.b", Warning, false),
    row("D59.31", SEPSIS, "I.C.1.d.9", Information, true),
    row(
        "T85.614-, T85.624-, T85.633-, T85.694-",
        "T38.3X6-, T38.3X1-",
        "I.C.4.a.5",
        Warning,
        false,
    ),
    row("I21.-", "I25.10, I25.11-, I25.7-", "I.C.9.b", Warning, true),
    row("I60-I69", "I10-I15", "I.C.9.a.4", Information, false),
    row("P07.0-, P07.1-", "P07.2-, P07.3-", "I.C.16.d", Warning, false),
    row("T74.-, T76.-", "S00-T14, F01-F99", "I.C.19.f", Warning, false),
    // Abuse precedes terrorism, and who did it is no event: Y07 is left out.
    row("Y38.-", "V00-Y06, Y08-Y37", "I.C.20.f", Information, false),
    row("X34-X39", "V00-X33, X50-X83, Y21-Y33", "I.C.20.f", Information, false),
    row("V00-V99", "W00-X33, X50-X83", "I.C.20.f", Information, false),
    row("V00-Y06, Y08-Y38", "Y92.-, Y93.-, Y99.-", "I.C.20.b, d and f", Information, false),
    row("Z08", "Z85.-, Z86.-, Z87.-", "I.C.21.c.8", Information, false),
    row("Z09", "Z85.-, Z86.-, Z87.-", "I.C.21.c.8", Information, false),
];

/// The rows by the letters of what goes first.
pub(super) static FIRST: LazyLock<ByLetter> =
    LazyLock::new(|| ByLetter::of(ROWS.each_ref().map(|row| &row.first)));

/// The rows by the letters of what goes behind it.
pub(super) static THEN: LazyLock<ByLetter> =
    LazyLock::new(|| ByLetter::of(ROWS.each_ref().map(|row| &row.then)));

/// Burns and corrosions of the skin, compared by degree.
pub(super) static BURNS: CodeSet = CodeSet::new("T20-T25");
