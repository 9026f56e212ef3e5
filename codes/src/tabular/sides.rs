//! Codes that name one condition at different sides of the body, found by their titles.
//!
//! The leaves below one parent whose titles differ in nothing but the words for a side form a group. Official titles
//! say "eye" and "bilateral eyes", "left ear" and "bilateral": plurals and a few nouns are left out of the comparison;
//! with them 827 groups have a code for both sides, without them 150 (April 2026).

use std::collections::BTreeMap;

use super::{Location, NodeId, NodeKind, TabularList};

/// A side that a title names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Right.
    Right,
    /// Left.
    Left,
    /// Both.
    Bilateral,
    /// Unspecified side.
    Unspecified,
}

impl Side {
    /// The word used in output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Left => "left",
            Self::Bilateral => "bilateral",
            Self::Unspecified => "unspecified",
        }
    }

    /// The side that output calls `id`.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Right, Self::Left, Self::Bilateral, Self::Unspecified]
            .into_iter()
            .find(|side| side.id() == id)
    }

    /// The side that a title names, whether or not other codes name the same at another side. In a title without any
    /// other word for a side, "unspecified" may be about anything.
    pub fn of_title(title: &str) -> Option<Self> {
        Title::read(title).side
    }
}

/// Words for a side, and nouns that some titles of a group have and others lack.
const LEFT_OUT: [&str; 10] = [
    "right",
    "left",
    "bilateral",
    "both",
    "unspecified",
    "eye",
    "ear",
    "side",
    "external",
    "orbit",
];

/// A title as the comparison sees it.
struct Title {
    side: Option<Side>,
    /// The words without those for a side, in the singular.
    rest: String,
}

impl Title {
    fn read(title: &str) -> Self {
        let lower = title.to_ascii_lowercase();
        let words: Vec<_> = lower
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let has = |word: &str| words.contains(&word);
        // "With both ulcer of calf and inflammation" is no side; "both eyes" is.
        let both_of = words.windows(2).any(|pair| pair[0] == "both" && pair[1].ends_with('s'));
        let side = match (has("right"), has("left")) {
            _ if has("bilateral") || both_of => Some(Side::Bilateral),
            (true, false) => Some(Side::Right),
            (false, true) => Some(Side::Left),
            _ if has("unspecified") => Some(Side::Unspecified),
            _ => None,
        };
        let rest: Vec<_> = words.iter().map(|word| singular(word)).collect();
        let rest = rest.iter().filter(|word| !LEFT_OUT.contains(&word.as_str()));
        Self { side, rest: rest.map(String::as_str).collect::<Vec<_>>().join(" ") }
    }
}

/// Near enough for a comparison: what it does to words that are no plurals it does in every title.
fn singular(word: &str) -> String {
    match (word.strip_suffix("ies"), word.strip_suffix('s')) {
        (Some(stem), _) if !stem.is_empty() => format!("{stem}y"),
        (_, Some(stem)) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// Every group that has a right and a left.
#[derive(Debug)]
pub(super) struct SideGroups {
    groups: Vec<Vec<(Side, NodeId)>>,
    /// The group of each member, sorted by node.
    members: Vec<(NodeId, usize)>,
}

impl SideGroups {
    fn build(list: &TabularList) -> Self {
        let mut groups: Vec<Vec<(Side, NodeId)>> = Vec::new();
        let parents = list.ids().filter(|id| list.kind(*id) == NodeKind::Code);
        for parent in parents.filter(|id| !list.is_leaf(*id)) {
            let mut below: BTreeMap<String, Vec<(Side, NodeId)>> = BTreeMap::new();
            for leaf in list.children(parent).filter(|id| list.is_leaf(*id)) {
                let title = Title::read(list.title(leaf));
                if let Some(side) = title.side {
                    below.entry(title.rest).or_default().push((side, leaf));
                }
            }
            groups.extend(below.into_values().filter(|group| {
                let has = |wanted: Side| group.iter().any(|(side, _)| *side == wanted);
                has(Side::Right) && has(Side::Left)
            }));
        }
        let numbered = groups.iter().enumerate();
        let mut members: Vec<_> = numbered
            .flat_map(|(number, group)| group.iter().map(move |(_, node)| (*node, number)))
            .collect();
        members.sort_unstable();
        Self { groups, members }
    }

    fn of(&self, node: NodeId) -> Option<&[(Side, NodeId)]> {
        let index = self.members.binary_search_by_key(&node, |(member, _)| *member).ok()?;
        self.groups.get(self.members.get(index)?.1).map(Vec::as_slice)
    }
}

impl TabularList {
    /// Every group of sides that has a right and a left, each member with its side, in document order.
    pub fn side_groups(&self) -> &[Vec<(Side, NodeId)>] {
        &self.sides.get_or_init(|| SideGroups::build(self)).groups
    }

    /// The group of sides that a leaf belongs to: leaves that name one condition at different sides, each with its
    /// side, in document order. `None` for leaves that belong to no group with a right and a left.
    pub fn side_group(&self, leaf: NodeId) -> Option<&[(Side, NodeId)]> {
        self.sides.get_or_init(|| SideGroups::build(self)).of(leaf)
    }

    /// The side of a leaf that belongs to a group.
    pub fn side(&self, leaf: NodeId) -> Option<Side> {
        let group = self.side_group(leaf)?;
        group.iter().find(|(_, node)| *node == leaf).map(|(side, _)| *side)
    }

    /// The codes of the same condition at the other sides, with the same 7th character.
    pub fn other_sides(&self, code: Location) -> impl Iterator<Item = (Side, Location)> + '_ {
        let group = self.side_group(code.node).unwrap_or_default();
        let others = group.iter().filter(move |(_, node)| *node != code.node);
        others.filter_map(move |(side, node)| {
            let key = match code.seventh {
                Some(character) => self.complete(*node, character)?,
                None => self.key(*node)?,
            };
            Some((*side, self.locate(key)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{code::CodeKey, testing::sample};

    fn list() -> &'static TabularList {
        &sample().editions()[0].list
    }

    fn others(code: &str) -> Vec<(Side, String)> {
        let at = list().locate(CodeKey::new(code).unwrap()).unwrap();
        list().other_sides(at).map(|(side, other)| (side, other.key.to_string())).collect()
    }

    #[test]
    fn plural_titles_and_nouns_belong_to_the_group() {
        use Side::{Bilateral, Left, Unspecified};
        assert_eq!(
            others("H2511"),
            [
                (Unspecified, "H2510".to_owned()),
                (Left, "H2512".to_owned()),
                (Bilateral, "H2513".to_owned())
            ]
        );
        assert_eq!(
            list().side(list().node(CodeKey::new("G5133").unwrap()).unwrap()),
            Some(Bilateral)
        );
    }

    #[test]
    fn counterparts_have_the_same_seventh_character() {
        let sides: Vec<_> = others("H401112").into_iter().map(|(_, code)| code).collect();
        assert_eq!(sides, ["H401122", "H401132", "H401192"]);
    }

    #[test]
    fn a_title_without_counterpart_is_in_no_group() {
        for code in ["M170", "I10", "E119"] {
            assert!(others(code).is_empty(), "{code}");
        }
        assert_eq!(
            Side::of_title("Bilateral primary osteoarthritis of knee"),
            Some(Side::Bilateral)
        );
        let calf =
            "Varicose veins of right lower extremity with both ulcer of calf and inflammation";
        assert_eq!(Side::of_title(calf), Some(Side::Right));
    }
}
