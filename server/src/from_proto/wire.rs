//! Reads encoded messages field by field, where making messages of them would cost more than all else.
//!
//! Nothing here says that bytes encode no message: what is not read is left to generated code, which knows why.

use std::ops::Range;

/// A field of an encoded message.
pub(super) struct Field {
    pub(super) number: u32,
    /// Where the bytes of a text or message lie; `None` for numbers.
    pub(super) content: Option<Range<usize>>,
    /// The first byte behind it.
    pub(super) end: usize,
}

impl Field {
    /// The field that begins at `at`. `None` when there is none, or it is of a kind that nobody writes any more.
    pub(super) fn read(bytes: &[u8], at: usize) -> Option<Self> {
        let (key, behind) = varint(bytes, at)?;
        let number = u32::try_from(key).ok().map(|key| key >> 3).filter(|number| *number > 0)?;
        let (content, end) = match key & 7 {
            0 => (None, varint(bytes, behind)?.1),
            1 => (None, behind.checked_add(8)?),
            2 => {
                let (length, begin) = varint(bytes, behind)?;
                let end = begin.checked_add(usize::try_from(length).ok()?)?;
                (Some(begin..end), end)
            }
            5 => (None, behind.checked_add(4)?),
            _ => return None,
        };
        (end <= bytes.len()).then_some(Self { number, content, end })
    }
}

/// A number in bytes of seven bits, and where it ends.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    // As nearly all keys and lengths are.
    if let Some(byte @ ..=0x7F) = bytes.get(at) {
        return Some((u64::from(*byte), at + 1));
    }
    let mut number = 0;
    for (shift, byte) in (0..64).step_by(7).zip(bytes.get(at..)?) {
        if shift == 63 && *byte > 1 {
            return None;
        }
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some((number, at + shift / 7 + 1));
        }
    }
    None
}

/// The fields of the message in a range of the bytes, with the places where they stand, up to the first that is not read.
pub(super) fn fields(bytes: &[u8], range: Range<usize>) -> impl Iterator<Item = Option<Field>> {
    let bytes = bytes.get(..range.end).unwrap_or_default();
    let mut next = Some(range.start);
    std::iter::from_fn(move || {
        let at = next.filter(|at| *at < bytes.len())?;
        let field = Field::read(bytes, at);
        next = field.as_ref().map(|field| field.end);
        Some(field)
    })
}
