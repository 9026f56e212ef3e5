//! Pairs of diagnoses and the notes that name one of them above the other, for both kinds of Excludes notes.

use crate::{
    check::Reason,
    encounter::{CodedItem, JudgedEncounter},
    rule::Report,
    tabular::{Links, Location, Note, NoteKind, TabularList, Target},
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
    /// Of its category; see [`crate::tabular::Marks::category`].
    category: u16,
}

impl<'a> Located<'_, 'a> {
    /// The categories that Excludes1 notes link with that of the diagnosis.
    pub(in crate::rules) fn links(&self) -> Links<'a> {
        self.list.exclusion_links(self.at.node)
    }

    /// Whether no Excludes1 note of one list names this and another code, as most pairs. `links` are its own.
    pub(in crate::rules) fn is_apart_from(&self, other: &Self, links: Links<'_>) -> bool {
        std::ptr::eq(self.list, other.list)
            && self.at.key != other.at.key
            && !links.hold(other.category)
    }
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
            Some(Some((edition, at))) => {
                let list = &*edition.list;
                let category = list.marks(at.node).category();
                located.push(Located { coded, list, at, category });
            }
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
