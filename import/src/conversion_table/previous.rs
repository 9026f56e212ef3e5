//! What a cell of the conversion table says was coded before: a strict form of the grammar of notes' references, in
//! which every word must be understood.
//!
//! `;` separates alternatives. Codes joined by "and" or `&` were coded together, and so are those before it in the
//! same list ("H02.201, H02.202 and H02.204"); without such a word the commas of a list separate alternatives.

use medcode_codes::{code::CodeKey, system::icd10cm};

/// What was coded before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Previous {
    /// One code. It may be a header.
    Code(CodeKey),
    /// From the first code to everything below the last. Between complete codes with a 7th character: those with the
    /// same one.
    Range(CodeKey, CodeKey),
    /// Everything below a code that is no complete one.
    Category(CodeKey),
    /// Codes that were needed together.
    Combination(Vec<Previous>),
}

impl Previous {
    /// Appends the codes that are meant, out of the sorted codes of a release. Ranges run in text order; in a table a
    /// range never crosses a category that stands elsewhere in document order, such as C4A.
    pub(super) fn codes(&self, all: &[CodeKey], found: &mut Vec<CodeKey>) {
        match self {
            Self::Code(code) => {
                let below = between(all, *code, *code);
                let is_header = !below.is_empty() && below.first() != Some(code);
                if is_header {
                    found.extend_from_slice(below);
                } else {
                    found.push(*code);
                }
            }
            Self::Category(code) => found.extend_from_slice(between(all, *code, *code)),
            Self::Range(first, last) => {
                let seventh = first.character(6);
                let of_range = between(all, *first, *last).iter();
                found.extend(
                    of_range.filter(|key| seventh.is_none() || key.character(6) == seventh),
                );
            }
            Self::Combination(parts) => parts.iter().for_each(|part| part.codes(all, found)),
        }
    }
}

/// The codes from `first` to everything below `last`.
fn between(all: &[CodeKey], first: CodeKey, last: CodeKey) -> &[CodeKey] {
    let start = all.partition_point(|key| *key < first);
    let end = all.partition_point(|key| *key <= last.last_below());
    all.get(start..end).unwrap_or_default()
}

/// Reads a cell. `None` when a part of it is not understood; nothing in the vector for `None` in the cell.
pub(super) fn parse(text: &str) -> Option<Vec<Previous>> {
    if text.trim().eq_ignore_ascii_case("none") {
        return Some(Vec::new());
    }
    let mut alternatives = Vec::new();
    for part in text.split(';') {
        alternatives.extend(list(part)?);
    }
    Some(alternatives)
}

fn list(text: &str) -> Option<Vec<Previous>> {
    let spaced = text.replace('&', " and ").replace(',', " , ");
    let mut members: Vec<Vec<&str>> = Vec::new();
    let mut words = Vec::new();
    let mut joined = false;
    for word in spaced.split_whitespace() {
        let is_and = word.eq_ignore_ascii_case("and");
        joined |= is_and;
        // A comma before "and" separates nothing by itself.
        let behind_comma = is_and && words.is_empty() && !members.is_empty();
        if !is_and && word != "," {
            words.push(word);
        } else if !behind_comma {
            members.push(std::mem::take(&mut words));
        }
    }
    members.push(words);
    let members: Option<Vec<_>> = members.iter().map(|words| member(words)).collect();
    members.map(|members| if joined { vec![Previous::Combination(members)] } else { members })
}

/// Words that introduce codes: "Codes in Categories T15-T19", "a code from R11-".
const INTRODUCTIONS: [&str; 10] = [
    "a",
    "any",
    "code",
    "codes",
    "in",
    "from",
    "category",
    "categories",
    "subcategory",
    "subcategories",
];

fn member(words: &[&str]) -> Option<Previous> {
    let known = |word: &&&str| INTRODUCTIONS.iter().any(|known| known.eq_ignore_ascii_case(word));
    let introduction = words.iter().take_while(known).count();
    let codes = words.get(introduction..)?.concat();
    if let Some(stem) = codes.strip_suffix('-') {
        return Some(Previous::Category(code(stem.strip_suffix('.').unwrap_or(stem))?));
    }
    match codes.split_once('-') {
        Some((first, last)) => {
            let (first, last) = (code(first)?, code(last)?);
            // Two rows of 2021 lead from one encounter to another: a misprint.
            let is_range = first < last && first.character(6) == last.character(6);
            is_range.then_some(Previous::Range(first, last))
        }
        None if introduction > 0 => Some(Previous::Category(code(&codes)?)),
        None => Some(Previous::Code(code(&codes)?)),
    }
}

/// A code, with its point or without.
pub(super) fn code(text: &str) -> Option<CodeKey> {
    let undotted = match text.split_once('.') {
        Some((category, rest)) if category.len() == icd10cm::POINT_AFTER && !rest.is_empty() => {
            format!("{category}{rest}")
        }
        Some(_) => return None,
        None => text.to_owned(),
    };
    CodeKey::new(&undotted).filter(|key| icd10cm::has_prose_shape(&key.text()))
}
