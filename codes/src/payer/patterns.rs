//! Codes of lines and ages, as payer files write them.

use crate::code::CodeKey;

/// Codes of CPT, HCPCS Level II or ICD-10-PCS: `27447`, `99213-99215`, `J17-`, in text order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePatterns {
    /// As written, for messages.
    pub written: String,
    items: Vec<Pattern>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pattern {
    One(CodeKey),
    Beginning(CodeKey),
    Range(CodeKey, CodeKey),
}

impl LinePatterns {
    /// Reads patterns.
    ///
    /// # Errors
    /// One of them is no code, range or beginning; holds it.
    pub fn parse(patterns: &[String]) -> Result<Self, String> {
        let items = patterns.iter().flat_map(|list| list.split(',')).map(|written| {
            let written = written.trim();
            pattern(&written.to_ascii_uppercase()).ok_or_else(|| written.to_owned())
        });
        Ok(Self { items: items.collect::<Result<_, _>>()?, written: patterns.join(", ") })
    }

    /// Whether a code is among them.
    pub fn contains(&self, key: CodeKey) -> bool {
        self.items.iter().any(|pattern| match *pattern {
            Pattern::One(code) => key == code,
            Pattern::Beginning(prefix) => key.starts_with(prefix),
            Pattern::Range(first, last) => {
                key.length() == first.length() && first <= key && key <= last
            }
        })
    }
}

fn pattern(written: &str) -> Option<Pattern> {
    if let Some(prefix) = written.strip_suffix(['-', '*']) {
        return CodeKey::new(prefix.trim_end_matches('.')).map(Pattern::Beginning);
    }
    match written.split_once('-') {
        Some((first, last)) => {
            let (first, last) = (CodeKey::new(first.trim())?, CodeKey::new(last.trim())?);
            (first.length() == last.length() && first <= last)
                .then_some(Pattern::Range(first, last))
        }
        None => CodeKey::new(written).map(Pattern::One),
    }
}

/// Ages in completed years: `65`, `0-17`, `65+`. Both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeRange {
    /// The lowest.
    pub first: u32,
    /// The highest; `None` = no end.
    pub last: Option<u32>,
}

impl AgeRange {
    /// Reads a range. `None` when it is none.
    pub fn parse(written: &str) -> Option<Self> {
        let written = written.trim();
        if let Some(first) = written.strip_suffix('+') {
            return Some(Self { first: first.trim().parse().ok()?, last: None });
        }
        let (first, last) = written.split_once('-').unwrap_or((written, written));
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (first <= last).then_some(Self { first, last: Some(last) })
    }

    /// Whether an age lies in it.
    pub fn contains(self, age: u32) -> bool {
        self.first <= age && self.last.is_none_or(|last| age <= last)
    }
}
