//! Everything that is read from the package files of a set, each with where it comes from.

use jiff::{Timestamp, ToSpan};
use medcode_codes::{
    date::{Date, fiscal_year, parse_compact},
    gem::GemMap,
    icd9::Icd9Part,
    release::Content,
    system::CodeSystem,
};
use medcode_import::{
    abbreviations,
    asc_addenda::{AddendaCollector, Separator},
    code_master::{self, CodeMaster},
    codes_file,
    conversions::{self, Conversions},
    gem,
    icd9_descriptions::{self, Icd9Kind},
    lmdb::Lmdb,
    mce_tables,
    rows::{AgeRange, DischargeStatus, ListedRow, MasterRows, Rows},
    tabular_xml,
};

use super::{
    Fresh, InstallError, Phase, Progress, counts,
    fresh::About,
    import::{gem_dataset, gem_system, icd9_dataset},
    manifest::{Format, MasterCounts, Pin, PinnedFile, PinnedRelease},
    wheels::{Wheel, Wheels},
};
use crate::catalog::releases::Source;

/// Reads all files of a set and compares what each holds with the counts of its pin.
pub(super) fn read(
    set: &'static [Pin],
    wheels: &Wheels,
    now: Timestamp,
    progress: &dyn Progress,
) -> Result<Vec<Fresh>, InstallError> {
    let files = set.iter().map(|pin| pin.files.len() as u64).sum();
    progress.begin(Phase::Reading, files);
    let mut sources = Sources { now, releases: Vec::new() };
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
    Ok(sources.releases)
}

struct Sources {
    now: Timestamp,
    releases: Vec<Fresh>,
}

impl Sources {
    fn add(&mut self, wheel: &mut Wheel, file: &PinnedFile) -> Result<(), InstallError> {
        let about = about(file.format.release(), source(wheel, file));
        let cm = CodeSystem::Icd10Cm;
        match (file.format, file.content) {
            (Format::TabularXml { year, counts, .. }, Some(content)) => {
                let read = tabular_xml::read(&wheel.file(file.path, &content)?, file.path)?;
                counts::compare(file.path, read.year.as_str(), year)?;
                let list = read.rows.to_list().map_err(|error| {
                    InstallError::Inconsistent(format!("{}: {error}", file.path))
                })?;
                counts::compare(file.path, &counts::of_list(&read.rows, &list), &counts)?;
                let billable = Some(list.billable_codes().len());
                let about = About { billable, ..about.of(cm.id(), &[cm]) };
                self.push(about, Rows::Tabular(read.rows))
            }
            (Format::CodeMaster { horizon, cm, pcs, .. }, Some(content)) => {
                let bytes = wheel.file(file.path, &content)?;
                let masters = [
                    master(&bytes, &CM_KEYS, file.path, horizon, cm)?,
                    master(&bytes, &PCS_KEYS, file.path, horizon, pcs)?,
                ];
                let groups = groups(&bytes, file.path, horizon)?;
                self.masters(&about, masters, groups, horizon)
            }
            (Format::CodesFile { system, codes, .. }, Some(content)) => {
                let titles =
                    codes_file::read(&wheel.file(file.path, &content)?, system, file.path)?;
                counts::compare(file.path, &titles.len(), &codes)?;
                let listed = titles.into_iter().map(|row| ListedRow {
                    code: row.code,
                    is_header: false,
                    short: String::new(),
                    long: row.title,
                });
                let about = About { billable: Some(codes), ..about.of(system.id(), &[system]) };
                self.push(about, Rows::CodeList(listed.collect()))
            }
            (Format::AscAddenda { release, files, codes }, None) => {
                let rows = addenda(wheel, file.path, release, files)?;
                counts::compare(file.path, &rows.count(), &codes)?;
                let system = CodeSystem::Hcpcs;
                let about =
                    About { content: Content::Fragment, ..about.of(system.id(), &[system]) };
                self.push(about, rows)
            }
            (Format::Gem { direction, rows, .. }, Some(content)) => {
                let map = gem(&wheel.file(file.path, &content)?, file.path)?;
                counts::compare(
                    file.path,
                    &(map.direction, map.entries.len()),
                    &(direction, rows),
                )?;
                let about = about.of(gem_dataset(direction), &[gem_system(direction)]);
                self.push(about, Rows::Gem(map))
            }
            (Format::Icd9Descriptions { part, codes, .. }, Some(content)) => {
                let bytes = wheel.file(file.path, &content)?;
                let rows = icd9_descriptions::read(&bytes, icd9_kind(part), file.path)?;
                counts::compare(file.path, &rows.len(), &codes)?;
                self.push(about.of(icd9_dataset(part), &[]), Rows::Icd9(rows))
            }
            (Format::Abbreviations { abbreviations, expansions, .. }, Some(content)) => {
                let rows = abbreviations::read(&wheel.file(file.path, &content)?, file.path)?;
                let found: usize = rows.iter().map(|row| row.expansions.len()).sum();
                counts::compare(file.path, &(rows.len(), found), &(abbreviations, expansions))?;
                let about = About { content: Content::Fragment, ..about.of("abbreviations", &[]) };
                self.push(about, Rows::Abbreviations(rows))
            }
            (_, None) => Err(wheel.refuse("the manifest pins no content for a file")),
            (_, Some(_)) => Err(wheel.refuse("the manifest pins a folder by content")),
        }
    }

    fn masters(
        &mut self,
        about: &About,
        masters: [Master; 2],
        (age_ranges, discharge_statuses): Groups,
        horizon: Date,
    ) -> Result<(), InstallError> {
        let systems: Vec<_> = masters.iter().map(|master| master.system).collect();
        let billable = masters.iter().map(|master| master.codes.valid_on(about.version).count());
        let of_codes = About {
            billable: Some(billable.sum()),
            horizon: Some(horizon),
            ..about.of("mce", &systems)
        };
        let mut rows = Vec::new();
        for Master { system, codes, conversions } in masters {
            self.conversions(about, system, conversions)?;
            rows.push(MasterRows { system, horizon: codes.horizon, codes: codes.codes });
        }
        let rows = Rows::CodeMaster { systems: rows, age_ranges, discharge_statuses };
        self.push(of_codes, rows)
    }

    fn conversions(
        &mut self,
        about: &About,
        system: CodeSystem,
        conversions: Conversions,
    ) -> Result<(), InstallError> {
        let version = conversions.version;
        let about = About {
            version,
            effective_to: version.checked_add(1.year()).and_then(Date::yesterday).ok(),
            title: format!("{system} conversion table FY{}", fiscal_year(version)),
            content: Content::Fragment,
            ..about.of(&format!("{}-conversion", system.id()), &[system])
        };
        self.push(about, Rows::Conversions(conversions.pairs))
    }

    fn push(&mut self, about: About, rows: Rows) -> Result<(), InstallError> {
        self.releases.push(Fresh::new(about, rows, self.now)?);
        Ok(())
    }
}

fn about(pinned: PinnedRelease, source: Source) -> About {
    About {
        dataset: String::new(),
        version: pinned.version,
        effective_to: pinned.effective_to,
        title: pinned.title.to_owned(),
        systems: Vec::new(),
        content: Content::Complete,
        horizon: None,
        billable: None,
        is_default: true,
        source,
        remarks: Vec::new(),
    }
}

impl About {
    /// The same for a dataset and its systems.
    fn of(&self, dataset: &str, systems: &[CodeSystem]) -> Self {
        Self { dataset: dataset.to_owned(), systems: systems.to_vec(), ..self.clone() }
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

/// Mappings as they are asked: by code.
fn gem(bytes: &[u8], file: &str) -> Result<GemMap, InstallError> {
    let read = gem::read(bytes, file)?;
    let mut entries = read.entries;
    entries.sort_unstable();
    Ok(GemMap { direction: read.direction, entries })
}

fn icd9_kind(part: Icd9Part) -> Icd9Kind {
    match part {
        Icd9Part::Diagnoses => Icd9Kind::Diagnoses,
        Icd9Part::Procedures => Icd9Kind::Procedures,
    }
}

/// Age groups and discharge statuses.
type Groups = (Vec<AgeRange>, Vec<DischargeStatus>);

/// The groups of the code editor; empty where the file has none.
fn groups(bytes: &[u8], file: &str, horizon: Date) -> Result<Groups, InstallError> {
    let value = |key: &str| Lmdb::open(bytes).ok().and_then(|lmdb| lmdb.get(key).ok().flatten());
    let ages = value("mce_age_ranges").map(|bytes| mce_tables::age_ranges(bytes, horizon, file));
    let statuses = value("mce_discharge_status")
        .map(|bytes| mce_tables::discharge_statuses(bytes, horizon, file));
    Ok((ages.transpose()?.unwrap_or_default(), statuses.transpose()?.unwrap_or_default()))
}

/// What the code editor knows of one system.
struct Master {
    system: CodeSystem,
    codes: CodeMaster,
    conversions: Conversions,
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
) -> Result<Master, InstallError> {
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
    Ok(Master { system: keys.system, codes: master, conversions })
}

/// Reads the files `<folder><year>/<YYYYMMDD>/{AA,BB,EE,FF}.{csv,txt}`. Pickles lie beside them: never opened.
fn addenda(
    wheel: &mut Wheel,
    folder: &str,
    release: PinnedRelease,
    files: usize,
) -> Result<Rows, InstallError> {
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
    Ok(Rows::CodesInUse { codes, titles })
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
