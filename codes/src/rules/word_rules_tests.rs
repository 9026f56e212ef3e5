//! Rules about words outside of the documentation family, over whole notes. Every note is invented.

use super::{RULES, documentation_tests::PLAIN_NOTES};
use crate::{
    document::CheckSettings,
    rule::{Check, Scope},
    testing::{TODAY, notation, sample},
};

/// What rules about words report of a note, as `rule code`.
fn found(note: &str) -> Vec<String> {
    let about_words = |label: &str| {
        let id = label.split(['[', ']']).nth(1).unwrap_or_default();
        let rule = RULES.iter().find(|rule| rule.id == id)?;
        let is_text = matches!(rule.check, Check::Text(_)) && rule.scope == Scope::Reported;
        let code = label
            .split("]: ")
            .nth(1)?
            .split(' ')
            .find(|word| word.len() >= 3 && word.contains(|it: char| it.is_ascii_digit()))?;
        is_text.then(|| format!("{id} {}", code.trim_matches(['.', ',', ';'])))
    };
    let all = notation::issues(note, sample(), TODAY, &CheckSettings::default());
    all.iter().filter_map(|issue| about_words(&issue.label)).collect()
}

/// Notes with mistakes, each with what is to be found in it.
const WITH_MISTAKES: &[(&[&str], &str)] = &[
    (
        &["laterality-mismatch M25.561"],
        "DOS: 2026-03-02\nCC: knee pain\nHPI: 61F, right-handed, with 3 weeks of pain in the left knee after gardening. No locking. Right hip replaced in 2019.\nExam: left knee effusion, no warmth.\nA/P:\n1. Left knee pain (M25.561) - NSAIDs, XR left knee, follow up in 4 weeks.\n2. Essential hypertension (I10) - stable.",
    ),
    (
        &["side-not-coded M25.569", "em-time-below-level 99215"],
        "DOS: 2026-03-02\nAssessment:\n- Right knee pain (M25.569): brace, home exercises 20 minutes daily.\nTotal time spent on the date of the encounter: 22 minutes, excluding procedures.\nCPT: 99215",
    ),
    (
        &["seventh-character-text-mismatch S52.502A"],
        "DOS: 2026-03-02\nOrtho clinic. Three weeks out from a fall on the ice.\n1. Follow-up of left distal radius fracture (S52.502A). XR shows callus. Cast for two more weeks.",
    ),
    (
        &["em-time-above-level 99213"],
        "DOS: 2026-03-02\nEstablished patient with HTN (I10) and long discussion of diet and stress at home.\nI spent a total of 42 minutes on this visit today, more than half of it counseling.\nCPT: 99213",
    ),
    (
        &["new-or-established-mismatch 99203"],
        "DOS: 2026-03-02\nEstablished patient, last seen 4 months ago for hypertension, today with sore throat.\nAssessment: Acute pharyngitis (J02.9). Return if fever.\nCPT: 99203",
    ),
    (
        &["gestation-text-mismatch Z3A.36"],
        "DOS: 2026-03-02\nL&D triage. 31F G2P1001, IUP at 39w1d by early ultrasound on chart.\nContractions every 5 minutes. First baby born at 38 weeks. FHR reassuring.\nDx: O47.1, Z3A.36",
    ),
    (
        &["hiv-disease-for-status B20"],
        "DOS: 2026-03-02\nHIV clinic. Diagnosed 2024, never had an opportunistic infection. CD4 812, viral load undetectable on Biktarvy.\nAssessment: HIV positive, asymptomatic. Dx: B20",
    ),
    (
        &["diabetes-treatment-not-coded E11.9"],
        "DOS: 2026-03-02\nMedications: metformin 1000 mg BID, atorvastatin 40 mg\nAssessment: Type 2 diabetes (E11.9), hyperlipidemia (E78.5).",
    ),
    (
        &["osteoporotic-fracture-as-injury S72.001A"],
        "DOS: 2026-03-02\n82F with known osteoporosis on alendronate. Tripped over the cat in the kitchen and could not bear weight.\nDx: S72.001A Fracture of right femoral neck",
    ),
    (
        &["laterality-mismatch C50.911", "new-or-established-mismatch 99214"],
        "DOS: 2026-03-02\nNew patient, second opinion. 58F.\n1. Cancer of the left breast (C50.911), ER positive. Discussed surgery; she left with printed plans.\nCPT: 99214",
    ),
    (
        &["side-not-coded H25.10", "diabetes-treatment-not-coded E11.9"],
        "DOS: 2026-03-02\nEye clinic. On glipizide for years, A1c 7.\n- Nuclear cataract OS (H25.10), glare\n- Type 2 diabetes without retinopathy (E11.9)",
    ),
    (
        &["seventh-character-text-mismatch S93.401A", "em-time-below-level 99214"],
        "DOS: 2026-03-02\n1. Recheck of right ankle sprain (S93.401A), swelling gone.\nTime in 10:05 - 10:24, all with the patient.\nCPT: 99214",
    ),
    (
        &["osteoporotic-fracture-as-injury S32.010A", "em-time-above-level 99221"],
        "DOS: 2026-03-02\nAdmitted from home after a ground-level fall. Osteoporosis, not treated so far.\n1. L1 wedge compression fracture (S32.010A)\nTotal time on the date of admission: 1 hour 10 minutes.\nCPT: 99221",
    ),
    (
        &["ed-level-by-time 99284"],
        "DOS: 2026-03-02\nED note. Arrival 10:05. 33M with flank pain, CT negative for stone.\nLevel of service is based on total time of 55 minutes.\nCPT: 99284",
    ),
];

/// Notes in which nothing is wrong, and much may look so.
const RIGHT: &[&str] = &[
    "DOS: 2026-03-02\nOrtho. Right-hand-dominant carpenter, pain in the left knee for 6 weeks, right knee fine. Patient left work early yesterday.\n1. Left knee pain (M25.562)\n2. H/o right ankle sprain 2018\nRTC 4 weeks. CPT: 99213, time 24 minutes.",
    "DOS: 2026-03-02\nED. Ankle sprain, right (S93.401A). Walked in. Seen 10:05, discharged 11:40. Follow up with ortho in 1 week, physical therapy if not better.\nCPT: 99283",
    "DOS: 2026-03-02\nNew patient, here to establish care. Previously followed elsewhere. Follow-up in 3 months.\nHTN (I10), stable. Total time today 48 min.\nCPT: 99204",
    "DOS: 2026-03-02\nEstablished patient. Smoking cessation counseling 5 minutes. Spent time discussing diet. MDM moderate.\nDx: I10, F17.210\nCPT: 99214, 99406",
    "DOS: 2026-03-02\nOB. 28F G2P1001 at 20 weeks, dating ultrasound at 8 weeks. Last pregnancy delivered at 36 weeks. Return in 4 weeks.\nDx: Z34.82, Z3A.20",
    "DOS: 2026-03-02\nHIV (icd10:B20), on Biktarvy, history of PJP pneumonia in 2015, now asymptomatic.",
    "DOS: 2026-03-02\nT2DM (E11.9), diet controlled. Discussed starting metformin, declined. Insulin not needed.",
    "DOS: 2026-03-02\nMVC, restrained driver. Osteoporosis on DEXA 2024.\nDx: S72.001A, M81.0",
    "DOS: 2026-03-02\nEye: cataract OD (H25.11). OS pseudophakic. Glare at night.",
    "DOS: 2026-03-02\nPT daily note. Gait training 15 min, exercise 30 minutes. Left hip stiff, healing on schedule.\nDx: S72.002D\nCPT: 97110, 97116",
    "DOS: 2026-03-02\nSurgery discharge day. Discharge took more than 30 minutes. Wound clean.\nCPT: 99239",
    "DOS: 2026-03-02\n58F with left breast cancer s/p left mastectomy 2023, now right breast cancer (C50.911). Sentinel node biopsy on the right 03/10.",
    "DOS: 2026-03-02\nFell off a ladder onto his left side. Right shoulder sore, left knee scraped.\nAssessment:\n1. Fracture of upper end of right humerus (S42.201A)\n2. Essential hypertension (I10)",
    "DOS: 2026-03-02\nPlan: heat, PT twice a week for 6 weeks, follow-up in 2 weeks for recheck, sooner if worse.\nDx: S93.401A, W19.XXXA",
    "DOS: 2026-03-02\nOB. 33F G3P2002, pregnant, GA 38w6d. Prior cesarean at 37 weeks. Induction planned at 39w0d. Last seen 1 week ago.\nDx: Z34.83, Z3A.38",
    "DOS: 2026-03-02\nEar pain R > L for 3 days. Right TM bulging.\nDx: Otitis media, right ear (H66.91)\nTotal time 21 min. CPT: 99213",
    "DOS: 2026-03-02\nCardiology consult, new patient to me; established patient of the practice's primary care.\nTotal time 50 minutes including review of records.\nCPT: 99204",
    "DOS: 2026-03-02\nTelehealth. Video time 12 minutes; call lasted 14 minutes.\nDx: J06.9\nCPT: 99213-95",
    "DOS: 2026-03-02\nNursing facility follow-up visit. Seen with daughter, who left before noon. Time 31 min.\nCPT: 99309",
    "DOS: 2026-03-02\nHome BP up. Glucose log: insulin held by ED for lows. Takes no tablets.\nDx: E11.649, I10",
    "DOS: 2026-03-02\nDEXA ordered to screen for osteoporosis. Tripped on curb, wrist swollen.\nDx: S52.501A, W01.0XXA",
    "DOS: 2026-03-02\nInfusion start 9:05, stop 10:40. Spent 15 minutes on teaching.\nDx: D50.9\nCPT: 96365, 99213-25",
    "DOS: 2026-03-02\nPsych. Psychotherapy 45 minutes with E/M, start 10:00 stop 10:50.\nDx: F33.1\nCPT: 99213, 90836",
];

#[test]
fn finds_the_mistakes_of_whole_notes() {
    for (expected, note) in WITH_MISTAKES {
        assert_eq!(found(note), *expected, "{note}");
    }
}

#[test]
fn silent_on_notes_that_are_right() {
    for note in RIGHT {
        assert_eq!(found(note), [] as [&str; 0], "{note}");
    }
}

#[test]
fn plain_notes_are_silent() {
    for note in PLAIN_NOTES.split("\n%%%%\n") {
        let mut issues = found(note);
        // How diabetes is treated is seldom coded; these notes leave it out on purpose.
        issues.retain(|issue| !issue.starts_with("diabetes-treatment-not-coded"));
        assert_eq!(issues, [] as [&str; 0], "{note}");
    }
}
