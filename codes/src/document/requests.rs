//! Which codes of a text belong together, and which are only mentioned.

use std::{
    cell::OnceCell,
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use foldhash::fast::RandomState;

use crate::{
    described::{self, uncoded},
    encounter::{Encounter, Setting, Sex},
    normalize::normalize,
    note::{self, Evidence, Form, Mention, Note, Place},
    system::CodeSystem,
    term_key::{TermReader, bucket},
    words::spans::lines,
};

use super::EncounterRequest;

mod question;

use question::Question;

/// Cells of a row lie at most this many mentions apart.
const ROW: usize = 4;

/// Bytes of the longest name of a payer.
const LONGEST_PAYER: usize = 64;

/// At most this many buckets are asked for in one question.
const MOST_BUCKETS: usize = 200;

/// The questions about an encounter, which is a note of its own: the codes reported together, then those only mentioned.
pub(super) fn of(
    text: &str,
    note: &Note,
    uncoded: &[uncoded::Item],
    facts: &Encounter,
    reader: &mut TermReader,
) -> Vec<EncounterRequest> {
    let Some(scope) = note.encounters.first() else { return Vec::new() };
    let mut reported = Question::default();
    let mut mentioned = Question::default();
    let vouchers = Vouchers::new(text, note);
    let blank_lines = BlankLines::default();
    // Where each code was first reported, and where it stood last.
    let mut known: HashMap<(CodeSystem, String), (usize, usize), RandomState> = HashMap::default();
    for (index, mention) in note.mentions.iter().enumerate() {
        let is_vouched = vouchers.vouch_for(mention);
        if mention.evidence == Evidence::Bare && !is_vouched
            || is_category_in_prose(text, note, index, scope)
        {
            continue;
        }
        if !is_vouched && !is_reported(mention) {
            mentioned.add(index, mention);
            continue;
        }
        let code = normalize(mention.system, &text[mention.range.clone()]).code;
        let mut before = None;
        let place = known.entry((mention.system, code)).and_modify(|(_, end)| before = Some(*end));
        let (named, end) = place.or_insert((index, 0));
        *end = mention.range.end;
        let is_row = matches!(mention.place, Place::Table | Place::Claim | Place::Fence);
        let is_line = !mention.system.is_diagnosis() && is_row;
        let is_again =
            || before.is_some_and(|before| blank_lines.is_another_part(text, before, mention));
        if !is_line && is_again() {
            mentioned.add(index, mention);
            reported.again.insert(index, *named);
        } else {
            reported.add(index, mention);
        }
    }
    let mut requests = reported.finish(text, note, facts, false);
    if let Some(first) = requests.first_mut() {
        first.term_buckets = buckets(text, note, uncoded, reader);
    }
    requests.extend(mentioned.finish(text, note, facts, true));
    requests
}

/// The buckets of the descriptions of an encounter: beside its codes, and of items of its assessment without a code.
fn buckets(
    text: &str,
    note: &Note,
    uncoded: &[uncoded::Item],
    reader: &mut TermReader,
) -> Vec<u16> {
    let own = note.mentions.iter();
    let beside = own.filter(|mention| mention.reported && mention.system.is_diagnosis());
    let beside = beside.filter_map(|mention| mention.description.clone());
    let ranges = beside.chain(uncoded.iter().map(|item| item.range.clone()));
    let found: BTreeSet<u16> = ranges
        .filter_map(|range| text.get(range))
        .flat_map(|words| described::keys(reader, words))
        .map(bucket)
        .collect();
    found.into_iter().take(MOST_BUCKETS).collect()
}

/// The questions about codes of an encounter for which only their shape speaks: each of them alone.
pub(super) fn bare(text: &str, note: &Note, facts: &Encounter) -> Vec<EncounterRequest> {
    let mut question = Question::default();
    for (index, mention) in note.mentions.iter().enumerate() {
        if mention.evidence == Evidence::Bare {
            question.add(index, mention);
        }
    }
    question.finish(text, note, facts, true)
}

/// A diagnosis of three characters in brackets behind its description, such as "essential hypertension (I10)", where
/// another one of the encounter stands so with its point: the neighbour says what the brackets hold.
struct Vouchers<'t> {
    text: &'t str,
    /// Another one of the encounter stands so.
    some: bool,
}

impl<'t> Vouchers<'t> {
    fn new(text: &'t str, note: &Note) -> Self {
        let some = note.mentions.iter().any(|other| {
            other.evidence == Evidence::Dotted && other.reported && is_in_brackets(text, other)
        });
        Self { text, some }
    }

    fn vouch_for(&self, mention: &Mention) -> bool {
        self.some
            && mention.evidence == Evidence::Bare
            && mention.system == CodeSystem::Icd10Cm
            && mention.range.len() == 3
            && mention.reported
            && !mention.questioned
            && is_in_brackets(self.text, mention)
    }
}

fn is_in_brackets(text: &str, mention: &Mention) -> bool {
    mention.description.is_some()
        && text[..mention.range.start].ends_with('(')
        && text[mention.range.end..].starts_with(')')
}

/// Reported codes have a label, a structure, or a description at their side; a code that prose only names is
/// mentioned.
fn is_reported(mention: &Mention) -> bool {
    let stands_for_a_diagnosis = match mention.evidence {
        Evidence::Certain | Evidence::Labelled => true,
        Evidence::Dotted => mention.description.is_some(),
        Evidence::Bare => false,
    };
    mention.reported && !mention.questioned && stands_for_a_diagnosis
}

/// "E11.-" and "E08-E13" are right in prose, behind a label and in a table of codes, and wrong where a claim needs one
/// code: a row with a procedure or a date is a line of a claim.
fn is_category_in_prose(
    text: &str,
    note: &Note,
    index: usize,
    scope: &note::EncounterScope,
) -> bool {
    let mention = &note.mentions[index];
    let on_claim = match mention.place {
        Place::Claim | Place::Fence | Place::FrontMatter => true,
        Place::Table => {
            let near =
                &note.mentions[index.saturating_sub(ROW)..(index + ROW).min(note.mentions.len())];
            let in_row = near
                .iter()
                .any(|other| other.place == Place::Table && !other.system.is_diagnosis());
            let dated = scope.service_date.as_ref().is_some_and(|date| {
                let (first, last) = (
                    date.range.start.min(mention.range.start),
                    date.range.end.max(mention.range.end),
                );
                !text[first..last].contains('\n')
            });
            in_row || scope.is_claim || dated
        }
        Place::Label | Place::Sigil | Place::Prose => false,
    };
    mention.form != Form::Code && !on_claim
}

/// Where the blank lines of a text begin, once somebody has asked.
#[derive(Default)]
struct BlankLines(OnceCell<Vec<usize>>);

impl BlankLines {
    /// Whether a code that stood before, up to `end`, is named again in another part of the text: the plan names what the
    /// assessment has named, an order names its reason, a row of a table its event. Within one list a repetition is a
    /// repetition.
    fn is_another_part(&self, text: &str, end: usize, mention: &Mention) -> bool {
        let own = text[..mention.range.start].rfind('\n').map_or(0, |at| at + 1);
        if own <= end {
            return false;
        }
        let own_line = &text[own..mention.range.start];
        if mention.place == Place::Table || own_line.contains([':', '(']) {
            return true;
        }
        let next = end + text[end..].find('\n').map_or(0, |at| at + 1);
        let all = self.0.get_or_init(|| begins_of_blank_lines(text));
        let is_blank = !own_line.is_empty() && own_line.trim().is_empty();
        next < own
            && (is_blank
                || all[all.partition_point(|at| *at < next)..].first().is_some_and(|at| *at < own))
    }
}

fn begins_of_blank_lines(text: &str) -> Vec<usize> {
    let is_blank =
        |line: &Range<usize>| text.get(line.clone()).is_none_or(|it| it.trim_start().is_empty());
    lines(text).filter(is_blank).map(|line| line.start).collect()
}

/// Places of service and discharge statuses are; the service refuses others.
fn is_two_digits(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What an encounter of a text states beside its codes.
pub(super) fn facts(text: &str, scope: &note::EncounterScope) -> Encounter {
    let written = |range: &Range<usize>| text.get(range.clone()).map(str::to_owned);
    let place = scope.place_of_service.as_ref();
    Encounter {
        setting: match scope.setting {
            None => Setting::Unknown,
            Some(note::Setting::Inpatient) => Setting::Inpatient,
            Some(note::Setting::Outpatient) => Setting::Outpatient,
            Some(note::Setting::Professional) => Setting::Professional,
        },
        service_date: scope.service_date.as_ref().map(|mention| mention.date),
        admission_date: scope.admission_date.as_ref().map(|mention| mention.date),
        discharge_date: scope.discharge_date.as_ref().map(|mention| mention.date),
        age_years: scope.age_years,
        age_days: scope.age_days,
        sex: match scope.sex {
            None => Sex::Unknown,
            Some(note::Sex::Female) => Sex::Female,
            Some(note::Sex::Male) => Sex::Male,
        },
        patient_status: scope.patient_status,
        place_of_service: place.and_then(written).filter(|place| is_two_digits(place)),
        discharge_status: scope
            .discharge_status
            .as_ref()
            .and_then(written)
            .filter(|status| is_two_digits(status)),
        // An id or a name; what is longer is no payer, and the service refuses it.
        payer: scope.payer.as_ref().and_then(written).filter(|payer| payer.len() <= LONGEST_PAYER),
        is_claim: scope.is_claim,
        claim_fields: scope
            .claim_fields
            .as_ref()
            .map(|fields| fields.iter().map(|field| (*field).to_owned()).collect()),
        condition_codes: scope.condition_codes.iter().filter_map(written).collect(),
        diagnoses: Vec::new(),
        lines: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
