//! Collects what is found while a text is read from front to back.

use std::ops::Range;

use super::{
    Mention, Placeholder,
    block::Reading,
    clue::{Clue, Says},
    description,
    lines::Line,
    list::Scope,
    slots::{Slot, SlotKind},
    tokens::{is_blank, skip},
};

/// A field belongs to one of so many codes before it.
const NEAR: usize = 12;

/// The state of one scan.
pub(super) struct Scanner<'t> {
    /// The text.
    pub(super) text: &'t str,
    /// Comments, in text order.
    comments: &'t [Range<usize>],
    /// Where only codes with a label or structure count.
    silenced: Vec<Range<usize>>,
    /// Placeholders and boxes, in text order.
    slots: &'t [Slot],
    /// What was found, in text order.
    pub(super) mentions: Vec<Mention>,
    clues: Vec<Clue>,
    placeholders: Vec<Placeholder>,
    /// The text says of itself that it is a template.
    pub(super) is_template: bool,
    /// A field says that the text is signed.
    pub(super) is_signed: bool,
    /// Codes found from here on are reported, not only mentioned.
    pub(super) reported: bool,
    /// Labels of the stretch that is being read: no description reaches across one.
    pub(super) barriers: Vec<Range<usize>>,
    /// The list that the label at the end of the stretch opens.
    pub(super) open_list: Option<Scope>,
    /// Where a word ends that parts alternatives, until the next code.
    pub(super) parted: Option<usize>,
    /// Lines of text that stand in a fence, in text order.
    pub(super) fenced: &'t [Range<usize>],
    checkpoints: Vec<Checkpoint>,
    /// Lines that are too long to be read, in text order.
    long_lines: Vec<Range<usize>>,
}

/// A line at which a scan may begin or end, with what is known there.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    /// The first byte of the line.
    pub(super) at: usize,
    /// What the lines above mean for this one.
    pub(super) reading: Reading,
    /// The numbers of mentions, clues and placeholders above.
    pub(super) mentions: usize,
    pub(super) clues: usize,
    pub(super) placeholders: usize,
    /// A line below has said something of a code above.
    pub(super) touched: bool,
}

/// What a scan has found, each list in text order.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) mentions: Vec<Mention>,
    pub(super) clues: Vec<Clue>,
    pub(super) placeholders: Vec<Placeholder>,
    pub(super) checkpoints: Vec<Checkpoint>,
    pub(super) long_lines: Vec<Range<usize>>,
    pub(super) is_template: bool,
    pub(super) is_signed: bool,
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
        slots: &'t [Slot],
    ) -> Self {
        Self {
            text,
            comments,
            silenced,
            slots,
            mentions: Vec::new(),
            clues: Vec::new(),
            placeholders: Vec::new(),
            is_template: false,
            is_signed: false,
            reported: true,
            barriers: Vec::new(),
            open_list: None,
            parted: None,
            fenced: &[],
            checkpoints: Vec::new(),
            long_lines: Vec::new(),
        }
    }

    /// What was found.
    pub(super) fn finish(self) -> Found {
        Found {
            mentions: self.mentions,
            clues: self.clues,
            placeholders: self.placeholders,
            checkpoints: self.checkpoints,
            long_lines: self.long_lines,
            is_template: self.is_template,
            is_signed: self.is_signed,
        }
    }

    /// The first placeholder or box that ends behind `at`.
    pub(super) fn next_slot(&self, at: usize) -> Option<&'t Slot> {
        self.slots.get(self.slots.partition_point(|slot| slot.range.end <= at))
    }

    /// The placeholder or box that covers `at`.
    pub(super) fn slot_at(&self, at: usize) -> Option<&'t Slot> {
        self.next_slot(at).filter(|slot| slot.range.start <= at)
    }

    /// Whether a placeholder begins in `range`.
    pub(super) fn has_blank(&self, range: Range<usize>) -> bool {
        let before = self.slots.partition_point(|slot| slot.range.start < range.start);
        self.slots[before..]
            .iter()
            .take_while(|slot| slot.range.start < range.end)
            .any(|slot| slot.kind == SlotKind::Blank)
    }

    /// Where a line begins behind the tags of a template, which stand before its first word.
    pub(super) fn behind_tags(&self, line: Range<usize>) -> usize {
        let mut start = line.start;
        loop {
            let at = skip(self.text, start, line.end, is_blank);
            match self.slot_at(at).filter(|slot| slot.kind == SlotKind::Control) {
                Some(slot) if slot.range.end <= line.end => start = slot.range.end,
                _ => return start,
            }
        }
    }

    /// Adds a placeholder that stands where a code belongs.
    pub(super) fn push_blank(&mut self, range: Range<usize>, scope: Scope) {
        let system = scope.systems.default;
        self.placeholders.push(Placeholder {
            range,
            system,
            reported: self.reported,
            encounter: 0,
        });
    }

    /// Adds a mention, which stands behind all others.
    pub(super) fn push(&mut self, mention: Mention) {
        self.mentions.push(Mention { reported: self.reported && mention.reported, ..mention });
    }

    /// Adds a clue.
    pub(super) fn tell(&mut self, at: usize, says: Says) {
        self.clues.push(Clue { at, says });
    }

    /// Adds clues that stand at one place.
    pub(super) fn tell_all(&mut self, at: usize, says: impl IntoIterator<Item = Says>) {
        self.clues.extend(says.into_iter().map(|says| Clue { at, says }));
    }

    /// The last service before, or the last diagnosis, to say something of it.
    pub(super) fn last_of_encounter(&mut self, is_diagnosis: bool) -> Option<&mut Mention> {
        let wanted = |mention: &(usize, &Mention)| mention.1.system.is_diagnosis() == is_diagnosis;
        let (index, _) = self.mentions.iter().enumerate().rev().take(NEAR).find(wanted)?;
        let behind = self.checkpoints.iter_mut().rev().take_while(|place| place.mentions > index);
        behind.for_each(|place| place.touched = true);
        self.mentions.get_mut(index)
    }

    /// Whether a line is too long to be read, which is taken note of.
    pub(super) fn skips(&mut self, line: Line) -> bool {
        let is_long = line.is_long(self.text);
        if is_long {
            self.long_lines.push(line.range());
        }
        is_long
    }

    /// Takes note of a line at which a scan may begin or end: one of a block of text that has begun before, outside of
    /// comments.
    pub(super) fn pass(&mut self, at: usize, reading: &Reading) {
        let inside = |ranges: &[Range<usize>]| {
            let after = ranges.partition_point(|range| range.start < at);
            ranges[..after].last().is_some_and(|range| at < range.end)
        };
        if inside(self.comments) || inside(self.fenced) {
            return;
        }
        self.checkpoints.push(Checkpoint {
            at,
            reading: *reading,
            mentions: self.mentions.len(),
            clues: self.clues.len(),
            placeholders: self.placeholders.len(),
            touched: false,
        });
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
