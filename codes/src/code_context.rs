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

mod named;
mod term_match;

pub use crate::tabular::sides::Side;
pub use named::{Around, Named, NamedCodes, Nodes};
pub use term_match::{TermMatch, TermMatches, term_matches};

/// At most this many siblings are named; a parent with more is no choice for a person either.
pub(crate) const MOST_SIBLINGS: usize = 60;

/// The surroundings of a code in its code set, on the date that it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeContext {
    /// Inclusion terms and "Includes" notes of the code's own node.
    pub terms: Vec<String>,
    /// The nodes above it up to its category, nearest first.
    pub ancestors: Around,
    /// Other nodes without children of its category, nearest parent first, below each in document order; a few dozen at
    /// most.
    /// For a complete code with a 7th character these are stems.
    pub siblings: Around,
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
    /// The sides of the other members.
    others: Vec<Side>,
    /// Their codes, with the same 7th character.
    codes: NamedCodes,
}

impl Sides {
    /// A code at this side, the other members yet to be added.
    pub fn new(own: Side) -> Self {
        Self { own, others: Vec::new(), codes: NamedCodes::default() }
    }

    /// Adds another member.
    pub fn push<'t>(
        &mut self,
        side: Side,
        code: &str,
        title: &str,
        terms: impl IntoIterator<Item = &'t str>,
    ) {
        self.others.push(side);
        self.codes.push(code, title, terms);
    }

    /// The other members, with the same 7th character.
    pub fn others(&self) -> impl Iterator<Item = (Side, Named<'_>)> {
        self.others.iter().copied().zip(self.codes.iter())
    }

    /// Bytes that they take.
    pub fn size(&self) -> usize {
        self.others.len() + self.codes.size()
    }
}

impl CodeContext {
    /// By what else the code may be named: its terms, and the titles and terms of the nodes above it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let above = self.ancestors.iter();
        let above = above.flat_map(|it| std::iter::once(it.title).chain(it.terms()));
        self.terms.iter().map(String::as_str).chain(above)
    }

    /// The surroundings of a code. For systems without a tabular list former titles only.
    pub fn of(concept: &Concept<'_>) -> Self {
        let former = concept.former_titles().into_iter();
        let former_titles = former.map(|(title, release)| (title, release.title.clone())).collect();
        let Some((edition, location)) = concept.place() else {
            return Self { former_titles, ..Self::default() };
        };
        let list = &edition.list;
        Self {
            terms: terms(list, location.node).map(str::to_owned).collect(),
            ancestors: Around::Listed(list.clone(), Nodes::Above(location.node)),
            siblings: Around::Listed(list.clone(), Nodes::Beside(location.node)),
            sides: sides(concept.system(), list, location),
            flags: names(concept.flags()),
            former_titles,
        }
    }
}

/// The nodes above one up to its category, nearest first.
fn above(list: &TabularList, node: NodeId) -> impl Iterator<Item = NodeId> {
    std::iter::successors(list.parent(node), |node| list.parent(*node))
        .take_while(|node| list.kind(*node) == NodeKind::Code)
}

/// Other nodes without children of its category, nearest parent first, as many as are named.
fn beside(list: &TabularList, node: NodeId) -> impl Iterator<Item = NodeId> {
    let mut known = node..NodeId(node.0 + 1);
    let below = above(list, node).flat_map(move |parent| {
        // What was named before is one interval: the node itself, then everything below the parent before.
        let before = std::mem::replace(&mut known, parent..list.end(parent));
        list.descendants(parent).filter(move |node| !before.contains(node))
    });
    below.filter(|node| list.is_leaf(*node)).take(MOST_SIBLINGS)
}

/// The side of a code and its counterparts at the other sides.
fn sides(system: CodeSystem, list: &TabularList, location: Location) -> Option<Sides> {
    let mut sides = Sides::new(list.side(location.node)?);
    for (side, other) in list.other_sides(location) {
        let Some(code) = Code::from_key(system, other.key) else { continue };
        sides.push(side, &code.text(), &list.full_title(other), terms(list, other.node));
    }
    Some(sides)
}

/// The context of a code as written, for whoever holds a terminology.
pub fn of_code(terminology: &Terminology, code: Code, date: Date) -> Option<CodeContext> {
    terminology.concept(code, date).map(|concept| CodeContext::of(&concept))
}

fn terms(list: &TabularList, node: NodeId) -> impl Iterator<Item = &str> {
    list.own_notes(node).filter(|note| note.kind.is_name()).map(|note| note.text)
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
        let ancestors: Vec<_> = context.ancestors.iter().map(|it| it.code).collect();
        assert_eq!(ancestors, ["E11.6", "E11"]);
        assert!(context.siblings.iter().any(|it| it.code == "E11.9"));
        assert!(context.siblings.iter().all(|it| it.code != "E11.65"));
    }

    #[test]
    fn a_code_with_one_title_has_no_former_one() {
        let terminology = sample();
        let (mut with_one, mut all) = (0, 0);
        for entry in terminology.table(CodeSystem::Icd10Cm).unwrap().iter() {
            let code = Code::from_key(CodeSystem::Icd10Cm, entry.key()).unwrap();
            let concept = terminology.concept(code, TODAY).unwrap();
            for _ in 0..2 {
                let has_one = terminology.has_one_title(entry);
                assert!(!has_one || concept.find_former_titles().is_empty(), "{code:?}");
                with_one += usize::from(has_one);
            }
            all += 2;
        }
        assert!(with_one > 0 && with_one < all, "{with_one} of {all}");
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
        let others: Vec<_> = sides.others().map(|(side, named)| (side, named.code)).collect();
        assert_eq!(others, [(Side::Left, "S72.002A"), (Side::Unspecified, "S72.009A")]);
        let (_, left) = sides.others().next().unwrap();
        assert!(left.title.ends_with("initial encounter for closed fracture"));
        assert_eq!(of("E11.65"), None);
    }
}
