//! A bare list of HCPCS Level II codes, one per line: which codes there are, without a word on them.
//!
//! Codes that have ended may be among them, so the list tells what exists and not what is valid.
//!
//! Source: lists cut from columns 1 to 5 of CMS's alpha-numeric file.

use std::collections::HashSet;

use medcode_codes::{code::CodeKey, system::hcpcs};

use super::{ImportError, Place};

/// Lines from which on a file is recognised: a few codes might be of ICD-10-CM, which has some of the same shape.
const FEWEST_LINES: usize = 10;

/// Whether a file that begins like this is in the format: only Level II codes, and at least ten.
pub fn recognises(head: &str) -> bool {
    let head = head.strip_prefix('\u{FEFF}').unwrap_or(head);
    // The last line may have been cut off.
    let whole = head.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mut codes = 0;
    for line in whole.lines().filter(|line| !line.trim().is_empty()) {
        if !hcpcs::has_shape(line.trim()) {
            return false;
        }
        codes += 1;
    }
    codes >= FEWEST_LINES
}

/// Reads the file. Codes keep their order; blank lines are passed over.
///
/// # Errors
/// A line holds anything but a Level II code, a code stands twice, or there is no code.
pub fn read(bytes: &[u8], file: &str) -> Result<Vec<CodeKey>, ImportError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut codes = Vec::new();
    let mut seen = HashSet::new();
    for (number, line) in (1_u64..).zip(bytes.split(|byte| *byte == b'\n')) {
        let refuse = |problem: &str| ImportError::new(file, Place::Line(number), problem);
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let code = std::str::from_utf8(line).ok().filter(|line| hcpcs::has_shape(line));
        let code = code.and_then(CodeKey::new);
        let code = code.ok_or_else(|| refuse("the line holds no HCPCS Level II code"))?;
        if !seen.insert(code) {
            return Err(refuse(&format!("{code} stands twice")));
        }
        codes.push(code);
    }
    if codes.is_empty() {
        return Err(ImportError::new(file, Place::File, "the file holds no code"));
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ten() -> String {
        (0..10).fold(String::new(), |list, number| format!("{list}A000{number}\r\n"))
    }

    #[test]
    fn reads_codes_with_either_line_end() {
        let codes = read(b"\xEF\xBB\xBFJ0002\r\nA0001\n\nG0003", "codes.txt").unwrap();
        let shown: Vec<_> = codes.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["J0002", "A0001", "G0003"]);
    }

    #[test]
    fn recognises_a_list_of_nothing_but_codes() {
        assert!(recognises(&ten()) && recognises(&format!("{}A00", ten())));
        assert!(!recognises("A0001\nA0002\n"), "too few to tell them from ICD-10-CM");
        for other in ["A000\n", "D0000\n", "00000\n", "A0001 x\n", "E119    Type 2\n"] {
            assert!(!recognises(&format!("{}{other}", ten())), "{other}");
        }
    }

    #[test]
    fn names_the_line_that_it_refuses() {
        for text in
            ["A0001\nA001\n", "A0001\n00000\n", "A0001\nD0000", "A0001\nA0001", "A0001\n\u{E9}"]
        {
            assert_eq!(
                read(text.as_bytes(), "codes.txt").unwrap_err().place,
                Place::Line(2),
                "{text}"
            );
        }
        assert_eq!(read(b"\n", "codes.txt").unwrap_err().place, Place::File);
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..120), text in "[A-Z0-9\r\n]{0,60}") {
            let _ = read(&bytes, "codes.txt");
            let _ = read(text.as_bytes(), "codes.txt");
            recognises(&text);
        }
    }
}
