//! Which release a caller asks for.

use medcode_codes::{
    date::{Date, fiscal_year, parse_iso},
    system::CodeSystem,
};

use crate::catalog::snapshot::Snapshot;

/// A release as a caller names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum AskedVersion {
    /// The one in force on the date.
    InForce,
    /// By its first day: `2026-04-01`.
    Day(Date),
    /// The newest of a month: `2026-04`.
    Month(i16, i8),
    /// The newest of a fiscal year: `FY2026`.
    FiscalYear(i16),
    /// The newest of a year: `2026`. A fiscal year for ICD-10, a calendar year elsewhere.
    Year(i16),
    /// A name that no release can have.
    Other,
}

impl AskedVersion {
    /// Reads the name of a release.
    pub(crate) fn read(text: &str) -> Self {
        let text = text.trim();
        let digits = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        let year = |text: &str| digits(text).then(|| text.parse().ok()).flatten();
        if text.is_empty() {
            return Self::InForce;
        }
        if let Ok(day) = parse_iso(text) {
            return Self::Day(day);
        }
        if let Some(year) = year(text) {
            return Self::Year(year);
        }
        let prefix = text.get(..2).filter(|prefix| prefix.eq_ignore_ascii_case("FY"));
        if let Some(year) = prefix.and_then(|_| year(text.get(2..)?.trim())) {
            return Self::FiscalYear(year);
        }
        match parse_iso(&format!("{text}-01")) {
            Ok(day) => Self::Month(day.year(), day.month()),
            Err(_) => Self::Other,
        }
    }

    /// The first day of the loaded release that is meant. `Ok(None)` means the one in force.
    ///
    /// # Errors
    /// No such release is loaded.
    pub(crate) fn resolve(
        self,
        snapshot: &Snapshot,
        system: CodeSystem,
    ) -> Result<Option<Date>, NotLoaded> {
        if self == Self::InForce {
            return Ok(None);
        }
        let of_system = snapshot.releases.iter().filter(|record| record.is_of(system));
        let newest = self.newest(system, of_system.map(|record| record.release.version));
        newest.map(Some).ok_or(NotLoaded)
    }

    /// The newest of some releases of a system that has this name.
    pub(crate) fn newest(
        self,
        system: CodeSystem,
        versions: impl Iterator<Item = Date>,
    ) -> Option<Date> {
        let is_icd = matches!(system, CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs);
        let fits = |version: &Date| match self {
            Self::InForce | Self::Other => false,
            Self::Day(day) => *version == day,
            Self::Month(year, month) => version.year() == year && version.month() == month,
            Self::FiscalYear(year) => fiscal_year(*version) == year,
            Self::Year(year) if is_icd => fiscal_year(*version) == year,
            Self::Year(year) => version.year() == year,
        };
        versions.filter(fits).max()
    }
}

/// The release asked for is not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotLoaded;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_of_a_version() {
        let day = parse_iso("2026-04-01").unwrap();
        for (text, version) in [
            ("", AskedVersion::InForce),
            ("2026-04-01", AskedVersion::Day(day)),
            ("2026-04", AskedVersion::Month(2026, 4)),
            ("FY2026", AskedVersion::FiscalYear(2026)),
            ("fy 2026", AskedVersion::FiscalYear(2026)),
            ("2026", AskedVersion::Year(2026)),
            ("latest", AskedVersion::Other),
            ("2026-13", AskedVersion::Other),
            ("FY26", AskedVersion::Other),
            ("\u{e9}\u{e9}", AskedVersion::Other),
        ] {
            assert_eq!(AskedVersion::read(text), version, "{text}");
        }
    }
}
