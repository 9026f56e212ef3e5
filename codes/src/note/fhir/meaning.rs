//! What the keys of FHIR resources mean for a claim.

use std::ops::Range;

use super::{Coding, Found, Frame, systems};
use crate::{
    encounter::{DiagnosisRole, Units},
    note::{
        Details, Pointer, Sex,
        clue::Says,
        dates::{self, DateMention, DateRole},
        details::{present_on_admission, two_digits},
        facts::Setting,
        x12::system_of,
    },
};

/// Resources that list codes, or speak of others than the patient.
const NOT_REPORTED: &[&str] = &[
    "ActivityDefinition",
    "AllergyIntolerance",
    "ChargeItemDefinition",
    "CodeSystem",
    "ConceptMap",
    "FamilyMemberHistory",
    "Library",
    "Measure",
    "PlanDefinition",
    "Questionnaire",
    "ValueSet",
];

/// A string under a key, or in a list under it.
pub(super) fn value(
    text: &str,
    key: &str,
    range: Range<usize>,
    stack: &mut [Frame],
    found: &mut Found,
) {
    let Some(value) = text.get(range.clone()) else { return };
    if key == "preAuthRef" && !value.is_empty() {
        found.says.push((range.start, Says::Field("auth_number")));
        return;
    }
    if matches!(key, "start" | "end") {
        period(text, key, range, stack, found);
        return;
    }
    let Some(frame) = stack.last_mut().filter(|frame| frame.is_object) else { return };
    match key {
        "system" => {
            frame.systems = systems(value);
            frame.is_npi = value == "http://hl7.org/fhir/sid/us-npi";
        }
        "code" => frame.code = Some(range),
        "display" => frame.display = Some(range),
        "resourceType" => frame.resource = Some(range),
        "id" => frame.id = Some(range),
        "reference" => frame.reference = Some(range),
        "status" | "docStatus" => frame.status = Some(range),
        "value" if frame.is_npi => found.says.push((range.start, Says::Field("npi"))),
        "birthDate" => found.born.extend(crate::date::parse_iso(value)),
        "gender" => found.sexes.extend(Sex::from_word(value).map(|sex| (range.start, sex))),
        "servicedDate" => {
            let date = dates::at(text, range.start, range.end);
            frame.details.service_date.clone_from(&date);
            // Several days in one claim divide nothing: this role never does.
            found.dates.extend(date.map(|date| (DateRole::Heading, date)));
        }
        _ => {}
    }
}

/// The first or last day of a period, which stands in the object around it.
fn period(text: &str, key: &str, range: Range<usize>, stack: &mut [Frame], found: &mut Found) {
    let [.., outer, inner] = stack else { return };
    let Some(name) = inner.name.clone().and_then(|name| text.get(name)) else { return };
    let Some(date) = dates::at(text, range.start, range.end) else { return };
    if key == "end" {
        outer.period.1 = Some(date);
        return;
    }
    let role = match name {
        "servicedPeriod" => {
            outer.details.service_date = Some(date.clone());
            DateRole::Heading
        }
        "billablePeriod" | "period" | "actualPeriod" => DateRole::Unspecific,
        _ => return,
    };
    outer.period.0 = Some(date.clone());
    found.dates.push((role, date));
}

/// A number under a key, or in a list under it.
pub(super) fn number(text: &str, range: Range<usize>, stack: &mut [Frame]) {
    let Some(written) = text.get(range.clone()) else { return };
    let [.., outer, frame] = stack else { return };
    let key = if frame.is_object { frame.key.clone() } else { frame.name.clone() };
    match key.and_then(|key| text.get(key)) {
        Some("sequence") => frame.details.position = written.parse().ok().filter(|it| *it > 0),
        Some("diagnosisSequence") => {
            let position = written.parse().ok().filter(|it| *it > 0);
            let pointer = position.map(|it| Pointer { range, position: Some(it) });
            let owner = if frame.is_object { frame } else { outer };
            owner.details.pointers.extend(pointer);
        }
        Some("value") => {
            let name = frame.name.clone().and_then(|name| text.get(name));
            if name == Some("quantity") {
                outer.details.units = Units::parse(written);
            }
        }
        _ => {}
    }
}

/// An object or list ends.
pub(super) fn close(text: &str, frame: Frame, stack: &mut [Frame], found: &mut Found) {
    let name = frame.name.clone().and_then(|name| text.get(name)).unwrap_or_default();
    if let Some(code) = frame.code.clone().filter(|_| frame.is_object) {
        match frame.systems {
            Some(systems) => coding(text, &frame, code, systems, found),
            None => other_code(text, name, code, stack, found),
        }
    }
    match name {
        "diagnosis" if frame.is_object => diagnosis(&frame, found),
        "item" | "addItem" if frame.is_object => item(&frame, found),
        // A reference inside a diagnosis belongs to it.
        "diagnosisReference" | "condition" => {
            if let (Some(outer), Some(reference)) = (stack.last_mut(), frame.reference.clone()) {
                outer.reference = Some(reference);
            }
        }
        "insurer" => {
            let payer = frame.display.clone().filter(|it| !it.is_empty());
            found.says.extend(payer.map(|it| (it.start, Says::Payer(it))));
        }
        _ => {}
    }
    if let Some(kind) = frame.resource.clone().and_then(|kind| text.get(kind)) {
        resource(text, kind, frame, found);
    }
}

/// A coding of a system that is checked.
fn coding(
    text: &str,
    frame: &Frame,
    code: Range<usize>,
    systems: crate::note::systems::Systems,
    found: &mut Found,
) {
    let Some(written) = text.get(code.clone()) else { return };
    if ["{{", "${", "***", "@", "[["].iter().any(|sign| written.starts_with(sign)) {
        found.blanks.push((code, systems));
        return;
    }
    let Some(system) = system_of(written, systems) else { return };
    found.codings.push(Coding {
        range: code,
        system,
        description: frame.display.clone().filter(|display| !display.is_empty()),
        modifiers: Vec::new(),
        details: Details::default(),
        reported: true,
        questioned: false,
    });
}

/// A coding of another system says something of the object around its concept.
fn other_code(text: &str, name: &str, code: Range<usize>, stack: &mut [Frame], found: &mut Found) {
    let Some(written) = text.get(code.clone()) else { return };
    let name_of = |frame: &Frame| frame.name.clone().and_then(|name| text.get(name));
    // `{"coding": [{"code": …}]}` is named by the key of the outer object.
    let mut level = stack.len();
    let mut concept = name;
    while concept == "coding" && level > 0 {
        level -= 1;
        concept = stack.get(level).and_then(name_of).unwrap_or_default();
    }
    while level > 0 {
        let around = stack.get(level - 1);
        if around.is_some_and(|it| {
            it.is_object && (it.resource.is_some() || name_of(it) != Some(concept))
        }) {
            break;
        }
        level -= 1;
    }
    let Some(owner) = level.checked_sub(1).and_then(|index| stack.get_mut(index)) else { return };
    match concept {
        "modifier" if code.len() == 2 => owner.modifiers.push(code),
        "locationCodeableConcept" => owner.details.place_of_service = two_digits(text, code),
        "onAdmission" => owner.details.present_on_admission = present_on_admission(written),
        "type" => match written {
            "principal" => owner.details.role = DiagnosisRole::Principal,
            "secondary" => owner.details.role = DiagnosisRole::Secondary,
            "admitting" => owner.details.role = DiagnosisRole::Admitting,
            "patientreasonforvisit" => owner.details.role = DiagnosisRole::ReasonForVisit,
            "externalcause" | "external-cause" => {
                owner.details.role = DiagnosisRole::ExternalCause;
            }
            "professional" => found.says.push((code.start, Says::Setting(Setting::Professional))),
            _ => {}
        },
        "use" if written == "AD" => owner.details.role = DiagnosisRole::Admitting,
        "class" => {
            owner.is_inpatient = matches!(written, "IMP" | "ACUTE" | "NONAC");
            let setting = match written {
                "IMP" | "ACUTE" | "NONAC" => Some(Setting::Inpatient),
                "AMB" | "EMER" | "OBSENC" => Some(Setting::Outpatient),
                _ => None,
            };
            found.says.extend(setting.map(|it| (code.start, Says::Setting(it))));
        }
        "dischargeDisposition" => {
            let status = two_digits(text, code.clone()).map(Says::DischargeStatus);
            found.says.extend(status.map(|says| (code.start, says)));
        }
        "verificationStatus" => {
            owner.is_void |= matches!(written, "refuted" | "entered-in-error");
            owner.is_questioned |=
                matches!(written, "unconfirmed" | "provisional" | "differential");
        }
        "clinicalStatus" => owner.is_void |= matches!(written, "inactive" | "resolved"),
        "role" if written == "referring" => {
            found.says.push((code.start, Says::Field("referring")));
        }
        _ => {}
    }
}

/// A diagnosis of a claim or encounter ends.
fn diagnosis(frame: &Frame, found: &mut Found) {
    for coding in found.codings.iter_mut().skip(frame.first) {
        if coding.system.is_diagnosis() {
            let details = Details { pointers: Vec::new(), ..frame.details.clone() };
            coding.details = details;
        }
    }
    if let Some(reference) = frame.reference.clone() {
        found.references.push((reference, frame.details.clone()));
    }
}

/// A service of a claim ends. Its own number is no position.
fn item(frame: &Frame, found: &mut Found) {
    for coding in found.codings.iter_mut().skip(frame.first) {
        if !coding.system.is_diagnosis() {
            coding.details = Details { position: None, ..frame.details.clone() };
            coding.modifiers = frame.modifiers.iter().take(4).cloned().collect();
        }
    }
}

fn resource(text: &str, kind: &str, frame: Frame, found: &mut Found) {
    let status = frame.status.and_then(|status| text.get(status)).unwrap_or_default();
    let own = found.codings.iter_mut().skip(frame.first);
    if frame.is_void || NOT_REPORTED.binary_search(&kind).is_ok() {
        own.for_each(|coding| coding.reported = false);
    } else if frame.is_questioned {
        own.for_each(|coding| coding.questioned = true);
    }
    match kind {
        "Claim" | "ExplanationOfBenefit" => found.claims.push(frame.start),
        "Condition" => {
            let codings = frame.first..found.codings.len();
            found.conditions.extend(frame.id.map(|id| (id, codings)));
        }
        "Encounter" => {
            found.is_signed |= matches!(status, "finished" | "completed");
            if frame.is_inpatient {
                let (first, last) = frame.period;
                let dated = |role, date: Option<DateMention>| date.map(|date| (role, date));
                found.dates.extend(dated(DateRole::Admission, first));
                found.dates.extend(dated(DateRole::Discharge, last));
            }
        }
        "Composition" | "DocumentReference" => {
            found.is_signed |= matches!(status, "final" | "amended" | "corrected");
        }
        _ => {}
    }
}
