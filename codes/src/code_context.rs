//! What rules about words need to know of a code: the titles around it. Public facts of a code set, never text of a note.

use crate::{
    code::Code,
    concept::Concept,
    date::Date,
    flag::Flags,
    tabular::{NodeId, NodeKind, NoteKind, TabularList},
    terminology::Terminology,
};

/// At most this many siblings are named; a parent with more is no choice for a person either.
const MOST_SIBLINGS: usize = 60;

/// A code with its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The code as its system writes it.
    pub code: String,
    /// The official title.
    pub title: String,
    /// The terms that the tabular list includes in it.
    pub terms: Vec<String>,
}

/// A code with a title or term of a bucket.
///
/// A description of a text never leaves its process. What is asked for is the bucket that its words fall into, one of a
/// few thousand; the answer names every code with a title in that bucket, and the comparison of words takes place where
/// the text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermMatch {
    /// The bucket that was asked for.
    pub bucket: u16,
    /// The code as its system writes it.
    pub code: String,
    /// The title or inclusion term that falls into the bucket.
    pub term: String,
    /// The official title.
    pub title: String,
}

/// The surroundings of a code in its code set, on the date that it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeContext {
    /// Inclusion terms of the code's own node.
    pub terms: Vec<String>,
    /// The nodes above it up to its category, nearest first.
    pub ancestors: Vec<Named>,
    /// Other nodes without children below its parent and its parent's parent, in document order, nearest parent first.
    /// For a complete code with a 7th character these are stems.
    pub siblings: Vec<Named>,
    /// The other members of its group of sides.
    pub sides: Option<Sides>,
    /// The flags of the code editor on the date, by name.
    pub flags: Vec<String>,
}

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
}

/// The side of a code and the codes that name the same condition at the other sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// The side of the code itself.
    pub own: Side,
    /// The other members, with the same 7th character.
    pub others: Vec<(Side, Named)>,
}

impl CodeContext {
    /// The surroundings of a code. Empty for systems without a tabular list.
    pub fn of(concept: &Concept<'_>) -> Self {
        let Some((edition, location)) = concept.place() else { return Self::default() };
        let list = &edition.list;
        let ancestors: Vec<_> =
            std::iter::successors(list.parent(location.node), |node| list.parent(*node))
                .take_while(|node| list.kind(*node) == NodeKind::Code)
                .collect();
        let mut siblings = Vec::new();
        for parent in ancestors.iter().take(2) {
            for leaf in list.descendants(*parent).filter(|node| list.is_leaf(*node)) {
                if leaf != location.node
                    && !siblings.contains(&leaf)
                    && siblings.len() < MOST_SIBLINGS
                {
                    siblings.push(leaf);
                }
            }
        }
        Self {
            terms: terms(list, location.node),
            ancestors: ancestors.iter().map(|node| named(list, *node)).collect(),
            siblings: siblings.into_iter().map(|node| named(list, node)).collect(),
            sides: None,
            flags: names(concept.flags()),
        }
    }
}

/// A node with its title and inclusion terms.
pub fn named(list: &TabularList, node: NodeId) -> Named {
    Named {
        code: list.name(node).to_owned(),
        title: list.title(node).to_owned(),
        terms: terms(list, node),
    }
}

/// The context of a code as written, for whoever holds a terminology.
pub fn of_code(terminology: &Terminology, code: Code, date: Date) -> Option<CodeContext> {
    terminology.concept(code, date).map(|concept| CodeContext::of(&concept))
}

/// The codes with a title or term in one of the buckets, in the order of the buckets, then of the codes.
///
/// No index of terms is kept so far, so nothing is found: rules about descriptions then compare with what stands around a
/// code only.
pub fn term_matches(_terminology: &Terminology, _buckets: &[u16], _date: Date) -> Vec<TermMatch> {
    Vec::new()
}

fn terms(list: &TabularList, node: NodeId) -> Vec<String> {
    let notes = list.own_notes(node).filter(|note| note.kind == NoteKind::InclusionTerm);
    notes.map(|note| note.text.to_owned()).collect()
}

fn names(flags: Flags) -> Vec<String> {
    flags.names().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        system::CodeSystem,
        testing::{TODAY, sample},
    };

    #[test]
    fn names_what_stands_around_a_code() {
        let code = Code::parse(CodeSystem::Icd10Cm, "E11.65").unwrap();
        let context = of_code(sample(), code, TODAY).unwrap();
        let ancestors: Vec<_> = context.ancestors.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(ancestors, ["E11.6", "E11"]);
        assert!(context.siblings.iter().any(|it| it.code == "E11.9"));
        assert!(context.siblings.iter().all(|it| it.code != "E11.65"));
    }
}
