//! Rows of comma- or tab-separated files as cells, for formats that are published as workbooks too.

use std::{borrow::Cow, io::Cursor};

use super::{ImportError, Place, hcpcs_lines::decoded};

/// Rows by which a table is recognised.
const FIRST_ROWS: usize = 30;

/// A file row by row.
#[derive(Debug)]
pub(crate) struct CsvRows<'b> {
    reader: csv::Reader<Cursor<Cow<'b, [u8]>>>,
    file: &'b str,
}

impl<'b> CsvRows<'b> {
    pub(crate) fn new(bytes: &'b [u8], file: &'b str) -> Self {
        let text: Cow<'b, [u8]> = match decoded(bytes) {
            Cow::Borrowed(text) => text.as_bytes().into(),
            Cow::Owned(text) => text.into_bytes().into(),
        };
        let delimiter = delimiter(&text);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Cursor::new(text));
        Self { reader, file }
    }

    /// The next row and its line; `None` at the end.
    pub(crate) fn next_row(&mut self) -> Result<Option<(u64, Vec<String>)>, ImportError> {
        let mut record = csv::StringRecord::new();
        let more = self.reader.read_record(&mut record);
        let line = record.position().map_or(self.reader.position().line(), csv::Position::line);
        let problem = "the line cannot be read";
        let more = more.map_err(|_| ImportError::new(self.file, Place::Line(line), problem))?;
        Ok(more.then(|| (line, record.iter().map(str::to_owned).collect())))
    }
}

/// The first rows of a file that begins like this.
pub(crate) fn first_rows(head: &str) -> Vec<Vec<String>> {
    let mut rows = CsvRows::new(head.as_bytes(), "");
    let rows = std::iter::from_fn(|| rows.next_row().ok().flatten().map(|(_, row)| row));
    rows.take(FIRST_ROWS).collect()
}

/// The letters and digits of a heading, in lower case: `HCPCS Code` and `hcpcs_code` are one.
pub(crate) fn heading(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// A tab when there are more tabs than commas in the first lines.
fn delimiter(text: &[u8]) -> u8 {
    let head = text.get(..4096).unwrap_or(text);
    let (mut tabs, mut commas) = (0, 0);
    for byte in head {
        tabs += usize::from(*byte == b'\t');
        commas += usize::from(*byte == b',');
    }
    if tabs > commas { b'\t' } else { b',' }
}
