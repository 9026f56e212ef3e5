//! Codes files: the billable codes of one release with their long titles.
//!
//! Columns 1-7 hold the code, 8 is blank, 9 to the end is the title. Source: the readme of the yearly code description
//! files of CMS and NCHS (`icd10cm-codes-YYYY.txt`, `icd10pcs-codes-YYYY.txt`).

use medcode_codes::system::CodeSystem;

use super::{
    ImportError, Place,
    fixed_width::{ascii, is_gem, lines, most_lines},
    rows::TitleRow,
    shapes::{fits_icd10, key_of, system_of_codes},
};

const CODE_WIDTH: usize = 7;
const TITLE_AT: usize = 8;

/// Reads the file of `system`. Lines may end in CRLF or LF; a last line may lack its end.
///
/// # Errors
/// A line has another form, a code has not the shape of the system or stands twice, or there is no line.
pub fn read(bytes: &[u8], system: CodeSystem, file: &str) -> Result<Vec<TitleRow>, ImportError> {
    let mut titles: Vec<TitleRow> = Vec::new();
    for (number, line) in lines(bytes) {
        let refuse = |problem: &str| ImportError::new(file, Place::Line(number), problem);
        let line = ascii(line).ok_or_else(|| refuse("a character is not ASCII"))?;
        let (code, title) = columns(line)
            .ok_or_else(|| refuse("the line has not the form 'code, blank, title'"))?;
        let code = key_of(system, code)
            .ok_or_else(|| refuse(&format!("columns 1 to 7 hold no {system} code")))?;
        let title = title.trim_end();
        if title.is_empty() || title.starts_with(' ') {
            return Err(refuse("the title does not begin in column 9"));
        }
        titles.push(TitleRow { code, title: title.to_owned() });
    }
    titles.sort_by_key(|row| row.code);
    match titles.windows(2).find(|pair| pair[0].code == pair[1].code) {
        Some(pair) => {
            let problem = format!("{} stands twice", pair[0].code);
            Err(ImportError::new(file, Place::File, problem))
        }
        None => Ok(titles),
    }
}

/// Whether a file that begins with `head` has this layout, of whichever system.
pub fn recognises(head: &str) -> bool {
    most_lines(head, |line| {
        // A GEM has the same columns, with another code where the title stands.
        let row = columns(line).filter(|_| !is_gem(line));
        row.is_some_and(|(code, title)| {
            fits_icd10(code) && title.starts_with(|first: char| first != ' ')
        })
    })
}

/// The system whose codes a codes file lists. `None` when the codes fit both systems or neither.
pub fn system_of(bytes: &[u8]) -> Option<CodeSystem> {
    let code = |(_, line)| columns(ascii(line)?).map(|(code, _)| code);
    system_of_codes(lines(bytes).filter_map(code))
}

/// The code, blanks removed, and the title, as they stand in the columns.
fn columns(line: &str) -> Option<(&str, &str)> {
    let code = line.get(..CODE_WIDTH)?.trim_end_matches(' ');
    (line.get(CODE_WIDTH..TITLE_AT)? == " ").then_some((code, line.get(TITLE_AT..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CM: &[u8] = include_bytes!("../../tests/releases/mini/icd10cm-codes.txt");
    const PCS: &[u8] = include_bytes!("../../tests/releases/mini/icd10pcs-codes.txt");

    fn cm(text: &str) -> Result<Vec<TitleRow>, ImportError> {
        read(text.as_bytes(), CodeSystem::Icd10Cm, "codes.txt")
    }

    #[test]
    fn reads_codes_and_titles_with_either_line_end() {
        let titles = read(CM, CodeSystem::Icd10Cm, "codes.txt").unwrap();
        assert_eq!(titles.len(), 6);
        assert_eq!((&*titles[5].code.text(), titles[5].title.as_str()), ("R05", "Cough"));
        let titles = read(PCS, CodeSystem::Icd10Pcs, "codes.txt").unwrap();
        assert_eq!(titles[0].title, "Resection of Appendix, Percutaneous Endoscopic Approach");
        assert_eq!(titles[1].title, "Delivery of Products of Conception, External Approach");
    }

    #[test]
    fn names_the_line_that_it_refuses() {
        for (text, line) in [
            ("E119    Type 2\nE11.9   dotted\n", 2),
            ("E119    Type 2\n\nE118    x\n", 2),
            ("E119   Type 2", 1),
            ("E119    ", 1),
            ("E119     indented", 1),
            ("00001 A000    0 Cholera", 1),
            ("E119    Sj\u{F6}gren", 1),
            ("", 1),
        ] {
            assert_eq!(cm(text).unwrap_err().place, Place::Line(line), "{text}");
        }
        assert!(cm("E119    one\nE119    two\n").unwrap_err().problem.contains("stands twice"));
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..120), text in "\\PC{0,60}") {
            let _ = read(&bytes, CodeSystem::Icd10Cm, "codes.txt");
            let _ = cm(&text);
        }
    }
}
