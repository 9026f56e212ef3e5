//! What the tables of claim edits have in common: notices, a header, rows that begin with codes.
//!
//! Above the header stand a title and the notice of the American Medical Association; they are passed over and
//! counted. Below it every row must be one of the table. Rows with dental codes, which are the ADA's, are dropped and
//! counted. No error shows any text of a row but its codes.

use medcode_codes::{
    code::CodeKey,
    date::{Date, parse_compact},
    edits::EditSetting,
    system::hcpcs,
};

use super::{
    ImportError, Place,
    sheet::{SheetFormat, SheetRow, for_each_row},
};

/// How many rows may hold the words of one header.
const HEADER_ROWS: usize = 6;

/// Rows that were read and not taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// Titles, notices and headers, and sheets without a header.
    pub other: usize,
    /// Rows with a dental code.
    pub dental: usize,
}

impl PassedOver {
    /// Adds what another part of the table passed over.
    pub(crate) fn add(&mut self, more: Self) {
        self.other += more.other;
        self.dental += more.dental;
    }
}

/// Nothing tells whom a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "neither the file name nor a title tells whom the edits are for: name practitioner, hospital or dme"
)]
pub struct UnknownSetting;

/// What became of a row below the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was taken.
    Row,
    /// It goes on with the header.
    Header,
    /// It has a dental code.
    Dental,
}

/// Reads a table sheet by sheet. `find_header` gets the latest rows, the newest last, and answers what it learned when
/// the newest is the header; `take` gets the rows below.
///
/// # Errors
/// No sheet has a header, or `take` refuses a row.
pub(crate) fn read_table<H>(
    bytes: &[u8],
    format: SheetFormat,
    file: &str,
    mut find_header: impl FnMut(&[Vec<String>]) -> Result<Option<H>, String>,
    mut take: impl FnMut(&mut H, &SheetRow<'_>) -> Result<Taken, String>,
) -> Result<PassedOver, ImportError> {
    let mut passed_over = PassedOver::default();
    let mut latest: Vec<Vec<String>> = Vec::new();
    let mut header: Option<H> = None;
    let mut any_header = false;
    let mut sheet = String::new();
    for_each_row(bytes, format, file, &mut |row| {
        let refuse = |problem| ImportError::new(file, Place::Line(row.line), problem);
        if row.sheet != sheet {
            row.sheet.clone_into(&mut sheet);
            (header, latest) = (None, Vec::new());
        }
        if let Some(header) = &mut header {
            match take(header, &row).map_err(refuse)? {
                Taken::Row => {}
                Taken::Header => passed_over.other += 1,
                Taken::Dental => passed_over.dental += 1,
            }
            return Ok(());
        }
        if latest.len() == HEADER_ROWS {
            latest.remove(0);
        }
        latest.push(row.cells.to_vec());
        passed_over.other += 1;
        header = find_header(&latest).map_err(refuse)?;
        any_header |= header.is_some();
        Ok(())
    })?;
    if any_header {
        Ok(passed_over)
    } else {
        Err(ImportError::new(file, Place::File, "the header of the table is not there"))
    }
}

/// Whether `find_header` finds a header in the first rows of a table.
pub(crate) fn has_header<H>(
    rows: &[Vec<String>],
    find_header: impl Fn(&[Vec<String>]) -> Result<Option<H>, String>,
) -> bool {
    (1..=rows.len()).any(|end| {
        let latest = rows.get(end.saturating_sub(HEADER_ROWS)..end).unwrap_or_default();
        matches!(find_header(latest), Ok(Some(_)))
    })
}

/// A heading reduced to its small letters and digits: `"HCPCS/\nCPT Code"` is `hcpcscptcode`.
pub(crate) fn heading(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The only column whose heading fulfils `is`.
pub(crate) fn column(
    headings: &[String],
    name: &str,
    is: impl Fn(&str) -> bool,
) -> Result<usize, String> {
    let mut found = (0..).zip(headings).filter(|(_, heading)| is(heading)).map(|(at, _)| at);
    match (found.next(), found.next()) {
        (Some(column), None) => Ok(column),
        (None, _) => Err(format!("the header has no column for the {name}")),
        (Some(_), Some(_)) => Err(format!("the header has several columns for the {name}")),
    }
}

/// A code of five capital letters and digits.
pub(crate) fn code(text: &str) -> Option<CodeKey> {
    CodeKey::new(text).filter(|code| code.length() == 5)
}

/// Whether a code is a dental one.
pub(crate) fn is_dental(code: CodeKey) -> bool {
    hcpcs::has_cdt_shape(&code.text())
}

/// A text without line breaks and repeated blanks.
pub(crate) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The only setting that a text names.
pub(crate) fn setting_in(text: &str) -> Option<EditSetting> {
    const WORDS: [(EditSetting, &[&str]); 3] = [
        (EditSetting::Practitioner, &["practitioner", "ccipra"]),
        (EditSetting::Hospital, &["hospital", "ccioph"]),
        (EditSetting::Dme, &["dme", "durable medical"]),
    ];
    let text = text.to_ascii_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let mut settings = WORDS.iter().filter(|(_, words)| names(words)).map(|(setting, _)| *setting);
    settings.next().filter(|_| settings.next().is_none())
}

/// The name of a file without its folders.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The first day of a quarter, 1 to 4.
pub(crate) fn quarter_start(year: u16, quarter: u16) -> Option<Date> {
    let month = quarter.checked_sub(1).filter(|before| *before < 4)? * 3 + 1;
    parse_compact(&format!("{year:04}{month:02}01")).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn names_a_setting_only_when_it_is_the_only_one() {
        assert_eq!(setting_in("ccipra-v320r0-f1.TXT"), Some(EditSetting::Practitioner));
        assert_eq!(setting_in("Outpatient Hospital Services"), Some(EditSetting::Hospital));
        assert_eq!(setting_in("MCR_MUE_DMESupplierServices"), Some(EditSetting::Dme));
        assert_eq!(setting_in("hospital and practitioner"), None);
        assert_eq!(setting_in("edits"), None);
        let advice = UnknownSetting.to_string();
        assert!(advice.contains("name practitioner, hospital or dme"), "{advice}");
    }

    #[test]
    fn quarters_begin_on_their_first_day() {
        assert_eq!(quarter_start(2026, 4), Some(date(2026, 10, 1)));
        assert_eq!(quarter_start(2026, 0), None);
        assert_eq!(quarter_start(2026, 5), None);
    }

    #[test]
    fn reduces_headings() {
        assert_eq!(heading("HCPCS/\nCPT Code"), "hcpcscptcode");
        assert_eq!(file_name("a/b\\c.txt"), "c.txt");
    }
}
