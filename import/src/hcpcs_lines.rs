//! What the fixed-width file and the tables of HCPCS Level II share: the fields, and how lines become records.
//!
//! A code has a first line with every field, and continuation lines that carry on its long description. Rows with the
//! shape of CPT or CDT codes and modifiers are dropped before any of their wording is looked at.

use std::collections::HashSet;

use medcode_codes::{
    code::CodeKey,
    date::{Date, day},
    hcpcs_record::HcpcsRecord,
    system::{cpt, hcpcs, modifier},
};

use super::{ImportError, Place};

/// A file of HCPCS Level II codes and modifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HcpcsFile {
    /// Codes and modifiers, in the order of the file.
    pub records: Vec<HcpcsRecord>,
    /// Codes and modifiers of CPT and CDT. They were dropped while the file was read.
    pub dropped: usize,
    /// The file has a column for the last day of use. Without it a record with no such day may be ended all the same.
    pub tells_terminations: bool,
}

/// A field of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Code,
    Sequence,
    Kind,
    Long,
    Short,
    Pricing,
    MultiplePricing,
    CoverageManual,
    CarriersManual,
    Statute,
    Laboratory,
    CrossReference,
    Coverage,
    AscGroup,
    ProcessingNote,
    Betos,
    TypeOfService,
    AnesthesiaUnits,
    Added,
    ActionEffective,
    Terminated,
    Action,
}

/// Where a field stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) field: Field,
    /// First column of the fixed-width file, counted from 1.
    pub(crate) first: usize,
    /// Columns of one value.
    pub(crate) width: usize,
    /// Values side by side.
    pub(crate) times: usize,
    /// Headings in tables, letters and digits only; the first is CMS's own. Where a field has several values, the
    /// number of the value follows.
    pub(crate) headings: &'static [&'static str],
}

const fn layout(
    field: Field,
    first: usize,
    width: usize,
    times: usize,
    headings: &'static [&'static str],
) -> Layout {
    Layout { field, first, width, times, headings }
}

/// Every field that is read, by column. Left out: the groups of the outpatient system in columns 241 to 252 and the
/// date of the ASC group, which no file of the last years fills.
pub(crate) const LAYOUT: [Layout; 22] = [
    layout(Field::Code, 1, 5, 1, &["hcpc", "hcpcs", "hcpcscode", "hcpccode"]),
    layout(Field::Sequence, 6, 5, 1, &["seqnum"]),
    layout(Field::Kind, 11, 1, 1, &["recid"]),
    layout(Field::Long, 12, 80, 1, &["longdescription", "longdesc"]),
    layout(Field::Short, 92, 28, 1, &["shortdescription", "shortdesc"]),
    layout(Field::Pricing, 120, 2, 4, &["price"]),
    layout(Field::MultiplePricing, 128, 1, 1, &["multpi"]),
    layout(Field::CoverageManual, 129, 6, 3, &["cim"]),
    layout(Field::CarriersManual, 147, 8, 3, &["mcm"]),
    layout(Field::Statute, 171, 10, 1, &["statute"]),
    layout(Field::Laboratory, 181, 3, 8, &["labcert"]),
    layout(Field::CrossReference, 205, 5, 5, &["xref"]),
    layout(Field::Coverage, 230, 1, 1, &["cov"]),
    layout(Field::AscGroup, 231, 2, 1, &["ascgrp"]),
    layout(Field::ProcessingNote, 253, 4, 1, &["procnote"]),
    layout(Field::Betos, 257, 3, 1, &["betos"]),
    layout(Field::TypeOfService, 261, 1, 5, &["tos"]),
    layout(Field::AnesthesiaUnits, 266, 3, 1, &["anestbu"]),
    layout(Field::Added, 269, 8, 1, &["adddt"]),
    layout(Field::ActionEffective, 277, 8, 1, &["acteffdt"]),
    layout(Field::Terminated, 285, 8, 1, &["termdt"]),
    layout(Field::Action, 293, 1, 1, &["actioncd"]),
];

/// Whose a code or modifier is, by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    LevelTwo(CodeKey),
    /// CPT and CDT: to be dropped.
    Licensed,
    /// No code.
    Nobody,
}

impl Owner {
    /// Whose the code or modifier `text` is.
    pub(crate) fn of(text: &str) -> Self {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        // Any letter after four digits: the AMA may begin a category tomorrow.
        let is_cpt =
            text.len() == 5 && digits >= 4 && text.bytes().all(|b| b.is_ascii_alphanumeric());
        // Modifiers of Level I are numbers. P1 to P6 stand in CMS's own file of Level II.
        let is_cpt_modifier = text.len() == 2 && digits == 2;
        if is_cpt || is_cpt_modifier || hcpcs::has_cdt_shape(text) {
            return Self::Licensed;
        }
        let is_ours = hcpcs::has_shape(text) || modifier::has_shape(text);
        CodeKey::new(text).filter(|_| is_ours).map_or(Self::Nobody, Self::LevelTwo)
    }
}

/// Joins lines to records.
#[derive(Debug)]
pub(crate) struct Assembler<'f> {
    file: &'f str,
    read: HcpcsFile,
    seen: HashSet<CodeKey>,
    open: Option<Open>,
}

/// The record that a continuation line may carry on.
#[derive(Debug)]
struct Open {
    /// `None` when it was dropped.
    code: Option<CodeKey>,
    is_modifier: bool,
    sequence: Option<u32>,
}

/// The value of a field: which field, and which of its values from 0. Empty where there is none.
pub(crate) type Values<'v> = &'v dyn Fn(Field, usize) -> &'v str;

impl<'f> Assembler<'f> {
    pub(crate) fn new(file: &'f str, tells_terminations: bool) -> Self {
        let read = HcpcsFile { tells_terminations, ..HcpcsFile::default() };
        Self { file, read, seen: HashSet::new(), open: None }
    }

    /// Whether no line has come yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_none()
    }

    /// Takes the next line.
    pub(crate) fn add(&mut self, line: u64, values: Values<'_>) -> Result<(), ImportError> {
        self.take(values).map_err(|problem| ImportError::new(self.file, Place::Line(line), problem))
    }

    fn take(&mut self, values: Values<'_>) -> Result<(), String> {
        let code = values(Field::Code, 0).trim();
        let owner = Owner::of(code);
        if owner == Owner::Nobody {
            return Err("the first field holds no HCPCS Level II code or modifier".to_owned());
        }
        let sequence = number(values(Field::Sequence, 0), "the sequence number")?;
        let by_shape = code.len() == 2;
        let (is_modifier, is_first) = match values(Field::Kind, 0).trim() {
            "" => (by_shape, true),
            "3" => (false, true),
            "4" => (false, false),
            "7" => (true, true),
            "8" => (true, false),
            _ => return Err("the record identification is none of 3, 4, 7 and 8".to_owned()),
        };
        if is_modifier != by_shape {
            return Err("the record identification does not fit the code".to_owned());
        }
        let code = if let Owner::LevelTwo(code) = owner { Some(code) } else { None };
        if !is_first {
            return self.carry_on(code, is_modifier, sequence, values(Field::Long, 0));
        }
        self.open = Some(Open { code, is_modifier, sequence });
        let Some(code) = code else {
            self.read.dropped += 1;
            return Ok(());
        };
        if !self.seen.insert(code) {
            return Err(format!("{code} stands twice"));
        }
        self.read.records.push(record(code, is_modifier, values)?);
        Ok(())
    }

    fn carry_on(
        &mut self,
        code: Option<CodeKey>,
        is_modifier: bool,
        sequence: Option<u32>,
        piece: &str,
    ) -> Result<(), String> {
        let open =
            self.open.as_mut().filter(|open| open.code == code && open.is_modifier == is_modifier);
        let open = open.ok_or("the line continues a record whose first line is not above it")?;
        if sequence.is_none() || sequence <= open.sequence {
            return Err("the sequence number is not above that of the line before".to_owned());
        }
        open.sequence = sequence;
        // A dropped record has no text that could grow.
        if let (Some(_), Some(record)) = (code, self.read.records.last_mut()) {
            for word in piece.split_whitespace() {
                record.long.push(' ');
                record.long.push_str(word);
            }
        }
        Ok(())
    }

    /// The file, once every line was taken.
    pub(crate) fn finish(self) -> Result<HcpcsFile, ImportError> {
        if self.open.is_none() {
            let problem = "the file holds no HCPCS code or modifier";
            return Err(ImportError::new(self.file, Place::File, problem));
        }
        Ok(self.read)
    }
}

/// The record of a first line.
fn record(code: CodeKey, is_modifier: bool, values: Values<'_>) -> Result<HcpcsRecord, String> {
    let all = |field: Field| {
        let times =
            LAYOUT.iter().find(|layout| layout.field == field).map_or(1, |layout| layout.times);
        (0..times).map(move |at| values(field, at).trim()).filter(|text| !text.is_empty())
    };
    let text = |field| squeezed(values(field, 0));
    let texts = |field| all(field).map(squeezed).collect::<Vec<_>>();
    let character = |field, name| one_character(values(field, 0), name);
    let date = |field, name| day_of(values(field, 0), name);
    let manuals = [Field::CoverageManual, Field::CarriersManual, Field::Statute];
    let types = all(Field::TypeOfService).map(|text| one_character(text, "a type of service"));
    let types = types.collect::<Result<Vec<_>, _>>()?;
    let units = number(values(Field::AnesthesiaUnits, 0), "the number of anesthesia units")?;
    let units = units.map(u16::try_from).transpose();
    let record = HcpcsRecord {
        code,
        is_modifier,
        long: text(Field::Long),
        short: text(Field::Short),
        coverage: character(Field::Coverage, "the coverage code")?,
        pricing: texts(Field::Pricing),
        multiple_pricing: character(Field::MultiplePricing, "the multiple pricing indicator")?,
        references: manuals.into_iter().flat_map(texts).collect(),
        laboratory: texts(Field::Laboratory),
        cross_references: all(Field::CrossReference).filter_map(cross_reference).collect(),
        asc_group: text(Field::AscGroup),
        processing_note: text(Field::ProcessingNote),
        betos: text(Field::Betos),
        types_of_service: types.into_iter().flatten().collect(),
        anesthesia_units: units.map_err(|_| "the number of anesthesia units is too large")?,
        added: date(Field::Added, "the day on which the code was added")?,
        action_effective: date(Field::ActionEffective, "the day of the last action")?,
        terminated: date(Field::Terminated, "the termination date")?,
        action: character(Field::Action, "the action code")?,
    };
    if record.long.is_empty() {
        Err("the long description is empty".to_owned())
    } else {
        Ok(record)
    }
}

/// A code or modifier that is referred to. Numbers of CPT are kept, since the file refers to them without wording;
/// anything else, such as the word `CPT`, is no code.
fn cross_reference(text: &str) -> Option<CodeKey> {
    let is_code =
        hcpcs::has_shape(text) || modifier::has_shape(text) || cpt::category(text).is_some();
    CodeKey::new(text).filter(|_| is_code)
}

/// A day as `YYYYMMDD` or `YYYY-MM-DD`; blank is none.
fn day_of(text: &str, name: &str) -> Result<Option<Date>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let bytes = text.as_bytes();
    let digits: String = match bytes {
        [_, _, _, _, b'-', _, _, b'-', _, _] => text.split('-').collect(),
        _ => text.to_owned(),
    };
    let is_number = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let day = digits.parse().ok().filter(|_| is_number).and_then(day::from_number);
    day.map(Some).ok_or_else(|| format!("{name} is no day of the form YYYYMMDD"))
}

/// Digits; blank is none.
fn number(text: &str, name: &str) -> Result<Option<u32>, String> {
    let text = text.trim();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        _ if text.is_empty() => Ok(None),
        Ok(number) if is_number => Ok(Some(number)),
        _ => Err(format!("{name} is no number")),
    }
}

/// A capital letter or a digit; blank is none.
fn one_character(text: &str, name: &str) -> Result<Option<char>, String> {
    let mut characters = text.trim().chars();
    match (characters.next(), characters.next()) {
        (None, _) => Ok(None),
        (Some(one @ ('A'..='Z' | '0'..='9')), None) => Ok(Some(one)),
        _ => Err(format!("{name} is not one capital letter or digit")),
    }
}

/// The text with its white space squeezed, non-breaking blanks too.
pub(crate) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of a file: UTF-8, with or without a byte order mark, or else windows-1252.
pub(crate) fn decoded(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}
