use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::*;
use crate::archive::{sha256_of_file, testing::TEXT};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn sound(name: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let found = found(name, bytes, &Limits::default()).unwrap();
    found.into_iter().map(|file| (file.path, file.bytes)).collect()
}

fn text(path: &str) -> (String, Vec<u8>) {
    (path.to_owned(), TEXT.to_vec())
}

#[test]
fn gives_a_file_as_it_is() {
    assert_eq!(sound("codes.txt", TEXT), [text("")]);
    assert_eq!(sound("empty.txt", b""), [(String::new(), Vec::new())]);
    assert_eq!(sound("a page saved as.zip", b"<html>"), [(String::new(), b"<html>".to_vec())]);
}

#[test]
fn gives_members_in_the_order_of_their_names() {
    let zip =
        testing::zip_of(&[("b.txt", TEXT), ("folder/c.pdf", b"%PDF-1.7 no text"), ("a.txt", TEXT)]);
    let pdf = ("folder/c.pdf".to_owned(), b"%PDF-1.7 no text".to_vec());
    // The name on the disk does not matter, nor does the folder of a package file.
    for name in ["codes.zip", "codes.whl", "codes"] {
        assert_eq!(sound(name, &zip), [text("a.txt"), text("b.txt"), pdf.clone()]);
    }
    assert_eq!(sound("empty.zip", &testing::zip_of(&[])), []);
}

#[test]
fn opens_an_archive_in_an_archive_but_none_below() {
    assert_eq!(
        sound("outer.zip", &testing::nested_zip()),
        [text("inner.zip/folder/codes.txt"), text("readme.txt")]
    );
    let nested = testing::nested_zip();
    let deep = testing::zip_of(&[("outer.zip", &nested)]);
    let inner = testing::zip_of(&[("folder/codes.txt", TEXT)]);
    assert_eq!(
        sound("outermost.zip", &deep),
        [("outer.zip/inner.zip".to_owned(), inner), text("outer.zip/readme.txt")]
    );
}

#[test]
fn unpacks_gzip_under_its_name_without_the_ending() {
    assert_eq!(sound("codes.txt.gz", &gzip(TEXT)), [text("codes.txt")]);
    assert_eq!(sound("codes", &gzip(TEXT)), [text("codes.unpacked")]);
    assert_eq!(sound(".gz", &gzip(TEXT)), [text(".gz.unpacked")]);
    let (half, rest) = TEXT.split_at(10);
    assert_eq!(sound("codes.gz", &[gzip(half), gzip(rest)].concat()), [text("codes")]);
    let zip = testing::zip_of(&[("folder/codes.txt.GZ", &gzip(TEXT))]);
    assert_eq!(sound("codes.zip", &zip), [text("folder/codes.txt.GZ/codes.txt")]);
    let zip = testing::zip_of(&[("codes.txt", TEXT)]);
    assert_eq!(sound("codes.zip.gz", &gzip(&zip)), [text("codes.zip/codes.txt")]);
}

#[test]
fn gives_office_documents_as_files() {
    let book =
        testing::zip_of(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>")]);
    assert_eq!(sound("table.xlsx", &book), [(String::new(), book.clone())]);
    let zip = testing::zip_of(&[("codes.txt", TEXT), ("table.xlsx", &book)]);
    assert_eq!(sound("codes.zip", &zip), [text("codes.txt"), ("table.xlsx".to_owned(), book)]);
    let sheet =
        testing::zip_of(&[("mimetype", b"application/x".as_slice()), ("content.xml", b"<x/>")]);
    assert_eq!(sound("table.ods", &sheet), [(String::new(), sheet)]);
}

#[test]
fn passes_over_what_is_no_data() {
    let zip = testing::zip_of(&[
        ("folder/", b""),
        ("folder/codes.txt", TEXT),
        ("folder/.DS_Store", b"\0\0\0\x01Bud1"),
        ("folder/._codes.txt", b"\0\x05"),
        ("__MACOSX/folder/codes.txt", b"\0\x05"),
        ("THUMBS.DB", b"\0"),
    ]);
    assert_eq!(sound("codes.zip", &zip), [text("folder/codes.txt")]);
}

#[test]
fn simplifies_paths() {
    let zip = testing::zip_of(&[("./a.txt", TEXT), ("b//c.txt", TEXT), ("C.b/..d.txt", TEXT)]);
    assert_eq!(sound("codes.zip", &zip), [text("C.b/..d.txt"), text("a.txt"), text("b/c.txt")]);
}

#[test]
fn ends_with_the_error_of_the_caller() {
    #[derive(Debug, PartialEq)]
    struct Enough;
    impl From<ArchiveError> for Enough {
        fn from(error: ArchiveError) -> Self {
            panic!("{error}");
        }
    }
    let (_folder, path) = saved("codes.zip", &testing::nested_zip());
    let mut calls = 0;
    let result = walk(&path, &Limits::default(), &mut |file| {
        assert_eq!(file.origin, path);
        calls += 1;
        Err(Enough)
    });
    assert_eq!((result, calls), (Err(Enough), 1));
}

#[test]
fn hashes_a_file_as_it_lies_on_the_disk() {
    let (folder, path) = saved("codes.txt", b"abc");
    assert_eq!(
        sha256_of_file(&path).unwrap(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    let folder = sha256_of_file(folder.path());
    assert!(matches!(folder, Err(ArchiveError::NotAFile { .. })));
    assert!(matches!(sha256_of_file(&path.join("x")), Err(ArchiveError::Read { .. })));
}
