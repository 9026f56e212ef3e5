//! Codes whose note asks for a further code that is not there.

use crate::{
    check::Reason,
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    issue::{RelatedNote, Severity},
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::{Mark, NodeId, NoteKind, TabularList},
};

/// Codes whose plain notes are reported as information: what payers and quality measures look for.
static WATCHED: CodeSet =
    CodeSet::new("N39.0, I11.0, I12.-, I13.-, E11.22, E11.621, E11.622, C50.-");

/// Chronic obstructive pulmonary disease: the note is a list of choices, of which one nearly always holds.
static COPD: CodeSet = CodeSet::new("J44.-");

/// What the note at J44 lists.
static TOBACCO: CodeSet = CodeSet::new("F17.-, Z57.31, Z72.0, Z77.22, Z87.891, P96.81");

declare_rule! {
    /// An additional code named by the tabular list is absent.
    ///
    /// ## Why
    /// The stage, the organism or the site belongs to the description of the condition; without it the claim says less
    /// than the record.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E11.22
    ///     ^^^^^^ info[use-additional-code-missing]: E11.22: use additional code to identify stage of chronic kidney disease (N18.1-N18.6).
    /// ```
    ///
    /// ## Exceptions
    /// Only notes that name codes without a condition and without a list of choices are checked: a note with "if known"
    /// or "if applicable" is shown on hover and never reported. A hint, and information where the code is often asked
    /// for: urinary infection, hypertensive heart and kidney disease, diabetic kidney disease and foot ulcer, breast
    /// cancer, chronic obstructive pulmonary disease.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.13 and I.B.7; use-additional-code notes of the tabular list.
    "use-additional-code-missing", Hint, Reported, Coding(check),
        about(Cue::Marked(Mark::PlainAddition), Cue::Codes(&[&COPD]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    for own in encounter.good_diagnoses() {
        let Some((list, location)) = own.place else {
            report.no_data(Reason::NotesMissing);
            continue;
        };
        let adds = own.is_marked(Mark::PlainAddition);
        for node in list.lineage(location.node).filter(|_| adds) {
            for container in list.plain_additions(node) {
                if is_there(encounter, list, node, container) {
                    report.pass();
                } else {
                    fail(encounter, report, own, list, node, container);
                }
            }
        }
        if COPD.contains(own) {
            tobacco(encounter, report, own);
        }
    }
}

/// Whether a code of the container stands anywhere in the encounter: before its owner it is a matter of order.
fn is_there(
    encounter: &JudgedEncounter<'_>,
    list: &TabularList,
    node: NodeId,
    container: u32,
) -> bool {
    encounter.present().any(|other| {
        let Some(at) = other.location_in(list) else { return false };
        let mut notes = list.container(node, container);
        notes.any(|note| list.targets(&note).iter().any(|target| target.contains(at)))
    })
}

fn fail(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    own: &ReportedDiagnosis<'_>,
    list: &TabularList,
    node: NodeId,
    container: u32,
) {
    let texts: Vec<_> = list.container(node, container).map(|note| note.text).collect();
    let wanted = texts.join(", ");
    let message = format!("{}: use additional {}.", own.written(), wanted.trim_end_matches('.'));
    let severity = if WATCHED.contains(own) { Severity::Information } else { Severity::Hint };
    report.fail_on(encounter, own, message).severity(severity).note(RelatedNote {
        owner: list.name(node).to_owned(),
        text: wanted,
        kind: NoteKind::UseAdditionalCode,
    });
}

fn tobacco(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>, own: &ReportedDiagnosis<'_>) {
    if encounter.present().any(|other| TOBACCO.holds(other.key, other.place)) {
        return report.pass();
    }
    let message = format!(
        "{}: use additional code to identify tobacco use or exposure (F17.-, Z72.0, Z77.22, Z87.891), where there is any.",
        own.written()
    );
    report.fail_on(encounter, own, message).severity(Severity::Information);
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const ID: &str = "use-additional-code-missing";

    #[test]
    fn reports_plain_notes_without_their_code() {
        assert_eq!(reports(ID, "E11.22"), ["info E11.22"]);
        assert_eq!(reports(ID, "I12.9"), ["info I12.9"]);
        assert_eq!(reports(ID, "N39.0"), ["info N39.0"]);
        assert_eq!(reports(ID, "C50.911"), ["info C50.911"]);
        assert_eq!(reports(ID, "J44.9"), ["info J44.9"]);
        assert_eq!(reports(ID, "E10.22"), ["hint E10.22"]);
        assert_eq!(reports(ID, "N18.6"), ["hint N18.6"]);
    }

    #[test]
    fn judges_each_plain_note_by_itself() {
        assert_eq!(reports(ID, "I13.0").len(), 2);
        assert_eq!(reports(ID, "I13.0, I50.22"), ["info I13.0"]);
        assert_eq!(reports(ID, "I13.0, I50.22, N18.4"), Vec::<String>::new());
    }

    #[test]
    fn accepts_the_code_anywhere_and_notes_with_a_condition() {
        for codes in [
            "E11.22, N18.30",
            "N18.30, E11.22",
            "I12.9, N18.2",
            "E66.01",
            "E11.9",
            "I10",
            "N39.0, B96.20",
            "C50.911, Z17.0",
            "J44.9, Z87.891",
            // Written as a header: that is another fault.
            "E11.22, N18.3",
        ] {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("E11.22 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
        assert_eq!(outcome_of(ID, &encounter_of("I10")), None);
    }
}
