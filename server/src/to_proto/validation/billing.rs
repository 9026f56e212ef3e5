//! Whether a code may be submitted on a date.

use medcode_codes::{
    code_table::{CodeTable, Lifetime},
    date::end_of_quarter,
    verdict::{Judgement, Verdict},
};
use medcode_proto::v1::{self, BillingStatus, FactState, UnavailableReason};

use super::Validated;
use crate::to_proto;

/// The verdict, with the period of the code and what took its place.
pub(super) fn verdict(validated: &Validated<'_>) -> v1::BillingVerdict {
    let learned = validated.learned;
    let status = status(validated);
    let verdict = learned.judgement.as_ref().map(|judgement| &judgement.verdict);
    let is_dated = matches!(
        verdict,
        Some(Verdict::Billable | Verdict::Expired { .. } | Verdict::NotYetEffective { .. })
    );
    let period = validated.period().filter(|_| is_dated && learned.sighting().is_some());
    let replaced_by = match verdict {
        Some(Verdict::Expired { replacements }) if status == BillingStatus::Expired => {
            to_proto::replacements(validated.snapshot, replacements, learned.date)
        }
        _ => Vec::new(),
    };
    v1::BillingVerdict {
        status: status.into(),
        as_of: Some(to_proto::date(learned.date)),
        effective_from: period.map(|period| to_proto::date(period.start)),
        effective_to: period.and_then(|period| period.end).map(to_proto::date),
        replaced_by,
        release: table(validated).map(CodeTable::release).map(to_proto::release),
    }
}

/// The table that was read, if one was.
fn table<'v>(validated: &Validated<'v>) -> Option<&'v CodeTable> {
    let (_, reason) = to_proto::fact_state(&validated.learned.fact);
    let was_read = !matches!(
        reason,
        UnavailableReason::CodeSystemUnknown
            | UnavailableReason::CodeSystemNotLoaded
            | UnavailableReason::ReleaseUnknown
    );
    let system = validated.learned.system.filter(|_| was_read)?;
    validated.snapshot.terminology.table(system)
}

fn status(validated: &Validated<'_>) -> BillingStatus {
    let learned = validated.learned;
    if to_proto::fact_state(&learned.fact).0 == FactState::Unavailable {
        return BillingStatus::NoData;
    }
    // A group has no verdict of its own.
    let Some(judgement) = &learned.judgement else { return BillingStatus::NotBillable };
    if judgement.concept.is_some() {
        if judgement.normalized.lookalike {
            return BillingStatus::UnknownCode;
        }
        if learned.is_outside_its_release() {
            return BillingStatus::UnknownCode;
        }
        if judgement.beyond_horizon.is_some() {
            return BillingStatus::NoData;
        }
    }
    match &judgement.verdict {
        Verdict::Unknown { .. } if validated.is_retired_header() => BillingStatus::NotBillable,
        Verdict::Billable if was_in_use(judgement) => BillingStatus::Billable,
        Verdict::Billable | Verdict::Unavailable(_) => BillingStatus::NoData,
        Verdict::Expired { .. } => BillingStatus::Expired,
        Verdict::NotYetEffective { .. } => BillingStatus::NotYetEffective,
        Verdict::CategoryReference | Verdict::Header | Verdict::MissingSeventhCharacter => {
            BillingStatus::NotBillable
        }
        Verdict::Malformed | Verdict::LetterIOrO { .. } => BillingStatus::MalformedCode,
        Verdict::WrongSystem { .. } | Verdict::Icd9 { .. } if judgement.code.is_none() => {
            BillingStatus::MalformedCode
        }
        Verdict::InvalidSeventhCharacter { .. }
        | Verdict::MissingPlaceholder { .. }
        | Verdict::UnexpectedCharacters { .. }
        | Verdict::Confusable { .. }
        | Verdict::WrongSystem { .. }
        | Verdict::Icd9 { .. }
        | Verdict::Unknown { .. } => BillingStatus::UnknownCode,
    }
}

/// Whether the data shows that a code could be used on the date: a list of codes in use shows it for the quarters it
/// covers, and says nothing of other days.
pub(crate) fn was_in_use(judgement: &Judgement<'_>) -> bool {
    match judgement.concept.and_then(|concept| concept.lifetime()) {
        Some(Lifetime::Seen { first, last }) => {
            first <= judgement.date && judgement.date <= end_of_quarter(last)
        }
        _ => true,
    }
}
