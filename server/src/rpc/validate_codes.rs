//! `ValidateCodes`: whether each code exists, and whether it may be submitted.

use foldhash::HashMap;
use medcode_codes::{date::Date, engine::check_code, issue::Issue, verdict::Verdict};
use medcode_proto::v1;

use super::{Call, LIGHT, Learned, Work};
use crate::{
    error::Error,
    from_proto::{self, AskedCoding},
    to_proto::{self, validation::Validated},
};

impl Work for v1::ValidateCodesRequest {
    fn is_heavy(&self) -> bool {
        self.items.len() > LIGHT
    }
}

pub(crate) fn validate_codes(
    call: &Call,
    request: v1::ValidateCodesRequest,
) -> Result<v1::ValidateCodesResponse, Error> {
    let asked = from_proto::validate_codes(request, &call.config.limits)?;
    let snapshot = &*call.snapshot;
    let mut answered: HashMap<(&AskedCoding, Date), usize> = HashMap::default();
    let mut results: Vec<v1::CodeValidation> = Vec::with_capacity(asked.items.len());
    let mut releases = Vec::new();
    for (index, item) in asked.items.iter().enumerate() {
        let date = item.date.or(asked.date).unwrap_or(call.today);
        if let Some(first) = answered.get(&(&item.coding, date)) {
            let again = results[*first].clone();
            results.push(again);
            continue;
        }
        call.deadline.check(index, asked.items.len())?;
        let learned = Learned::of(snapshot, &item.coding, date);
        releases.extend(learned.releases(snapshot));
        let validated = Validated {
            snapshot,
            asked: &item.coding,
            learned: &learned,
            reported: &reported(call, &item.coding, &learned),
            allow_abstract: asked.allow_abstract,
            display_policy: asked.display_policy,
        };
        results.push(validated.to_proto());
        if asked.items.len() > 1 {
            answered.insert((&item.coding, date), index);
        }
    }
    Ok(v1::ValidateCodesResponse { results, releases_used: to_proto::releases(releases) })
}

/// What the rules about single codes report. They are not asked about a code that is good and written as published.
pub(super) fn reported(call: &Call, asked: &AskedCoding, learned: &Learned<'_>) -> Vec<Issue> {
    let Some(judgement) = &learned.judgement else { return Vec::new() };
    let is_good = judgement.verdict == Verdict::Billable && judgement.beyond_horizon.is_none();
    if is_good && learned.normalized_code.is_none() && !judgement.normalized.lookalike {
        return Vec::new();
    }
    check_code(&call.snapshot.terminology, judgement.system, &asked.code, learned.date).1
}
