//! The addenda of Medicare's payment system for ambulatory surgical centers: HCPCS Level II codes in use by quarter.
//!
//! The tables also hold CPT and CDT codes, whose wording is licensed. **Only rows whose first field is a Level II code
//! are taken**; every other row is dropped inside the reader's own buffer, and no error message shows any of a row.
//!
//! Presence shows that a code was in use in a quarter; absence shows nothing.
//!
//! Source: CMS addenda AA, BB, EE and FF of 2021 to 2026: a title, a copyright notice, then a header with "HCPCS Code"
//! and "Short Descriptor"; comma- or tab-separated, quoted, in windows-1252 or UTF-8.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::civil::Date;
use medcode_codes::{code::CodeKey, code_table::Lifetime, system::hcpcs};

use super::{
    ImportError, Place,
    rows::{CodeRow, TitleRow},
};

const CODE_HEADER: &str = "HCPCS Code";
const DESCRIPTOR_HEADER: &str = "Short Descriptor";
/// Characters of the longest short descriptor.
const DESCRIPTOR_LENGTH: usize = 28;

/// What separates the fields of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `.csv`
    Comma,
    /// `.txt`
    Tab,
}

#[derive(Clone, Debug)]
struct Seen {
    first: Date,
    last: Date,
    descriptor: String,
}

/// Collects the Level II codes of any number of files.
#[derive(Clone, Debug, Default)]
pub struct AddendaCollector {
    codes: BTreeMap<CodeKey, Seen>,
    newest: Option<Date>,
}

impl AddendaCollector {
    /// Reads one file of the quarter that begins on `quarter`. Files may come in any order of quarters; within a
    /// quarter the first descriptor of a code is kept.
    ///
    /// # Errors
    /// The file has rows with codes but no header, or a Level II row has no descriptor of 1 to 28 characters.
    pub fn add(
        &mut self,
        bytes: &[u8],
        separator: Separator,
        quarter: Date,
        file: &str,
    ) -> Result<(), ImportError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let delimiter = if separator == Separator::Comma { b',' } else { b'\t' };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(bytes);
        let mut record = csv::ByteRecord::new();
        let mut column = None;
        loop {
            let line = reader.position().line();
            let refuse = |problem: &str| ImportError::new(file, Place::Line(line), problem);
            if !reader
                .read_byte_record(&mut record)
                .map_err(|_| refuse("the line cannot be read"))?
            {
                break;
            }
            let first = record.get(0).unwrap_or_default().trim_ascii();
            if column.is_none() && first == CODE_HEADER.as_bytes() {
                let heading = |field: &[u8]| field.trim_ascii() == DESCRIPTOR_HEADER.as_bytes();
                column = record.iter().position(heading);
                column.ok_or_else(|| refuse("the header names no short descriptor"))?;
                continue;
            }
            if !is_level_two(first) {
                continue;
            }
            let column = column.ok_or_else(|| refuse("a code stands before the header"))?;
            let code = std::str::from_utf8(first).ok().filter(|code| hcpcs::has_shape(code));
            let code = code.and_then(CodeKey::new);
            let code = code.ok_or_else(|| refuse("the first letter is not in use in Level II"))?;
            let descriptor = clean(record.get(column).unwrap_or_default());
            if !(1..=DESCRIPTOR_LENGTH).contains(&descriptor.chars().count()) {
                return Err(refuse("the short descriptor does not have 1 to 28 characters"));
            }
            self.see(code, quarter, descriptor);
        }
        self.newest = self.newest.max(Some(quarter));
        Ok(())
    }

    fn see(&mut self, code: CodeKey, quarter: Date, descriptor: String) {
        match self.codes.get_mut(&code) {
            None => {
                self.codes.insert(code, Seen { first: quarter, last: quarter, descriptor });
            }
            Some(seen) => {
                seen.first = seen.first.min(quarter);
                if quarter > seen.last {
                    seen.last = quarter;
                    seen.descriptor = descriptor;
                }
            }
        }
    }

    /// The first day of the newest quarter that was read.
    pub fn newest_quarter(&self) -> Option<Date> {
        self.newest
    }

    /// The codes and their newest short descriptors, both in text order.
    pub fn finish(self) -> (Vec<CodeRow>, Vec<TitleRow>) {
        let rows = self.codes.into_iter().map(|(code, seen)| {
            let lifetime = Lifetime::Seen { first: seen.first, last: seen.last };
            let row = CodeRow { code, lifetime, flags: Vec::new() };
            (row, TitleRow { code, title: seen.descriptor })
        });
        rows.unzip()
    }
}

/// A letter other than D, and four digits: neither CPT nor CDT.
fn is_level_two(field: &[u8]) -> bool {
    field.len() == 5
        && field[0].is_ascii_uppercase()
        && !hcpcs::has_cdt_shape(&String::from_utf8_lossy(field))
        && field[1..].iter().all(u8::is_ascii_digit)
}

/// Decodes a descriptor and squeezes its white space.
///
/// Byte 255 is the non-breaking space of code page 437: some quarters have it where others have a blank.
fn clean(field: &[u8]) -> String {
    let text = match std::str::from_utf8(field) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode(field).0,
    };
    text.replace('\u{FF}', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const BB: &[u8] = include_bytes!("../../tests/releases/mini/BB.csv");
    const EE: &[u8] = include_bytes!("../../tests/releases/mini/EE.txt");

    fn add(text: &str) -> Result<AddendaCollector, ImportError> {
        let mut collector = AddendaCollector::default();
        collector.add(text.as_bytes(), Separator::Comma, date(2026, 7, 1), "AA.csv")?;
        Ok(collector)
    }

    #[test]
    fn keeps_level_two_rows_and_nothing_else() {
        let mut collector = AddendaCollector::default();
        collector.add(BB, Separator::Comma, date(2026, 7, 1), "BB.csv").unwrap();
        collector.add(EE, Separator::Tab, date(2025, 1, 1), "EE.txt").unwrap();
        assert!(!format!("{collector:?}").contains("wording"), "a licensed row was kept");
        assert_eq!(collector.newest_quarter(), Some(date(2026, 7, 1)));
        let (codes, titles) = collector.finish();
        let titles: Vec<_> =
            titles.iter().map(|row| format!("{}: {}", row.code, row.title)).collect();
        assert_eq!(
            titles,
            ["C0003: Invented device", "J0001: Invented, 1 mg", "Q0002: Invented drug 2 mg"]
        );
        let seen = |first, last| Lifetime::Seen { first, last };
        assert_eq!(codes[0].lifetime, seen(date(2025, 1, 1), date(2025, 1, 1)));
        assert_eq!(codes[2].lifetime, seen(date(2025, 1, 1), date(2026, 7, 1)));
    }

    #[test]
    fn decodes_blanks_of_three_encodings() {
        for field in [&b"a\xA0b"[..], b"a\xFFb", b"a\xC2\xA0 b", b" a  b "] {
            assert_eq!(clean(field), "a b");
        }
    }

    #[test]
    fn accepts_a_file_without_any_table() {
        let (codes, _) = add("Comment indicators\nCI,Meaning\nCH,changed\n").unwrap().finish();
        assert_eq!(codes, []);
    }

    #[test]
    fn names_the_line_and_never_the_words() {
        let header = "HCPCS Code,,Short Descriptor\n";
        for text in [
            "J0001,,secret\n".to_owned(),
            "HCPCS Code,,Price\nJ0001,,secret\n".to_owned(),
            format!("{header}J0001,,\n"),
            format!("{header}J0001\n"),
            format!("{header}J0001,,secret secret secret secret secret\n"),
            format!("{header}Z0001,,secret\n"),
        ] {
            let error = add(&text).unwrap_err();
            assert!(matches!(error.place, Place::Line(1 | 2)), "{error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_never_keeps_other_codes(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            rows in prop::collection::vec("[0-9A-Z]{5},,[a-z]{1,30}", 0..8),
        ) {
            let mut collector = AddendaCollector::default();
            let _ = collector.add(&bytes, Separator::Tab, date(2026, 7, 1), "AA.txt");
            let text = format!("HCPCS Code,,Short Descriptor\n{}", rows.join("\n"));
            let _ = collector.add(text.as_bytes(), Separator::Comma, date(2026, 7, 1), "AA.csv");
            for row in collector.finish().0 {
                prop_assert!(hcpcs::has_shape(&row.code.text()));
            }
        }
    }
}
