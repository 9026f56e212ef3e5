//! The stored form of the index: numbers and texts one after another, little-endian, with their lengths in front.

use thiserror::Error;

/// Why bytes are not a search index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum IndexError {
    /// The bytes begin with something else.
    #[error("not a search index")]
    NotAnIndex,
    /// Written by another version of medcode: build it anew from the codes.
    #[error("search index of format {found}, this version reads {expected}")]
    Format {
        /// The format of the bytes.
        found: u32,
        /// The format that is read.
        expected: u32,
    },
    /// The parts do not fit together.
    #[error("search index is damaged: {0}")]
    Corrupt(&'static str),
}

/// Writes parts one after another.
#[derive(Debug, Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn number(&mut self, number: u32) {
        self.raw(&number.to_le_bytes());
    }

    /// A length. The index is built within these bounds: see [`super::segment`].
    pub(super) fn count(&mut self, length: usize) {
        self.number(u32::try_from(length).unwrap_or(u32::MAX));
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.raw(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(super) fn numbers(&mut self, numbers: &[u32]) {
        self.count(numbers.len());
        for number in numbers {
            self.number(*number);
        }
    }
}

/// Reads parts one after another. Nothing in the bytes is trusted.
#[derive(Debug)]
pub(super) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn raw(&mut self, length: usize) -> Result<&'b [u8], IndexError> {
        let (taken, rest) =
            self.0.split_at_checked(length).ok_or(IndexError::Corrupt("it ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn number(&mut self) -> Result<u32, IndexError> {
        let bytes = self.raw(4)?;
        Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    pub(super) fn bytes(&mut self) -> Result<&'b [u8], IndexError> {
        let length = self.number()?;
        self.raw(length as usize)
    }

    pub(super) fn text(&mut self) -> Result<&'b str, IndexError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| IndexError::Corrupt("a text is not UTF-8"))
    }

    pub(super) fn numbers(&mut self) -> Result<Vec<u32>, IndexError> {
        let length = self.number()? as usize;
        let bytes =
            self.raw(length.checked_mul(4).ok_or(IndexError::Corrupt("a list is too long"))?)?;
        let (numbers, _) = bytes.as_chunks::<4>();
        Ok(numbers.iter().map(|number| u32::from_le_bytes(*number)).collect())
    }

    pub(super) fn end(&self) -> Result<(), IndexError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(IndexError::Corrupt("something follows its end"))
        }
    }
}
