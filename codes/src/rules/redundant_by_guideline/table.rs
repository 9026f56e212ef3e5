//! Of which two codes the guidelines want one.

use std::sync::LazyLock;

use crate::{
    code_set::{ByLetter, CodeSet},
    date::Date,
    issue::Severity::{self, Information, Warning},
};

/// Two sets of codes of which the first stays.
pub(super) struct Row {
    /// What stays.
    pub stays: CodeSet,
    /// What is not reported with it.
    pub goes: CodeSet,
    /// Why, behind "because".
    pub why: &'static str,
    /// The section of the guidelines.
    pub section: &'static str,
    /// When it holds, and how much it weighs.
    pub limits: Limits,
}

/// When a row holds, and how much it weighs.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// How much it weighs.
    pub severity: Severity,
    /// What stays has to be first-listed.
    pub stays_first: bool,
    /// Which of the two is wrong is not known: nothing is proposed.
    pub either: bool,
    /// With one of these codes the row does not hold.
    pub unless: Option<&'static CodeSet>,
    /// The row holds from this day on.
    pub valid_from: Option<Date>,
}

/// No limits.
const ALWAYS: Limits =
    Limits { severity: Warning, stays_first: false, either: false, unless: None, valid_from: None };

/// Primary neoplasms that may have the secondary ones.
static OTHER_PRIMARY: CodeSet = CodeSet::new("C00-C76, C7A.-, C80.-, C86-C96");

/// Confirmed abuse.
static CONFIRMED: CodeSet = CodeSet::new("T74.-");

const fn row(
    stays: &'static str,
    goes: &'static str,
    why: &'static str,
    section: &'static str,
    limits: Limits,
) -> Row {
    Row { stays: CodeSet::new(stays), goes: CodeSet::new(goes), why, section, limits }
}

const TRANSPLANT: &str = "a complication of the transplant includes its status";

/// Source: ICD-10-CM guidelines FY2026. Verified. The pairs are here because hardly any of them has an Excludes1 note.
pub(super) static ROWS: [Row; 18] = [
    row("N18.6", "N18.1-N18.5", "end-stage disease stands for the stage", "I.C.14.a.1", ALWAYS),
    row(
        "E66.813",
        "E66.01",
        "class 3 obesity takes the place of morbid obesity",
        "I.C.4.b.1",
        Limits { valid_from: Some(jiff::civil::date(2024, 10, 1)), ..ALWAYS },
    ),
    row(
        "O24.4-",
        "Z79.4, Z79.84, Z79.85",
        "the code of gestational diabetes names its control",
        "I.C.15.i",
        ALWAYS,
    ),
    row(
        "O24.4-",
        "O24.0-O24.3, O24.8-, O24.9-",
        "gestational diabetes excludes diabetes of another kind",
        "I.C.15.i",
        Limits { either: true, ..ALWAYS },
    ),
    row("T86.1-", "Z94.0", TRANSPLANT, "I.C.21.c.3", ALWAYS),
    row("T86.2-", "Z94.1", TRANSPLANT, "I.C.21.c.3", ALWAYS),
    row("T86.3-", "Z94.3", TRANSPLANT, "I.C.21.c.3", ALWAYS),
    row("T86.4-", "Z94.4", TRANSPLANT, "I.C.21.c.3", ALWAYS),
    row("T86.81-", "Z94.2", TRANSPLANT, "I.C.21.c.3", ALWAYS),
    row(
        "A41.02, J15.212",
        "B95.62, Z16.11",
        "the code of the infection names the resistant organism",
        "I.C.1.e.1.a",
        ALWAYS,
    ),
    row(
        "B95.62",
        "Z16.11",
        "the code of the organism includes its resistance",
        "I.C.1.e.1.b",
        ALWAYS,
    ),
    row(
        "P36.0, P36.2, P36.4",
        "B95.-, B96.-",
        "the code of the sepsis names the organism",
        "I.C.16.f",
        ALWAYS,
    ),
    row(
        "J95.851",
        "J12-J18",
        "the type of a ventilator-associated pneumonia is not coded",
        "I.C.10.d",
        Limits { stays_first: true, ..ALWAYS },
    ),
    row(
        "I10-I15",
        "R03.0",
        "with known hypertension the reading is no finding",
        "I.C.9.a.7",
        ALWAYS,
    ),
    row(
        "C81-C85",
        "C78.-, C79.-",
        "a lymphoma of solid organs has a code of C81 to C85",
        "I.C.2.t",
        Limits { severity: Information, unless: Some(&OTHER_PRIMARY), ..ALWAYS },
    ),
    row(
        "O80, O82, Z37.-",
        "O09.-",
        "supervision of a high-risk pregnancy ends with the delivery",
        "I.C.15.b.2",
        ALWAYS,
    ),
    row(
        "P95",
        "A00-O9A, P00-P94, P96-Z99, U00-U85",
        "a stillbirth is reported by itself",
        "I.C.16.g",
        ALWAYS,
    ),
    row(
        "T76.-",
        "X92-Y09",
        "suspected abuse takes no code of assault or perpetrator",
        "I.C.19.f",
        Limits { unless: Some(&CONFIRMED), ..ALWAYS },
    ),
];

/// The rows by the letters of what stays.
pub(super) static STAYS: LazyLock<ByLetter> =
    LazyLock::new(|| ByLetter::of(ROWS.each_ref().map(|row| &row.stays)));

/// The rows by the letters of what is not reported with it.
pub(super) static GOES: LazyLock<ByLetter> =
    LazyLock::new(|| ByLetter::of(ROWS.each_ref().map(|row| &row.goes)));

/// Injuries and poisonings that have sequelae of their own; burns may be current and healed at once.
pub(super) static INJURIES: CodeSet = CodeSet::new("S00-T19, T33-T88");

/// From this day on dementia is coded by severity.
pub(super) const DEMENTIA_FROM: Date = jiff::civil::date(2022, 10, 1);

/// Burns of the skin.
pub(super) static BURNS: CodeSet = CodeSet::new("T20-T25");
