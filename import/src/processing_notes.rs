//! Processing notes of the alpha-numeric HCPCS file: texts to which its records refer by number.
//!
//! A note begins with its number and two hyphens (`0002--…`); its lines may end in an asterisk, the edge of a frame.
//! Notes that name CPT or CDT codes are dropped and counted.
//!
//! Source: `proc_notes_2019.txt` of CMS.

use std::collections::HashSet;

use super::{
    ImportError, Place,
    hcpcs_lines::{Owner, decoded},
    rows::ProcessingNoteRow,
};

const TITLE: &str = "PROCESSING NOTES";

/// The notes of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessingNotes {
    /// Notes in the order of the file.
    pub notes: Vec<ProcessingNoteRow>,
    /// Notes that name CPT or CDT codes, which were dropped.
    pub dropped: usize,
}

/// Whether a file that begins like this is in the format: the title comes first, and a note after it.
pub fn recognises(head: &str) -> bool {
    let mut lines = head.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next() == Some(TITLE) && lines.any(|line| beginning(line).is_some())
}

/// Reads the file.
///
/// # Errors
/// A number stands twice, a note has no text, or there is no note.
pub fn read(bytes: &[u8], file: &str) -> Result<ProcessingNotes, ImportError> {
    let text = decoded(bytes);
    let mut all: Vec<(u64, ProcessingNoteRow)> = Vec::new();
    let mut seen = HashSet::new();
    for (line_number, line) in (1_u64..).zip(text.lines()) {
        let line = line.trim();
        let line = line.strip_suffix('*').unwrap_or(line);
        let rest = if let Some((number, rest)) = beginning(line) {
            if !seen.insert(number.to_owned()) {
                let problem = format!("note {number} stands twice");
                return Err(ImportError::new(file, Place::Line(line_number), problem));
            }
            let note = ProcessingNoteRow { number: number.to_owned(), text: String::new() };
            all.push((line_number, note));
            rest
        } else {
            line
        };
        // Before the first note stand the title and a rule.
        let Some((_, note)) = all.last_mut() else { continue };
        for word in rest.split_whitespace() {
            if !note.text.is_empty() {
                note.text.push(' ');
            }
            note.text.push_str(word);
        }
    }
    let empty = all.iter().find(|(_, note)| note.text.is_empty());
    let place = empty.map(|(line, _)| Place::Line(*line));
    if let Some(place) = place.or(all.is_empty().then_some(Place::File)) {
        return Err(ImportError::new(file, place, "a note and its text are missing"));
    }
    let count = all.len();
    let notes: Vec<_> =
        all.into_iter().map(|(_, note)| note).filter(|note| !names_licensed(&note.text)).collect();
    Ok(ProcessingNotes { dropped: count - notes.len(), notes })
}

/// The number that a line begins with, and what follows the hyphens.
fn beginning(line: &str) -> Option<(&str, &str)> {
    let (number, rest) = line.split_once("--")?;
    let is_number = number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((number, rest))
}

/// Whether a word of five characters has the shape of a CPT or CDT code.
fn names_licensed(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| word.len() == 5 && Owner::of(word) == Owner::Licensed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOTES: &[u8] = include_bytes!("../../tests/releases/mini/processing-notes.txt");

    #[test]
    fn reads_notes_without_their_frame() {
        let read = read(NOTES, "proc_notes.txt").unwrap();
        let shown: Vec<_> =
            read.notes.iter().map(|note| format!("{}: {}", note.number, note.text)).collect();
        assert_eq!(
            shown,
            [
                "0001: THIS PROCESSING NOTE DELETED 1/1/97.",
                "0002: AN INVENTED NOTE THAT GOES ON IN A SECOND LINE.",
            ]
        );
        assert_eq!(read.dropped, 2);
    }

    #[test]
    fn recognises_the_title_and_a_note() {
        assert!(recognises(&String::from_utf8_lossy(NOTES)));
        assert!(!recognises("PROCESSING NOTES\nare elsewhere\n") && !recognises("0001--A NOTE\n"));
    }

    #[test]
    fn names_the_line_that_it_refuses() {
        for text in ["0001--A\n0001--B\n", "0001--A\n0002--   *\n"] {
            assert_eq!(read(text.as_bytes(), "notes").unwrap_err().place, Place::Line(2), "{text}");
        }
        assert_eq!(read(b"PROCESSING NOTES", "notes").unwrap_err().place, Place::File);
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..120), text in "[ 0-9A-Z*\n-]{0,80}") {
            let _ = read(&bytes, "notes");
            let _ = read(text.as_bytes(), "notes");
            recognises(&text);
        }
    }
}
