//! The codes of an encounter.

use std::fmt::Arguments;

use medcode_codes::{
    encounter::{self, DiagnosisRole, Units},
    system::{CodeSystem, modifier},
};
use medcode_proto::v1;

use super::{
    AskedCoding, LONGEST_KEY, Limits, Violations, check_text, check_two_digits, date, given, known,
    required_coding,
};

/// Modifiers and diagnosis pointers of a line.
const MOST_MODIFIERS: usize = 4;
const MOST_POINTERS: usize = 12;

/// Bytes of the longest pointer that points at nothing.
const LONGEST_POINTER: usize = 16;

/// Reads the diagnoses.
pub(super) fn diagnoses(
    violations: &mut Violations,
    sent: Vec<v1::Diagnosis>,
    limits: &Limits,
    codings: &mut Vec<AskedCoding<'static>>,
) -> Vec<encounter::Diagnosis> {
    if violations.check_count("encounter.diagnoses", sent.len(), limits.diagnoses) {
        return Vec::new();
    }
    let mut diagnoses = Vec::with_capacity(sent.len());
    for (index, diagnosis) in sent.into_iter().enumerate() {
        let path = format_args!("encounter.diagnoses[{index}]");
        let (coding, system) = coding(violations, path, diagnosis.coding);
        let role = role(violations, path, diagnosis.role);
        if !["", "Y", "N", "U", "W", "1"].contains(&diagnosis.present_on_admission.as_str()) {
            violations
                .add(format!("{path}.present_on_admission"), "is none of Y, N, U, W, 1 and empty");
        }
        diagnoses.push(encounter::Diagnosis {
            role,
            present_on_admission: diagnosis.present_on_admission.chars().next(),
            ..encounter::Diagnosis::new(system, &*coding.code)
        });
        codings.push(coding);
    }
    diagnoses
}

/// Reads the service lines of an encounter with so many diagnoses.
pub(super) fn lines(
    violations: &mut Violations,
    sent: Vec<v1::ServiceLine>,
    count_of_diagnoses: usize,
    limits: &Limits,
    codings: &mut Vec<AskedCoding<'static>>,
) -> Vec<encounter::ServiceLine> {
    if violations.check_count("encounter.lines", sent.len(), limits.lines) {
        return Vec::new();
    }
    let mut lines = Vec::with_capacity(sent.len());
    for (index, line) in sent.into_iter().enumerate() {
        let path = format_args!("encounter.lines[{index}]");
        let (coding, system) = coding(violations, path, line.coding);
        check_modifiers(violations, path, &line.modifiers);
        check_pointers(violations, path, &line.diagnosis_pointers, count_of_diagnoses);
        check_dangling(violations, path, &line.dangling_pointers);
        let units = (!line.units.is_empty()).then(|| Units::parse(&line.units));
        if units == Some(None) {
            violations.add(
                format!("{path}.units"),
                "is not a decimal number with at most nine digits and three decimals",
            );
        }
        check_two_digits(violations, || format!("{path}.place_of_service"), &line.place_of_service);
        check_text(
            violations,
            || format!("{path}.provider_key"),
            &line.provider_key,
            0,
            LONGEST_KEY,
        );
        lines.push(encounter::ServiceLine {
            modifiers: line
                .modifiers
                .iter()
                .map(|modifier| modifier.to_ascii_uppercase())
                .collect(),
            service_date: date(violations, format_args!("{path}.service_date"), line.service_date),
            diagnosis_pointers: line
                .diagnosis_pointers
                .iter()
                .map(|pointer| *pointer as usize)
                .collect(),
            dangling_pointers: line.dangling_pointers,
            units: units.flatten(),
            minutes: line.minutes,
            place_of_service: given(&line.place_of_service),
            provider: given(&line.provider_key),
            ..encounter::ServiceLine::new(system, &*coding.code)
        });
        codings.push(coding);
    }
    lines
}

/// Reads the coding of an item. Its system has to be known: an encounter has no place for one that is not.
fn coding(
    violations: &mut Violations,
    path: Arguments<'_>,
    coding: Option<v1::Coding>,
) -> (AskedCoding<'static>, CodeSystem) {
    let path = || format!("{path}.coding");
    let is_named = coding.as_ref().is_some_and(|coding| !coding.system.is_empty());
    let coding = required_coding(violations, path, coding.map(Into::into));
    let system = coding.system.unwrap_or_else(|_| {
        if is_named {
            violations.add(format!("{}.system", path()), "is not a code system that is known here");
        }
        CodeSystem::Icd10Cm
    });
    (coding, system)
}

fn check_modifiers(violations: &mut Violations, path: Arguments<'_>, modifiers: &[String]) {
    if violations.check_count(format_args!("{path}.modifiers"), modifiers.len(), MOST_MODIFIERS) {
        return;
    }
    for (index, text) in modifiers.iter().enumerate() {
        if !modifier::has_shape(&text.to_ascii_uppercase()) {
            violations.add(format!("{path}.modifiers[{index}]"), "is not two letters or digits");
        }
    }
}

fn check_pointers(
    violations: &mut Violations,
    path: Arguments<'_>,
    pointers: &[u32],
    diagnoses: usize,
) {
    if violations.check_count(
        format_args!("{path}.diagnosis_pointers"),
        pointers.len(),
        MOST_POINTERS,
    ) {
        return;
    }
    for (index, pointer) in pointers.iter().enumerate() {
        if *pointer as usize >= diagnoses {
            violations.add(format!("{path}.diagnosis_pointers[{index}]"), "points at no diagnosis");
        }
    }
}

fn check_dangling(violations: &mut Violations, path: Arguments<'_>, pointers: &[String]) {
    if violations.check_count(
        format_args!("{path}.dangling_pointers"),
        pointers.len(),
        MOST_POINTERS,
    ) {
        return;
    }
    for (index, text) in pointers.iter().enumerate() {
        let path = || format!("{path}.dangling_pointers[{index}]");
        check_text(violations, path, text, 1, LONGEST_POINTER);
    }
}

fn role(violations: &mut Violations, path: Arguments<'_>, role: i32) -> DiagnosisRole {
    match known(violations, format_args!("{path}.role"), role) {
        v1::DiagnosisRole::Unspecified => DiagnosisRole::ByPosition,
        v1::DiagnosisRole::Principal => DiagnosisRole::Principal,
        v1::DiagnosisRole::Secondary => DiagnosisRole::Secondary,
        v1::DiagnosisRole::Admitting => DiagnosisRole::Admitting,
        v1::DiagnosisRole::ReasonForVisit => DiagnosisRole::ReasonForVisit,
        v1::DiagnosisRole::ExternalCause => DiagnosisRole::ExternalCause,
    }
}
