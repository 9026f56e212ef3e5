//! From the wire to what methods work with. Checks the form of every field and reports all that is wrong at once, by
//! its path. What the fields mean is not decided here.

use std::{
    borrow::Cow,
    fmt,
    hash::{Hash, Hasher},
};

use medcode_codes::{
    date::Date,
    encounter::Sex,
    system::{CodeSystem, UnknownSystem},
};
use medcode_proto::v1;
use prost::{DecodeError, Message, bytes::Bytes};

use crate::error::{Error, Violations};

pub(crate) mod document;
pub(crate) mod encounter;
mod gem_system;
mod hierarchy;
mod releases;
mod requests;
mod rules;
mod sent_codes;
mod version;
mod wire;

pub(crate) use gem_system::GemSystem;
pub(crate) use hierarchy::{
    ExpandAsked, ListAsked, Scope, expand_concept, list_concepts, subsumes,
};
pub(crate) use releases::{diff_releases, list_releases};
pub(crate) use requests::{
    DisplayPolicy, LookupAsked, SearchAsked, TranslationKind, list_code_systems, lookup_codes,
    search_concepts, translate_codes, validate_codes,
};
pub(crate) use rules::{explain_rule, list_rules};
pub(crate) use sent_codes::SentCodes;
pub(crate) use version::AskedVersion;

/// Bytes of the longest code, and of the longest version, that is looked at.
const LONGEST_CODE: usize = 64;

/// Bytes of the longest name of a system.
const LONGEST_SYSTEM: usize = 256;

/// Bytes of the longest display.
const LONGEST_DISPLAY: usize = 1_000;

/// A request as it comes.
pub(crate) trait Sent: Send + Sized + 'static {
    /// Reads a request.
    ///
    /// # Errors
    /// The bytes encode none.
    fn read(bytes: Bytes) -> Result<Self, DecodeError>;
}

impl Sent for v1::SearchConceptsRequest {
    fn read(bytes: Bytes) -> Result<Self, DecodeError> {
        Self::decode(bytes)
    }
}

/// How much of a concept is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Basic,
    Full,
}

/// The texts of a coding.
pub(crate) struct SentCoding<'r> {
    system: Cow<'r, str>,
    version: Cow<'r, str>,
    code: Cow<'r, str>,
    display: Cow<'r, str>,
}

impl From<v1::Coding> for SentCoding<'static> {
    fn from(coding: v1::Coding) -> Self {
        let v1::Coding { system, version, code, display } = coding;
        Self {
            system: system.into(),
            version: version.into(),
            code: code.into(),
            display: display.into(),
        }
    }
}

/// A coding as the caller wrote it. Its system may be unknown and its code anything.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AskedCoding<'r> {
    pub(crate) system: Result<CodeSystem, SystemFault>,
    /// The system as sent, to be echoed where it is unknown.
    pub(crate) system_as_sent: Cow<'r, str>,
    pub(crate) version: AskedVersion,
    pub(crate) version_as_sent: Cow<'r, str>,
    pub(crate) code: Cow<'r, str>,
    pub(crate) display: Cow<'r, str>,
}

/// By the code alone: a batch asks about few codes in two systems, and equality tells them apart.
impl Hash for AskedCoding<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code.hash(state);
    }
}

/// The system is none that medcode knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SystemFault {
    pub(crate) is_who_icd10: bool,
}

impl From<UnknownSystem> for SystemFault {
    fn from(unknown: UnknownSystem) -> Self {
        Self { is_who_icd10: unknown.is_who_icd10 }
    }
}

/// Prints no code and no text: in the context of a patient a code is a fact of the patient.
impl fmt::Debug for AskedCoding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AskedCoding").field("system", &self.system).finish_non_exhaustive()
    }
}

/// Reads a coding that has to be there.
fn required_coding<'r>(
    violations: &mut Violations,
    path: impl Fn() -> String,
    coding: Option<SentCoding<'r>>,
) -> AskedCoding<'r> {
    let Some(coding) = coding else {
        violations.add(path(), "is required");
        let (nothing, system) = (Cow::Borrowed(""), CodeSystem::Icd10Cm.id());
        let (version, display) = (nothing.clone(), nothing);
        let coding = SentCoding { system: system.into(), version, code: "-".into(), display };
        return asked_coding(&mut Violations::default(), path, coding);
    };
    asked_coding(violations, path, coding)
}

/// Reads a coding. Its path is made only where something is wrong: a batch has a thousand.
fn asked_coding<'r>(
    violations: &mut Violations,
    path: impl Fn() -> String,
    coding: SentCoding<'r>,
) -> AskedCoding<'r> {
    let SentCoding { system, version, code, display } = coding;
    check_text(violations, || format!("{}.system", path()), &system, 1, LONGEST_SYSTEM);
    check_text(violations, || format!("{}.version", path()), &version, 0, LONGEST_CODE);
    check_text(violations, || format!("{}.code", path()), &code, 1, LONGEST_CODE);
    if display.len() > LONGEST_DISPLAY {
        violations
            .add(format!("{}.display", path()), format!("is longer than {LONGEST_DISPLAY} bytes"));
    }
    AskedCoding {
        system: CodeSystem::from_identifier(&system).map_err(SystemFault::from),
        system_as_sent: system,
        version: AskedVersion::read(&version),
        version_as_sent: version,
        code,
        display,
    }
}

/// Checks the length of a text, in bytes, and that it has no control characters.
fn check_text(
    violations: &mut Violations,
    path: impl Fn() -> String,
    text: &str,
    least: usize,
    most: usize,
) {
    if text.len() < least {
        violations.add(path(), "must not be empty");
    } else if text.len() > most {
        violations.add(path(), format!("is longer than {most} bytes"));
    } else if has_control_characters(text) {
        violations.add(path(), "has control characters");
    }
}

/// Whether a text has control characters. Most have only letters of ASCII, which are looked at many at a time.
fn has_control_characters(text: &str) -> bool {
    let is_plain = text.bytes().fold(true, |plain, byte| plain & (b' '..=b'~').contains(&byte));
    !is_plain && text.chars().any(char::is_control)
}

/// Reads a date. `None` when it is not set, or wrong.
fn date(
    violations: &mut Violations,
    path: impl fmt::Display,
    date: Option<v1::Date>,
) -> Option<Date> {
    let v1::Date { year, month, day } = date?;
    let read = || {
        let year = i16::try_from(year).ok().filter(|year| (1..=9_999).contains(year))?;
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    let read = read();
    if read.is_none() {
        violations
            .add(path.to_string(), "is not a calendar day: year, month and day are all required");
    }
    read
}

/// Reads an enum. A number that medcode does not know is wrong: a server must not ignore what it does not understand.
fn known<E: TryFrom<i32> + Default>(
    violations: &mut Violations,
    path: impl fmt::Display,
    number: i32,
) -> E {
    E::try_from(number).unwrap_or_else(|_| {
        violations.add(path.to_string(), "has a value that is not known here");
        E::default()
    })
}

fn sex(violations: &mut Violations, path: &str, number: i32) -> Sex {
    match known(violations, path, number) {
        v1::Sex::Unspecified => Sex::Unknown,
        v1::Sex::Female => Sex::Female,
        v1::Sex::Male => Sex::Male,
        v1::Sex::Other => Sex::Other,
    }
}

fn view(violations: &mut Violations, number: i32) -> View {
    match known(violations, "view", number) {
        v1::ConceptView::Unspecified | v1::ConceptView::Basic => View::Basic,
        v1::ConceptView::Full => View::Full,
    }
}

/// Reads a page size: 0 takes the default, more than the most is lowered to it.
fn page_size(violations: &mut Violations, size: i32, default: usize, most: usize) -> usize {
    match usize::try_from(size) {
        Ok(0) => default,
        Ok(size) => size.min(most),
        Err(_) => {
            violations.add("page_size", "must not be negative");
            default
        }
    }
}

/// Reads the one system that a request names.
fn required_system(violations: &mut Violations, system: &str) -> Result<CodeSystem, Error> {
    check_text(violations, || "system".to_owned(), system, 1, LONGEST_SYSTEM);
    let unknown =
        |unknown: UnknownSystem| Error::CodeSystemUnknown { is_who_icd10: unknown.is_who_icd10 };
    CodeSystem::from_identifier(system).map_err(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(violations: Violations) -> Vec<String> {
        match violations.finish(()) {
            Ok(()) => Vec::new(),
            Err(Error::Invalid(found)) => {
                found.into_iter().map(|violation| violation.field).collect()
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn reads_dates_that_exist() {
        let mut violations = Violations::default();
        let of = |year, month, day| Some(v1::Date { year, month, day });
        assert_eq!(
            date(&mut violations, "date", of(2026, 4, 1)),
            Some(medcode_codes::date::parse_iso("2026-04-01").unwrap())
        );
        assert_eq!(date(&mut violations, "date", None), None);
        for wrong in [
            of(2026, 0, 0),
            of(2026, 2, 30),
            of(0, 1, 1),
            of(10_000, 1, 1),
            of(-5, 1, 1),
            of(70_000, 1, 1),
            of(2026, 300, 1),
        ] {
            assert_eq!(date(&mut violations, "date", wrong), None);
        }
        assert_eq!(fields(violations), ["date"; 7]);
    }

    #[test]
    fn reports_every_field_of_a_coding() {
        let mut violations = Violations::default();
        let coding = v1::Coding {
            system: String::new(),
            version: "x".repeat(65),
            code: "E11\n".into(),
            display: "x".repeat(1_001),
        };
        asked_coding(&mut violations, || "codings[3]".into(), coding.into());
        required_coding(&mut violations, || "codings[4]".into(), None);
        assert_eq!(
            fields(violations),
            [
                "codings[3].system",
                "codings[3].version",
                "codings[3].code",
                "codings[3].display",
                "codings[4]"
            ]
        );
    }

    #[test]
    fn a_page_size_is_lowered_but_not_negative() {
        let mut violations = Violations::default();
        let mut size = |size| page_size(&mut violations, size, 20, 100);
        assert_eq!((size(0), size(7), size(1_000), size(-1)), (20, 7, 100, 20));
        assert_eq!(fields(violations), ["page_size"]);
    }
}
