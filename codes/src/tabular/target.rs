//! What the references of a note mean in one list: intervals of nodes, narrowed by conditions.

use super::{
    Location, NodeId, NoteKind, TabularList,
    reference::{self, Item, Qualifier},
};
use crate::code::CodeKey;

/// How plainly a note names a code; decides how much a conflict weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// One code by itself.
    Single,
    /// A code with everything below it.
    Wildcard,
    /// A range of codes.
    Range,
}

/// Codes that a note refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// First node of the interval.
    pub first: NodeId,
    /// First node behind the interval.
    pub end: NodeId,
    /// Only codes that begin with this, where the reference is finer than any node.
    pub prefix: Option<CodeKey>,
    /// Only codes that fulfil this.
    pub qualifier: Option<Qualifier>,
    /// How the note names them.
    pub naming: Naming,
    /// The codes stand in the sentence itself, not in brackets.
    pub bare: bool,
    /// The first and, in a range, last code as written.
    pub written: (CodeKey, Option<CodeKey>),
}

impl Target {
    /// Whether a code is among those referred to.
    pub fn contains(&self, code: Location) -> bool {
        self.first <= code.node
            && code.node < self.end
            && self.prefix.is_none_or(|prefix| code.key.starts_with(prefix))
            && self.qualifier.as_ref().is_none_or(|qualifier| qualifier.accepts(code.key))
    }
}

/// Looks up what a note refers to. References to nothing are left out: the official text has a few.
pub(super) fn resolve(list: &TabularList, kind: NoteKind, text: &str) -> Vec<Target> {
    if !kind.has_references() {
        return Vec::new();
    }
    let references = reference::parse(text);
    let targets = references.iter().flat_map(|reference| {
        reference.items.iter().filter_map(|item| {
            let mut target = resolve_item(list, item)?;
            target.qualifier.clone_from(&reference.qualifier);
            target.bare = reference.bare;
            Some(target)
        })
    });
    targets.collect()
}

fn resolve_item(list: &TabularList, item: &Item) -> Option<Target> {
    let (naming, first, last) = match *item {
        Item::Single(key) => (Naming::Single, key, None),
        Item::Wildcard(key) => (Naming::Wildcard, key, None),
        Item::Range(first, last) => (Naming::Range, first, Some(last)),
    };
    let (begin, end, prefix) = match last {
        None => subtree(list, first)?,
        Some(last) => (begin_of(list, first)?, end_of(list, last)?, None),
    };
    (begin < end).then_some(Target {
        first: begin,
        end,
        prefix,
        qualifier: None,
        naming,
        bare: false,
        written: (first, last),
    })
}

/// The interval below a code. A code that is no node (`S06.0X-`) is the part of its nearest node with that prefix.
fn subtree(list: &TabularList, key: CodeKey) -> Option<(NodeId, NodeId, Option<CodeKey>)> {
    if let Some(node) = list.node(key) {
        return Some((node, list.end(node), None));
    }
    let node = (3..key.length()).rev().find_map(|length| list.node(key.prefix(length)))?;
    let below = std::iter::once(node).chain(list.descendants(node)).filter(|id| list.is_leaf(*id));
    let exists = below.flat_map(|leaf| list.billable_forms(leaf)).any(|code| code.starts_with(key));
    exists.then(|| (node, list.end(node), Some(key)))
}

/// The nodes from the first code to everything below the last, in document order. `None` when the list has nothing there.
pub(crate) fn interval(
    list: &TabularList,
    first: CodeKey,
    last: CodeKey,
) -> Option<(NodeId, NodeId)> {
    let (begin, end) = (begin_of(list, first)?, end_of(list, last)?);
    (begin < end).then_some((begin, end))
}

fn begin_of(list: &TabularList, key: CodeKey) -> Option<NodeId> {
    list.node(key).or_else(|| {
        let at = list.by_key.partition_point(|other| list.key(*other) < Some(key));
        list.by_key.get(at).copied()
    })
}

fn end_of(list: &TabularList, key: CodeKey) -> Option<NodeId> {
    let node = list.node(key).or_else(|| {
        let at = list.by_key.partition_point(|other| list.key(*other) <= Some(key.last_below()));
        at.checked_sub(1).map(|index| list.by_key[index])
    })?;
    Some(list.end(node))
}
