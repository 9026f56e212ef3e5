//! The files of CPT that a user has licensed from the American Medical Association. medcode ships none of their words:
//! they stay in the user's catalog, and **no error shows any of them**.
//!
//! Long descriptors: code, tab, descriptor. Medium and short ones: columns 1-5 code, 6 blank, 7 on the descriptor of
//! at most 48 or 28 characters. All begin with the copyright block, which ends at the last blank line. Descriptors for
//! consumers and clinicians: a header, then columns separated by tabs. The modifiers are prose: [`modifiers`].
//!
//! Source: the loaders that the AMA has published; no real file may be in the project.

use std::{borrow::Cow, collections::BTreeSet};

use medcode_codes::{code::CodeKey, system::cpt};

use super::{ImportError, Place, rows::CptRow, xml::squeeze};

mod modifiers;

/// Characters of the longest short and medium descriptor.
const SHORT_LENGTH: usize = 28;
const MEDIUM_LENGTH: usize = 48;

/// Which wording a file holds.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum CptText {
    /// `LONGULT`, `LONGUT`.
    Long,
    /// `MEDU`.
    Medium,
    /// `SHORTU`.
    Short,
    /// `ConsumerDescriptor`.
    Consumer,
    /// `ClinicianDescriptor`: several for a code.
    Clinician,
    /// `MODUL`.
    Modifier,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CptFile {
    /// Which wording it holds.
    pub kind: CptText,
    /// Codes or modifiers with their descriptors, in the order of the file.
    pub rows: Vec<CptRow>,
    /// The copyright line, to be shown with every descriptor. Empty where a file for consumers or clinicians has no
    /// copyright block: then that of the other files of the release.
    pub copyright: String,
}

/// How a file is laid out, and the number of lines before its first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    Tab(usize),
    Fixed(usize),
    /// The columns of the code and of the descriptor.
    Table(usize, CptText, usize, usize),
    Modifiers,
}

/// Whether the beginning of a file is that of a licensed file of CPT. A last line that is cut does not count.
pub fn recognises(head: &str) -> bool {
    let whole = head.rsplit_once('\n').map_or(head, |(whole, _)| whole);
    let lines: Vec<_> = lines(whole.trim_end()).collect();
    match layout(&lines) {
        None => false,
        Some(Layout::Table(..)) => true,
        Some(_) => copyright(&lines).is_some(),
    }
}

/// Reads a file. Text is UTF-8, or else windows-1252. `file` also decides between medium and short descriptors where
/// all are short.
///
/// # Errors
/// The layout is none of CPT's, the copyright block is missing, a line has another form, or a code stands twice.
pub fn read(bytes: &[u8], file: &str) -> Result<CptFile, ImportError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    let lines: Vec<_> = lines(text.trim_end()).collect();
    let refuse = |problem: &str| ImportError::new(file, Place::File, problem);
    let layout = layout(&lines).ok_or_else(|| refuse("this is no licensed file of CPT"))?;
    let copyright = copyright(&lines);
    if copyright.is_none() && !matches!(layout, Layout::Table(..)) {
        return Err(refuse(
            "the copyright block is missing; it must be shown with the descriptors",
        ));
    }
    let (kind, rows) = match layout {
        Layout::Modifiers => (CptText::Modifier, modifiers::read(&lines)),
        Layout::Tab(start) => (CptText::Long, rows(&lines, start, file, tab_row)?),
        Layout::Fixed(start) => {
            let rows = rows(&lines, start, file, fixed_row)?;
            (medium_or_short(&rows, file), rows)
        }
        Layout::Table(start, kind, code, descriptor) => {
            let row = |line: &str| table_row(line, code, descriptor);
            (kind, rows(&lines, start, file, row)?)
        }
    };
    if rows.is_empty() {
        return Err(refuse("the file has no rows"));
    }
    if !matches!(kind, CptText::Clinician | CptText::Modifier) {
        let mut seen = BTreeSet::new();
        if let Some(row) = rows.iter().find(|row| !seen.insert(row.code)) {
            return Err(refuse(&format!("{} stands twice", row.code)));
        }
    }
    Ok(CptFile { kind, rows, copyright: copyright.unwrap_or_default() })
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim_start_matches('\u{FEFF}')
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
}

fn layout(lines: &[&str]) -> Option<Layout> {
    if let Some(table) = lines.iter().enumerate().find_map(|(index, line)| table(index, line)) {
        return Some(table);
    }
    let last_blank = lines.iter().rposition(|line| line.trim().is_empty());
    let start = last_blank.map_or(0, |index| index + 1);
    let first = *lines.get(start)?;
    if tab_row(first).is_ok() {
        Some(Layout::Tab(start))
    } else if fixed_row(first).is_ok() {
        Some(Layout::Fixed(start))
    } else {
        modifiers::recognises(lines).then_some(Layout::Modifiers)
    }
}

/// The layout when `line` is the header of a table.
fn table(index: usize, line: &str) -> Option<Layout> {
    let plain = |name: &str| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    };
    let names: Vec<_> = line.split('\t').map(plain).collect();
    let column = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.as_str()));
    let code = column(&["cptcode"])?;
    let kinds: [(&[&str], CptText); 2] = [
        (&["consumerdescriptor", "consumerfriendlydescriptor"], CptText::Consumer),
        (&["cliniciandescriptor"], CptText::Clinician),
    ];
    let found = kinds.iter().find_map(|(names, kind)| Some((*kind, column(names)?)));
    found.map(|(kind, descriptor)| Layout::Table(index + 1, kind, code, descriptor))
}

/// The sentence of the copyright block that claims it, wrapped lines joined.
fn copyright(lines: &[&str]) -> Option<String> {
    const END: &str = "all rights reserved.";
    let paragraphs = lines.split(|line| line.trim().is_empty());
    let claims = paragraphs.map(|paragraph| squeeze(&paragraph.join(" ")));
    let mut claims = claims.filter(|text| {
        let text = text.to_ascii_lowercase();
        text.contains("copyright") && text.contains("american medical association")
    });
    let claim = claims.next()?;
    let end = claim.to_ascii_lowercase().find(END).map(|at| at + END.len());
    Some(end.and_then(|end| claim.get(..end)).unwrap_or(&claim).to_owned())
}

fn rows(
    lines: &[&str],
    start: usize,
    file: &str,
    row: impl Fn(&str) -> Result<CptRow, &'static str>,
) -> Result<Vec<CptRow>, ImportError> {
    let numbered = (1_u64..).zip(lines).skip(start).filter(|(_, line)| !line.trim().is_empty());
    let rows = numbered.map(|(number, line)| {
        row(line).map_err(|problem| ImportError::new(file, Place::Line(number), problem))
    });
    rows.collect()
}

fn code(text: &str) -> Result<CodeKey, &'static str> {
    let code = CodeKey::new(text).filter(|key| cpt::category(&key.text()).is_some());
    code.ok_or("no CPT code stands in its column")
}

fn descriptor(code: CodeKey, text: &str) -> Result<CptRow, &'static str> {
    let descriptor = squeeze(text);
    if !descriptor.chars().any(char::is_alphabetic) {
        return Err("the descriptor is missing");
    }
    Ok(CptRow { code, descriptor })
}

fn tab_row(line: &str) -> Result<CptRow, &'static str> {
    match line.split_once('\t') {
        Some((key, text)) if !text.trim_end().contains('\t') => descriptor(code(key.trim())?, text),
        _ => Err("the line has not the form 'code, tab, descriptor'"),
    }
}

fn fixed_row(line: &str) -> Result<CptRow, &'static str> {
    let (Some(key), Some(" "), Some(text)) = (line.get(..5), line.get(5..6), line.get(6..)) else {
        return Err("the line has not the form 'code, blank, descriptor'");
    };
    let row = descriptor(code(key)?, text)?;
    if text.contains('\t') || text.trim_end().chars().count() > MEDIUM_LENGTH {
        return Err("the descriptor has a tab or more than 48 characters");
    }
    Ok(row)
}

fn table_row(line: &str, code_at: usize, descriptor_at: usize) -> Result<CptRow, &'static str> {
    let fields: Vec<_> = line.split('\t').map(|field| field.trim().trim_matches('"')).collect();
    let (Some(key), Some(text)) = (fields.get(code_at), fields.get(descriptor_at)) else {
        return Err("the line has fewer columns than the header");
    };
    descriptor(code(key)?, text)
}

fn medium_or_short(rows: &[CptRow], file: &str) -> CptText {
    let is_long = rows.iter().any(|row| row.descriptor.chars().count() > SHORT_LENGTH);
    if is_long || file.to_ascii_uppercase().contains("MED") {
        CptText::Medium
    } else {
        CptText::Short
    }
}

#[cfg(test)]
mod tests;
