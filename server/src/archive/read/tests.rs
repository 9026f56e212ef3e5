use std::io::repeat;

use super::*;

fn read(reader: &mut dyn Read, limits: &Limits) -> Result<Vec<u8>, ArchiveError> {
    let source = Source { reader, packed: None, keep: true };
    Budget::new(limits).read(source, &Location::file("codes.txt"))
}

#[test]
fn stops_soon_after_the_limit_of_a_line_that_does_not_end() {
    let limits = Limits::default();
    let (mut reader, count) = Counting::new(repeat(b'a').take(2 << 30), u64::MAX);
    let error = read(&mut reader, &limits).unwrap_err();
    assert!(matches!(error, ArchiveError::LongLine { line: 1, .. }), "{error}");
    assert!(count.get() <= limits.line_bytes + CHUNK as u64, "{}", count.get());
    assert_eq!(
        error.to_string(),
        "codes.txt, line 1: is longer than 16 MiB, so this is no file of codes; take it away, or break it into lines"
    );
}

#[test]
fn stops_soon_after_the_limit_of_a_file_that_does_not_end() {
    let limits = Limits { file_bytes: 1 << 20, ..Limits::default() };
    let (mut reader, count) = Counting::new(repeat(b'\n'), u64::MAX);
    let error = read(&mut reader, &limits).unwrap_err();
    assert!(matches!(error, ArchiveError::FileTooLarge { limit: 0x0010_0000, .. }), "{error}");
    assert!(count.get() <= (1 << 20) + CHUNK as u64);
}

#[test]
fn counts_lines_across_pieces_and_ends() {
    let limits = Limits { line_bytes: 100_000, ..Limits::default() };
    let longest = [b"short\r\n".as_slice(), &vec![b'a'; 100_000], b"\nshort"].concat();
    assert_eq!(read(&mut &*longest, &limits).unwrap(), longest);
    let too_long = [b"short\r\n".as_slice(), b"\n", &vec![b'a'; 100_001], b"\nshort"].concat();
    let error = read(&mut &*too_long, &limits).unwrap_err();
    assert!(matches!(error, ArchiveError::LongLine { line: 3, .. }), "{error}");
}

#[test]
fn lets_files_that_are_no_text_have_long_lines() {
    let limits = Limits { line_bytes: 10, ..Limits::default() };
    let mut bytes = vec![b'a'; 200_000];
    bytes[4095] = 0;
    assert_eq!(read(&mut &*bytes, &limits).unwrap(), bytes);
    bytes[4095] = b'a';
    bytes[4096] = 0;
    assert!(read(&mut &*bytes, &limits).is_err());
}

#[test]
fn fails_once_more_was_read_than_allowed() {
    let (mut reader, count) = Counting::new(repeat(b'a'), 10);
    let mut bytes = [0; 8];
    reader.read_exact(&mut bytes).unwrap();
    reader.read_exact(&mut bytes).unwrap();
    let error = reader.read_exact(&mut bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExceeded);
    count.lift();
    reader.read_exact(&mut bytes).unwrap();
}

#[test]
fn does_not_depend_on_how_much_is_read_at_once() {
    struct Drop1<'a>(&'a [u8]);
    impl Read for Drop1<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(1);
            self.0.read(&mut buffer[..length])
        }
    }
    let limits = Limits { line_bytes: 10, ..Limits::default() };
    let bytes = [&[b'a'; 50], b"\0".as_slice()].concat();
    assert_eq!(read(&mut Drop1(&bytes), &limits).unwrap(), bytes);
}
