//! Box 21 of the CMS-1500: `A. E11.9  B. I10`.

use std::ops::Range;

use super::{
    Place,
    clue::Says,
    list::Scope,
    scanner::{Scanner, Trust},
    shapes,
    systems::Systems,
    tokens::{self, Folded, Token, is_blank, skip},
};

/// Lines behind the caption of box 21 that may hold its entries.
const LINES: u8 = 4;

/// Remembers the caption of box 21.
#[derive(Debug, Default)]
pub(super) struct Box21 {
    lines_left: u8,
}

impl Box21 {
    /// Reads the line if it holds entries of box 21.
    pub(super) fn observe(&mut self, scanner: &mut Scanner<'_>, line: Range<usize>) -> bool {
        self.lines_left = self.lines_left.saturating_sub(1);
        let captioned = is_caption(scanner.text.get(line.clone()).unwrap_or_default());
        if captioned {
            self.lines_left = LINES;
        }
        lettered(scanner, line, self.lines_left > 0)
    }
}

/// `21. DIAGNOSIS OR NATURE OF ILLNESS OR INJURY`, `Box 21`, `Item 21`
fn is_caption(line: &str) -> bool {
    let content = line.trim_start_matches(|it| is_blank(it) || matches!(it, '*' | '#'));
    let named = ["box", "item"]
        .iter()
        .any(|name| content.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name)));
    let content = if named { content.get(4..).unwrap_or_default().trim_start() } else { content };
    let Some(rest) = content.strip_prefix("21") else { return false };
    let rest = rest.trim_start_matches(['.', ':', ')', ' ']);
    named
        || rest.get(..9).is_some_and(|it| it.eq_ignore_ascii_case("diagnosis"))
        || rest.starts_with("A.")
}

/// Reads the entries of a line that holds two or more of them, or one if `captioned`. Returns whether there were any.
pub(super) fn lettered(scanner: &mut Scanner<'_>, line: Range<usize>, captioned: bool) -> bool {
    let text = scanner.text;
    // Where the letter stands, and the code.
    let mut entries: Vec<(usize, Token)> = Vec::new();
    let mut last = b'A' - 1;
    let mut at = line.start;
    while let Some(token) = tokens::next(text, at, line.end) {
        at = token.end;
        let Some(letter) = entry_letter(text, token, line.end).filter(|letter| *letter > last)
        else {
            continue;
        };
        let start = skip(text, token.end + 1, line.end, is_blank);
        let Some(code) =
            tokens::at(text, start, line.end).filter(|code| is_code(text, *code, captioned))
        else {
            // `C. ____` is an entry left empty.
            continue;
        };
        last = letter;
        at = code.end;
        entries.push((token.start, code));
    }
    if entries.is_empty() || (entries.len() == 1 && !captioned) {
        return false;
    }
    let scope = Scope::structure(Systems::DIAGNOSIS, Place::Claim);
    for (index, (_, code)) in entries.iter().enumerate() {
        let end = entries.get(index + 1).map_or(line.end, |(letter, _)| *letter);
        scanner.tell(code.start, Says::Claim);
        scanner.stretch(code.start..end, Trust::List(scope));
    }
    true
}

/// The letter of `A.` or `b)`, if `token` is one.
fn entry_letter(text: &str, token: Token, end: usize) -> Option<u8> {
    let [letter] = token.text(text).as_bytes() else { return None };
    let sign = text.as_bytes().get(token.end).filter(|_| token.end < end)?;
    let letter = letter.to_ascii_uppercase();
    (matches!(letter, b'A'..=b'L') && matches!(sign, b'.' | b')')).then_some(letter)
}

/// Without the caption only capitals count.
fn is_code(text: &str, token: Token, captioned: bool) -> bool {
    Folded::read(token.text(text)).is_some_and(|word| {
        shapes::is_diagnosis(&word)
            && !shapes::is_no_code(word.text())
            && (captioned || !word.lowercase)
    })
}

#[cfg(test)]
mod tests {
    use crate::note::{Place, scan};

    fn claimed(text: &str) -> Vec<&str> {
        let note = scan(text);
        note.mentions
            .into_iter()
            .filter(|it| it.place == Place::Claim)
            .map(|it| &text[it.range])
            .collect()
    }

    #[test]
    fn reads_lettered_entries() {
        assert_eq!(claimed("21. A. E11.9  B. I10  C. ____  D. n183"), ["E11.9", "I10", "n183"]);
        assert_eq!(claimed("A) E119 B) I10"), ["E119", "I10"]);
        assert_eq!(claimed("Box 21 ICD Ind. 0\nA. E119\nB. I10"), ["E119", "I10"]);
        assert!(scan("A. E11.9 B. I10").encounters[0].is_claim);
    }

    #[test]
    fn an_outline_is_no_claim() {
        assert!(claimed("A. E11.9 is stable").is_empty());
        assert!(claimed("21 years old\nA. I10").is_empty());
        assert!(claimed("B. I10 A. E11.9").is_empty());
        assert!(claimed("a: i32, b: u64").is_empty() && claimed("a. i32 b. u64").is_empty());
    }
}
