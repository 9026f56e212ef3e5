//! Which words of a text speak of a code.

use std::ops::Range;

use super::{Mark, TextView};
use crate::{
    note::{Mention, Place},
    words::spans,
};

/// The words that speak of a code. Ranges are bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The description beside the code; without one the same as `statement`.
    pub near: Range<usize>,
    /// The clause around code and description, cut where the words of a neighbouring code begin. Empty for a code that
    /// stands in a list without words.
    pub statement: Range<usize>,
    /// The whole item, cut at neighbours as well.
    pub item: Range<usize>,
}

impl TextView<'_> {
    /// The words that speak of a code: its description and what its item says, without what belongs to other codes.
    pub fn about(&self, mark: &Mark<'_>) -> About {
        let place = (mark.mention.range.start, mark.mention.range.end);
        if let Some(known) = self.memo.about.borrow().get(&place) {
            return known.clone();
        }
        let found = self.find_about(mark);
        self.memo.about.borrow_mut().insert(place, found.clone());
        found
    }

    /// Whether a range holds the official title of the mark's code and nothing else, as records write it that fill it in
    /// themselves: such words say neither more than the code nor anything else.
    pub fn is_title(&self, mark: &Mark<'_>, range: &Range<usize>) -> bool {
        mark.title.is_some() && self.text.get(range.clone()) == mark.title
    }

    fn find_about(&self, mark: &Mark<'_>) -> About {
        let mention = mark.mention;
        let own = mention.range.clone();
        let none = own.start..own.start;
        let place = match &mention.description {
            Some(words) => words.start.min(own.start)..words.end.max(own.end),
            None => own.clone(),
        };
        let bounds = self.bounds(mark, &place);
        match mention.place {
            Place::Claim | Place::FrontMatter => {
                About { near: none.clone(), statement: none.clone(), item: none }
            }
            Place::Table => {
                let words = mention.description.clone().unwrap_or(none);
                About { near: words.clone(), statement: words.clone(), item: words }
            }
            _ => {
                let item = spans::item(self.text, place.clone(), bounds.clone());
                let alone = mention.description.is_none() && mention.place == Place::Label;
                let statement = if alone && self.is_listed(mark) {
                    none
                } else if alone {
                    // `Chronic kidney disease, stage 3. Dx: N18.30`
                    item.clone()
                } else {
                    spans::clause(self.text, place, bounds)
                };
                let near = mention.description.clone().unwrap_or_else(|| statement.clone());
                About { near, statement, item }
            }
        }
    }

    /// Between the words of the codes before and behind.
    fn bounds(&self, mark: &Mark<'_>, place: &Range<usize>) -> Range<usize> {
        let scope = self.scope_of(mark).map_or(0..self.text.len(), |scope| scope.range.clone());
        let (before, after) = self.neighbours(mark);
        let floor = before.map_or(scope.start, |other| {
            let words = other.description.clone().filter(|words| words.start >= other.range.end);
            words.map_or(other.range.end, |words| words.end).max(scope.start)
        });
        let mut ceiling = after.map_or(scope.end, |other| {
            let words = other.description.clone().filter(|words| words.end <= other.range.start);
            words.map_or(other.range.start, |words| words.start).min(scope.end)
        });
        // Words between two codes of a line belong to the code that they lead to.
        let leads = mark
            .mention
            .description
            .as_ref()
            .is_none_or(|words| words.end <= mark.mention.range.start);
        let behind = self.text.get(place.end..ceiling).unwrap_or_default();
        if leads && after.is_some() && !behind.contains('\n') {
            ceiling = place.end;
        }
        floor.min(place.start)..ceiling.max(place.end)
    }

    /// Whether another code of its line stands beside it with no words between.
    fn is_listed(&self, mark: &Mark<'_>) -> bool {
        let (before, after) = self.neighbours(mark);
        let bare = |range: Range<usize>| {
            let gap = self.text.get(range).unwrap_or("\n");
            !gap.contains(|it: char| it == '\n' || it.is_alphabetic())
        };
        let own = &mark.mention.range;
        before.is_some_and(|other| bare(other.range.end..own.start))
            || after.is_some_and(|other| bare(own.end..other.range.start))
    }

    /// The codes directly before and behind.
    fn neighbours(&self, mark: &Mark<'_>) -> (Option<&Mention>, Option<&Mention>) {
        let at = |index: usize| self.note.mentions.get(index);
        (mark.index.checked_sub(1).and_then(at), at(mark.index + 1))
    }
}
