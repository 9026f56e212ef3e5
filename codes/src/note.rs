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

use crate::{encounter::PatientStatus, system::CodeSystem};

mod ages;
mod block;
mod chunks;
mod claim;
mod clue;
mod context;
mod dates;
mod description;
mod details;
mod encounters;
mod exclusions;
mod facts;
mod fence;
mod fhir;
mod fields;
mod form;
mod frames;
mod front_matter;
mod labels;
mod layout;
mod lines;
mod list;
mod moved;
mod part;
mod pragma;
mod prose;
mod scanned;
mod scanner;
mod sections;
mod shapes;
mod signature;
mod slots;
mod systems;
mod table;
mod tokens;
mod x12;

pub use context::{TypingContext, context_at};
pub use dates::DateMention;
pub use details::{Details, Pointer};
pub use facts::{Setting, Sex};
pub use frames::{FencedCodes, Frames};
pub use pragma::{Pragma, Verb};
pub use scanned::Scanned;
pub use slots::Placeholder;

/// What was found in a text, each list in text order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// The codes. Their ranges do not overlap.
    pub mentions: Vec<Mention>,
    /// The encounters; their ranges lie end to end and cover the text. Never empty.
    pub encounters: Vec<EncounterScope>,
    /// The comments that speak to medcode.
    pub pragmas: Vec<Pragma>,
    /// The placeholders that stand where a code belongs.
    pub placeholders: Vec<Placeholder>,
    /// Lines that are too long to be read, over 20,000 characters; claims are read whatever their lines.
    pub long_lines: Vec<Range<usize>>,
    /// The text holds placeholders, or its front matter says that it is a template.
    pub is_template: bool,
    /// Somebody has put their name to the text: it is no draft and no template any more.
    pub is_signed: bool,
    /// Where a comment would be something else.
    pub frames: Frames,
}

impl Note {
    /// The codes of one encounter, in text order.
    pub fn mentions_of(&self, encounter: usize) -> &[Mention] {
        let start = self.mentions.partition_point(|mention| mention.encounter < encounter);
        let end = self.mentions.partition_point(|mention| mention.encounter <= encounter);
        &self.mentions[start..end]
    }

    /// The bytes between comments that say where medcode is to look away and where to look again, in a text of `length`
    /// bytes; in text order, without overlap.
    pub fn ignored(&self, length: usize) -> Vec<Range<usize>> {
        pragma::silenced(&self.pragmas, length)
    }

    /// The code that covers byte `offset`, or ends there.
    pub fn mention_at(&self, offset: usize) -> Option<&Mention> {
        let after = self.mentions.partition_point(|mention| mention.range.start <= offset);
        self.mentions[..after].last().filter(|mention| offset <= mention.range.end)
    }
}

/// Whether a comment to medcode can name this code.
pub(crate) fn can_be_named(code: &str) -> bool {
    pragma::is_code(code) && !code.contains([' ', ','])
}

/// Where the first Markdown heading of a text begins.
pub(crate) fn first_heading(text: &str) -> Option<usize> {
    sections::first_heading(text)
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
    /// ruled out, and behind a box that is not ticked.
    pub reported: bool,
    /// One of several possibilities, or one to be ruled out: `E10.9 vs E11.9`, `r/o J18.9`, `? J18.9`. Such a code is
    /// mentioned, not reported, whatever `reported` says of its place.
    pub questioned: bool,
    /// Index into [`Note::encounters`].
    pub encounter: usize,
    /// The modifiers of a CPT or HCPCS code, two characters each, in the order written.
    pub modifiers: Vec<Range<usize>>,
    /// The words that describe the code: `Type 2 diabetes (E11.9)`, `E11.9 - Type 2 diabetes`. A proposal: in a
    /// sentence it may begin with words that are no description.
    pub description: Option<Range<usize>>,
    /// What a form, a row or a claim format says beside it.
    pub details: Details,
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
    /// The day of admission.
    pub admission_date: Option<DateMention>,
    /// Age in completed years on the first day.
    pub age_years: Option<u32>,
    /// Age in completed days on the first day, below one year.
    pub age_days: Option<u32>,
    /// The patient's sex.
    pub sex: Option<Sex>,
    /// Where the service was given.
    pub setting: Option<Setting>,
    /// Whether the patient is new to the practice, as a field of its own says.
    pub patient_status: PatientStatus,
    /// CMS place of service: the bytes of two digits.
    pub place_of_service: Option<Range<usize>>,
    /// Patient discharge status: the bytes of two digits.
    pub discharge_status: Option<Range<usize>>,
    /// The payer's id or name.
    pub payer: Option<Range<usize>>,
    /// The encounter is written as a claim or superbill, at least in part.
    pub is_claim: bool,
    /// Names of the claim fields that are filled in, sorted, each once: `auth_number`, `npi`, `referring` and the like.
    /// `None` where the text is no form, so that a field may be filled in elsewhere.
    pub claim_fields: Option<Vec<&'static str>>,
    /// Condition codes of the claim: the bytes of two characters each.
    pub condition_codes: Vec<Range<usize>>,
}

/// Finds the codes, encounters and pragmas of a text.
///
/// Total: any text gives an answer. Time is linear in the length of the text.
pub fn scan(text: &str) -> Note {
    scanned::scan(text)
}

#[cfg(test)]
mod tests;
