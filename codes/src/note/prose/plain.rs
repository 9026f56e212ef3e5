//! Words of prose that say nothing to any reader of a line: most words of a note, passed over without being asked about.

/// The first words of labels, fields and dates that need no colon behind them, and what parts alternatives.
const CUES: &[&str] = &[
    "admission",
    "admitted",
    "assessment",
    "auth",
    "authorization",
    "birth",
    "birthdate",
    "clia",
    "cpt",
    "date",
    "dates",
    "diag",
    "diagnoses",
    "diagnosis",
    "discharge",
    "discharged",
    "dob",
    "dos",
    "drg",
    "dx",
    "dxs",
    "encounter",
    "fl",
    "hcc",
    "hcpcs",
    "icd",
    "loinc",
    "mod",
    "modifier",
    "modifiers",
    "mods",
    "msdrg",
    "ndc",
    "no",
    "npi",
    "nucc",
    "number",
    "or",
    "pcs",
    "physician",
    "poa",
    "proc",
    "procedure",
    "provider",
    "px",
    "rev",
    "revenue",
    "rxnorm",
    "service",
    "snomed",
    "taxonomy",
    "versus",
    "visit",
    "vs",
];

/// For each first letter, the lengths of its cues and their last letters, one bit each.
const MARKS: [(u32, u32); 26] = {
    let mut marks = [(0, 0); 26];
    let mut index = 0;
    while index < CUES.len() {
        let cue = CUES[index].as_bytes();
        let first = (cue[0] - b'a') as usize;
        marks[first].0 |= 1 << cue.len();
        marks[first].1 |= 1 << (cue[cue.len() - 1] - b'a');
        index += 1;
    }
    marks
};

/// Moves from the blank at `at`, or the start of a line, over words of ASCII letters that are no cue, each with at most a
/// comma or full stop behind it, then one blank and another word. Returns where the last of them ends, or `at`. The last
/// word of `at..end` is passed over as well if the line ends there (`is_whole`).
pub(super) fn skip(text: &str, at: usize, end: usize, is_whole: bool) -> usize {
    #[cfg(test)]
    if tests::reads_every_word() {
        return at;
    }
    let bytes = text.as_bytes().get(..end).unwrap_or_default();
    let mut at = at;
    let begins_line = matches!(at.checked_sub(1).and_then(|it| bytes.get(it)), None | Some(b'\n'));
    let mut blank = usize::from(!begins_line || bytes.get(at) == Some(&b' '));
    loop {
        let Some(rest) = bytes.get(at + blank..) else { return at };
        if blank == 1 && bytes.get(at) != Some(&b' ') {
            return at;
        }
        let length = rest.iter().position(|it| !it.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(length);
        let sign = usize::from(matches!(behind, [b',' | b'.', ..]));
        let goes_on = match behind.get(sign..) {
            Some([b' ', next, ..]) => next.is_ascii_alphanumeric(),
            Some([]) => is_whole,
            _ => false,
        };
        if !goes_on || word.is_empty() || is_cue(word) {
            return at;
        }
        at += blank + length + sign;
        blank = 1;
    }
}

/// Whether a word of ASCII letters is a cue.
fn is_cue(word: &[u8]) -> bool {
    let ([first, ..], [.., last]) = (word, word) else { return false };
    let place = |letter: u8| letter.to_ascii_lowercase().wrapping_sub(b'a');
    let (lengths, lasts) = MARKS.get(usize::from(place(*first))).copied().unwrap_or((!0, !0));
    // Few words get as far as the list.
    word.len() < 32
        && (lengths >> word.len()) & 1 == 1
        && (lasts >> (place(*last) & 31)) & 1 == 1
        && CUES.iter().any(|cue| cue.as_bytes().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::note::{Note, scan};

    thread_local! {
        static EVERY_WORD: Cell<bool> = const { Cell::new(false) };
    }

    /// Whether this thread passes over no word, for comparison.
    pub(super) fn reads_every_word() -> bool {
        EVERY_WORD.get()
    }

    fn read_in_full(text: &str) -> Note {
        EVERY_WORD.set(true);
        let note = scan(text);
        EVERY_WORD.set(false);
        note
    }

    /// Every word that readers of lines name, and their tests. A label that is new there is compared here.
    fn vocabulary() -> Vec<&'static str> {
        let sources = [
            include_str!("../ages.rs"),
            include_str!("../chunks.rs"),
            include_str!("../clue.rs"),
            include_str!("../dates.rs"),
            include_str!("../exclusions.rs"),
            include_str!("../fields.rs"),
            include_str!("../labels.rs"),
            include_str!("../labels/words.rs"),
            include_str!("../list.rs"),
            include_str!("../list/doubt.rs"),
            include_str!("../list/item.rs"),
            include_str!("../prose.rs"),
            include_str!("../sections.rs"),
            include_str!("../signature.rs"),
            include_str!("../tokens.rs"),
        ];
        let quoted = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
        let words =
            quoted.flat_map(|text| text.split(|letter: char| !letter.is_ascii_alphabetic()));
        let mut words: Vec<_> = words.filter(|word| (1..=20).contains(&word.len())).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    #[test]
    fn no_word_that_a_reader_knows_is_lost() {
        let words = vocabulary();
        assert!(words.len() > 300, "{}", words.len());
        for word in words {
            for text in [
                format!("{word} E11.9"),
                format!("seen {word} E11.9, {word} 99213 today"),
                format!("the {word} 45 and {word} 01/05/2024 here"),
                format!("E11.9 {word} I10 {word} J45.909\n{word} 250.00\n{word}\nM54.5"),
                format!("Codes: E11.9 {word} I10. {word} of 45-year-old"),
            ] {
                assert_eq!(scan(&text), read_in_full(&text), "{text}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn reads_what_is_read_word_by_word(
            parts in prop::collection::vec(
                (
                    prop_oneof![
                        6 => select(vocabulary()),
                        3 => select(vec!["E11.9", "99213", "J45", "250.00", "45", "0DTJ4ZZ", "01/05/2024", "\u{e9}t\u{e9}", "x", "{{code}}", "[ ]"]),
                    ],
                    select(vec![" ", " ", " ", ", ", ". ", ": ", "\n", "\r\n", " - ", "/", " | ", "\t", " (", ") "]),
                ),
                1..14,
            ),
        ) {
            let text: String = parts.iter().flat_map(|(word, behind)| [*word, behind]).collect();
            prop_assert_eq!(scan(&text), read_in_full(&text));
        }
    }

    #[test]
    fn passes_over_prose_and_stops_at_cues_and_numbers() {
        let stops = |text: &str| text[skip(text, 0, text.len(), false)..].to_owned();
        assert_eq!(stops(" pain in both knees, worse. Takes 20 mg"), " 20 mg");
        assert_eq!(stops(" seen for Dx E11"), " Dx E11");
        assert_eq!(stops(" pain  here"), " pain  here");
        assert_eq!(stops(" see www.example.org"), " www.example.org");
        assert_eq!(stops(" see it"), " it");
        assert_eq!(stops("pain here"), " here");
        assert_eq!(skip("pain here.", 0, 10, true), 10);
        assert_eq!(skip("pain here", 1, 9, true), 1);
        assert_eq!(stops(" caf\u{e9} here"), " caf\u{e9} here");
        assert_eq!(stops(" name : F"), " name : F");
    }

    #[test]
    fn knows_each_cue_in_any_case() {
        for cue in CUES {
            assert!(is_cue(cue.as_bytes()) && is_cue(cue.to_uppercase().as_bytes()));
        }
        assert!(CUES.is_sorted() && !is_cue(b"pain"));
    }
}
