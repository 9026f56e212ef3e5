//! The directory of a zip, checked before anything in it is read.

use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};

use zip::{
    CompressionMethod, ZipArchive,
    read::{ArchiveOffset, Config},
    result::ZipError,
};

use super::{
    ArchiveError, Location,
    names::{is_left_behind, member_path},
    read::{Budget, Count, Counting, Source},
};

/// Bytes that are read to find the members. Names and comments of 10,000 members can fill 1.9 GB.
const DIRECTORY_BYTES: u64 = 64 << 20;
/// The end of a zip in which its last record must lie: the record, the longest comment, the pointer of large zips.
const TAIL_BYTES: u64 = 22 + 65_535 + 20;

/// A zip whose directory is sound.
pub(super) struct Members<R: Read + Seek> {
    archive: ZipArchive<Counting<BufReader<R>>>,
    count: Count,
    /// Paths of the members to read and their numbers, in the order of the paths.
    paths: Vec<(String, usize)>,
}

/// What a zip is.
pub(super) enum Opened<R: Read + Seek> {
    /// An archive of files.
    Archive(Members<R>),
    /// One file of an office program, whose members are nobody else's business. They unpack within the limits.
    Document,
}

impl<R: Read + Seek> Opened<R> {
    pub(super) fn new(
        mut reader: R,
        at: &Location,
        budget: &mut Budget<'_>,
    ) -> Result<Self, ArchiveError> {
        let limit = budget.limits.files;
        let too_many = || ArchiveError::TooManyFiles { at: at.clone(), limit };
        if declared_members(&mut reader).map_err(|error| unreadable(error.into(), at))?
            > limit as u64
        {
            return Err(too_many());
        }
        let (reader, count) = Counting::new(BufReader::new(reader), DIRECTORY_BYTES);
        // A zip starts where its file starts, or it would not have been taken for one.
        let config = Config { archive_offset: ArchiveOffset::Known(0) };
        let archive =
            ZipArchive::with_config(config, reader).map_err(|error| unreadable(error, at))?;
        count.lift();
        if archive.len() > limit {
            return Err(too_many());
        }
        if archive.has_duplicate_names() {
            return Err(ArchiveError::Duplicate { at: at.clone() });
        }
        let mut members = Members { archive, count, paths: Vec::new() };
        members.check_packing(at)?;
        if members.is_document() {
            members.unpack_all(at, budget)?;
            return Ok(Self::Document);
        }
        members.check_paths(at)?;
        budget.take_files(members.archive.len(), at)?;
        Ok(Self::Archive(members))
    }
}

impl<R: Read + Seek> Members<R> {
    /// Paths of the members to read and their numbers.
    pub(super) fn paths(&self) -> Vec<(String, usize)> {
        self.paths.clone()
    }

    /// Unpacks a member.
    pub(super) fn read(
        &mut self,
        index: usize,
        at: &Location,
        budget: &mut Budget<'_>,
        keep: bool,
    ) -> Result<Vec<u8>, ArchiveError> {
        let mut member = self.archive.by_index(index).map_err(|error| unreadable(error, at))?;
        budget.read(Source { reader: &mut member, packed: Some(&self.count), keep }, at)
    }

    fn unpack_all(&mut self, at: &Location, budget: &mut Budget<'_>) -> Result<(), ArchiveError> {
        (0..self.archive.len()).try_for_each(|index| self.read(index, at, budget, false).map(drop))
    }

    fn is_document(&self) -> bool {
        let names: Vec<_> = self.archive.file_names_raw().collect();
        let starts = |start: &[u8]| names.iter().any(|name| name.starts_with(start));
        let office = names.contains(&b"[Content_Types].xml".as_slice())
            && [b"xl/".as_slice(), b"word/", b"ppt/", b"xl\\"].into_iter().any(starts);
        let open_document =
            names.contains(&b"mimetype".as_slice()) && names.contains(&b"content.xml".as_slice());
        office || open_document
    }

    fn check_packing(&mut self, at: &Location) -> Result<(), ArchiveError> {
        for index in 0..self.archive.len() {
            let member =
                self.archive.by_index_data(index).map_err(|error| unreadable(error, at))?;
            let name = String::from_utf8_lossy(member.name_raw());
            if member.encrypted() {
                return Err(ArchiveError::Encrypted { at: at.member(&name) });
            }
            if let Some(what) = unknown_packing(member.compression()) {
                return Err(ArchiveError::Unsupported { at: at.member(&name), what });
            }
        }
        if self.archive.has_overlapping_files().map_err(|error| unreadable(error, at))? {
            let problem = "its members lie on top of each other or beyond its end";
            return Err(ArchiveError::Damaged { at: at.clone(), problem });
        }
        Ok(())
    }

    fn check_paths(&mut self, at: &Location) -> Result<(), ArchiveError> {
        let mut paths = Vec::with_capacity(self.archive.len());
        for index in 0..self.archive.len() {
            let member =
                self.archive.by_index_data(index).map_err(|error| unreadable(error, at))?;
            let name = member.name().map_err(|error| unreadable(error, at))?;
            let path = member_path(&name)
                .map_err(|problem| ArchiveError::MemberName { at: at.member(&name), problem })?;
            if member.is_symlink() {
                return Err(ArchiveError::Link { at: at.member(&name) });
            }
            paths.push((path, index, member.is_dir()));
        }
        paths.sort();
        let next = paths.iter().skip(1);
        if let Some(((twice, ..), _)) = paths.iter().zip(next).find(|(a, b)| a.0 == b.0) {
            return Err(ArchiveError::Duplicate { at: at.member(twice) });
        }
        paths.retain(|(path, _, folder)| !folder && !is_left_behind(path));
        self.paths = paths.into_iter().map(|(path, index, _)| (path, index)).collect();
        Ok(())
    }
}

/// How many members the directory of a large zip (zip64) claims to have; 0 for other zips, which have room for 65,535.
/// The reader of zips makes room for that many at once.
fn declared_members(reader: &mut (impl Read + Seek)) -> io::Result<u64> {
    let end = reader.seek(SeekFrom::End(0))?;
    reader.seek(SeekFrom::Start(end.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    reader.take(TAIL_BYTES).read_to_end(&mut tail)?;
    let mut most = 0;
    for pointer in tail.windows(16).filter(|window| window.starts_with(b"PK\x06\x07")) {
        let Some(position) = number(pointer, 8) else { continue };
        // Seeking may fail for positions that no file has.
        if position >= end || reader.seek(SeekFrom::Start(position)).is_err() {
            continue;
        }
        let mut record = Vec::new();
        reader.take(40).read_to_end(&mut record)?;
        if record.starts_with(b"PK\x06\x06") {
            most = most.max(number(&record, 24).unwrap_or(0)).max(number(&record, 32).unwrap_or(0));
        }
    }
    reader.rewind()?;
    Ok(most)
}

fn number(bytes: &[u8], start: usize) -> Option<u64> {
    bytes.get(start..)?.first_chunk().map(|field| u64::from_le_bytes(*field))
}

fn unknown_packing(method: CompressionMethod) -> Option<&'static str> {
    Some(match method {
        CompressionMethod::STORE | CompressionMethod::DEFLATE => return None,
        CompressionMethod::DEFLATE64 => "is packed with Deflate64",
        CompressionMethod::BZIP2 => "is packed with bzip2",
        CompressionMethod::LZMA => "is packed with LZMA",
        CompressionMethod::ZSTD => "is packed with Zstandard",
        CompressionMethod::XZ => "is packed with xz",
        CompressionMethod::PPMD => "is packed with PPMd",
        _ => "is packed in a rare way",
    })
}

fn unreadable(error: ZipError, at: &Location) -> ArchiveError {
    let at = at.clone();
    let problem = match error {
        ZipError::Io(error) if error.kind() == ErrorKind::QuotaExceeded => {
            return ArchiveError::Unsupported { at, what: "has an uncommonly long directory" };
        }
        ZipError::Io(source)
            if !matches!(
                source.kind(),
                ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput
            ) =>
        {
            return ArchiveError::Read { at, source };
        }
        ZipError::UnsupportedArchive(_) => {
            return ArchiveError::Unsupported { at, what: "is one part of an archive in several" };
        }
        _ => {
            "its list of members is missing or wrong, as when a download was cut short or this is one part of several"
        }
    };
    ArchiveError::Damaged { at, problem }
}
