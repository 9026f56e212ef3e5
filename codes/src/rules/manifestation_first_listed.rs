//! Manifestation codes in first place.

use crate::{
    encounter::JudgedEncounter,
    flag::Flag,
    issue::RelatedNote,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::{Note, NoteKind, TabularList},
};

/// At most this many etiologies are named in the message.
const MOST_NAMED: usize = 3;

declare_rule! {
    /// A manifestation code is listed first or alone.
    ///
    /// ## Why
    /// A manifestation is the sign of another disease, which must be listed before it; alone it is refused.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: D63.1, N18.6
    ///     ^^^^^ error[manifestation-first-listed]: D63.1 describes a manifestation and cannot be listed first: code the underlying disease first (underlying chronic kidney disease (CKD) (N18.-)).
    /// ```
    ///
    /// ## Exceptions
    /// None. Without the flags of the code editor the title decides: "in diseases classified elsewhere".
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.13; Medicare Code Editor, manifestation flag.
    "manifestation-first-listed", Error, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let Some(first) = encounter.leading() else { return };
    let is_manifestation = if encounter.has_flags() {
        first.has(Flag::Manifestation)
    } else {
        says_manifestation(&first.title())
    };
    if !is_manifestation {
        return report.pass();
    }
    let notes: Vec<_> = first.concept.notes();
    let notes: Vec<_> = notes.into_iter().filter(|note| note.kind == NoteKind::CodeFirst).collect();
    let issue = report.fail_on(encounter, first, message(first, &notes));
    let Some((list, _)) = first.place else { return };
    for note in &notes {
        issue.note(RelatedNote {
            owner: list.name(note.owner).to_owned(),
            text: note.text.to_owned(),
            kind: NoteKind::CodeFirst,
        });
    }
    let index = etiology(encounter, list, &notes).and_then(ReportedDiagnosis::movable);
    if let Some(index) = index.filter(|_| first.movable().is_some()) {
        issue.move_to(index, format!("Move {} behind its underlying disease", first.written()));
    }
}

/// Whether a title is that of a manifestation; those of organisms (B95 to B97) are not.
fn says_manifestation(title: &str) -> bool {
    let title = title.to_ascii_lowercase();
    (title.contains("in diseases classified elsewhere") || title.contains("in (due to)"))
        && !title.contains("as the cause of")
}

fn message(first: &ReportedDiagnosis<'_>, notes: &[Note<'_>]) -> String {
    let etiologies: Vec<_> =
        notes.iter().map(|note| note.text).filter(|text| text.contains('(')).collect();
    let named = etiologies.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join("; ");
    let more = if etiologies.len() > MOST_NAMED { " …" } else { "" };
    let named = if named.is_empty() { String::new() } else { format!(" ({named}{more})") };
    format!(
        "{} describes a manifestation and cannot be listed first: code the underlying disease first{named}.",
        first.written()
    )
}

/// A later diagnosis that the notes name.
fn etiology<'e, 'a>(
    encounter: &'e JudgedEncounter<'a>,
    list: &TabularList,
    notes: &[Note<'_>],
) -> Option<&'e ReportedDiagnosis<'a>> {
    let mut later = encounter.good_diagnoses().iter().filter(|other| !other.is_first());
    later.find(|other| {
        let Some(at) = other.location_in(list) else { return false };
        notes.iter().any(|note| list.targets(note).iter().any(|target| target.contains(at)))
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::issues_for_codes;

    fn fires(codes: &[&str]) -> bool {
        issues_for_codes(codes, "2026-04-01")
            .iter()
            .any(|issue| issue.rule == "manifestation-first-listed")
    }

    #[test]
    fn reports_a_manifestation_in_first_place_or_alone() {
        assert!(fires(&["G63"]));
        assert!(fires(&["D63.1", "N18.6"]));
        assert!(fires(&["F02.80", "G30.9"]));
        assert!(fires(&["E08.9"]));
        assert!(fires(&["D63.0", "C50.911"]));
    }

    #[test]
    fn accepts_it_behind_its_disease() {
        assert!(!fires(&["G30.9", "F02.80"]));
        assert!(!fires(&["N18.6", "D63.1"]));
    }

    #[test]
    fn titles_tell_manifestations_where_no_flags_are_installed() {
        assert!(super::says_manifestation("Polyneuropathy in diseases classified elsewhere"));
        assert!(super::says_manifestation("Cerebellar ataxia in (due to) other diseases"));
        let organism = "Escherichia coli as the cause of diseases classified elsewhere";
        assert!(!super::says_manifestation(organism));
    }

    #[test]
    fn the_principal_diagnosis_counts_wherever_it_stands() {
        let mut encounter = crate::testing::encounter_of("D63.1, N18.6");
        encounter.diagnoses[1].role = crate::encounter::DiagnosisRole::Principal;
        let reports = crate::testing::reports_of("manifestation-first-listed", &encounter);
        assert_eq!(reports, Vec::<String>::new());
    }

    #[test]
    fn offers_to_move_it_behind_a_disease_that_is_there() {
        let issues = issues_for_codes(&["D63.1", "N18.6"], "2026-04-01");
        let issue = issues.iter().find(|issue| issue.rule == "manifestation-first-listed").unwrap();
        assert_eq!(issue.fixes[0].edits[0].1, crate::issue::Change::MoveTo(1));
    }
}
