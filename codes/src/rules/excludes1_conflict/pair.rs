//! Pairs of diagnoses and the notes that name one of them above the other, for both kinds of Excludes notes.

use crate::{
    check::Reason,
    encounter::{CodedItem, JudgedEncounter},
    rule::Report,
    tabular::{Location, Note, NoteKind, TabularList, Target},
};

/// A note that forbids, or allows, a pair.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Match<'a> {
    /// The note.
    pub note: Note<'a>,
    /// What the note says of it.
    pub target: &'a Target,
    /// How deep its node stands.
    pub depth: u8,
    /// The code that the note names; the other stands under it.
    pub named: Location,
}

/// A diagnosis with its place in a tabular list.
pub(in crate::rules) struct Located<'e, 'a> {
    /// The diagnosis.
    pub coded: &'e CodedItem<'a>,
    list: &'a TabularList,
    at: Location,
}

/// The diagnoses whose notes are known: good codes, and expired ones whose node still exists.
pub(in crate::rules) fn located<'e, 'a>(
    encounter: &'e JudgedEncounter<'a>,
    report: &mut Report<'_>,
) -> Vec<Located<'e, 'a>> {
    report.skip_unavailable(encounter);
    let mut located = Vec::new();
    for (_, coded) in encounter.of_the_order() {
        match coded.judgement.concept.map(|concept| concept.place()) {
            Some(Some((edition, at))) => located.push(Located { coded, list: &edition.list, at }),
            // The code exists, its notes do not: the pair cannot be judged.
            Some(None) => report.no_data(Reason::NotesMissing),
            None => {}
        }
    }
    located
}

/// Two different codes in one list: an expired code may stand in an older edition than the other.
pub(in crate::rules) fn in_one_list<'a>(
    first: &Located<'_, 'a>,
    second: &Located<'_, 'a>,
) -> Option<(&'a TabularList, Location, Location)> {
    let (a, b) = (first.at, second.at);
    if a.key == b.key {
        None
    } else if std::ptr::eq(first.list, second.list) {
        Some((first.list, a, b))
    } else {
        let newer = first.list.locate(b.key).map(|b| (first.list, a, b));
        newer.or_else(|| second.list.locate(a.key).map(|a| (second.list, a, b)))
    }
}

/// The notes of one kind above either code that name the other and not the code itself: a note that overlaps its own
/// node says nothing about that node.
pub(in crate::rules) fn matches(
    list: &TabularList,
    a: Location,
    b: Location,
    kind: NoteKind,
) -> Vec<Match<'_>> {
    let mut found = Vec::new();
    for (own, named) in [(a, b), (b, a)] {
        for node in list.lineage(own.node) {
            for note in list.exclusions(node, kind, named.node) {
                let targets = list.targets(&note);
                let Some(target) = targets.iter().find(|target| target.contains(named)) else {
                    continue;
                };
                if !targets.iter().any(|target| target.contains(own)) {
                    found.push(Match { note, target, depth: list.depth(node), named });
                }
            }
        }
    }
    found
}
