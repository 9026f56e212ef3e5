//! What importers deliver and the store keeps: plain rows, in the order of their files.

use medcode_codes::{
    code::CodeKey,
    code_table::Lifetime,
    date::{Date, Period},
    flag::Flags,
    tabular::{BuildError, NodeKind, NoteKind, TabularBuilder, TabularList},
};

/// A chapter, section or code of a tabular list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRow {
    /// Index of the node it stands in.
    pub parent: Option<u32>,
    /// What it is.
    pub kind: NodeKind,
    /// `chapter-04`, `E08-E13`, `E11.9`.
    pub name: String,
    /// The official title.
    pub title: String,
}

/// An instructional note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Index of the node it is written at.
    pub node: u32,
    /// What it tells.
    pub kind: NoteKind,
    /// Notes of one element share this number.
    pub container: u32,
    /// The text, white space squeezed.
    pub text: String,
}

/// A 7th character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeventhRow {
    /// Index of the node whose definition it belongs to.
    pub node: u32,
    /// The character.
    pub character: char,
    /// Its meaning.
    pub meaning: String,
}

/// A tabular list in document order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TabularRows {
    /// Every node; its index is its number.
    pub nodes: Vec<NodeRow>,
    /// Every note, by node.
    pub notes: Vec<NoteRow>,
    /// Every 7th character, by node. A character that a definition repeats stands here twice.
    pub seventh: Vec<SeventhRow>,
}

impl TabularRows {
    /// Builds the list that answers questions.
    ///
    /// # Errors
    /// The rows do not form a tabular list.
    pub fn to_list(&self) -> Result<TabularList, BuildError> {
        let mut assembler = TabularAssembler::default();
        let mut notes = self.notes.iter().peekable();
        let mut seventh = self.seventh.iter().peekable();
        for (number, node) in (0_u32..).zip(&self.nodes) {
            assembler.node(number, node.parent, node.kind, &node.name, &node.title)?;
            while let Some(note) = notes.next_if(|note| note.node == number) {
                assembler.builder.note(note.kind, note.container, &note.text)?;
            }
            while let Some(row) = seventh.next_if(|row| row.node == number) {
                assembler.builder.seventh_character(row.character, &row.meaning)?;
            }
        }
        if notes.next().is_some() || seventh.next().is_some() {
            return Err(BuildError::NothingOpen);
        }
        assembler.finish()
    }
}

/// Turns rows with parent numbers into a nested list.
#[derive(Debug, Default)]
pub(crate) struct TabularAssembler {
    /// Takes the notes and 7th characters of the newest node.
    pub(crate) builder: TabularBuilder,
    open: Vec<u32>,
}

impl TabularAssembler {
    /// Adds a node below `parent`, which must be the node before it or one that this one stands in.
    pub(crate) fn node(
        &mut self,
        number: u32,
        parent: Option<u32>,
        kind: NodeKind,
        name: &str,
        title: &str,
    ) -> Result<(), BuildError> {
        while self.open.last().copied() != parent {
            self.open.pop().ok_or(BuildError::NothingOpen)?;
            self.builder.close()?;
        }
        self.open.push(number);
        self.builder.open(kind, name, title)
    }

    /// Ends the list.
    pub(crate) fn finish(mut self) -> Result<TabularList, BuildError> {
        for _ in self.open {
            self.builder.close()?;
        }
        self.builder.finish()
    }
}

/// A code with its life and its flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// The code.
    pub code: CodeKey,
    /// How long it lives.
    pub lifetime: Lifetime,
    /// Its flags by period; periods without flags are left out.
    pub flags: Vec<(Period, Flags)>,
}

/// A title of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleRow {
    /// The code.
    pub code: CodeKey,
    /// The title as published.
    pub title: String,
}

/// A pair of a conversion table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConversionRow {
    /// What was coded before.
    pub from: CodeKey,
    /// What is coded since.
    pub to: CodeKey,
    /// First day of the new code.
    pub effective: Date,
}
