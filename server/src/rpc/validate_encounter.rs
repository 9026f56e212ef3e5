//! `ValidateEncounter`: whether the codes of an encounter may stand together.

use std::collections::HashSet;

use medcode_codes::{
    check::EncounterReport,
    code_table::CodeTable,
    date::Date,
    encounter::JudgedEncounter,
    engine::check_judged,
    fact::UnavailableReason,
    payer::PayerRules,
    release::Release,
    verdict::{Judgement, Verdict},
};
use medcode_proto::v1;

use super::{Call, LIGHT, Learned, Work, lookup_codes::look_up_in_full};
use crate::{
    catalog::snapshot::Snapshot,
    error::Error,
    from_proto::{
        AskedCoding, AskedVersion,
        encounter::{EncounterAsked, OptionsAsked, validate_encounter as read},
    },
    to_proto::{self, UsedReleases, encoded::Encoded, fields::Fields},
};

/// Bytes of a report, more or less.
const BYTES: usize = 1_024;

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
    let today = asked.as_of.unwrap_or(call.today);
    let payers = call.catalog.payers.current();
    let report = report_on(call, &asked.encounter, &asked.options, &payers, today)?;
    Ok(v1::ValidateEncounterResponse { report: Some(report) })
}

/// The report on an encounter. `today` is the day by which it is judged when it states no date.
pub(super) fn report_on(
    call: &Call,
    asked: &EncounterAsked,
    options: &OptionsAsked,
    payers: &PayerRules,
    today: Date,
) -> Result<v1::EncounterReport, Error> {
    let (judged, report) = check(call, asked, options, payers, today)?;
    Ok(render(call, asked, options, &judged, &report))
}

/// Judges the codes of an encounter and checks it.
pub(super) fn check<'c>(
    call: &'c Call,
    asked: &'c EncounterAsked,
    options: &OptionsAsked,
    payers: &'c PayerRules,
    today: Date,
) -> Result<(JudgedEncounter<'c>, EncounterReport), Error> {
    let snapshot = &*call.snapshot;
    let judged = JudgedEncounter::new(&asked.encounter, &snapshot.terminology, today);
    let mut judged = judged.with_payers(payers);
    withdraw_unasked(&mut judged, &asked.codings, snapshot);
    call.deadline.check(judged.items.len(), judged.items.len())?;
    let report = check_judged(&judged, &options.rules);
    call.deadline.check(judged.items.len(), judged.items.len())?;
    Ok((judged, report))
}

/// The report as a message.
pub(super) fn render<'c>(
    call: &'c Call,
    asked: &EncounterAsked,
    options: &OptionsAsked,
    judged: &JudgedEncounter<'c>,
    report: &EncounterReport,
) -> v1::EncounterReport {
    let snapshot = &*call.snapshot;
    let used = releases(snapshot, judged, &asked.codings);
    let mut message = to_proto::encounter::report(
        snapshot,
        asked.encounter_id.clone(),
        report,
        judged,
        options.lists_passed,
        used.into_proto(),
    );
    if options.include_contexts {
        message.contexts = to_proto::encounter::contexts(judged);
    }
    message.terms = to_proto::encounter::terms(snapshot, &options.term_buckets, report.as_of);
    if options.include_concepts {
        let codings = distinct_codings(asked, judged.date);
        message.concepts =
            codings.iter().map(|(coding, date)| look_up_in_full(call, coding, *date)).collect();
    }
    message
}

/// The same encoded, without the id of the encounter.
pub(super) fn encode<'c>(
    call: &'c Call,
    asked: &EncounterAsked,
    options: &OptionsAsked,
    judged: &JudgedEncounter<'c>,
    report: &EncounterReport,
) -> Encoded<v1::EncounterReport> {
    if options.include_contexts || options.include_concepts || !options.term_buckets.is_empty() {
        let report = render(call, asked, options, judged, report);
        return Encoded::of(&v1::EncounterReport { encounter_id: String::new(), ..report });
    }
    let snapshot = &*call.snapshot;
    let used = releases(snapshot, judged, &asked.codings).sorted();
    let mut bytes = Vec::with_capacity(BYTES);
    let mut fields = Fields(&mut bytes);
    let lists_passed = options.lists_passed;
    to_proto::encounter::write_report(snapshot, report, judged, lists_passed, &used, &mut fields);
    // It may be kept.
    bytes.shrink_to_fit();
    Encoded::new(bytes)
}

/// Takes back the verdicts on codes of a release that is not loaded. A rule then counts the code as one that it could
/// not ask.
fn withdraw_unasked(
    judged: &mut JudgedEncounter<'_>,
    codings: &[AskedCoding<'_>],
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
        }
    }
}

/// The releases that the codes were read from. A code that names no release was just judged; the others are looked up.
fn releases<'s>(
    snapshot: &'s Snapshot,
    judged: &JudgedEncounter<'s>,
    codings: &[AskedCoding<'_>],
) -> UsedReleases<'s> {
    let mut releases = UsedReleases::default();
    for (coded, coding) in judged.items.iter().zip(codings) {
        let judgement = &coded.judgement;
        if coding.version == AskedVersion::InForce {
            releases.extend(read_from(snapshot, judgement));
        } else {
            releases.extend(Learned::of(snapshot, coding, judgement.date).releases(snapshot));
        }
    }
    releases
}

/// The releases that a code was judged from: what describes it, and what dates the codes of its system.
pub(super) fn read_from<'s>(
    snapshot: &'s Snapshot,
    judgement: &Judgement<'s>,
) -> impl Iterator<Item = &'s Release> + use<'s> {
    let described = judgement.concept.and_then(|concept| concept.release());
    let table = snapshot.terminology.table(judgement.system).map(CodeTable::release);
    described.into_iter().chain(table)
}

/// The codings in order of first appearance, diagnoses before lines, with the day that each is judged on there.
fn distinct_codings(asked: &EncounterAsked, date: Date) -> Vec<(&AskedCoding<'static>, Date)> {
    let diagnoses = asked.encounter.diagnoses.iter().map(|_| date);
    let lines = asked.encounter.lines.iter().map(|line| line.service_date.unwrap_or(date));
    let mut seen = HashSet::new();
    let codings = asked.codings.iter().zip(diagnoses.chain(lines));
    codings.filter(|(coding, _)| seen.insert(*coding)).collect()
}
