//! Codes listed before the one that their note wants first.

use crate::{
    check::Reason,
    cue::Cue,
    encounter::JudgedEncounter,
    issue::RelatedNote,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::{Binding, Mark, NodeId, Note, NoteKind, TabularList},
};

declare_rule! {
    /// The code to be listed first comes after the code that asks for it.
    ///
    /// ## Why
    /// A code-first note gives an order: the underlying condition, then what it causes. Payers and the grouper read the
    /// first code as the reason for the service.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: L97.411, E11.621
    ///     ^^^^^^^ warning[code-first-out-of-order]: L97.411 is listed before E11.621, but L97 says: code first any associated underlying condition.
    /// ```
    ///
    /// ## Exceptions
    /// One code that stands before satisfies the note, unless it asks for "any" of a whole list; where the list only gives
    /// examples, whatever stands before may be meant. "Code also" gives no order. The note of T36 to T50 concerns adverse effects only.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.13 and I.B.7; code-first notes of the tabular list.
    "code-first-out-of-order", Warning, Reported, Coding(check), about(Cue::Marked(Mark::CodeFirst))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    for (index, own) in diagnoses.iter().enumerate() {
        if own.place.is_none() {
            // The code exists, its notes do not.
            report.no_data(Reason::NotesMissing);
        }
        let (before, after) = (&diagnoses[..index], &diagnoses[index + 1..]);
        let mut late = None;
        for (list, node) in own.code_first_nodes() {
            report.pass();
            late = late.or_else(|| first_late(list, node, own, before, after));
        }
        if let Some((list, note, other)) = late {
            fail(encounter, report, own, other, list, &note);
        }
    }
}

/// A heading of fewer words is no sentence by itself.
const MOST_BARE_WORDS: usize = 4;

type Late<'l, 'd, 'a> = (&'l TabularList, Note<'l>, &'d ReportedDiagnosis<'a>);

/// The first code behind `own` that the note at `node` wants before it.
fn first_late<'l, 'd, 'a>(
    list: &'l TabularList,
    node: NodeId,
    own: &ReportedDiagnosis<'a>,
    before: &[ReportedDiagnosis<'a>],
    after: &'d [ReportedDiagnosis<'a>],
) -> Option<Late<'l, 'd, 'a>> {
    let kind = NoteKind::CodeFirst;
    // A note that names its own code gives no order.
    if own.named_at(list, node, kind).is_some() {
        return None;
    }
    let found = after.iter().find_map(|other| Some((other.named_at(list, node, kind)?, other)))?;
    let (note, other) = found;
    let is_satisfied = || before.iter().any(|it| it.named_at(list, node, kind).is_some());
    if !asks_for_each(list, &note) && is_satisfied() {
        return None;
    }
    // An open list names examples: whatever stands before may be what the note means.
    if list.code_first(node) == Some(Binding::Open) && !before.is_empty() {
        return None;
    }
    // Two codes that each want the other first cannot both be right.
    let mutual =
        other.code_first_nodes().any(|(list, node)| own.named_at(list, node, kind).is_some());
    (!mutual).then_some((list, note, other))
}

/// "any associated: …" with a whole list: each of them goes first. A list of examples is satisfied by one.
fn asks_for_each(list: &TabularList, note: &Note<'_>) -> bool {
    let heading = list.container(note.owner, note.container).next();
    let text = heading.map_or(note.text, |heading| heading.text);
    !text.contains("such as")
        && text.split_whitespace().any(|word| word.eq_ignore_ascii_case("any"))
}

fn fail(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    own: &ReportedDiagnosis<'_>,
    other: &ReportedDiagnosis<'_>,
    list: &TabularList,
    note: &Note<'_>,
) {
    let (code, first) = (own.written(), other.written());
    let owner = list.name(note.owner);
    let phrase = list.phrase(note);
    // Some headings say nothing without what follows: "any associated:".
    let is_bare = phrase.split_whitespace().count() < MOST_BARE_WORDS && phrase != note.text;
    let phrase = if is_bare { format!("{phrase} {}", note.text) } else { phrase.to_owned() };
    let space = if phrase.starts_with(',') { "" } else { " " };
    let message =
        format!("{code} is listed before {first}, but {owner} says: code first{space}{phrase}.");
    let issue = report.fail_on(encounter, own, message).and(other).note(RelatedNote {
        owner: owner.to_owned(),
        text: note.text.to_owned(),
        kind: NoteKind::CodeFirst,
    });
    if let Some((_, index)) = own.movable().zip(other.movable()) {
        issue.move_to(index, format!("Move {code} behind {first}"));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const ID: &str = "code-first-out-of-order";

    #[test]
    fn reports_the_code_that_wants_another_first() {
        for (codes, expected) in [
            ("L97.411, E11.621", "warning L97.411 E11.621"),
            ("I50.22, I11.0", "warning I50.22 I11.0"),
            ("R65.20, A41.9", "warning R65.20 A41.9"),
            ("Z3A.39, O80", "warning Z3A.39 O80"),
            ("B20, O98.711", "warning B20 O98.711"),
            ("D63.1, N18.6", "warning D63.1 N18.6"),
            // Diabetes and hypertension both go before the stage.
            ("E11.22, N18.30, I12.9", "warning N18.30 I12.9"),
            ("T38.3X5A, D69.59", "warning T38.3X5A D69.59"),
        ] {
            assert_eq!(reports(ID, codes), [expected], "{codes}");
        }
    }

    #[test]
    fn accepts_the_right_order_and_codes_alone() {
        for codes in [
            "E11.621, L97.411",
            "I11.0, I50.22",
            "I50.22",
            "T38.3X6A, E11.65",
            "O98.711, B20",
            "N18.6, D63.1",
            // One effect is enough; the anaemia may follow.
            "D69.59, T38.3X5A, D62",
            // One neoplasm is enough.
            "C50.911, D63.0, C79.51",
        ] {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
    }

    #[test]
    fn says_nothing_of_codes_without_a_note() {
        assert_eq!(outcome_of(ID, &encounter_of("E11.9, I10")), None);
        assert_eq!(outcome_of(ID, &encounter_of("I11.0, I50.22")).as_deref(), Some("pass"));
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("L97.411, E11.621 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
        let encounter = encounter_of("M72.21, I10 @2026-10-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
