//! Compares two lists of concepts.

use std::cmp::Ordering;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{ChangedField, Difference, DifferenceKind, ListedConcept};

/// How titles are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Titles {
    /// As they are written.
    Exact,
    /// Without their accents, and with single blanks.
    Folded,
}

impl Titles {
    fn differ(self, old: &str, new: &str) -> bool {
        old != new && (self == Self::Exact || folded(old) != folded(new))
    }
}

/// A title without accents, as plain lists write it.
fn folded(title: &str) -> String {
    let words: Vec<_> = title.split_whitespace().collect();
    words.join(" ").nfd().filter(|character| !is_combining_mark(*character)).collect()
}

/// What changes from one list to another, in code order. Both are sorted by code, each code once.
pub(super) fn compare(
    before: &[ListedConcept],
    after: &[ListedConcept],
    titles: Titles,
) -> Vec<Difference> {
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    let mut found = Vec::new();
    loop {
        let order = match (before.peek(), after.peek()) {
            (None, None) => return found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(before), Some(after)) => before.code.cmp(&after.code),
        };
        let old = if order.is_le() { before.next() } else { None };
        let new = if order.is_ge() { after.next() } else { None };
        found.extend(difference(old, new, titles));
    }
}

fn difference(
    before: Option<&ListedConcept>,
    after: Option<&ListedConcept>,
    titles: Titles,
) -> Option<Difference> {
    let (code, kind, changed) = match (before, after) {
        (None, None) => return None,
        (None, Some(new)) => (new.code, DifferenceKind::Added, Vec::new()),
        (Some(old), None) => (old.code, DifferenceKind::Deleted, Vec::new()),
        (Some(old), Some(new)) => {
            let kind = match (old.billable, new.billable) {
                (true, false) => DifferenceKind::Deleted,
                (false, true) => DifferenceKind::Added,
                (true, true) | (false, false) => DifferenceKind::Revised,
            };
            (new.code, kind, changed(old, new, titles))
        }
    };
    let is_same = kind == DifferenceKind::Revised && changed.is_empty();
    (!is_same).then(|| Difference {
        code,
        kind,
        before: before.cloned(),
        after: after.cloned(),
        changed,
    })
}

/// What differs between two states of one concept.
fn changed(old: &ListedConcept, new: &ListedConcept, titles: Titles) -> Vec<ChangedField> {
    // A release without titles does not say that the title has changed.
    let both_titled = !old.title.is_empty() && !new.title.is_empty();
    let both_noted = old.notes.is_some() && new.notes.is_some();
    let fields = [
        (ChangedField::Display, both_titled && titles.differ(&old.title, &new.title)),
        (ChangedField::Billable, old.billable != new.billable),
        (ChangedField::Notes, both_noted && old.notes != new.notes),
        (ChangedField::EditFlags, old.flags != new.flags),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
}

#[cfg(test)]
mod tests {
    use medcode_codes::{
        code::CodeKey,
        flag::{Flag, Flags},
    };
    use proptest::prelude::*;

    use std::slice::from_ref;

    use super::*;

    fn code(code: &str) -> ListedConcept {
        ListedConcept {
            code: CodeKey::new(code).unwrap(),
            billable: true,
            title: "A title".into(),
            notes: Some(0),
            flags: Flags::default(),
        }
    }

    fn compare(before: &[ListedConcept], after: &[ListedConcept]) -> Vec<Difference> {
        super::compare(before, after, Titles::Exact)
    }

    fn header(name: &str) -> ListedConcept {
        ListedConcept { billable: false, ..code(name) }
    }

    /// Each difference as a word: sign, code, and what has changed.
    fn drawn(before: &[ListedConcept], after: &[ListedConcept]) -> Vec<String> {
        let draw = |found: Difference| {
            let sign = match found.kind {
                DifferenceKind::Added => '+',
                DifferenceKind::Deleted => '-',
                DifferenceKind::Revised => '~',
            };
            let fields = found.changed.iter().map(|field| format!(" {field:?}"));
            format!("{sign}{}{}", found.code, fields.collect::<String>())
        };
        compare(before, after).into_iter().map(draw).collect()
    }

    #[test]
    fn equal_lists_have_no_differences() {
        let list = [header("E11"), code("E119")];
        assert_eq!(drawn(&list, &list), [""; 0]);
        assert_eq!(drawn(&[], &[]), [""; 0]);
    }

    #[test]
    fn codes_and_headers_come_and_go() {
        let before = [header("A00"), code("A000"), code("Z99")];
        let after = [header("A00"), code("A001"), header("B00"), code("B001"), code("Z99")];
        assert_eq!(drawn(&before, &after), ["-A000", "+A001", "+B00", "+B001"]);
        assert_eq!(drawn(&after, &before), ["+A000", "-A001", "-B00", "-B001"]);
        assert_eq!(drawn(&[], &before), ["+A00", "+A000", "+Z99"]);
        assert_eq!(drawn(&before, &[]), ["-A00", "-A000", "-Z99"]);
        // Headers are told from codes by whether they are billable.
        let added = compare(&before, &after).into_iter().filter(|found| {
            found.kind == DifferenceKind::Added
                && found.after.as_ref().is_some_and(|after| after.billable)
        });
        assert_eq!(added.count(), 2);
    }

    /// M54.5 on 2021-10-01.
    #[test]
    fn a_code_that_became_a_header_is_deleted() {
        let before = [code("M545")];
        let after = [header("M545"), code("M5450"), code("M5451")];
        assert_eq!(drawn(&before, &after), ["-M545 Billable", "+M5450", "+M5451"]);
        let deleted = compare(&before, &after).remove(0);
        assert!(deleted.before.unwrap().billable && !deleted.after.unwrap().billable);
        assert_eq!(drawn(&after, &before), ["+M545 Billable", "-M5450", "-M5451"]);
    }

    #[test]
    fn what_is_in_both_may_be_revised() {
        let old = code("E119");
        let titled = ListedConcept { title: "Another title".into(), ..old.clone() };
        let noted = ListedConcept { notes: Some(7), ..old.clone() };
        let mut flags = Flags::default();
        flags.insert(Flag::Unacceptable);
        let flagged = ListedConcept { flags, ..old.clone() };
        let all = ListedConcept { notes: Some(7), flags, ..titled.clone() };
        let one = |new: ListedConcept| drawn(std::slice::from_ref(&old), &[new]);
        assert_eq!(one(titled), ["~E119 Display"]);
        assert_eq!(one(noted), ["~E119 Notes"]);
        assert_eq!(one(flagged), ["~E119 EditFlags"]);
        assert_eq!(one(all.clone()), ["~E119 Display Notes EditFlags"]);
        assert_eq!(
            one(ListedConcept { billable: false, ..all }),
            ["-E119 Display Billable Notes EditFlags"]
        );
        // Headers are revised as well.
        let renamed = ListedConcept { title: "Another title".into(), ..header("E11") };
        assert_eq!(drawn(&[header("E11")], &[renamed]), ["~E11 Display"]);
    }

    #[test]
    fn a_title_that_is_not_known_has_not_changed() {
        let untitled = ListedConcept { title: String::new(), ..code("0DTJ0ZZ") };
        assert_eq!(drawn(&[code("0DTJ0ZZ")], std::slice::from_ref(&untitled)), [""; 0]);
        assert_eq!(drawn(&[untitled], &[code("0DTJ0ZZ")]), [""; 0]);
    }

    #[test]
    fn a_list_without_notes_or_accents_changes_neither() {
        let tabular = ListedConcept { title: "Sj\u{f6}gren syndrome".into(), ..code("M350") };
        let plain =
            ListedConcept { title: "Sjogren  syndrome".into(), notes: None, ..code("M350") };
        let of = |titles| super::compare(from_ref(&tabular), from_ref(&plain), titles);
        assert!(of(Titles::Folded).is_empty());
        assert_eq!(of(Titles::Exact)[0].changed, [ChangedField::Display]);
        let other = ListedConcept { title: "Sicca syndrome".into(), ..plain };
        let found = super::compare(&[tabular], &[other], Titles::Folded);
        assert_eq!(found[0].changed, [ChangedField::Display]);
    }

    fn lists() -> impl Strategy<Value = Vec<ListedConcept>> {
        let concept = ("[A-C][0-2]{2,3}", any::<bool>(), 0_u64..2, "[ab]?").prop_map(
            |(key, billable, notes, title)| ListedConcept {
                billable,
                title,
                notes: Some(notes),
                ..code(&key)
            },
        );
        proptest::collection::vec(concept, 0..30).prop_map(|mut list| {
            list.sort_by_key(|concept| concept.code);
            list.dedup_by_key(|concept| concept.code);
            list
        })
    }

    proptest! {
        #[test]
        fn the_way_back_is_the_reverse(before in lists(), after in lists()) {
            let there = compare(&before, &after);
            let back = compare(&after, &before);
            prop_assert!(there.is_sorted_by_key(|found| found.code));
            prop_assert_eq!(there.len(), back.len());
            for (there, back) in there.into_iter().zip(back) {
                let reverse = match there.kind {
                    DifferenceKind::Added => DifferenceKind::Deleted,
                    DifferenceKind::Deleted => DifferenceKind::Added,
                    DifferenceKind::Revised => DifferenceKind::Revised,
                };
                prop_assert_eq!(reverse, back.kind);
                prop_assert_eq!((there.before, there.after), (back.after, back.before));
                prop_assert_eq!(there.changed, back.changed);
            }
        }

        #[test]
        fn nothing_is_missed(before in lists(), after in lists()) {
            let found = compare(&before, &after);
            let billable = |list: &[ListedConcept], code: CodeKey| {
                list.iter().any(|concept| concept.code == code && concept.billable)
            };
            let all = before.iter().chain(&after);
            for concept in all {
                let kind = found.iter().find(|found| found.code == concept.code);
                let kind = kind.map(|found| found.kind);
                match (billable(&before, concept.code), billable(&after, concept.code)) {
                    (true, false) => prop_assert_eq!(kind, Some(DifferenceKind::Deleted)),
                    (false, true) => prop_assert_eq!(kind, Some(DifferenceKind::Added)),
                    (true, true) => prop_assert!(
                        !matches!(kind, Some(DifferenceKind::Added | DifferenceKind::Deleted))
                    ),
                    (false, false) => {}
                }
            }
        }
    }
}
