//! What the service says of a code, in our own words: what hover and completion show.

use medcode_codes::{
    date::Date, fact::UnavailableReason, flag::Flags, system::CodeSystem, tabular::NoteKind,
};

/// What could be learned of a code.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Looked {
    /// The catalog holds it.
    Known(Box<Concept>),
    /// The data is complete and has no such code.
    Unknown {
        /// Codes that may have been meant, best first.
        suggestions: Vec<Titled>,
    },
    /// Could not be asked. Never the same as unknown.
    Unavailable(UnavailableReason),
}

/// A code with its title, which may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Titled {
    /// The code, or the name of a chapter or block, as published.
    pub(crate) code: String,
    /// The official title; empty when the installed data has none.
    pub(crate) title: String,
}

/// A code and everything known of it on one date.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Concept {
    /// The system.
    pub(crate) system: CodeSystem,
    /// Code and title.
    pub(crate) titled: Titled,
    /// It may be submitted on the date.
    pub(crate) billable: bool,
    /// It only groups others.
    pub(crate) header: bool,
    /// It ended before the date.
    pub(crate) ended: bool,
    /// First day on which it may be submitted.
    pub(crate) from: Option<Date>,
    /// Last such day, inclusive.
    pub(crate) to: Option<Date>,
    /// What took its place.
    pub(crate) replaced_by: Vec<Titled>,
    /// The ancestors, nearest first.
    pub(crate) ancestors: Vec<Titled>,
    /// Number of direct children.
    pub(crate) child_count: u32,
    /// Other texts that mean it.
    pub(crate) inclusion_terms: Vec<String>,
    /// Instructions of the tabular list, its own and inherited.
    pub(crate) notes: Vec<Instruction>,
    /// The 7th characters that complete it.
    pub(crate) seventh_characters: Vec<SeventhCharacter>,
    /// What each character of an ICD-10-PCS code says; empty elsewhere.
    pub(crate) axes: Vec<Axis>,
    /// What installed tables say of it.
    pub(crate) particulars: Vec<Particular>,
    /// The release that was read.
    pub(crate) release: String,
    /// What the answer does not know; empty when nothing is missing.
    pub(crate) missing: String,
    /// The copyright line of the texts; empty where there is none.
    pub(crate) copyright: String,
}

/// A code in short: what lists and outlines show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Brief {
    /// Code and title.
    pub(crate) titled: Titled,
    /// Flags of the Medicare Code Editor.
    pub(crate) flags: Flags,
    /// It may be submitted on the date.
    pub(crate) billable: bool,
    /// It only groups others.
    pub(crate) header: bool,
    /// It ended before the date.
    pub(crate) ended: bool,
}

#[cfg(test)]
impl Concept {
    /// A code that may be submitted since 2015-10-01, and of which nothing else is known.
    pub(crate) fn billable(system: CodeSystem, code: &str, title: &str) -> Self {
        Self {
            system,
            titled: Titled { code: code.to_owned(), title: title.to_owned() },
            billable: true,
            header: false,
            ended: false,
            from: medcode_codes::date::parse_iso("2015-10-01").ok(),
            to: None,
            replaced_by: Vec::new(),
            ancestors: Vec::new(),
            child_count: 0,
            inclusion_terms: Vec::new(),
            notes: Vec::new(),
            seventh_characters: Vec::new(),
            axes: Vec::new(),
            particulars: Vec::new(),
            release: "2026-04-01".to_owned(),
            missing: String::new(),
            copyright: String::new(),
        }
    }
}

/// An instructional note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    /// What it asks for.
    pub(crate) kind: NoteKind,
    /// The node that carries it.
    pub(crate) owner: String,
    /// The text as published.
    pub(crate) text: String,
}

/// One character of an ICD-10-PCS code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    /// The name of the axis: "Body part".
    pub(crate) name: String,
    /// The character.
    pub(crate) character: String,
    /// What it says; empty where the titles do not tell.
    pub(crate) label: String,
}

/// A property of a code, from whatever table is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Particular {
    /// The name, as the service calls it: `mce-flag`, `coverage`.
    pub(crate) name: String,
    /// The value; `yes` and `no` where it is one of these.
    pub(crate) value: String,
    /// What the value means; empty where it says so itself.
    pub(crate) meaning: String,
}

/// A 7th character that completes a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeventhCharacter {
    /// The character.
    pub(crate) character: String,
    /// Its meaning.
    pub(crate) meaning: String,
    /// The complete code.
    pub(crate) code: String,
}

/// A code that a query found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hit {
    /// The system.
    pub(crate) system: CodeSystem,
    /// Code and title.
    pub(crate) titled: Titled,
    /// It only groups others.
    pub(crate) header: bool,
    /// It ended before the date.
    pub(crate) ended: bool,
    /// The text that matched the query: a title or another term.
    pub(crate) matched: String,
    /// The query is this code, neither a header nor ended: one that was typed is on the way to another.
    pub(crate) exact: bool,
}

/// A code system of the back end and the release in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoadedSystem {
    /// Short id of the system.
    pub(crate) id: String,
    /// The name people use.
    pub(crate) title: String,
    /// The release in force today.
    pub(crate) version: String,
    /// Content hash of the release.
    pub(crate) digest: String,
    /// Last day that the data covers.
    pub(crate) end: Option<Date>,
}
