//! What rules look for in the notes at a node and above it, found once for all nodes of a list, so that a diagnosis
//! without such notes costs a look at one byte.

use super::{NodeId, TabularList, sides::Side};

/// Something that the list says of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Mark {
    /// A code-first note at the node or above it.
    CodeFirst,
    /// A plain use-additional-code note at the node or above it.
    PlainAddition,
    /// The title of the node itself has the word "unspecified".
    Unspecified,
    /// Other nodes name the same condition at other sides.
    Sided,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 4] =
        [Self::CodeFirst, Self::PlainAddition, Self::Unspecified, Self::Sided];
}

/// A set of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    bits: u8,
    side: Option<Side>,
    category: u16,
}

impl Marks {
    fn insert(&mut self, mark: Mark) {
        self.bits |= 1 << mark as u8;
    }

    /// Whether the mark is in the set.
    pub fn contains(self, mark: Mark) -> bool {
        self.bits & (1 << mark as u8) != 0
    }

    /// The number of its category in document order.
    pub fn category(self) -> u16 {
        self.category
    }

    /// The side that the node names, where other nodes name the same condition at other sides.
    pub fn side(self) -> Option<Side> {
        self.side
    }
}

impl TabularList {
    /// What the list says of a node.
    pub fn marks(&self, id: NodeId) -> Marks {
        let all = self.marks.get_or_init(|| self.ids().map(|id| marks(self, id)).collect());
        all.get(id.index()).copied().unwrap_or_default()
    }
}

fn marks(list: &TabularList, id: NodeId) -> Marks {
    let mut marks = Marks::default();
    for node in list.lineage(id) {
        if list.code_first(node).is_some() {
            marks.insert(Mark::CodeFirst);
        }
        if list.plain_additions(node).next().is_some() {
            marks.insert(Mark::PlainAddition);
        }
    }
    if says_unspecified(list.title(id)) {
        marks.insert(Mark::Unspecified);
    }
    marks.category = list.category_number(id);
    marks.side = list.side(id);
    if marks.side.is_some() {
        marks.insert(Mark::Sided);
    }
    marks
}

/// Whether a title has the word "unspecified".
pub(crate) fn says_unspecified(title: &str) -> bool {
    let mut words = title.split(|sign: char| !sign.is_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case("unspecified"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{code::CodeKey, testing::sample};

    fn marks_of(code: &str) -> Marks {
        let list = &sample().editions()[0].list;
        list.marks(list.node(CodeKey::new(code).unwrap()).unwrap())
    }

    #[test]
    fn marks_come_from_the_node_and_from_above() {
        for (code, mark, expected) in [
            ("D631", Mark::CodeFirst, true),
            ("N184", Mark::CodeFirst, true),
            ("E119", Mark::CodeFirst, false),
            ("I130", Mark::PlainAddition, true),
            ("E119", Mark::PlainAddition, false),
            ("I509", Mark::Unspecified, true),
            ("E119", Mark::Unspecified, false),
            ("H2511", Mark::Sided, true),
            ("I10", Mark::Sided, false),
        ] {
            assert_eq!(marks_of(code).contains(mark), expected, "{code} {mark:?}");
        }
    }
}
