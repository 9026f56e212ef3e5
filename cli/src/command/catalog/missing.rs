//! What could be imported and is not there: one sentence each that a user can act on.

use jiff::civil::Date;
use medcode_codes::{date::fiscal_year, system::CodeSystem};
use medcode_server::catalog::releases::{ReleaseKind, ReleaseRecord};

/// Files that a catalog either has or has not, with the systems they are about.
const FILES: [(ReleaseKind, &[CodeSystem], &str); 11] = [
    (
        ReleaseKind::Hcpcs,
        &[CodeSystem::Hcpcs],
        "HCPCS Level II, every code with long descriptor, dates and modifiers: CMS's quarterly alpha-numeric file, free.",
    ),
    (
        ReleaseKind::Cpt,
        &[CodeSystem::Cpt],
        "CPT: the files of your licence from the AMA; without them CPT codes are checked for their form only.",
    ),
    (
        ReleaseKind::Ptp,
        &[CodeSystem::Cpt, CodeSystem::Hcpcs],
        "NCCI procedure-to-procedure edits: CMS's quarterly files; without them bundling is not checked.",
    ),
    (
        ReleaseKind::Mue,
        &[CodeSystem::Cpt, CodeSystem::Hcpcs],
        "Medically unlikely edits: CMS's quarterly files, free; without them units are not checked.",
    ),
    (
        ReleaseKind::AddOn,
        &[CodeSystem::Cpt, CodeSystem::Hcpcs],
        "Add-on code edits: CMS's yearly file, free; without it add-on codes are not checked for their primary code.",
    ),
    (
        ReleaseKind::FeeSchedule,
        &[CodeSystem::Cpt, CodeSystem::Hcpcs],
        "Physician fee schedule: CMS's relative value file, behind the AMA's terms; rules on its indicators are off.",
    ),
    (
        ReleaseKind::Payable,
        &[CodeSystem::Hcpcs],
        "OPPS Addendum B: CMS's quarterly file, behind the AMA's terms; status indicators are not known.",
    ),
    (
        ReleaseKind::Index,
        &[CodeSystem::Icd10Cm],
        "Alphabetic Index, Neoplasm and Drug tables: CDC's yearly zip, free; import it for the official index terms.",
    ),
    (
        ReleaseKind::PoaExempt,
        &[CodeSystem::Icd10Cm],
        "Present-on-admission exempt list: CMS's yearly file, free; the rule on it is off.",
    ),
    (
        ReleaseKind::Gem,
        &[CodeSystem::Icd10Cm, CodeSystem::Icd10Pcs],
        "General equivalence mappings: CMS's files of 2018, free; codes of ICD-9-CM are not translated.",
    ),
    (
        ReleaseKind::Meanings,
        &[CodeSystem::Icd10Cm],
        "Table of meanings: made with `cargo xtask semantic` from the sources of medcode; search goes by words alone.",
    ),
];

/// What is not installed, for a system or for all, as of a day.
pub(super) fn missing(
    records: &[&ReleaseRecord],
    system: Option<CodeSystem>,
    day: Date,
) -> Vec<String> {
    let mut sentences = Vec::new();
    let year = fiscal_year(day);
    for (of, what, file) in [
        (CodeSystem::Icd10Cm, "titles and notes", "CDC's tabular XML"),
        (CodeSystem::Icd10Pcs, "titles", "CMS's order file"),
    ] {
        if system.is_none_or(|system| system == of) && !has_titles(records, of, year) {
            sentences.push(format!(
                "{of}, {what} of FY{year}: {file}, free; codes that are new in it have no title."
            ));
        }
    }
    for (kind, systems, sentence) in FILES {
        let is_wanted = system.is_none_or(|system| systems.contains(&system));
        if is_wanted && !records.iter().any(|record| record.kind == kind) {
            sentences.push(sentence.to_owned());
        }
    }
    sentences
}

/// Whether a list with the titles of a fiscal year is there.
fn has_titles(records: &[&ReleaseRecord], system: CodeSystem, year: i16) -> bool {
    records.iter().any(|record| {
        record.release.dataset == system.id()
            && matches!(record.kind, ReleaseKind::Tabular | ReleaseKind::CodeList)
            && fiscal_year(record.release.version) == year
    })
}
