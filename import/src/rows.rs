//! What importers deliver and the store keeps: plain rows, in the order of their files.

use medcode_codes::{
    code::CodeKey,
    code_table::Lifetime,
    date::{Date, Period, day},
    flag::Flags,
    tabular::{BuildError, NodeKind, NoteKind, TabularBuilder, TabularList},
};
use serde::{Deserialize, Serialize};

/// A chapter, section or code of a tabular list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeventhRow {
    /// Index of the node whose definition it belongs to.
    pub node: u32,
    /// The character.
    pub character: char,
    /// Its meaning.
    pub meaning: String,
}

/// A tabular list in document order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct TabularAssembler {
    /// Takes the notes and 7th characters of the newest node.
    pub builder: TabularBuilder,
    open: Vec<u32>,
}

impl TabularAssembler {
    /// Adds a node below `parent`, which must be the node before it or one that this one stands in.
    pub fn node(
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
    pub fn finish(mut self) -> Result<TabularList, BuildError> {
        for _ in self.open {
            self.builder.close()?;
        }
        self.builder.finish()
    }
}

/// A code with its life and its flags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRow {
    /// The code.
    pub code: CodeKey,
    /// How long it lives.
    pub lifetime: Lifetime,
    /// Its flags by period; periods without flags are left out.
    pub flags: Vec<(Period, Flags)>,
}

/// A title of a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleRow {
    /// The code.
    pub code: CodeKey,
    /// The title as published.
    pub title: String,
}

/// A pair of a conversion table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConversionRow {
    /// What was coded before.
    pub from: CodeKey,
    /// What is coded since.
    pub to: CodeKey,
    /// First day of the new code.
    #[serde(with = "day")]
    pub effective: Date,
}

/// An abbreviation of clinical language and what it can stand for, in the order of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abbreviation {
    /// As published, outer blanks removed: `COPD`.
    pub short: String,
    /// One or more expansions: alternatives, not synonyms.
    pub expansions: Vec<String>,
}

/// A code or header of an order file, or a code of a codes file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedRow {
    /// The code, without a point.
    pub code: CodeKey,
    /// Not valid for submission.
    pub is_header: bool,
    /// Short title, at most 60 characters; empty where the file has none.
    pub short: String,
    /// Long title.
    pub long: String,
}

/// What an addendum does to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ChangeAction {
    /// The line is new.
    Add,
    /// The line is gone. A code that becomes a header is deleted as a code and added as a header.
    Delete,
    /// The line has another title.
    Revise,
}

/// A change that an addenda file announces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// What changes.
    pub action: ChangeAction,
    /// The line is a header. `None` where the file has no flag.
    pub is_header: Option<bool>,
    /// The code, without a point.
    pub code: CodeKey,
    /// Titles after the change; of a deletion those of the line that is gone.
    pub titles: Titles,
    /// Titles before a revision.
    pub before: Option<Titles>,
}

/// The titles of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Titles {
    /// Short title; empty where the file has none.
    pub short: String,
    /// Long title.
    pub long: String,
}

/// A CPT code or modifier of a file that its user has licensed from the American Medical Association.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CptRow {
    /// The code of five characters, or the modifier of two.
    pub code: CodeKey,
    /// The descriptor.
    pub descriptor: String,
}

/// Ages of a group of patients in the Medicare Code Editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeRange {
    /// The group as published: `Adult`, `Maternity`, `Newborn`, `Pediatric`.
    pub group: String,
    /// Youngest age in whole years, inclusive.
    pub first: u16,
    /// Oldest age in whole years, inclusive.
    pub last: u16,
    /// When the range applies.
    pub period: Period,
}

/// A patient discharge status that the Medicare Code Editor accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DischargeStatus {
    /// The status of form UB-04, 1 to 99; written with two digits.
    pub status: u8,
    /// When it is accepted.
    pub period: Period,
}
