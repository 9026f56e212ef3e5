//! Boxes of a superbill: what stands behind an empty one is not reported.

use std::ops::Range;

use super::{Slot, SlotKind};
use crate::note::{Mention, Place, labels, lines::start_of_line, tokens};

/// Takes the codes behind empty boxes out of what is reported. A box rules the codes behind it up to the next box of
/// its line; where a code stands before the first box, boxes rule the code before them.
pub(in crate::note) fn untick(text: &str, slots: &[Slot], mentions: &mut [Mention]) {
    let boxes: Vec<(&Range<usize>, bool)> = slots
        .iter()
        .filter_map(|slot| match slot.kind {
            SlotKind::Box(ticked) => Some((&slot.range, ticked)),
            _ => None,
        })
        .collect();
    let mut first = 0;
    while let Some((range, _)) = boxes.get(first) {
        let start = start_of_line(text, range.start);
        let length = text[range.end..].bytes().take_while(|it| !matches!(it, b'\n' | b'\r'));
        let end = range.end + length.count();
        let last = first + boxes[first..].partition_point(|(range, _)| range.start < end);
        let from = mentions.partition_point(|mention| mention.range.start < start);
        let to = mentions.partition_point(|mention| mention.range.start < end);
        line(text, &boxes[first..last], &mut mentions[from..to]);
        first = last.max(first + 1);
    }
}

fn line(text: &str, boxes: &[(&Range<usize>, bool)], mentions: &mut [Mention]) {
    let Some(((first_box, only_ticked), first)) = boxes.first().zip(mentions.first()) else {
        return;
    };
    if first.range.start > first_box.start {
        for mention in mentions {
            let before = boxes.partition_point(|(range, _)| range.end <= mention.range.start);
            let ruling = boxes[..before].last();
            if let Some((range, ticked)) = ruling.filter(|(range, _)| reaches(text, range, mention))
            {
                debug_assert!(range.end <= mention.range.start);
                mention.reported &= *ticked;
            }
        }
    } else if boxes.len() == 1 {
        for mention in mentions {
            mention.reported &= *only_ticked;
        }
    } else {
        let starts: Vec<usize> = mentions.iter().map(|mention| mention.range.start).collect();
        for (index, mention) in mentions.iter_mut().enumerate() {
            let behind = boxes.partition_point(|(range, _)| range.start < mention.range.end);
            let next = starts.get(index + 1).copied().unwrap_or(usize::MAX);
            let ruling = boxes.get(behind).filter(|(range, _)| range.start < next);
            mention.reported &= ruling.is_none_or(|(_, ticked)| *ticked);
        }
    }
}

/// A label of its own begins another field: `[ ] New patient  Dx: E11.9`.
fn reaches(text: &str, tick: &Range<usize>, mention: &Mention) -> bool {
    mention.place != Place::Label
        || tokens::next(text, tick.end, mention.range.start)
            .is_none_or(|word| labels::at(text, word.start, mention.range.start).is_some())
}
