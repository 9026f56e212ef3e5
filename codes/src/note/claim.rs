//! The CMS-1500 as text: the diagnoses of box 21, `A. E11.9  B. I10`, and the service lines of box 24.

use std::ops::Range;

use super::{
    Place,
    clue::Says,
    list::Scope,
    scanner::{Scanner, Trust},
    shapes,
    slots::SlotKind,
    systems::Systems,
    tokens::{self, Folded, Token, is_blank, skip},
};

mod service_line;

/// Lines behind the caption of box 21 that may hold its entries.
const LINES: u8 = 4;

/// Lines behind the caption of box 24: a head of two or three lines, then six services with a line above each.
const SERVICE_LINES: u8 = 18;

/// Remembers the captions of the boxes of a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Boxes {
    diagnoses_left: u8,
    services_left: u8,
}

impl Boxes {
    /// Whether the next line may hold entries.
    pub(super) fn are_open(self) -> bool {
        self != Self::default()
    }

    /// Reads the line if it holds entries of box 21 or a service line of box 24.
    pub(super) fn observe(&mut self, scanner: &mut Scanner<'_>, line: Range<usize>) -> bool {
        self.diagnoses_left = self.diagnoses_left.saturating_sub(1);
        self.services_left = self.services_left.saturating_sub(1);
        let content = scanner.text.get(line.clone()).unwrap_or_default();
        match caption(content) {
            Some(Caption::Diagnoses) => {
                self.diagnoses_left = LINES;
                scanner.tell(line.start, Says::Form);
            }
            Some(Caption::Services) => {
                self.services_left = SERVICE_LINES;
                scanner.tell_all(line.start, [Says::Claim, Says::Form]);
            }
            Some(Caption::Other) => *self = Self::default(),
            None => {}
        }
        lettered(scanner, line.clone(), self.diagnoses_left > 0)
            || (self.services_left > 0 && service_line::read(scanner, line))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caption {
    /// `21. DIAGNOSIS OR NATURE OF ILLNESS OR INJURY`, `Box 21`, `Item 21`
    Diagnoses,
    /// `24. A. DATE(S) OF SERVICE …`, `Box 24`
    Services,
    /// A box behind them: `25. FEDERAL TAX I.D. NUMBER`.
    Other,
}

/// Whether a line is the caption of a box.
pub(super) fn is_caption(line: &str) -> bool {
    caption(line).is_some()
}

/// The box that a line is the caption of.
fn caption(line: &str) -> Option<Caption> {
    let is_first = |it: char| matches!(it, '2' | '3' | 'b' | 'B' | 'i' | 'I');
    // Most lines begin with another letter or digit.
    if line.starts_with(|it: char| it.is_ascii_alphanumeric() && !is_first(it)) {
        return None;
    }
    let content = line.trim_start_matches(|it| is_blank(it) || matches!(it, '*' | '#'));
    if !content.starts_with(is_first) {
        return None;
    }
    let named = ["box", "item"]
        .iter()
        .any(|name| content.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name)));
    let content = if named { content.get(4..).unwrap_or_default().trim_start() } else { content };
    let length = content.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = content.split_at(length);
    let rest = rest.trim_start_matches(['.', ':', ')', ' ']);
    let starts = |words: &[&str]| {
        words
            .iter()
            .any(|it| rest.get(..it.len()).is_some_and(|head| head.eq_ignore_ascii_case(it)))
    };
    match number {
        "21" if named || starts(&["diagnosis"]) || rest.starts_with("A.") => {
            Some(Caption::Diagnoses)
        }
        "24" if named || starts(&["a. date", "a date", "date"]) => Some(Caption::Services),
        "25" | "26" | "31" | "33"
            if named || starts(&["federal", "patient", "signature", "billing"]) =>
        {
            Some(Caption::Other)
        }
        _ => None,
    }
}

/// Reads the entries of a line that holds two or more of them, or one if `captioned`. Returns whether there were any.
pub(super) fn lettered(scanner: &mut Scanner<'_>, line: Range<usize>, captioned: bool) -> bool {
    let text = scanner.text;
    if !may_have_letters(text.get(line.clone()).unwrap_or_default()) {
        return false;
    }
    // Where the letter stands, and the code.
    let mut entries: Vec<(usize, u8, Token)> = Vec::new();
    let mut blanks = Vec::new();
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
            // `C. ____` is an entry left empty; `C. ***` waits for a code.
            let blank = scanner.slot_at(start).filter(|slot| slot.kind == SlotKind::Blank);
            if let Some(slot) = blank.filter(|_| captioned) {
                blanks.push(slot.range.clone());
            }
            continue;
        };
        last = letter;
        at = code.end;
        entries.push((token.start, letter - b'A' + 1, code));
    }
    let scope = Scope::structure(Systems::DIAGNOSIS, Place::Claim);
    if entries.is_empty() && blanks.is_empty() || (entries.len() == 1 && !captioned) {
        return false;
    }
    for range in blanks {
        scanner.push_blank(range, scope);
    }
    for (index, (_, position, code)) in entries.iter().enumerate() {
        let end = entries.get(index + 1).map_or(line.end, |(letter, ..)| *letter);
        scanner.tell(code.start, Says::Claim);
        let first = scanner.mentions.len();
        scanner.stretch(code.start..end, Trust::List(scope));
        if let Some(mention) = scanner.mentions.get_mut(first) {
            mention.details.position = Some(*position);
        }
    }
    true
}

/// Whether a letter stands alone before a point or bracket: most lines are done with after this.
fn may_have_letters(line: &str) -> bool {
    const SOME: usize = 16;
    // Without a decision between the conditions, so that sixteen places are looked at together.
    let is = |before: u8, letter: u8, sign: u8| {
        let is_letter = (letter | 0x20).wrapping_sub(b'a') <= b'l' - b'a';
        let is_sign = sign == b'.' || sign == b')';
        let is_first = !before.is_ascii_alphanumeric();
        u8::from(is_letter) & u8::from(is_sign) & u8::from(is_first)
    };
    let mut rest = line.as_bytes();
    let mut found = matches!(rest, [letter, sign, ..] if is(b' ', *letter, *sign) != 0);
    while let Some(some) = rest.first_chunk::<{ SOME + 2 }>() {
        let mut places = [0; SOME];
        for (at, place) in places.iter_mut().enumerate() {
            *place = is(some[at], some[at + 1], some[at + 2]);
        }
        found |= places != [0; SOME];
        rest = &rest[SOME..];
    }
    found || rest.windows(3).any(|it| is(it[0], it[1], it[2]) != 0)
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
