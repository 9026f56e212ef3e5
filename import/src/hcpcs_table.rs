//! HCPCS Level II as a table: the Excel twin of CMS's file, and the CSV files that others make of it.
//!
//! Columns are found by their headings (`HCPC`, `SEQNUM`, `RECID`, `LONG DESCRIPTION`, … `ACTION CD`), whatever their
//! order; only a code and a long description are needed. Rows above the headings are disclaimers. As in the fixed-width
//! file a code may have continuation rows. Headings and fields are in [`super::hcpcs_lines`].
//!
//! The workbook `HCPCyyyy_Trans_Alpha.xlsx` beside the twin is a report of changes, no table of codes: see
//! [`super::documentation`].
//!
//! Source: `HCPC2019_CONTR_ANWEB.xlsx` of CMS.

use super::{
    ImportError, Place,
    csv_rows::{CsvRows, first_rows},
    hcpcs_lines::{Assembler, Field, HcpcsFile, LAYOUT},
};

/// Whether a file that begins like this is a CSV or a tab-separated table of the format.
pub fn recognises(head: &str) -> bool {
    recognises_rows(&first_rows(head))
}

/// Whether a table with these first rows is in the format: one of them holds the headings.
pub fn recognises_rows(rows: &[Vec<String>]) -> bool {
    rows.iter().any(|row| Columns::of(row).is_some())
}

/// Reads a CSV or tab-separated file, UTF-8 or windows-1252.
///
/// # Errors
/// As [`read_rows`], or a line cannot be read.
pub fn read_csv(bytes: &[u8], file: &str) -> Result<HcpcsFile, ImportError> {
    let mut reader = TableReader::new(file);
    let mut rows = CsvRows::new(bytes, file);
    while let Some((line, row)) = rows.next_row()? {
        reader.add(line, &row)?;
    }
    reader.finish()
}

/// Reads the rows of one sheet, each with its line.
///
/// # Errors
/// As [`TableReader::add`] and [`TableReader::finish`].
pub fn read_rows(
    rows: impl Iterator<Item = (u64, Vec<String>)>,
    file: &str,
) -> Result<HcpcsFile, ImportError> {
    let mut reader = TableReader::new(file);
    for (line, row) in rows {
        reader.add(line, &row)?;
    }
    reader.finish()
}

/// Takes the rows of one sheet one by one.
#[derive(Debug)]
pub struct TableReader<'f> {
    file: &'f str,
    table: Option<(Columns, Assembler<'f>)>,
}

impl<'f> TableReader<'f> {
    /// A reader that has seen no row. `file` is the name for errors.
    pub fn new(file: &'f str) -> Self {
        Self { file, table: None }
    }

    /// Takes the next row; `line` counts from 1. Blank rows are passed over.
    ///
    /// # Errors
    /// Below the headings a row has no code, a code stands twice, a continuation row does not follow its first row, or
    /// a date or a number is none.
    pub fn add(&mut self, line: u64, cells: &[String]) -> Result<(), ImportError> {
        match &mut self.table {
            None => {
                self.table = Columns::of(cells).map(|columns| {
                    let tells_terminations = columns.has(Field::Terminated);
                    (columns, Assembler::new(self.file, tells_terminations))
                });
                Ok(())
            }
            Some(_) if cells.iter().all(|cell| cell.trim().is_empty()) => Ok(()),
            Some((columns, assembler)) => {
                assembler.add(line, &|field, at| columns.value(cells, field, at))
            }
        }
    }

    /// The file, once every row was taken.
    ///
    /// # Errors
    /// There were no headings, or no row below them.
    pub fn finish(self) -> Result<HcpcsFile, ImportError> {
        let problem = "no row has the headings of a code and a long description";
        let missing = || ImportError::new(self.file, Place::File, problem);
        let (_, assembler) = self.table.ok_or_else(missing)?;
        assembler.finish()
    }
}

/// Which value of which field stands in which column.
#[derive(Debug)]
struct Columns(Vec<(Field, usize, usize)>);

impl Columns {
    /// The columns of a row of headings. `None` when it names no code or no long description, or one thing twice.
    fn of(row: &[String]) -> Option<Self> {
        let named = row.iter().enumerate().filter_map(|(column, heading)| {
            let (field, at) = named(heading)?;
            Some((field, at, column))
        });
        let mut columns: Vec<(Field, usize, usize)> = Vec::new();
        for (field, at, column) in named {
            if columns.iter().any(|known| (known.0, known.1) == (field, at)) {
                return None;
            }
            columns.push((field, at, column));
        }
        let columns = Self(columns);
        (columns.has(Field::Code) && columns.has(Field::Long)).then_some(columns)
    }

    fn has(&self, field: Field) -> bool {
        self.0.iter().any(|known| known.0 == field)
    }

    fn value<'c>(&self, cells: &'c [String], field: Field, at: usize) -> &'c str {
        let known = self.0.iter().find(|known| (known.0, known.1) == (field, at));
        known.and_then(|known| cells.get(known.2)).map_or("", String::as_str)
    }
}

/// The field that a heading names, and which of its values from 0: `PRICE2` is the second price.
fn named(heading: &str) -> Option<(Field, usize)> {
    let heading = super::csv_rows::heading(heading);
    LAYOUT.iter().find_map(|layout| {
        layout.headings.iter().find_map(|known| {
            let at = match heading.strip_prefix(known)? {
                "" => 1,
                number if layout.times > 1 => number.parse().ok()?,
                _ => return None,
            };
            (1..=layout.times).contains(&at).then(|| (layout.field, at - 1))
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TABLE: &[u8] = include_bytes!("../../tests/releases/mini/hcpcs.csv");

    fn read(text: &str) -> Result<HcpcsFile, ImportError> {
        read_csv(text.as_bytes(), "hcpcs.csv")
    }

    #[test]
    fn reads_codes_modifiers_and_continuations() {
        let file = read_csv(TABLE, "hcpcs.csv").unwrap();
        assert!(!format!("{file:?}").contains("wording"), "a licensed row was kept");
        let shown: Vec<_> =
            file.records.iter().map(|r| format!("{}: {} / {}", r.code, r.long, r.short)).collect();
        assert_eq!(
            shown,
            [
                "XM: Invented modifier / Inv mod",
                "A0001: Invented thing, each, which has a long description that goes on in a second row / Inv thing",
                "J0002: Invented substance, 1 mg / Inv subst, 1 mg",
            ]
        );
        assert!(file.records[0].is_modifier && !file.tells_terminations);
        assert_eq!(file.dropped, 2);
    }

    #[test]
    fn finds_the_columns_by_their_headings() {
        let rows = "Disclaimer,,\nACTION CD,XREF2,XREF1,TERM DT,PRICE2,LONG DESCRIPTION,HCPC,COV\n\
            D,J0002,J0001,20181231,51,Invented,   C0001,I\n,,,,,,,\n";
        let file = read(rows).unwrap();
        let record = &file.records[0];
        assert!(file.tells_terminations);
        assert_eq!((record.action, record.coverage), (Some('D'), Some('I')));
        assert_eq!(record.pricing, ["51"]);
        assert_eq!(record.terminated, Some(jiff::civil::date(2018, 12, 31)));
        let refers: Vec<_> = record.cross_references.iter().map(ToString::to_string).collect();
        assert_eq!(refers, ["J0001", "J0002"]);
    }

    #[test]
    fn recognises_its_headings_and_nothing_else() {
        assert!(recognises(&String::from_utf8_lossy(TABLE)));
        assert!(recognises("Notice\nHCPC\tSEQNUM\tRECID\tLONG DESCRIPTION\n"));
        for other in [
            "HCPCS/MOD,TYPE OF CHANGE,SHORT DESCRIPTION,LONG DESCRIPTION\n",
            "HCPCS Code,Short Descriptor,SI,APC\n",
            "code,short_descriptor,status_indicator,source_quarter\n",
            "ICD10,LONG DESCRIPTION\n",
            "E119    Type 2 diabetes mellitus without complications\n",
            "",
        ] {
            assert!(!recognises(other), "{other}");
        }
    }

    #[test]
    fn names_the_line_and_never_the_words() {
        let header = "hcpcs,seqnum,recid,long_description,short_description,term_dt\n";
        for (rows, line, problem) in [
            ("A0001,0010,3,secret,,\nA0001,0010,3,secret,,", 3, "stands twice"),
            ("A0001,0010,3,secret,,\nA0002,0020,4,secret,,", 3, "first line"),
            ("A0001,0020,4,secret,,", 2, "first line"),
            ("A0001,0010,3,secret,,\nA0001,0010,4,secret,,", 3, "sequence"),
            ("A0001,0010,3,secret,,20190231", 2, "termination"),
            ("A0001,0010,3,secret,,2019", 2, "termination"),
            ("A0001,0010,7,secret,,", 2, "does not fit"),
            ("A0001,0010,5,secret,,", 2, "identification"),
            ("A0001,ten,3,secret,,", 2, "sequence number"),
            ("A0001,0010,3,,secret,", 2, "empty"),
            ("secret,0010,3,secret,,", 2, "no HCPCS"),
            ("Z0001,0010,3,secret,,", 2, "no HCPCS"),
        ] {
            let error = read(&format!("{header}{rows}\n")).unwrap_err();
            assert_eq!(error.place, Place::Line(line), "{rows}: {error}");
            assert!(error.problem.contains(problem), "{rows}: {error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        assert_eq!(read(header).unwrap_err().place, Place::File);
        assert_eq!(read("code;title\n").unwrap_err().place, Place::File);
    }

    proptest! {
        #[test]
        fn never_panics_and_never_keeps_other_codes(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            rows in prop::collection::vec("[0-9A-Z]{2,5},0010,[0-9]?,[a-z]{0,9}", 0..6),
        ) {
            let _ = read_csv(&bytes, "hcpcs.csv");
            recognises(&String::from_utf8_lossy(&bytes));
            if let Ok(file) = read(&format!("hcpcs,seqnum,recid,long description\n{}", rows.join("\n"))) {
                for record in file.records {
                    prop_assert!(!record.code.text().starts_with(|c: char| c.is_ascii_digit()) || record.is_modifier);
                    prop_assert!(!record.code.text().starts_with('D') || record.is_modifier);
                }
            }
        }
    }
}
