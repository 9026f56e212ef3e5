//! What characters are to words of prose, and how many of a kind stand together.

/// A letter or digit.
pub(super) const ALPHANUMERIC: u8 = 1;
/// A sign of sentences.
pub(super) const GAP: u8 = 2;
/// A capital letter or digit.
pub(super) const CAPITAL: u8 = 4;
/// What may stand between the number of an age and its unit.
pub(super) const BEFORE_UNIT: u8 = 8;
/// The first letter of a unit of ages, or of a sex.
pub(super) const UNIT: u8 = 16;
/// A word goes on with it: a letter, a digit, an underscore, a character outside ASCII.
pub(super) const GOES_ON: u8 = 32;

/// What each character is.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = u8::MAX;
    while byte > 0 {
        kinds[byte as usize] = kind_of(byte);
        byte -= 1;
    }
    kinds
};

const fn kind_of(byte: u8) -> u8 {
    match byte {
        b'd' | b'f' | b'm' | b'w' | b'y' => ALPHANUMERIC | GOES_ON | UNIT,
        b'D' | b'F' | b'M' | b'W' | b'Y' => ALPHANUMERIC | GOES_ON | CAPITAL | UNIT,
        b'a'..=b'z' => ALPHANUMERIC | GOES_ON,
        b'A'..=b'Z' | b'0'..=b'9' => ALPHANUMERIC | GOES_ON | CAPITAL,
        b' ' | b'-' | b'/' => GAP | BEFORE_UNIT,
        b',' | b'.' | b';' | b'\'' | b'"' | b')' | b']' | b'!' | b'?' | b'%' => GAP,
        b'_' => GOES_ON,
        0x80.. => GOES_ON | BEFORE_UNIT,
        _ => 0,
    }
}

/// Whether a character is of this kind.
#[inline]
pub(super) fn is(byte: u8, kind: u8) -> bool {
    KINDS[usize::from(byte)] & kind != 0
}

/// Bytes of ASCII from one to another, without regard to the bits of `blurred`.
#[derive(Clone, Copy)]
pub(super) struct Class {
    from: u8,
    to: u8,
    blurred: u8,
}

/// In either case.
pub(super) const LETTERS: Class = Class { from: b'a', to: b'z', blurred: 0x20 };
pub(super) const DIGITS: Class = Class { from: b'0', to: b'9', blurred: 0 };

/// How many bytes of a class stand at the start. Eight are looked at together.
#[inline]
pub(super) fn leading(bytes: &[u8], class: Class) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    let Class { from, to, blurred } = class;
    let mut length = 0;
    while let Some(eight) = bytes.get(length..).and_then(<[u8]>::first_chunk) {
        let eight = u64::from_le_bytes(*eight);
        // The high bit of each byte tells whether its lower bits are less than `from`, and more than `to`.
        let lower = (eight | (u64::from(blurred) * EACH)) & !HIGH;
        let below = u64::from(0x7F + from) * EACH - lower;
        let above = lower + u64::from(0x7F - to) * EACH;
        let others = (below | above | eight) & HIGH;
        if others != 0 {
            return length + others.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let is = |byte: &&u8| (from..=to).contains(&(**byte | blurred));
    length + bytes[length..].iter().take_while(is).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_letters_and_digits_as_one_by_one() {
        for sign in 0..=255 {
            for length in 0..20 {
                let mut bytes = [b"aZmzAbY", &b"qrstuvwxyzABCDEFG"[..]].concat();
                bytes[length] = sign;
                let count = |is: fn(&u8) -> bool| bytes.iter().take_while(|it| is(it)).count();
                assert_eq!(leading(&bytes, LETTERS), count(u8::is_ascii_alphabetic), "{bytes:?}");
                let digits =
                    bytes.iter().map(|byte| if *byte == sign { sign } else { b'0' + byte % 10 });
                let digits: Vec<u8> = digits.collect();
                let count = digits.iter().take_while(|it| it.is_ascii_digit()).count();
                assert_eq!(leading(&digits, DIGITS), count, "{digits:?}");
            }
        }
        assert_eq!(leading(b"", LETTERS), 0);
    }
}
