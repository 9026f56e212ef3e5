//! Reads a payer file. Unknown keys are errors: a condition that is misspelled must not be lost in silence.

use std::{fmt, ops::Range};

use serde::Deserialize;

use super::{
    AgeRange, Deny, Diagnoses, Forbid, Limit, LinePatterns, PayerFile, PayerRule, Require, When,
};
use crate::{
    code_set::CodePatterns,
    date::{Date, parse_iso},
    encounter::{Setting, Sex},
    issue::Severity,
    system::modifier,
};

/// The form of files that this version reads.
const SCHEMA: u32 = 1;

/// Bytes of the largest file, and the size that a compiled pattern may have.
const MOST_BYTES: usize = 4 << 20;
const MOST_PATTERN_BYTES: usize = 256 << 10;

/// A payer file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayerFileError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and the way out.
    pub message: String,
}

impl fmt::Display for PayerFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for PayerFileError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: toml::Spanned<u32>,
    payer: Payer,
    #[serde(default)]
    rule: Vec<toml::Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payer {
    id: toml::Spanned<String>,
    #[serde(default)]
    name: String,
    effective: Option<toml::Spanned<toml::value::Datetime>>,
    until: Option<toml::Spanned<toml::value::Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: toml::Spanned<String>,
    severity: Option<toml::Spanned<String>>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    source: String,
    policy: Option<String>,
    when: EntryWhen,
    #[serde(default)]
    require: EntryRequire,
    #[serde(default)]
    forbid: EntryForbid,
    deny: Option<EntryDeny>,
    #[serde(default)]
    limit: EntryLimit,
}

type Words = Option<toml::Spanned<OneOrMany>>;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct EntryWhen {
    code: Words,
    dx: Words,
    pos: Words,
    setting: Words,
    age: Option<toml::Spanned<AgeWords>>,
    sex: Option<toml::Spanned<String>>,
    dos: Option<toml::Spanned<String>>,
    modifier: Words,
    text: Option<toml::Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct EntryRequire {
    modifier_any: Words,
    modifier_all: Words,
    dx_any: Words,
    dx_all: Words,
    dx_first: Words,
    text_any: Words,
    text_all: Words,
    prior_auth: bool,
    age_min: Option<u32>,
    age_max: Option<u32>,
    field: Words,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct EntryForbid {
    with_code: Words,
    with_dx: Words,
    modifier: Words,
    unless_modifier: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryDeny {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    alternative: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct EntryLimit {
    units: Option<u32>,
    per: Option<toml::Spanned<String>>,
    per_dos: bool,
    age_min: Option<u32>,
    age_max: Option<u32>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum AgeWords {
    Years(u32),
    Range(String),
}

/// A fault and the bytes it is at.
type Fault = (Range<usize>, String);

/// Reads the file named `file`, which is used in messages only.
///
/// # Errors
/// The text is no TOML, has an unknown or missing key, or a value that means nothing; with line and column.
pub fn parse(file: &str, text: &str) -> Result<PayerFile, PayerFileError> {
    if text.len() > MOST_BYTES {
        let message = format!("the file is larger than {} MB", MOST_BYTES >> 20);
        return Err(PayerFileError { line: 1, column: 1, message });
    }
    let read: File = toml::from_str(text).map_err(|error| {
        let message = error.message().lines().next().unwrap_or("is no TOML").to_owned();
        located(text, (error.span().unwrap_or(0..0), message))
    })?;
    convert(file, read).map_err(|fault| located(text, fault))
}

fn located(text: &str, (range, message): Fault) -> PayerFileError {
    let before = text.get(..range.start.min(text.len())).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    PayerFileError { line: before.matches('\n').count() + 1, column, message }
}

fn convert(file: &str, read: File) -> Result<PayerFile, Fault> {
    if *read.schema.get_ref() != SCHEMA {
        let message =
            format!("schema {} is not known here; write schema = {SCHEMA}", read.schema.get_ref());
        return Err((read.schema.span(), message));
    }
    if read.payer.id.get_ref().trim().is_empty() {
        return Err((read.payer.id.span(), "the payer has no id".to_owned()));
    }
    let effective = read.payer.effective.as_ref().map(day).transpose()?;
    let until_span = read.payer.until.as_ref().map(toml::Spanned::span);
    let until = read.payer.until.as_ref().map(day).transpose()?;
    if let (Some(first), Some(last), Some(span)) = (effective, until, until_span)
        && last < first
    {
        return Err((span, "the period ends before it begins".to_owned()));
    }
    let mut rules: Vec<PayerRule> = Vec::new();
    for entry in read.rule {
        let span = entry.get_ref().id.span();
        let rule = rule(entry)?;
        if rules.iter().any(|other| other.id == rule.id) {
            return Err((span, format!("two entries have the id {}", rule.id)));
        }
        rules.push(rule);
    }
    let id = read.payer.id.into_inner();
    let name = if read.payer.name.is_empty() { id.clone() } else { read.payer.name };
    Ok(PayerFile { file: file.to_owned(), id, name, effective, until, rules })
}

fn rule(entry: toml::Spanned<Entry>) -> Result<PayerRule, Fault> {
    let span = entry.get_ref().id.span();
    let entry = entry.into_inner();
    let severity = entry
        .severity
        .map(|word| {
            Severity::from_id(word.get_ref()).ok_or_else(|| {
                (word.span(), "the severity is error, warning, info or hint".to_owned())
            })
        })
        .transpose()?;
    let rule = PayerRule {
        id: entry.id.into_inner(),
        severity,
        message: entry.message,
        source: entry.source,
        policy: entry.policy,
        when: when(entry.when)?,
        require: require(entry.require)?,
        forbid: forbid(entry.forbid)?,
        deny: entry.deny.map(|deny| Deny { reason: deny.reason, alternative: deny.alternative }),
        limit: limit(entry.limit)?,
    };
    let asks = rule.require != Require::default()
        || rule.forbid != Forbid::default()
        || rule.deny.is_some()
        || rule.limit != Limit::default();
    if asks {
        Ok(rule)
    } else {
        let message =
            format!("{} asks for nothing: give it require, forbid, deny or limit", rule.id);
        Err((span, message))
    }
}

fn when(when: EntryWhen) -> Result<When, Fault> {
    let setting = words(
        when.setting,
        |word| match word {
            "inpatient" => Some(Setting::Inpatient),
            "outpatient" => Some(Setting::Outpatient),
            "professional" => Some(Setting::Professional),
            "dme" => Some(Setting::Dme),
            _ => None,
        },
        "a setting is inpatient, outpatient, professional or dme",
    )?;
    let two_digits = |word: &str| {
        let fits = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| word.to_owned())
    };
    let age = when.age.map(|age| {
        let span = age.span();
        let range = match age.into_inner() {
            AgeWords::Years(years) => Some(AgeRange { first: years, last: Some(years) }),
            AgeWords::Range(range) => AgeRange::parse(&range),
        };
        range.ok_or_else(|| (span, "an age is written 65, 0-17 or 65+".to_owned()))
    });
    let sex = when.sex.map(|sex| match sex.get_ref().as_str() {
        "F" | "f" | "female" => Ok(Sex::Female),
        "M" | "m" | "male" => Ok(Sex::Male),
        _ => Err((sex.span(), "sex is F or M".to_owned())),
    });
    let dos = when.dos.map(|dos| {
        period(dos.get_ref()).ok_or_else(|| {
            (
                dos.span(),
                "dos is written 2026-01-01..2026-06-30, with either end left out at will"
                    .to_owned(),
            )
        })
    });
    Ok(When {
        code: lines(when.code)?,
        dx: diagnoses(when.dx)?.map(|diagnoses| diagnoses.codes),
        pos: words(when.pos, two_digits, "a place of service has two digits")?,
        setting,
        age: age.transpose()?,
        sex: sex.transpose()?,
        dos: dos.transpose()?,
        modifier: modifiers(when.modifier)?,
        text: when.text.map(pattern).transpose()?,
    })
}

fn require(require: EntryRequire) -> Result<Require, Fault> {
    let all = |list: Words| -> Result<Vec<Diagnoses>, Fault> {
        let Some(list) = list else { return Ok(Vec::new()) };
        let span = list.span();
        many(list.into_inner()).iter().map(|word| one_diagnosis(span.clone(), word)).collect()
    };
    Ok(Require {
        modifier_any: modifiers(require.modifier_any)?,
        modifier_all: modifiers(require.modifier_all)?,
        dx_any: diagnoses(require.dx_any)?,
        dx_all: all(require.dx_all)?,
        dx_first: diagnoses(require.dx_first)?,
        text_any: patterns(require.text_any)?,
        text_all: patterns(require.text_all)?,
        prior_auth: require.prior_auth,
        age_min: require.age_min,
        age_max: require.age_max,
        field: words(require.field, |word| Some(word.to_owned()), "")?,
    })
}

fn forbid(forbid: EntryForbid) -> Result<Forbid, Fault> {
    Ok(Forbid {
        with_code: lines(forbid.with_code)?,
        with_dx: diagnoses(forbid.with_dx)?,
        modifier: modifiers(forbid.modifier)?,
        unless_modifier: modifiers(forbid.unless_modifier)?,
    })
}

fn limit(limit: EntryLimit) -> Result<Limit, Fault> {
    let per = limit.per.map(|per| {
        let word = per.get_ref().as_str();
        let counted = word.strip_suffix(['d', 'm', 'y']).is_some_and(|number| {
            (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        if counted || word == "lifetime" {
            Ok(word.to_owned())
        } else {
            Err((per.span(), "per is written 365d, 12m, 1y or lifetime".to_owned()))
        }
    });
    Ok(Limit {
        units: limit.units,
        per: per.transpose()?,
        per_dos: limit.per_dos,
        age_min: limit.age_min,
        age_max: limit.age_max,
    })
}

fn many(words: OneOrMany) -> Vec<String> {
    match words {
        OneOrMany::One(word) => vec![word],
        OneOrMany::Many(words) => words,
    }
}

fn words<T>(list: Words, read: impl Fn(&str) -> Option<T>, fault: &str) -> Result<Vec<T>, Fault> {
    let Some(list) = list else { return Ok(Vec::new()) };
    let span = list.span();
    let words = many(list.into_inner());
    let read = words
        .iter()
        .map(|word| read(word.trim()).ok_or_else(|| (span.clone(), format!("'{word}': {fault}"))));
    read.collect()
}

fn modifiers(list: Words) -> Result<Vec<String>, Fault> {
    let read = |word: &str| {
        let word = word.to_ascii_uppercase();
        modifier::has_shape(&word).then_some(word)
    };
    words(list, read, "a modifier has two letters or digits")
}

fn lines(list: Words) -> Result<Option<LinePatterns>, Fault> {
    let Some(list) = list else { return Ok(None) };
    let span = list.span();
    let patterns = LinePatterns::parse(&many(list.into_inner()));
    patterns
        .map(Some)
        .map_err(|word| (span, format!("'{word}' is no code, range or beginning of codes")))
}

fn diagnoses(list: Words) -> Result<Option<Diagnoses>, Fault> {
    let Some(list) = list else { return Ok(None) };
    let span = list.span();
    let words = many(list.into_inner());
    for word in &words {
        one_diagnosis(span.clone(), word)?;
    }
    one_diagnosis(span, &words.join(", ")).map(Some)
}

fn one_diagnosis(span: Range<usize>, written: &str) -> Result<Diagnoses, Fault> {
    let codes = CodePatterns::parse(written);
    let codes = codes.ok_or_else(|| (span, format!("'{written}' names no ICD-10-CM code")))?;
    Ok(Diagnoses { written: written.to_owned(), codes })
}

fn patterns(list: Words) -> Result<Vec<String>, Fault> {
    let Some(list) = list else { return Ok(Vec::new()) };
    let span = list.span();
    many(list.into_inner()).into_iter().map(|word| compiled(span.clone(), word)).collect()
}

fn pattern(word: toml::Spanned<String>) -> Result<String, Fault> {
    compiled(word.span(), word.into_inner())
}

fn compiled(span: Range<usize>, word: String) -> Result<String, Fault> {
    match regex::RegexBuilder::new(&word).size_limit(MOST_PATTERN_BYTES).build() {
        Ok(_) => Ok(word),
        Err(_) => Err((span, format!("'{word}' is no regular expression, or too large a one"))),
    }
}

fn period(written: &str) -> Option<(Option<Date>, Option<Date>)> {
    let (first, last) = written.split_once("..")?;
    let day = |word: &str| match word.trim() {
        "" => Some(None),
        word => parse_iso(word).ok().map(Some),
    };
    let (first, last) = (day(first)?, day(last)?);
    (first.is_some() || last.is_some()).then_some((first, last))
}

fn day(value: &toml::Spanned<toml::value::Datetime>) -> Result<Date, Fault> {
    let read = value.get_ref().date.and_then(|date| {
        parse_iso(&format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)).ok()
    });
    read.filter(|_| value.get_ref().time.is_none())
        .ok_or_else(|| (value.span(), "a date is written 2026-01-31".to_owned()))
}
