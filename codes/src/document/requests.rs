//! Which codes of a text belong together, and which are only mentioned.

use crate::{
    encounter::{Diagnosis, Encounter, ServiceLine, Setting, Sex},
    normalize::normalize,
    note::{self, Evidence, Form, Mention, Note, Place},
};

use super::EncounterRequest;

/// At most this many codes go into one question; the service refuses more. Further codes follow in further questions.
const MOST_DIAGNOSES: usize = 100;
const MOST_LINES: usize = 500;

/// The questions about a note: for each encounter the codes reported together, then those only mentioned.
pub(super) fn of(text: &str, note: &Note) -> Vec<EncounterRequest> {
    let mut requests = Vec::new();
    for (number, scope) in note.encounters.iter().enumerate() {
        let facts = facts(scope);
        let mut reported = Question::new(&facts, false);
        let mut mentioned = Question::new(&facts, true);
        let mut earlier: Vec<(usize, &Mention)> = Vec::new();
        for (index, mention) in
            note.mentions.iter().enumerate().filter(|(_, mention)| mention.encounter == number)
        {
            if mention.evidence == Evidence::Bare || is_category_in_prose(mention) {
                continue;
            }
            if is_reported(mention) && !repeats_another_part(text, mention, &earlier) {
                earlier.push((index, mention));
                reported.add(text, index, mention);
            } else {
                mentioned.add(text, index, mention);
            }
        }
        requests.extend(reported.finish());
        requests.extend(mentioned.finish());
    }
    requests
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

/// "E11.-" and "E08-E13" are right in prose and behind a label, and wrong where a claim needs one code.
fn is_category_in_prose(mention: &Mention) -> bool {
    let structured =
        matches!(mention.place, Place::Table | Place::Claim | Place::Fence | Place::FrontMatter);
    mention.form != Form::Code && !structured
}

/// Whether the same code stands in an earlier part of the text: the plan names what the assessment has named. Within
/// one part (no blank line between) a repetition is a repetition.
fn repeats_another_part(text: &str, mention: &Mention, earlier: &[(usize, &Mention)]) -> bool {
    let code = |mention: &Mention| normalize(mention.system, &text[mention.range.clone()]).code;
    let own = code(mention);
    let same =
        earlier.iter().filter(|(_, other)| other.system == mention.system && code(other) == own);
    let mut same = same.peekable();
    same.peek().is_some()
        && same.all(|(_, other)| {
            let between = &text[other.range.end..mention.range.start];
            // Rows of a table are lines of a claim or events: one diagnosis may stand in many.
            is_another_part(between) || (mention.place == Place::Table && between.contains('\n'))
        })
}

fn is_another_part(between: &str) -> bool {
    let mut lines = between.lines();
    lines.next();
    lines.any(|line| line.trim().is_empty())
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
        diagnoses: Vec::new(),
        lines: Vec::new(),
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
            self.encounter.diagnoses.push(Diagnosis { system: mention.system, text: code });
            self.diagnoses.push(index);
        } else {
            let modifiers =
                mention.modifiers.iter().map(|range| text[range.clone()].to_uppercase());
            self.encounter.lines.push(ServiceLine {
                system: mention.system,
                text: code,
                modifiers: modifiers.collect(),
                service_date: None,
                diagnosis_pointers: Vec::new(),
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
            mentions,
        });
    }

    fn finish(mut self) -> Vec<EncounterRequest> {
        self.close();
        self.full
    }
}
