//! Two codes that an Excludes2 note links.

use crate::{
    encounter::JudgedEncounter,
    issue::RelatedNote,
    rule::{Report, declare_rule},
    tabular::NoteKind,
};

use super::excludes1_conflict::pair::{Located, in_one_list, located, matches};

declare_rule! {
    /// Two codes are linked by an Excludes2 note (both may be reported).
    ///
    /// ## Why
    /// An Excludes2 note says that a condition is not part of another, and that a patient may have both. Some reviewers
    /// want to see such pairs.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: I21.4, I22.2
    ///            ^^^^^ hint[excludes2-pair]: I21.4 and I22.2: Excludes2 at I21, 'subsequent type 1 myocardial infarction (I22.-)'. Both may be coded where the patient has both.
    /// ```
    ///
    /// ## Exceptions
    /// Off by default: such a pair is no mistake. Pairs that a deeper Excludes1 note forbids are left to
    /// excludes1-conflict.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.12.b; Excludes2 notes of the tabular list.
    "excludes2-pair", Hint, Reported, Coding(check), off
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let located = located(encounter, report);
    for (index, a) in located.iter().enumerate() {
        for b in &located[index + 1..] {
            check_pair(a, b, report);
        }
    }
}

fn check_pair(first: &Located<'_, '_>, second: &Located<'_, '_>, report: &mut Report<'_>) {
    let Some((list, a, b)) = in_one_list(first, second) else { return };
    report.pass();
    let allowing = matches(list, a, b, NoteKind::Excludes2);
    let Some(deepest) = allowing.iter().max_by_key(|found| found.depth) else { return };
    let forbidding = matches(list, a, b, NoteKind::Excludes1);
    if forbidding.iter().any(|found| found.depth > deepest.depth) {
        return;
    }
    let (one, other) = (&first.coded.judgement, &second.coded.judgement);
    let owner = list.name(deepest.note.owner);
    let message = format!(
        "{} and {}: Excludes2 at {owner}, '{}'. Both may be coded where the patient has both.",
        one.written(),
        other.written(),
        deepest.note.text
    );
    let issue = report.fail(second.coded.item, other, message).with(first.coded.item, one);
    issue.note(RelatedNote {
        owner: owner.to_owned(),
        text: deepest.note.text.to_owned(),
        kind: NoteKind::Excludes2,
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, issues_for_codes, outcome_of, reports};

    const ID: &str = "excludes2-pair";

    #[test]
    fn reports_pairs_that_the_notes_allow() {
        for (codes, expected) in [
            ("I96, E11.52", "hint E11.52 I96"),
            ("J44.1, J44.0", "hint J44.0 J44.1"),
            ("I21.4, I22.2", "hint I22.2 I21.4"),
            ("I63.9, I69.351", "hint I69.351 I63.9"),
        ] {
            assert_eq!(reports(ID, codes), [expected], "{codes}");
        }
    }

    #[test]
    fn leaves_other_pairs_alone_and_is_off() {
        for codes in ["E10.9, E11.9", "M17.11, M17.12", "L92.1, E11.620"] {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
        let issues = issues_for_codes(&["I21.4", "I22.2"], "2026-04-01");
        assert!(issues.iter().all(|issue| issue.rule != ID));
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("I21.4, I22.2 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
