//! Trimester against week.

use crate::{
    check::Reason,
    cue::Cue,
    encounter::{JudgedEncounter, Setting},
    issue::Severity,
    obstetrics::{Trimester, is_obstetric, weeks_of_gestation},
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The trimester in a title disagrees with the week in Z3A.
    ///
    /// ## Why
    /// The trimester follows from the week at the encounter: first below 14 weeks, second from 14 weeks 0 days, third from
    /// 28 weeks 0 days.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: O10.011, Z3A.32
    ///     ^^^^^^^ warning[trimester-mismatch]: O10.011 (Pre-existing essential hypertension complicating pregnancy, first trimester) is for the first trimester, but Z3A.32 (32 weeks gestation of pregnancy) is the third. Compare both with the documented week.
    /// ```
    ///
    /// ## Exceptions
    /// "Unspecified trimester" and Z3A.00 say nothing. In a stay that spans two trimesters Z3A is the week of admission and
    /// the code the trimester in which the complication arose: for inpatients a code one trimester later is right; where
    /// the setting is not known it is reported as information.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.15.a.3, I.C.15.a.4 and I.C.21.c.11; note of chapter 15.
    "trimester-mismatch", Warning, Reported, Coding(check), about(Cue::Begins(&["Z3A"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let weeks: Vec<_> =
        diagnoses.iter().filter_map(|it| Some((it, weeks_of_gestation(it.key)?))).collect();
    let Some((week, _)) = weeks.first() else { return };
    // Each code of Z3A lies within one trimester.
    let dated: Vec<_> = weeks.iter().map(|(_, (first, _))| Trimester::of_week(*first)).collect();
    for diagnosis in diagnoses.iter().filter(|it| is_obstetric(it)) {
        let title = diagnosis.title();
        if title.is_empty() {
            report.no_data(Reason::NotesMissing);
            continue;
        }
        let named = Trimester::named_in(&title);
        let Some(own) = named.first() else { continue };
        if named.iter().any(|trimester| dated.contains(trimester)) {
            report.pass();
            continue;
        }
        let arose_later = dated.iter().any(|at| *own as u8 == *at as u8 + 1);
        if arose_later && encounter.is_inpatient() {
            report.pass();
            continue;
        }
        let issue = report.fail_on(encounter, diagnosis, message(diagnosis, *own, week, dated[0]));
        issue.and(week);
        if arose_later && encounter.encounter.setting == Setting::Unknown {
            issue.severity(Severity::Information);
        }
    }
}

fn message(
    diagnosis: &ReportedDiagnosis<'_>,
    own: Trimester,
    week: &ReportedDiagnosis<'_>,
    dated: Trimester,
) -> String {
    let dated = dated.words().trim_end_matches(" trimester");
    format!(
        "{} is for the {}, but {} is the {dated}. Compare both with the documented week.",
        diagnosis.named(),
        own.words(),
        week.named(),
    )
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::Setting,
        testing::{encounter_of, outcome_of, reports, reports_of},
    };

    const RULE: &str = "trimester-mismatch";

    #[test]
    fn reports_another_trimester() {
        assert_eq!(reports(RULE, "O10.011, Z3A.32"), ["warning O10.011 Z3A.32"]);
        assert_eq!(reports(RULE, "Z3A.14, O10.011"), ["warning O10.011 Z3A.14"]);
        assert_eq!(reports(RULE, "O10.013, Z3A.01"), ["warning O10.013 Z3A.01"]);
    }

    #[test]
    fn accepts_the_same_and_what_says_nothing() {
        for codes in [
            "O10.011, Z3A.10",
            "O10.011, Z3A.13",
            "O10.011, Z3A.01",
            "O10.013, Z3A.49",
            "O10.011, Z3A.00",
            "O10.019, Z3A.32",
            "O10.02, Z3A.32",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("O10.011")), None);
        assert_eq!(outcome_of(RULE, &encounter_of("O10.011, Z3A.10")).as_deref(), Some("pass"));
    }

    #[test]
    fn a_stay_may_run_into_the_next_trimester() {
        let mut encounter = encounter_of("O10.013, Z3A.27");
        assert_eq!(reports_of(RULE, &encounter), ["info O10.013 Z3A.27"]);
        encounter.setting = Setting::Professional;
        assert_eq!(reports_of(RULE, &encounter), ["warning O10.013 Z3A.27"]);
        encounter.setting = Setting::Inpatient;
        assert!(reports_of(RULE, &encounter).is_empty());
        // The other way round, or two trimesters later, is wrong in any setting.
        encounter.diagnoses = encounter_of("O10.011, Z3A.14").diagnoses;
        assert_eq!(reports_of(RULE, &encounter), ["warning O10.011 Z3A.14"]);
        encounter.diagnoses = encounter_of("O10.013, Z3A.10").diagnoses;
        assert_eq!(reports_of(RULE, &encounter), ["warning O10.013 Z3A.10"]);
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("O10.011, Z3A.32 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
