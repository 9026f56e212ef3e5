//! Claims in X12.

use super::*;
use crate::note::scan;
use jiff::civil::date;

#[test]
fn reads_diagnoses_and_services_with_their_systems() {
    let text = "HI*ABK:E119*ABF:I10:::::::Y~HI*BBR:0DTJ4ZZ:D8:20260302*DR:470~SV1*HC:99213:25:LT*120*UN*1***1:2~\
                SV2*0450*HC:J1885*20*UN*1~SV1*AD:D0120*5~HI*BK:25000~";
    let note = scan(text);
    let found: Vec<(&str, CodeSystem)> =
        note.mentions.iter().map(|it| (&text[it.range.clone()], it.system)).collect();
    assert_eq!(
        found,
        [
            ("E119", CodeSystem::Icd10Cm),
            ("I10", CodeSystem::Icd10Cm),
            ("0DTJ4ZZ", CodeSystem::Icd10Pcs),
            ("99213", CodeSystem::Cpt),
            ("J1885", CodeSystem::Hcpcs),
        ]
    );
    assert!(note.mentions.iter().all(|it| it.place == Place::Claim && it.declared));
    assert_eq!(note.mentions[3].modifiers.len(), 2);
    assert!(note.encounters[0].is_claim);
}

#[test]
fn an_ill_formed_code_is_still_one() {
    let note = scan("HI*ABK:E1~");
    assert_eq!(note.mentions.len(), 1);
}

#[test]
fn each_claim_is_an_encounter_with_its_patient() {
    let text = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1145*^*00501*000000001*0*P*:~\n\
                HL*2*1*22*0~\nDMG*D8*19800401*F~\nCLM*1*150***11:B:1*Y~\nHI*ABK:I10~\nDTP*472*D8*20260302~\n\
                CLM*2*150***11:A:1*Y~\nHI*ABK:E119~\nDTP*434*RD8*20260305-20260307~\n";
    let note = scan(text);
    assert_eq!(note.mentions.iter().map(|it| it.encounter).collect::<Vec<_>>(), [0, 1]);
    let [first, second] = &note.encounters[..] else { panic!("two encounters") };
    assert_eq!(
        (first.age_years, first.sex, first.setting),
        (Some(45), Some(Sex::Female), Some(Setting::Professional))
    );
    assert_eq!(first.service_date.as_ref().unwrap().date, date(2026, 3, 2));
    assert_eq!(second.setting, Some(Setting::Inpatient));
    assert_eq!(second.discharge_date.as_ref().unwrap().date, date(2026, 3, 7));
}

#[test]
fn the_envelope_declares_the_signs() {
    let text = "ISA|00|          |00|          |ZZ|A              |ZZ|B              |260302|1145|^|00501|000000001|0|P|>!HI|ABK>E119|ABF>I10!";
    let note = scan(text);
    assert_eq!(note.mentions.len(), 2);
}
