//! Rules of payers, as users write them down: one TOML file for a payer and a period.
//!
//! Pure: text in, rules out; who finds and reads the files is no concern of this module. Codes in a file are written as
//! in the notes of the tabular list, ranges and wildcards included.

use crate::{date::Date, issue::Severity};

mod evaluate;
mod file;
mod patterns;
mod report;
mod requirement;
mod subjects;

pub use evaluate::{PayerFinding, PayerOutcome, PayerRuleKind, evaluate};
pub use file::{PayerFileError, parse};
pub use patterns::{AgeRange, LinePatterns};
pub(crate) use report::report;
pub use report::{InForce, in_force, requirements};
pub use requirement::TextRequirement;

use crate::{
    code_set::CodePatterns,
    encounter::{Setting, Sex},
};

/// The rule files that are in force, and those that could not be used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PayerRules {
    /// Files that were understood.
    pub files: Vec<PayerFile>,
    /// Files that were not, each with the fault. Where such a file was understood before, that version stands among
    /// `files`.
    pub faults: Vec<PayerFault>,
}

impl PayerRules {
    /// No rules at all.
    pub const NONE: &'static Self = &Self { files: Vec::new(), faults: Vec::new() };

    /// The files of a payer, by its id or name, whatever the case.
    pub fn of<'a>(&'a self, payer: &'a str) -> impl Iterator<Item = &'a PayerFile> {
        self.files.iter().filter(move |file| file.is_of(payer))
    }

    /// The file of a payer that is in force on a date; the one that begins last where several are.
    pub fn in_force(&self, payer: &str, date: Date) -> Option<&PayerFile> {
        let files = self.files.iter().filter(|file| file.is_of(payer) && file.covers(date));
        files.max_by_key(|file| file.effective)
    }
}

/// A file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayerFault {
    /// The name of the file, without its folder.
    pub file: String,
    /// The payer that the file names, as far as it could be read.
    pub payer: Option<String>,
    /// What is wrong, with line and key.
    pub message: String,
}

/// The rules of one payer for one period.
#[derive(Clone, Debug, PartialEq)]
pub struct PayerFile {
    /// The name of the file, without its folder.
    pub file: String,
    /// Id of the payer, as encounters name it.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// First day of the period; `None` = no beginning.
    pub effective: Option<Date>,
    /// Last day of the period, inclusive; `None` = no end.
    pub until: Option<Date>,
    /// The rules, in the order of the file.
    pub rules: Vec<PayerRule>,
}

impl PayerFile {
    /// Whether an encounter's payer is this one.
    pub fn is_of(&self, payer: &str) -> bool {
        let payer = payer.trim();
        self.id.eq_ignore_ascii_case(payer) || self.name.eq_ignore_ascii_case(payer)
    }

    /// Whether the date lies in the period.
    pub fn covers(&self, date: Date) -> bool {
        self.effective.is_none_or(|first| first <= date)
            && self.until.is_none_or(|last| date <= last)
    }
}

/// One entry of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct PayerRule {
    /// Its own id, shown in messages.
    pub id: String,
    /// Its severity; `None` = that of the rule that answers for it.
    pub severity: Option<Severity>,
    /// What to say; empty = a sentence made of the entry.
    pub message: String,
    /// Policy id or address.
    pub source: String,
    /// The coverage policy that the entry carries out; with `dx_any` it is medical necessity.
    pub policy: Option<String>,
    /// When it applies.
    pub when: When,
    /// What has to be there.
    pub require: Require,
    /// What may not be there.
    pub forbid: Forbid,
    /// The service is not paid.
    pub deny: Option<Deny>,
    /// How much is paid.
    pub limit: Limit,
}

/// When an entry applies: all conditions together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct When {
    /// Codes of a line; the entry then applies to each such line.
    pub code: Option<LinePatterns>,
    /// Diagnoses; beside `code` one of those that the line points at.
    pub dx: Option<CodePatterns>,
    /// Places of service.
    pub pos: Vec<String>,
    /// Settings.
    pub setting: Vec<Setting>,
    /// Age in completed years.
    pub age: Option<AgeRange>,
    /// Sex of the patient.
    pub sex: Option<Sex>,
    /// First and last date of service.
    pub dos: Option<(Option<Date>, Option<Date>)>,
    /// Modifiers, one of which the line carries.
    pub modifier: Vec<String>,
    /// A regular expression that the text has to match.
    pub text: Option<String>,
}

/// What has to be there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Require {
    /// One of these modifiers.
    pub modifier_any: Vec<String>,
    /// All of these modifiers.
    pub modifier_all: Vec<String>,
    /// One of these diagnoses.
    pub dx_any: Option<Diagnoses>,
    /// Each of these, by at least one diagnosis.
    pub dx_all: Vec<Diagnoses>,
    /// The first diagnosis is one of these.
    pub dx_first: Option<Diagnoses>,
    /// The text matches one of these.
    pub text_any: Vec<String>,
    /// The text matches all of these.
    pub text_all: Vec<String>,
    /// An authorization number.
    pub prior_auth: bool,
    /// Lowest age in completed years.
    pub age_min: Option<u32>,
    /// Highest age in completed years.
    pub age_max: Option<u32>,
    /// Names of claim fields that have to be filled in.
    pub field: Vec<String>,
}

/// Diagnoses as a file names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnoses {
    /// As written, for messages.
    pub written: String,
    /// The codes.
    pub codes: CodePatterns,
}

/// What may not be there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forbid {
    /// Another line of the same day with one of these codes.
    pub with_code: Option<LinePatterns>,
    /// A diagnosis.
    pub with_dx: Option<Diagnoses>,
    /// One of these modifiers on the line.
    pub modifier: Vec<String>,
    /// One of these modifiers, on either line, lifts it.
    pub unless_modifier: Vec<String>,
}

/// The service is not paid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deny {
    /// Why.
    pub reason: String,
    /// What is paid instead.
    pub alternative: String,
}

/// How much is paid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// The most units.
    pub units: Option<u32>,
    /// The span that the units are counted over: `365d`, `1y`, `lifetime`. `None` = one line.
    pub per: Option<String>,
    /// The units are counted over the day.
    pub per_dos: bool,
    /// Lowest age in completed years.
    pub age_min: Option<u32>,
    /// Highest age in completed years.
    pub age_max: Option<u32>,
}

#[cfg(test)]
mod tests;
