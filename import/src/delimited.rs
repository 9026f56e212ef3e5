//! Text tables with a separator: their lines, each with the fields of the first.

use csv::{ReaderBuilder, StringRecord, Terminator, Trim};

use super::{ImportError, Place};

/// A header and the rows below it, each with the line it begins in.
pub(crate) struct Table {
    pub(crate) header: StringRecord,
    pub(crate) rows: Vec<(u64, StringRecord)>,
}

/// Reads a table, blanks around fields removed. Every row must have as many fields as the header. Lines may end in
/// CRLF or LF; a byte order mark is passed over.
pub(crate) fn read(bytes: &[u8], separator: u8, file: &str) -> Result<Table, ImportError> {
    let at = |line, problem| ImportError::new(file, Place::Line(line), problem);
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // With CR as an end too, the reader counts the lines of CRLF files one short. Trimming removes the CR.
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .terminator(Terminator::Any(b'\n'))
        .trim(Trim::All)
        .from_reader(bytes);
    let header = reader.headers().map_err(|_| at(1, "the header is not UTF-8"))?.clone();
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    loop {
        let line = reader.position().line();
        let more = reader.read_record(&mut record);
        let problem = "the line is not UTF-8 or has not the columns of the header";
        if !more.map_err(|_| at(line, problem))? {
            return Ok(Table { header, rows });
        }
        rows.push((record.position().map_or(line, csv::Position::line), record.clone()));
    }
}
