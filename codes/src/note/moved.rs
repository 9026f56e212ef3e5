//! What was found in a text, at another place.

use std::ops::Range;

use super::{DateMention, Details, Mention, Pointer};

/// A range so many bytes further on, or further back.
pub(super) fn range(range: &Range<usize>, by: isize) -> Range<usize> {
    range.start.saturating_add_signed(by)..range.end.saturating_add_signed(by)
}

/// A day likewise.
pub(super) fn day(day: &DateMention, by: isize) -> DateMention {
    DateMention { date: day.date, range: range(&day.range, by) }
}

/// A mention likewise.
pub(super) fn mention(mention: &Mention, by: isize) -> Mention {
    Mention {
        range: range(&mention.range, by),
        modifiers: mention.modifiers.iter().map(|it| range(it, by)).collect(),
        description: mention.description.as_ref().map(|it| range(it, by)),
        details: details(&mention.details, by),
        ..*mention
    }
}

fn details(details: &Details, by: isize) -> Details {
    let pointers = details.pointers.iter();
    let pointers = pointers.map(|it| Pointer { range: range(&it.range, by), ..*it });
    Details {
        service_date: details.service_date.as_ref().map(|it| day(it, by)),
        place_of_service: details.place_of_service.as_ref().map(|it| range(it, by)),
        pointers: pointers.collect(),
        ..*details
    }
}
