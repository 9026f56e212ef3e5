//! `ValidateEncounters`: many encounters, a few at a time.

use medcode_codes::{date::Date, payer::PayerRules};
use medcode_proto::v1;
use tonic::Status;

use super::{
    Call,
    validate_encounter::{check, encode},
};
use crate::{
    catalog::cache::CacheKey,
    error::Violations,
    from_proto::encounter::{SentEncounter, StreamAsked, encounter as read, has_form_of_id},
    to_proto::{encoded::Encoded, fields::Fields},
};

/// An encounter and its position in its stream.
pub(crate) type Numbered = (u64, SentEncounter);

/// Bytes of an answer beside the report and the id: numbers, and the lengths of both.
const MOST_FRAME_BYTES: usize = 32;

/// Answers to encounters. One that is malformed costs only itself.
///
/// Claims are checked again and again while they are worked on, most of them unchanged: reports are kept by everything that
/// they depend on. The id of an encounter is not among it and is not kept.
///
/// # Errors
/// The bytes of an encounter encode none, or the time is up: the stream ends.
pub(crate) fn validate_encounters(
    call: &Call,
    asked: &StreamAsked,
    encounters: Vec<Numbered>,
) -> Result<Vec<Encoded<v1::ValidateEncountersResponse>>, Status> {
    let payers = call.catalog.payers.in_force();
    let today = asked.as_of.unwrap_or(call.today);
    let (number, day) = (payers.number.to_le_bytes(), today.to_string());
    let context =
        CacheKey::of(&[call.snapshot.digest.as_bytes(), &number, day.as_bytes(), &asked.encoded]);
    let answers = encounters.into_iter().map(|(sequence, sent)| {
        let make = || report(call, asked, &sent, &payers.rules, today);
        let made = if has_form_of_id(&sent.id) {
            let [before, behind] = &sent.rest;
            call.catalog.reports.get_or_make(context.with(&[before, behind]), make)
        } else {
            make().map(Into::into)
        };
        let length = made.as_ref().map_or(0, |report| report.bytes.len());
        let mut answer = Vec::with_capacity(length + sent.id.len() + MOST_FRAME_BYTES);
        let mut fields = Fields(&mut answer);
        fields.number(1, sequence);
        match made {
            Ok(report) => fields.part(2, |fields| {
                fields.text(1, &sent.id);
                fields.encoded(&report.bytes);
            }),
            Err(NoReport::Malformed(error)) => fields.message(3, &error),
            Err(NoReport::End(status)) => return Err(*status),
        }
        Ok(Encoded::new(answer))
    });
    answers.collect()
}

/// Why there is no report on an encounter.
enum NoReport {
    Malformed(v1::ItemError),
    /// The stream cannot go on.
    End(Box<Status>),
}

/// The report on an encounter, without its id.
fn report(
    call: &Call,
    asked: &StreamAsked,
    sent: &SentEncounter,
    payers: &PayerRules,
    today: Date,
) -> Result<Encoded<v1::EncounterReport>, NoReport> {
    // As generated code answers to bytes that are no message.
    let undecodable = |error: prost::DecodeError| Status::internal(error.to_string());
    let end = |status: Status| NoReport::End(Box::new(status));
    let encounter = sent.decoded().map_err(|error| end(undecodable(error)))?;
    let mut violations = Violations::default();
    let encounter = read(&mut violations, encounter, &call.config.limits);
    let encounter =
        violations.finish(encounter).map_err(|error| NoReport::Malformed(error.into()))?;
    let (judged, report) = check(call, &encounter, &asked.options, payers, today)
        .map_err(|error| end(error.into()))?;
    Ok(encode(call, &encounter, &asked.options, &judged, &report))
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::{
        from_proto::encounter::{OptionsAsked, validate_encounter},
        rpc::{
            testing::{call, codings},
            validate_encounter::{render, report_on},
        },
    };

    #[test]
    fn writes_reports_as_generated_code_does() {
        let call = call();
        let payers = PayerRules::default();
        let mut issues = 0;
        for (number, codings) in codings(&call).chunks(3).enumerate() {
            let diagnosis = |coding: &v1::Coding| v1::Diagnosis {
                coding: Some(coding.clone()),
                ..v1::Diagnosis::default()
            };
            let line = |coding: &v1::Coding| v1::ServiceLine {
                coding: Some(coding.clone()),
                ..v1::ServiceLine::default()
            };
            let is_known = codings.iter().all(|coding| coding.system.starts_with("icd-10-cm"));
            let encounter = v1::Encounter {
                encounter_id: "visit".into(),
                age_years: (number % 2 == 0).then_some(30),
                sex: i32::try_from(number % 3).unwrap(),
                diagnoses: codings.iter().filter(|_| is_known).map(diagnosis).collect(),
                lines: codings.iter().filter(|_| !is_known).map(line).collect(),
                ..v1::Encounter::default()
            };
            let request = v1::ValidateEncounterRequest {
                encounter: Some(encounter),
                ..v1::ValidateEncounterRequest::default()
            };
            let Ok(asked) = validate_encounter(request, &call.config.limits) else { continue };
            let encounter = &asked.encounter;
            for lists_passed in [false, true] {
                let options = OptionsAsked { lists_passed, ..OptionsAsked::default() };
                let checked = check(&call, encounter, &options, &payers, call.today);
                let (judged, report) = checked.ok().unwrap();
                issues += report.issues.len();
                let made = render(&call, encounter, &options, &judged, &report);
                assert_eq!(
                    report_on(&call, encounter, &options, &payers, call.today).ok(),
                    Some(made.clone())
                );
                let made = v1::EncounterReport { encounter_id: String::new(), ..made };
                let encoded = encode(&call, encounter, &options, &judged, &report);
                assert_eq!(encoded.bytes, made.encode_to_vec());
            }
        }
        assert!(issues > 0);
    }
}
