//! The ICD-10-CM tabular list of one release: chapters, sections, codes and their instructional notes.
//!
//! Nodes lie in document order, so everything below a node is one interval of numbers, and a reference in a note
//! ("E08-E13") is one as well. Document order is not text order: C4A stands before C44, U07 after Z99.

use std::{borrow::Cow, ops::Range, sync::OnceLock};

use serde::{Deserialize, Serialize};

use crate::{code::CodeKey, key_index::KeyIndex, term_index::TermIndex};

mod builder;
mod exclusions;
mod instruction;
pub mod marks;
pub mod note;
pub mod reference;
pub mod sides;
pub mod target;
mod text;

pub use builder::{BuildError, TabularBuilder};
pub use exclusions::Links;
pub use instruction::Binding;
pub use marks::{Mark, Marks};
pub use note::{Note, NoteKind};
pub use target::Target;

/// Number of a node in document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The number, from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NodeKind {
    /// One of the 22 chapters, named `chapter-04`.
    Chapter,
    /// A block of categories, named by its range: `E08-E13`, and `B20-B20` where it holds one category.
    Section,
    /// A category, subcategory or code.
    Code,
}

/// A span of the text that a list keeps in one piece.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Span {
    start: u32,
    end: u32,
}

/// A chapter, section or code, in as few bytes as may be: a catalog holds 140,000.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Node {
    /// [`CodeKey::NONE`] for chapters and sections.
    key: CodeKey,
    /// Where the name begins in the text. The title follows it.
    name: u32,
    title: Span,
    /// [`NOWHERE`] for chapters.
    parent: u32,
    /// First node behind everything below this one.
    end: NodeId,
    /// The first of its notes, which end where those of the next node begin.
    notes: u32,
    /// The definition of 7th characters written at this very node, or [`NOWHERE`].
    seventh: u32,
    kind: NodeKind,
}

impl Node {
    /// Name and title, which are kept in one piece.
    fn named(&self) -> Span {
        Span { start: self.name, end: self.title.end }
    }
}

/// The number of what is not there.
const NOWHERE: u32 = u32::MAX;

/// One 7th character and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeventhCharacter<'a> {
    /// The character: a letter or digit.
    pub character: char,
    /// Its official meaning, such as "initial encounter".
    pub meaning: &'a str,
}

/// What a note refers to, once it was asked for.
type TargetsOfNote = OnceLock<Box<[Target]>>;

/// The tabular list of one release. Immutable.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct TabularList {
    text: text::Text,
    nodes: Vec<Node>,
    notes: Vec<note::StoredNote>,
    seventh: Vec<Vec<(char, Span)>>,
    /// The codes by their keys.
    by_key: Vec<NodeId>,
    /// Sections without nodes of their own that span others, with the interval they stand for.
    umbrellas: Vec<(NodeId, NodeId, NodeId)>,
    #[serde(skip)]
    index: OnceLock<KeyIndex>,
    #[serde(skip)]
    marks: OnceLock<Vec<Marks>>,
    #[serde(skip)]
    exclusions: OnceLock<Box<exclusions::Exclusions>>,
    #[serde(skip)]
    ends_with_death: OnceLock<bool>,
    #[serde(skip)]
    targets: OnceLock<Box<[TargetsOfNote]>>,
    #[serde(skip)]
    sides: OnceLock<sides::SideGroups>,
    #[serde(skip)]
    instructions: OnceLock<instruction::Instructions>,
    #[serde(skip)]
    terms: OnceLock<TermIndex>,
}

impl TabularList {
    /// The node of a code that stands in the list itself (7th characters are not nodes).
    pub fn node(&self, key: CodeKey) -> Option<NodeId> {
        let index = self.index.get_or_init(|| {
            let codes = self.ids().filter_map(|id| Some((id.0, self.key(id)?)));
            KeyIndex::of_some(self.by_key.len(), self.nodes.len(), codes)
        });
        let place = index.find(key, |place| Some(self.nodes.get(place)?.key))?;
        u32::try_from(place).ok().map(NodeId)
    }

    /// The chapter or section with this name: `chapter-04`, `E08-E13`.
    pub fn group(&self, name: &str) -> Option<NodeId> {
        self.ids().find(|id| {
            self.kind(*id) != NodeKind::Code && self.name(*id).eq_ignore_ascii_case(name)
        })
    }

    /// All nodes in document order.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// What the node is.
    pub fn kind(&self, id: NodeId) -> NodeKind {
        self.nodes[id.index()].kind
    }

    /// The key of a code node; `None` for chapters and sections.
    pub fn key(&self, id: NodeId) -> Option<CodeKey> {
        Some(self.nodes[id.index()].key).filter(|key| *key != CodeKey::NONE)
    }

    /// The name as published: `E11.9`, `E08-E13`, `chapter-04`.
    pub fn name(&self, id: NodeId) -> &str {
        let Node { name, title, .. } = self.nodes[id.index()];
        self.slice(Span { start: name, end: title.start })
    }

    /// The official title.
    pub fn title(&self, id: NodeId) -> &str {
        self.slice(self.nodes[id.index()].title)
    }

    /// Where the text of a node begins, for [`Self::touch`].
    pub(crate) fn text_at(&self, id: NodeId) -> u32 {
        self.nodes.get(id.index()).map_or(0, |node| node.title.start)
    }

    /// Something of the text at a place, so that it is fetched.
    pub(crate) fn touch(&self, at: u32) -> u8 {
        self.text.byte(at as usize)
    }

    /// The node this one is written in.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        Some(self.nodes[id.index()].parent).filter(|parent| *parent != NOWHERE).map(NodeId)
    }

    /// The nodes below this one, in document order, itself excluded.
    pub fn descendants(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (id.0 + 1..self.nodes[id.index()].end.0).map(NodeId)
    }

    /// First node behind everything below this one.
    pub(crate) fn end(&self, id: NodeId) -> NodeId {
        self.nodes[id.index()].end
    }

    /// The nodes directly below this one, in document order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.end(id);
        let mut next = NodeId(id.0 + 1);
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next = self.end(child);
            Some(child)
        })
    }

    /// The chapters.
    pub fn chapters(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.ids().filter(|id| self.kind(*id) == NodeKind::Chapter)
    }

    /// Whether nothing stands below the node.
    pub fn is_leaf(&self, id: NodeId) -> bool {
        self.end(id).0 == id.0 + 1
    }

    /// The node and everything it stands in, nearest first, up to the chapter. Umbrella sections that span the node
    /// by the range of their name stand between its own section and the chapter.
    pub fn lineage(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = Some(id);
        let mut umbrellas = self.umbrellas.iter();
        std::iter::from_fn(move || {
            let node = next?;
            if self.kind(node) == NodeKind::Chapter {
                let spans = |(section, first, end): &&(NodeId, NodeId, NodeId)| {
                    *section != id && *first <= id && id < *end
                };
                if let Some((section, _, _)) = umbrellas.find(spans) {
                    return Some(*section);
                }
            }
            next = self.parent(node);
            Some(node)
        })
    }

    /// How deep a node stands, for the precedence of notes: chapter 1, umbrella section 2, section 3, category 4, and
    /// one more for each level below.
    pub fn depth(&self, id: NodeId) -> u8 {
        match self.kind(id) {
            NodeKind::Chapter => 1,
            NodeKind::Section if self.umbrellas.iter().any(|(section, _, _)| *section == id) => 2,
            NodeKind::Section => 3,
            NodeKind::Code => self.parent(id).map_or(4, |parent| self.depth(parent).max(3) + 1),
        }
    }

    /// The 7th characters that apply to a node: those written at the nearest code node on the way up. `None` when
    /// the node takes none, also because its own name has seven characters.
    ///
    /// Source: guideline I.A.5; 24 nodes override the definition of their category.
    pub fn seventh_characters(&self, id: NodeId) -> Option<Vec<SeventhCharacter<'_>>> {
        let characters = self.definition(id)?.iter();
        Some(
            characters
                .map(|(character, span)| SeventhCharacter {
                    character: *character,
                    meaning: self.slice(*span),
                })
                .collect(),
        )
    }

    /// Whether 7th characters apply to a node.
    pub fn takes_seventh(&self, id: NodeId) -> bool {
        self.definition(id).is_some()
    }

    /// The 7th characters that are defined at this very node, for this node and those below it.
    pub fn own_seventh_characters(&self, id: NodeId) -> Vec<SeventhCharacter<'_>> {
        let own = self.nodes[id.index()].seventh;
        let characters = self.seventh.get(own as usize).into_iter().flatten();
        characters
            .map(|(character, span)| SeventhCharacter {
                character: *character,
                meaning: self.slice(*span),
            })
            .collect()
    }

    fn definition(&self, id: NodeId) -> Option<&[(char, Span)]> {
        if self.key(id)?.length() >= crate::code::MAX_LENGTH {
            return None;
        }
        let definition = std::iter::successors(Some(id), |node| self.parent(*node))
            .take_while(|node| self.kind(*node) == NodeKind::Code)
            .map(|node| self.nodes[node.index()].seventh)
            .find(|definition| *definition != NOWHERE)?;
        self.seventh.get(definition as usize).map(Vec::as_slice)
    }

    /// The complete code of a leaf with a 7th character, placeholders filled in, or `None` where the list forbids it.
    ///
    /// The only exception is written in prose at S06, since FY2018: where the sixth character is 7 or 8 (death due to
    /// the injury) there is no subsequent encounter and no sequela.
    pub fn complete(&self, leaf: NodeId, character: char) -> Option<CodeKey> {
        let code = self.key(leaf)?.completed_with(character)?;
        let death = code.begins_with("S06") && matches!(code.character(5), Some('7' | '8'));
        let ruled_out = death && matches!(character, 'D' | 'S') && self.ends_with_death();
        (!ruled_out).then_some(code)
    }

    /// Whether the list holds the note at S06 that rules out what comes after a death. That of FY2017 did not.
    fn ends_with_death(&self) -> bool {
        *self.ends_with_death.get_or_init(|| {
            let category = CodeKey::new("S06").and_then(|key| self.node(key));
            let mut notes = category.into_iter().flat_map(|node| self.own_notes(node));
            notes.any(|note| note.text.contains("7th characters D and S do not apply"))
        })
    }

    /// Every billable code of the release in document order, 7th characters expanded.
    pub fn billable_codes(&self) -> Vec<CodeKey> {
        let leaves = self.ids().filter(|id| self.kind(*id) == NodeKind::Code && self.is_leaf(*id));
        leaves.flat_map(|leaf| self.billable_forms(leaf)).collect()
    }

    /// The billable codes of one leaf: itself, or one for each 7th character.
    pub fn billable_forms(&self, leaf: NodeId) -> Vec<CodeKey> {
        match self.definition(leaf) {
            None => self.key(leaf).into_iter().collect(),
            Some(characters) => characters
                .iter()
                .filter_map(|(character, _)| self.complete(leaf, *character))
                .collect(),
        }
    }

    /// Finds where a complete code is at home: its own node, or the leaf whose 7th character it carries.
    pub fn locate(&self, key: CodeKey) -> Option<Location> {
        if let Some(node) = self.node(key) {
            return Some(Location { node, key, seventh: None });
        }
        let character = key.character(6)?;
        let mut stem = key.prefix(6);
        loop {
            if let Some(node) = self.node(stem) {
                let defined =
                    self.definition(node)?.iter().any(|(defined, _)| *defined == character);
                let known =
                    self.is_leaf(node) && defined && self.complete(node, character) == Some(key);
                return known.then_some(Location { node, key, seventh: Some(character) });
            }
            let length = stem.length();
            if length <= 3 || stem.character(length - 1) != Some('X') {
                return None;
            }
            stem = stem.prefix(length - 1);
        }
    }

    /// The official long title of a located code: the leaf's title, and the meaning of the 7th character behind a
    /// comma.
    pub fn full_title(&self, location: Location) -> Cow<'_, str> {
        let title = self.title(location.node);
        match self.meaning(location) {
            Some(meaning) => Cow::Owned([title, ", ", meaning].concat()),
            None => Cow::Borrowed(title),
        }
    }

    /// Whether that is the title.
    pub(crate) fn is_titled(&self, location: Location, wanted: &str) -> bool {
        let rest = wanted.strip_prefix(self.title(location.node));
        match self.meaning(location) {
            Some(meaning) => rest.and_then(|rest| rest.strip_prefix(", ")) == Some(meaning),
            None => rest == Some(""),
        }
    }

    /// What the 7th character of a located code means.
    fn meaning(&self, location: Location) -> Option<&str> {
        let character = location.seventh?;
        let mut all = self.definition(location.node)?.iter();
        all.find(|(defined, _)| *defined == character).map(|(_, span)| self.slice(*span))
    }

    /// The notes written at this very node, in order.
    pub fn own_notes(&self, id: NodeId) -> impl Iterator<Item = Note<'_>> {
        self.numbers_of_notes(id).filter_map(move |index| self.note(id, index))
    }

    fn numbers_of_notes(&self, id: NodeId) -> Range<u32> {
        let next = self.nodes.get(id.index() + 1).map(|next| next.notes);
        let end = next.unwrap_or_else(|| u32::try_from(self.notes.len()).unwrap_or(u32::MAX));
        self.nodes[id.index()].notes..end
    }

    fn note(&self, owner: NodeId, index: u32) -> Option<Note<'_>> {
        let stored = self.notes.get(index as usize)?;
        Some(Note {
            kind: stored.kind,
            text: self.slice(stored.text),
            owner,
            index,
            container: stored.container,
        })
    }

    /// What a note's references resolve to in this list. Empty for prose.
    pub fn targets(&self, note: &Note<'_>) -> &[Target] {
        // Each when it is first asked for: one encounter needs a dozen of many thousand.
        let all = self.targets.get_or_init(|| self.notes.iter().map(|_| OnceLock::new()).collect());
        let Some(targets) = all.get(note.index as usize) else { return &[] };
        targets.get_or_init(|| target::resolve(self, note.kind, note.text).into())
    }

    /// The names of its codes by bucket. The first caller waits for it to be built.
    pub fn terms(&self) -> &TermIndex {
        self.terms.get_or_init(|| TermIndex::of(self))
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span)
    }
}

/// Where a complete code is at home in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// The code's node, or the leaf it completes.
    pub node: NodeId,
    /// The complete code.
    pub key: CodeKey,
    /// The 7th character, when it comes from a definition and not from the node's own name.
    pub seventh: Option<char>,
}
