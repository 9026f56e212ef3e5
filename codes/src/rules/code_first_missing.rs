//! Codes whose note wants another code first that is not there.

use crate::{
    check::Reason,
    cue::Cue,
    encounter::JudgedEncounter,
    flag::Flag,
    issue::{RelatedNote, Severity},
    reported::{Present, ReportedDiagnosis},
    rule::{Report, declare_rule},
    tabular::{Binding, Mark, NodeId, NoteKind, TabularList, Target, target::Naming},
};

declare_rule! {
    /// The code that must come first is absent.
    ///
    /// ## Why
    /// Some codes describe only a part of a condition; the tabular list names every code that has to stand before them.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: I10, D63.1
    ///          ^^^^^ warning[code-first-missing]: D63.1 requires another code before it: code first underlying chronic kidney disease (CKD) (N18.-).
    /// ```
    ///
    /// ## Exceptions
    /// Notes that hold only in some cases ("if applicable", "any associated"), that give examples ("such as") or that
    /// name no code are left alone: I50.9, N18.4 and Z85.3 may well stand by themselves. A warning for codes that the
    /// code editor flags as manifestations, information for all others.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.13 and I.B.7; code-first notes of the tabular list.
    "code-first-missing", Warning, Reported, Coding(check), about(Cue::Marked(Mark::CodeFirst))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    for own in encounter.good_diagnoses() {
        if own.place.is_none() {
            report.no_data(Reason::NotesMissing);
        }
        for (list, node) in own.code_first_nodes() {
            if list.code_first(node) != Some(Binding::Closed) || is_of_a_pregnancy(encounter, own) {
                continue;
            }
            let is_named = |other: &Present<'_>| {
                let at = other.location_in(list);
                at.is_some_and(|at| list.naming(node, NoteKind::CodeFirst, at).is_some())
            };
            if encounter.present().any(|other| is_named(&other)) {
                report.pass();
            } else {
                fail(encounter, report, own, list, node);
            }
        }
    }
}

/// Weeks of gestation beside any code of a pregnancy or delivery: the note names some chapters of them only.
fn is_of_a_pregnancy(encounter: &JudgedEncounter<'_>, own: &ReportedDiagnosis<'_>) -> bool {
    let of_pregnancy = |it: Present<'_>| {
        let text = it.key.text();
        text.starts_with('O')
            || ["Z32", "Z33", "Z34", "Z36", "Z37"].iter().any(|start| text.starts_with(start))
    };
    own.starts_with("Z3A") && encounter.present().any(of_pregnancy)
}

fn fail(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    own: &ReportedDiagnosis<'_>,
    list: &TabularList,
    node: NodeId,
) {
    let mut notes = list.own_notes(node).filter(|note| note.kind == NoteKind::CodeFirst);
    let Some(note) = notes.find(|note| !list.targets(note).is_empty()) else { return };
    let code = own.written();
    let message = match list.targets(&note) {
        [Target { naming: Naming::Single, written: (single, _), qualifier: None, .. }] => {
            let single = crate::system::icd10cm::dotted(&single.text());
            format!("{code} requires {single} before it.")
        }
        _ => format!("{code} requires another code before it: code first {}.", list.phrase(&note)),
    };
    let severity =
        if own.has(Flag::Manifestation) { Severity::Warning } else { Severity::Information };
    report.fail_on(encounter, own, message).severity(severity).note(RelatedNote {
        owner: list.name(node).to_owned(),
        text: note.text.to_owned(),
        kind: NoteKind::CodeFirst,
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, issues_for_codes, outcome_of, reports};

    const ID: &str = "code-first-missing";

    #[test]
    fn reports_codes_whose_first_code_is_named_and_absent() {
        assert_eq!(reports(ID, "J12.82"), ["info J12.82"]);
        assert_eq!(reports(ID, "I25.84"), ["info I25.84"]);
        assert_eq!(reports(ID, "I10, D63.1"), ["warning D63.1"]);
        assert_eq!(reports(ID, "Z3A.39"), ["info Z3A.39"]);
    }

    #[test]
    fn names_the_one_code_that_is_wanted() {
        let issues = issues_for_codes(&["I10", "J12.82"], "2026-04-01");
        let issue = issues.iter().find(|issue| issue.rule == ID);
        if let Some(issue) = issue {
            assert_eq!(issue.message, "J12.82 requires U07.1 before it.");
        }
    }

    #[test]
    fn accepts_notes_that_leave_a_choice() {
        for codes in
            ["I50.9", "L97.411", "Z85.3", "N18.4", "U07.1, J12.82", "N18.4, D63.1", "E11.9"]
        {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
    }

    #[test]
    fn a_wrong_order_or_an_incomplete_code_is_no_absence() {
        assert_eq!(reports(ID, "D63.1, N18.6"), Vec::<String>::new());
        assert_eq!(reports(ID, "N18.3, D63.1"), Vec::<String>::new());
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("J12.82 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
