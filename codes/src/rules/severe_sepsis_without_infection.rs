//! Severe sepsis without the infection before it.

use crate::{
    attempts::note_naming,
    check::Reason,
    code_set::CodeSet,
    cue::Cue,
    encounter::{DiagnosisRole, JudgedEncounter},
    issue::Severity,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::NoteKind,
};

declare_rule! {
    /// Severe sepsis (R65.2-) has no code of a systemic infection before it.
    ///
    /// ## Why
    /// Severe sepsis takes at least two codes: the systemic infection first, then R65.20 or R65.21, which is never the
    /// principal diagnosis.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: R65.20, A41.9
    ///     ^^^^^^ error[severe-sepsis-without-infection]: R65.20 (Severe sepsis without septic shock) cannot be listed first: the systemic infection comes before it (ICD-10-CM guideline I.C.1.d.1.b). List A41.9 before it.
    /// ```
    ///
    /// ## Exceptions
    /// Localized infections, injuries and D59.31 may stand before both. Codes count as systemic infection when the note at
    /// R65.2 names them or when the title, or an inclusion term, has the word sepsis; aftercare (Z51.A) does not. Some
    /// infections whose sepsis is indexed to a title without that word count as well.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.1.d.1.b, I.C.1.d.3, I.C.1.d.4 and I.C.1.d.6; code first note at R65.2.
    "severe-sepsis-without-infection", Error, Reported, Coding(check), about(Cue::Begins(&["R652"]))
}

/// Shigella, septicemic plague, generalized tularemia, brucellosis, pasteurellosis, extraintestinal yersiniosis,
/// Waterhouse-Friderichsen syndrome and meningococcemia: the alphabetic index leads from "sepsis" to these, though no title
/// says so. Not compared with the index of each release; it only keeps the rule quiet.
static INDEXED: CodeSet =
    CodeSet::new("A03, A20.7, A21.7, A23, A28.0, A28.2, A39.1, A39.2, A39.3, A39.4");

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(severe) = diagnoses.iter().find(|it| it.starts_with("R652")) else { return };
    if severe.place.is_none() {
        return report.no_data(Reason::NotesMissing);
    }
    let is_infection = |it: &&ReportedDiagnosis<'_>| is_systemic_infection(severe, it);
    let (before, behind): (Vec<_>, Vec<_>) =
        diagnoses.iter().partition(|it| it.position < severe.position);
    if before.iter().copied().any(|it| is_infection(&it)) {
        return report.pass();
    }
    // A code before it that is not good may be the infection.
    if before.len() < severe.position {
        return;
    }
    let later = behind.into_iter().find(is_infection);
    let wrong = if severe.is_first() {
        "cannot be listed first: the systemic infection comes before it"
    } else {
        "has no systemic infection before it"
    };
    let way_out = match later {
        Some(later) => format!("List {} before it.", later.written()),
        None => {
            "Add the code of the sepsis that is documented, such as A41.9, before it.".to_owned()
        }
    };
    let message =
        format!("{} {wrong} (ICD-10-CM guideline I.C.1.d.1.b). {way_out}", severe.named());
    let issue = report.fail_on(encounter, severe, message);
    if let Some(later) = later {
        issue.and(later);
        if severe.role != DiagnosisRole::Principal {
            let title = format!("List {} behind {}", severe.written(), later.written());
            issue.move_to(later.index(), title);
        }
        if let Some(note) = note_naming(severe, later, NoteKind::CodeFirst) {
            issue.note(note);
        }
    }
    if !severe.is_first() {
        issue.severity(Severity::Warning);
    }
}

/// Whether a code is a systemic infection that may be the one behind `severe`.
fn is_systemic_infection(severe: &ReportedDiagnosis<'_>, it: &ReportedDiagnosis<'_>) -> bool {
    if it.starts_with("R65") || it.starts_with("Z51A") {
        return false;
    }
    let own_words = || {
        let Some((list, location)) = it.place else { return has_sepsis(&it.title()) };
        let mut terms = list.own_notes(location.node);
        has_sepsis(list.title(location.node))
            || terms.any(|note| note.kind == NoteKind::InclusionTerm && has_sepsis(note.text))
    };
    own_words() || INDEXED.contains(it) || note_naming(severe, it, NoteKind::CodeFirst).is_some()
}

/// Whether "sepsis" is a word of the text; "aseptic" and "septic" are others.
fn has_sepsis(text: &str) -> bool {
    let mut words = text.split(|character: char| !character.is_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case("sepsis"))
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "severe-sepsis-without-infection";

    #[test]
    fn reports_it_in_first_place() {
        assert_eq!(reports(RULE, "R65.20, A41.9"), ["error R65.20 A41.9"]);
        assert_eq!(reports(RULE, "R65.21"), ["error R65.21"]);
    }

    #[test]
    fn reports_it_behind_other_codes_than_a_systemic_infection() {
        assert_eq!(reports(RULE, "J18.9, R65.20, J96.01"), ["warning R65.20"]);
        assert_eq!(reports(RULE, "J18.9, R65.20, A41.9"), ["warning R65.20 A41.9"]);
        assert_eq!(reports(RULE, "Z51.A, R65.20"), ["warning R65.20"]);
    }

    #[test]
    fn accepts_every_kind_of_systemic_infection() {
        for codes in [
            "A41.9, J18.9, R65.20, J96.01",
            "J18.9, A41.9, R65.20",
            "A02.1, R65.21",
            "A24.1, R65.20",
            "B00.7, R65.20",
            "O75.3, R65.20",
            "O85, R65.20",
            "T81.44XA, R65.20",
            "T88.0XXA, R65.20",
            "A41.9, I10",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("A41.9, I10")), None);
        assert_eq!(outcome_of(RULE, &encounter_of("A41.9, R65.20")).as_deref(), Some("pass"));
    }

    #[test]
    fn a_code_that_is_not_good_may_be_the_infection() {
        assert!(reports(RULE, "A41, R65.20").is_empty());
        assert_eq!(reports(RULE, "R65.20, A41"), ["error R65.20"]);
    }

    #[test]
    fn reads_whole_words() {
        assert!(super::has_sepsis("Sepsis due to streptococcus, group A"));
        assert!(!super::has_sepsis("Idiopathic aseptic necrosis"));
        assert!(!super::has_sepsis("Septic arterial embolism; urosepsis"));
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("R65.20 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
