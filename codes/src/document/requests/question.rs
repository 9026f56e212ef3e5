//! The codes of an encounter as one question, or several where there are too many for one.

use std::collections::HashMap;

use crate::{
    document::EncounterRequest,
    encounter::{Diagnosis, Encounter, ServiceLine},
    note::{Mention, Note, Pointer},
};

/// At most this many codes go into one question; the service refuses more. Further codes follow in further questions.
const MOST_DIAGNOSES: usize = 100;
const MOST_LINES: usize = 500;

/// At most this many modifiers and pointers of a line are sent; the service refuses more, and with the line everything else
/// that was asked with it.
const MOST_MODIFIERS: usize = 4;
const MOST_POINTERS: usize = 12;

/// Collects the codes of an encounter and asks about them, in several questions when there are too many for one.
#[derive(Default)]
pub(super) struct Question {
    /// Diagnoses and lines in text order: indices into the mentions.
    diagnoses: Vec<usize>,
    lines: Vec<usize>,
    /// Diagnoses that are named again, and where they were first.
    pub(super) again: HashMap<usize, usize>,
}

impl Question {
    pub(super) fn add(&mut self, index: usize, mention: &Mention) {
        if mention.system.is_diagnosis() {
            self.diagnoses.push(index);
        } else {
            self.lines.push(index);
        }
    }

    pub(super) fn finish(
        mut self,
        text: &str,
        note: &Note,
        facts: &Encounter,
        each_code_only: bool,
    ) -> Vec<EncounterRequest> {
        // A claim numbers its diagnoses; what it does not number follows.
        let position = |index: &usize| {
            let details = note.mentions.get(*index).map(|mention| &mention.details);
            details.and_then(|details| details.position).unwrap_or(u8::MAX)
        };
        self.diagnoses.sort_by_key(position);
        let pointed = Pointed::new(note, &self);
        let mut parts: Vec<(Vec<usize>, Vec<usize>)> = self
            .diagnoses
            .chunks(MOST_DIAGNOSES)
            .map(|diagnoses| (diagnoses.to_vec(), Vec::new()))
            .collect();
        for line in &self.lines {
            // A line is asked about beside the diagnoses that it points at.
            let own = pointed.first(note, *line).map_or(0, |slot| slot / MOST_DIAGNOSES);
            let free = (own..parts.len()).find(|at| parts[*at].1.len() < MOST_LINES);
            match free {
                Some(at) => parts[at].1.push(*line),
                None => parts.push((Vec::new(), vec![*line])),
            }
        }
        let question = |(diagnoses, lines): (Vec<usize>, Vec<usize>)| {
            let encounter = Encounter {
                diagnoses: diagnoses.iter().map(|index| diagnosis(text, note, *index)).collect(),
                lines: lines
                    .iter()
                    .map(|index| pointed.line(text, note, *index, &diagnoses, facts))
                    .collect(),
                ..facts.clone()
            };
            let mentions = diagnoses.into_iter().chain(lines).collect();
            EncounterRequest { encounter, each_code_only, mentions, ..EncounterRequest::default() }
        };
        parts.into_iter().map(question).collect()
    }
}

fn diagnosis(text: &str, note: &Note, index: usize) -> Diagnosis {
    let mention = &note.mentions[index];
    Diagnosis {
        role: mention.details.role,
        present_on_admission: mention.details.present_on_admission,
        ..Diagnosis::new(mention.system, &text[mention.range.clone()])
    }
}

/// What pointers name: diagnoses of the whole encounter, in claim order.
struct Pointed<'q> {
    question: &'q Question,
    /// Mentions of diagnoses by the number that the claim gives them, else by their order.
    by_position: HashMap<u8, usize>,
    /// Where each mention stands among the diagnoses.
    slots: HashMap<usize, usize>,
}

impl<'q> Pointed<'q> {
    fn new(note: &Note, question: &'q Question) -> Self {
        let slots =
            question.diagnoses.iter().enumerate().map(|(slot, index)| (*index, slot)).collect();
        let numbered = question.diagnoses.iter().filter_map(|index| {
            let position = note.mentions.get(*index)?.details.position?;
            Some((position, *index))
        });
        let mut by_position: HashMap<u8, usize> = HashMap::new();
        for (position, index) in numbered {
            by_position.entry(position).or_insert(index);
        }
        if by_position.is_empty() {
            by_position = (1..=u8::MAX).zip(question.diagnoses.iter().copied()).collect();
        }
        Self { question, by_position, slots }
    }

    /// The mention that a pointer names; `Err` when it names none.
    fn target(&self, note: &Note, pointer: &Pointer) -> Result<usize, ()> {
        let at = |mention: &Mention| mention.range.start.cmp(&pointer.range.start);
        let index = match pointer.position {
            Some(position) => self.by_position.get(&position).copied(),
            None => note.mentions.binary_search_by(at).ok(),
        };
        let index = index.ok_or(())?;
        Ok(self.question.again.get(&index).copied().unwrap_or(index))
    }

    /// Where the first diagnosis stands that a line points at.
    fn first(&self, note: &Note, line: usize) -> Option<usize> {
        let pointers = &note.mentions.get(line)?.details.pointers;
        pointers
            .iter()
            .filter_map(|pointer| self.slots.get(&self.target(note, pointer).ok()?))
            .copied()
            .next()
    }

    /// The line as it is asked about, with `diagnoses` at its side. A pointer at a diagnosis of another question is
    /// dropped.
    fn line(
        &self,
        text: &str,
        note: &Note,
        index: usize,
        diagnoses: &[usize],
        facts: &Encounter,
    ) -> ServiceLine {
        let mention = &note.mentions[index];
        let details = &mention.details;
        let first = diagnoses.first().and_then(|index| self.slots.get(index)).copied();
        let (mut pointers, mut dangling) = (Vec::new(), Vec::new());
        for pointer in &details.pointers {
            match self.target(note, pointer) {
                Ok(target) => {
                    let slot = self.slots.get(&target).copied();
                    let here = slot.zip(first).and_then(|(slot, first)| slot.checked_sub(first));
                    pointers.extend(here.filter(|slot| *slot < diagnoses.len()));
                }
                Err(()) => dangling.extend(text.get(pointer.range.clone()).map(str::to_uppercase)),
            }
        }
        pointers.truncate(MOST_POINTERS);
        dangling.truncate(MOST_POINTERS);
        let modifiers = mention.modifiers.iter().take(MOST_MODIFIERS);
        let modifiers = modifiers.map(|range| text[range.clone()].to_uppercase());
        let date = details.service_date.as_ref().map(|date| date.date);
        let place = details.place_of_service.as_ref().map(|range| text[range.clone()].to_owned());
        let place = place.filter(|place| super::is_two_digits(place));
        ServiceLine {
            modifiers: modifiers.collect(),
            service_date: date.filter(|date| Some(*date) != facts.service_date),
            diagnosis_pointers: pointers,
            dangling_pointers: dangling,
            units: details.units,
            minutes: details.minutes,
            place_of_service: place.filter(|place| Some(place) != facts.place_of_service.as_ref()),
            ..ServiceLine::new(mention.system, &text[mention.range.clone()])
        }
    }
}
