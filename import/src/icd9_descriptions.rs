//! Descriptions of ICD-9-CM: the codes of its last edition, so that one typed by mistake is known as such.
//!
//! Diagnoses have the code in columns 1-5, a blank in 6 and the title from 7; procedures have it in 1-4, a blank in 5 and
//! the title from 6. Codes have no point. Bytes that are not UTF-8 are windows-1252, which includes ISO-8859-1. Source:
//! `CMS32_DESC_LONG_DX.txt`, `CMS32_DESC_LONG_SG.txt` and their short twins, version 32 (2014-10-01 to 2015-09-30), CMS.

use std::collections::HashSet;

use medcode_codes::code::CodeKey;

use super::{
    ImportError, Place,
    fixed_width::{is_gem, lines, most_lines, title},
    order_file,
    rows::TitleRow,
};

/// Which codes a file describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icd9Kind {
    /// `DX`: three to five characters, the first a digit, E or V.
    Diagnoses,
    /// `SG`: two to four digits.
    Procedures,
}

impl Icd9Kind {
    const ALL: [Self; 2] = [Self::Diagnoses, Self::Procedures];

    /// Splits a line into code and title. `None` when it is not one of this kind.
    fn split(self, line: &str) -> Option<(CodeKey, String)> {
        let width = if self == Self::Diagnoses { 5 } else { 4 };
        let code = line.get(..width)?.trim_end_matches(' ');
        let rest = line.get(width..)?.strip_prefix(' ')?;
        self.accepts(code).then_some((CodeKey::new(code)?, title(rest)?))
    }

    fn accepts(self, code: &str) -> bool {
        let digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
            lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        match (self, code.split_at_checked(1)) {
            (Self::Procedures, _) => digits(code, 2..=4),
            (Self::Diagnoses, Some(("E", rest))) => digits(rest, 3..=4),
            (Self::Diagnoses, Some(("V", rest))) => digits(rest, 2..=4),
            (Self::Diagnoses, _) => digits(code, 3..=5),
        }
    }
}

/// Reads a file of one kind into titles in text order. Lines may end in CRLF or LF; a last line may lack its end.
///
/// # Errors
/// A line has another form, a code has not the shape of the kind or stands twice, or there is no line.
pub fn read(bytes: &[u8], kind: Icd9Kind, file: &str) -> Result<Vec<TitleRow>, ImportError> {
    let mut titles = Vec::new();
    let mut seen = HashSet::new();
    for (number, line) in lines(bytes) {
        let refuse = |problem: &str| ImportError::new(file, Place::Line(number), problem);
        let line = match std::str::from_utf8(line) {
            Ok(line) => line.into(),
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(line).0,
        };
        let (code, title) = kind.split(&line).ok_or_else(|| match kind {
            Icd9Kind::Diagnoses => refuse("the line has not the form 'ICD-9-CM diagnosis, title'"),
            Icd9Kind::Procedures => refuse("the line has not the form 'ICD-9-CM procedure, title'"),
        })?;
        if !seen.insert(code) {
            return Err(refuse(&format!("{code} stands twice")));
        }
        titles.push(TitleRow { code, title });
    }
    titles.sort_by_key(|row| row.code);
    Ok(titles)
}

/// What a file that begins with `head` describes. `None` when it is no description of ICD-9-CM.
pub fn kind_of(head: &str) -> Option<Icd9Kind> {
    // The order number of an order file looks like a diagnosis, and a GEM has a code where the title stands.
    let other = |line: &str| is_gem(line) || order_file::is_line(line);
    let fits =
        |kind: &Icd9Kind| most_lines(head, |line| kind.split(line).is_some() && !other(line));
    Icd9Kind::ALL.into_iter().find(fits)
}

/// Whether a file that begins with `head` describes codes of ICD-9-CM.
pub fn recognises(head: &str) -> bool {
    kind_of(head).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DX: &[u8] = b"E8889 Fall NOS\r\n0010  Cholera due to vibrio cholerae\r\n042   Human \
        immunodeficiency virus [HIV] disease\r\n38600 M\xE9ni\xE8re's disease, unspecified\r\nV202  Routine infant check";
    const SG: &[u8] =
        b"0001 Therapeutic ultrasound of vessels of head and neck\n640  Circumcision\n";

    fn problem(text: &str, kind: Icd9Kind) -> ImportError {
        read(text.as_bytes(), kind, "desc.txt").unwrap_err()
    }

    #[test]
    fn reads_diagnoses_and_procedures() {
        let titles = read(DX, Icd9Kind::Diagnoses, "desc.txt").unwrap();
        let codes: Vec<_> = titles.iter().map(|row| row.code.to_string()).collect();
        assert_eq!(codes, ["0010", "042", "38600", "E8889", "V202"]);
        assert_eq!(titles[2].title, "Ménière's disease, unspecified");
        let titles = read(SG, Icd9Kind::Procedures, "desc.txt").unwrap();
        assert_eq!(
            (titles[1].code.to_string(), titles[1].title.as_str()),
            ("640".to_owned(), "Circumcision")
        );
    }

    #[test]
    fn tells_diagnoses_from_procedures() {
        assert_eq!(kind_of(&String::from_utf8_lossy(DX)), Some(Icd9Kind::Diagnoses));
        assert_eq!(kind_of(&String::from_utf8_lossy(SG)), Some(Icd9Kind::Procedures));
        assert_eq!(kind_of("E119    Type 2 diabetes"), None);
    }

    #[test]
    fn names_the_line_that_it_refuses() {
        use Icd9Kind::{Diagnoses, Procedures};
        for (text, kind, line) in [
            ("0010  Cholera\n0010  Cholera", Diagnoses, 2),
            ("0010  Cholera\n\n", Diagnoses, 2),
            ("0010 Cholera", Diagnoses, 1),
            ("001.0 Cholera", Diagnoses, 1),
            ("A010  Cholera", Diagnoses, 1),
            ("E88   Fall", Diagnoses, 1),
            ("0010  ", Diagnoses, 1),
            ("0001  Ultrasound", Procedures, 1),
            ("V202 Check", Procedures, 1),
            ("", Procedures, 1),
        ] {
            assert_eq!(problem(text, kind).place, Place::Line(line), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..120), text in "\\PC{0,60}") {
            for bytes in [&bytes[..], text.as_bytes()] {
                let _ = read(bytes, Icd9Kind::Diagnoses, "desc.txt");
                let _ = read(bytes, Icd9Kind::Procedures, "desc.txt");
                let _ = kind_of(&String::from_utf8_lossy(bytes));
            }
        }
    }
}
