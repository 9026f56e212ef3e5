//! Which codes belong together, and what is known of the encounter they belong to. Source: rules, section 7.
//!
//! A scope begins at an `Encounter:` line, a heading with a date, a claim, or where a second date of service is
//! stated; else the whole text is one. Scopes of one text are never compared with each other, so splitting too often
//! costs less than splitting too seldom.

use std::ops::Range;

use super::{
    EncounterScope, Mention, Place, Placeholder,
    ages::{completed_days, completed_years},
    clue::{Clue, Says},
    dates::{DateMention, DateRole},
    lines::start_of_line,
};
use crate::{date::Date, encounter::PatientStatus};

/// A claim has room for fewer condition codes.
const MOST_CONDITIONS: usize = 30;

/// Where a scope begins.
#[derive(Clone, Debug)]
struct Start {
    at: usize,
    heading: Option<Range<usize>>,
}

/// Groups the mentions and placeholders, which are in text order, and returns the scopes.
pub(super) fn group(
    text: &str,
    clues: &[Clue],
    mentions: &mut [Mention],
    placeholders: &mut [Placeholder],
) -> Vec<EncounterScope> {
    let mut clues: Vec<&Clue> = clues.iter().collect();
    clues.sort_by_key(|clue| clue.at);
    let mut starts = starts(text, &clues);
    // What stands before the first start belongs to it, unless there are codes of its own.
    let preamble = starts.first().map_or(text.len(), |start| start.at);
    if mentions.first().is_some_and(|mention| mention.range.start < preamble) {
        starts.insert(0, Start { at: 0, heading: None });
    }
    let mut scopes = scopes(text, starts);
    let mut index = 0;
    for clue in &clues {
        while scopes.get(index + 1).is_some_and(|next| next.range.start <= clue.at) {
            index += 1;
        }
        if let Some(scope) = scopes.get_mut(index) {
            scope.learn(clue);
        }
    }
    index = 0;
    for mention in mentions {
        while scopes.get(index + 1).is_some_and(|next| next.range.start <= mention.range.start) {
            index += 1;
        }
        mention.encounter = index;
        if let Some(scope) = scopes.get_mut(index) {
            scope.is_claim |= mention.place == Place::Claim;
        }
    }
    for placeholder in placeholders {
        let behind = scopes.partition_point(|it| it.range.start <= placeholder.range.start);
        placeholder.encounter = behind.saturating_sub(1);
    }
    inherit(&mut scopes, &clues, preamble);
    scopes.into_iter().map(Scope::finish).collect()
}

/// Finds the starts of scopes, in text order.
fn starts(text: &str, clues: &[&Clue]) -> Vec<Start> {
    let is_document = clues.iter().any(|clue| clue.says == Says::Document);
    let dated = clues
        .iter()
        .filter(|clue| matches!(&clue.says, Says::Heading { date: Some(_), .. }))
        .count();
    // One dated heading does not divide a document whose head already says what is billed.
    let headings_divide = !is_document || dated > 1;
    let mut starts: Vec<Start> = Vec::new();
    let mut dated_level: Option<usize> = None;
    let mut current: Option<(DateRole, &DateMention)> = None;
    let mut headings: Vec<(usize, &Range<usize>)> = Vec::new();
    for clue in clues {
        match &clue.says {
            Says::Heading { range, level, date: Some(date) }
                if headings_divide && dated_level.is_none_or(|it| *level <= it) =>
            {
                starts.push(Start { at: clue.at, heading: Some(range.clone()) });
                dated_level = Some(*level);
                current = Some((DateRole::Heading, date));
                headings.clear();
            }
            Says::Heading { range, level, .. } => headings.push((*level, range)),
            Says::Opens { heading } => {
                starts.push(Start { at: clue.at, heading: heading.clone() });
                current = None;
                headings.clear();
            }
            Says::Date { role, date } if *role <= DateRole::Service => {
                if let Some(start) = second_date(text, clue.at, *role, date, current, &headings) {
                    starts.push(start);
                    current = Some((*role, date));
                    headings.clear();
                } else if current.is_none_or(|(known, _)| *role > known) {
                    current = Some((*role, date));
                    headings.clear();
                }
            }
            _ => {}
        }
    }
    starts.dedup_by_key(|start| start.at);
    starts
}

/// The start of a scope that a second, different date of the same kind makes: at the highest heading since the first
/// one, else at its line.
fn second_date(
    text: &str,
    at: usize,
    role: DateRole,
    date: &DateMention,
    current: Option<(DateRole, &DateMention)>,
    headings: &[(usize, &Range<usize>)],
) -> Option<Start> {
    let (known, first) = current?;
    if known != role || first.date == date.date || role == DateRole::Heading {
        return None;
    }
    let highest = headings.iter().map(|(level, _)| *level).min();
    match headings.iter().rev().find(|(level, _)| Some(*level) == highest) {
        Some((_, range)) => Some(Start { at: range.start, heading: Some((*range).clone()) }),
        None => (role == DateRole::Service)
            .then(|| Start { at: start_of_line(text, at), heading: None }),
    }
}

/// A scope with what decides between several statements.
struct Scope {
    range: Range<usize>,
    heading: Option<Range<usize>>,
    service: Option<(DateRole, DateMention)>,
    admission: Option<DateMention>,
    discharge: Option<DateMention>,
    /// The flag says that it stands in a field of its own.
    age: Option<(bool, u32)>,
    age_days: Option<u32>,
    born: Option<Date>,
    patient: PatientStatus,
    place: Option<Range<usize>>,
    discharge_status: Option<Range<usize>>,
    payer: Option<Range<usize>>,
    conditions: Vec<Range<usize>>,
    is_form: bool,
    fields: Vec<&'static str>,
    sex: Option<(bool, super::Sex)>,
    setting: Option<super::Setting>,
    is_claim: bool,
}

fn scopes(text: &str, starts: Vec<Start>) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = Vec::with_capacity(starts.len().max(1));
    for start in starts {
        let at = if scopes.is_empty() { 0 } else { start.at };
        if let Some(last) = scopes.last_mut() {
            last.range.end = at;
        }
        scopes.push(Scope::new(at..text.len(), start.heading));
    }
    if scopes.is_empty() {
        scopes.push(Scope::new(0..text.len(), None));
    }
    scopes
}

impl Scope {
    fn new(range: Range<usize>, heading: Option<Range<usize>>) -> Self {
        Self {
            range,
            heading,
            service: None,
            admission: None,
            discharge: None,
            age: None,
            age_days: None,
            born: None,
            patient: PatientStatus::Unknown,
            place: None,
            discharge_status: None,
            payer: None,
            conditions: Vec::new(),
            is_form: false,
            fields: Vec::new(),
            sex: None,
            setting: None,
            is_claim: false,
        }
    }

    /// Takes a statement in. The first of equal weight counts.
    fn learn(&mut self, clue: &Clue) {
        match &clue.says {
            Says::Heading { date: Some(date), .. } => self.learn_date(DateRole::Heading, date),
            Says::Date { role: DateRole::Discharge, date } => {
                self.discharge.get_or_insert_with(|| date.clone());
            }
            Says::Date { role: DateRole::Admission, date } => {
                self.admission.get_or_insert_with(|| date.clone());
            }
            Says::Date { role, date } => self.learn_date(*role, date),
            Says::Age { years, stated } if self.age.is_none_or(|(known, _)| *stated && !known) => {
                self.age = Some((*stated, *years));
            }
            Says::Sex { sex, stated } if self.sex.is_none_or(|(known, _)| *stated && !known) => {
                self.sex = Some((*stated, *sex));
            }
            Says::Setting(setting) => {
                self.setting.get_or_insert(*setting);
            }
            Says::Born(date) => {
                self.born.get_or_insert(*date);
            }
            Says::AgeDays(days) => {
                self.age_days.get_or_insert(*days);
            }
            Says::Patient(status) if self.patient == PatientStatus::Unknown => {
                self.patient = *status;
            }
            Says::PlaceOfService(range) => learn_range(&mut self.place, range),
            Says::DischargeStatus(range) => learn_range(&mut self.discharge_status, range),
            Says::Payer(range) => learn_range(&mut self.payer, range),
            Says::ConditionCode(range) if self.conditions.len() < MOST_CONDITIONS => {
                self.conditions.push(range.clone());
            }
            Says::Claim => self.is_claim = true,
            Says::Form => self.is_form = true,
            Says::Field(name) if !self.fields.contains(name) => self.fields.push(name),
            _ => {}
        }
    }

    fn learn_date(&mut self, role: DateRole, date: &DateMention) {
        if self.service.as_ref().is_none_or(|(known, _)| role > *known) {
            self.service = Some((role, date.clone()));
        }
    }

    fn finish(self) -> EncounterScope {
        let service_date = self.service.map(|(_, date)| date);
        let first_day = self.admission.as_ref().or(service_date.as_ref()).map(|it| it.date);
        let ages = self
            .born
            .zip(first_day)
            .and_then(|(born, day)| Some((completed_years(born, day)?, completed_days(born, day))));
        let stated = self.age.filter(|(stated, _)| *stated).map(|(_, years)| years);
        let told = self.age.map(|(_, years)| years);
        let age_years = stated.or(ages.map(|(years, _)| years)).or(told);
        let age_days = ages.map_or(self.age_days, |(_, days)| days);
        let mut fields = self.fields;
        fields.sort_unstable();
        EncounterScope {
            range: self.range,
            heading: self.heading,
            service_date,
            admission_date: self.admission,
            discharge_date: self.discharge,
            age_years,
            age_days: age_days.filter(|_| age_years.is_none_or(|years| years == 0)),
            sex: self.sex.map(|(_, sex)| sex),
            setting: self.setting,
            patient_status: self.patient,
            place_of_service: self.place,
            discharge_status: self.discharge_status,
            payer: self.payer,
            is_claim: self.is_claim,
            claim_fields: self.is_form.then_some(fields),
            condition_codes: self.conditions,
        }
    }
}

fn learn_range(known: &mut Option<Range<usize>>, range: &Range<usize>) {
    known.get_or_insert_with(|| range.clone());
}

/// What the head of a document states of its patient holds for each of its encounters.
fn inherit(scopes: &mut [Scope], clues: &[&Clue], preamble: usize) {
    let mut head = Scope::new(0..preamble, None);
    for clue in clues.iter().take_while(|clue| clue.at < preamble) {
        let of_patient = matches!(
            clue.says,
            Says::Age { stated: true, .. }
                | Says::Sex { stated: true, .. }
                | Says::Setting(_)
                | Says::Born(_)
                | Says::Payer(_)
        );
        if of_patient {
            head.learn(clue);
        }
    }
    for scope in scopes.iter_mut().skip(1).filter(|scope| !scope.is_claim) {
        scope.age = scope.age.or(head.age);
        scope.sex = scope.sex.or(head.sex);
        scope.setting = scope.setting.or(head.setting);
        scope.born = scope.born.or(head.born);
        scope.payer = scope.payer.take().or_else(|| head.payer.clone());
    }
}

#[cfg(test)]
mod tests;
