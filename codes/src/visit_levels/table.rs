//! The rows, family by family, lowest level first.

use super::{VisitFamily as Family, VisitLevel};
use crate::date::{Date, ICD10_START};

const OFFICE: &str = "CPT 2021, guidelines for office visits";
const OTHERS: &str = "CPT 2023, guidelines for evaluation and management";
const CHANGED: &str = "CPT 2024, guidelines for evaluation and management";
const BY_AGE: &str = "CPT, preventive visits: chosen by age";
const TIMED: &str = "CPT, services defined by time";

const IN_2021: Date = jiff::civil::date(2021, 1, 1);
const IN_2023: Date = jiff::civil::date(2023, 1, 1);
const IN_2024: Date = jiff::civil::date(2024, 1, 1);
const END_2023: Date = jiff::civil::date(2023, 12, 31);

const fn row(
    (valid_from, source): (Date, &'static str),
    family: Family,
    code: &'static str,
    minimum: Option<u16>,
) -> VisitLevel {
    VisitLevel { family, code, minimum, valid_from, valid_to: None, source, verified: false }
}

const fn office(family: Family, code: &'static str, minimum: Option<u16>) -> VisitLevel {
    row((IN_2021, OFFICE), family, code, minimum)
}

const fn other(family: Family, code: &'static str, minimum: Option<u16>) -> VisitLevel {
    row((IN_2023, OTHERS), family, code, minimum)
}

const fn changed(family: Family, code: &'static str, minimum: u16) -> VisitLevel {
    row((IN_2024, CHANGED), family, code, Some(minimum))
}

const fn until_2023(family: Family, code: &'static str, minimum: u16) -> VisitLevel {
    let level = row((IN_2023, OTHERS), family, code, Some(minimum));
    VisitLevel { valid_to: Some(END_2023), ..level }
}

const fn by_age(family: Family, code: &'static str) -> VisitLevel {
    row((ICD10_START, BY_AGE), family, code, None)
}

const fn timed(family: Family, code: &'static str, minimum: u16) -> VisitLevel {
    row((ICD10_START, TIMED), family, code, Some(minimum))
}

pub(super) static LEVELS: &[VisitLevel] = &[
    office(Family::OfficeNew, "99202", Some(15)),
    office(Family::OfficeNew, "99203", Some(30)),
    office(Family::OfficeNew, "99204", Some(45)),
    office(Family::OfficeNew, "99205", Some(60)),
    office(Family::OfficeEstablished, "99211", None),
    office(Family::OfficeEstablished, "99212", Some(10)),
    office(Family::OfficeEstablished, "99213", Some(20)),
    office(Family::OfficeEstablished, "99214", Some(30)),
    office(Family::OfficeEstablished, "99215", Some(40)),
    other(Family::HospitalInitial, "99221", Some(40)),
    other(Family::HospitalInitial, "99222", Some(55)),
    other(Family::HospitalInitial, "99223", Some(75)),
    other(Family::HospitalSubsequent, "99231", Some(25)),
    other(Family::HospitalSubsequent, "99232", Some(35)),
    other(Family::HospitalSubsequent, "99233", Some(50)),
    other(Family::HospitalSameDay, "99234", Some(45)),
    other(Family::HospitalSameDay, "99235", Some(70)),
    other(Family::HospitalSameDay, "99236", Some(85)),
    other(Family::HospitalDischarge, "99238", None),
    other(Family::HospitalDischarge, "99239", Some(31)),
    other(Family::ConsultationOffice, "99242", Some(20)),
    other(Family::ConsultationOffice, "99243", Some(30)),
    other(Family::ConsultationOffice, "99244", Some(40)),
    other(Family::ConsultationOffice, "99245", Some(55)),
    other(Family::ConsultationInpatient, "99252", Some(35)),
    other(Family::ConsultationInpatient, "99253", Some(45)),
    other(Family::ConsultationInpatient, "99254", Some(60)),
    other(Family::ConsultationInpatient, "99255", Some(80)),
    other(Family::Emergency, "99281", None),
    other(Family::Emergency, "99282", None),
    other(Family::Emergency, "99283", None),
    other(Family::Emergency, "99284", None),
    other(Family::Emergency, "99285", None),
    other(Family::NursingInitial, "99304", Some(25)),
    other(Family::NursingInitial, "99305", Some(35)),
    until_2023(Family::NursingInitial, "99306", 45),
    changed(Family::NursingInitial, "99306", 50),
    other(Family::NursingSubsequent, "99307", Some(10)),
    until_2023(Family::NursingSubsequent, "99308", 15),
    changed(Family::NursingSubsequent, "99308", 20),
    other(Family::NursingSubsequent, "99309", Some(30)),
    other(Family::NursingSubsequent, "99310", Some(45)),
    other(Family::NursingDischarge, "99315", None),
    other(Family::NursingDischarge, "99316", Some(31)),
    other(Family::HomeNew, "99341", Some(15)),
    other(Family::HomeNew, "99342", Some(30)),
    other(Family::HomeNew, "99344", Some(60)),
    other(Family::HomeNew, "99345", Some(75)),
    other(Family::HomeEstablished, "99347", Some(20)),
    other(Family::HomeEstablished, "99348", Some(30)),
    other(Family::HomeEstablished, "99349", Some(40)),
    other(Family::HomeEstablished, "99350", Some(60)),
    by_age(Family::PreventiveNew, "99381"),
    by_age(Family::PreventiveNew, "99382"),
    by_age(Family::PreventiveNew, "99383"),
    by_age(Family::PreventiveNew, "99384"),
    by_age(Family::PreventiveNew, "99385"),
    by_age(Family::PreventiveNew, "99386"),
    by_age(Family::PreventiveNew, "99387"),
    by_age(Family::PreventiveEstablished, "99391"),
    by_age(Family::PreventiveEstablished, "99392"),
    by_age(Family::PreventiveEstablished, "99393"),
    by_age(Family::PreventiveEstablished, "99394"),
    by_age(Family::PreventiveEstablished, "99395"),
    by_age(Family::PreventiveEstablished, "99396"),
    by_age(Family::PreventiveEstablished, "99397"),
    timed(Family::CriticalCare, "99291", 30),
    timed(Family::Psychotherapy, "90832", 16),
    timed(Family::Psychotherapy, "90834", 38),
    timed(Family::Psychotherapy, "90837", 53),
    timed(Family::AdvanceCarePlanning, "99497", 16),
    timed(Family::Tobacco, "99406", 4),
    timed(Family::Tobacco, "99407", 11),
];
