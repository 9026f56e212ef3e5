//! The Excludes notes of a list, put in order once: nearly all pairs of codes have nothing to do with each other, and one
//! bit says so.

use super::{NodeId, NodeKind, Note, NoteKind, TabularList};

/// The exclusion notes of a list by node, and which categories they link.
#[derive(Debug)]
pub(super) struct Exclusions {
    /// Where the notes of each node begin, and behind them the end.
    starts: Vec<u32>,
    notes: Vec<Exclusion>,
    pairs: CategoryPairs,
}

/// A note, with the interval that holds all it names.
#[derive(Clone, Copy, Debug)]
struct Exclusion {
    kind: NoteKind,
    index: u32,
    first: NodeId,
    end: NodeId,
}

/// Pairs of categories: those of which an Excludes1 note above one names a code of the other.
#[derive(Debug)]
struct CategoryPairs {
    /// By node: how many categories begin before the node behind it.
    begun: Vec<u16>,
    /// Words of one category's row.
    width: usize,
    /// Neighbouring categories are in one group, two to the power of this many.
    shift: u32,
    /// A row of bits for each category.
    bits: Vec<u64>,
    /// For each category one bit for each of 64 groups of neighbouring categories, where it is linked with one of them.
    /// Small enough to stay in the nearest cache, and enough for most pairs.
    groups: Vec<u64>,
}

impl TabularList {
    /// Whether an Excludes1 note above one of two codes may name the other. Where this says no, none does.
    pub fn may_exclude(&self, a: NodeId, b: NodeId) -> bool {
        self.exclusion_links(a).hold(self.marks(b).category())
    }

    /// The categories that Excludes1 notes link with the one of a code.
    pub fn exclusion_links(&self, id: NodeId) -> Links<'_> {
        self.all_exclusions().pairs.links(self.marks(id).category().into())
    }

    /// The number of the category of a code, in document order; of a chapter or section that of the first one in it.
    pub(super) fn category_number(&self, id: NodeId) -> u16 {
        let number = self.all_exclusions().pairs.category(self, id);
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    /// The exclusion notes of a kind at this very node that may name a code at `named`: every note that does is among
    /// them.
    pub fn exclusions(
        &self,
        id: NodeId,
        kind: NoteKind,
        named: NodeId,
    ) -> impl Iterator<Item = Note<'_>> {
        let own = self.all_exclusions().of(id).iter();
        own.filter(move |it| it.kind == kind && it.first <= named && named < it.end)
            .filter_map(move |it| self.note(id, it.index))
    }

    fn all_exclusions(&self) -> &Exclusions {
        self.exclusions.get_or_init(|| Box::new(Exclusions::build(self)))
    }
}

impl Exclusions {
    fn build(list: &TabularList) -> Self {
        let mut starts = Vec::with_capacity(list.nodes.len() + 1);
        let mut notes = Vec::new();
        let mut pairs = CategoryPairs::of(list);
        for id in list.ids() {
            starts.push(u32::try_from(notes.len()).unwrap_or(u32::MAX));
            let excluding = list
                .own_notes(id)
                .filter(|note| matches!(note.kind, NoteKind::Excludes1 | NoteKind::Excludes2));
            for note in excluding {
                let targets = list.targets(&note);
                let first = targets.iter().map(|target| target.first).min();
                let end = targets.iter().map(|target| target.end).max();
                let Some((first, end)) = first.zip(end) else { continue };
                notes.push(Exclusion { kind: note.kind, index: note.index, first, end });
                if note.kind == NoteKind::Excludes1 {
                    let spanned = list.umbrellas.iter().find(|(section, _, _)| *section == id);
                    let below =
                        spanned.map_or((id, list.end(id)), |(_, first, end)| (*first, *end));
                    for target in targets {
                        pairs.link(list, below, (target.first, target.end));
                    }
                }
            }
        }
        starts.push(u32::try_from(notes.len()).unwrap_or(u32::MAX));
        Self { starts, notes, pairs }
    }

    fn of(&self, id: NodeId) -> &[Exclusion] {
        let place = |index: usize| self.starts.get(index).map(|start| *start as usize);
        let range = place(id.index()).zip(place(id.index() + 1));
        range.and_then(|(start, end)| self.notes.get(start..end)).unwrap_or_default()
    }
}

impl CategoryPairs {
    fn of(list: &TabularList) -> Self {
        let mut count = 0_u16;
        let begun = list.ids().map(|id| {
            let above = list.parent(id).map(|parent| list.kind(parent));
            let begins = list.kind(id) == NodeKind::Code && above != Some(NodeKind::Code);
            count = count.saturating_add(u16::from(begins));
            count
        });
        let begun: Vec<u16> = begun.collect();
        let categories = usize::from(count) + 1;
        let width = categories.div_ceil(64);
        let shift = width.next_power_of_two().trailing_zeros();
        Self { begun, width, shift, bits: vec![0; categories * width], groups: vec![0; categories] }
    }

    /// The category of a code; of a chapter or section the first one in it.
    fn category(&self, list: &TabularList, id: NodeId) -> usize {
        let begun = self.begun.get(id.index()).copied().map_or(0, usize::from);
        if list.kind(id) == NodeKind::Code { begun.saturating_sub(1) } else { begun }
    }

    /// The categories that an interval of nodes touches.
    fn within(&self, list: &TabularList, (first, end): (NodeId, NodeId)) -> std::ops::Range<usize> {
        let last = end.index().checked_sub(1).and_then(|last| self.begun.get(last));
        self.category(list, first)..last.copied().map_or(0, usize::from)
    }

    fn link(&mut self, list: &TabularList, a: (NodeId, NodeId), b: (NodeId, NodeId)) {
        for one in self.within(list, a) {
            for other in self.within(list, b) {
                for (row, column) in [(one, other), (other, one)] {
                    if let Some(word) = self.bits.get_mut(row * self.width + column / 64) {
                        *word |= 1 << (column % 64);
                    }
                    let group = group(column, self.shift);
                    if let Some(groups) = self.groups.get_mut(row) {
                        *groups |= group;
                    }
                }
            }
        }
    }

    fn links(&self, row: usize) -> Links<'_> {
        let start = row * self.width;
        Links {
            row: self.bits.get(start..start + self.width).unwrap_or_default(),
            groups: self.groups.get(row).copied().unwrap_or(u64::MAX),
            shift: self.shift,
        }
    }
}

/// The categories that are linked with one.
#[derive(Clone, Copy, Debug)]
pub struct Links<'l> {
    row: &'l [u64],
    groups: u64,
    shift: u32,
}

impl Links<'_> {
    /// Whether a category may be one of them; see [`super::Marks::category`]. Where this says no, it is none.
    pub fn hold(&self, category: u16) -> bool {
        let column = usize::from(category);
        let word = || self.row.get(column / 64).is_none_or(|word| word & (1 << (column % 64)) != 0);
        self.groups & group(column, self.shift) != 0 && word()
    }
}

/// The bit of the group that a category is in. A shift, because every two codes of an encounter are asked.
fn group(category: usize, shift: u32) -> u64 {
    1 << (category >> shift & 63)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::sample;

    #[test]
    fn no_note_that_names_a_code_is_left_out() {
        let list = &sample().editions()[0].list;
        let codes = || list.ids().filter(|id| list.kind(*id) == NodeKind::Code);
        for own in codes() {
            for owner in list.lineage(own) {
                for note in list.own_notes(owner) {
                    for target in list.targets(&note) {
                        for named in (target.first.0..target.end.0).map(NodeId) {
                            let kind = note.kind;
                            if matches!(kind, NoteKind::Excludes1 | NoteKind::Excludes2) {
                                let mut found = list.exclusions(owner, kind, named);
                                assert!(found.any(|it| it == note), "{}", note.text);
                            }
                            if kind == NoteKind::Excludes1 && list.kind(named) == NodeKind::Code {
                                assert!(list.may_exclude(own, named), "{}", note.text);
                                assert!(list.may_exclude(named, own), "{}", note.text);
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn most_categories_have_nothing_to_do_with_each_other() {
        let list = &sample().editions()[0].list;
        let codes: Vec<_> = list.ids().filter(|id| list.kind(*id) == NodeKind::Code).collect();
        let pairs = codes.iter().flat_map(|a| codes.iter().map(move |b| (*a, *b)));
        let linked = pairs.filter(|(a, b)| list.may_exclude(*a, *b)).count();
        assert!(linked > 0 && linked * 4 < codes.len() * codes.len(), "{linked}");
    }
}
