//! What is asked about notes: facts, roles, pointers and the split into questions.

use crate::{
    document::Document,
    encounter::{DiagnosisRole, Encounter, PatientStatus, Setting, Sex, Units},
    note::Mention,
};

/// The first question about a text.
fn encounter(text: &str) -> Encounter {
    Document::new(text).requests()[0].encounter.clone()
}

fn codes(encounter: &Encounter) -> Vec<&str> {
    encounter.diagnoses.iter().map(|it| it.text.as_str()).collect()
}

/// Each line as `code modifiers pointers dangling units place date`.
fn lines(encounter: &Encounter) -> Vec<String> {
    let line = |line: &crate::encounter::ServiceLine| {
        let date = line.service_date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        format!(
            "{} {:?} {:?} {:?} {} {} {date}",
            line.text,
            line.modifiers,
            line.diagnosis_pointers,
            line.dangling_pointers,
            line.units(),
            line.place_of_service.as_deref().unwrap_or("-"),
        )
    };
    encounter.lines.iter().map(line).collect()
}

#[test]
fn a_form_becomes_a_claim() {
    let text = "17. NAME OF REFERRING PROVIDER: DN Jane Roe\n21. DIAGNOSIS OR NATURE OF ILLNESS OR INJURY\nA. E11.65  B. I10  C. ____\n\
                23. PRIOR AUTHORIZATION NUMBER: A-12345\n24. A. DATE(S) OF SERVICE  B. PLACE OF SERVICE\n\
                03/02/2026 03/02/2026 11  99214 25  B,A  150.00  1  1234567893\n03/03/2026 03/03/2026 12  J1885  E  12.00  4\n";
    let encounter = encounter(text);
    assert!(encounter.is_claim);
    assert_eq!(codes(&encounter), ["E11.65", "I10"]);
    assert_eq!(
        lines(&encounter),
        ["99214 [\"25\"] [1, 0] [] 1 11 -", "J1885 [] [] [\"E\"] 4 12 2026-03-03",]
    );
    assert_eq!(encounter.claim_fields.unwrap(), ["auth_number", "npi", "referring"]);
    assert_eq!(encounter.service_date.unwrap().to_string(), "2026-03-02");
}

#[test]
fn segments_become_a_claim() {
    let text = "NM1*85*2*CLINIC*****XX*1234567893~\nHL*2*1*22*0~\nNM1*PR*2*EXAMPLE HEALTH*****PI*12345~\nDMG*D8*20260220*F~\n\
                CLM*1*150***21:B:1*Y~\nREF*G1*A1~\nHI*ABK:E1165*ABF:I10~\nLX*1~\n\
                SV1*HC:99214:25*150*UN*2*11**2:1~\nDTP*472*D8*20260302~\nLX*2~\nSV1*HC:J1885*12*UN*0.5***1:3~\nDTP*472*D8*20260303~\n";
    let encounter = encounter(text);
    assert_eq!(encounter.payer.as_deref(), Some("12345"));
    assert_eq!((encounter.age_years, encounter.age_days), (Some(0), Some(10)));
    assert_eq!((encounter.sex, encounter.setting), (Sex::Female, Setting::Professional));
    assert_eq!(encounter.place_of_service.as_deref(), Some("21"));
    assert_eq!(encounter.claim_fields.as_deref().unwrap(), ["auth_number", "billing", "npi"]);
    let roles: Vec<_> = encounter.diagnoses.iter().map(|it| it.role).collect();
    assert_eq!(roles, [DiagnosisRole::Principal, DiagnosisRole::Secondary]);
    assert_eq!(
        lines(&encounter),
        ["99214 [\"25\"] [1, 0] [] 2 11 -", "J1885 [] [0] [\"3\"] 0.5 - 2026-03-03",]
    );
}

#[test]
fn an_institutional_claim_has_its_dates_and_indicators() {
    let text = "CLM*1*150***11:A:1*Y~\nDTP*434*RD8*20260301-20260304~\nDTP*435*DT*202603011200~\nDTP*096*TM*1130~\nCL1*1*7*01~\n\
                HI*ABK:I214:::::::Y~\nHI*ABJ:R079~\nHI*APR:R079~\nHI*ABN:W1830XA:::::::N~\nHI*ABF:E1165:::::::U~\nHI*BG:C5*BG:17~\n\
                SV2*0450*HC:99284*900*UN*1~\n";
    let encounter = encounter(text);
    assert_eq!(encounter.setting, Setting::Inpatient);
    assert_eq!(encounter.admission_date.unwrap().to_string(), "2026-03-01");
    assert_eq!(encounter.discharge_date.unwrap().to_string(), "2026-03-04");
    assert_eq!(encounter.discharge_status.as_deref(), Some("01"));
    assert_eq!(encounter.condition_codes, ["C5", "17"]);
    let diagnoses: Vec<_> = encounter
        .diagnoses
        .iter()
        .map(|it| (it.text.as_str(), it.role, it.present_on_admission))
        .collect();
    assert_eq!(
        diagnoses,
        [
            ("I214", DiagnosisRole::Principal, Some('Y')),
            ("E1165", DiagnosisRole::Secondary, Some('U')),
            ("R079", DiagnosisRole::Admitting, None),
            ("W1830XA", DiagnosisRole::ExternalCause, Some('N')),
        ]
    );
}

#[test]
fn columns_become_fields() {
    let text = "DOS: 2026-03-02\nDx: E11.65, I10\n\n| DOS | CPT | Mod 1 | Mod 2 | Dx ptr | Units | POS | Minutes |\n|---|---|---|---|---|---|---|---|\n\
                | 2026-03-02 | 99214 | 25 | | A,B | 1 | 11 | 35 |\n| 2026-03-03 | J1885 | RT | 59 | C | 4 | 12 | |\n";
    let asked = encounter(text);
    assert_eq!(
        lines(&asked),
        ["99214 [\"25\"] [0, 1] [] 1 11 -", "J1885 [\"RT\", \"59\"] [] [\"C\"] 4 12 2026-03-03",]
    );
    assert!(asked.is_claim);
    assert_eq!(asked.lines[0].minutes, Some(35));
    let poa = encounter("| ICD-10 | POA |\n|---|---|\n| E11.65 | Y |\n| I10 | No |\n");
    let poa: Vec<_> = poa.diagnoses.iter().map(|it| it.present_on_admission).collect();
    assert_eq!(poa, [Some('Y'), Some('N')]);
}

#[test]
fn a_row_with_its_diagnosis_points_at_it() {
    let text =
        "| CPT | Units | Dx |\n|---|---|---|\n| 99214 | 1 | I10 |\n| J1885 | 2 | M54.50, I10 |\n";
    let asked = encounter(text);
    assert_eq!(codes(&asked), ["I10", "M54.50"]);
    assert_eq!(lines(&asked), ["99214 [] [0] [] 1 - -", "J1885 [] [1, 0] [] 2 - -"]);
    assert!(!asked.is_claim);
}

#[test]
fn a_sheet_has_an_encounter_for_each_claim() {
    let text = "claim_id,dos,cpt,units,dx,age,sex,payer\n1,2026-03-02,99214,1,I10,45,F,Medicare\n\
                1,2026-03-02,J1885,2,I10,45,F,Medicare\n2,2026-03-02,99213,1,E11.9,30,M,Other\n";
    let document = Document::new(text);
    let asked: Vec<_> = document.requests().iter().filter(|it| !it.each_code_only).collect();
    assert_eq!(asked.len(), 2);
    assert_eq!(lines(&asked[0].encounter).len(), 2);
    assert_eq!(codes(&asked[1].encounter), ["E11.9"]);
    assert_eq!(asked[1].encounter.payer.as_deref(), Some("Other"));
    assert_eq!((asked[1].encounter.age_years, asked[1].encounter.sex), (Some(30), Sex::Male));
}

#[test]
fn prose_is_no_sheet() {
    for text in [
        "Diagnosis, procedure code and modifier are checked.\nThe rest is not, as E11.9 shows, right?\n",
        "Dx: E11.9, CPT: 99213\nPlan: rest, fluids\n",
    ] {
        assert!(
            !Document::new(text)
                .note()
                .mentions
                .iter()
                .any(|it| it.place == crate::note::Place::Fence),
            "{text}"
        );
    }
}

#[test]
fn dentists_write_words_under_dx() {
    let text = "| Tooth | Surface | Dx | Code |\n|---|---|---|---|\n| 14 | MOD | D2 caries 2391 | D2391 |\n| 30 | | K02.9 | D0120 |\n";
    let note = crate::note::scan(text);
    let found: Vec<_> = note.mentions.iter().map(|it| &text[it.range.clone()]).collect();
    assert_eq!(found, ["K02.9"]);
}

#[test]
fn what_is_questioned_is_not_reported() {
    let document = Document::new("Dx: I10, E10.9 vs E11.9");
    let [reported, mentioned] = document.requests() else { panic!("two questions") };
    assert_eq!(codes(&reported.encounter), ["I10"]);
    assert!(mentioned.each_code_only);
    assert_eq!(codes(&mentioned.encounter), ["E10.9", "E11.9"]);
}

#[test]
fn pointers_survive_the_split() {
    assert_eq!(Document::new(&"Dx: E11.9, I10\n".repeat(300)).requests().len(), 7);
    let diagnoses: Vec<String> = (0..150)
        .map(|number| format!("| {number} | S{:02}.{:03}A | |", number / 10, number))
        .collect();
    let text = format!(
        "| Row | ICD-10 | CPT |\n|---|---|---|\n{}\n| x | I10 | 99214 |\n",
        diagnoses.join("\n")
    );
    let document = Document::new(&text);
    let [first, second] = document.requests() else { panic!("two questions") };
    assert_eq!((first.encounter.diagnoses.len(), second.encounter.diagnoses.len()), (100, 51));
    assert_eq!(second.encounter.lines[0].diagnosis_pointers, [50]);
    let written = |mention: &Mention| text[mention.range.clone()].to_owned();
    for request in [first, second] {
        let own = request.encounter.diagnoses.iter().map(|it| it.text.clone());
        let own: Vec<_> =
            own.chain(request.encounter.lines.iter().map(|it| it.text.clone())).collect();
        let mentions: Vec<_> =
            request.mentions.iter().map(|it| written(&document.note().mentions[*it])).collect();
        assert_eq!(own, mentions);
    }
}

#[test]
fn labels_say_the_part_of_a_diagnosis() {
    let asked = encounter(
        "Admitting diagnosis:\n- R07.9\nPrincipal diagnosis: I21.4\nSecondary diagnoses: E11.65, I10\n",
    );
    let roles: Vec<_> = asked.diagnoses.iter().map(|it| it.role).collect();
    assert_eq!(
        roles,
        [
            DiagnosisRole::Admitting,
            DiagnosisRole::Principal,
            DiagnosisRole::Secondary,
            DiagnosisRole::Secondary
        ]
    );
}

#[test]
fn form_locators_become_a_claim() {
    let text = "FL12: 03/01/2026\nFL 17: 01\nFL18: C5\nFL67: I21.4 (POA: Y)\nFL67A: E11.65\nFL69: R07.9\nFL72: W18.30XA\n";
    let asked = encounter(text);
    assert!(asked.is_claim);
    assert_eq!(asked.admission_date.unwrap().to_string(), "2026-03-01");
    assert_eq!(asked.discharge_status.as_deref(), Some("01"));
    assert_eq!(asked.condition_codes, ["C5"]);
    assert_eq!(asked.diagnoses[0].present_on_admission, Some('Y'));
    let roles: Vec<_> = asked.diagnoses.iter().map(|it| it.role).collect();
    assert_eq!(
        roles,
        [
            DiagnosisRole::Principal,
            DiagnosisRole::Secondary,
            DiagnosisRole::Admitting,
            DiagnosisRole::ExternalCause
        ]
    );
}

#[test]
fn prose_knows_little() {
    let asked = encounter("CPT: 99213, Dx: I10");
    assert_eq!((asked.claim_fields, asked.is_claim), (None, false));
    assert_eq!(asked.patient_status, PatientStatus::Unknown);
    assert_eq!(asked.lines[0].units, None);
    assert_eq!(Units::ONE, asked.lines[0].units());
}
