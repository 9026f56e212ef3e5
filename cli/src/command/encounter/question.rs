//! From an encounter as it is given to the message that asks about it.

use medcode_codes::{
    code::written,
    date::parse_iso,
    normalize::normalize,
    system::{CodeSystem, cpt, hcpcs, icd10pcs},
};
use medcode_proto::v1;

use crate::{
    channel::to_proto,
    failure::Failure,
    json::encounter::{Dx, Input, Line, Place},
    systems::coding,
};

/// An encounter, ready to be asked about.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) encounter: v1::Encounter,
    pub(super) codes: Codes,
}

/// What the answer is put in words with.
#[derive(Debug)]
pub(super) struct Codes {
    /// The caller's own key.
    pub(super) id: Option<String>,
    diagnoses: Vec<String>,
    lines: Vec<(CodeSystem, String)>,
}

impl Codes {
    /// The code at a place, as its system writes it.
    pub(super) fn written(&self, place: Place) -> String {
        let found = match place {
            Place::Diagnosis(index) => {
                self.diagnoses.get(index).map(|code| (CodeSystem::Icd10Cm, code))
            }
            Place::Line(index) => self.lines.get(index).map(|(system, code)| (*system, code)),
        };
        found.map_or_else(String::new, |(system, code)| {
            written(system, &normalize(system, code).code)
        })
    }
}

/// Makes the question.
pub(super) fn question(input: Input) -> Result<Question, Failure> {
    let lines: Vec<(CodeSystem, String, Vec<String>)> =
        input.px.iter().map(split_modifiers).collect();
    let codes = Codes {
        id: input.id.clone(),
        diagnoses: input.dx.iter().map(|dx| dx.code().to_owned()).collect(),
        lines: lines.iter().map(|(system, code, _)| (*system, code.clone())).collect(),
    };
    let diagnoses = input.dx.iter().map(diagnosis).collect::<Result<_, _>>()?;
    let lines = lines.into_iter().zip(&input.px);
    let lines = lines
        .map(|((system, code, modifiers), given)| line(system, &code, modifiers, given))
        .collect::<Result<_, _>>()?;
    let encounter = v1::Encounter {
        encounter_id: input.id.unwrap_or_default(),
        service_date: day(input.dos.as_ref(), "dos")?,
        admission_date: day(input.admission.as_ref(), "admission")?,
        discharge_date: day(input.discharge.as_ref(), "discharge")?,
        age_years: input.age,
        age_days: input.age_days,
        sex: sex(input.sex.as_deref())?.into(),
        setting: setting(input.setting.as_deref())?.into(),
        patient_status: patient_status(input.patient_status.as_deref())?.into(),
        place_of_service: input.place_of_service.unwrap_or_default(),
        discharge_status: input.discharge_status.unwrap_or_default(),
        payer: input.payer.unwrap_or_default(),
        diagnoses,
        lines,
        is_claim: input.claim,
        claim_fields: input.claim_fields.map(|names| v1::ClaimFields { names }),
        condition_codes: input.condition_codes,
    };
    Ok(Question { encounter, codes })
}

fn day(text: Option<&String>, name: &str) -> Result<Option<v1::Date>, Failure> {
    let Some(text) = text else { return Ok(None) };
    // The text is not repeated: it is a fact of a patient.
    parse_iso(text)
        .map(|date| Some(to_proto(date)))
        .map_err(|_| Failure::Usage(format!("{name} is no day such as 2026-03-01")))
}

fn diagnosis(dx: &Dx) -> Result<v1::Diagnosis, Failure> {
    let (role, poa) = match dx {
        Dx::Code(_) => (None, None),
        Dx::Full(full) => (full.role.as_deref(), full.poa.clone()),
    };
    Ok(v1::Diagnosis {
        coding: Some(coding(CodeSystem::Icd10Cm, dx.code())),
        role: self::role(role)?.into(),
        present_on_admission: poa.unwrap_or_default().to_ascii_uppercase(),
    })
}

fn line(
    system: CodeSystem,
    code: &str,
    modifiers: Vec<String>,
    given: &Line,
) -> Result<v1::ServiceLine, Failure> {
    Ok(v1::ServiceLine {
        coding: Some(coding(system, code)),
        modifiers,
        units: given.units.map_or_else(String::new, |units| units.to_string()),
        service_date: day(given.dos.as_ref(), "dos of a line")?,
        diagnosis_pointers: given.dx_pointers.clone(),
        place_of_service: given.place_of_service.clone().unwrap_or_default(),
        provider_key: given.provider.clone().unwrap_or_default(),
        minutes: given.minutes,
        dangling_pointers: given.dangling_pointers.clone(),
    })
}

/// Takes modifiers off a code: `99213-25`. The system follows from the shape.
fn split_modifiers(line: &Line) -> (CodeSystem, String, Vec<String>) {
    let mut parts = line.code.trim().split('-');
    let code = parts.next().unwrap_or_default().to_owned();
    let modifiers = line.modifiers.iter().cloned().chain(parts.map(str::to_owned));
    let modifiers = modifiers
        .map(|modifier| modifier.trim().to_uppercase())
        .filter(|modifier| !modifier.is_empty());
    let plain = normalize(CodeSystem::Icd10Pcs, &code).code;
    let system = if hcpcs::has_shape(&plain) || hcpcs::has_cdt_shape(&plain) {
        CodeSystem::Hcpcs
    } else if cpt::category(&plain).is_none() && icd10pcs::has_loose_shape(&plain) {
        CodeSystem::Icd10Pcs
    } else {
        CodeSystem::Cpt
    };
    (system, code, modifiers.collect())
}

fn role(text: Option<&str>) -> Result<v1::DiagnosisRole, Failure> {
    match text {
        None | Some("") => Ok(v1::DiagnosisRole::Unspecified),
        Some("principal") => Ok(v1::DiagnosisRole::Principal),
        Some("secondary") => Ok(v1::DiagnosisRole::Secondary),
        Some("admitting") => Ok(v1::DiagnosisRole::Admitting),
        Some("reason_for_visit") => Ok(v1::DiagnosisRole::ReasonForVisit),
        Some("external_cause") => Ok(v1::DiagnosisRole::ExternalCause),
        Some(_) => {
            wrong("role is principal, secondary, admitting, reason_for_visit or external_cause")
        }
    }
}

fn sex(text: Option<&str>) -> Result<v1::Sex, Failure> {
    match text.map(str::to_ascii_uppercase).as_deref() {
        None | Some("") => Ok(v1::Sex::Unspecified),
        Some("F" | "FEMALE") => Ok(v1::Sex::Female),
        Some("M" | "MALE") => Ok(v1::Sex::Male),
        Some("O" | "OTHER") => Ok(v1::Sex::Other),
        Some(_) => wrong("sex is F, M or other"),
    }
}

fn setting(text: Option<&str>) -> Result<v1::Setting, Failure> {
    match text {
        None | Some("") => Ok(v1::Setting::Unspecified),
        Some("inpatient") => Ok(v1::Setting::Inpatient),
        Some("outpatient") => Ok(v1::Setting::OutpatientFacility),
        Some("professional") => Ok(v1::Setting::Professional),
        Some("dme") => Ok(v1::Setting::Dme),
        Some(_) => wrong("setting is inpatient, outpatient, professional or dme"),
    }
}

fn patient_status(text: Option<&str>) -> Result<v1::PatientStatus, Failure> {
    match text {
        None | Some("") => Ok(v1::PatientStatus::Unspecified),
        Some("new") => Ok(v1::PatientStatus::New),
        Some("established") => Ok(v1::PatientStatus::Established),
        Some(_) => wrong("patient_status is new or established"),
    }
}

fn wrong<T>(message: &str) -> Result<T, Failure> {
    Err(Failure::Usage(message.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_of_a_line_is_asked_with() {
        let input: Input = serde_json::from_str(
            r#"{"id":"1","dos":"2026-03-01","admission":"2026-02-27","discharge":"2026-03-01",
                "age_days":9,"sex":"other","setting":"inpatient","patient_status":"new",
                "place_of_service":"21","discharge_status":"01","payer":"acme","claim":true,
                "claim_fields":["npi"],"condition_codes":["G0"],
                "dx":["E11.9",{"code":"I10","role":"secondary","poa":"y"}],
                "px":[{"code":"99213-25","modifiers":["59"],"units":1.5,"minutes":30,
                       "dos":"2026-02-28","place_of_service":"22","provider":"p",
                       "dx_pointers":[1],"dangling_pointers":["E"]}]}"#,
        )
        .unwrap();
        let Question { encounter, codes } = question(input).unwrap();
        assert_eq!(encounter.sex(), v1::Sex::Other);
        assert_eq!(encounter.patient_status(), v1::PatientStatus::New);
        assert_eq!((encounter.age_days, encounter.is_claim), (Some(9), true));
        assert_eq!(encounter.claim_fields.unwrap().names, ["npi"]);
        assert_eq!(encounter.diagnoses[1].role(), v1::DiagnosisRole::Secondary);
        assert_eq!(encounter.diagnoses[1].present_on_admission, "Y");
        let line = &encounter.lines[0];
        assert_eq!((line.units.as_str(), line.minutes), ("1.5", Some(30)));
        assert_eq!(line.modifiers, ["59", "25"]);
        assert_eq!((line.provider_key.as_str(), line.dangling_pointers.len()), ("p", 1));
        assert_eq!(codes.written(Place::Line(0)), "99213");
    }

    #[test]
    fn a_wrong_value_is_named_and_not_repeated() {
        for (text, said) in [
            (r#"{"dos":"yesterday"}"#, "dos"),
            (r#"{"sex":"x"}"#, "sex"),
            (r#"{"setting":"home"}"#, "setting"),
            (r#"{"patient_status":"old"}"#, "patient_status"),
            (r#"{"dx":[{"code":"I10","role":"main"}]}"#, "role"),
        ] {
            let failure = question(serde_json::from_str(text).unwrap()).unwrap_err();
            let Failure::Usage(message) = failure else { panic!("{failure:?}") };
            assert!(message.contains(said) && !message.contains("yesterday"), "{message}");
        }
    }
}
