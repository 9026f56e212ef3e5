//! Whether a code may be submitted on a date.

use medcode_codes::{code_table::CodeTable, date::Date, release::Release, verdict::Verdict};
use medcode_proto::v1::{self, BillingStatus, FactState, UnavailableReason};

use super::Validated;
use crate::to_proto::{self, UsedReleases, fields::Fields};

/// The verdict, with the period of the code and what took its place.
pub(super) struct Billing<'s> {
    status: BillingStatus,
    as_of: Date,
    effective_from: Option<Date>,
    effective_to: Option<Date>,
    replaced_by: Vec<v1::Replacement>,
    release: Option<&'s Release>,
}

impl<'s> Billing<'s> {
    pub(super) fn of(validated: &Validated<'s, '_>) -> Self {
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
        Self {
            status,
            as_of: learned.date,
            effective_from: period.map(|period| period.start),
            effective_to: period.and_then(|period| period.end),
            replaced_by,
            release: table(validated).map(CodeTable::release),
        }
    }

    /// Writes the fields of a `BillingVerdict`.
    pub(super) fn write(&self, releases: &UsedReleases<'_>, fields: &mut Fields<'_>) {
        fields.value(1, self.status);
        fields.date(2, self.as_of);
        self.effective_from.into_iter().for_each(|date| fields.date(3, date));
        self.effective_to.into_iter().for_each(|date| fields.date(4, date));
        fields.messages(5, &self.replaced_by);
        self.release.into_iter().for_each(|release| releases.write_one(6, release, fields));
    }
}

/// The table that was read, if one was.
fn table<'s>(validated: &Validated<'s, '_>) -> Option<&'s CodeTable> {
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

fn status(validated: &Validated<'_, '_>) -> BillingStatus {
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
        Verdict::Billable if judgement.was_in_use() => BillingStatus::Billable,
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
