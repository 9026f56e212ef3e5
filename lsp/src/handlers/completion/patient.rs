//! Codes that are for other patients than the one at hand.

use std::collections::HashSet;

use medcode_codes::{
    code::Code,
    date::Date,
    encounter::Sex,
    flag::Flags,
    note::{self, EncounterScope},
    patient_group::{Patient, last_sexed_day},
};

use crate::{concept::Hit, snapshot::Snapshot};

/// What an encounter says of its patient.
pub(super) fn of(encounter: &EncounterScope) -> Patient {
    Patient {
        age_years: encounter.age_years.or(encounter.age_days.map(|_| 0)),
        sex: match encounter.sex {
            None => Sex::Unknown,
            Some(note::Sex::Female) => Sex::Female,
            Some(note::Sex::Male) => Sex::Male,
        },
    }
}

/// The hits, by code as published, that the stated age or sex rules out. What could not be asked is not ruled out.
pub(super) async fn ruled_out(
    snapshot: &Snapshot,
    patient: Patient,
    hits: &[Hit],
    date: Date,
) -> HashSet<String> {
    if patient.is_unknown() {
        return HashSet::new();
    }
    let codes = hits.iter().filter_map(|hit| Code::parse(hit.system, &hit.titled.code).ok());
    let codes: Vec<Code> = codes.filter(|code| !code.is_modifier()).collect();
    let flags = async |date| {
        let briefs = snapshot.codes.briefs(&codes, date).await.into_iter();
        briefs.map(|brief| brief.map_or_else(Flags::default, |it| it.flags)).collect::<Vec<_>>()
    };
    let (flags, sexed) = futures::future::join(flags(date), flags(last_sexed_day(date))).await;
    let flagged = codes.iter().zip(flags.into_iter().zip(sexed));
    let ruled_out = flagged
        .filter(|(_, (flags, sexed))| patient.is_ruled_out(*flags, *sexed, date))
        .map(|(code, _)| code.to_string());
    ruled_out.collect()
}
