//! References inside the notes of the whole tabular list, against independent counts.

use e2e::catalog;
use medcode_codes::{
    code::CodeKey,
    tabular::{NoteKind, TabularList, reference, target::Naming},
};
use medcode_server::catalog::snapshot::Snapshot;

fn with_newest_list(check: impl FnOnce(&TabularList)) {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    check(&snapshot.terminology.editions().last().expect("an edition").list);
}

/// Notes of a kind, how many resolve, and how many of those stand in the sentence itself.
fn counts(list: &TabularList, kind: NoteKind) -> (usize, usize, usize) {
    let notes = list.ids().flat_map(|id| list.own_notes(id)).filter(|note| note.kind == kind);
    notes.fold((0, 0, 0), |(all, resolved, bare), note| {
        let targets = list.targets(&note);
        let is_bare = targets.iter().any(|target| target.bare);
        (all + 1, resolved + usize::from(!targets.is_empty()), bare + usize::from(is_bare))
    })
}

#[test]
fn as_many_notes_resolve_as_two_independent_readers_found() {
    with_newest_list(|list| {
        // One more resolves in prose only: "see categories E08-E10, E11, E13 with ketoacidosis" at E87.2 would widen the
        // note if its condition were left out.
        assert_eq!(counts(list, NoteKind::Excludes1), (5_407, 5_278, 19));
        assert_eq!(counts(list, NoteKind::Excludes2), (2_520, 2_485, 12));
        assert_eq!(counts(list, NoteKind::CodeFirst).0, 809);
        assert_eq!(counts(list, NoteKind::UseAdditionalCode).0, 1_485);
        assert_eq!(counts(list, NoteKind::CodeAlso).0, 655);
    });
}

#[test]
fn excludes1_names_codes_in_the_published_ways() {
    with_newest_list(|list| {
        let notes = list
            .ids()
            .flat_map(|id| list.own_notes(id))
            .filter(|note| note.kind == NoteKind::Excludes1);
        let mut counts = [0_usize; 3];
        for item in
            notes.flat_map(|note| reference::parse(note.text)).flat_map(|reference| reference.items)
        {
            let naming = match item {
                reference::Item::Single(_) => Naming::Single,
                reference::Item::Wildcard(_) => Naming::Wildcard,
                reference::Item::Range(..) => Naming::Range,
            };
            counts[naming as usize] += 1;
        }
        // Two single codes and a range fewer than published: those of the note at E87.2.
        assert_eq!(counts, [3_562, 1_808, 321]);
    });
}

#[test]
fn the_intent_of_poisoning_codes_is_read_from_the_right_character() {
    with_newest_list(|list| {
        let qualifier = |digits: &str| reference::Qualifier::Intent { one_of: digits.to_owned() };
        let codes = list.billable_codes();
        let count = |first: &str, last: &str, digits: &str| {
            let (first, last) =
                (CodeKey::new(first).unwrap(), CodeKey::new(last).unwrap().last_below());
            codes
                .iter()
                .filter(|key| first <= **key && **key <= last && qualifier(digits).accepts(**key))
                .count()
        };
        for (digit, expected) in
            [("1", 534), ("2", 534), ("3", 534), ("4", 534), ("5", 525), ("6", 525)]
        {
            assert_eq!(count("T36", "T50", digit), expected, "intent {digit}");
        }
        for digit in ["1", "2", "3", "4"] {
            assert_eq!(count("T51", "T65", digit), 408, "intent {digit}");
        }
    });
}
