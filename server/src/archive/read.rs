//! Counts bytes while they are read, and stops at the limits.

use std::{
    cell::Cell,
    io::{self, ErrorKind, Read, Seek, SeekFrom},
    rc::Rc,
};

use super::{ArchiveError, Limits, Location};

/// Bytes that are read at once. At least [`SNIFFED`].
pub(super) const CHUNK: usize = 64 << 10;
/// Bytes at the start of a file in which a zero byte shows that it is no text.
const SNIFFED: usize = 4 << 10;

/// What a [`Counting`] reader that another owns has read, and may read.
#[derive(Clone, Debug)]
pub(super) struct Count {
    read: Rc<Cell<u64>>,
    most: Rc<Cell<u64>>,
}

impl Count {
    pub(super) fn get(&self) -> u64 {
        self.read.get()
    }

    /// Takes the limit away.
    pub(super) fn lift(&self) {
        self.most.set(u64::MAX);
    }
}

/// Counts what is read.
pub(super) struct Counting<R> {
    inner: R,
    count: Count,
}

impl<R> Counting<R> {
    /// Fails with [`ErrorKind::QuotaExceeded`] once more than `most` bytes were read.
    pub(super) fn new(inner: R, most: u64) -> (Self, Count) {
        let count = Count { read: Rc::default(), most: Rc::new(Cell::new(most)) };
        (Counting { inner, count: count.clone() }, count)
    }
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.count.get() > self.count.most.get() {
            return Err(ErrorKind::QuotaExceeded.into());
        }
        let length = self.inner.read(buffer)?;
        self.count.read.set(self.count.get().saturating_add(length as u64));
        Ok(length)
    }
}

impl<R: Seek> Seek for Counting<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// How something is read.
pub(super) struct Source<'a> {
    /// What is read.
    pub(super) reader: &'a mut dyn Read,
    /// The bytes it is unpacked from; none when it is not packed.
    pub(super) packed: Option<&'a Count>,
    /// Whether the bytes are kept and long lines refused; otherwise they are only counted.
    pub(super) keep: bool,
}

/// What may still be read in one walk.
pub(super) struct Budget<'a> {
    pub(super) limits: &'a Limits,
    files: usize,
    total: u64,
    disk_file: u64,
    unpacked: u64,
}

impl<'a> Budget<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Budget { limits, files: 0, total: 0, disk_file: 0, unpacked: 0 }
    }

    /// Begins a file on the disk, of that many bytes.
    pub(super) fn begin(&mut self, bytes: u64) {
        (self.disk_file, self.unpacked) = (bytes, 0);
    }

    /// Takes files from what may still be given.
    pub(super) fn take_files(&mut self, files: usize, at: &Location) -> Result<(), ArchiveError> {
        self.files = self.files.saturating_add(files);
        let limit = self.limits.files;
        if self.files > limit {
            return Err(ArchiveError::TooManyFiles { at: at.clone(), limit });
        }
        Ok(())
    }

    /// Reads to the end. Holds no more memory than the largest file that is allowed, and one [`CHUNK`].
    pub(super) fn read(
        &mut self,
        source: Source<'_>,
        at: &Location,
    ) -> Result<Vec<u8>, ArchiveError> {
        let Source { reader, packed, keep } = source;
        let before = packed.map_or(0, Count::get);
        let mut lines = Lines::new(self.limits.line_bytes);
        let mut chunk = vec![0; CHUNK];
        let (mut bytes, mut size) = (Vec::new(), 0_u64);
        loop {
            let length =
                fill(reader, &mut chunk).map_err(|error| failed(error, at, packed.is_some()))?;
            let piece = chunk.get(..length).unwrap_or_default();
            if piece.is_empty() {
                return Ok(bytes);
            }
            size = size.saturating_add(length as u64);
            self.count(length as u64, size, at)?;
            if let Some(packed) = packed {
                self.grown(size, packed.get().saturating_sub(before), at)?;
                self.grown(self.unpacked, self.disk_file, &Location::file(&*at.file))?;
            }
            if keep {
                if let Some(line) = lines.too_long(piece) {
                    let limit = self.limits.line_bytes;
                    return Err(ArchiveError::LongLine { at: at.clone(), line, limit });
                }
                bytes
                    .try_reserve(length)
                    .map_err(|_| failed(ErrorKind::OutOfMemory.into(), at, false))?;
                bytes.extend_from_slice(piece);
            }
        }
    }

    fn count(&mut self, length: u64, size: u64, at: &Location) -> Result<(), ArchiveError> {
        self.total = self.total.saturating_add(length);
        self.unpacked = self.unpacked.saturating_add(length);
        let (file, total) = (self.limits.file_bytes, self.limits.total_bytes);
        if size > file {
            return Err(ArchiveError::FileTooLarge { at: at.clone(), limit: file });
        }
        if self.total > total {
            return Err(ArchiveError::TotalTooLarge { at: at.clone(), limit: total });
        }
        Ok(())
    }

    fn grown(&self, unpacked: u64, packed: u64, at: &Location) -> Result<(), ArchiveError> {
        let ratio = self.limits.ratio;
        if unpacked > self.limits.ratio_from_bytes && unpacked > packed.saturating_mul(ratio) {
            return Err(ArchiveError::Bomb { at: at.clone(), ratio });
        }
        Ok(())
    }
}

/// Why reading stopped. Unpackers report bad data as these kinds; everything else comes from the disk.
fn failed(error: io::Error, at: &Location, packed: bool) -> ArchiveError {
    let at = at.clone();
    let bad = [ErrorKind::InvalidData, ErrorKind::InvalidInput, ErrorKind::UnexpectedEof];
    if packed && bad.contains(&error.kind()) {
        let problem = "it is cut short, or its data do not agree with its checksum or its sizes";
        return ArchiveError::Damaged { at, problem };
    }
    ArchiveError::Read { at, source: error }
}

/// Reads until the buffer is full or nothing is left, so that what is decided does not depend on who reads how much.
fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Looks for long lines in a text that comes in pieces.
struct Lines {
    limit: u64,
    text: Option<bool>,
    ended: u64,
    length: u64,
}

impl Lines {
    fn new(limit: u64) -> Self {
        Lines { limit, text: None, ended: 0, length: 0 }
    }

    /// The number of the first line that is too long, if it shows in this piece.
    fn too_long(&mut self, piece: &[u8]) -> Option<u64> {
        let text = *self.text.get_or_insert_with(|| !piece.iter().take(SNIFFED).any(|b| *b == 0));
        if !text {
            return None;
        }
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            let (line, ends) = match part.strip_suffix(b"\n") {
                Some(line) => (line, true),
                None => (part, false),
            };
            self.length = self.length.saturating_add(line.len() as u64);
            if self.length > self.limit {
                return Some(self.ended.saturating_add(1));
            }
            if ends {
                self.ended = self.ended.saturating_add(1);
                self.length = 0;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
