//! Builds a tabular list from its parts in document order, as an importer or a store delivers them.

use std::{fmt, sync::OnceLock};

use super::{NOWHERE, Node, NodeId, NodeKind, NoteKind, Span, TabularList, note::StoredNote};
use crate::code::CodeKey;

/// Collects nodes, notes and 7th characters in document order.
#[derive(Debug, Default)]
pub struct TabularBuilder {
    text: String,
    nodes: Vec<Node>,
    notes: Vec<StoredNote>,
    seventh: Vec<Vec<(char, Span)>>,
    open: Vec<NodeId>,
}

/// The parts do not form a tabular list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// A code node whose name is no code; holds the name.
    NotACode(String),
    /// The same code stands twice; holds the code.
    Duplicate(String),
    /// A part was given while no node was open, or a node was closed that was not open.
    NothingOpen,
    /// A node was still open at the end; holds its name.
    StillOpen(String),
    /// More text or nodes than a list can number.
    TooLarge,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotACode(name) => write!(f, "'{name}' is not an ICD-10-CM code"),
            Self::Duplicate(code) => write!(f, "code {code} stands twice"),
            Self::NothingOpen => f.write_str("a note or 7th character stands outside of any node"),
            Self::StillOpen(name) => write!(f, "'{name}' is not closed"),
            Self::TooLarge => f.write_str("the list is too large"),
        }
    }
}

impl std::error::Error for BuildError {}

impl TabularBuilder {
    /// Begins a node below the one that is open.
    ///
    /// # Errors
    /// The name of a code node is no code, or the list grows too large.
    pub fn open(&mut self, kind: NodeKind, name: &str, title: &str) -> Result<(), BuildError> {
        let key = match kind {
            NodeKind::Code => CodeKey::new(&name.replace('.', ""))
                .filter(|key| crate::system::icd10cm::has_shape(&key.text()))
                .ok_or_else(|| BuildError::NotACode(name.to_owned()))?,
            NodeKind::Chapter | NodeKind::Section => CodeKey::NONE,
        };
        let id = NodeId(count(self.nodes.len())?);
        let notes = count(self.notes.len())?;
        let name = self.keep(name)?.start;
        let title = self.keep(title)?;
        let parent = self.open.last().map_or(NOWHERE, |parent| parent.0);
        self.nodes.push(Node { kind, key, name, title, parent, end: id, notes, seventh: NOWHERE });
        self.open.push(id);
        Ok(())
    }

    /// Adds a note to the open node. All notes of a node come before the nodes below it.
    ///
    /// # Errors
    /// No node is open, a node below has begun already, or the list grows too large.
    pub fn note(&mut self, kind: NoteKind, container: u32, text: &str) -> Result<(), BuildError> {
        self.current()?;
        let text = self.keep(text)?;
        self.notes.push(StoredNote { kind, container, text });
        count(self.notes.len())?;
        Ok(())
    }

    /// Adds a 7th character to the definition written at the open node. A character that is there already is kept as
    /// it was.
    ///
    /// # Errors
    /// No node is open, a node below has begun already, or the list grows too large.
    pub fn seventh_character(&mut self, character: char, meaning: &str) -> Result<(), BuildError> {
        let id = self.current()?;
        let meaning = self.keep(meaning)?;
        let known = self.nodes[id.index()].seventh;
        let definition = if known == NOWHERE {
            let definition = count(self.seventh.len())?;
            self.seventh.push(Vec::new());
            self.nodes[id.index()].seventh = definition;
            definition
        } else {
            known
        };
        let characters = &mut self.seventh[definition as usize];
        if characters.iter().all(|(known, _)| *known != character) {
            characters.push((character, meaning));
        }
        Ok(())
    }

    /// Ends the open node.
    ///
    /// # Errors
    /// No node is open.
    pub fn close(&mut self) -> Result<(), BuildError> {
        let id = self.open.pop().ok_or(BuildError::NothingOpen)?;
        self.nodes[id.index()].end = NodeId(count(self.nodes.len())?);
        Ok(())
    }

    /// How many nodes are open.
    pub fn open_depth(&self) -> usize {
        self.open.len()
    }

    /// Ends the list.
    ///
    /// # Errors
    /// A node is still open, or a code stands twice.
    pub fn finish(self) -> Result<TabularList, BuildError> {
        let mut list = TabularList {
            text: self.text.into(),
            nodes: self.nodes,
            notes: self.notes,
            seventh: self.seventh,
            by_key: Vec::new(),
            umbrellas: Vec::new(),
            index: OnceLock::new(),
            marks: OnceLock::new(),
            exclusions: OnceLock::new(),
            ends_with_death: OnceLock::new(),
            targets: OnceLock::new(),
            sides: OnceLock::new(),
            instructions: OnceLock::new(),
            terms: OnceLock::new(),
        };
        if let Some(id) = self.open.last() {
            return Err(BuildError::StillOpen(list.name(*id).to_owned()));
        }
        let mut codes: Vec<_> = list.ids().filter(|id| list.key(*id).is_some()).collect();
        codes.sort_unstable_by_key(|id| (list.key(*id), *id));
        if let Some(pair) = codes.windows(2).find(|pair| list.key(pair[0]) == list.key(pair[1])) {
            return Err(BuildError::Duplicate(list.name(pair[0]).to_owned()));
        }
        list.by_key = codes;
        list.umbrellas = list
            .ids()
            .filter(|id| list.kind(*id) == NodeKind::Section && list.is_leaf(*id))
            .filter_map(|id| umbrella(&list, id))
            .collect();
        // The narrowest first, so that a lineage goes from near to far.
        list.umbrellas.sort_by_key(|(_, first, end)| end.0 - first.0);
        Ok(list)
    }

    /// The open node, while nothing has begun below it: parts of a node are kept in one piece.
    fn current(&self) -> Result<NodeId, BuildError> {
        let id = *self.open.last().ok_or(BuildError::NothingOpen)?;
        if id.index() + 1 == self.nodes.len() { Ok(id) } else { Err(BuildError::NothingOpen) }
    }

    fn keep(&mut self, text: &str) -> Result<Span, BuildError> {
        let start = count(self.text.len())?;
        self.text.push_str(text);
        Ok(Span { start, end: count(self.text.len())? })
    }
}

fn count(length: usize) -> Result<u32, BuildError> {
    u32::try_from(length).map_err(|_| BuildError::TooLarge)
}

/// The interval that an empty section spans by its name. An end that is no category is clamped to the nearest inside.
///
/// Twelve sections are empty and span others (V00-V99, T20-T32 …); nesting puts nothing below them.
fn umbrella(list: &TabularList, id: NodeId) -> Option<(NodeId, NodeId, NodeId)> {
    let (first, last) = list.name(id).split_once('-')?;
    let (first, last) = (CodeKey::new(first)?, CodeKey::new(last)?);
    let by_key = || list.by_key.iter().filter_map(|id| Some((list.key(*id)?, *id)));
    let categories = || by_key().filter(|(key, _)| key.length() == 3);
    let first = categories().find(|(key, _)| *key >= first)?.1;
    let last = categories().rev().find(|(key, _)| *key <= last)?.1;
    (first <= last).then(|| (id, first, list.end(last)))
}
