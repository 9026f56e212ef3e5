//! Codes with their titles and terms.

use crate::{
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
    texts: &'a Texts,
    /// The numbers of its terms.
    terms: (u32, u32),
}

impl<'a> Named<'a> {
    /// The terms that the tabular list includes in it: inclusion terms and "Includes" notes.
    pub fn terms(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.texts.range(self.terms.0..self.terms.1)
    }
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

    /// Nodes with their titles and inclusion terms.
    pub(super) fn of(list: &TabularList, nodes: &[NodeId]) -> Self {
        // Growing would cost more than counting first.
        let texts = || nodes.iter().map(|node| texts(list, *node));
        let (count, bytes) =
            texts().flatten().fold((0, 0), |(count, bytes), it| (count + 1, bytes + it.len()));
        let mut codes = Self {
            texts: Texts::with_capacity(count, bytes),
            firsts: Vec::with_capacity(nodes.len()),
        };
        for texts in texts() {
            codes.firsts.push(codes.texts.count());
            texts.for_each(|text| {
                codes.texts.push(text);
            });
        }
        codes
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Named<'_>> {
        self.firsts.iter().enumerate().map(|(index, first)| Named {
            code: self.texts.get(*first),
            title: self.texts.get(first.saturating_add(1)),
            texts: &self.texts,
            terms: (first.saturating_add(2), self.end(index)),
        })
    }

    /// Everything that is written in them, a line feed behind each text.
    pub fn written(&self) -> &str {
        self.texts.written()
    }

    /// Where one ends.
    fn end(&self, index: usize) -> u32 {
        self.firsts.get(index + 1).copied().unwrap_or_else(|| self.texts.count())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.firsts.is_empty()
    }

    /// Bytes that they take.
    pub fn size(&self) -> usize {
        self.texts.size() + size_of_val(self.firsts.as_slice())
    }
}

/// The name of a node, its title and its terms.
fn texts(list: &TabularList, node: NodeId) -> impl Iterator<Item = &str> {
    [list.name(node), list.title(node)].into_iter().chain(super::terms(list, node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_was_added() {
        let mut codes = NamedCodes::default();
        assert!(codes.is_empty());
        codes.push("E11", "Type 2 diabetes mellitus", ["diabetes NOS", "adult-onset diabetes"]);
        codes.push("E11.9", "Type 2 diabetes mellitus without complications", []);
        let all: Vec<_> =
            codes.iter().map(|it| (it.code, it.title.len(), it.terms().collect())).collect();
        let terms = vec!["diabetes NOS", "adult-onset diabetes"];
        assert_eq!(all, [("E11", 24, terms), ("E11.9", 46, vec![])]);
    }
}
