//! The one concept that a request names.

use medcode_codes::{code::Code, concept::Concept, date::Date, system::CodeSystem};
use medcode_proto::v1::UnavailableReason;

use super::{Fact, Learned};
use crate::{catalog::snapshot::Snapshot, error::Error, from_proto::AskedCoding};

/// A concept that a request names, with what stands below it.
pub(super) struct Place<'s> {
    /// The concept, in the release that was asked for.
    pub(super) concept: Concept<'s>,
}

/// Finds the one concept that a request names.
///
/// # Errors
/// Its system, release or code is unknown, or its system is not loaded.
pub(super) fn find_place<'s>(
    snapshot: &'s Snapshot,
    coding: &AskedCoding<'_>,
    date: Date,
) -> Result<Place<'s>, Error> {
    let learned = Learned::of(snapshot, coding, date);
    let system = coding
        .system
        .map_err(|fault| Error::CodeSystemUnknown { is_who_icd10: fault.is_who_icd10 })?;
    match learned.fact {
        Fact::Known(sighting) => Ok(Place { concept: sighting.content }),
        Fact::Unavailable(UnavailableReason::CodeSystemNotLoaded) => {
            Err(Error::CodeSystemNotLoaded(system))
        }
        Fact::Unavailable(
            UnavailableReason::ReleaseUnknown | UnavailableReason::DateNotCovered,
        ) => Err(Error::ReleaseUnknown(system)),
        Fact::Unknown | Fact::Unavailable(_) => Err(Error::ConceptUnknown(system)),
    }
}

impl Place<'_> {
    /// The system of the concept.
    pub(super) fn system(&self) -> CodeSystem {
        self.concept.system()
    }

    /// Whether a code is the concept or stands below it.
    pub(super) fn holds(&self, code: Code) -> bool {
        if code.system() != self.system() {
            return false;
        }
        match (self.concept.place(), self.concept.code()) {
            (Some((edition, location)), _) if location.seventh.is_none() => {
                let node = edition.list.locate(code.key()).map(|found| found.node);
                let below = |node| {
                    node == location.node
                        || edition.list.lineage(node).any(|above| above == location.node)
                };
                node.is_some_and(below)
            }
            (_, Some(own)) => own == code,
            (_, None) => {
                let name = self.concept.name();
                !code.is_modifier() && code.to_string().starts_with(name.as_ref())
            }
        }
    }
}
