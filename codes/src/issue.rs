//! What a failed check reports, and the fixes that it proposes.

use std::{borrow::Cow, fmt};

use crate::{code::Code, encounter::Item, tabular::NoteKind};

/// How much an issue weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The claim will be refused, or the code cannot be used.
    Error,
    /// Probably wrong; a person decides.
    Warning,
    /// Worth knowing.
    Information,
    /// A guess, or a matter of style.
    Hint,
}

impl Severity {
    /// The word used in output and settings.
    pub fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "info",
            Self::Hint => "hint",
        }
    }

    /// The severity named `id`; `information` is accepted as well.
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "error" => Some(Self::Error),
            "warning" => Some(Self::Warning),
            "info" | "information" => Some(Self::Information),
            "hint" => Some(Self::Hint),
            _ => None,
        }
    }

    /// This severity, but no heavier than `cap`.
    #[must_use]
    pub fn at_most(self, cap: Self) -> Self {
        self.max(cap)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A change of the codes of an encounter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Writes this code instead.
    ReplaceWith(Code),
    /// Takes the item out.
    Remove,
    /// Moves the item to this index in its list, counted after the move.
    MoveTo(usize),
    /// Adds this modifier as the last one of the line.
    AddModifier(String),
    /// Takes this modifier off the line.
    RemoveModifier(String),
}

/// A proposed change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, for a menu.
    pub title: String,
    /// It only spells the same code anew, or there is no other way: may be applied in bulk.
    pub safe: bool,
    /// The changes, applied together.
    pub edits: Vec<(Item, Change)>,
}

/// An instructional note that an issue rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedNote {
    /// The node that carries it, as published.
    pub owner: String,
    /// The text as published.
    pub text: String,
    /// What it tells.
    pub kind: NoteKind,
}

/// One thing that a rule reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Id of the rule.
    pub rule: Cow<'static, str>,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong with which code, why, and the way out. One or two short sentences.
    pub message: String,
    /// The codes concerned: the one at fault first.
    pub items: Vec<Item>,
    /// The same codes as their systems write them.
    pub codes: Vec<String>,
    /// Proposed changes, best first.
    pub fixes: Vec<Fix>,
    /// The notes it rests on.
    pub notes: Vec<RelatedNote>,
    /// Guideline section, edit or note, with the release that was used.
    pub source: String,
}
