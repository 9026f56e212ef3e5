//! Coma scale codes that do not make one scale.

use std::collections::BTreeSet;

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    issue::Severity,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// Coma scale codes are incomplete or contradict each other.
    ///
    /// ## Why
    /// The scale is either one total (R40.24-) or three scores, of eyes, words and movement, taken at one time, which the
    /// 7th character names.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: S06.5XAA, R40.2432, R40.2112
    ///                         ^^^^^^^^ warning[coma-scale-inconsistent]: R40.2112 (Coma scale, eyes open, never, at arrival to emergency department) stands beside R40.2432, the total of the same time: report the scores or the total.
    /// ```
    ///
    /// ## Exceptions
    /// Several sets of scores with different 7th characters are right, each complete in itself. An incomplete scale is
    /// reported as information.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.18.e; notes at R40.2 and R40.24.
    "coma-scale-inconsistent", Warning, Reported, Coding(check), about(Cue::Begins(&["R402"]))
}

/// The individual scores.
const SCORES: [(&str, &str); 3] = [("R4021", "eyes"), ("R4022", "verbal"), ("R4023", "motor")];
const TOTAL: &str = "R4024";
/// Coma without a scale.
const COMA: [&str; 2] = ["R4020", "R402A"];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let scores: Vec<_> = diagnoses.iter().filter(|it| which(it).is_some()).collect();
    let totals: Vec<_> = diagnoses.iter().filter(|it| it.starts_with(TOTAL)).collect();
    let scaled = scores.first().or(totals.first()).copied();
    let Some(scaled) = scaled else { return };
    let coma = diagnoses.iter().find(|it| it.starts_with_any(&COMA));
    if let Some(coma) = coma {
        let message = format!(
            "{} stands beside {}: coma is reported by the scale or without it, not both.",
            coma.named(),
            scaled.written()
        );
        let issue = report.fail_on(encounter, coma, message);
        issue.and(scaled).remove(coma.item, &coma.written());
        return;
    }
    for score in &scores {
        if let Some(total) = totals.iter().find(|it| time(it) == time(score)) {
            let message = format!(
                "{} stands beside {}, the total of the same time: report the scores or the total.",
                score.named(),
                total.written()
            );
            report.fail_on(encounter, score, message).and(total);
            return;
        }
    }
    check_sets(encounter, &scores, report);
}

/// Each time has its three scores.
fn check_sets(
    encounter: &JudgedEncounter<'_>,
    scores: &[&ReportedDiagnosis<'_>],
    report: &mut Report<'_>,
) {
    let times: BTreeSet<_> = scores.iter().map(|it| time(it)).collect();
    let kinds: BTreeSet<_> = scores.iter().filter_map(|it| which(it)).collect();
    let of_time = |at: Option<char>| scores.iter().filter(move |it| time(it) == at);
    let incomplete = times.iter().find(|at| of_time(**at).count() < SCORES.len());
    let Some(at) = incomplete else { return report.pass() };
    let Some(first) = of_time(*at).next() else { return };
    // One whole scale, spread over times: its 7th characters disagree.
    let is_spread = times.len() > 1 && kinds.len() == SCORES.len() && scores.len() == SCORES.len();
    if is_spread {
        let odd = scores.iter().find(|it| of_time(time(it)).count() == 1).unwrap_or(first);
        let message = format!(
            "{}: the 7th characters of the three scores differ; they name one time.",
            odd.named()
        );
        let issue = report.fail_on(encounter, odd, message);
        for other in scores.iter().filter(|it| it.item != odd.item) {
            issue.and(other);
        }
        return;
    }
    let present: BTreeSet<_> = of_time(*at).filter_map(|it| which(it)).collect();
    let missing: Vec<_> =
        SCORES.iter().filter(|(_, name)| !present.contains(name)).map(|(_, name)| *name).collect();
    let message = format!(
        "{}: the scale is incomplete, the score of {} is missing.",
        first.named(),
        missing.join(" and ")
    );
    report.fail_on(encounter, first, message).severity(Severity::Information);
}

fn which(diagnosis: &ReportedDiagnosis<'_>) -> Option<&'static str> {
    SCORES.iter().find(|(prefix, _)| diagnosis.starts_with(prefix)).map(|(_, name)| *name)
}

/// When the score was taken.
fn time(diagnosis: &ReportedDiagnosis<'_>) -> Option<char> {
    diagnosis.key.character(6)
}

#[cfg(test)]
mod tests {
    use crate::testing::reports;

    const RULE: &str = "coma-scale-inconsistent";

    #[test]
    fn reports_scales_that_are_none() {
        assert_eq!(reports(RULE, "S06.5XAA, R40.2112"), ["info R40.2112"]);
        assert_eq!(
            reports(RULE, "S06.5XAA, R40.2112, R40.2212, R40.2313"),
            ["warning R40.2313 R40.2112 R40.2212"]
        );
        assert_eq!(reports(RULE, "S06.5XAA, R40.2432, R40.2112"), ["warning R40.2112 R40.2432"]);
        assert_eq!(reports(RULE, "R40.20, R40.2432"), ["warning R40.20 R40.2432"]);
    }

    #[test]
    fn accepts_a_total_or_whole_sets() {
        for codes in [
            "S06.5XAA, R40.2112, R40.2212, R40.2312",
            "S06.5XAA, R40.2432",
            "S06.5XAA, R40.2112, R40.2212, R40.2312, R40.2113, R40.2213, R40.2313",
            "R40.20",
            "I10",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
    }
}
