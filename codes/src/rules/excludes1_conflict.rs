//! Two reported codes that exclude each other.

use crate::{
    encounter::{CodedItem, JudgedEncounter},
    issue::{Change, Issue, RelatedNote, Severity},
    rule::{Report, declare_rule},
    tabular::{Location, NoteKind, TabularList},
};

pub(super) mod pair;
mod severity;

use pair::{Located, Match, in_one_list, located, matches};

declare_rule! {
    /// Two reported codes exclude each other.
    ///
    /// ## Why
    /// An Excludes1 note says that two conditions cannot occur together. Payers deny claims that carry both.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E10.9, E11.9
    ///            ^^^^^ warning[excludes1-conflict]: E10.9 (Type 1 diabetes mellitus without complications) and E11.9 (Type 2 diabetes mellitus without complications): Excludes1 at E10, 'type 2 diabetes mellitus (E11.-)'. Report only one unless the two conditions are unrelated to each other (ICD-10-CM guideline I.A.12.a); if unclear, query the provider.
    /// ```
    ///
    /// ## Exceptions
    /// Two conditions that are unrelated to each other may be reported together: say so with
    /// `<!-- medcode: unrelated E10.9 E11.9 -- reason -->`. The deepest note decides; an Excludes2 note at the same depth
    /// or deeper allows the pair. On a claim a note that names one of the codes by itself is an error, and with the
    /// strict setting every conflict. Pairs of different sides, of an injury and a sequela, of external causes, of a history
    /// or status code, notes of a section or chapter, and pairs that are often right are information all the same.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.12.a; Excludes1 notes of the tabular list.
    "excludes1-conflict", Warning, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let located = located(encounter, report);
    let is_claim = encounter.encounter.is_claim;
    for (index, a) in located.iter().enumerate() {
        let links = a.links();
        for b in &located[index + 1..] {
            if a.is_apart_from(b, links) {
                report.pass();
            } else {
                check_pair(a, b, is_claim, report);
            }
        }
    }
}

fn check_pair(
    one: &Located<'_, '_>,
    other: &Located<'_, '_>,
    is_claim: bool,
    report: &mut Report<'_>,
) {
    let Some((list, at_first, at_second)) = in_one_list(one, other) else { return };
    if !list.may_exclude(at_first.node, at_second.node) {
        return report.pass();
    }
    let (first, second) = (one.coded, other.coded);
    let forbidding = matches(list, at_first, at_second, NoteKind::Excludes1);
    let Some(deepest) =
        forbidding.iter().max_by_key(|found| (found.depth, found.named == at_second))
    else {
        return report.pass();
    };
    let allowing = matches(list, at_first, at_second, NoteKind::Excludes2);
    if allowing.iter().any(|found| found.depth >= deepest.depth) {
        return report.pass();
    }
    let pair = (at_first, at_second);
    let is_strict = report.options().strict_excludes1;
    let severity = severity::of(list, deepest, &forbidding, pair, (is_strict, is_claim));
    let message = message(list, deepest, at_first, at_second);
    let issue = report
        .fail(second.item, &second.judgement, message)
        .with(first.item, &first.judgement)
        .severity(severity);
    for found in &forbidding {
        let owner = list.name(found.note.owner).to_owned();
        let note =
            RelatedNote { owner, text: found.note.text.to_owned(), kind: NoteKind::Excludes1 };
        if !issue.notes.contains(&note) {
            issue.note(note);
        }
    }
    offer_removal(issue, first, second);
}

fn message(list: &TabularList, deepest: &Match<'_>, a: Location, b: Location) -> String {
    let [first, second] = [a, b].map(|at| crate::system::icd10cm::dotted(&at.key.text()));
    let integral = severity::integral_symptom(a.key, b.key).map_or_else(String::new, |symptom| {
        let symptom = crate::system::icd10cm::dotted(&symptom.text());
        format!(" {symptom} is usually a symptom integral to the disease.")
    });
    [
        &*first,
        " (",
        &list.full_title(a),
        ") and ",
        &second,
        " (",
        &list.full_title(b),
        "): Excludes1 at ",
        list.name(deepest.note.owner),
        ", '",
        deepest.note.text,
        "'.",
        &integral,
        " Report only one unless the two conditions are unrelated to each other (ICD-10-CM guideline I.A.12.a); if \
         unclear, query the provider.",
    ]
    .concat()
}

fn offer_removal(issue: &mut Issue, first: &CodedItem<'_>, second: &CodedItem<'_>) {
    for coded in [first, second] {
        let title = ["Remove ", &coded.judgement.written()].concat();
        issue.fixes.push(crate::issue::Fix {
            title,
            safe: false,
            edits: vec![(coded.item, Change::Remove)],
        });
    }
}

/// Lowest severity of a conflict that is often right.
const OFTEN_RIGHT: Severity = Severity::Information;

#[cfg(test)]
mod tests {
    use crate::{
        encounter::DiagnosisRole,
        engine::{RuleOptions, check_encounter},
        testing::{TODAY, encounter_of, issues_for_codes, reports, reports_of, sample},
    };

    // The rule alone: some pairs are spoken of by rules that know the way out.
    fn severity(a: &str, b: &str) -> Option<String> {
        let found = reports("excludes1-conflict", &format!("{a}, {b}"));
        Some(found.first()?.split_once(' ')?.0.to_owned())
    }

    #[test]
    fn reports_pairs_that_the_notes_forbid() {
        for (a, b, expected) in [
            ("E10.9", "E11.9", "warning"),
            ("F45.8", "G47.63", "info"),
            ("N39.0", "N30.00", "warning"),
            ("B20", "Z21", "warning"),
            ("S61.411A", "S62.101B", "warning"),
            ("F07.81", "S06.0X0A", "warning"),
            ("R47.01", "I69.320", "warning"),
            ("L92.1", "E11.620", "warning"),
            ("M80.08XA", "M81.0", "warning"),
            ("I60.9", "S06.6X0A", "info"),
            ("J17", "A37.01", "warning"),
            ("G63", "B27.01", "warning"),
            ("R41.3", "F10.26", "warning"),
            ("R44.0", "F11.151", "warning"),
            ("H47.619", "S04.041A", "info"),
            ("Z34.90", "O09.91", "warning"),
            ("Q70.4", "Q70.00", "warning"),
            ("Y93.A9", "Y93.01", "info"),
            ("W19.XXXA", "V43.52XA", "info"),
            ("J65", "A15.0", "info"),
        ] {
            assert_eq!(severity(a, b).as_deref(), Some(expected), "{a} + {b}");
            assert_eq!(severity(b, a).as_deref(), Some(expected), "{b} + {a}");
        }
    }

    #[test]
    fn accepts_pairs_that_only_look_forbidden() {
        for (a, b) in [
            ("E10.9", "E10.65"),
            ("S61.411A", "S62.101A"),
            ("F07.81", "S06.0X0S"),
            ("R47.01", "I69.351"),
            ("R44.0", "F11.159"),
            ("I96", "E11.52"),
            ("R42", "F31.9"),
            ("J44.1", "J44.0"),
            ("I63.9", "I69.351"),
            ("G89.29", "M54.50"),
            ("I21.4", "I22.2"),
            ("K21.9", "K44.9"),
            ("M17.11", "M17.12"),
            ("Z51.11", "C50.911"),
            ("D64.9", "D50.9"),
            ("U07.1", "J12.82"),
            ("L97.411", "E11.621"),
            ("F02.80", "G30.9"),
            ("K77", "B27.09"),
            ("E87.0", "E10.65"),
            ("I10", "I11.0"),
            ("U07.1", "Z20.822"),
            ("Z85.3", "C50.911"),
            ("V43.52XA", "X00.0XXA"),
        ] {
            assert_eq!(severity(a, b), None, "{a} + {b}");
        }
    }

    #[test]
    fn keeps_what_is_often_right_as_information() {
        for (a, b) in [
            ("F45.8", "G47.63"),
            ("I69.351", "S06.5X0A"),
            ("S61.411A", "S62.102B"),
            ("S72.001A", "M84.451A"),
            ("E55.9", "E83.51"),
            ("R42", "H81.10"),
            ("Z95.5", "Z98.61"),
            ("Z00.00", "Z02.0"),
        ] {
            assert_eq!(severity(a, b).as_deref(), Some("info"), "{a} + {b}");
        }
    }

    #[test]
    fn keeps_frequent_denials_and_genuine_exclusions_as_warnings() {
        for (a, b) in [
            ("M54.50", "M51.26"),
            ("M54.50", "M51.360"),
            ("M54.50", "S39.012A"),
            ("M54.2", "M50.20"),
            ("R56.9", "G40.909"),
            ("R00.0", "I47.10"),
            ("R06.03", "J96.00"),
            ("R09.02", "J96.00"),
            ("R73.03", "E11.9"),
            ("R32", "N39.3"),
            ("J96.01", "J80"),
            ("K52.9", "A09"),
            ("F10.10", "F10.20"),
            ("F17.210", "Z87.891"),
            ("F32.A", "F31.9"),
            ("N18.6", "N19"),
            ("N17.9", "N19"),
            ("O24.410", "E11.9"),
        ] {
            assert_eq!(severity(a, b).as_deref(), Some("warning"), "{a} + {b}");
        }
        let issues = issues_for_codes(&["R73.03", "E11.9"], "2026-04-01");
        let conflict = issues.iter().find(|issue| issue.rule == "excludes1-conflict").unwrap();
        assert!(
            conflict.message.contains("R73.03 is usually a symptom integral to the disease."),
            "{}",
            conflict.message
        );
    }

    #[test]
    fn weighs_more_on_a_claim_and_when_strict() {
        let severity_of = |codes: &str, is_claim: bool, strict_excludes1: bool| {
            let mut encounter = encounter_of(codes);
            encounter.is_claim = is_claim;
            // The rule alone: some pairs are spoken of by rules that know the way out.
            let enable = vec!["excludes1-conflict".to_owned()];
            let options = RuleOptions { enable, strict_excludes1, ..RuleOptions::default() };
            check_encounter(&encounter, sample(), TODAY, &options).issues[0].severity.id()
        };
        // Z21 is named by itself at B20; E11.- is a wildcard.
        assert_eq!(severity_of("B20, Z21", true, false), "error");
        assert_eq!(severity_of("B20, Z21", false, true), "error");
        assert_eq!(severity_of("E10.9, E11.9", true, false), "warning");
        assert_eq!(severity_of("E10.9, E11.9", false, true), "error");
        // What lowers a conflict wins.
        assert_eq!(severity_of("F45.8, G47.63", true, true), "info");
        assert_eq!(severity_of("I60.9, S06.6X0A", false, true), "info");
    }

    #[test]
    fn leaves_the_admitting_diagnosis_alone() {
        let mut encounter = encounter_of("N30.00, N39.0");
        encounter.diagnoses[1].role = DiagnosisRole::Admitting;
        assert_eq!(reports_of("excludes1-conflict", &encounter), Vec::<String>::new());
    }

    #[test]
    fn names_the_note_it_rests_on() {
        let issues = issues_for_codes(&["E10.9", "E11.9"], "2026-04-01");
        assert!(
            issues[0].notes.iter().any(|note| note.owner == "E11" && note.text.contains("E10.-"))
        );
        assert_eq!(issues[0].fixes.len(), 2);
    }

    #[test]
    fn reports_nothing_on_codes_that_could_not_be_asked() {
        let issues = issues_for_codes(&["E10.9", "E11.9"], "2010-03-02");
        assert!(issues.iter().all(|issue| issue.rule != "excludes1-conflict"), "{issues:?}");
        let checks = crate::testing::checks_for_codes(&["E10.9", "E11.9"], "2010-03-02");
        let passed: Vec<_> = checks
            .iter()
            .filter(|(_, outcome)| outcome == "pass")
            .map(|(rule, _)| rule.as_str())
            .collect();
        // Only what needs no code set can pass: the form of the codes and the dates.
        let of_form =
            ["malformed-code", "pcs-letter-i-or-o", "date-beyond-code-set", "missing-service-date"];
        assert_eq!(passed, of_form);
    }

    #[test]
    fn gives_no_data_when_the_notes_of_a_code_are_missing() {
        let checks = crate::testing::checks_for_codes(&["M72.21", "I10"], "2026-10-02");
        assert!(
            checks
                .iter()
                .any(|(rule, outcome)| rule == "excludes1-conflict" && outcome == "no_data"),
            "{checks:?}"
        );
    }
}
