//! Both sides coded one by one, where one code says both.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    issue::{Change, Fix},
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::{Mark, sides::Side},
};

declare_rule! {
    /// Right and left are coded separately though a bilateral code exists.
    ///
    /// ## Why
    /// When both sides have the condition and a bilateral code exists, that code is reported; with a code for one side
    /// beside it the side is coded twice.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: H25.11, H25.12
    ///     ^^^^^^ warning[bilateral-code-available]: H25.11 and H25.12 together are H25.13 (Age-related nuclear cataract, bilateral).
    /// ```
    ///
    /// ## Exceptions
    /// Silent where no bilateral code is valid on the date, and where the 7th characters differ: glaucoma of both eyes at
    /// different stages is coded for each eye. Once one side is cured, the code of the other side is right.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.B.13, I.C.7.a.2 and I.C.7.a.3.
    "bilateral-code-available", Warning, Reported, Coding(check), about(Cue::Marked(Mark::Sided))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let sided = |side| {
        let all = encounter.good_diagnoses().iter();
        all.filter(move |it| it.side() == Some(side)).collect::<Vec<_>>()
    };
    let (rights, lefts, both) = (sided(Side::Right), sided(Side::Left), sided(Side::Bilateral));
    for one_side in rights.iter().chain(&lefts) {
        report.pass();
        for bilateral in both.iter().filter(|it| belong_together(one_side, it)) {
            coded_twice(encounter, report, bilateral, one_side);
        }
    }
    for right in &rights {
        for left in lefts.iter().filter(|left| belong_together(right, left)) {
            if !both.iter().any(|it| belong_together(right, it)) {
                together(encounter, report, right, left);
            }
        }
    }
}

fn belong_together(one: &ReportedDiagnosis<'_>, other: &ReportedDiagnosis<'_>) -> bool {
    one.seventh() == other.seventh() && one.is_of_one_group_with(other)
}

fn coded_twice(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    bilateral: &ReportedDiagnosis<'_>,
    one_side: &ReportedDiagnosis<'_>,
) {
    let side = one_side.side().map_or("", Side::id);
    let written = one_side.written();
    let message = format!(
        "{written} says the {side} side again: {} says both sides. Report one of the two.",
        bilateral.named()
    );
    let issue = report.fail_on(encounter, one_side, message).and(bilateral);
    issue.remove(one_side.item, &written);
}

fn together(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    right: &ReportedDiagnosis<'_>,
    left: &ReportedDiagnosis<'_>,
) {
    let Some(bilateral) = right.at_side(Side::Bilateral) else { return };
    let Some(code) = bilateral.code() else { return };
    let title = bilateral.title().map(|(title, _)| title.into_owned()).unwrap_or_default();
    let (first, second) =
        if right.position < left.position { (right, left) } else { (left, right) };
    let message =
        format!("{} and {} together are {code} ({title}).", first.written(), second.written());
    let issue = report.fail_on(encounter, first, message).and(second);
    issue.fixes.push(Fix {
        title: format!("Replace both by {code} {title}"),
        safe: false,
        edits: vec![(first.item, Change::ReplaceWith(code)), (second.item, Change::Remove)],
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, issues_for_codes, outcome_of, reports};

    const RULE: &str = "bilateral-code-available";

    #[test]
    fn reports_right_and_left_and_a_side_beside_both() {
        assert_eq!(reports(RULE, "G51.31, G51.32"), ["warning G51.31 G51.32"]);
        assert_eq!(reports(RULE, "H25.12, I10, H25.11"), ["warning H25.12 H25.11"]);
        assert_eq!(reports(RULE, "H25.13, H25.11"), ["warning H25.11 H25.13"]);
        assert_eq!(reports(RULE, "H40.1111, H40.1121"), ["warning H40.1111 H40.1121"]);
        assert_eq!(reports(RULE, "H25.11, H25.12, H25.13").len(), 2);
    }

    #[test]
    fn proposes_the_bilateral_code() {
        let issues = issues_for_codes(&["H40.1111", "H40.1121"], "2026-04-01");
        let issue = issues.iter().find(|issue| issue.rule == RULE).unwrap();
        assert!(issue.message.contains("together are H40.1131 ("), "{}", issue.message);
        assert_eq!(issue.fixes[0].edits.len(), 2);
        assert!(!issue.fixes[0].safe);
    }

    #[test]
    fn accepts_sides_without_a_bilateral_code_and_different_stages() {
        for codes in [
            "M25.561, M25.562",
            "H40.1111, H40.1122",
            "H40.1131, H40.1112",
            "M17.11, M17.12",
            "H25.11, G51.32",
            "H25.13",
            "H25.11, H25.10",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        // Before 2018-10-01 hemifacial spasm had no sides at all.
        assert!(reports(RULE, "G51.31, G51.32 @2018-09-30").is_empty());
    }

    #[test]
    fn has_nothing_to_look_at_without_sides() {
        assert_eq!(outcome_of(RULE, &encounter_of("I10, E11.9")), None);
        assert_eq!(outcome_of(RULE, &encounter_of("H25.11")).as_deref(), Some("pass"));
    }
}
