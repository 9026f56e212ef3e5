//! For each stem the documents that hold it, in order, as differences of variable length.

use super::codec::{IndexError, Reader, Writer};

/// One document that holds a stem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    /// Number of the document.
    pub(super) doc: u32,
    /// The stem stands only in brackets there.
    pub(super) optional: bool,
}

/// The lists of all stems.
#[derive(Debug, Default)]
pub(super) struct Postings {
    bytes: Vec<u8>,
    /// Where the list of each stem ends in `bytes`.
    ends: Vec<u32>,
    /// How many documents each list holds.
    counts: Vec<u32>,
}

impl Postings {
    /// Adds the list of the next stem. Documents are in ascending order.
    ///
    /// # Errors
    /// The lists grow too large.
    pub(super) fn push(&mut self, list: &[Posting]) -> Result<(), IndexError> {
        const TOO_LARGE: IndexError = IndexError::Corrupt("too many occurrences");
        let mut previous = 0;
        for posting in list {
            let step = posting.doc - previous;
            previous = posting.doc;
            push_variable(&mut self.bytes, u64::from(step) << 1 | u64::from(posting.optional));
        }
        self.ends.push(u32::try_from(self.bytes.len()).map_err(|_| TOO_LARGE)?);
        self.counts.push(u32::try_from(list.len()).map_err(|_| TOO_LARGE)?);
        Ok(())
    }

    /// How many stems there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// How many documents hold a stem.
    pub(super) fn count(&self, stem: u32) -> u32 {
        self.counts.get(stem as usize).copied().unwrap_or(0)
    }

    /// The documents that hold a stem, in order.
    pub(super) fn list(&self, stem: u32) -> impl Iterator<Item = Posting> + '_ {
        let stem = stem as usize;
        let end = self.ends.get(stem).copied().unwrap_or(0);
        let start =
            stem.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let mut rest = self.bytes.get(start as usize..end as usize).unwrap_or_default();
        let mut doc = 0_u32;
        std::iter::from_fn(move || {
            let packed = take_variable(&mut rest)?;
            doc = doc.checked_add(u32::try_from(packed >> 1).ok()?)?;
            Some(Posting { doc, optional: packed & 1 == 1 })
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.bytes(&self.bytes);
        writer.numbers(&self.ends);
        writer.numbers(&self.counts);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, IndexError> {
        let postings = Self {
            bytes: reader.bytes()?.to_vec(),
            ends: reader.numbers()?,
            counts: reader.numbers()?,
        };
        if postings.ends.len() != postings.counts.len() {
            return Err(IndexError::Corrupt("lists and their lengths differ"));
        }
        Ok(postings)
    }
}

fn push_variable(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(low_byte(number) | 0x80);
        number >>= 7;
    }
    bytes.push(low_byte(number));
}

fn low_byte(number: u64) -> u8 {
    number.to_le_bytes()[0]
}

fn take_variable(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_documents_and_marks() {
        let list: Vec<_> = [(0, true), (5, false), (70_000, true), (u32::MAX, false)]
            .map(|(doc, optional)| Posting { doc, optional })
            .into();
        let mut postings = Postings::default();
        postings.push(&[]).unwrap();
        postings.push(&list).unwrap();
        postings.push(&list[1..]).unwrap();
        assert_eq!(postings.list(0).count(), 0);
        assert_eq!(postings.list(1).collect::<Vec<_>>(), list);
        assert_eq!(postings.list(2).collect::<Vec<_>>(), list[1..]);
        assert_eq!((postings.count(1), postings.list(3).count()), (4, 0));
    }
}
