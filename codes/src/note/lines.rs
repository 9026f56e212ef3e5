//! Lines of a text. Ends are `\n`, `\r\n` and `\r`, as editors count them.

use std::ops::Range;

use memchr::memrchr2;

/// One line, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// First byte.
    pub(super) start: usize,
    /// Byte behind the last one, before the line end.
    pub(super) end: usize,
    /// First byte of the line that follows.
    pub(super) next: usize,
    /// What its characters may mean.
    signs: u8,
}

/// A digit.
const NUMBER: u8 = 1;
/// A character outside ASCII.
const BEYOND: u8 = 2;
/// A colon or equals sign.
const INTRODUCING: u8 = 4;
/// A character that a place to fill in may begin with.
const FILLED_IN: u8 = 8;
/// A bar, as between cells.
const CELLS: u8 = 16;
/// A character of headings or fences, one that is not seen, or the line is too long to be read.
const OTHER: u8 = 32;
/// A round bracket: a place to fill in may begin with it, and most do not.
const ROUND: u8 = 64;
/// A character that a comment begins with.
const COMMENT: u8 = 128;

/// What each character may mean.
const SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut byte = u8::MAX;
    while byte > 0 {
        signs[byte as usize] = signs_of(byte);
        byte -= 1;
    }
    signs[0] = signs_of(0);
    signs
};

const fn signs_of(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => NUMBER,
        // Boxes begin with the first.
        0xE2 => BEYOND | FILLED_IN,
        0x80.. => BEYOND,
        b':' | b'=' => INTRODUCING,
        b'{' | b'[' | b'@' | b'*' | b'$' => FILLED_IN,
        b'(' => ROUND,
        b'|' => CELLS,
        b'<' => COMMENT,
        b'#' | b'`' | b'~' | ..b' ' => OTHER,
        _ => 0,
    }
}

/// Longer lines, in characters, are not read: they are data, not text.
const LONGEST: usize = 20_000;

impl Line {
    /// The line without what stands before `start`.
    pub(super) fn cut_to(self, text: &str, start: usize) -> Self {
        if start == self.start { self } else { line_at(text, start) }
    }

    /// The bytes of the line.
    pub(super) fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether the line is too long to be read.
    pub(super) fn is_long(self, text: &str) -> bool {
        self.end - self.start > LONGEST && self.text(text).chars().nth(LONGEST).is_some()
    }

    /// Without a digit or a character outside ASCII it holds no code.
    pub(super) fn may_hold_code(self) -> bool {
        self.signs & (NUMBER | BEYOND) != 0
    }

    /// A colon or equals sign stands in it.
    pub(super) fn may_introduce(self) -> bool {
        self.signs & INTRODUCING != 0
    }

    /// A comment may begin in it.
    pub(super) fn may_hold_comment(self) -> bool {
        self.signs & COMMENT != 0
    }

    /// A bar stands in it.
    pub(super) fn may_hold_cells(self) -> bool {
        self.signs & CELLS != 0
    }

    /// A place to fill in may stand in it.
    pub(super) fn may_be_filled_in(self) -> bool {
        self.signs & (FILLED_IN | ROUND) != 0
    }

    /// If anything is filled in, then between round brackets.
    pub(super) fn has_round_brackets_alone(self) -> bool {
        self.signs & (FILLED_IN | ROUND) == ROUND
    }

    /// It is short enough to be read and holds only letters, blanks and signs of sentences: none of codes, labels with a
    /// colon, headings, comments, tables, fences, formats or places to fill in.
    pub(super) fn is_plain(self) -> bool {
        self.signs == 0
    }

    /// It is plain but for digits.
    pub(super) fn has_numbers_alone(self) -> bool {
        self.signs == NUMBER
    }

    /// The text of the line.
    pub(super) fn text(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// Whether a place to fill in may begin with this byte.
pub(super) fn may_be_filled_in(byte: u8) -> bool {
    SIGNS[usize::from(byte)] & (FILLED_IN | ROUND) != 0
}

/// The lines that begin in `range`, which begins at a line's start.
pub(super) fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Line> + '_ {
    let mut start = range.start;
    std::iter::from_fn(move || {
        if start >= range.end.min(text.len()) {
            return None;
        }
        let line = line_at(text, start);
        start = line.next;
        Some(line)
    })
}

/// The line that begins at `start`.
pub(super) fn line_at(text: &str, start: usize) -> Line {
    let bytes = text.as_bytes().get(start..).unwrap_or_default();
    let (length, mut signs) = read(bytes);
    let width = match bytes.get(length..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([_, ..]) => 1,
        _ => 0,
    };
    if length > LONGEST {
        signs |= OTHER;
    }
    let end = start + length;
    Line { start, end, next: end + width, signs }
}

/// How long the line is that stands in front, and what its characters may mean.
fn read(bytes: &[u8]) -> (usize, u8) {
    let (mut signs, mut length) = (0, 0);
    let mut digits = [0; SOME];
    let number = |digits: u128| if digits == 0 { 0 } else { NUMBER };
    while let Some(some) = bytes.get(length..).and_then(<[u8]>::first_chunk) {
        let marks = Marks::of(some);
        let mut others = u128::from_le_bytes(marks.others);
        while others != 0 {
            let at = others.trailing_zeros() as usize / 8;
            let byte = some[at];
            if matches!(byte, b'\n' | b'\r') {
                let before = u128::from_le_bytes(marks.digits) & ((1 << (8 * at)) - 1);
                return (length + at, signs | number(u128::from_le_bytes(digits) | before));
            }
            signs |= SIGNS[usize::from(byte)];
            others &= !(0xFF << (8 * at));
        }
        for (all, digit) in digits.iter_mut().zip(marks.digits) {
            *all |= digit;
        }
        length += SOME;
    }
    signs |= number(u128::from_le_bytes(digits));
    for byte in &bytes[length..] {
        if matches!(byte, b'\n' | b'\r') {
            break;
        }
        signs |= SIGNS[usize::from(*byte)];
        length += 1;
    }
    (length, signs)
}

/// So many characters are looked at together.
const SOME: usize = 16;

/// Which of some characters are marked, each in a byte of its own.
struct Marks {
    /// Those that are neither letters, digits and blanks nor signs that most sentences have: all bits are set.
    others: [u8; SOME],
    /// Some bit is set.
    digits: [u8; SOME],
}

impl Marks {
    fn of(some: &[u8; SOME]) -> Self {
        let mut marks = Self { others: [0; SOME], digits: [0; SOME] };
        for (index, byte) in some.iter().enumerate() {
            let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
            // Plus, comma, hyphen, point and slash stand before the digits, which have a bit that those have not.
            let is_number = byte.wrapping_sub(b'+') <= b'9' - b'+';
            let is_plain = is_letter || is_number || matches!(byte, b' ' | b';');
            marks.others[index] = if is_plain { 0 } else { 0xFF };
            marks.digits[index] = if is_number { byte & 0x10 } else { 0 };
        }
        marks
    }
}

/// Where the line that holds `offset` begins.
pub(super) fn start_of_line(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    memrchr2(b'\n', b'\r', &text.as_bytes()[..offset]).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reads_characters_together_as_one_by_one(text in "([a-zA-Z ,.;/0-9-]{0,40}[ -~\\t\\x00é]?){0,3}[\\r\\n]?[a-z0-9(:]{0,20}") {
            let line = text.split(['\r', '\n']).next().unwrap();
            let signs = line.bytes().fold(0, |signs, byte| signs | SIGNS[usize::from(byte)]);
            prop_assert_eq!(read(text.as_bytes()), (line.len(), signs));
        }
    }

    #[test]
    fn knows_every_kind_of_line_end() {
        let text = "a\r\nb\rc\n\nd1";
        let found: Vec<&str> = lines(text, 0..text.len()).map(|line| line.text(text)).collect();
        assert_eq!(found, ["a", "b", "c", "", "d1"]);
        assert!(lines("", 0..0).next().is_none());
        assert_eq!(lines("a\n", 0..2).count(), 1);
    }

    #[test]
    fn tells_lines_that_cannot_hold_a_code() {
        assert!(!line_at("pain\nE11", 0).may_hold_code());
        assert!(line_at("pain\nE11", 5).may_hold_code());
        assert!(line_at("\u{FF11}", 0).may_hold_code());
    }

    #[test]
    fn tells_lines_of_sentences() {
        let line = |text: &str| line_at(text, 0);
        assert!(line("").is_plain() && line(" \n1").is_plain());
        assert!(!line(&"a".repeat(LONGEST + 1)).is_plain());
        for sign in "+-,.;'\"!?/)]}\\^%&>_".chars() {
            assert!(line(&format!("a line of words with {sign} in it")).is_plain(), "{sign}");
        }
        for sign in "0123456789:=<#$(*@`[{|~\t\u{e9}\u{2610}".chars() {
            assert!(!line(&format!("a line of words with {sign} in it")).is_plain(), "{sign}");
        }
        assert!(line("20 mg").has_numbers_alone() && !line("a: 20 mg").has_numbers_alone());
        assert!(!line("\u{FF11} 1").has_numbers_alone());
        assert!(line("one: two").may_introduce() && line("a=b").may_introduce());
        assert!(!line("one\ntwo: 1").may_introduce());
        assert!(line("a [ ]").may_be_filled_in() && line("\u{2610}").may_be_filled_in());
        assert!(!line("a: \u{e9}").may_be_filled_in());
    }

    #[test]
    fn finds_the_start_of_a_line() {
        assert_eq!(start_of_line("ab\r\ncd", 5), 4);
        assert_eq!(start_of_line("ab", 99), 0);
    }
}
