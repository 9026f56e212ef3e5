//! `ValidateEncounter`: whether the codes of an encounter may stand together.

use std::collections::HashSet;

use medcode_codes::{
    date::Date, encounter::JudgedEncounter, engine::check_judged, fact::UnavailableReason,
    verdict::Verdict,
};
use medcode_proto::v1;

use super::{Call, LIGHT, Learned, Work, lookup_codes::look_up_in_full};
use crate::{
    catalog::snapshot::Snapshot,
    error::Error,
    from_proto::{
        AskedCoding,
        encounter::{EncounterAsked, validate_encounter as read},
    },
    to_proto::{self, validation::was_in_use},
};

impl Work for v1::ValidateEncounterRequest {
    fn is_heavy(&self) -> bool {
        let codes = self
            .encounter
            .as_ref()
            .map_or(0, |encounter| encounter.diagnoses.len() + encounter.lines.len());
        codes > LIGHT
    }
}

pub(crate) fn validate_encounter(
    call: &Call,
    request: v1::ValidateEncounterRequest,
) -> Result<v1::ValidateEncounterResponse, Error> {
    let asked = read(request, &call.config.limits)?;
    let mut judged = JudgedEncounter::new(
        &asked.encounter,
        &call.snapshot.terminology,
        asked.as_of.unwrap_or(call.today),
    );
    withdraw_unproven(&mut judged, &asked.codings, &call.snapshot);
    call.deadline.check(judged.items.len(), judged.items.len())?;
    let report = check_judged(&judged, &asked.options);
    call.deadline.check(judged.items.len(), judged.items.len())?;
    let codings = distinct_codings(&asked, judged.date);
    let snapshot = &*call.snapshot;
    let learned: Vec<_> =
        codings.iter().map(|(coding, date)| Learned::of(snapshot, coding, *date)).collect();
    let releases =
        to_proto::releases(learned.iter().flat_map(|learned| learned.releases(snapshot)));
    let payer = (!asked.payer.is_empty()).then(to_proto::encounter::payer_not_loaded);
    let added = payer.into_iter().collect();
    let mut report = to_proto::encounter::report(
        snapshot,
        asked.encounter_id.clone(),
        &report,
        &judged,
        added,
        asked.lists_passed,
        &releases,
    );
    if asked.include_concepts {
        report.concepts =
            codings.iter().map(|(coding, date)| look_up_in_full(call, coding, *date)).collect();
    }
    Ok(v1::ValidateEncounterResponse { report: Some(report) })
}

/// Takes back the verdicts that the data does not bear out: those on codes of a release that is not loaded, and those
/// on days for which a list of codes in use says nothing. A rule then counts the code as one that it could not ask.
fn withdraw_unproven(
    judged: &mut JudgedEncounter<'_>,
    codings: &[AskedCoding],
    snapshot: &Snapshot,
) {
    for (coded, coding) in judged.items.iter_mut().zip(codings) {
        let judgement = &mut coded.judgement;
        if coding.version.resolve(snapshot, judgement.system).is_err() {
            // The domain judges by date and has no word for a release by name. No rule reports this reason in words of
            // its own, so that nothing is said of the code but that it could not be asked.
            judgement.verdict = Verdict::Unavailable(UnavailableReason::ServiceUnreachable);
            judgement.concept = None;
            judgement.beyond_horizon = None;
        } else if judgement.is_billable() && !was_in_use(judgement) {
            judgement.verdict = Verdict::Unavailable(UnavailableReason::DateNotCovered);
        }
    }
}

/// The codings in order of first appearance, diagnoses before lines, with the day that each is judged on there.
fn distinct_codings(asked: &EncounterAsked, date: Date) -> Vec<(&AskedCoding, Date)> {
    let diagnoses = asked.encounter.diagnoses.iter().map(|_| date);
    let lines = asked.encounter.lines.iter().map(|line| line.service_date.unwrap_or(date));
    let mut seen = HashSet::new();
    let codings = asked.codings.iter().zip(diagnoses.chain(lines));
    codings.filter(|(coding, _)| seen.insert(*coding)).collect()
}
