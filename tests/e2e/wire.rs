//! A check over the wire is the same as one over the terminology at hand.

use std::sync::{Arc, LazyLock};

use medcode_codes::{
    date::Date,
    document::{EncounterAnswer, EncounterRequest},
    encounter::{
        Diagnosis, DiagnosisRole, Encounter, PatientStatus, ServiceLine, Setting, Sex, Units,
    },
    system::CodeSystem,
    testing::{TODAY, own_sample, sample},
};
use medcode_lsp::wire::{encounter_answer, encounter_request};
use medcode_proto::v1::encounter_service_client::EncounterServiceClient;
use medcode_server::{
    app::App,
    catalog::{Catalog, snapshot::Snapshot},
    config::Config,
};
use proptest::{prelude::*, sample::select};
use tokio::runtime::Runtime;
use tonic::transport::Channel;

/// A service over the sample, and what it runs on.
static SERVICE: LazyLock<(Runtime, Channel)> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let catalog = Arc::new(Catalog::default());
    catalog.publish(Snapshot::new(own_sample(), Vec::new(), Vec::new()));
    let _guard = runtime.enter();
    let channel = App::new(Config::default(), catalog, || TODAY).into_channel();
    (runtime, channel)
});

fn over_the_wire(request: &EncounterRequest) -> Option<EncounterAnswer> {
    let (runtime, channel) = &*SERVICE;
    let mut client = EncounterServiceClient::new(channel.clone());
    let answer = runtime.block_on(client.validate_encounter(encounter_request(request)));
    encounter_answer(request, answer.unwrap().into_inner())
}

/// Codes of every kind: good, ended, too short, mistyped, unknown, of another system, no codes.
const DIAGNOSES: [&str; 22] = [
    "E11.9", "E10.9", "E11.65", "e11.65", "M54.5", "N18.3", "N18.6", "D63.1", "S72.001A",
    "S72.001", "S72001", "T36.0X1", "T360X1A", "O80", "C61", "I10", "E11.66", "250.00", "E08-E13",
    "l10", "99213", "x",
];
const LINES: [(CodeSystem, &str); 8] = [
    (CodeSystem::Cpt, "99213"),
    (CodeSystem::Cpt, "J1885"),
    (CodeSystem::Hcpcs, "J1885"),
    (CodeSystem::Hcpcs, "D0120"),
    (CodeSystem::Icd10Pcs, "0DTJ4ZZ"),
    (CodeSystem::Icd10Pcs, "0DTJ4ZO"),
    (CodeSystem::Icd10Pcs, "XXXXXXX"),
    (CodeSystem::Hcpcs, "Z9999"),
];
const DAYS: [&str; 7] = [
    "2014-01-01",
    "2015-10-01",
    "2021-09-30",
    "2025-10-01",
    "2026-04-01",
    "2026-11-23",
    "2031-01-01",
];

fn day() -> impl Strategy<Value = Option<Date>> {
    prop::option::of(select(&DAYS[..]).prop_map(|day| day.parse().unwrap()))
}

fn diagnosis() -> impl Strategy<Value = Diagnosis> {
    let role = select(vec![
        DiagnosisRole::ByPosition,
        DiagnosisRole::Principal,
        DiagnosisRole::Secondary,
        DiagnosisRole::Admitting,
        DiagnosisRole::ReasonForVisit,
        DiagnosisRole::ExternalCause,
    ]);
    let poa = prop::option::of(select(vec!['Y', 'N', 'U', 'W', '1']));
    (select(&DIAGNOSES[..]), role, poa).prop_map(|(code, role, present_on_admission)| Diagnosis {
        role,
        present_on_admission,
        ..Diagnosis::new(CodeSystem::Icd10Cm, code)
    })
}

fn line() -> impl Strategy<Value = ServiceLine> {
    let modifiers = prop::collection::vec(select(vec!["25", "59", "RT", "LT", "GA"]), 0..=4);
    let units = prop::option::of(select(vec!["1", "2.5", "0.125", "1000"]));
    let place = prop::option::of(select(vec!["11", "22"]));
    let facts = (modifiers, units, day(), place, prop::option::of(0u32..120));
    (select(&LINES[..]), facts).prop_map(|((system, code), facts)| {
        let (modifiers, units, service_date, place, minutes) = facts;
        ServiceLine {
            modifiers: modifiers.into_iter().map(str::to_owned).collect(),
            units: units.and_then(Units::parse),
            service_date,
            place_of_service: place.map(str::to_owned),
            minutes,
            provider: minutes.map(|minutes| format!("provider-{}", minutes % 2)),
            ..ServiceLine::new(system, code)
        }
    })
}

prop_compose! {
    fn encounter()(
        setting in select(vec![
            Setting::Unknown, Setting::Professional, Setting::Outpatient, Setting::Inpatient, Setting::Dme,
        ]),
        sex in select(vec![Sex::Unknown, Sex::Female, Sex::Male, Sex::Other]),
        patient_status in select(vec![
            PatientStatus::Unknown, PatientStatus::New, PatientStatus::Established,
        ]),
        days in (day(), day(), day()),
        age_years in prop::option::of(0u32..110),
        age_days in prop::option::of(0u32..=365),
        is_claim in any::<bool>(),
        knows_fields in any::<bool>(),
        discharge_status in prop::option::of(select(vec!["01", "20", "99"])),
        diagnoses in prop::collection::vec(diagnosis(), 0..6),
        mut lines in prop::collection::vec(line(), 0..4),
        pointers in prop::collection::vec(0usize..6, 0..3),
    ) -> Encounter {
        if let Some(line) = lines.first_mut() {
            line.diagnosis_pointers =
                pointers.into_iter().filter(|pointer| *pointer < diagnoses.len()).collect();
            line.dangling_pointers = is_claim.then(|| "E".to_owned()).into_iter().collect();
        }
        Encounter {
            setting,
            service_date: days.0,
            admission_date: days.1,
            discharge_date: days.2,
            // An age in days says that it is 0 years.
            age_years: if age_days.is_some() { Some(0) } else { age_years },
            age_days,
            sex,
            patient_status,
            place_of_service: is_claim.then(|| "11".to_owned()),
            discharge_status: discharge_status.map(str::to_owned),
            payer: None,
            is_claim,
            claim_fields: knows_fields.then(|| vec!["npi".to_owned(), "referring".to_owned()]),
            condition_codes: if is_claim { vec!["G0".to_owned()] } else { Vec::new() },
            diagnoses,
            lines,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_over_the_wire_is_the_answer(
        encounter in encounter(),
        each_code_only in any::<bool>(),
        strict_excludes1 in any::<bool>(),
        as_of in day(),
        all_on in any::<bool>(),
        term_buckets in prop::collection::vec(any::<u16>(), 0..4),
    ) {
        let off = medcode_codes::rules::RULES.iter().filter(|rule| all_on && !rule.is_on);
        let request = EncounterRequest {
            encounter,
            each_code_only,
            as_of,
            switched_on: off.map(|rule| rule.id.to_owned()).collect(),
            strict_excludes1,
            term_buckets,
            mentions: Vec::new(),
        };
        prop_assert_eq!(over_the_wire(&request), Some(request.answer(sample(), TODAY)));
    }
}
