//! ICD-10-PCS as axes: what each of the seven characters of a code says.
//!
//! The order files have headings and titles, not the tables. The labels of the body system and the operation come
//! from the headings. The labels of the other four axes are read off the titles: codes of one table that differ in
//! one character have titles that differ in the text of that character. A label is given only where every title of
//! the table with that character bears it out.

use serde::{Deserialize, Serialize};

use crate::code::CodeKey;

mod derive;
mod elsewhere;
mod heading;
mod region;
mod section;
mod span;
mod table;
mod words;

use derive::{Place, place};
use heading::byte;

/// The labels of all codes. Less than 1 MB for a release: labels are kept for each table and not for each code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PcsAxes {
    /// Sorted.
    codes: Vec<CodeKey>,
    /// Sorted by place. The number is that of a text.
    labels: Vec<(Place, u32)>,
    /// Where each text ends; it starts where the one before ends.
    ends: Vec<u32>,
    text: String,
}

/// One character of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis<'a> {
    /// The name of the axis: "Approach".
    pub name: &'static str,
    /// The character. `None` beyond the end of a code that is not complete.
    pub character: Option<char>,
    /// What the character says: "Open". `None` where it cannot be derived.
    pub label: Option<&'a str>,
}

/// A character that may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AxisValue<'a> {
    /// The character.
    pub character: char,
    /// What it says. `None` where it cannot be derived, or depends on a later character.
    pub label: Option<&'a str>,
    /// How many of the codes that were asked for go on with it.
    pub codes_below: usize,
}

impl PcsAxes {
    /// Derives the labels from headings (3 characters) and codes (7 characters) with their long titles, in any
    /// order. Keys of other lengths are left out. Without headings body systems have no labels, and operations only
    /// where all titles begin with theirs.
    pub fn build<'a>(
        tables: impl Iterator<Item = (CodeKey, &'a str)>,
        codes: impl Iterator<Item = (CodeKey, &'a str)>,
    ) -> Self {
        let (codes, derived) = derive::derive(tables, codes);
        let mut numbers = std::collections::HashMap::new();
        let mut axes = Self { codes, ..Self::default() };
        for (place, label) in derived {
            let number = *numbers.entry(label).or_insert_with_key(|label| {
                axes.text.push_str(label);
                axes.ends.push(u32::try_from(axes.text.len()).unwrap_or(u32::MAX));
                u32::try_from(axes.ends.len() - 1).unwrap_or(u32::MAX)
            });
            axes.labels.push((place, number));
        }
        axes
    }

    /// What each character of a code says. The code may be unknown or incomplete.
    pub fn of(&self, code: CodeKey) -> [Axis<'_>; 7] {
        let section = byte(code, 0).and_then(section::of);
        let names = section.map_or(section::UNKNOWN, |section| section.axes);
        std::array::from_fn(|index| Axis {
            name: names[index],
            character: code.character(index),
            label: self.label(code, index),
        })
    }

    /// The characters that may follow `prefix` (none: the sections) in codes for which `is_valid` holds, in order.
    pub fn next(
        &self,
        prefix: Option<CodeKey>,
        is_valid: impl Fn(CodeKey) -> bool,
    ) -> Vec<AxisValue<'_>> {
        let length = prefix.map_or(0, CodeKey::length);
        let mut values: Vec<AxisValue<'_>> = Vec::new();
        for code in self.below(prefix).iter().copied().filter(|code| is_valid(*code)) {
            let Some(character) = code.character(length) else { continue };
            match values.last_mut() {
                Some(value) if value.character == character => value.codes_below += 1,
                _ => {
                    let label = self.label(code.prefix(length + 1), length);
                    values.push(AxisValue { character, label, codes_below: 1 });
                }
            }
        }
        values
    }

    /// The codes, in order.
    pub fn codes(&self) -> &[CodeKey] {
        &self.codes
    }

    fn below(&self, prefix: Option<CodeKey>) -> &[CodeKey] {
        let Some(prefix) = prefix else { return &self.codes };
        let first = self.codes.partition_point(|code| *code < prefix);
        let end = self.codes.partition_point(|code| *code <= prefix.last_below());
        self.codes.get(first..end).unwrap_or_default()
    }

    fn label(&self, code: CodeKey, axis: usize) -> Option<&str> {
        let character = byte(code, axis)?;
        let first = byte(code, 0)?;
        if axis == 0 {
            return section::of(first).map(|section| section.name);
        }
        let second = byte(code, 1)?;
        if axis == 1 {
            return self.text(place([first, second, 0], axis, character, None));
        }
        let table = [first, second, byte(code, 2)?];
        self.text(place(table, axis, character, None)).or_else(|| {
            (3..7).filter(|other| *other != axis).find_map(|other| {
                self.text(place(table, axis, character, Some((other, byte(code, other)?))))
            })
        })
    }

    fn text(&self, place: Place) -> Option<&str> {
        let index = self.labels.binary_search_by_key(&place, |label| label.0).ok()?;
        let number = self.labels.get(index)?.1 as usize;
        let end = *self.ends.get(number)?;
        let start =
            number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start as usize..end as usize)
    }
}

#[cfg(test)]
mod tests;
