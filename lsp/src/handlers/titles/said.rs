//! Whether a line says already what a code means.

use std::ops::Range;

use medcode_codes::note::{Mention, Note};

/// Words of titles that tell nothing apart.
const FILLING: [&str; 13] = [
    "and",
    "by",
    "due",
    "for",
    "from",
    "not",
    "other",
    "the",
    "type",
    "unspecified",
    "with",
    "without",
    "specified",
];

/// Letters by which words of two forms are the same: diabetes, diabetic.
const STEM: usize = 6;

/// Whether the line says what the code means: its own description does, or half of the words of the title stand in the
/// line, the descriptions of other codes not counted.
pub(in crate::handlers) fn is_said(
    text: &str,
    line: &Range<usize>,
    note: &Note,
    mention: &Mention,
    title: &str,
) -> bool {
    let title = words(title);
    if title.is_empty() {
        return false;
    }
    let own = mention.description.as_ref().and_then(|range| text.get(range.clone()));
    if own.is_some_and(|own| covers(&title, &words(own))) {
        return true;
    }
    let rest: Vec<String> = uncovered(line, note, mention)
        .into_iter()
        .flat_map(|range| words(text.get(range).unwrap_or_default()))
        .collect();
    covers(&rest, &title)
}

/// Whether at least half of `wanted` stand in `said`.
fn covers(said: &[String], wanted: &[String]) -> bool {
    let found = wanted.iter().filter(|word| said.iter().any(|other| is_same(word, other))).count();
    !wanted.is_empty() && found * 2 >= wanted.len()
}

/// The parts of a line that are neither a code nor the description of another code.
fn uncovered(line: &Range<usize>, note: &Note, mention: &Mention) -> Vec<Range<usize>> {
    let first = note.mentions.partition_point(|other| other.range.end < line.start);
    let of_line = note.mentions.get(first..).unwrap_or_default().iter();
    let mut taken: Vec<Range<usize>> = Vec::new();
    for other in of_line.take_while(|other| other.range.start <= line.end) {
        taken.push(other.range.clone());
        if other.range != mention.range {
            taken.extend(other.description.clone());
        }
    }
    taken.sort_by_key(|range| range.start);
    let mut parts = Vec::new();
    let mut from = line.start;
    for range in taken {
        if from < range.start {
            parts.push(from..range.start.min(line.end));
        }
        from = from.max(range.end);
    }
    if from < line.end {
        parts.push(from..line.end);
    }
    parts
}

/// The telling words of a text, in lower case.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    let words = words.map(str::to_lowercase);
    words.filter(|word| word.chars().count() > 2 && !FILLING.contains(&word.as_str())).collect()
}

fn is_same(one: &str, other: &str) -> bool {
    let stem = |word: &str| word.chars().take(STEM).collect::<String>();
    one == other || (one.chars().count() >= STEM && stem(one) == stem(other))
}

#[cfg(test)]
mod tests {
    use medcode_codes::note::scan;

    use super::*;

    /// Whether the line says what the first code in it means.
    fn said(line: &str, title: &str) -> bool {
        let note = scan(line);
        is_said(line, &(0..line.len()), &note, &note.mentions[0], title)
    }

    #[test]
    fn a_line_that_names_the_condition_says_it() {
        let diabetes = "Type 2 diabetes mellitus without complications";
        for line in [
            "Dx: E11.9 Type 2 diabetes mellitus",
            "Dx: E11.9 - diabetes",
            "Dx: Type 2 diabetes mellitus (E11.9)",
            "She has diabetes mellitus type 2, coded E11.9.",
        ] {
            assert!(said(line, diabetes), "{line}");
        }
        assert!(said("Dx: I10 hypertension", "Essential (primary) hypertension"));
    }

    #[test]
    fn other_words_do_not_say_it() {
        let diabetes = "Type 2 diabetes mellitus without complications";
        for line in [
            "Dx: E11.9",
            "Dx: E11.9, I10 hypertension",
            "Seen today for E11.9.",
            "Dx: E11.9, E11.65 Type 2 diabetes mellitus with hyperglycemia",
        ] {
            assert!(!said(line, diabetes), "{line}");
        }
    }
}
