//! The date that counts at a place of a note, and what is known of its codes on that date.

use std::{collections::BTreeMap, sync::Arc};

use medcode_codes::{
    code::Code,
    date::Date,
    note::{EncounterScope, Mention, Note, Setting},
};

use crate::{concept::Brief, snapshot::Snapshot, sought::Coded};

/// The date of the encounter that holds `offset`: of discharge for an inpatient, else of service; `otherwise` where the
/// note states none.
pub(crate) fn date_at(note: &Note, offset: usize, otherwise: Date) -> Date {
    let encounter = encounter_at(note, offset).map(|index| &note.encounters[index]);
    encounter.and_then(stated).unwrap_or(otherwise)
}

/// The index of the encounter that holds `offset`.
pub(super) fn encounter_at(note: &Note, offset: usize) -> Option<usize> {
    let begun = note.encounters.partition_point(|encounter| encounter.range.start <= offset);
    begun.checked_sub(1)
}

/// What is known of each mention, on the date of its encounter; of a mention that may belong to two systems what the
/// first of them knows. `None` for ranges of codes, and for what is unknown or could not be asked.
pub(super) async fn briefs_of<'m>(
    snapshot: &Snapshot,
    text: &str,
    note: &Note,
    mentions: impl IntoIterator<Item = &'m Mention>,
) -> Vec<Option<Arc<Brief>>> {
    let mut by_date: BTreeMap<Date, Vec<(usize, Code)>> = BTreeMap::new();
    let mut count = 0;
    for (index, mention) in mentions.into_iter().enumerate() {
        count = index + 1;
        let codes = Coded::readings(mention, text).into_iter().filter_map(Coded::code);
        let date = date_at(note, mention.range.start, snapshot.as_of());
        by_date.entry(date).or_default().extend(codes.map(|code| (index, code)));
    }
    let mut briefs = vec![None; count];
    let questions = by_date.into_iter().map(|(date, asked)| async move {
        let codes: Vec<Code> = asked.iter().map(|(_, code)| *code).collect();
        let answers = snapshot.codes.briefs(&codes, date).await;
        asked.into_iter().map(|(index, _)| index).zip(answers)
    });
    for (index, answer) in futures::future::join_all(questions).await.into_iter().flatten() {
        if let Some(brief @ None) = briefs.get_mut(index) {
            *brief = answer;
        }
    }
    briefs
}

fn stated(encounter: &EncounterScope) -> Option<Date> {
    let service = encounter.service_date.as_ref().map(|mention| mention.date);
    let discharge = encounter.discharge_date.as_ref().map(|mention| mention.date);
    match encounter.setting {
        Some(Setting::Inpatient) => discharge.or(service),
        _ => service,
    }
}
