use std::io::{Seek, SeekFrom, Write};

use super::*;
use crate::archive::testing::TEXT;

fn given(folder: &std::path::Path) -> Vec<String> {
    let found = all(folder, &Limits::default()).unwrap();
    let shown = found.into_iter().map(|file| {
        let below = file.origin.strip_prefix(folder).unwrap();
        format!("{}|{}", below.display(), file.path)
    });
    shown.collect()
}

#[test]
fn gives_files_in_the_order_of_their_paths() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("b/deep/er")).unwrap();
    fs::create_dir_all(folder.path().join("__MACOSX")).unwrap();
    fs::create_dir_all(folder.path().join("empty")).unwrap();
    for path in [
        "c.txt",
        "b/deep/er/x.txt",
        "b/a.txt",
        "a.txt",
        "b/.DS_Store",
        "__MACOSX/a.txt",
        "Thumbs.db",
    ] {
        fs::write(folder.path().join(path), TEXT).unwrap();
    }
    fs::write(folder.path().join("b/cms.zip"), testing::nested_zip()).unwrap();
    assert_eq!(
        given(folder.path()),
        [
            "a.txt|",
            "b/a.txt|",
            "b/cms.zip|inner.zip/folder/codes.txt",
            "b/cms.zip|readme.txt",
            "b/deep/er/x.txt|",
            "c.txt|"
        ]
    );
}

#[test]
fn names_a_file_by_its_path_below_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().join("releases");
    fs::create_dir_all(named.join("2026")).unwrap();
    fs::write(named.join("2026/cms.zip"), testing::climbing_zip()).unwrap();
    let error = all(&named, &Limits::default()).unwrap_err().to_string();
    assert!(error.starts_with("releases/2026/cms.zip/../../climbed.txt: "), "{error}");
}

#[test]
fn stops_at_too_many_files() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..4 {
        fs::write(folder.path().join(number.to_string()), TEXT).unwrap();
    }
    let limits = Limits { files: 4, ..Limits::default() };
    assert_eq!(all(folder.path(), &limits).unwrap().len(), 4);
    let limits = Limits { files: 3, ..Limits::default() };
    let error = all(folder.path(), &limits).unwrap_err();
    assert!(matches!(error, ArchiveError::TooManyFiles { limit: 3, .. }), "{error}");
}

#[test]
fn says_what_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let error = all(&folder.path().join("codes.txt"), &Limits::default()).unwrap_err();
    let shown = error.to_string();
    assert!(shown.starts_with("codes.txt: cannot be read ("), "{shown}");
    assert!(!shown.contains(&*folder.path().to_string_lossy()), "{shown}");
}

#[cfg(unix)]
#[test]
fn follows_no_links_in_folders() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("inside");
    fs::create_dir_all(inside.join("deep")).unwrap();
    fs::write(inside.join("a.txt"), TEXT).unwrap();
    fs::write(folder.path().join("secret.txt"), TEXT).unwrap();
    symlink(inside.join("a.txt"), inside.join("b.txt")).unwrap();
    symlink("..", inside.join("deep/around")).unwrap();
    assert_eq!(given(&inside), ["a.txt|"]);
    // What the user names is what the user means.
    symlink(&inside, folder.path().join("link")).unwrap();
    assert_eq!(given(&folder.path().join("link")), ["a.txt|"]);

    for target in ["../secret.txt", "..", "nowhere"] {
        symlink(target, inside.join("c")).unwrap();
        let error = all(&inside, &Limits::default()).unwrap_err();
        assert!(matches!(error, ArchiveError::Link { .. }), "{error}");
        fs::remove_file(inside.join("c")).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn reads_no_devices() {
    let error = all(std::path::Path::new("/dev/zero"), &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "zero: is not a file; save it as a file first");
}

#[test]
fn refuses_files_with_holes_without_reading_them() {
    for start in [b"".as_slice(), b"00000 An invented title\n", b"PK\x03\x04", b"\x1F\x8B\x08\0"] {
        let (_folder, path) = saved("codes.txt", start);
        let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.seek(SeekFrom::Start(2 << 30)).unwrap();
        file.write_all(b"x").unwrap();
        let begin = std::time::Instant::now();
        let error = all(&path, &Limits::default()).unwrap_err();
        assert!(begin.elapsed().as_secs() < 5, "{error}");
        if !start.starts_with(b"PK") && !start.starts_with(b"\x1F") {
            assert!(matches!(error, ArchiveError::FileTooLarge { .. }), "{error}");
        }
    }
}

#[test]
fn refuses_a_hole_in_a_text_as_a_long_line() {
    let (_folder, path) = saved("codes.txt", &TEXT.repeat(200));
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(400 << 20).unwrap();
    let error = all(&path, &Limits::default()).unwrap_err();
    assert!(matches!(error, ArchiveError::LongLine { line: 401, .. }), "{error}");
}
