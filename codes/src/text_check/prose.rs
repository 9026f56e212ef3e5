//! What the words of an encounter say outside of its codes.

use std::{ops::Range, rc::Rc};

use super::{Mark, TextView};
use crate::{
    fact::Fact,
    note::Place,
    words::{Statement, list::WordList, prose::Prose, statements},
};

/// Words that name fields, not facts.
static LABELS: WordList = WordList::new(&[
    "assessment",
    "code",
    "codes",
    "coding",
    "cpt",
    "date",
    "description",
    "diagnoses",
    "diagnosis",
    "dos",
    "dx",
    "encounter",
    "hcpcs",
    "icd",
    "mod",
    "modifier",
    "patient",
    "plan",
    "procedure",
    "service",
    "superbill",
    "units",
    "visit",
]);

impl<'n> TextView<'n> {
    /// The reported diagnoses of an encounter that are known with their title, in text order.
    pub fn reported_diagnoses(&self, encounter: usize) -> impl Iterator<Item = &'n Mark<'n>> {
        self.marks_of(encounter).filter(|mark| mark.is_reported_diagnosis())
    }

    /// The words of an encounter with what is said of each, codes and their modifiers left out.
    pub fn prose_of(&self, encounter: usize) -> Rc<Prose<'n>> {
        if let Some(known) = self.memo.prose.borrow().get(&encounter) {
            return known.clone();
        }
        let read: Rc<Prose<'n>> = Rc::new(self.read_prose(encounter));
        self.memo.prose.borrow_mut().insert(encounter, read.clone());
        read
    }

    fn read_prose(&self, encounter: usize) -> Prose<'n> {
        let Some(scope) = self.note.encounters.get(encounter) else { return Prose::default() };
        let own = self.note.mentions_of(encounter);
        let mut codes = own.iter().map(|mention| &mention.range);
        let mut next = codes.next();
        let vocabulary = &mut self.vocabulary.borrow_mut();
        Prose::read(self.text, scope.range.clone(), vocabulary, |word| {
            // Most words stand before the next code, and not yet behind it.
            while let Some(code) = next
                && word.end > code.start
            {
                if word.start < code.end {
                    return false;
                }
                next = codes.next();
            }
            true
        })
    }

    /// The words of a range with what is said of each, as [`statements`] reads them; rules ask for the same ones.
    pub fn said(&self, range: &Range<usize>) -> Rc<Vec<Statement<'n>>> {
        let place = (range.start, range.end);
        if let Some(known) = self.memo.said.borrow().get(&place) {
            return known.clone();
        }
        let read: Rc<Vec<Statement<'n>>> = Rc::new(statements(self.text, range.clone()));
        self.memo.said.borrow_mut().insert(place, read.clone());
        read
    }

    /// Whether so many words of an encounter tell something: neither codes nor their descriptions nor labels. A claim
    /// tells nothing.
    pub fn has_prose(&self, encounter: usize, least: usize) -> bool {
        let own = self.note.mentions_of(encounter);
        if own.iter().any(|mention| mention.place == Place::Claim) {
            return least == 0;
        }
        let mut taken: Vec<Range<usize>> = own
            .iter()
            .flat_map(|mention| [Some(mention.range.clone()), mention.description.clone()])
            .flatten()
            .collect();
        taken.sort_by_key(|range| range.start);
        let mut taken = taken.into_iter().peekable();
        // Words of codes are not among them, which do not count either.
        let all = self.prose_of(encounter);
        let tells = |lower: &str| {
            lower.len() >= 3 && lower.chars().all(char::is_alphabetic) && !LABELS.contains(lower)
        };
        let telling = (0..all.len()).filter(|at| tells(all.lower(*at)));
        let telling = telling.map(|at| all.range(at)).filter(|word| {
            while taken.next_if(|range| range.end <= word.start).is_some() {}
            taken.peek().is_none_or(|range| word.end <= range.start)
        });
        telling.take(least).count() == least
    }
}

impl Mark<'_> {
    /// Whether it is a diagnosis that is reported, known, and has a title.
    pub fn is_reported_diagnosis(&self) -> bool {
        self.reported
            && self.fact == Fact::Known
            && self.mention.system.is_diagnosis()
            && self.title.is_some()
    }

    /// `E11.9 (Type 2 diabetes mellitus without complications)`, for messages.
    pub fn named(&self) -> String {
        match self.title {
            Some(title) => [&*self.written, " (", title, ")"].concat(),
            None => self.written.clone(),
        }
    }

    /// The stems of the official title, brackets included.
    pub fn title_stems(&self) -> Vec<String> {
        self.title.map(|title| crate::words::content(title, 0..title.len())).unwrap_or_default()
    }
}
