//! Everything that is read from the package files of a set, each with where it comes from.

use medcode_codes::{
    date::{Date, parse_compact},
    system::CodeSystem,
    tabular::TabularList,
};

use super::{
    InstallError, Phase, Progress, counts,
    manifest::{Format, MasterCounts, Pin, PinnedFile, PinnedRelease},
    wheels::{Wheel, Wheels},
};
use crate::catalog::{releases::Source, snapshot::Abbreviation};
use medcode_import::{
    abbreviations,
    asc_addenda::{AddendaCollector, Separator},
    code_master::{self, CodeMaster},
    codes_file,
    conversions::{self, Conversions},
    lmdb::Lmdb,
    rows::{CodeRow, TabularRows, TitleRow},
    tabular_xml,
};

/// Rows, the release they make, and the file they are from.
pub(super) struct Sourced<T> {
    pub(super) release: PinnedRelease,
    pub(super) source: Source,
    pub(super) content: T,
}

/// A tabular list: as rows to be stored, and as a list to be asked.
pub(super) struct ListSource {
    pub(super) rows: TabularRows,
    pub(super) list: TabularList,
}

/// What the code editor knows of one system.
pub(super) struct MasterSource {
    pub(super) system: CodeSystem,
    pub(super) master: CodeMaster,
    pub(super) conversions: Conversions,
}

/// A title list.
pub(super) struct TitleSource {
    pub(super) system: CodeSystem,
    pub(super) titles: Vec<TitleRow>,
}

/// HCPCS Level II codes in use.
pub(super) struct CodesInUse {
    pub(super) codes: Vec<CodeRow>,
    pub(super) titles: Vec<TitleRow>,
}

/// Everything that a set brings.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) masters: Option<Sourced<Vec<MasterSource>>>,
    pub(super) lists: Vec<Sourced<ListSource>>,
    pub(super) titles: Vec<Sourced<TitleSource>>,
    pub(super) codes_in_use: Option<Sourced<CodesInUse>>,
    pub(super) abbreviations: Option<Sourced<Vec<Abbreviation>>>,
}

impl Sources {
    /// Reads all files of a set and compares what each holds with the counts of its pin.
    pub(super) fn read(
        set: &'static [Pin],
        wheels: &Wheels,
        progress: &dyn Progress,
    ) -> Result<Self, InstallError> {
        let files = set.iter().map(|pin| pin.files.len() as u64).sum();
        progress.begin(Phase::Reading, files);
        let mut sources = Self::default();
        let mut done = 0;
        for pin in set {
            let mut wheel = wheels.open(pin)?;
            for file in pin.files {
                progress.step(Phase::Reading, done, file.format.release().title);
                sources.add(&mut wheel, file)?;
                done += 1;
            }
        }
        progress.step(Phase::Reading, done, "");
        progress.end(Phase::Reading);
        Ok(sources)
    }

    fn add(&mut self, wheel: &mut Wheel, file: &PinnedFile) -> Result<(), InstallError> {
        let sourced = Origin { release: file.format.release(), source: source(wheel, file) };
        match (file.format, file.content) {
            (Format::TabularXml { year, counts, .. }, Some(content)) => {
                let list = tabular_list(&wheel.file(file.path, &content)?, file.path, year)?;
                counts::compare(file.path, &counts::of_list(&list.rows, &list.list), &counts)?;
                self.lists.push(sourced.with(list));
            }
            (Format::CodeMaster { horizon, cm, pcs, .. }, Some(content)) => {
                let bytes = wheel.file(file.path, &content)?;
                let masters = vec![
                    master(&bytes, &CM_KEYS, file.path, horizon, cm)?,
                    master(&bytes, &PCS_KEYS, file.path, horizon, pcs)?,
                ];
                self.masters = Some(sourced.with(masters));
            }
            (Format::CodesFile { system, codes, .. }, Some(content)) => {
                let bytes = wheel.file(file.path, &content)?;
                let titles = codes_file::read(&bytes, system, file.path)?;
                counts::compare(file.path, &titles.len(), &codes)?;
                self.titles.push(sourced.with(TitleSource { system, titles }));
            }
            (Format::AscAddenda { release, files, codes }, None) => {
                let in_use = addenda(wheel, file.path, release, files)?;
                counts::compare(file.path, &in_use.codes.len(), &codes)?;
                self.codes_in_use = Some(sourced.with(in_use));
            }
            (Format::Abbreviations { abbreviations, expansions, .. }, Some(content)) => {
                let rows = abbreviations::read(&wheel.file(file.path, &content)?, file.path)?;
                let found: usize = rows.iter().map(|row| row.expansions.len()).sum();
                counts::compare(file.path, &(rows.len(), found), &(abbreviations, expansions))?;
                self.abbreviations = Some(sourced.with(rows));
            }
            (_, None) => return Err(wheel.refuse("the manifest pins no content for a file")),
            (_, Some(_)) => return Err(wheel.refuse("the manifest pins a folder by content")),
        }
        Ok(())
    }
}

struct Origin {
    release: PinnedRelease,
    source: Source,
}

impl Origin {
    fn with<T>(self, content: T) -> Sourced<T> {
        Sourced { release: self.release, source: self.source, content }
    }
}

fn source(wheel: &Wheel, file: &PinnedFile) -> Source {
    Source {
        package: wheel.package(),
        file: file.path.to_owned(),
        sha256: wheel.sha256.clone(),
        licence: file.licence.to_owned(),
        copyright: String::new(),
    }
}

fn tabular_list(bytes: &[u8], file: &str, year: &str) -> Result<ListSource, InstallError> {
    let read = tabular_xml::read(bytes, file)?;
    counts::compare(file, read.year.as_str(), year)?;
    let list = read
        .rows
        .to_list()
        .map_err(|error| InstallError::Inconsistent(format!("{file}: {error}")))?;
    Ok(ListSource { rows: read.rows, list })
}

/// Where the tables of a system lie in the file of the code editor.
struct MasterKeys {
    system: CodeSystem,
    codes: &'static str,
    conversions: &'static str,
}

const CM_KEYS: MasterKeys = MasterKeys {
    system: CodeSystem::Icd10Cm,
    codes: "mce_i10dx_master",
    conversions: "icd10cm_conversions",
};

const PCS_KEYS: MasterKeys = MasterKeys {
    system: CodeSystem::Icd10Pcs,
    codes: "mce_i10sg_master",
    conversions: "icd10pcs_conversions",
};

fn master(
    bytes: &[u8],
    keys: &MasterKeys,
    file: &str,
    horizon: Date,
    expected: MasterCounts,
) -> Result<MasterSource, InstallError> {
    let value = |key: &str| {
        let refuse = |problem: String| InstallError::Inconsistent(format!("{file}: {problem}"));
        let value = Lmdb::open(bytes).and_then(|file| file.get(key));
        value
            .map_err(|error| refuse(error.to_string()))?
            .ok_or_else(|| refuse(format!("{key} is missing")))
    };
    let named = |key: &str| format!("{file}, {key}");
    let master = code_master::read(value(keys.codes)?, keys.system, &named(keys.codes))?;
    let is_code = |key| master.codes.binary_search_by_key(&key, |row| row.code).is_ok();
    let conversions =
        conversions::read(value(keys.conversions)?, &named(keys.conversions), is_code)?;
    let found = MasterCounts {
        rows: master.rows_read,
        codes: master.codes.len(),
        conversions: conversions.rows_read,
        conversions_of: conversions.version,
    };
    counts::compare(&named(keys.codes), &found, &expected)?;
    counts::compare(&named(keys.codes), &master.horizon, &horizon)?;
    Ok(MasterSource { system: keys.system, master, conversions })
}

/// Reads the files `<folder><year>/<YYYYMMDD>/{AA,BB,EE,FF}.{csv,txt}`. Pickles lie beside them: never opened.
fn addenda(
    wheel: &mut Wheel,
    folder: &str,
    release: PinnedRelease,
    files: usize,
) -> Result<CodesInUse, InstallError> {
    let mut collector = AddendaCollector::default();
    let mut read = 0;
    for path in wheel.files_below(folder) {
        let Some((quarter, separator)) = addendum(&path[folder.len()..]) else { continue };
        collector.add(&wheel.unpinned_file(&path)?, separator, quarter, &path)?;
        read += 1;
    }
    counts::compare(folder, &read, &files)?;
    counts::compare(folder, &collector.newest_quarter(), &Some(release.version))?;
    let (codes, titles) = collector.finish();
    Ok(CodesInUse { codes, titles })
}

/// The quarter and form of an addendum, by its path below the folder of the years.
fn addendum(path: &str) -> Option<(Date, Separator)> {
    let mut parts = path.split('/');
    let (_year, quarter, name) = (parts.next()?, parts.next()?, parts.next()?);
    let (name, extension) = name.split_once('.')?;
    let separator = match extension {
        "csv" => Separator::Comma,
        "txt" => Separator::Tab,
        _ => return None,
    };
    let known = matches!(name, "AA" | "BB" | "EE" | "FF") && parts.next().is_none();
    parse_compact(quarter).ok().filter(|_| known).map(|quarter| (quarter, separator))
}
