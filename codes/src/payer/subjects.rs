//! What the entries of a payer file are about, and whether they apply to it.

use crate::{
    code::CodeKey,
    encounter::{CodedItem, Item, JudgedEncounter, ServiceLine, Setting, Sex},
    reported::ReportedDiagnosis,
};

use super::{PayerRule, When};

/// What an entry is about: a line, a diagnosis, or the encounter by its first code.
#[derive(Clone, Copy)]
pub(super) struct Subject<'e> {
    pub(super) item: Item,
    pub(super) line: Option<&'e ServiceLine>,
}

pub(super) fn subjects<'e>(
    rule: &PayerRule,
    encounter: &'e JudgedEncounter<'_>,
) -> Vec<Subject<'e>> {
    if let Some(codes) = &rule.when.code {
        let lines = encounter
            .lines()
            .filter(|(_, coded)| key(coded).is_some_and(|key| codes.contains(key)));
        return lines.map(|(line, coded)| Subject { item: coded.item, line: Some(line) }).collect();
    }
    if let Some(codes) = &rule.when.dx {
        let mut matching =
            encounter.good_diagnoses().iter().filter(|it| codes.contains(it.key, it.place));
        return matching
            .next()
            .map(|it| Subject { item: it.item, line: None })
            .into_iter()
            .collect();
    }
    let first = encounter.items.first();
    first.map(|coded| Subject { item: coded.item, line: None }).into_iter().collect()
}

pub(super) fn key(coded: &CodedItem<'_>) -> Option<CodeKey> {
    coded.judgement.code.map(crate::code::Code::key)
}

/// Whether an entry applies.
pub(super) enum Applies {
    No,
    Yes,
    Unknown(&'static str),
}

/// Whether the conditions hold. What is known not to hold decides before what is not known.
pub(super) fn applies(
    when: &When,
    encounter: &JudgedEncounter<'_>,
    subject: Subject<'_>,
) -> Applies {
    let facts = encounter.encounter;
    let mut unknown = None;
    if let (Some(codes), Some(line)) = (&when.dx, subject.line)
        && !pointed(encounter, line).iter().any(|it| codes.contains(it.key, it.place))
    {
        return Applies::No;
    }
    if !when.pos.is_empty() {
        let place = subject.line.and_then(|line| line.place_of_service.as_ref());
        match place.or(facts.place_of_service.as_ref()) {
            Some(place) if !when.pos.contains(place) => return Applies::No,
            Some(_) => {}
            None => unknown = Some("place_of_service"),
        }
    }
    if !when.setting.is_empty() {
        match facts.setting {
            Setting::Unknown => unknown = Some("setting"),
            setting if !when.setting.contains(&setting) => return Applies::No,
            _ => {}
        }
    }
    if let Some(range) = when.age {
        match facts.age_years {
            Some(age) if !range.contains(age) => return Applies::No,
            Some(_) => {}
            None => unknown = Some("age_years"),
        }
    }
    if let Some(sex) = when.sex {
        match facts.sex {
            Sex::Unknown => unknown = Some("sex"),
            stated if stated != sex => return Applies::No,
            _ => {}
        }
    }
    if let Some((first, last)) = when.dos {
        let date = subject.line.and_then(|line| line.service_date).unwrap_or(encounter.date);
        if first.is_some_and(|first| date < first) || last.is_some_and(|last| date > last) {
            return Applies::No;
        }
    }
    if !when.modifier.is_empty() {
        let carries =
            subject.line.is_some_and(|line| when.modifier.iter().any(|it| line.has_modifier(it)));
        if !carries {
            return Applies::No;
        }
    }
    unknown.map_or(Applies::Yes, Applies::Unknown)
}

/// The diagnoses that a line points at; all of them where it points at none.
pub(super) fn pointed<'e, 'a>(
    encounter: &'e JudgedEncounter<'a>,
    line: &ServiceLine,
) -> Vec<&'e ReportedDiagnosis<'a>> {
    let all = encounter.good_diagnoses().iter();
    let is_pointed = |it: &&ReportedDiagnosis<'a>| match it.item {
        Item::Diagnosis(index) => line.diagnosis_pointers.contains(&index),
        Item::Line(_) => false,
    };
    if line.diagnosis_pointers.is_empty() {
        all.collect()
    } else {
        all.filter(is_pointed).collect()
    }
}
