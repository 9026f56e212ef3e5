//! Sets of ICD-10-CM codes as rules write them down: `"I10, I11.-, C00-D49"`, in the notation of the notes.

use std::sync::OnceLock;

use crate::{
    code::CodeKey,
    reported::ReportedDiagnosis,
    tabular::{
        Location, TabularList,
        reference::{self, Item},
        target,
    },
};

/// A set of codes that a rule names. A code stands for itself and everything below it, with or without a hyphen; a range
/// runs in the order of the tabular list, where C4A stands before C44 and U07 after Z99.
#[derive(Debug)]
pub struct CodeSet {
    written: &'static str,
    items: OnceLock<Items>,
}

#[derive(Debug)]
struct Items {
    /// Bit n: the nth letter begins a code of the set, or may.
    letters: u32,
    all: Vec<Item>,
}

impl CodeSet {
    /// The set that `written` names.
    pub const fn new(written: &'static str) -> Self {
        Self { written, items: OnceLock::new() }
    }

    /// The set as it was written, for messages.
    pub fn written(&self) -> &'static str {
        self.written
    }

    /// Whether a reported diagnosis is in the set.
    pub fn contains(&self, diagnosis: &ReportedDiagnosis<'_>) -> bool {
        self.holds(diagnosis.key, diagnosis.place)
    }

    /// Whether a code is in the set. Without a place in a tabular list ranges run in text order.
    pub fn holds(&self, key: CodeKey, place: Option<(&TabularList, Location)>) -> bool {
        let items = self.items();
        items.letters & letter(key) != 0 && items.all.iter().any(|item| contains(item, key, place))
    }

    /// The first and the last key that a code of each part of the set may have, by its first three characters.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (CodeKey, CodeKey)> {
        self.items().all.iter().map(|item| match *item {
            Item::Single(key) | Item::Wildcard(key) => (key.prefix(3), key.prefix(3).last_below()),
            // The list orders a few categories otherwise than text does (C4A before C44), all within two characters.
            Item::Range(first, last) => (first.prefix(2), last.prefix(2).last_below()),
        })
    }

    fn items(&self) -> &Items {
        self.items.get_or_init(|| {
            let all = items(self.written);
            let letters = all.iter().fold(0, |letters, item| letters | letters_of(item));
            Items { letters, all }
        })
    }
}

/// The bit of the letter that a key begins with; all bits for one that begins with none.
fn letter(key: CodeKey) -> u32 {
    match key.bytes() {
        [letter @ b'A'..=b'Z', ..] => 1 << (letter - b'A'),
        _ => u32::MAX,
    }
}

/// The letters between those that the ends of an item begin with.
fn letters_of(item: &Item) -> u32 {
    match *item {
        Item::Single(key) | Item::Wildcard(key) => letter(key),
        Item::Range(first, last) => {
            let up_to_last = letter(last).wrapping_shl(1).wrapping_sub(1);
            let below_first = letter(first).wrapping_sub(1);
            if letter(first).is_power_of_two() && letter(last).is_power_of_two() {
                up_to_last & !below_first
            } else {
                u32::MAX
            }
        }
    }
}

/// A set of codes from a file, such as a payer's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePatterns {
    items: Vec<Item>,
}

impl CodePatterns {
    /// Reads patterns. `None` when nothing in `written` is a code.
    pub fn parse(written: &str) -> Option<Self> {
        let items = items(written);
        (!items.is_empty()).then_some(Self { items })
    }

    /// Whether a code is among them. Without a place in a tabular list ranges run in text order.
    pub fn contains(&self, key: CodeKey, place: Option<(&TabularList, Location)>) -> bool {
        self.items.iter().any(|item| contains(item, key, place))
    }
}

fn items(written: &str) -> Vec<Item> {
    // The grammar of notes wants its codes in brackets.
    let references = reference::parse(&format!("({written})"));
    references.into_iter().flat_map(|reference| reference.items).collect()
}

fn contains(item: &Item, key: CodeKey, place: Option<(&TabularList, Location)>) -> bool {
    match *item {
        Item::Single(wanted) | Item::Wildcard(wanted) => key.starts_with(wanted),
        Item::Range(first, last) => {
            // Most codes lie outside of most ranges, and their first two characters say so: what the list orders
            // otherwise than text does shares them.
            if key.prefix(2) < first.prefix(2) || key.prefix(2) > last.prefix(2) {
                return false;
            }
            match place {
                Some((list, location)) => target::interval(list, first, last)
                    .is_some_and(|(begin, end)| begin <= location.node && location.node < end),
                None => first <= key && key <= last.last_below(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TODAY, sample};
    use crate::{code::Code, system::CodeSystem};

    fn contains(written: &'static str, code: &str) -> bool {
        let code = Code::parse(CodeSystem::Icd10Cm, code).unwrap();
        let place = sample().concept(code, TODAY).and_then(|concept| concept.place());
        let place = place.map(|(edition, location)| (&*edition.list, location));
        CodePatterns::parse(written).unwrap().contains(code.key(), place)
    }

    #[test]
    fn names_codes_and_what_is_below() {
        assert!(contains("I10, I11.-", "I11.0"));
        assert!(contains("E11", "E11.65"));
        assert!(!contains("E11.6-", "E11.9"));
        assert!(contains("Z51.0, Z51.11", "Z51.11"));
        assert!(!contains("Z51.0, Z51.11", "Z51.12"));
    }

    #[test]
    fn ranges_run_in_the_order_of_the_list() {
        assert!(contains("C00-D49", "C50.911"));
        assert!(contains("I10-I1A", "I11.0"));
        assert!(contains("M80.08XA, V00-Y99", "W19.XXXA"));
        assert!(!contains("V00-Y99", "U07.1"));
        assert!(!contains("C00-D49", "D64.9"));
        assert!(contains("O00-O9A", "O36.4XX0"));
    }
}
