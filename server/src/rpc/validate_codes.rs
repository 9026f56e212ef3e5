//! `ValidateCodes`: whether each code exists, and whether it may be submitted.

use std::ops::Range;

use foldhash::HashMap;
use medcode_codes::{date::Date, engine::check_judgement, issue::Issue, verdict::Verdict};
use medcode_proto::v1;

use super::{AHEAD, Call, LIGHT, Learned, Work, read_ahead};
use crate::{
    error::Error,
    from_proto::{self, AskedCoding, SentCodes},
    to_proto::{
        UsedReleases,
        encoded::{Encoded, room_for},
        fields::Fields,
        validation::Validated,
    },
};

impl Work for SentCodes<v1::ValidateCodesRequest> {
    fn is_heavy(&self) -> bool {
        self.count() > LIGHT
    }
}

/// Answers with a `ValidateCodesResponse`.
#[expect(clippy::needless_pass_by_value, reason = "the form of a method")]
pub(crate) fn validate_codes(
    call: &Call,
    request: SentCodes<v1::ValidateCodesRequest>,
) -> Result<Encoded<v1::ValidateCodesResponse>, Error> {
    let asked = from_proto::validate_codes(&request, &call.config.limits)?;
    let snapshot = &*call.snapshot;
    // Those of which there is more to say than that they are good, which takes no longer than finding them here.
    let mut answered: HashMap<(&AskedCoding<'_>, Date), Range<usize>> = HashMap::default();
    let mut answer = room_for(asked.items.len());
    let mut releases = UsedReleases::default();
    for (index, item) in asked.items.iter().enumerate() {
        let date = item.date.or(asked.date).unwrap_or(call.today);
        if index % AHEAD == 0 {
            read_ahead(call, asked.items.iter().skip(index).map(|item| &item.coding), date);
        }
        if let Some(first) = answered.get(&(&item.coding, date)) {
            answer.extend_from_within(first.clone());
            continue;
        }
        if index % LIGHT == 0 {
            call.deadline.check(index, asked.items.len())?;
        }
        let learned = Learned::of(snapshot, &item.coding, date);
        let validated = Validated {
            snapshot,
            asked: &item.coding,
            learned: &learned,
            reported: &reported(call, &item.coding, &learned),
            allow_abstract: asked.allow_abstract,
            display_policy: asked.display_policy,
        };
        let parts = validated.parts();
        releases.extend(parts.release);
        releases.extend(learned.table_release(snapshot));
        let begin = answer.len();
        Fields(&mut answer).part(1, |fields| parts.write(&releases, fields));
        if !parts.is_plain() {
            answered.insert((&item.coding, date), begin..answer.len());
        }
    }
    releases.sorted().write(2, &mut Fields(&mut answer));
    Ok(Encoded::new(answer))
}

/// What the rules about single codes report. They are not asked about a code that is good and written as published.
pub(super) fn reported(call: &Call, asked: &AskedCoding<'_>, learned: &Learned<'_>) -> Vec<Issue> {
    let Some(judgement) = &learned.judgement else { return Vec::new() };
    let is_good = judgement.verdict == Verdict::Billable && judgement.beyond_horizon.is_none();
    if is_good && learned.normalized_code.is_none() && !judgement.normalized.lookalike {
        return Vec::new();
    }
    check_judgement(&call.snapshot.terminology, &asked.code, judgement)
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::{
        rpc::testing::{call, codings},
        to_proto,
    };

    /// Every field once and in its place: what is read from the bytes is written as the same bytes.
    #[test]
    fn writes_messages_as_generated_code_does() {
        let call = call();
        for day in ["2015-10-01", "2021-10-01", "2026-04-01", "2031-01-01", "2014-01-01"] {
            let items = codings(&call).into_iter().map(|coding| v1::CodeToValidate {
                coding: Some(v1::Coding { display: "Not its title".into(), ..coding }),
                date: None,
            });
            let request = v1::ValidateCodesRequest {
                items: items.collect(),
                date: medcode_codes::date::parse_iso(day).ok().map(to_proto::date),
                ..v1::ValidateCodesRequest::default()
            };
            let count = request.items.len();
            let answer = validate_codes(&call, request.into()).ok().unwrap();
            let message = answer.decoded().unwrap();
            assert_eq!(message.results.len(), count);
            assert_eq!(answer.bytes, message.encode_to_vec(), "{day}");
        }
    }
}
