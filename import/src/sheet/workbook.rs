//! Rows of xlsx workbooks: what a table of text and numbers needs of Office Open XML, and nothing else.
//!
//! Sheets are read part by part as they are unpacked. Formulas, styles, hidden marks and phonetic readings are passed
//! over. Bytes are counted as they are really unpacked, so that what an archive declares of itself does not matter.
//!
//! Source: ECMA-376, part 1, chapter 18 (`SpreadsheetML`).

use std::{borrow::Cow, cell::Cell, io::Cursor};

use zip::ZipArchive;

use crate::{ImportError, Place};

use super::{RowBuffer, SheetRow};

mod part;

use part::{Part, attribute};

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
const STRINGS: &str = "xl/sharedStrings.xml";

/// Bytes that the parts of a workbook may unpack to: a quarter of the largest table of edits needs half of it.
const MOST_UNPACKED: u64 = 512 << 20;
/// Up to here nobody asks how well a workbook is packed.
const ALWAYS_UNPACKED: u64 = 16 << 20;
/// Sheets of official tables unpack to about ten times their size.
const MOST_RATIO: u64 = 200;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Whether an archive holds a workbook.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    Archive::new(Cursor::new(bytes)).is_ok_and(|archive| archive.index_for_name(WORKBOOK).is_some())
}

/// Calls `each` with every row of every sheet.
pub(super) fn for_each_row(
    bytes: &[u8],
    file: &str,
    each: &mut dyn FnMut(SheetRow<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let refuse = |problem: String| ImportError::new(file, Place::File, problem);
    let mut archive = Archive::new(Cursor::new(bytes))
        .map_err(|_| refuse("this is no workbook, or it is cut short".to_owned()))?;
    let by_ratio = MOST_RATIO.saturating_mul(bytes.len() as u64).max(ALWAYS_UNPACKED);
    let left = Cell::new(by_ratio.min(MOST_UNPACKED));
    let sheets = sheets(&mut archive, &left).map_err(refuse)?;
    let strings = shared_strings(&mut archive, &left).map_err(refuse)?;
    for (name, path) in &sheets {
        let part = Part::open(&mut archive, path, &left).and_then(|part| part.ok_or(missing(path)));
        let mut sheet = Sheet {
            part: part.map_err(refuse)?,
            strings: &strings,
            name,
            file,
            number: 0,
            row: RowBuffer::default(),
        };
        sheet.for_each_row(each)?;
    }
    Ok(())
}

fn missing(path: &str) -> String {
    format!("the workbook has no part {path}")
}

/// Name and path of every sheet, in the order of the workbook.
fn sheets(archive: &mut Archive<'_>, left: &Cell<u64>) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    let mut part = Part::open(archive, WORKBOOK, left)?.ok_or_else(|| missing(WORKBOOK))?;
    while let Some(element) = part.next_start()? {
        match element.local_name().as_ref() {
            "sheet" => found.push((attribute(&element, "name")?, attribute(&element, "id")?)),
            "workbookPr" if matches!(attribute(&element, "date1904")?.as_str(), "1" | "true") => {
                return Err(
                    "the workbook counts days from 1904: save it with days from 1900".into()
                );
            }
            _ => {}
        }
    }
    drop(part);
    let mut paths = std::collections::BTreeMap::new();
    let mut part = Part::open(archive, RELATIONS, left)?.ok_or_else(|| missing(RELATIONS))?;
    while let Some(element) = part.next_start()? {
        // Sheets of charts and dialogs have no rows.
        if attribute(&element, "Type")?.ends_with("/worksheet") {
            let target = attribute(&element, "Target")?;
            let path = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("xl/{target}"),
            };
            paths.insert(attribute(&element, "Id")?, path);
        }
    }
    let with_path = |(name, id): (String, String)| Some((name, paths.get(&id)?.clone()));
    Ok(found.into_iter().filter_map(with_path).collect())
}

/// Texts that cells refer to by number, in one piece of memory.
#[derive(Debug, Default)]
struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }
}

fn shared_strings(archive: &mut Archive<'_>, left: &Cell<u64>) -> Result<Strings, String> {
    let mut strings = Strings::default();
    // A workbook without any text has no such part.
    let Some(mut part) = Part::open(archive, STRINGS, left)? else { return Ok(strings) };
    let mut text = String::new();
    while let Some(element) = part.next_start()? {
        if element.local_name().as_ref() == "si" {
            text.clear();
            part.rich_text(&mut text)?;
            strings.text.push_str(&unescaped(&text));
            strings.ends.push(strings.text.len());
        }
    }
    Ok(strings)
}

/// The sheet that is being read.
struct Sheet<'a> {
    part: Part<'a>,
    strings: &'a Strings,
    name: &'a str,
    file: &'a str,
    /// The number of the row.
    number: u64,
    row: RowBuffer,
}

impl Sheet<'_> {
    fn refuse(&self, problem: impl Into<String>) -> ImportError {
        ImportError::new(self.file, Place::Line(self.number), problem)
    }

    fn for_each_row(
        &mut self,
        each: &mut dyn FnMut(SheetRow<'_>) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        while let Some(element) = self
            .part
            .next_start()
            .map_err(|problem| ImportError::new(self.file, Place::Line(self.number), problem))?
        {
            if element.local_name().as_ref() != "row" {
                continue;
            }
            let number = attribute(&element, "r");
            self.number = match number.map_err(|problem| self.refuse(problem))?.as_str() {
                "" => self.number.saturating_add(1),
                number => number
                    .parse()
                    .map_err(|_| self.refuse("a row behind this one has no number"))?,
            };
            self.row.start();
            self.cells().map_err(|problem| self.refuse(problem))?;
            let cells = self.row.cells();
            if !cells.is_empty() {
                each(SheetRow { sheet: self.name, line: self.number, cells })?;
            }
        }
        Ok(())
    }

    /// Reads the cells of a row up to its end.
    fn cells(&mut self) -> Result<(), String> {
        let mut column = 0;
        let mut written = String::new();
        while let Some(element) = self.part.child()? {
            if element.local_name().as_ref() != "c" {
                self.part.skip()?;
                continue;
            }
            let place = attribute(&element, "r")?;
            let kind = attribute(&element, "t")?;
            if !place.is_empty() {
                column = column_of(&place).ok_or("a cell has no place")?;
            }
            written.clear();
            self.part.value(&mut written)?;
            let text = shown(&kind, &written, self.strings)?;
            if !text.is_empty() {
                if let Some(problem) = RowBuffer::too_long(&text) {
                    return Err(problem.to_owned());
                }
                let cell = self.row.cell(column).ok_or("a cell stands beyond column 1,024")?;
                cell.push_str(&text);
            }
            column = column.saturating_add(1);
        }
        Ok(())
    }
}

/// What people see of a cell.
fn shown<'t>(kind: &str, written: &'t str, strings: &'t Strings) -> Result<Cow<'t, str>, String> {
    if written.is_empty() {
        return Ok(Cow::Borrowed(""));
    }
    match kind {
        "" | "n" => Ok(number(written.trim()).ok_or("a number is no number")?),
        "s" => {
            let string = written.trim().parse().ok().and_then(|number| strings.get(number));
            Ok(Cow::Borrowed(string.ok_or("a cell refers to a text that is not there")?))
        }
        "str" | "inlineStr" => Ok(unescaped(written)),
        "b" => Ok(Cow::Borrowed(if written.trim() == "0" { "FALSE" } else { "TRUE" })),
        "e" | "d" => Ok(Cow::Borrowed(written)),
        _ => Err("a cell is of an unknown kind".to_owned()),
    }
}

/// The column, from 0, of a place such as `AB12`.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_uppercase);
    let column =
        letters.take(4).fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    column.checked_sub(1)
}

/// A number as people see it: whole ones without a point, others with at most 15 digits.
fn number(written: &str) -> Option<Cow<'_, str>> {
    let digits = written.strip_prefix('-').unwrap_or(written);
    if (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Cow::Borrowed(written));
    }
    let value: f64 = written.parse().ok().filter(|value: &f64| value.is_finite())?;
    Some(match value.abs() {
        size if size >= 1e15 || (size > 0.0 && size < 1e-9) => Cow::Borrowed(written),
        _ => {
            let rounded: f64 = format!("{value:.14e}").parse().ok()?;
            Cow::Owned(rounded.to_string())
        }
    })
}

/// Resolves `_x000D_`, the way in which texts hold characters that XML cannot.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("_x") {
        plain.push_str(before);
        let digits = behind.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let character = digits
            .filter(|_| behind.get(4..5) == Some("_"))
            .and_then(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
        if let Some(character) = character {
            plain.push(character);
            rest = behind.get(5..).unwrap_or_default();
        } else {
            plain.push_str("_x");
            rest = behind;
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}
