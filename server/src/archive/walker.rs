//! Goes through files and the archives in them.

use std::{
    fs::File,
    io::{BufReader, Cursor, Read, Seek},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;

use super::{
    ArchiveError, Found, Limits, Location,
    folder::DiskFile,
    read::{Budget, Counting, Source},
    zip_file::{Members, Opened},
};

/// What a file is by its first bytes.
enum Kind {
    Zip,
    Gzip,
    Other,
}

impl Kind {
    fn of(start: &[u8]) -> Self {
        // A zip begins with a member, with the end of its empty directory, or with the mark of a zip in parts.
        if [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"].iter().any(|mark| start.starts_with(*mark))
        {
            Self::Zip
        } else if start.starts_with(b"\x1F\x8B\x08") {
            Self::Gzip
        } else {
            Self::Other
        }
    }
}

/// Whether an archive that is met is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inner {
    Open,
    Keep,
}

/// Gives files to `each` and keeps count over all of them.
pub(super) struct Walker<'a, E> {
    budget: Budget<'a>,
    each: &'a mut dyn FnMut(Found) -> Result<(), E>,
}

impl<'a, E: From<ArchiveError>> Walker<'a, E> {
    pub(super) fn new(limits: &'a Limits, each: &'a mut dyn FnMut(Found) -> Result<(), E>) -> Self {
        Walker { budget: Budget::new(limits), each }
    }

    /// Gives a file on the disk, or what is in it.
    pub(super) fn file(&mut self, file: &DiskFile) -> Result<(), E> {
        let (at, origin) = (&file.at, &*file.path);
        let failed = |source| ArchiveError::Read { at: at.clone(), source };
        let mut disk = File::open(origin).map_err(failed)?;
        let size = disk.metadata().map_err(failed)?.len();
        self.budget.begin(size);
        self.budget.take_files(1, at)?;
        let mut start = Vec::new();
        (&disk).take(4).read_to_end(&mut start).map_err(failed)?;
        disk.rewind().map_err(failed)?;
        match Kind::of(&start) {
            Kind::Zip => {
                if let Opened::Archive(members) = Opened::new(&disk, at, &mut self.budget)? {
                    return self.members(origin, at, members, Inner::Open);
                }
                disk.rewind().map_err(failed)?;
            }
            Kind::Gzip => {
                let bytes = self.gunzip(&disk, at)?;
                let at = at.member(&gunzipped_name(&at.file));
                return self.content(origin, &at, bytes, Inner::Open);
            }
            Kind::Other => {}
        }
        let limit = self.budget.limits.file_bytes;
        if size > limit {
            return Err(ArchiveError::FileTooLarge { at: at.clone(), limit }.into());
        }
        let source = Source { reader: &mut disk, packed: None, keep: true };
        let bytes = self.budget.read(source, at)?;
        self.give(origin, at, bytes)
    }

    fn members<R: Read + Seek>(
        &mut self,
        origin: &Path,
        at: &Location,
        mut members: Members<R>,
        inner: Inner,
    ) -> Result<(), E> {
        for (path, index) in members.paths() {
            let at = at.member(&path);
            let bytes = members.read(index, &at, &mut self.budget, true)?;
            self.content(origin, &at, bytes, inner)?;
        }
        Ok(())
    }

    /// Gives what came out of an archive, or what is in it when it is an archive itself.
    fn content(
        &mut self,
        origin: &Path,
        at: &Location,
        bytes: Vec<u8>,
        inner: Inner,
    ) -> Result<(), E> {
        match Kind::of(&bytes) {
            Kind::Zip if inner == Inner::Open => {
                let opened = Opened::new(Cursor::new(&*bytes), at, &mut self.budget)?;
                if let Opened::Archive(members) = opened {
                    return self.members(origin, at, members, Inner::Keep);
                }
            }
            Kind::Gzip if inner == Inner::Open => {
                let unpacked = self.gunzip(&*bytes, at)?;
                drop(bytes);
                let at = at.member(&gunzipped_name(&at.path));
                return self.give(origin, &at, unpacked);
            }
            _ => {}
        }
        self.give(origin, at, bytes)
    }

    fn gunzip(&mut self, packed: impl Read, at: &Location) -> Result<Vec<u8>, ArchiveError> {
        let (counting, count) = Counting::new(packed, u64::MAX);
        let mut reader = MultiGzDecoder::new(BufReader::new(counting));
        self.budget.read(Source { reader: &mut reader, packed: Some(&count), keep: true }, at)
    }

    fn give(&mut self, origin: &Path, at: &Location, bytes: Vec<u8>) -> Result<(), E> {
        (self.each)(Found { origin: origin.to_owned(), path: at.path.clone(), bytes })
    }
}

/// What the file in a gzip is called: its name inside is not used, since anything may stand there.
fn gunzipped_name(packed: &str) -> String {
    let name = packed.rsplit('/').next().unwrap_or(packed);
    match name.len().checked_sub(3).and_then(|end| name.split_at_checked(end)) {
        Some((stem, end)) if end.eq_ignore_ascii_case(".gz") && !stem.is_empty() => stem.to_owned(),
        _ => format!("{name}.unpacked"),
    }
}
