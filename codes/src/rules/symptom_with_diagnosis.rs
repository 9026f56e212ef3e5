//! Symptoms beside a diagnosis that includes them.

use crate::{
    code_set::CodeSet,
    encounter::JudgedEncounter,
    issue::RelatedNote,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::{Note, NoteKind, TabularList},
};

/// Symptoms and abnormal findings.
static SYMPTOMS: CodeSet = CodeSet::new("R00-R94");

/// Chapters that name diseases, injuries and conditions.
static DIAGNOSES: CodeSet = CodeSet::new("A00-Q99, S00-T88, U07-U09");

/// Words of a title that say nothing of the symptom.
const EMPTY_WORDS: [&str; 8] =
    ["unspecified", "other", "specified", "and", "or", "of", "the", "not"];

declare_rule! {
    /// A symptom code stands beside a diagnosis that includes it.
    ///
    /// ## Why
    /// Signs and symptoms that belong to a disease as a routine are not coded beside it.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: I20.9, R07.9
    ///            ^^^^^ hint[symptom-with-diagnosis]: R07.9 (Chest pain, unspecified) is a symptom that I20.9 includes as 'Ischemic chest pain'; report it only if it is not part of I20.9.
    /// ```
    ///
    /// ## Exceptions
    /// Off by default: whether a symptom is routine for a disease takes clinical judgement. When on, it reports only
    /// symptoms whose title is part of an inclusion term of the diagnosis.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.B.4 to I.B.6, I.C.18.a to c, II.A and IV.D; inclusion terms of the tabular list.
    "symptom-with-diagnosis", Hint, Reported, Coding(check), off
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    for symptom in diagnoses.iter().filter(|own| SYMPTOMS.contains(own)) {
        let words = words(symptom.node_title().unwrap_or_default());
        if words.is_empty() {
            continue;
        }
        report.pass();
        let mut others = diagnoses.iter().filter(|other| DIAGNOSES.contains(other));
        let found = others.find_map(|other| Some((other, including(other, &words)?)));
        if let Some((other, (list, term))) = found {
            let code = other.written();
            let message = format!(
                "{} is a symptom that {code} includes as '{}'; report it only if it is not part of {code}.",
                symptom.named(),
                term.text
            );
            let issue = report.fail_on(encounter, symptom, message).and(other);
            issue.note(RelatedNote {
                owner: list.name(term.owner).to_owned(),
                text: term.text.to_owned(),
                kind: term.kind,
            });
            issue.remove(symptom.item, &symptom.written());
        }
    }
}

/// The inclusion term of a diagnosis that holds every word.
fn including<'a>(
    diagnosis: &ReportedDiagnosis<'a>,
    wanted: &[String],
) -> Option<(&'a TabularList, Note<'a>)> {
    let (list, location) = diagnosis.place?;
    let mut terms =
        list.own_notes(location.node).filter(|note| note.kind == NoteKind::InclusionTerm);
    let term = terms.find(|term| {
        let held = words(term.text);
        // "without headache" includes no headache.
        !held.iter().any(|word| word == "without") && wanted.iter().all(|word| held.contains(word))
    })?;
    Some((list, term))
}

fn words(text: &str) -> Vec<String> {
    let all = text.split(|character: char| !character.is_alphanumeric());
    let all = all.map(str::to_lowercase).filter(|word| !word.is_empty());
    all.filter(|word| !EMPTY_WORDS.contains(&word.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, issues_for_codes, outcome_of, reports};

    const ID: &str = "symptom-with-diagnosis";

    #[test]
    fn reports_symptoms_that_an_inclusion_term_names() {
        assert_eq!(reports(ID, "I20.9, R07.9"), ["hint R07.9 I20.9"]);
    }

    #[test]
    fn accepts_other_symptoms_and_is_off() {
        assert_eq!(reports(ID, "E11.9, R07.9"), Vec::<String>::new());
        let issues = issues_for_codes(&["I20.9", "R07.9"], "2026-04-01");
        assert!(issues.iter().all(|issue| issue.rule != ID));
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("I20.9, R07.9 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
