//! Collects what is found while a text is read from front to back.

use std::ops::Range;

use super::{
    Mention,
    clue::{Clue, Says},
    description,
    list::Scope,
};

/// The state of one scan.
pub(super) struct Scanner<'t> {
    /// The text.
    pub(super) text: &'t str,
    /// Comments, in text order.
    comments: &'t [Range<usize>],
    /// Where only codes with a label or structure count.
    silenced: Vec<Range<usize>>,
    /// What was found, in text order.
    pub(super) mentions: Vec<Mention>,
    clues: Vec<Clue>,
    /// Codes found from here on are reported, not only mentioned.
    pub(super) reported: bool,
    /// Labels of the stretch that is being read: no description reaches across one.
    pub(super) barriers: Vec<Range<usize>>,
    /// The list that the label at the end of the stretch opens.
    pub(super) open_list: Option<Scope>,
}

/// How much a stretch of text is trusted to hold codes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trust {
    /// Prose: every tier counts.
    Prose,
    /// Another language: only labels and structures, and only well-formed codes.
    Foreign,
    /// A list of codes.
    List(Scope),
}

impl<'t> Scanner<'t> {
    pub(super) fn new(
        text: &'t str,
        comments: &'t [Range<usize>],
        silenced: Vec<Range<usize>>,
    ) -> Self {
        Self {
            text,
            comments,
            silenced,
            mentions: Vec::new(),
            clues: Vec::new(),
            reported: true,
            barriers: Vec::new(),
            open_list: None,
        }
    }

    /// What was found.
    pub(super) fn finish(self) -> (Vec<Mention>, Vec<Clue>) {
        (self.mentions, self.clues)
    }

    /// Adds a mention, which stands behind all others.
    pub(super) fn push(&mut self, mention: Mention) {
        self.mentions.push(Mention { reported: self.reported, ..mention });
    }

    /// Adds a clue.
    pub(super) fn tell(&mut self, at: usize, says: Says) {
        self.clues.push(Clue { at, says });
    }

    /// Whether `at` lies where only labels and structures count.
    pub(super) fn is_silenced(&self, at: usize) -> bool {
        let after = self.silenced.partition_point(|range| range.start <= at);
        self.silenced[..after].last().is_some_and(|range| at < range.end)
    }

    /// Reads a line, or a part of one that stands for itself, without the comments in it. Calls come in text order.
    pub(super) fn stretch(&mut self, range: Range<usize>, trust: Trust) {
        self.open_list = None;
        let mut start = range.start;
        let mut index = self.comments.partition_point(|comment| comment.end <= range.start);
        while start < range.end {
            let comment = self.comments.get(index).filter(|comment| comment.start < range.end);
            let end = comment.map_or(range.end, |comment| comment.start.max(start));
            if start < end {
                self.uninterrupted(start..end, trust);
            }
            start = comment.map_or(range.end, |comment| comment.end);
            index += 1;
        }
    }

    fn uninterrupted(&mut self, range: Range<usize>, trust: Trust) {
        let first = self.mentions.len();
        self.barriers.clear();
        self.read(range.clone(), trust);
        description::assign(self.text, range, &self.barriers, &mut self.mentions[first..]);
    }
}
