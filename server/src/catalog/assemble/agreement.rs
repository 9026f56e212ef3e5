//! Compares every list of codes with what dates the codes.
//!
//! The code master says when a code is valid, tabular lists and order files what it means; they are made separately and
//! must agree on the codes of the day. A difference is a fault of the import, such as a prose exception that nobody knew
//! of, a file of another year, or an error of the publisher.

use std::fmt;

use medcode_codes::{
    code::CodeKey,
    code_table::Title,
    date::{Date, fiscal_year},
    release::Release,
    system::CodeSystem,
    terminology::Terminology,
};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::tables::SystemSources;

/// Codes that are named in a message at most.
const NAMED: usize = 10;

/// A list that does not have the codes of its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The list.
    pub title: String,
    /// Its digest.
    pub digest: String,
    /// Its system.
    pub system: CodeSystem,
    /// The day.
    pub day: Date,
    /// How many codes the list has.
    pub listed: usize,
    /// Codes that only the list has.
    pub extra: Vec<CodeKey>,
    /// Codes that only the master calls valid that day.
    pub missing: Vec<CodeKey>,
    /// Another day of whose codes the list is nearer, with the number of codes that differ then.
    pub nearer: Option<(Date, usize)>,
}

impl Disagreement {
    /// How many codes differ.
    pub fn count(&self) -> usize {
        self.extra.len() + self.missing.len()
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} and the code master differ on {}: only the former has {}; only the latter has {}",
            self.title,
            self.day,
            named(&self.extra),
            named(&self.missing),
        )
    }
}

/// Compares the lists of a system that lie within what its master covers.
pub(super) fn check(sources: &SystemSources<'_>) -> Vec<Disagreement> {
    let Some(master) = &sources.master else { return Vec::new() };
    let within = sources.sets.iter().filter(|set| set.release.version <= master.horizon);
    let valid_on = |day: Date| -> Vec<CodeKey> {
        let valid = master
            .codes
            .iter()
            .filter(|row| row.lifetime.period().is_some_and(|period| period.contains(day)));
        valid.map(|row| row.code).collect()
    };
    let compared = within.filter_map(|set| {
        let day = set.release.version;
        let valid = valid_on(day);
        let (extra, missing) = (absent(&set.codes, &valid), absent(&valid, &set.codes));
        if extra.is_empty() && missing.is_empty() {
            return None;
        }
        let mut days: Vec<_> = master
            .codes
            .iter()
            .filter_map(|row| row.lifetime.period())
            .map(|period| period.start)
            .collect();
        days.sort_unstable();
        days.dedup();
        let differing = |day: Date| {
            let valid = valid_on(day);
            absent(&set.codes, &valid).len() + absent(&valid, &set.codes).len()
        };
        let nearer =
            days.into_iter().map(|day| (day, differing(day))).min_by_key(|(_, many)| *many);
        Some(Disagreement {
            title: set.release.title.clone(),
            digest: set.release.digest.clone(),
            system: sources.system,
            day,
            listed: set.codes.len(),
            nearer: nearer.filter(|(_, many)| *many < extra.len() + missing.len()),
            extra,
            missing,
        })
    });
    compared.collect()
}

/// Codes that a title list and the tabular list of its fiscal year call by different names, accents aside. The tabular
/// list wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherTitles {
    /// The tabular list.
    pub edition: String,
    /// The codes.
    pub codes: Vec<CodeKey>,
}

impl fmt::Display for OtherTitles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} titles differ from those of {}, which are shown: {}",
            self.codes.len(),
            self.edition,
            named(&self.codes)
        )
    }
}

/// Compares the titles of a release with the tabular list of its fiscal year. `None` where nothing differs, or there is
/// nothing to compare with.
pub fn other_titles(terminology: &Terminology, release: &Release) -> Option<OtherTitles> {
    let day = release.version;
    let edition = terminology.edition_on(day)?;
    if fiscal_year(edition.release.version) != fiscal_year(day) {
        return None;
    }
    let table = terminology.table(CodeSystem::Icd10Cm)?;
    let differs = |code: CodeKey, title: Option<Title<'_>>| {
        let title = title.filter(|title| title.release.version == day)?;
        let location = edition.list.locate(code)?;
        (plain(title.text) != plain(&edition.list.full_title(location))).then_some(code)
    };
    let codes = table.iter().filter_map(|entry| differs(entry.key(), entry.title(day)));
    let codes: Vec<_> = codes.collect();
    (!codes.is_empty()).then(|| OtherTitles { edition: edition.release.title.clone(), codes })
}

/// A title without accents, as order files write it.
fn plain(title: &str) -> String {
    title.nfd().filter(|character| !is_combining_mark(*character)).collect()
}

/// The codes that another list lacks. Both are sorted.
fn absent(codes: &[CodeKey], from: &[CodeKey]) -> Vec<CodeKey> {
    codes.iter().filter(|code| from.binary_search(code).is_err()).copied().collect()
}

/// Codes for a message.
fn named(codes: &[CodeKey]) -> String {
    if codes.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<_> = codes.iter().take(NAMED).map(ToString::to_string).collect();
    let more = codes.len().saturating_sub(NAMED);
    if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
}
