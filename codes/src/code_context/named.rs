//! Codes with their titles and terms.

use crate::{
    lazy::Lazy,
    tabular::{NodeId, TabularList},
    texts::Texts,
};

/// A code with its title.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// The code as its system writes it.
    pub code: &'a str,
    /// The official title.
    pub title: &'a str,
    terms: Terms<'a>,
}

/// Where the terms of a code stand.
#[derive(Clone, Copy, Debug)]
enum Terms<'a> {
    /// At a node.
    Listed(&'a TabularList, NodeId),
    /// From a number to another.
    Told(&'a Texts, (u32, u32)),
}

impl<'a> Named<'a> {
    /// The terms that the tabular list includes in it: inclusion terms and "Includes" notes.
    pub fn terms(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (listed, told) = match self.terms {
            Terms::Listed(list, node) => (Some(super::terms(list, node)), None),
            Terms::Told(texts, (first, end)) => (None, Some(texts.range(first..end))),
        };
        listed.into_iter().flatten().chain(told.into_iter().flatten())
    }

    fn is(&self, other: &Named<'_>) -> bool {
        self.code == other.code && self.title == other.title && self.terms().eq(other.terms())
    }
}

/// The codes around a code, where they stand in a tabular list, of which nothing is copied, or as they were told.
#[derive(Clone, Debug)]
pub enum Around {
    /// In a list.
    Listed(Lazy<TabularList>, Nodes),
    /// What somebody else has read in a list.
    Told(NamedCodes),
}

/// Nodes around one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nodes {
    /// The nodes above it up to its category, nearest first.
    Above(NodeId),
    /// Other nodes without children of its category, nearest parent first, as many as are named.
    Beside(NodeId),
}

impl Around {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Named<'_>> {
        let (above, beside, told) = match self {
            Self::Listed(list, Nodes::Above(node)) => (Some((list, *node)), None, None),
            Self::Listed(list, Nodes::Beside(node)) => (None, Some((list, *node)), None),
            Self::Told(codes) => (None, None, Some(codes.iter())),
        };
        let above = above
            .into_iter()
            .flat_map(|(list, node)| super::above(list, node).map(move |node| named(list, node)));
        let beside = beside
            .into_iter()
            .flat_map(|(list, node)| super::beside(list, node).map(move |node| named(list, node)));
        above.chain(beside).chain(told.into_iter().flatten())
    }

    /// Bytes that they take.
    pub fn size(&self) -> usize {
        match self {
            Self::Listed(..) => 0,
            Self::Told(codes) => codes.size(),
        }
    }
}

impl Default for Around {
    fn default() -> Self {
        Self::Told(NamedCodes::default())
    }
}

impl From<NamedCodes> for Around {
    fn from(codes: NamedCodes) -> Self {
        Self::Told(codes)
    }
}

/// Who says it makes no difference.
impl PartialEq for Around {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Listed(list, nodes), Self::Listed(other, others)) if list.is(other) => {
                nodes == others
            }
            _ => {
                let mut others = other.iter();
                self.iter().all(|own| others.next().is_some_and(|other| own.is(&other)))
                    && others.next().is_none()
            }
        }
    }
}

impl Eq for Around {}

fn named(list: &TabularList, node: NodeId) -> Named<'_> {
    Named { code: list.name(node), title: list.title(node), terms: Terms::Listed(list, node) }
}

/// Several of them in one piece of memory, in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedCodes {
    /// Of each the code, the title and the terms.
    texts: Texts,
    /// Where each begins.
    firsts: Vec<u32>,
}

impl NamedCodes {
    /// Adds a code with its title and terms.
    pub fn push<'t>(&mut self, code: &str, title: &str, terms: impl IntoIterator<Item = &'t str>) {
        self.firsts.push(self.texts.push(code));
        self.texts.push(title);
        for term in terms {
            self.texts.push(term);
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Named<'_>> {
        self.firsts.iter().enumerate().map(|(index, first)| Named {
            code: self.texts.get(*first),
            title: self.texts.get(first.saturating_add(1)),
            terms: Terms::Told(&self.texts, (first.saturating_add(2), self.end(index))),
        })
    }

    /// Where one ends.
    fn end(&self, index: usize) -> u32 {
        self.firsts.get(index + 1).copied().unwrap_or_else(|| self.texts.count())
    }

    /// Bytes that they take.
    pub fn size(&self) -> usize {
        self.texts.size() + size_of_val(self.firsts.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{code::CodeKey, testing::sample};

    #[test]
    fn gives_back_what_was_added() {
        let mut codes = NamedCodes::default();
        assert_eq!(codes.iter().len(), 0);
        codes.push("E11", "Type 2 diabetes mellitus", ["diabetes NOS", "adult-onset diabetes"]);
        codes.push("E11.9", "Type 2 diabetes mellitus without complications", []);
        let all: Vec<_> =
            codes.iter().map(|it| (it.code, it.title.len(), it.terms().collect())).collect();
        let terms = vec!["diabetes NOS", "adult-onset diabetes"];
        assert_eq!(all, [("E11", 24, terms), ("E11.9", 46, vec![])]);
    }

    #[test]
    fn what_was_told_is_what_is_listed() {
        let list = &sample().editions()[0].list;
        let node = |code: &str| list.node(CodeKey::new(code).unwrap()).unwrap();
        let around = |nodes: Nodes| Around::Listed(list.clone(), nodes);
        for nodes in [Nodes::Above(node("E1165")), Nodes::Beside(node("E1165"))] {
            let listed = around(nodes);
            let mut codes = NamedCodes::default();
            listed.iter().for_each(|it| codes.push(it.code, it.title, it.terms()));
            assert!(codes.iter().len() > 1);
            assert_eq!(listed, Around::from(codes));
            assert_eq!(listed, listed.clone());
            assert_ne!(listed, around(Nodes::Above(node("I10"))));
            assert_ne!(listed, around(Nodes::Beside(node("I509"))));
            assert_ne!(listed, Around::default());
        }
    }
}
