//! A text that was scanned, and is scanned again after an edit: from the first changed line on, until the lines read as
//! they did before.
//!
//! What a line says depends on what stands above it: open comments and fences, headings, lists that go on. The scan
//! keeps that state every few lines. After an edit it begins at such a place above the change and ends at one below where
//! the state is the same as before; what lies outside is taken over. Where anything may reach further, a comment that is
//! not closed or a region of ignored codes, the whole text is read anew. The outcome is always that of [`scan`].
//!
//! [`scan`]: super::scan

use std::{fmt, ops::Range, sync::Arc};

use super::{
    Frames, Mention, Note, Placeholder, TypingContext,
    block::{self, Reading},
    clue::Clue,
    context, encounters,
    layout::{Block, Kind, Layout, Reader},
    moved,
    pragma::{self, Pragma},
    scanner::{Checkpoint, Found, Scanner},
    signature,
    slots::{self, Slot, SlotKind},
};

mod change;

use change::{Change, lines_back, lines_on};

/// So many lines lie at least between a change and where the scan begins and ends: fields speak of a code up to two lines
/// above.
const MARGIN: usize = 4;

/// How many of the places below a change are tried before all is read anew, each further away than the one before.
const TRIES: [usize; 3] = [0, 6, 60];

/// A text with what was found in it. Its `Debug` prints no text.
#[derive(Clone)]
pub struct Scanned {
    text: String,
    layout: Layout,
    pragmas: Vec<Pragma>,
    slots: Vec<Slot>,
    found: Found,
    note: Arc<Note>,
}

/// Finds what a text says.
pub(super) fn scan(text: &str) -> Note {
    let (layout, pragmas, slots, found) = read(text);
    let Found { mentions, clues, placeholders, long_lines, is_template, is_signed, .. } = found;
    let note = Note {
        mentions,
        pragmas,
        placeholders,
        long_lines,
        is_template,
        is_signed,
        frames: Frames::of(text, &layout),
        ..Note::default()
    };
    finish(text, &slots, &clues, note)
}

fn read(text: &str) -> (Layout, Vec<Pragma>, Vec<Slot>, Found) {
    let mut layout = Layout::read(text);
    let pragmas = pragma::read(text, &layout.comments);
    let slots = slots::find(text, &layout);
    let silenced = pragma::silenced(&pragmas, text.len());
    let mut scanner = Scanner::new(text, &layout.comments, silenced, &slots);
    scanner.fenced = &layout.fenced;
    block::scan(&mut scanner, &layout, Reading::default(), false);
    let found = scanner.finish();
    layout.telling = Vec::new();
    (layout, pragmas, slots, found)
}

/// The note as a whole, of which `note` has what stands in single lines.
fn finish(text: &str, slots: &[Slot], clues: &[Clue], note: Note) -> Note {
    let Note { mut mentions, mut placeholders, .. } = note;
    slots::untick(text, slots, &mut mentions);
    let encounters = encounters::group(text, clues, &mut mentions, &mut placeholders);
    let has_blanks = slots.iter().any(|slot| !matches!(slot.kind, SlotKind::Box(_)));
    let is_template = note.is_template || has_blanks || !placeholders.is_empty();
    let is_signed = !note.is_template && (note.is_signed || signature::stands_in(text, slots));
    Note { mentions, encounters, placeholders, is_template, is_signed, ..note }
}

impl Scanned {
    /// Scans a text.
    pub fn new(text: &str) -> Self {
        let (layout, pragmas, slots, found) = read(text);
        Self::of(text.to_owned(), layout, pragmas, slots, found)
    }

    /// Scans another version of the text. As [`Self::new`], at the cost of what changed.
    #[must_use]
    pub fn again(&self, text: &str) -> Self {
        if self.text == text {
            return self.clone();
        }
        self.spliced(text).unwrap_or_else(|| Self::new(text))
    }

    /// What was found.
    pub fn note(&self) -> &Arc<Note> {
        &self.note
    }

    /// What was found, alone.
    pub fn into_note(self) -> Arc<Note> {
        self.note
    }

    /// What may be typed at byte `offset`, as [`super::context_at`] says.
    pub fn context_at(&self, offset: usize) -> TypingContext {
        context::within(&self.text, &self.layout, &self.pragmas, offset)
    }

    fn of(
        text: String,
        layout: Layout,
        pragmas: Vec<Pragma>,
        slots: Vec<Slot>,
        found: Found,
    ) -> Self {
        let note = Note {
            mentions: found.mentions.clone(),
            encounters: Vec::new(),
            pragmas: pragmas.clone(),
            placeholders: found.placeholders.clone(),
            long_lines: found.long_lines.clone(),
            is_template: found.is_template,
            is_signed: found.is_signed,
            frames: Frames::of(&text, &layout),
        };
        let note = Arc::new(finish(&text, &slots, &found.clues, note));
        Self { text, layout, pragmas, slots, found, note }
    }

    /// The other version, with what did not change taken over. `None` where something may reach further than it shows.
    fn spliced(&self, text: &str) -> Option<Self> {
        let change = Change::between(&self.text, text)?;
        let above = self.place_above(&change)?;
        let below = self.places_below(&change);
        TRIES.iter().find_map(|number| {
            let (place, at) = below.get(*number)?;
            let middle = Middle::read(text, above, *at)?;
            let tells = self.tells(above.at..place.at);
            (middle.ends_as(place) && !tells).then_some(())?;
            self.same_above(text, &middle, place, &change).then_some(())?;
            self.put_together(text, above, middle, place, &change)
        })
    }

    /// The last place above a change at which reading may begin.
    fn place_above(&self, change: &Change) -> Option<&Checkpoint> {
        let limit = lines_back(&self.text, change.start, MARGIN)?;
        let behind = self.found.checkpoints.partition_point(|place| place.at <= limit);
        let place = self.found.checkpoints.get(..behind)?.iter().rfind(|place| !place.touched)?;
        // What a text begins with may be read by what comes much later, and so may a comment that is not closed.
        let head = self.text.trim_start_matches('\u{FEFF}').trim_start();
        let has_front_matter = self.layout.blocks.first()?.kind == Kind::FrontMatter;
        let is_settled = has_front_matter || !head.starts_with("---");
        let comments = self.layout.comments.iter().take_while(|it| it.start < place.at);
        let all_closed = comments.into_iter().all(|it| self.text[it.clone()].ends_with("-->"));
        (is_settled && all_closed && lines_back(&self.text, place.at, MARGIN).is_some())
            .then_some(place)
    }

    /// The places below a change at which reading may end, each with its offset in the new text.
    fn places_below(&self, change: &Change) -> Vec<(&Checkpoint, usize)> {
        let Some(limit) = lines_on(&self.text, change.end, MARGIN) else { return Vec::new() };
        let from = self.found.checkpoints.partition_point(|place| place.at < limit);
        let places = self.found.checkpoints[from..].iter().filter(|place| !place.touched);
        places.map(|place| (place, place.at.wrapping_add_signed(change.by))).collect()
    }

    /// Whether what is replaced may have told something of the whole text.
    fn tells(&self, replaced: Range<usize>) -> bool {
        let blocks = self.layout.blocks.iter();
        let mut blocks =
            blocks.filter(|it| it.range.end > replaced.start && it.range.start < replaced.end);
        (self.found.is_template || self.found.is_signed)
            && blocks.any(|block| matches!(block.kind, Kind::Json | Kind::Codes(_)))
    }

    /// Whether the codes directly above the place are those of before: lines below it may speak of them.
    fn same_above(&self, text: &str, middle: &Middle, place: &Checkpoint, change: &Change) -> bool {
        let end = place.at.wrapping_add_signed(change.by);
        let Some(from) = lines_back(text, end, MARGIN).filter(|from| *from >= middle.start) else {
            return false;
        };
        let new = middle.found.mentions.iter().filter(|mention| mention.range.start >= from);
        let old = self.found.mentions.get(..place.mentions).unwrap_or_default();
        let old = old.iter().map(|mention| moved::mention(mention, change.by));
        let old: Vec<Mention> = old.filter(|mention| mention.range.start >= from).collect();
        new.eq(&old)
    }

    fn put_together(
        &self,
        text: &str,
        above: &Checkpoint,
        middle: Middle,
        below: &Checkpoint,
        change: &Change,
    ) -> Option<Self> {
        let (start, end, by) = (above.at, below.at, change.by);
        let layout = self.layout.spliced(start..end, middle.layout, by)?;
        let pragmas = pragma::read(text, &layout.comments);
        let slots = joined(
            self.slots.iter().take_while(|slot| slot.range.start < start).cloned(),
            middle.slots,
            self.slots
                .iter()
                .skip(self.slots.partition_point(|slot| slot.range.start < end))
                .map(|slot| Slot { range: moved::range(&slot.range, by), kind: slot.kind }),
        );
        let is_silenced = |pragmas: &[Pragma], end| !pragma::silenced(pragmas, end).is_empty();
        if is_silenced(&pragmas, text.len()) || is_silenced(&self.pragmas, self.text.len()) {
            return None;
        }
        let old = &self.found;
        let new = middle.found;
        let counts = |place: &Checkpoint, by: &Checkpoint| Checkpoint {
            mentions: place.mentions + by.mentions,
            clues: place.clues + by.clues,
            placeholders: place.placeholders + by.placeholders,
            ..place.clone()
        };
        let in_middle = (new.mentions.len(), new.clues.len(), new.placeholders.len());
        let behind = |place: &Checkpoint| Checkpoint {
            at: place.at.wrapping_add_signed(by),
            mentions: place.mentions - below.mentions + above.mentions + in_middle.0,
            clues: place.clues - below.clues + above.clues + in_middle.1,
            placeholders: place.placeholders - below.placeholders
                + above.placeholders
                + in_middle.2,
            ..place.clone()
        };
        let places = &old.checkpoints;
        let checkpoints = joined(
            places.iter().take_while(|place| place.at < start).cloned(),
            new.checkpoints.iter().map(|place| counts(place, above)).collect(),
            places.iter().skip_while(|place| place.at < end).map(behind),
        );
        let found = Found {
            mentions: joined(
                old.mentions.get(..above.mentions)?.iter().cloned(),
                new.mentions,
                old.mentions.get(below.mentions..)?.iter().map(|it| moved::mention(it, by)),
            ),
            clues: joined(
                old.clues.get(..above.clues)?.iter().cloned(),
                new.clues,
                old.clues.get(below.clues..)?.iter().map(|it| it.moved(by)),
            ),
            placeholders: joined(
                old.placeholders.get(..above.placeholders)?.iter().cloned(),
                new.placeholders,
                old.placeholders
                    .get(below.placeholders..)?
                    .iter()
                    .map(|it| Placeholder { range: moved::range(&it.range, by), ..it.clone() }),
            ),
            checkpoints,
            long_lines: joined(
                old.long_lines.iter().take_while(|line| line.start < start).cloned(),
                new.long_lines,
                old.long_lines
                    .iter()
                    .skip_while(|line| line.start < end)
                    .map(|line| moved::range(line, by)),
            ),
            is_template: old.is_template,
            is_signed: old.is_signed,
        };
        Some(Self::of(text.to_owned(), layout, pragmas, slots, found))
    }
}

impl fmt::Debug for Scanned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scanned({} bytes)", self.text.len())
    }
}

fn joined<T>(
    above: impl Iterator<Item = T>,
    middle: Vec<T>,
    below: impl Iterator<Item = T>,
) -> Vec<T> {
    above.chain(middle).chain(below).collect()
}

/// What was read between two places.
struct Middle {
    start: usize,
    layout: Layout,
    slots: Vec<Slot>,
    found: Found,
    reading: Reading,
}

impl Middle {
    /// Reads from `above` to `end`, where a line of text has to begin that goes on with the block before it.
    fn read(text: &str, above: &Checkpoint, end: usize) -> Option<Self> {
        let layout = Reader::at(text, above.at).until(end)?;
        let is_text = |block: Option<&Block>| block.is_some_and(|it| it.kind == Kind::Text);
        let fits = is_text(layout.blocks.first()) && is_text(layout.blocks.last());
        let from_start = layout.blocks.first().is_some_and(|it| it.range.start == above.at);
        let to_end = layout.blocks.last().is_some_and(|it| it.range.end == end);
        let is_open = layout.fenced.last().is_some_and(|it| it.end == end);
        let all_closed = layout.comments.iter().all(|it| text[it.clone()].ends_with("-->"));
        if !(fits && from_start && to_end && all_closed) || is_open {
            return None;
        }
        let slots = slots::find(text, &layout);
        let mut scanner = Scanner::new(text, &layout.comments, Vec::new(), &slots);
        scanner.fenced = &layout.fenced;
        let reading = block::scan(&mut scanner, &layout, above.reading, true);
        let found = scanner.finish();
        // What speaks of the whole text is not for a part of it.
        if found.is_template || found.is_signed {
            return None;
        }
        Some(Self { start: above.at, layout, slots, found, reading })
    }

    fn ends_as(&self, place: &Checkpoint) -> bool {
        self.reading == place.reading
    }
}

impl Layout {
    /// This layout with another between two places of text, and what follows moved.
    fn spliced(&self, old: Range<usize>, middle: Self, by: isize) -> Option<Self> {
        let moved_block =
            |block: &Block| Block { range: moved::range(&block.range, by), kind: block.kind };
        let mut blocks: Vec<Block> =
            self.blocks.iter().take_while(|block| block.range.start < old.start).cloned().collect();
        let last = blocks.last_mut().filter(|block| block.kind == Kind::Text)?;
        let mut middle_blocks = middle.blocks.into_iter();
        last.range.end = middle_blocks.next()?.range.end;
        blocks.extend(middle_blocks);
        let at = self.blocks.partition_point(|block| block.range.start < old.end);
        let cut = self.blocks.get(at.checked_sub(1)?)?;
        blocks.last_mut()?.range.end = moved::range(&cut.range, by).end;
        blocks.extend(self.blocks.iter().skip(at).map(moved_block));
        let split = |all: &[Range<usize>], middle: Vec<Range<usize>>| {
            joined(
                all.iter().take_while(|it| it.start < old.start).cloned(),
                middle,
                all.iter().skip_while(|it| it.start < old.end).map(|it| moved::range(it, by)),
            )
        };
        let comments = split(&self.comments, middle.comments);
        let fenced = split(&self.fenced, middle.fenced);
        Some(Self { blocks, comments, fenced, telling: Vec::new() })
    }
}

#[cfg(test)]
mod tests;
