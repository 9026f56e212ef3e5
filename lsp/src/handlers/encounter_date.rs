//! The date that counts at a place of a note.

use medcode_codes::{
    date::Date,
    note::{EncounterScope, Note, Setting},
};

/// The date of the encounter that holds `offset`: of discharge for an inpatient, else of service; `otherwise` where the
/// note states none.
pub(super) fn date_at(note: &Note, offset: usize, otherwise: Date) -> Date {
    let encounter = encounter_at(note, offset).map(|index| &note.encounters[index]);
    encounter.and_then(stated).unwrap_or(otherwise)
}

/// The index of the encounter that holds `offset`.
pub(super) fn encounter_at(note: &Note, offset: usize) -> Option<usize> {
    let begun = note.encounters.partition_point(|encounter| encounter.range.start <= offset);
    begun.checked_sub(1)
}

fn stated(encounter: &EncounterScope) -> Option<Date> {
    let service = encounter.service_date.as_ref().map(|mention| mention.date);
    let discharge = encounter.discharge_date.as_ref().map(|mention| mention.date);
    match encounter.setting {
        Some(Setting::Inpatient) => discharge.or(service),
        _ => service,
    }
}
