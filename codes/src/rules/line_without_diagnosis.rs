//! Claim lines and the diagnoses that they are for.

use crate::{
    claim_line::ClaimLine,
    encounter::{Item, JudgedEncounter, Setting},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// A claim line points at no diagnosis, or at more than the form takes.
    ///
    /// ## Why
    /// Each line of a professional claim names one to four of up to twelve diagnoses; one that names none is returned.
    ///
    /// ## Example
    /// ```note
    /// CLM*1*100***11:B:1*Y*A*Y*Y~
    /// HI*ABK:I10*ABF:E119*ABF:E785*ABF:N183*ABF:J449*ABF:K219*ABF:M5450*ABF:F329*ABF:G4700*ABF:R079*ABF:R059*ABF:Z7982~
    /// HI*ABF:Z6841~
    ///        ^^^^^ warning[line-without-diagnosis]: Z68.41 is diagnosis 13; a professional claim takes 12. Leave out what no line needs.
    /// SV1*HC:99213*100*UN*1***1~
    /// ```
    ///
    /// ## Exceptions
    /// Hospital claims have no pointers. Empty pointers count only on a claim whose pointers are known at all.
    ///
    /// ## Source
    /// NUCC 1500 claim form manual, items 21 and 24E (verify).
    "line-without-diagnosis", Warning, Reported, Coding(check),
    unverified("the limits of the CMS-1500 form that medcode ships")
}

/// Most diagnoses that a line points at.
const MOST_POINTERS: usize = 4;

/// Most diagnoses of a professional claim.
const MOST_DIAGNOSES: usize = 12;

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let claim = encounter.encounter;
    if matches!(claim.setting, Setting::Outpatient | Setting::Inpatient) {
        return;
    }
    let lines = encounter.claim_lines();
    let points = |line: &ClaimLine<'_>| {
        !(line.line.diagnosis_pointers.is_empty() && line.line.dangling_pointers.is_empty())
    };
    // A text says that it is a claim and gives its lines without pointers.
    let are_known = claim.claim_fields.is_some() || lines.iter().any(points);
    for line in &lines {
        if points(line) {
            pointed(encounter, report, line);
        } else if claim.is_claim && are_known {
            let message =
                format!("{} points at no diagnosis; name the one that it was done for.", line.key);
            report.fail_on_line(encounter, line, message);
        } else if claim.is_claim {
            report.fact_missing("diagnosis_pointers");
        }
    }
    let beyond = encounter.items.iter().find(|coded| coded.item == Item::Diagnosis(MOST_DIAGNOSES));
    if let Some(coded) = beyond.filter(|_| claim.is_claim) {
        let message = format!(
            "{} is diagnosis {}; a professional claim takes {MOST_DIAGNOSES}. Leave out what no line needs.",
            coded.judgement.written(),
            MOST_DIAGNOSES + 1,
        );
        report.fail(coded.item, &coded.judgement, message);
    }
}

fn pointed(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>, line: &ClaimLine<'_>) {
    let known = encounter.encounter.diagnoses.len();
    let pointers = &line.line.diagnosis_pointers;
    let outside = pointers.iter().filter(|pointer| **pointer >= known);
    let mut dangling: Vec<String> = line.line.dangling_pointers.clone();
    dangling.extend(outside.map(|pointer| (pointer + 1).to_string()));
    let count = pointers.len() + line.line.dangling_pointers.len();
    if !dangling.is_empty() {
        let message = format!(
            "{} points at {}, where no diagnosis stands; correct the pointer.",
            line.key,
            dangling.join(", "),
        );
        report.fail_on_line(encounter, line, message);
    }
    if count > MOST_POINTERS {
        let message = format!(
            "{} points at {count} diagnoses; a line takes {MOST_POINTERS}. Keep those that it was done for.",
            line.key
        );
        report.fail_on_line(encounter, line, message);
    } else if dangling.is_empty() {
        report.pass();
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::{Encounter, Setting},
        testing::{claims::lines_of, encounter_of, outcome_of, reports_of},
    };

    const RULE: &str = "line-without-diagnosis";

    fn claim(lines: &str) -> Encounter {
        let diagnoses = encounter_of("I10, E11.9, N18.6").diagnoses;
        Encounter { is_claim: true, diagnoses, ..lines_of(lines) }
    }

    #[test]
    fn reports_pointers_that_name_nothing() {
        let mut encounter = claim("99213");
        encounter.lines[0].dangling_pointers = vec!["E".to_owned()];
        assert_eq!(reports_of(RULE, &encounter), ["warning 99213"]);
        encounter.lines[0].dangling_pointers.clear();
        encounter.lines[0].diagnosis_pointers = vec![3];
        assert_eq!(reports_of(RULE, &encounter), ["warning 99213"]);
        encounter.lines[0].diagnosis_pointers = vec![0];
        assert!(reports_of(RULE, &encounter).is_empty());
        assert_eq!(outcome_of(RULE, &encounter).as_deref(), Some("pass"));
    }

    #[test]
    fn reports_a_line_without_a_pointer_beside_one_with() {
        let mut encounter = claim("99213, 36415");
        assert_eq!(outcome_of(RULE, &encounter).as_deref(), Some("no_data"));
        encounter.lines[0].diagnosis_pointers = vec![0];
        assert_eq!(reports_of(RULE, &encounter), ["warning 36415"]);
        encounter.is_claim = false;
        assert!(reports_of(RULE, &encounter).is_empty());
        let mut encounter = claim("99213");
        encounter.claim_fields = Some(Vec::new());
        assert_eq!(reports_of(RULE, &encounter), ["warning 99213"]);
    }

    #[test]
    fn reports_more_than_the_form_takes() {
        let mut encounter = claim("99213");
        encounter.lines[0].diagnosis_pointers = vec![0, 1, 2, 0, 1];
        assert_eq!(reports_of(RULE, &encounter), ["warning 99213"]);
        let thirteen =
            encounter_of("I10, E11.9, N18.6, I10, I10, I10, I10, I10, I10, I10, I10, I10, E78.5");
        encounter.diagnoses = thirteen.diagnoses;
        encounter.lines[0].diagnosis_pointers = vec![0];
        assert_eq!(reports_of(RULE, &encounter), ["warning E78.5"]);
        encounter.setting = Setting::Inpatient;
        assert!(reports_of(RULE, &encounter).is_empty());
    }

    #[test]
    fn lines_of_a_note_need_no_pointer() {
        assert_eq!(outcome_of(RULE, &lines_of("99213")), None);
    }
}
