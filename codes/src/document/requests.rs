//! Which codes of a text belong together, and which are only mentioned.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use crate::{
    described::{
        self,
        uncoded::{self, Item},
    },
    encounter::{Diagnosis, Encounter, ServiceLine, Setting, Sex},
    normalize::normalize,
    note::{self, Evidence, Form, Mention, Note, Place},
    system::CodeSystem,
    term_key::{TermReader, bucket},
};

use super::EncounterRequest;

/// Cells of a row lie at most this many mentions apart.
const ROW: usize = 4;

/// At most this many codes go into one question; the service refuses more. Further codes follow in further questions.
const MOST_DIAGNOSES: usize = 100;
const MOST_LINES: usize = 500;

/// At most this many buckets are asked for in one question.
const MOST_BUCKETS: usize = 200;

/// The questions about a note: for each encounter the codes reported together, then those only mentioned.
pub(super) fn of(text: &str, note: &Note) -> Vec<EncounterRequest> {
    let mut requests = Vec::new();
    let items = uncoded::items(text, note);
    for (number, scope) in note.encounters.iter().enumerate() {
        let facts = facts(scope);
        let mut reported = Question::new(&facts, false);
        let mut mentioned = Question::new(&facts, true);
        // Where each code stood last, so that a long list is read once.
        let mut last: HashMap<(CodeSystem, String), Range<usize>> = HashMap::new();
        let own =
            note.mentions.iter().enumerate().filter(|(_, mention)| mention.encounter == number);
        for (index, mention) in own {
            if mention.evidence == Evidence::Bare || is_category_in_prose(text, note, index, scope)
            {
                continue;
            }
            if !is_reported(mention) {
                mentioned.add(text, index, mention);
                continue;
            }
            let code = normalize(mention.system, &text[mention.range.clone()]).code;
            let before = last.insert((mention.system, code), mention.range.clone());
            if before.is_some_and(|before| {
                is_another_part(&text[before.end..mention.range.start], mention)
            }) {
                mentioned.add(text, index, mention);
            } else {
                reported.add(text, index, mention);
            }
        }
        let mut reported = reported.finish();
        if let Some(first) = reported.first_mut() {
            first.term_buckets = buckets(text, note, number, &items);
        }
        requests.extend(reported);
        requests.extend(mentioned.finish());
    }
    requests
}

/// The buckets of the descriptions of an encounter: beside its codes, and of items of its assessment without a code.
fn buckets(text: &str, note: &Note, encounter: usize, items: &[Item]) -> Vec<u16> {
    let own = note.mentions.iter().filter(|mention| mention.encounter == encounter);
    let beside = own.filter(|mention| mention.reported && mention.system.is_diagnosis());
    let beside = beside.filter_map(|mention| mention.description.clone());
    let items = items.iter().filter(|item| item.encounter == encounter);
    let ranges = beside.chain(items.map(|item| item.range.clone()));
    let mut reader = TermReader::default();
    let found: BTreeSet<u16> = ranges
        .filter_map(|range| text.get(range))
        .flat_map(|words| described::keys(&mut reader, words))
        .map(bucket)
        .collect();
    found.into_iter().take(MOST_BUCKETS).collect()
}

/// Reported codes have a label, a structure, or a description at their side; a code that prose only names is
/// mentioned.
fn is_reported(mention: &Mention) -> bool {
    let stands_for_a_diagnosis = match mention.evidence {
        Evidence::Certain | Evidence::Labelled => true,
        Evidence::Dotted => mention.description.is_some(),
        Evidence::Bare => false,
    };
    mention.reported && stands_for_a_diagnosis
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

/// Whether a code that stood before is named again in another part of the text: the plan names what the assessment
/// has named, an order names its reason, a row of a table its event. Within one list a repetition is a repetition.
fn is_another_part(between: &str, mention: &Mention) -> bool {
    let Some((_, behind)) = between.split_once('\n') else { return false };
    let own_line = behind.rsplit('\n').next().unwrap_or(behind);
    let blank_line = behind.lines().any(|line| line.trim().is_empty()) && behind.contains('\n');
    blank_line || mention.place == Place::Table || own_line.contains([':', '('])
}

fn facts(scope: &note::EncounterScope) -> Encounter {
    Encounter {
        setting: match scope.setting {
            None => Setting::Unknown,
            Some(note::Setting::Inpatient) => Setting::Inpatient,
            Some(note::Setting::Outpatient) => Setting::Outpatient,
            Some(note::Setting::Professional) => Setting::Professional,
        },
        service_date: scope.service_date.as_ref().map(|mention| mention.date),
        discharge_date: scope.discharge_date.as_ref().map(|mention| mention.date),
        age_years: scope.age_years,
        sex: match scope.sex {
            None => Sex::Unknown,
            Some(note::Sex::Female) => Sex::Female,
            Some(note::Sex::Male) => Sex::Male,
        },
        is_claim: scope.is_claim,
        ..Encounter::default()
    }
}

/// Collects codes until a question is full.
struct Question<'f> {
    facts: &'f Encounter,
    each_code_only: bool,
    full: Vec<EncounterRequest>,
    encounter: Encounter,
    diagnoses: Vec<usize>,
    lines: Vec<usize>,
}

impl<'f> Question<'f> {
    fn new(facts: &'f Encounter, each_code_only: bool) -> Self {
        let encounter = facts.clone();
        Self {
            facts,
            each_code_only,
            full: Vec::new(),
            encounter,
            diagnoses: Vec::new(),
            lines: Vec::new(),
        }
    }

    fn add(&mut self, text: &str, index: usize, mention: &Mention) {
        if self.diagnoses.len() >= MOST_DIAGNOSES || self.lines.len() >= MOST_LINES {
            self.close();
        }
        let code = text[mention.range.clone()].to_owned();
        if mention.system.is_diagnosis() {
            self.encounter.diagnoses.push(Diagnosis::new(mention.system, code));
            self.diagnoses.push(index);
        } else {
            let modifiers =
                mention.modifiers.iter().map(|range| text[range.clone()].to_uppercase());
            self.encounter.lines.push(ServiceLine {
                modifiers: modifiers.collect(),
                ..ServiceLine::new(mention.system, code)
            });
            self.lines.push(index);
        }
    }

    fn close(&mut self) {
        if self.diagnoses.is_empty() && self.lines.is_empty() {
            return;
        }
        let encounter = std::mem::replace(&mut self.encounter, self.facts.clone());
        let mut mentions = std::mem::take(&mut self.diagnoses);
        mentions.append(&mut self.lines);
        self.full.push(EncounterRequest {
            encounter,
            each_code_only: self.each_code_only,
            as_of: None,
            switched_on: Vec::new(),
            strict_excludes1: false,
            term_buckets: Vec::new(),
            mentions,
        });
    }

    fn finish(mut self) -> Vec<EncounterRequest> {
        self.close();
        self.full
    }
}
