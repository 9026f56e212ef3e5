//! Instructional notes.

use serde::{Deserialize, Serialize};

use super::{NodeId, Span};

/// What a note tells the coder. Source: guideline I.A.12 to I.A.17 and the elements of the tabular XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NoteKind {
    /// Conditions that are included below the node.
    Includes,
    /// A term for which the code is used; a synonym of the title.
    InclusionTerm,
    /// "Not coded here": never reported together, unless the two are unrelated.
    Excludes1,
    /// "Not included here": may be reported together.
    Excludes2,
    /// Another code must be listed before.
    CodeFirst,
    /// A further code should be added behind.
    UseAdditionalCode,
    /// Two codes may be required, in any order.
    CodeAlso,
    /// How 7th characters are to be used.
    SeventhCharacter,
    /// Any other note.
    Other,
}

impl NoteKind {
    /// Every kind, in the order in which pages show them.
    pub const ALL: [Self; 9] = [
        Self::Includes,
        Self::InclusionTerm,
        Self::Excludes1,
        Self::Excludes2,
        Self::CodeFirst,
        Self::UseAdditionalCode,
        Self::CodeAlso,
        Self::SeventhCharacter,
        Self::Other,
    ];

    /// The stable id under which the catalog stores the kind.
    pub fn id(self) -> &'static str {
        match self {
            Self::Includes => "includes",
            Self::InclusionTerm => "inclusion_term",
            Self::Excludes1 => "excludes1",
            Self::Excludes2 => "excludes2",
            Self::CodeFirst => "code_first",
            Self::UseAdditionalCode => "use_additional",
            Self::CodeAlso => "code_also",
            Self::SeventhCharacter => "seventh_character",
            Self::Other => "other",
        }
    }

    /// The kind with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// The heading people know the note by.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Includes => "Includes",
            Self::InclusionTerm => "Inclusion terms",
            Self::Excludes1 => "Excludes1",
            Self::Excludes2 => "Excludes2",
            Self::CodeFirst => "Code first",
            Self::UseAdditionalCode => "Use additional code",
            Self::CodeAlso => "Code also",
            Self::SeventhCharacter => "7th character",
            Self::Other => "Note",
        }
    }

    /// Whether the note names other codes in a form that a machine can follow.
    pub fn has_references(self) -> bool {
        matches!(
            self,
            Self::Excludes1
                | Self::Excludes2
                | Self::CodeFirst
                | Self::UseAdditionalCode
                | Self::CodeAlso
        )
    }

    /// Whether the note is another name of what its node holds.
    pub fn is_name(self) -> bool {
        matches!(self, Self::InclusionTerm | Self::Includes)
    }

    /// Whether the note holds for everything below its node.
    pub fn is_inherited(self) -> bool {
        !matches!(self, Self::InclusionTerm)
    }
}

/// A note as a list keeps it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct StoredNote {
    pub(super) kind: NoteKind,
    pub(super) container: u32,
    pub(super) text: Span,
}

/// One instructional note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    /// What it tells.
    pub kind: NoteKind,
    /// The text as published, white space squeezed.
    pub text: &'a str,
    /// The node it is written at.
    pub owner: NodeId,
    /// Notes of one container share this number: a heading note and its items are one sentence.
    pub container: u32,
    pub(super) index: u32,
}
