//! Official titles beside codes: whether they stand there, and where they can be written.

use medcode_codes::note::{Mention, Place};

mod said;

pub(super) use said::is_said;

/// Where a code ends, with the modifiers that hang on it, in bytes.
pub(super) fn end_of(mention: &Mention) -> usize {
    mention.modifiers.iter().fold(mention.range.end, |end, modifier| {
        if modifier.start == end + 1 { modifier.end } else { end }
    })
}

/// The byte at which a title can be written behind a code. `None` where a description stands already, and in YAML, cells
/// of codes and claims, which hold codes alone.
pub(super) fn place_behind(text: &str, mention: &Mention) -> Option<usize> {
    let holds_codes_alone =
        matches!(mention.place, Place::FrontMatter | Place::Table | Place::Claim);
    if holds_codes_alone || mention.description.is_some() {
        return None;
    }
    let end = end_of(mention);
    let rest = text.get(end..)?;
    Some(end + rest.len() - rest.trim_start_matches([']', '`', '*', '_', '"']).len())
}

/// A title as it is written behind a code.
pub(super) fn written_behind(title: &str) -> String {
    format!(" - {title}")
}

#[cfg(test)]
mod tests {
    use medcode_codes::note::scan;

    use super::*;

    #[test]
    fn a_title_stands_behind_modifiers_and_marks() {
        let note = scan("CPT: 99213-25-57, 36415\n");
        assert_eq!(end_of(&note.mentions[0]), 16);
        assert_eq!(end_of(&note.mentions[1]), 23);
        for (text, place) in [
            ("Dx: `E55.9`, I10", Some(11)),
            ("Dx: E55.9 vitamin D deficiency", None),
            ("---\ndx: E55.9\n---\n", None),
            ("| Code | Text |\n|---|---|\n| E55.9 | |\n", None),
        ] {
            assert_eq!(place_behind(text, &scan(text).mentions[0]), place, "{text}");
        }
    }
}
