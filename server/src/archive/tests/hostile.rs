use proptest::prelude::*;

use super::*;
use crate::archive::testing::{Field, TEXT, patched, zip_of};

fn refused(bytes: &[u8]) -> ArchiveError {
    found("cms.zip", bytes, &Limits::default()).unwrap_err()
}

#[test]
fn refuses_bombs() {
    for bomb in [testing::zip_bomb(), testing::nested_zip_bomb()] {
        let error = refused(&bomb);
        assert!(matches!(error, ArchiveError::Bomb { ratio: 200, .. }), "{error}");
    }
    assert_eq!(
        refused(&testing::zip_bomb()).to_string(),
        "cms.zip/codes.txt: unpacks to more than 200 times its size, as archives do that are built to fill memory, so it is not used; if you trust it, unpack it yourself and name the folder"
    );
}

#[test]
fn refuses_what_grows_level_by_level() {
    let limits = Limits { ratio: 20, ratio_from_bytes: 1_000, ..Limits::default() };
    // No member grows as far as all of them together, counted from the file on the disk.
    let inner = zip_of(&[("x.txt", &vec![b'\n'; 2_000])]);
    let names: Vec<_> = (0..100).map(|number| format!("{number}.zip")).collect();
    let members: Vec<_> = names.iter().map(|name| (&**name, &*inner)).collect();
    let outer = zip_of(&members);
    let factor = 100 * 2_000 / outer.len();
    let limits_below = Limits { ratio: factor as u64 / 2, ..limits };
    let error = found("cms.zip", &outer, &limits_below).unwrap_err();
    assert!(matches!(&error, ArchiveError::Bomb { at, .. } if at.file == "cms.zip"), "{error}");
}

#[test]
fn refuses_gzip_bombs() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::copy(&mut std::io::Read::take(std::io::repeat(b'\n'), 64 << 20), &mut encoder)
        .unwrap();
    let bytes = encoder.finish().unwrap();
    let error = found("codes.txt.gz", &bytes, &Limits::default()).unwrap_err();
    assert!(matches!(error, ArchiveError::Bomb { .. }), "{error}");
    let error = found("codes.txt.gz", &bytes[..40_000], &Limits::default()).unwrap_err();
    assert!(matches!(error, ArchiveError::Bomb { .. }), "{error}");
    let error = found("codes.txt.gz", &bytes[..1_000], &Limits::default()).unwrap_err();
    assert!(matches!(error, ArchiveError::Damaged { .. }), "{error}");
}

#[test]
fn refuses_bombs_in_spreadsheets() {
    let sheet = vec![b' '; 64 << 20];
    let book = zip_of(&[("[Content_Types].xml", b"<Types/>"), ("xl/sheet1.xml", &sheet)]);
    for (name, bytes) in [("table.xlsx", &book), ("cms.zip", &zip_of(&[("table.xlsx", &book)]))] {
        let error = found(name, bytes, &Limits::default()).unwrap_err();
        assert!(matches!(error, ArchiveError::Bomb { .. }), "{error}");
    }
}

#[test]
fn refuses_sizes_over_the_limits() {
    let limits = Limits { file_bytes: 1_000, ..Limits::default() };
    let zip = zip_of(&[("codes.txt", &[b'\n'; 1_001])]);
    // What the headers say makes no difference, except that the reader may see the lie first.
    for size in [0_u32, 1, 1_000, 1_001, u32::MAX - 1] {
        let zip = patched(&zip, Field::UnpackedSize, &size.to_le_bytes());
        let error = found("cms.zip", &zip, &limits).unwrap_err();
        let damaged = matches!(error, ArchiveError::Damaged { .. });
        let large = matches!(error, ArchiveError::FileTooLarge { limit: 1_000, .. });
        assert!(if size <= 1_000 { damaged } else { large }, "{size}: {error}");
    }
    let limits = Limits { total_bytes: 1_000, ..Limits::default() };
    let zip = zip_of(&[("a.txt", &[b'\n'; 600]), ("b.txt", &[b'\n'; 600])]);
    let error = found("cms.zip", &zip, &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cms.zip/b.txt: with this file, more than 1000 bytes have been read; import fewer files at a time"
    );
}

#[test]
fn refuses_too_many_members() {
    let limits = Limits { files: 3, ..Limits::default() };
    let zip = zip_of(&[("a", b""), ("b", b"")]);
    assert_eq!(found("cms.zip", &zip, &limits).unwrap().len(), 2);
    let three = zip_of(&[("a", b""), ("b/", b""), ("c", b"")]);
    let error = found("cms.zip", &three, &limits).unwrap_err();
    assert!(matches!(error, ArchiveError::TooManyFiles { limit: 3, .. }), "{error}");
    // The zip itself, its member, and the members of that.
    let error = found("cms.zip", &zip_of(&[("inner.zip", &zip)]), &limits).unwrap_err();
    assert!(matches!(error, ArchiveError::TooManyFiles { .. }), "{error}");
}

#[test]
fn refuses_a_large_zip_that_claims_more_members_than_it_has() {
    // A directory record for large zips with the claim of 200,000,000 members, its pointer, the usual last record.
    let mut zip = zip_of(&[("codes.txt", TEXT)]);
    zip.truncate(zip.len() - 22);
    let record = zip.len() as u64;
    let claimed = 200_000_000_u64.to_le_bytes();
    zip.extend(b"PK\x06\x06");
    zip.extend(44_u64.to_le_bytes());
    zip.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    zip.extend([claimed, claimed].concat());
    zip.extend([(1_u64 << 40).to_le_bytes(), 0_u64.to_le_bytes()].concat());
    zip.extend(b"PK\x06\x07\0\0\0\0");
    zip.extend(record.to_le_bytes());
    zip.extend(1_u32.to_le_bytes());
    zip.extend(b"PK\x05\x06\0\0\0\0");
    zip.extend([0xFF; 12]);
    zip.extend([0, 0]);
    let error = refused(&zip);
    assert!(matches!(error, ArchiveError::TooManyFiles { .. }), "{error}");
}

#[test]
fn refuses_names_that_lead_out() {
    let error = refused(&testing::climbing_zip());
    assert_eq!(
        error.to_string(),
        "cms.zip/../../climbed.txt: the name of this member leads out of the archive, so the archive is not used; pack the files anew, or unpack them with a program you trust and name the folder"
    );
    let names = [
        "..",
        "../x",
        "a/../../x",
        "a/..",
        "a/../x",
        "/x",
        "//x",
        "\\x",
        "a\\x",
        "..\\x",
        "C:x",
        "c:/x",
        "C:\\x",
        "\\\\server\\x",
        "a\0.txt",
        "a\n",
        "a\u{1B}[2J",
        "\u{202E}txt.exe",
        ".",
        "./",
        "__MACOSX/../../x",
    ];
    for name in names {
        // Nothing is given before all names are known.
        let mut given = 0;
        let (_folder, path) = saved("cms.zip", &zip_of(&[("a", TEXT), (name, TEXT)]));
        let result = walk(&path, &Limits::default(), &mut |_| {
            given += 1;
            Ok::<_, ArchiveError>(())
        });
        let error = result.unwrap_err();
        assert!(matches!(error, ArchiveError::MemberName { .. }), "{name:?}: {error}");
        assert_eq!(given, 0, "{name:?}");
        let shown = error.to_string();
        assert!(!shown.contains(char::is_control) && !shown.contains('\u{202E}'), "{shown:?}");
    }
}

#[test]
fn shortens_long_names() {
    let name = format!("{}{}.txt", "../".repeat(1_000), "x".repeat(10_000));
    let shown = refused(&zip_of(&[(&name, TEXT)])).to_string();
    assert!(
        shown.chars().count() < 400 && shown.contains("…") && shown.contains("x.txt"),
        "{shown}"
    );
}

#[test]
fn refuses_links() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.add_symlink("codes.txt", "../../secret", options).unwrap();
    let error = refused(&writer.finish().unwrap().into_inner());
    assert!(matches!(error, ArchiveError::Link { .. }), "{error}");
}

#[test]
fn refuses_damaged_zips() {
    let truncated = refused(&testing::truncated_zip());
    assert_eq!(
        truncated.to_string(),
        "cms.zip: is damaged: its list of members is missing or wrong, as when a download was cut short or this is one part of several; get it again from where it came"
    );
    let checksum = refused(&testing::wrong_checksum_zip());
    assert_eq!(
        checksum.to_string(),
        "cms.zip/codes.txt: is damaged: it is cut short, or its data do not agree with its checksum or its sizes; get it again from where it came"
    );
    let overlapping = refused(&testing::overlapping_zip());
    assert!(matches!(overlapping, ArchiveError::Damaged { .. }), "{overlapping}");
    for mark in [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"] {
        assert!(matches!(refused(mark), ArchiveError::Damaged { .. }));
    }
}

#[test]
fn refuses_every_truncation() {
    let zip = zip_of(&[("codes.txt", TEXT), ("more.txt", &TEXT.repeat(50))]);
    for length in 4..zip.len() {
        let error = refused(&zip[..length]);
        assert!(matches!(error, ArchiveError::Damaged { .. }), "{length}: {error}");
    }
}

#[test]
fn refuses_what_it_cannot_unpack() {
    assert_eq!(
        refused(&testing::encrypted_zip()).to_string(),
        "cms.zip/codes.txt: is encrypted; unpack the archive with its password and name the folder it was unpacked into"
    );
    assert_eq!(
        refused(&testing::lzma_zip()).to_string(),
        "cms.zip/codes.txt: is packed with LZMA, which cannot be read here; unpack the archive and name the folder"
    );
    let unheard_of = patched(&zip_of(&[("codes.txt", TEXT)]), Field::Method, &[99, 99]);
    assert!(matches!(refused(&unheard_of), ArchiveError::Unsupported { .. }));
}

#[test]
fn refuses_names_that_stand_twice() {
    for zip in [testing::duplicate_zip(), zip_of(&[("a/b", TEXT), ("a/./b", TEXT)])] {
        let error = refused(&zip);
        assert!(matches!(error, ArchiveError::Duplicate { .. }), "{error}");
    }
}

#[test]
fn refuses_long_lines_in_members() {
    let limits = Limits { line_bytes: 20, ..Limits::default() };
    let zip = zip_of(&[("codes.txt", b"short\nshort\nand one that is too long\n")]);
    let error = found("cms.zip", &zip, &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cms.zip/codes.txt, line 3: is longer than 20 bytes, so this is no file of codes; take it away, or break it into lines"
    );
}

fn checked(bytes: &[u8]) -> Result<(), TestCaseError> {
    let limits = Limits {
        file_bytes: 5_000,
        total_bytes: 12_000,
        files: 20,
        ratio: 50,
        ratio_from_bytes: 2_000,
        line_bytes: 3_000,
    };
    let mut total = 0;
    let mut given = 0;
    let (_folder, path) = saved("cms.zip", bytes);
    // The result does not matter here, only what was given.
    let _ = walk(&path, &limits, &mut |file| {
        total += file.bytes.len() as u64;
        given += 1;
        assert!(file.bytes.len() as u64 <= limits.file_bytes);
        let longest = file.bytes.split(|byte| *byte == b'\n').map(<[u8]>::len).max();
        assert!(file.bytes.contains(&0) || longest <= Some(3_000));
        assert!(!file.path.split('/').any(|part| part == "..") && !file.path.starts_with('/'));
        Ok::<_, ArchiveError>(())
    });
    prop_assert!(total <= limits.total_bytes && given <= limits.files);
    Ok(())
}

fn small_zip() -> Vec<u8> {
    let inner = zip_of(&[("folder/codes.txt", &TEXT.repeat(60)), ("blank.txt", &[b'\n'; 4_000])]);
    zip_of(&[("a/b.txt", TEXT), ("inner.zip", &inner), ("more.txt", &TEXT.repeat(30))])
}

proptest! {
    #[test]
    fn survives_flipped_bytes(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut zip = small_zip();
        for (index, value) in flips {
            let index = index.index(zip.len());
            zip[index] = value;
        }
        checked(&zip)?;
    }

    #[test]
    fn survives_flips_in_the_directory(flips in prop::collection::vec((0_usize..330, any::<u8>()), 1..6)) {
        let mut zip = small_zip();
        let end = zip.len();
        for (back, value) in flips {
            zip[end.saturating_sub(back + 1)] = value;
        }
        checked(&zip)?;
    }

    #[test]
    fn survives_anything_that_begins_like_an_archive(
        mark in prop::sample::select(vec![b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"\x1F\x8B\x08\0"]),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        checked(&[mark.as_slice(), &rest].concat())?;
    }
}
