//! Words of prose that say nothing to any reader of a line: most words of a note, passed over without being asked about.

use std::ops::Range;

mod characters;

use characters::{
    ALPHANUMERIC, BEFORE_UNIT, CAPITAL, DIGITS, GAP, GOES_ON, LETTERS, UNIT, is, leading,
};

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

/// Cues that end a label behind `of` alone: `date of service`.
const BEHIND_OF: &[&[u8]] = &[b"encounter", b"service", b"visit"];

/// For each first and last letter, by their lower five bits, the lengths of the cues with both, one bit each.
const LENGTHS: [[u32; 32]; 32] = {
    let mut lengths = [[0; 32]; 32];
    let mut index = 0;
    while index < CUES.len() {
        let cue = CUES[index].as_bytes();
        let (first, last) = (cue[0] & 31, cue[cue.len() - 1] & 31);
        lengths[first as usize][last as usize] |= 1 << cue.len();
        index += 1;
    }
    lengths
};

/// Whether none of the words and numbers of a line of ASCII says anything.
pub(in crate::note) fn is_dull(text: &str, line: Range<usize>) -> bool {
    let behind = skip(text, line.start, line.end, true);
    text.as_bytes()[behind..line.end].iter().all(|byte| !byte.is_ascii_alphanumeric())
}

/// Moves from `at`, behind what was read before or at the start of a line, over words and numbers that say nothing:
/// words of ASCII that are no cue, and numbers that are neither a procedure code nor an age, with signs of sentences
/// between them and no colon behind them. Returns where the last of them ends, or `at`. The last word of `at..end` is
/// passed over as well if the line ends there (`is_whole`).
pub(super) fn skip(text: &str, at: usize, end: usize, is_whole: bool) -> usize {
    #[cfg(test)]
    if tests::reads_every_word() {
        return at;
    }
    let line = text.as_bytes().get(..end).unwrap_or_default();
    let mut at = at;
    let mut next = match line.get(at) {
        Some(first) if first.is_ascii_alphanumeric() => {
            let before = at.checked_sub(1).and_then(|it| line.get(it));
            matches!(before, None | Some(b' ' | b'\n' | b'\r')).then_some(at)
        }
        // A sign that introduces something has been read with what stands before it.
        _ => match behind_gap(line, at) {
            Err(sign) if matches!(line.get(sign), Some(b':' | b'=')) => {
                behind_gap(line, sign + 1).ok()
            }
            other => other.ok(),
        },
    };
    while let Some(mut rest) = next.and_then(|start| line.get(start..)) {
        let length = loop {
            let letters = leading(rest, LETTERS);
            let length = match rest.get(letters) {
                _ if letters == 0 => dull_number(rest),
                _ if is_cue(line, rest, letters) => None,
                Some(b' ') => Some(letters),
                _ => dull_word(rest, letters),
            };
            let Some(length) = length else { return at };
            // Most words and numbers stand between blanks, or a comma and a blank.
            let gap = match rest.get(length..) {
                Some([sign, next, ..]) if is(*sign, GAP) && is(*next, ALPHANUMERIC) => 1,
                Some([sign, b' ', next, ..]) if is(*sign, GAP) && is(*next, ALPHANUMERIC) => 2,
                _ => break length,
            };
            at = line.len() - rest.len() + length;
            rest = &rest[length + gap..];
        };
        let behind = line.len() - rest.len() + length;
        next = behind_gap(line, behind).ok();
        match next {
            Some(next) if next < line.len() => at = behind,
            Some(_) if is_whole => return behind,
            _ => return at,
        }
    }
    at
}

/// Where the next word begins, or the text ends, if only signs of sentences stand before it; else where another sign
/// stands. A bracket opens behind a blank only: what stands in it may go on with an address otherwise.
fn behind_gap(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let mut at = at;
    while let Some(byte) = bytes.get(at) {
        match *byte {
            gap if is(gap, GAP) => {}
            b'(' if bytes.get(at.wrapping_sub(1)) == Some(&b' ') => {}
            word if is(word, ALPHANUMERIC) => return Ok(at),
            _ => return Err(at),
        }
        at += 1;
    }
    Ok(at)
}

/// How long the word is that stands in front with so many letters, perhaps with digits behind them: codes without a label
/// are written in capitals.
fn dull_word(rest: &[u8], letters: usize) -> Option<usize> {
    let behind = rest[letters..].iter().take_while(|byte| is(**byte, ALPHANUMERIC));
    let length = letters + behind.count();
    let is_dull = length == letters || !rest[..length].iter().all(|byte| is(*byte, CAPITAL));
    (is_dull && !goes_on(rest, length)).then_some(length)
}

/// How long the number is that stands in front, if it is neither a procedure code nor an age.
fn dull_number(rest: &[u8]) -> Option<usize> {
    let digits = leading(rest, DIGITS);
    let mut length = digits;
    while matches!(rest.get(length..), Some([b'.', b'0'..=b'9', ..])) {
        length += 1 + leading(&rest[length + 1..], DIGITS);
    }
    let is_dull = digits > 0
        && (length > digits || (digits != 5 && !(digits <= 3 && may_be_age(rest, digits))));
    (is_dull && !goes_on(rest, length)).then_some(length)
}

/// Whether the word or number of so many bytes is part of a longer one.
fn goes_on(rest: &[u8], length: usize) -> bool {
    match rest.get(length) {
        Some(b'.') => rest.get(length + 1).is_some_and(|next| *next != b' '),
        behind => behind.is_some_and(|it| is(*it, GOES_ON)),
    }
}

/// Whether an age may go on behind its number, which ends at `end`.
fn may_be_age(bytes: &[u8], end: usize) -> bool {
    let mut behind = bytes[end..].iter();
    behind.find(|byte| !is(**byte, BEFORE_UNIT)).is_some_and(|byte| is(*byte, UNIT))
}

/// Whether a word that begins with these bytes may be a cue, digits behind its letters not counted.
pub(in crate::note) fn may_be_cue(rest: &[u8]) -> bool {
    #[cfg(test)]
    if tests::reads_every_word() {
        return true;
    }
    resembles_cue(rest, leading(rest, LETTERS))
}

/// Whether the word of so many letters that `rest`, the end of a line, begins with is a cue.
fn is_cue(line: &[u8], rest: &[u8], letters: usize) -> bool {
    // Few words get as far as the list.
    resembles_cue(rest, letters) && {
        let (before, _) = line.split_at(line.len() - rest.len());
        is_listed(&rest[..letters], before)
    }
}

/// Whether a cue has as many letters as the word, and the same at both ends.
fn resembles_cue(rest: &[u8], letters: usize) -> bool {
    let Some(([first, ..], [.., last])) = rest.get(..letters).map(|it| (it, it)) else {
        return false;
    };
    let lengths = LENGTHS[usize::from(first & 31)][usize::from(last & 31)];
    letters < 32 && (lengths >> letters) & 1 == 1
}

// Apart, so that the loop over words stays small.
#[inline(never)]
fn is_listed(word: &[u8], before: &[u8]) -> bool {
    let is = |cue: &[u8]| cue.len() == word.len() && cue.eq_ignore_ascii_case(word);
    let is_alone = !may_follow_of(before) && BEHIND_OF.iter().any(|cue| is(cue));
    !is_alone && CUES.iter().any(|cue| is(cue.as_bytes()))
}

/// Whether `of` may stand before a word.
fn may_follow_of(before: &[u8]) -> bool {
    !matches!(before, [.., letter, b' '] if !matches!(letter, b'f' | b'F' | b' ' | b'\t' | b'_' | 0x80..))
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
            include_str!("../block.rs"),
            include_str!("../chunks.rs"),
            include_str!("../claim.rs"),
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
                format!(
                    "{word} 21\nA. E11.9\n21 {word}\nA. I10\n{word} 2 of 3\n7 {word} 30\n24 {word}\n99213\n"
                ),
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
                        3 => select(vec![
                            "E11.9", "99213", "J45", "250.00", "45", "45yo", "12", "17.", "A1c", "i10", "0DTJ4ZZ",
                            "01/05/2024", "\u{e9}t\u{e9}", "x", "{{code}}", "[ ]", "[a](b-c(E11.9))", "a-b", "a/b.md", "[[i10]]",
                        ]),
                    ],
                    select(vec![
                        " ", " ", " ", ", ", ". ", ": ", "\n", "\r\n", " - ", "/", " | ", "\t", " (", ") ", "-", "'", "](", "; ", "% ", ".",
                    ]),
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
        assert_eq!(stops(" pulse 72, 128/76 (98.6%) on A1c; the patient's well - up"), " - up");
        assert_eq!(stops(" from 99213 on"), " 99213 on");
        assert_eq!(stops(" is B12 low"), " B12 low");
        assert_eq!(stops("](here and there"), "](here and there");
        assert_eq!(stops(" seen for Dx E11"), " Dx E11");
        assert_eq!(stops(" pain  here"), "  here");
        assert_eq!(stops(" see www.example.org"), " www.example.org");
        assert_eq!(stops(" see it"), " it");
        assert_eq!(stops("pain here"), " here");
        assert_eq!(skip("pain here.", 0, 10, true), 9);
        assert_eq!(skip("pain here", 1, 9, true), 1);
        assert_eq!(stops(" caf\u{e9} here"), " caf\u{e9} here");
        assert_eq!(stops(" name : F"), " name : F");
    }

    #[test]
    fn knows_each_cue_in_any_case() {
        let is_behind = |before: &str, word: &str| {
            is_cue([before, word].concat().as_bytes(), word.as_bytes(), word.len())
        };
        for cue in CUES {
            assert!(is_behind("of ", cue) && is_behind("of ", &cue.to_uppercase()));
        }
        assert!(CUES.is_sorted() && !is_behind("of ", "pain"));
        for (text, rest) in
            [(" at the visit today", " today"), (" date of visit today", " date of visit today")]
        {
            assert_eq!(&text[skip(text, 0, text.len(), false)..], rest);
        }
        for text in
            ["of visit", "OF visit", "of  visit", "of_visit", "of\tvisit", "visit", "of-visit"]
        {
            assert!(is_behind(&text[..text.len() - 5], "visit"), "{text}");
        }
        assert!(!is_behind("the ", "visit"));
    }
}
