//! Z33.1 beside chapter 15.

use crate::{
    attempts::note_between,
    cue::Cue,
    encounter::JudgedEncounter,
    obstetrics::is_obstetric,
    rule::{Report, declare_rule},
    tabular::NoteKind,
};

declare_rule! {
    /// Z33.1 (incidental pregnancy) stands beside a code of chapter 15.
    ///
    /// ## Why
    /// Z33.1 says that the pregnancy has no bearing on the encounter; a code of chapter 15 says that it has.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: O24.414, Z33.1
    ///              ^^^^^ error[incidental-pregnancy-with-obstetric-code]: Z33.1 (Pregnant state, incidental) says that the pregnancy does not matter here, O24.414 says that it does (ICD-10-CM guideline I.C.15.a.1). Remove Z33.1.
    /// ```
    ///
    /// ## Exceptions
    /// None.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.15.a.1 and I.C.21.c.3; Excludes1 note at Z33.1.
    "incidental-pregnancy-with-obstetric-code", Error, Reported, Coding(check), about(Cue::Begins(&["Z331"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(incidental) = diagnoses.iter().find(|it| it.starts_with("Z331")) else { return };
    let Some(obstetric) = diagnoses.iter().find(|it| is_obstetric(it)) else {
        return report.pass();
    };
    let message = format!(
        "{} says that the pregnancy does not matter here, {} says that it does (ICD-10-CM guideline I.C.15.a.1). \
         Remove Z33.1.",
        incidental.named(),
        obstetric.written(),
    );
    let issue = report.fail_on(encounter, incidental, message).and(obstetric);
    issue.remove(incidental.item, &incidental.written());
    if let Some(note) = note_between(incidental, obstetric, NoteKind::Excludes1) {
        issue.note(note);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, issues_for_codes, outcome_of, reports};

    const RULE: &str = "incidental-pregnancy-with-obstetric-code";

    #[test]
    fn reports_it_in_any_order() {
        assert_eq!(reports(RULE, "Z33.1, O09.91"), ["error Z33.1 O09.91"]);
        assert_eq!(reports(RULE, "O24.414, E11.9, Z33.1"), ["error Z33.1 O24.414"]);
    }

    #[test]
    fn accepts_a_pregnancy_that_is_incidental() {
        assert!(reports(RULE, "S61.411A, Z33.1").is_empty());
        assert!(reports(RULE, "Z33.2, O09.91").is_empty());
    }

    #[test]
    fn speaks_for_the_note_and_keeps_it() {
        let issues = issues_for_codes(&["Z33.1", "O09.91"], "2026-04-01");
        assert!(issues.iter().all(|issue| issue.rule != "excludes1-conflict"));
        let issue = issues.iter().find(|issue| issue.rule == RULE).unwrap();
        assert_eq!(issue.notes[0].owner, "Z33.1");
        assert_eq!(issue.fixes[0].title, "Remove Z33.1");
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("Z33.1, O09.91 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
