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

/// Which sets of a table a code may be in, by the letter that it begins with: most rows of a table are about others.
#[derive(Debug)]
pub(crate) struct ByLetter([u64; LETTERS]);

const LETTERS: usize = 26;

/// Sets of a table, by their places in it: at most 64.
#[derive(Debug)]
pub(crate) struct SetNumbers(u64);

impl ByLetter {
    /// The index of the sets of a table.
    pub(crate) fn of<const N: usize>(sets: [&CodeSet; N]) -> Self {
        const { assert!(N <= 64, "each set has a bit of a number") }
        let letters = sets.map(|set| set.items().letters);
        Self(std::array::from_fn(|letter| {
            let holding = letters.iter().enumerate().filter(|(_, all)| *all >> letter & 1 != 0);
            holding.fold(0, |numbers, (number, _)| numbers | 1 << number)
        }))
    }

    /// The sets that may hold a code; every set that does is among them.
    pub(crate) fn near(&self, key: CodeKey) -> SetNumbers {
        let [first, ..] = key.bytes();
        let numbers = self.0.get(usize::from(first.wrapping_sub(b'A')));
        SetNumbers(numbers.copied().unwrap_or(u64::MAX))
    }

    /// The sets that may hold one of some diagnoses.
    pub(crate) fn near_any(&self, diagnoses: &[ReportedDiagnosis<'_>]) -> SetNumbers {
        SetNumbers(diagnoses.iter().fold(0, |numbers, it| numbers | self.near(it.key).0))
    }
}

impl SetNumbers {
    /// Those that are among the others as well.
    pub(crate) fn among(self, others: &Self) -> Self {
        Self(self.0 & others.0)
    }
}

/// From the first one on. Numbers that no set has may be among them.
impl Iterator for SetNumbers {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let number = (self.0 != 0).then_some(self.0.trailing_zeros() as usize)?;
        self.0 &= self.0 - 1;
        Some(number)
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
    fn sets_are_found_by_letters() {
        static SETS: [CodeSet; 3] =
            [CodeSet::new("I10, Z51.-"), CodeSet::new("C00-D49"), CodeSet::new("V00-Y99")];
        let index = ByLetter::of(SETS.each_ref());
        let near = |code: &str| index.near(CodeKey::new(code).unwrap()).collect::<Vec<_>>();
        for code in ["I10", "Z5111", "C4A0", "D49", "E119", "V00", "W19XXXA", "Y99", "Z99", "U071"]
        {
            let key = CodeKey::new(code).unwrap();
            let holding = (0..SETS.len()).filter(|number| SETS[*number].holds(key, None));
            assert!(holding.into_iter().all(|number| near(code).contains(&number)), "{code}");
        }
        assert_eq!((near("I10"), near("D649"), near("E119")), (vec![0], vec![1], vec![]));
        assert_eq!(near("0DTJ4ZZ").into_iter().take(3).collect::<Vec<_>>(), [0, 1, 2]);
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
