//! `CheckDocument`: a whole text, in memory for as long as its call lasts.

use medcode_codes::{
    document::{Document, EncounterAnswer},
    encounter::JudgedEncounter,
    engine::check_judged,
    payer::PayerRules,
    release::Release,
};
use medcode_proto::v1;

use super::{Call, Work, validate_encounter::read_from};
use crate::{
    error::Error,
    from_proto::document::{DocumentAsked, check_document as read},
    to_proto,
};

impl Work for v1::CheckDocumentRequest {
    fn is_heavy(&self) -> bool {
        true
    }
}

pub(crate) fn check_document(
    call: &Call,
    request: v1::CheckDocumentRequest,
) -> Result<v1::CheckDocumentResponse, Error> {
    let asked = read(request, &call.config)?;
    let settings = asked.settings();
    let document =
        Document::new(&asked.text).with_settings(&settings).with_defaults(&asked.defaults);
    let payers = call.catalog.payers.current();
    let mut checked = Checked::default();
    let all = document.requests().len();
    for done in 0..all {
        call.deadline.check(done, all)?;
        checked.ask(call, &payers, &asked, &document, done);
    }
    call.deadline.check(all, all)?;
    let mut found = document.assemble(&checked.answers, &settings);
    let is_accepted = |rule: &str, codes: &[String]| asked.options.rules.acknowledges(rule, codes);
    found.issues.retain(|issue| !is_accepted(&issue.rule, &issue.codes));
    let mut response = to_proto::document::response(&document, &found, asked.unit);
    response.releases_used = to_proto::releases(checked.releases);
    response.encounters = checked.reports;
    Ok(response)
}

/// What the questions about a text have given so far.
#[derive(Default)]
struct Checked<'s> {
    answers: Vec<EncounterAnswer>,
    reports: Vec<v1::EncounterReport>,
    releases: Vec<&'s Release>,
}

impl<'s> Checked<'s> {
    fn ask(
        &mut self,
        call: &'s Call,
        payers: &'s PayerRules,
        asked: &DocumentAsked,
        document: &'s Document<'_>,
        number: usize,
    ) {
        let Some(request) = document.requests().get(number) else { return };
        let snapshot = &*call.snapshot;
        let today = asked.as_of.unwrap_or(call.today);
        let judged = JudgedEncounter::new(&request.encounter, &snapshot.terminology, today);
        let judged = judged.with_payers(payers);
        let report = check_judged(&judged, &asked.rules_for(request.options()));
        let items = judged.items.iter();
        let releases: Vec<_> =
            items.flat_map(|coded| read_from(snapshot, &coded.judgement)).collect();
        self.releases.extend(&releases);
        self.reports.push(to_proto::encounter::report(
            snapshot,
            String::new(),
            &report,
            &judged,
            asked.options.lists_passed,
            to_proto::releases(releases),
        ));
        self.answers.push(request.answer_of(&judged, report));
    }
}
