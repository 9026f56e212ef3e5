//! Order files: every code and header of one release with short and long titles, in the order of the classification.
//!
//! Columns 1-5 hold the order number, 7-13 the code without a point, 15 the flag (0 header, 1 valid for submission),
//! 17-76 the short title, 78 to the end the long title; 6, 14, 16 and 77 are blank. Headers of ICD-10-CM are all codes
//! that have others below them; those of ICD-10-PCS are the tables, with three characters. Source: the documentation
//! of the order files of CMS and NCHS (`icd10cm_order_YYYY.txt`, `icd10pcs_order_YYYY.txt`), and those of 2016 to 2026.

use std::collections::HashSet;

use medcode_codes::system::CodeSystem;

use super::{
    ImportError, Place,
    fixed_width::{ascii, lines, most_lines, titles},
    rows::{ListedRow, Titles},
    shapes::{fits_icd10, heading_or_code, is_pcs_heading, system_of_codes},
};

/// Reads the file of `system`; the rows keep its order. Lines may end in CRLF or LF; a last line may lack its end.
///
/// # Errors
/// A line has another form, the order numbers do not count from 1 without a gap, a code has not the shape of the
/// system or stands twice, or there is no line.
pub fn read(bytes: &[u8], system: CodeSystem, file: &str) -> Result<Vec<ListedRow>, ImportError> {
    let mut rows = Vec::new();
    let mut seen = HashSet::new();
    for (number, line) in lines(bytes) {
        let refuse = |problem: &str| ImportError::new(file, Place::Line(number), problem);
        let line = ascii(line).ok_or_else(|| refuse("a character is not ASCII"))?;
        let line = Line::split(line).ok_or_else(|| {
            refuse("the line has not the form 'order number, code, flag, short title, long title'")
        })?;
        if line.order != number {
            return Err(refuse("the order numbers do not count on from the line before"));
        }
        let code = heading_or_code(system, line.code)
            .filter(|_| {
                system != CodeSystem::Icd10Pcs || line.is_header == is_pcs_heading(line.code)
            })
            .ok_or_else(|| {
                let what = if line.is_header { "header" } else { "code" };
                refuse(&format!("columns 7 to 13 hold no {system} {what}"))
            })?;
        if !seen.insert(code) {
            return Err(refuse(&format!("{code} stands twice")));
        }
        let Titles { short, long } = line.titles;
        rows.push(ListedRow { code, is_header: line.is_header, short, long });
    }
    Ok(rows)
}

/// Whether a file that begins with `head` has this layout, of whichever system.
pub fn recognises(head: &str) -> bool {
    most_lines(head, is_line)
}

/// The system whose codes an order file lists. `None` when the codes fit both systems or neither.
pub fn system_of(bytes: &[u8]) -> Option<CodeSystem> {
    let code = |(_, line)| Line::split(ascii(line)?).map(|line| line.code);
    system_of_codes(lines(bytes).filter_map(code))
}

/// Whether a line is one of an order file.
pub(crate) fn is_line(line: &str) -> bool {
    Line::split(line).is_some_and(|line| fits_icd10(line.code))
}

/// The columns of a line, blanks removed.
struct Line<'a> {
    order: u64,
    code: &'a str,
    is_header: bool,
    titles: Titles,
}

impl<'a> Line<'a> {
    fn split(line: &'a str) -> Option<Self> {
        let (order, rest) = (line.get(..5)?, line.get(5..)?.strip_prefix(' ')?);
        if !order.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (code, rest) = (rest.get(..7)?, rest.get(7..)?.strip_prefix(' ')?);
        let is_header = match rest.get(..2)? {
            "0 " => true,
            "1 " => false,
            _ => return None,
        };
        let (code, order) = (code.trim_end_matches(' '), order.parse().ok()?);
        Some(Self { order, code, is_header, titles: titles(rest.get(2..)?)? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{ORDER_CM, ORDER_PCS};

    fn cm(text: &str) -> Result<Vec<ListedRow>, ImportError> {
        read(text.as_bytes(), CodeSystem::Icd10Cm, "order.txt")
    }

    fn line(number: u32, code: &str, flag: char, short: &str, long: &str) -> String {
        format!("{number:05} {code:7} {flag} {short:60} {long}\n")
    }

    #[test]
    fn reads_headers_and_codes_with_either_line_end() {
        let rows = read(ORDER_CM, CodeSystem::Icd10Cm, "order.txt").unwrap();
        assert_eq!(rows.iter().filter(|row| row.is_header).count(), 3);
        assert_eq!(rows.len(), 8);
        let last = &rows[7];
        assert_eq!((&*last.code.text(), last.is_header), ("R05", true));
        assert_eq!((last.short.as_str(), last.long.as_str()), ("Cough", "Cough"));
        let long = "Type 2 diabetes mellitus with other specified complication";
        assert_eq!(rows[3].long, long);
        let rows = read(ORDER_PCS, CodeSystem::Icd10Pcs, "order.txt").unwrap();
        let texts: Vec<_> = rows.iter().map(|row| row.code.to_string()).collect();
        assert_eq!(texts, ["0DT", "0DTJ4ZZ", "10E", "10E0XZZ"]);
        assert_eq!(rows[1].short, "Resection of Appendix, Perc Endo Approach");
    }

    #[test]
    fn finds_the_system_by_the_codes() {
        assert_eq!(system_of(ORDER_CM), Some(CodeSystem::Icd10Cm));
        assert_eq!(system_of(ORDER_PCS), Some(CodeSystem::Icd10Pcs));
        assert_eq!(system_of(b"E119    Type 2"), None);
    }

    #[test]
    fn names_the_line_that_it_refuses() {
        let good = line(1, "E11", '0', "Type 2", "Type 2 diabetes");
        let second = |number, code, flag, short, long| {
            format!("{good}{}", line(number, code, flag, short, long))
        };
        for (text, at) in [
            (second(3, "E119", '1', "short", "long"), 2),
            (second(1, "E119", '1', "short", "long"), 2),
            (second(2, "E119", '2', "short", "long"), 2),
            (second(2, "E11.9", '1', "short", "long"), 2),
            (second(2, "0DTJ4Z", '1', "short", "long"), 2),
            (second(2, "E119", '1', " short", "long"), 2),
            (second(2, "E119", '1', "short", ""), 2),
            (second(2, "E119", '1', "", "long"), 2),
            (second(2, "E119", '1', "short", "Sj\u{F6}gren"), 2),
            (second(2, "E11", '1', "short", "long"), 2),
            (format!("{good}\n{good}"), 2),
            ("E119    Type 2\n".to_owned(), 1),
            (String::new(), 1),
        ] {
            assert_eq!(cm(&text).unwrap_err().place, Place::Line(at), "{text}");
        }
        let twice = cm(&second(2, "E11", '1', "short", "long")).unwrap_err();
        assert_eq!(twice.to_string(), "order.txt, line 2: E11 stands twice");
        let pcs = |code: &str, flag| {
            read(line(1, code, flag, "a", "b").as_bytes(), CodeSystem::Icd10Pcs, "order.txt")
        };
        assert!(pcs("0DT", '0').is_ok() && pcs("0DTJ4ZZ", '1').is_ok());
        assert!(pcs("0DT", '1').is_err() && pcs("0DTJ4ZZ", '0').is_err());
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..120), text in "\\PC{0,99}") {
            for bytes in [&bytes[..], text.as_bytes()] {
                let _ = read(bytes, CodeSystem::Icd10Pcs, "order.txt");
                let _ = system_of(bytes);
                let _ = recognises(&String::from_utf8_lossy(bytes));
            }
        }
    }
}
