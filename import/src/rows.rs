//! What importers deliver and the store keeps: plain rows, in the order of their files.

pub use crate::cpt::CptText;
pub use medcode_codes::supplements::{AgeRange, DischargeStatus};
use medcode_codes::{
    code::CodeKey,
    code_table::Lifetime,
    date::{Date, Period, day},
    edits::{
        EditSetting, add_on::AddOnEdit, fee_schedule::FeeScheduleRow, mue::MueEdit, ptp::PtpRows,
    },
    flag::Flags,
    gem::GemMap,
    hcpcs_record::HcpcsRecord,
    index_term::{IndexEntry, IndexPart},
    system::CodeSystem,
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

/// The codes of one system in a code master.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterRows {
    /// The system.
    pub system: CodeSystem,
    /// The last day that the master covers, inclusive.
    #[serde(with = "day")]
    pub horizon: Date,
    /// Every code, in text order.
    pub codes: Vec<CodeRow>,
}

/// A Level II code in Addendum B of Medicare's outpatient payment system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddendumBRow {
    /// The code.
    pub code: CodeKey,
    /// Short descriptor.
    pub short: String,
    /// Status indicator: a letter, or a letter and a digit (`N`, `E1`); empty where the table has none.
    pub status: String,
    /// First day of the quarter.
    #[serde(with = "day")]
    pub quarter: Date,
}

/// The rows of one release, whatever they are. New kinds are added at the end: the stored form numbers them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rows {
    /// Hierarchy, titles and notes of ICD-10-CM.
    Tabular(TabularRows),
    /// Which codes there are and when, with the groups of the code editor.
    CodeMaster {
        /// One system each.
        systems: Vec<MasterRows>,
        /// Age groups; empty where the file has none.
        age_ranges: Vec<AgeRange>,
        /// Discharge statuses; empty where the file has none.
        discharge_statuses: Vec<DischargeStatus>,
    },
    /// An order file or codes file: every code of the release with titles.
    CodeList(Vec<ListedRow>),
    /// What a release changes against the one before.
    Addenda(Vec<ChangeRow>),
    /// Codes seen in use by quarter, with short descriptors.
    CodesInUse {
        /// The codes.
        codes: Vec<CodeRow>,
        /// Their titles.
        titles: Vec<TitleRow>,
    },
    /// Which codes followed which.
    Conversions(Vec<ConversionRow>),
    /// Abbreviations of clinical language.
    Abbreviations(Vec<Abbreviation>),
    /// A file of the Alphabetic Index.
    Index {
        /// Which of the four.
        part: IndexPart,
        /// Its entries in the order of the file.
        entries: Vec<IndexEntry>,
    },
    /// Diagnoses exempt from reporting present on admission, sorted.
    PoaExempt(Vec<CodeKey>),
    /// A map between ICD-9-CM and ICD-10.
    Gem(GemMap),
    /// Titles of ICD-9-CM diagnoses or procedures.
    Icd9(Vec<TitleRow>),
    /// A whole HCPCS Level II file.
    Hcpcs(Vec<HcpcsRecord>),
    /// Codes without any text, ended ones included, sorted.
    BareCodes(Vec<CodeKey>),
    /// HCPCS Level II codes of an addendum of one quarter, sorted.
    Payable(Vec<AddendumBRow>),
    /// Procedure-to-procedure edits.
    Ptp {
        /// Whom they are for.
        setting: EditSetting,
        /// The edits.
        rows: PtpRows,
    },
    /// Medically unlikely edits, sorted by code.
    Mue {
        /// Whom they are for.
        setting: EditSetting,
        /// The edits.
        edits: Vec<MueEdit>,
    },
    /// Add-on codes, sorted by add-on code.
    AddOn(Vec<AddOnEdit>),
    /// Indicators of the physician fee schedule, sorted by code and modifier.
    FeeSchedule(Vec<FeeScheduleRow>),
    /// Texts of CPT that a user has licensed.
    Cpt {
        /// Which text.
        text: CptText,
        /// The rows.
        rows: Vec<CptRow>,
    },
    /// A table of meanings: search alone knows what its bytes say.
    Meanings {
        /// How many pieces of words it has a vector for.
        pieces: u32,
        /// The file.
        table: Vec<u8>,
    },
}

impl Rows {
    /// How many rows there are, as people count them.
    pub fn count(&self) -> usize {
        match self {
            Self::Tabular(rows) => rows.nodes.len(),
            Self::CodeMaster { systems, age_ranges, discharge_statuses } if systems.is_empty() => {
                age_ranges.len() + discharge_statuses.len()
            }
            Self::CodeMaster { systems, .. } => systems.iter().map(|rows| rows.codes.len()).sum(),
            Self::CodeList(rows) => rows.len(),
            Self::Addenda(rows) => rows.len(),
            Self::CodesInUse { codes, .. } => codes.len(),
            Self::Conversions(rows) => rows.len(),
            Self::Abbreviations(rows) => rows.len(),
            Self::Index { entries, .. } => entries.len(),
            Self::PoaExempt(rows) | Self::BareCodes(rows) => rows.len(),
            Self::Gem(map) => map.entries.len(),
            Self::Icd9(rows) => rows.len(),
            Self::Hcpcs(rows) => rows.len(),
            Self::Payable(rows) => rows.len(),
            Self::Ptp { rows, .. } => rows.edits.len(),
            Self::Mue { edits, .. } => edits.len(),
            Self::AddOn(rows) => rows.len(),
            Self::FeeSchedule(rows) => rows.len(),
            Self::Cpt { rows, .. } => rows.len(),
            Self::Meanings { pieces, .. } => *pieces as usize,
        }
    }
}

/// A note on how codes are processed, to which the alpha-numeric HCPCS file refers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessingNoteRow {
    /// The number as published, four digits.
    pub number: String,
    /// The text, white space squeezed.
    pub text: String,
}
