//! `MODUL`: the appendix of modifiers as prose in wrapped lines.
//!
//! A modifier begins a paragraph (two characters, a digit among them, a blank, its wording), or stands behind the
//! words "Physical Status Modifier" and before a colon; its descriptor is that paragraph. Behind the heading of Level
//! II every line begins a modifier, letters alone included. Other paragraphs are explanations and are passed over.
//! Modifiers that a second list repeats are kept once.

use std::collections::BTreeSet;

use medcode_codes::{code::CodeKey, system::modifier};

use crate::{rows::CptRow, xml::squeeze};

const PHYSICAL_STATUS: &str = "Physical Status Modifier ";
const LEVEL_TWO: &str = "Level II";

/// Whether the lines are those of the appendix: the heading, and a modifier.
pub(super) fn recognises(lines: &[&str]) -> bool {
    let heading = lines.iter().position(|line| line.trim() == "Modifiers");
    heading.is_some_and(|heading| !read(lines.get(heading..).unwrap_or_default()).is_empty())
}

/// Reads the modifiers.
pub(super) fn read(lines: &[&str]) -> Vec<CptRow> {
    let mut rows: Vec<CptRow> = Vec::new();
    let mut seen = BTreeSet::new();
    // The paragraph of a modifier that is open: lines are appended to its descriptor.
    let mut open = false;
    let mut begins_paragraph = true;
    let mut in_level_two = false;
    for line in lines.iter().map(|line| line.trim()) {
        if line.is_empty() {
            open = false;
            begins_paragraph = true;
            continue;
        }
        in_level_two |= begins_paragraph && line.starts_with(LEVEL_TWO);
        match begin(line, in_level_two).filter(|_| begins_paragraph || in_level_two) {
            Some((code, text)) => {
                open = seen.insert(code);
                if open {
                    rows.push(CptRow { code, descriptor: squeeze(text) });
                }
            }
            None => {
                if let Some(row) = rows.last_mut().filter(|_| open) {
                    row.descriptor.push(' ');
                    row.descriptor.push_str(&squeeze(line));
                }
            }
        }
        begins_paragraph = false;
    }
    rows
}

/// The modifier that a line begins, and its wording.
fn begin(line: &str, letters_alone: bool) -> Option<(CodeKey, &str)> {
    let (code, text) = match line.strip_prefix(PHYSICAL_STATUS) {
        Some(rest) => rest.split_once(':')?,
        None => line.split_once([' ', '\t'])?,
    };
    let has_digit = code.bytes().any(|byte| byte.is_ascii_digit());
    let is_modifier = modifier::has_shape(code) && (has_digit || letters_alone);
    let text = text.trim();
    let code = CodeKey::new(code).filter(|_| is_modifier && !text.is_empty())?;
    Some((code, text))
}
