//! `ValidateEncounters`: many encounters, a few at a time.

use medcode_proto::v1::{self, validate_encounters_response::Outcome};

use super::{Call, validate_encounter::report_on};
use crate::{
    error::{Error, Violations},
    from_proto::encounter::{StreamAsked, encounter as read},
};

/// An encounter and its position in its stream.
pub(crate) type Numbered = (u64, v1::Encounter);

/// Checks encounters. One that is malformed costs only itself.
pub(crate) fn validate_encounters(
    call: &Call,
    asked: &StreamAsked,
    encounters: Vec<Numbered>,
) -> Result<Vec<v1::ValidateEncountersResponse>, Error> {
    let today = asked.as_of.unwrap_or(call.today);
    let answers = encounters.into_iter().map(|(sequence, sent)| {
        let mut violations = Violations::default();
        let encounter = read(&mut violations, sent, &call.config.limits);
        let outcome = match violations.finish(encounter) {
            Ok(encounter) => Outcome::Report(report_on(call, &encounter, &asked.options, today)?),
            Err(error) => Outcome::Error(error.into()),
        };
        Ok(v1::ValidateEncountersResponse { sequence, outcome: Some(outcome) })
    });
    answers.collect()
}
