//! What can be learned of a coding: it is known, unknown, or could not be asked.

use medcode_codes::{
    code::{Code, CodeKey},
    code_table::{CodeTable, Lifetime},
    concept::Concept,
    date::{Date, ICD10_START},
    fact,
    release::Release,
    system::CodeSystem,
    verdict::{Judgement, Verdict, judge},
};
use medcode_proto::v1::UnavailableReason;

use crate::{catalog::snapshot::Snapshot, from_proto::AskedCoding};

/// A concept that is known: what it means in the release that was asked for, and how it stands on the date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sighting<'s> {
    /// Texts, notes and relatives, of the release.
    pub(crate) content: Concept<'s>,
    /// Flags and dates, as of the date.
    pub(crate) status: Concept<'s>,
}

impl<'s> Sighting<'s> {
    /// A concept in the release in force on its date.
    pub(crate) fn of(concept: Concept<'s>) -> Self {
        Self { content: concept, status: concept }
    }
}

/// What could be learned.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fact<'s> {
    Known(Sighting<'s>),
    Unknown,
    Unavailable(UnavailableReason),
}

/// A coding with everything that was learned of it.
#[derive(Debug)]
pub(crate) struct Learned<'s> {
    pub(crate) fact: Fact<'s>,
    /// The system that the code was judged in; `None` when the one asked for is unknown.
    pub(crate) system: Option<CodeSystem>,
    /// The verdict on the code; `None` for groups, and where the question could not be put.
    pub(crate) judgement: Option<Judgement<'s>>,
    /// The published form, where the code was written otherwise.
    pub(crate) normalized_code: Option<String>,
    /// The day on which the code was looked at.
    pub(crate) date: Date,
}

impl<'s> Learned<'s> {
    /// Looks a coding up.
    pub(crate) fn of(snapshot: &'s Snapshot, asked: &AskedCoding<'_>, date: Date) -> Self {
        let unavailable = |system, reason| Self {
            fact: Fact::Unavailable(reason),
            system,
            judgement: None,
            normalized_code: None,
            date,
        };
        let Ok(system) = asked.system else {
            return unavailable(None, UnavailableReason::CodeSystemUnknown);
        };
        match asked.version.resolve(snapshot, system) {
            Err(_) => unavailable(Some(system), UnavailableReason::ReleaseUnknown),
            Ok(version) => Question { snapshot, date, version }.answer(system, &asked.code),
        }
    }

    /// The concept, where it is known.
    pub(crate) fn sighting(&self) -> Option<Sighting<'s>> {
        match self.fact {
            Fact::Known(sighting) => Some(sighting),
            Fact::Unknown | Fact::Unavailable(_) => None,
        }
    }

    /// Whether the code is known, but not in the release that was asked for. One that starts after the date is not in
    /// question here: that says more.
    pub(crate) fn is_outside_its_release(&self) -> bool {
        let Some(judgement) = &self.judgement else { return false };
        matches!(self.fact, Fact::Unknown)
            && judgement.concept.is_some()
            && !judgement.normalized.lookalike
            && !matches!(judgement.verdict, Verdict::NotYetEffective { .. })
    }

    /// The releases that were read: what describes the concept, and what dates the codes of its system.
    pub(crate) fn releases(&self, snapshot: &'s Snapshot) -> impl Iterator<Item = &'s Release> {
        let described = self.sighting().and_then(|sighting| sighting.content.release());
        described.into_iter().chain(self.table_release(snapshot))
    }

    /// The release that dates the codes of its system, if it was read.
    pub(crate) fn table_release(&self, snapshot: &'s Snapshot) -> Option<&'s Release> {
        let asked = !matches!(
            self.fact,
            Fact::Unavailable(
                UnavailableReason::CodeSystemUnknown | UnavailableReason::ReleaseUnknown
            )
        );
        let system = self.system.filter(|_| asked)?;
        snapshot.terminology.table(system).map(CodeTable::release)
    }
}

struct Question<'s> {
    snapshot: &'s Snapshot,
    date: Date,
    /// The release that was asked for, where it is not the one in force.
    version: Option<Date>,
}

impl<'s> Question<'s> {
    fn answer(&self, system: CodeSystem, text: &str) -> Learned<'s> {
        if let Some((content, status)) = self.group(system, text) {
            let is_icd = matches!(system, CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs);
            let fact = if is_icd && self.date < ICD10_START {
                Fact::Unavailable(UnavailableReason::DateNotCovered)
            } else {
                Fact::Known(Sighting { content, status })
            };
            let normalized_code = Some(content.name().into_owned()).filter(|name| name != text);
            return Learned {
                fact,
                system: Some(system),
                judgement: None,
                normalized_code,
                date: self.date,
            };
        }
        let judgement = judge(&self.snapshot.terminology, system, text, self.date);
        let fact = self.fact(&judgement);
        let written = judgement.code.filter(|_| !judgement.normalized.lookalike).map(Code::text);
        Learned {
            fact,
            system: Some(judgement.system),
            normalized_code: written
                .filter(|written| **written != *text)
                .map(|written| (*written).to_owned()),
            judgement: Some(judgement),
            date: self.date,
        }
    }

    fn fact(&self, judgement: &Judgement<'s>) -> Fact<'s> {
        if let Verdict::Unavailable(reason) = judgement.verdict {
            return Fact::Unavailable(unavailable_reason(reason));
        }
        let status = judgement.concept.filter(|_| !judgement.normalized.lookalike);
        let Some(status) = status else { return Fact::Unknown };
        let Some(version) = self.version else { return Fact::Known(Sighting::of(status)) };
        let content =
            judgement.code.and_then(|code| self.snapshot.terminology.concept(code, version));
        match content {
            Some(content) if !is_later_than(&content, self.end_of(version)) => {
                Fact::Known(Sighting { content, status })
            }
            _ => Fact::Unknown,
        }
    }

    /// A chapter or section of ICD-10-CM, or a beginning that codes of another system share.
    fn group(&self, system: CodeSystem, text: &str) -> Option<(Concept<'s>, Concept<'s>)> {
        let terminology = &self.snapshot.terminology;
        let text = text.trim();
        let find = |date| {
            if system == CodeSystem::Icd10Cm {
                return text.contains('-').then(|| terminology.group(text, date)).flatten();
            }
            let key = CodeKey::of_any_case(text)?;
            // What is as long as a code begins no other.
            if system.accepts_shape(&key.text()) {
                return None;
            }
            let is_code = terminology.table(system).is_some_and(|table| table.get(key).is_some());
            if is_code { None } else { terminology.prefix(system, key, date) }
        };
        let status = find(self.date)?;
        let content = match self.version {
            Some(version) => find(version)?,
            None => status,
        };
        Some((content, status))
    }

    /// The last day of a release, as far as it is known.
    fn end_of(&self, version: Date) -> Date {
        let of_version =
            self.snapshot.releases.iter().filter(|record| record.release.version == version);
        let ends = of_version
            .map(|record| record.horizon.or(record.release.effective_to).unwrap_or(version));
        ends.max().unwrap_or(version)
    }
}

/// Whether a concept is newer than a release that ends on `end`.
fn is_later_than(concept: &Concept<'_>, end: Date) -> bool {
    let starts = concept.lifetime().and_then(Lifetime::period).map(|period| period.start);
    starts.is_some_and(|start| start > end)
}

fn unavailable_reason(reason: fact::UnavailableReason) -> UnavailableReason {
    match reason {
        fact::UnavailableReason::DateNotCovered => UnavailableReason::DateNotCovered,
        fact::UnavailableReason::NotInFragment => UnavailableReason::NotInFragment,
        // Dental codes belong to a system that is not loaded; the catalog itself is never out of reach here.
        fact::UnavailableReason::CodeSystemNotLoaded
        | fact::UnavailableReason::DentalCode
        | fact::UnavailableReason::ServiceUnreachable => UnavailableReason::CodeSystemNotLoaded,
    }
}
