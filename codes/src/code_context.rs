//! What rules about words need to know of a code: the titles around it. Public facts of a code set, never text of a note.

use crate::{
    code::Code,
    concept::Concept,
    date::Date,
    flag::Flags,
    system::CodeSystem,
    tabular::{Location, NodeId, NodeKind, TabularList},
    terminology::Terminology,
};

pub use crate::tabular::sides::Side;

/// At most this many siblings are named; a parent with more is no choice for a person either.
const MOST_SIBLINGS: usize = 60;

/// A code with its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The code as its system writes it.
    pub code: String,
    /// The official title.
    pub title: String,
    /// The terms that the tabular list includes in it: inclusion terms and "Includes" notes.
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
    /// Inclusion terms and "Includes" notes of the code's own node.
    pub terms: Vec<String>,
    /// The nodes above it up to its category, nearest first.
    pub ancestors: Vec<Named>,
    /// Other nodes without children of its category, nearest parent first, below each in document order; a few dozen at
    /// most.
    /// For a complete code with a 7th character these are stems.
    pub siblings: Vec<Named>,
    /// The other members of its group of sides.
    pub sides: Option<Sides>,
    /// The flags of the code editor on the date, by name.
    pub flags: Vec<String>,
    /// Titles that earlier installed releases give the code, each with the title of the newest release that has it,
    /// oldest first. Empty where one release is installed.
    pub former_titles: Vec<(String, String)>,
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
    /// By what else the code may be named: its terms, and the titles and terms of the nodes above it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let above = self.ancestors.iter();
        let above = above.flat_map(|it| std::iter::once(&it.title).chain(&it.terms));
        self.terms.iter().chain(above).map(String::as_str)
    }

    /// The surroundings of a code. For systems without a tabular list former titles only.
    pub fn of(concept: &Concept<'_>) -> Self {
        let former = concept.former_titles().into_iter();
        let former_titles = former.map(|(title, release)| (title, release.title.clone())).collect();
        let Some((edition, location)) = concept.place() else {
            return Self { former_titles, ..Self::default() };
        };
        let list = &edition.list;
        let ancestors: Vec<_> =
            std::iter::successors(list.parent(location.node), |node| list.parent(*node))
                .take_while(|node| list.kind(*node) == NodeKind::Code)
                .collect();
        let mut siblings = Vec::new();
        let below = ancestors.iter().flat_map(|parent| list.descendants(*parent));
        for leaf in below.filter(|node| list.is_leaf(*node) && *node != location.node) {
            if siblings.len() == MOST_SIBLINGS {
                break;
            }
            if !siblings.contains(&leaf) {
                siblings.push(leaf);
            }
        }
        Self {
            terms: terms(list, location.node),
            ancestors: ancestors.iter().map(|node| named(list, *node)).collect(),
            siblings: siblings.into_iter().map(|node| named(list, node)).collect(),
            sides: sides(concept.system(), list, location),
            flags: names(concept.flags()),
            former_titles,
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

/// The side of a code and its counterparts at the other sides.
fn sides(system: CodeSystem, list: &TabularList, location: Location) -> Option<Sides> {
    let own = list.side(location.node)?;
    let others = list.other_sides(location).filter_map(|(side, other)| {
        let code = Code::from_key(system, other.key)?.to_string();
        let terms = terms(list, other.node);
        Some((side, Named { code, title: list.full_title(other).into_owned(), terms }))
    });
    Some(Sides { own, others: others.collect() })
}

/// The context of a code as written, for whoever holds a terminology.
pub fn of_code(terminology: &Terminology, code: Code, date: Date) -> Option<CodeContext> {
    terminology.concept(code, date).map(|concept| CodeContext::of(&concept))
}

/// The codes with a title or term in one of the buckets, in the order of the buckets, then of the codes.
pub fn term_matches(terminology: &Terminology, buckets: &[u16], date: Date) -> Vec<TermMatch> {
    let edition = terminology.edition_on(date).filter(|_| !buckets.is_empty());
    let Some(list) = edition.map(|edition| &edition.list) else { return Vec::new() };
    buckets.iter().flat_map(|bucket| list.terms().names(list, *bucket)).collect()
}

fn terms(list: &TabularList, node: NodeId) -> Vec<String> {
    let notes = list.own_notes(node).filter(|note| note.kind.is_name());
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

    #[test]
    fn names_former_titles() {
        let of = |code: &str| {
            let code = Code::parse(CodeSystem::Icd10Cm, code).unwrap();
            of_code(sample(), code, TODAY).unwrap().former_titles
        };
        let titles = of("I26.93");
        let former = "Single subsegmental pulmonary embolism without acute cor pulmonale";
        assert_eq!(titles.len(), 1);
        assert_eq!(titles[0].0, former);
        assert!(titles[0].1.contains("2023-10-01"), "{titles:?}");
        assert!(of("I10").is_empty());
    }

    #[test]
    fn names_the_same_condition_at_the_other_sides() {
        let of = |code: &str| {
            let code = Code::parse(CodeSystem::Icd10Cm, code).unwrap();
            of_code(sample(), code, TODAY).unwrap().sides
        };
        let sides = of("S72.001A").unwrap();
        assert_eq!(sides.own, Side::Right);
        let others: Vec<_> =
            sides.others.iter().map(|(side, named)| (*side, named.code.as_str())).collect();
        assert_eq!(others, [(Side::Left, "S72.002A"), (Side::Unspecified, "S72.009A")]);
        assert!(sides.others[0].1.title.ends_with("initial encounter for closed fracture"));
        assert_eq!(of("E11.65"), None);
    }
}
