//! The release that a request about the hierarchy of one system reads.

use medcode_codes::{
    code_table::CodeTable,
    concept::Concept,
    date::{Date, ICD10_START},
    release::Release,
    system::CodeSystem,
};

use crate::{catalog::snapshot::Snapshot, error::Error, from_proto::AskedVersion};

/// The release that is listed: the day whose release answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    pub(super) system: CodeSystem,
    /// A day in the release that was asked for; else the date itself.
    pub(super) day: Date,
}

impl Listed {
    /// Finds the release.
    ///
    /// # Errors
    /// The system is not loaded, or no release of it fits the version and the date.
    pub(super) fn find(
        snapshot: &Snapshot,
        system: CodeSystem,
        version: AskedVersion,
        date: Date,
    ) -> Result<Self, Error> {
        if snapshot.terminology.table(system).is_none() {
            return Err(Error::CodeSystemNotLoaded(system));
        }
        let version =
            version.resolve(snapshot, system).map_err(|_| Error::ReleaseUnknown(system))?;
        let is_icd = matches!(system, CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs);
        if is_icd && date < ICD10_START {
            return Err(Error::ReleaseUnknown(system));
        }
        Ok(Self { system, day: version.unwrap_or(date) })
    }

    /// The release, where one is loaded.
    pub(super) fn release(self, snapshot: &Snapshot) -> Option<&Release> {
        if self.system == CodeSystem::Icd10Cm {
            return snapshot.terminology.edition_on(self.day).map(|edition| &edition.release);
        }
        snapshot.terminology.table(self.system).map(CodeTable::release)
    }

    /// A concept of the release as it stands on the date.
    pub(super) fn as_of<'s>(
        self,
        snapshot: &'s Snapshot,
        content: &Concept<'s>,
        date: Date,
    ) -> Concept<'s> {
        if self.day == date {
            return *content;
        }
        let terminology = &snapshot.terminology;
        let found = match content.code() {
            Some(code) => terminology.concept(code, date),
            None => terminology.group(&content.name(), date),
        };
        found.unwrap_or(*content)
    }
}
