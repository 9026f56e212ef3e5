//! Where codes stand in a text, and what the text says about the encounter they belong to.
//!
//! [`scan`] reads plain text, Markdown, X12 claims and FHIR JSON in one linear pass. It proposes; the code set decides:
//! what is reported of a [`Mention`] depends on its [`Evidence`] and on facts that are not known here. Nothing in the
//! result holds text: everything is a range of bytes into the text that was scanned.
//!
//! [`context_at`] answers the other question, what somebody is typing at a place.
//!
//! Absent on purpose: validity, severity, payment. The order of reading is `layout` (which lines belong to what),
//! `prose` and `list` (labels and what they introduce), one module per further format, then `encounters` (what belongs
//! together).

use std::ops::Range;

use crate::system::CodeSystem;

mod ages;
mod block;
mod chunks;
mod claim;
mod clue;
mod context;
mod dates;
mod description;
mod encounters;
mod exclusions;
mod facts;
mod fence;
mod fhir;
mod form;
mod front_matter;
mod labels;
mod layout;
mod lines;
mod list;
mod pragma;
mod prose;
mod scanner;
mod sections;
mod shapes;
mod systems;
mod table;
mod tokens;
mod x12;

pub use context::{TypingContext, context_at};
pub use dates::DateMention;
pub use facts::{Setting, Sex};
pub use pragma::{Pragma, Verb};

/// What was found in a text, each list in text order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// The codes. Their ranges do not overlap.
    pub mentions: Vec<Mention>,
    /// The encounters; their ranges lie end to end and cover the text. Never empty.
    pub encounters: Vec<EncounterScope>,
    /// The comments that speak to medcode.
    pub pragmas: Vec<Pragma>,
}

impl Note {
    /// The codes of one encounter, in text order.
    pub fn mentions_of(&self, encounter: usize) -> &[Mention] {
        let start = self.mentions.partition_point(|mention| mention.encounter < encounter);
        let end = self.mentions.partition_point(|mention| mention.encounter <= encounter);
        &self.mentions[start..end]
    }

    /// The code that covers byte `offset`, or ends there.
    pub fn mention_at(&self, offset: usize) -> Option<&Mention> {
        let after = self.mentions.partition_point(|mention| mention.range.start <= offset);
        self.mentions[..after].last().filter(|mention| offset <= mention.range.end)
    }
}

/// A place in a text where a code stands, or where one was evidently meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Bytes of the code as written: its point and the hyphen of a wildcard included, both ends of a range of codes
    /// included, modifiers and quotation marks excluded.
    pub range: Range<usize>,
    /// The system that a label, sigil, column, key or format declares; else the one the shape suggests.
    ///
    /// A letter and four digits without a point and without declaration may be HCPCS or ICD-10-CM. HCPCS is put
    /// here; ask both.
    pub system: CodeSystem,
    /// The system was declared, not guessed from the shape.
    pub declared: bool,
    /// Whether one code is meant or several.
    pub form: Form,
    /// How sure it is that a code was meant.
    pub evidence: Evidence,
    /// Where in the text's structure the code stands.
    pub place: Place,
    /// The code is part of what is reported: false in sections about the past, relatives, allergies or what is to be
    /// ruled out.
    pub reported: bool,
    /// Index into [`Note::encounters`].
    pub encounter: usize,
    /// The modifiers of a CPT or HCPCS code, two characters each, in the order written.
    pub modifiers: Vec<Range<usize>>,
    /// The words that describe the code: `Type 2 diabetes (E11.9)`, `E11.9 - Type 2 diabetes`. A proposal: in a
    /// sentence it may begin with words that are no description.
    pub description: Option<Range<usize>>,
}

/// Whether a mention stands for one code or for several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// One code.
    Code,
    /// A whole category: `E11.-`, `E11-`, `E11.x`.
    Category,
    /// From one code to another: `A00-A09`.
    Span,
}

/// How sure it is that a code was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// A coding fence, sigil, front matter key, coding column or claim format: a mistake here is a mistake.
    Certain,
    /// A label stands before it. As good as certain.
    Labelled,
    /// The shape of an ICD-10-CM code with its point, without a label.
    Dotted,
    /// A shape that much else has as well. Never reported on; with modifiers or an official title beside it, it is
    /// most likely a code.
    Bare,
}

/// Where in the text's structure a code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Behind a label: `Dx: E11.9`.
    Label,
    /// `[[E11.9]]` or `icd10:E11.9`.
    Sigil,
    /// A key of the YAML block at the head of a document.
    FrontMatter,
    /// A cell under a coding heading.
    Table,
    /// A fenced block named `codes`, `icd10`, `superbill` or `claim`.
    Fence,
    /// X12, FHIR, CMS-1500 or UB-04.
    Claim,
    /// Anywhere else.
    Prose,
}

/// A part of a text whose codes are billed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncounterScope {
    /// Bytes from its first line to the next encounter.
    pub range: Range<usize>,
    /// The heading that opens it, without line end.
    pub heading: Option<Range<usize>>,
    /// The day of service, or the first of several.
    pub service_date: Option<DateMention>,
    /// The day of discharge.
    pub discharge_date: Option<DateMention>,
    /// Age in completed years.
    pub age_years: Option<u32>,
    /// The patient's sex.
    pub sex: Option<Sex>,
    /// Where the service was given.
    pub setting: Option<Setting>,
    /// The encounter is written as a claim or superbill, at least in part.
    pub is_claim: bool,
}

/// Finds the codes, encounters and pragmas of a text.
///
/// Total: any text gives an answer. Time is linear in the length of the text.
pub fn scan(text: &str) -> Note {
    let layout = layout::Layout::read(text);
    let pragmas = pragma::read(text, &layout.comments);
    let mut scanner =
        scanner::Scanner::new(text, &layout.comments, pragma::silenced(&pragmas, text.len()));
    block::scan(&mut scanner, &layout.blocks);
    let (mut mentions, clues) = scanner.finish();
    let encounters = encounters::group(text, &clues, &mut mentions);
    Note { mentions, encounters, pragmas }
}

#[cfg(test)]
mod tests;
