//! Codes that the guidelines report in pairs.

use crate::{
    code_set::CodeSet,
    date::Date,
    issue::Severity::{self, Information, Warning},
};

/// What a code asks for.
pub(super) enum Wanted {
    /// One of these codes.
    Codes(CodeSet),
    /// A finding: any code but a Z code or an external cause. A further Z code may be one.
    Finding,
    /// A cause or reason: any code but an external cause.
    Other,
}

/// Codes with what has to stand beside them.
pub(super) struct Row {
    /// The codes.
    pub codes: CodeSet,
    /// What they ask for.
    pub wanted: Wanted,
    /// The same in words.
    pub words: &'static str,
    /// The section of the guidelines.
    pub section: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The row holds in first position only.
    pub first_only: bool,
    /// The row holds from this day on.
    pub valid_from: Option<Date>,
}

const fn row(
    codes: &'static str,
    wanted: &'static str,
    words: &'static str,
    section: &'static str,
    severity: Severity,
) -> Row {
    any(codes, Wanted::Codes(CodeSet::new(wanted)), words, section, severity)
}

const fn any(
    codes: &'static str,
    wanted: Wanted,
    words: &'static str,
    section: &'static str,
    severity: Severity,
) -> Row {
    Row {
        codes: CodeSet::new(codes),
        wanted,
        words,
        section,
        severity,
        first_only: false,
        valid_from: None,
    }
}

/// The nine codes "with abnormal findings".
const ABNORMAL: &str = "Z00.01, Z00.121, Z00.71, Z01.01, Z01.021, Z01.118, Z01.21, Z01.31, Z01.411";

/// Source: ICD-10-CM guidelines FY2026. Verified.
pub(super) static ROWS: [Row; 13] = [
    Row {
        codes: CodeSet::new("Z51.0, Z51.11, Z51.12"),
        wanted: Wanted::Codes(CodeSet::new("C00-D49")),
        words: "the neoplasm that is treated (C00-D49)",
        section: "I.C.2.e.2",
        severity: Warning,
        first_only: false,
        valid_from: Some(jiff::civil::date(2025, 10, 1)),
    },
    Row {
        codes: CodeSet::new("G89.3"),
        wanted: Wanted::Codes(CodeSet::new("C00-D49")),
        words: "the neoplasm that causes the pain (C00-D49)",
        section: "I.C.6.b.5",
        severity: Warning,
        first_only: true,
        valid_from: None,
    },
    row(
        "I22.-",
        "I21.0-I21.4, I21.9, I21.B",
        "the infarction before it (I21.-)",
        "I.C.9.e.4",
        Warning,
    ),
    row("O98.7-", "B20, Z21", "the HIV disease or status (B20 or Z21)", "I.C.1.a.2.h", Warning),
    row(
        "O24.0-, O24.1-, O24.3-, O24.8-",
        "E08-E13",
        "the type of diabetes (E08-E13)",
        "I.C.15.g",
        Information,
    ),
    row("O10.1-", "I11.-", "the hypertensive heart disease (I11.-)", "I.C.15.d", Warning),
    row("O10.2-", "I12.-", "the hypertensive kidney disease (I12.-)", "I.C.15.d", Warning),
    row(
        "O10.3-",
        "I13.-",
        "the hypertensive heart and kidney disease (I13.-)",
        "I.C.15.d",
        Warning,
    ),
    any(ABNORMAL, Wanted::Finding, "the abnormal finding", "I.C.21.c.12", Warning),
    any("Z01.81-", Wanted::Other, "the reason for the procedure", "IV.M", Information),
    any(
        "I15.-",
        Wanted::Finding,
        "the condition that causes the hypertension",
        "I.C.9.a.6",
        Information,
    ),
    row("H35.03-", "I10-I1A", "the hypertension (I10-I15)", "I.C.9.a.5", Information),
    row("Z08", "Z85.-", "the history of the neoplasm (Z85.-)", "I.C.21.c.8", Information),
];

/// Codes that are no finding.
pub(super) static EXTERNAL_CAUSES: CodeSet = CodeSet::new("V00-Y99");

/// Codes of chapter 21.
pub(super) static Z_CODES: CodeSet = CodeSet::new("Z00-Z99");
