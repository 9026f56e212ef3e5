//! Releases → what answers questions.
//!
//! Pure, and the same for the same releases whatever the order they were imported in, but for one thing: of two files
//! for the same release the later import answers. Who wins where sources differ is written down in one place each:
//! [`dating`] for the dates of codes, [`titles`] for their names.

use medcode_codes::{
    code_table::CodeTable,
    pcs::PcsAxes,
    system::CodeSystem,
    tabular::BuildError,
    terminology::{Edition, Terminology},
};
use medcode_import::rows::{Abbreviation, Rows};

use super::releases::{ReleaseKind, ReleaseRecord};

mod agreement;
mod dating;
mod supplements;
mod tables;
mod titles;

pub use agreement::{Disagreement, OtherTitles, other_titles};

/// A release with its rows.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What is known of it.
    pub record: ReleaseRecord,
    /// Its rows.
    pub rows: Rows,
}

/// Everything that answers questions.
#[derive(Debug)]
pub struct Assembled {
    /// Codes, lists and supplements.
    pub terminology: Terminology,
    /// Abbreviations, sorted by their short form.
    pub abbreviations: Vec<Abbreviation>,
    /// The table of meanings that search uses: the newest. `None` where none was imported.
    pub meanings: Option<Vec<u8>>,
    /// Releases that do not fit what dates the codes, each with the codes that differ.
    pub disagreements: Vec<Disagreement>,
}

/// Releases that cannot be put together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssembleError {
    /// The rows of a tabular list do not form one.
    #[error("{title}: {error}")]
    Tabular {
        /// The release.
        title: String,
        /// What is wrong.
        error: BuildError,
    },
    /// A table of codes cannot be built.
    #[error("{system}: {problem}")]
    Table {
        /// The system.
        system: CodeSystem,
        /// What is wrong.
        problem: String,
    },
}

/// Puts releases together. They come in the order of their import.
///
/// # Errors
/// The rows of a release do not form what they should.
pub fn assemble(releases: Vec<Loaded>) -> Result<Assembled, AssembleError> {
    let mut releases = in_force(releases);
    releases.sort_by_key(|loaded| (loaded.record.release.version, loaded.record.kind));
    let mut editions = Vec::new();
    for loaded in &mut releases {
        let Rows::Tabular(rows) = &loaded.rows else { continue };
        let release = loaded.record.release.clone();
        let list = rows
            .to_list()
            .map_err(|error| AssembleError::Tabular { title: release.title.clone(), error })?;
        // The list holds all of it: half a million small texts need not be kept twice.
        loaded.rows = Rows::BareCodes(list.billable_codes());
        editions.push(Edition { release, list: list.into() });
    }
    let mut tables = Vec::new();
    let mut disagreements = Vec::new();
    for system in CodeSystem::ALL {
        let sources = tables::SystemSources::of(system, &releases, &editions);
        disagreements.extend(agreement::check(&sources));
        tables.extend(tables::table(&sources)?);
    }
    let (mut abbreviations, mut meanings) = (Vec::new(), None);
    for loaded in &mut releases {
        match &mut loaded.rows {
            Rows::Abbreviations(rows) => abbreviations.append(rows),
            Rows::Meanings { table, .. } => meanings = Some(std::mem::take(table)),
            _ => {}
        }
    }
    abbreviations.sort_by(|a, b| a.short.cmp(&b.short));
    let mut supplements = supplements::supplements(releases);
    supplements.pcs_axes = pcs_axes(&tables);
    let terminology = Terminology::new(tables, editions).with(supplements);
    Ok(Assembled { terminology, abbreviations, meanings, disagreements })
}

/// The axes of ICD-10-PCS by the newest titles of its codes and of the tables they stand in.
fn pcs_axes(tables: &[CodeTable]) -> PcsAxes {
    let Some(table) = tables.iter().find(|table| table.system() == CodeSystem::Icd10Pcs) else {
        return PcsAxes::default();
    };
    let headers = table.headers().map(|(key, title)| (key, title.text));
    let codes = table.iter().filter_map(|entry| Some((entry.key(), entry.newest_title()?.text)));
    PcsAxes::build(headers, codes)
}

/// Of releases with the same dataset, kind, version and systems the last one.
fn in_force(releases: Vec<Loaded>) -> Vec<Loaded> {
    let name = |loaded: &Loaded| {
        let record = &loaded.record;
        let release = &record.release;
        (release.dataset.clone(), record.kind, release.version, record.systems.clone())
    };
    let mut kept: Vec<Loaded> = Vec::new();
    for loaded in releases {
        // The texts of CPT come in several files, which complete each other.
        let replaced = kept.iter().position(|other| {
            name(other) == name(&loaded) && part_of(&other.rows) == part_of(&loaded.rows)
        });
        match replaced {
            Some(index) => kept[index] = loaded,
            None => kept.push(loaded),
        }
    }
    kept
}

/// Which part of a release some rows are, where a release comes in several files.
fn part_of(rows: &Rows) -> Option<u32> {
    match rows {
        Rows::Cpt { text, .. } => Some(*text as u32),
        Rows::Index { part, .. } => Some(*part as u32),
        Rows::Gem(map) => Some(map.direction as u32),
        _ => None,
    }
}

/// Whether a release is the one that was imported last among those of its name.
pub fn is_superseded(record: &ReleaseRecord, later: &[ReleaseRecord]) -> bool {
    let several = matches!(record.kind, ReleaseKind::Cpt | ReleaseKind::Index | ReleaseKind::Gem);
    !several
        && later.iter().any(|other| {
            other.release.dataset == record.release.dataset
                && other.kind == record.kind
                && other.release.version == record.release.version
                && other.systems == record.systems
        })
}

#[cfg(test)]
mod tests;
