//! Files → drafts. A file is recognised by its content; its name only tells the release.

use std::collections::BTreeMap;

use medcode_codes::{
    date::parse_compact, edits::EditSetting, gem::GemMap, icd9::Icd9Part, index_term::IndexPart,
    release::Content, system::CodeSystem,
};
use medcode_import::{
    ImportError, Place, add_on, addenda, addendum_b, code_master, codes_file, conversion_table,
    conversions, cpt, documentation, fee_schedule, gem, hcpcs_anweb, hcpcs_code_list,
    hcpcs_table::{self, TableReader},
    icd9_descriptions::{self, Icd9Kind},
    index_xml,
    lmdb::Lmdb,
    master_csv::{self, CsvTable},
    mce_bin, mce_tables, mue, order_file, poa_exempt, processing_notes,
    ptp::{self, PtpCollector},
    rows::{ListedRow, MasterRows, Rows},
    sheet::{self, SheetFormat, for_each_row},
    tabular_xml,
};

use super::{
    Became, FileReport,
    draft::{self, Begins, Draft, Terms},
    names::{self, Hint},
};
use crate::archive::Found;

/// Bytes that decide what a file is.
const HEAD: usize = 64 << 10;
/// Rows that decide what a table is.
const HEAD_ROWS: usize = 30;

/// What the user says of files that do not say it themselves.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    pub(super) setting: Option<EditSetting>,
}

/// Collects drafts from files, and says of every file what became of it.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) drafts: Vec<Draft>,
    pub(super) reports: Vec<FileReport>,
    /// Parts of one release of procedure-to-procedure edits, by package, setting and quarter.
    pub(super) ptp: BTreeMap<(String, String), (PtpCollector, Origin)>,
    /// Conversion tables: they refer to codes, so they wait until all codes are known.
    pub(super) waiting: Vec<Waiting>,
    pub(super) told: Told,
}

/// A conversion table that waits for the codes.
pub(super) struct Waiting {
    pub(super) origin: Origin,
    pub(super) bytes: Vec<u8>,
    /// The official table of a year (xlsx), or the form of the code editor (csv).
    pub(super) is_yearly: bool,
}

/// Where a draft comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// The archive or folder.
    pub(super) package: String,
    /// Path inside it.
    pub(super) file: String,
    pub(super) sha256: String,
    /// Names that may tell the release, the nearest first.
    names: Vec<String>,
}

impl Origin {
    fn of(found: &Found, sha256: &str) -> Self {
        let on_disk = found.origin.file_name().map(|name| name.to_string_lossy().into_owned());
        let on_disk = on_disk.unwrap_or_default();
        let mut names: Vec<String> =
            found.path.rsplit('/').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        names.push(on_disk.clone());
        let is_compressed = on_disk.to_ascii_lowercase().ends_with(".gz");
        let (package, file) = if found.path.is_empty() || is_compressed {
            let folder = found.origin.parent().map(|folder| folder.display().to_string());
            (folder.unwrap_or_default(), on_disk)
        } else {
            (found.origin.display().to_string(), found.path.clone())
        };
        Self { package, file, sha256: sha256.to_owned(), names }
    }

    pub(super) fn hint(&self) -> Option<Hint> {
        names::hint(self.names.iter().map(String::as_str))
    }

    /// The name for messages: `cms_2026_dx.zip/icd10cm_order_2026.txt`.
    pub(super) fn shown(&self) -> String {
        let outer = self.names.last().filter(|outer| **outer != self.file);
        outer.map_or_else(|| self.file.clone(), |outer| format!("{outer}/{}", self.file))
    }

    pub(super) fn draft(&self, dataset: &str, systems: &[CodeSystem], rows: Rows) -> Draft {
        Draft {
            rows,
            dataset: dataset.to_owned(),
            what: "",
            systems: systems.to_vec(),
            begins: Begins::Hinted(self.hint()),
            content: Content::Complete,
            horizon: None,
            terms: Terms::Government,
            copyright: String::new(),
            remarks: Vec::new(),
            package: self.package.clone(),
            file: self.shown(),
            sha256: self.sha256.clone(),
        }
    }
}

const CM: CodeSystem = CodeSystem::Icd10Cm;
const HCPCS: CodeSystem = CodeSystem::Hcpcs;
const SERVICES: [CodeSystem; 2] = [CodeSystem::Cpt, CodeSystem::Hcpcs];

impl Reader {
    /// Reads one file.
    ///
    /// # Errors
    /// The file has a known format and is broken.
    pub(super) fn add(&mut self, found: Found, sha256: &str) -> Result<(), ImportError> {
        let origin = Origin::of(&found, sha256);
        let shown = origin.shown();
        let before = self.drafts.len();
        let report = match self.read(&found, &origin)? {
            // Of what waits for other files, it is known already what it is.
            Became::Imported(_) if self.drafts.len() > before => {
                let titles = self.drafts[before..].iter().map(|draft| draft.what.to_owned());
                Became::Imported(titles.collect::<Vec<_>>().join(", "))
            }
            other => other,
        };
        self.reports.push(FileReport { file: shown, became: report });
        Ok(())
    }

    fn push(&mut self, draft: Draft) -> Became {
        self.drafts.push(draft);
        Became::Imported(String::new())
    }

    fn read(&mut self, found: &Found, origin: &Origin) -> Result<Became, ImportError> {
        let bytes = found.bytes.as_slice();
        let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes));
        let shown = origin.shown();
        let file = shown.as_str();
        if bytes.starts_with(b"%PDF") {
            return Ok(Became::Documentation("a document"));
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xEF\xBB\xBFPK") {
            return self.workbook(bytes, origin);
        }
        if let Ok(lmdb) = Lmdb::open(bytes) {
            return self.code_editor_tables(&lmdb, origin);
        }
        let head = head.as_ref();
        if head.contains("<ICD10CM.tabular") {
            let read = tabular_xml::read(bytes, file)?;
            let mut draft = origin.draft(CM.id(), &[CM], Rows::Tabular(read.rows));
            if let (Begins::Hinted(None), Ok(year)) = (draft.begins, read.year.trim().parse()) {
                draft.begins = Begins::Hinted(Some(Hint::Year(year)));
            }
            draft.what = "tabular list";
            return Ok(self.push(draft));
        }
        if index_xml::recognises(head) {
            return self.index(bytes, origin);
        }
        if addenda::recognises(head) {
            let read = addenda::read(bytes, file)?;
            let rows = Rows::Addenda(read.changes);
            let mut draft = origin.draft(read.system.id(), &[read.system], rows);
            draft.what =
                if read.headers.is_some() { "order file addenda" } else { "codes file addenda" };
            draft.content = Content::Fragment;
            return Ok(self.push(draft));
        }
        if order_file::recognises(head) {
            let system = order_file::system_of(bytes).ok_or_else(|| {
                ImportError::new(
                    file,
                    Place::File,
                    "the codes fit neither ICD-10-CM nor ICD-10-PCS",
                )
            })?;
            let rows = Rows::CodeList(order_file::read(bytes, system, file)?);
            let draft = origin.draft(system.id(), &[system], rows);
            return Ok(self.push(Draft { what: "order file", ..draft }));
        }
        if let Some(became) = self.other_text(bytes, head, origin)? {
            return Ok(became);
        }
        // Told by their names alone, so everything else is asked first.
        if let Some(what) = documentation::what_is(head, file) {
            return Ok(Became::Documentation(what));
        }
        if mce_bin::recognises(bytes) {
            let read = mce_bin::read(bytes, file)?;
            let horizon = read.cm.horizon;
            let master = |system, codes: code_master::CodeMaster| MasterRows {
                system,
                horizon: codes.horizon,
                codes: codes.codes,
            };
            let rows = Rows::CodeMaster {
                systems: vec![master(CM, read.cm), master(CodeSystem::Icd10Pcs, read.pcs)],
                age_ranges: read.age_ranges,
                discharge_statuses: read.discharge_statuses,
            };
            return Ok(self.master(origin, rows, horizon));
        }
        match sheet::format_of(bytes) {
            Some(format @ (SheetFormat::Comma | SheetFormat::Tab)) => {
                self.table(bytes, format, origin)
            }
            _ => Ok(Became::Unknown),
        }
    }

    fn other_text(
        &mut self,
        bytes: &[u8],
        head: &str,
        origin: &Origin,
    ) -> Result<Option<Became>, ImportError> {
        let shown = origin.shown();
        let file = shown.as_str();
        let draft = if let Some(table) = master_csv::table_of(head) {
            return self.master_csv(table, bytes, origin).map(Some);
        } else if hcpcs_anweb::recognises(head) {
            let read = hcpcs_anweb::read(bytes, file)?;
            self.hcpcs(origin, read, "alpha-numeric file")
        } else if poa_exempt::recognises(head) {
            let read = poa_exempt::read(bytes, file)?;
            if read.kind != poa_exempt::PoaKind::Exempt {
                return Ok(Some(Became::Documentation(
                    "changes of a list that is complete itself",
                )));
            }
            let mut codes: Vec<_> = read.codes.iter().map(|row| row.code).collect();
            codes.sort_unstable();
            let mut draft = origin.draft("poa-exempt", &[CM], Rows::PoaExempt(codes));
            if let Some(year) = read.fiscal_year {
                draft.begins = Begins::On(names::fiscal_start(year));
            }
            Draft { what: "POA exempt list", ..draft }
        } else if gem::recognises(head) {
            let read = gem::read(bytes, file)?;
            let mut entries = read.entries;
            entries.sort_unstable();
            let system = draft::gem_system(read.direction);
            let dataset = draft::gem_dataset(read.direction);
            let rows = Rows::Gem(GemMap { direction: read.direction, entries });
            let draft = origin.draft(dataset, &[system], rows);
            Draft { what: "general equivalence mapping", ..draft }
        } else if let Some(kind) = icd9_descriptions::kind_of(head) {
            let rows = Rows::Icd9(icd9_descriptions::read(bytes, kind, file)?);
            let (part, what) = match kind {
                Icd9Kind::Diagnoses => (Icd9Part::Diagnoses, "ICD-9-CM diagnoses"),
                Icd9Kind::Procedures => (Icd9Part::Procedures, "ICD-9-CM procedures"),
            };
            let dataset = draft::icd9_dataset(part);
            // ICD-9-CM ended on 2015-09-30 and is frozen: version 32 is the last one.
            let begins = Begins::On(names::fiscal_start(2015));
            Draft { what, begins, ..origin.draft(dataset, &[], rows) }
        } else if codes_file::recognises(head) {
            let system = codes_file::system_of(bytes).ok_or_else(|| {
                ImportError::new(
                    file,
                    Place::File,
                    "the codes fit neither ICD-10-CM nor ICD-10-PCS",
                )
            })?;
            let listed = codes_file::read(bytes, system, file)?.into_iter().map(|row| ListedRow {
                code: row.code,
                is_header: false,
                short: String::new(),
                long: row.title,
            });
            let rows = Rows::CodeList(listed.collect());
            Draft { what: "codes file", ..origin.draft(system.id(), &[system], rows) }
        } else if cpt::recognises(head) {
            self.cpt(bytes, origin)?
        } else if processing_notes::recognises(head) {
            // Numbers and texts that no question asks for.
            processing_notes::read(bytes, file)?;
            return Ok(Some(Became::Documentation("processing notes")));
        } else if hcpcs_code_list::recognises(head) {
            let mut codes = hcpcs_code_list::read(bytes, file)?;
            codes.sort_unstable();
            let draft = origin.draft(HCPCS.id(), &[HCPCS], Rows::BareCodes(codes));
            Draft { what: "list of codes", ..draft }
        } else {
            return Ok(None);
        };
        Ok(Some(self.push(draft)))
    }

    fn master(
        &mut self,
        origin: &Origin,
        rows: Rows,
        horizon: medcode_codes::date::Date,
    ) -> Became {
        let systems = match &rows {
            Rows::CodeMaster { systems, .. } => systems.iter().map(|rows| rows.system).collect(),
            _ => Vec::new(),
        };
        // A code editor holds for half a year: from October to March, or from April to September.
        let first = if horizon.month() < 4 {
            names::fiscal_start(horizon.year())
        } else {
            names::quarter_start(names::quarter_start(horizon).yesterday().unwrap_or(horizon))
        };
        // Each small table that comes as a file of its own is a release of its own, beside those of the codes.
        let (dataset, what) = match &rows {
            Rows::CodeMaster { systems, discharge_statuses, .. } if systems.is_empty() => {
                if discharge_statuses.is_empty() {
                    ("mce-age-ranges", "Medicare Code Editor age ranges")
                } else {
                    ("mce-discharge-statuses", "Medicare Code Editor discharge statuses")
                }
            }
            _ => ("mce", "Medicare Code Editor tables"),
        };
        let mut draft = origin.draft(dataset, &systems, rows);
        draft.begins = Begins::On(first);
        draft.horizon = Some(horizon);
        draft.what = what;
        self.push(draft)
    }

    fn master_csv(
        &mut self,
        table: CsvTable,
        bytes: &[u8],
        origin: &Origin,
    ) -> Result<Became, ImportError> {
        let shown = origin.shown();
        let file = shown.as_str();
        let refuse = |problem: &str| ImportError::new(file, Place::File, problem);
        let groups = |age_ranges, discharge_statuses| Rows::CodeMaster {
            systems: Vec::new(),
            age_ranges,
            discharge_statuses,
        };
        // The table does not name the last day it covers: that is the latest day in it.
        let horizon = || {
            let last = String::from_utf8_lossy(bytes);
            let days = last.lines().filter_map(|line| line.rsplit(',').next());
            let days = days.filter_map(|day| parse_compact(day.trim()).ok());
            days.max().ok_or_else(|| refuse("no row has a last day"))
        };
        Ok(match table {
            CsvTable::Master => {
                let system = master_csv::system_of(bytes)
                    .ok_or_else(|| refuse("the codes fit neither ICD-10-CM nor ICD-10-PCS"))?;
                let read = master_csv::read_master(bytes, system, file)?;
                let horizon = read.horizon;
                let systems = vec![MasterRows { system, horizon, codes: read.codes }];
                let rows = Rows::CodeMaster {
                    systems,
                    age_ranges: Vec::new(),
                    discharge_statuses: Vec::new(),
                };
                self.master(origin, rows, horizon)
            }
            CsvTable::Conversions => {
                self.wait(origin, bytes, false);
                Became::Imported("conversion table".to_owned())
            }
            CsvTable::AgeRanges => {
                let horizon = horizon()?;
                let rows = master_csv::read_age_ranges(bytes, horizon, file)?;
                self.master(origin, groups(rows, Vec::new()), horizon)
            }
            CsvTable::DischargeStatuses => {
                let horizon = horizon()?;
                let rows = master_csv::read_discharge_statuses(bytes, horizon, file)?;
                self.master(origin, groups(Vec::new(), rows), horizon)
            }
        })
    }

    fn code_editor_tables(
        &mut self,
        lmdb: &Lmdb<'_>,
        origin: &Origin,
    ) -> Result<Became, ImportError> {
        let shown = origin.shown();
        let value = |key: &str| lmdb.get(key).ok().flatten();
        let keys = [
            (CM, "mce_i10dx_master", "icd10cm_conversions"),
            (CodeSystem::Icd10Pcs, "mce_i10sg_master", "icd10pcs_conversions"),
        ];
        let mut systems = Vec::new();
        let mut tables = Vec::new();
        for (system, codes, converted) in keys {
            let Some(bytes) = value(codes) else { continue };
            let master = code_master::read(bytes, system, &format!("{shown}, {codes}"))?;
            if let Some(bytes) = value(converted) {
                let is_code = |key| master.codes.binary_search_by_key(&key, |row| row.code).is_ok();
                let read = conversions::read(bytes, &format!("{shown}, {converted}"), is_code)?;
                tables.push((system, read));
            }
            systems.push(MasterRows { system, horizon: master.horizon, codes: master.codes });
        }
        let Some(horizon) = systems.iter().map(|rows| rows.horizon).min() else {
            return Ok(Became::Unknown);
        };
        for (system, table) in tables {
            let dataset = format!("{}-conversion", system.id());
            let draft = origin.draft(&dataset, &[system], Rows::Conversions(table.pairs));
            let begins = Begins::On(table.version);
            let what = "conversion table";
            self.drafts.push(Draft { what, begins, content: Content::Fragment, ..draft });
        }
        let age_ranges = match value("mce_age_ranges") {
            Some(bytes) => mce_tables::age_ranges(bytes, horizon, &shown)?,
            None => Vec::new(),
        };
        let discharge_statuses = match value("mce_discharge_status") {
            Some(bytes) => mce_tables::discharge_statuses(bytes, horizon, &shown)?,
            None => Vec::new(),
        };
        let rows = Rows::CodeMaster { systems, age_ranges, discharge_statuses };
        Ok(self.master(origin, rows, horizon))
    }

    fn index(&mut self, bytes: &[u8], origin: &Origin) -> Result<Became, ImportError> {
        let read = index_xml::read(bytes, &origin.shown())?;
        let dataset = match read.part {
            IndexPart::Diseases => "icd-10-cm-index",
            IndexPart::ExternalCauses => "icd-10-cm-external-cause-index",
            IndexPart::Neoplasms => "icd-10-cm-neoplasm-table",
            IndexPart::Drugs => "icd-10-cm-drug-table",
        };
        let rows = Rows::Index { part: read.part, entries: read.entries };
        let mut draft = origin.draft(dataset, &[CM], rows);
        draft.what = draft::index_part(read.part);
        draft.remarks.push(format!("{} main terms, {} terms", read.main_terms, read.terms));
        if let Ok(year) = read.year.trim().parse() {
            draft.begins = Begins::Hinted(Some(Hint::Year(year)));
        }
        Ok(self.push(draft))
    }

    fn cpt(&mut self, bytes: &[u8], origin: &Origin) -> Result<Draft, ImportError> {
        let read = cpt::read(bytes, &origin.shown())?;
        let text = read.kind;
        let mut rows = read.rows;
        rows.sort_by_key(|row| row.code);
        let systems = [CodeSystem::Cpt];
        let mut draft = origin.draft("cpt", &systems, Rows::Cpt { text, rows });
        draft.what = draft::cpt_text(text);
        draft.terms = Terms::Cpt;
        draft.copyright = read.copyright;
        Ok(draft)
    }

    fn hcpcs(&self, origin: &Origin, file: hcpcs_anweb::HcpcsFile, what: &'static str) -> Draft {
        let mut records = file.records;
        records.sort_by_key(|record| record.code);
        let modifiers = records.iter().filter(|record| record.is_modifier).count();
        let ended = records.iter().filter(|record| record.terminated.is_some()).count();
        let codes = records.len() - modifiers;
        // A file says of itself what changed last: that is the quarter it was made for.
        let newest = records.iter().filter_map(|record| record.added).max();
        let mut draft = origin.draft(HCPCS.id(), &[HCPCS], Rows::Hcpcs(records));
        draft.what = what;
        draft.remarks.push(format!(
            "{codes} codes and {modifiers} modifiers, {ended} of them with a last day"
        ));
        if file.dropped > 0 {
            draft.remarks.push(format!("{} rows of CPT and CDT codes were left out", file.dropped));
        }
        if let (Begins::Hinted(hint), Some(newest)) = (draft.begins, newest) {
            let quarter = names::quarter_start(newest);
            let fits = match hint {
                None => true,
                Some(Hint::Year(year)) => quarter.year() == year,
                Some(Hint::Day(_)) => false,
            };
            if fits {
                draft.begins = Begins::On(quarter);
            }
        }
        draft
    }

    fn workbook(&mut self, bytes: &[u8], origin: &Origin) -> Result<Became, ImportError> {
        if sheet::format_of(bytes) == Some(SheetFormat::Xlsx) {
            self.table(bytes, SheetFormat::Xlsx, origin)
        } else {
            Ok(Became::Unknown)
        }
    }

    fn table(
        &mut self,
        bytes: &[u8],
        format: SheetFormat,
        origin: &Origin,
    ) -> Result<Became, ImportError> {
        let shown = origin.shown();
        let file = shown.as_str();
        let rows = sheet::first_rows(bytes, format, HEAD_ROWS);
        if let Some(what) = documentation::what_is_table(&rows) {
            return Ok(Became::Documentation(what));
        }
        if conversion_table::recognises_rows(&rows) {
            self.wait(origin, bytes, true);
            return Ok(Became::Imported("conversion table".to_owned()));
        }
        if hcpcs_table::recognises_rows(&rows) {
            let mut reader = TableReader::new(file);
            for_each_row(bytes, format, file, &mut |row| reader.add(row.line, row.cells))?;
            let draft = self.hcpcs(origin, reader.finish()?, "table of codes");
            return Ok(self.push(draft));
        }
        if addendum_b::recognises_rows(&rows) {
            return self.addendum_b(bytes, format, &rows, origin);
        }
        if ptp::recognises_rows(&rows) {
            let key =
                format!("{:?} {:?}", ptp::setting_of(file, &rows).ok(), ptp::release_of(file));
            let entry = self.ptp.entry((origin.package.clone(), key));
            let (collector, _) = entry.or_insert_with(|| (PtpCollector::default(), origin.clone()));
            collector.add(bytes, format, file)?;
            return Ok(Became::Imported("part of the PTP edits".to_owned()));
        }
        if mue::recognises_rows(&rows) {
            let read = mue::read(bytes, format, file)?;
            let setting = self.setting(read.setting, file)?;
            let mut draft = origin.draft(
                &draft::edit_dataset("mue", setting),
                &SERVICES,
                Rows::Mue { setting, edits: read.rows },
            );
            draft.what = "medically unlikely edits";
            begins(&mut draft, read.quarter);
            dropped(&mut draft, read.passed_over.dental);
            return Ok(self.push(Draft { terms: Terms::NamesCpt, ..draft }));
        }
        if add_on::recognises_rows(&rows) {
            let read = add_on::read(bytes, format, file)?;
            let mut edits = read.rows;
            edits.sort_by_key(|edit| (edit.add_on, edit.primary));
            let mut draft = origin.draft("ncci-add-on", &SERVICES, Rows::AddOn(edits));
            draft.what = "add-on code edits";
            begins(&mut draft, read.quarter);
            dropped(&mut draft, read.passed_over.dental);
            return Ok(self.push(Draft { terms: Terms::NamesCpt, ..draft }));
        }
        if fee_schedule::recognises_rows(&rows) {
            let read = fee_schedule::read(bytes, format, file)?;
            let mut lines = read.rows;
            lines.sort_by(|a, b| (a.code, &a.modifier).cmp(&(b.code, &b.modifier)));
            let mut draft =
                origin.draft("physician-fee-schedule", &SERVICES, Rows::FeeSchedule(lines));
            draft.what = "fee schedule indicators";
            begins(&mut draft, read.quarter.or_else(|| fee_schedule::release_of(file, &rows)));
            dropped(&mut draft, read.passed_over.dental);
            return Ok(self.push(Draft { terms: Terms::NamesCpt, ..draft }));
        }
        if poa_exempt::recognises(&tab_separated(&rows)) {
            return Ok(Became::Twin("the same list as a text file"));
        }
        Ok(Became::Unknown)
    }

    fn addendum_b(
        &mut self,
        bytes: &[u8],
        format: SheetFormat,
        rows: &[Vec<String>],
        origin: &Origin,
    ) -> Result<Became, ImportError> {
        let shown = origin.shown();
        let file = shown.as_str();
        let in_title = || rows.iter().flatten().find_map(|cell| addendum_b::quarter_in(cell));
        let quarter = match origin.hint() {
            Some(Hint::Day(day)) => Some(names::quarter_start(day)),
            _ => addendum_b::quarter_in(file).or_else(in_title),
        };
        let quarter = quarter.ok_or_else(|| {
            ImportError::new(file, Place::File, "neither the name nor the title tells the quarter")
        })?;
        let mut reader = addendum_b::AddendumReader::new(quarter, file);
        for_each_row(bytes, format, file, &mut |row| reader.add(row.line, row.cells))?;
        let read = reader.finish()?;
        let mut codes = read.rows;
        codes.sort_by_key(|row| row.code);
        let mut draft = origin.draft("opps-addendum-b", &[HCPCS], Rows::Payable(codes));
        draft.what = "OPPS Addendum B";
        draft.begins = Begins::On(quarter);
        draft.content = Content::Fragment;
        if read.dropped > 0 {
            draft.remarks.push(format!("{} rows of CPT and CDT codes were left out", read.dropped));
        }
        if read.of_other_quarters > 0 {
            let count = read.of_other_quarters;
            draft.remarks.push(format!("{count} rows of other quarters were left out"));
        }
        Ok(self.push(draft))
    }

    fn setting(&self, found: Option<EditSetting>, file: &str) -> Result<EditSetting, ImportError> {
        found.or(self.told.setting).ok_or_else(|| {
            let problem =
                "nothing tells whom the edits are for; add --setting practitioner, hospital or dme";
            ImportError::new(file, Place::File, problem)
        })
    }

    fn wait(&mut self, origin: &Origin, bytes: &[u8], is_yearly: bool) {
        let (origin, bytes) = (origin.clone(), bytes.to_vec());
        self.waiting.push(Waiting { origin, bytes, is_yearly });
    }

    /// Completes what came in several files.
    ///
    /// # Errors
    /// Parts do not fit together.
    pub(super) fn finish(&mut self) -> Result<(), ImportError> {
        for (collector, origin) in std::mem::take(&mut self.ptp).into_values() {
            let read = collector.finish()?;
            let setting = self.setting(read.setting, &origin.shown())?;
            let rows = Rows::Ptp { setting, rows: read.rows };
            let mut draft =
                origin.draft(&draft::edit_dataset("ncci-ptp", setting), &SERVICES, rows);
            draft.what = "procedure-to-procedure edits";
            draft.terms = Terms::NamesCpt;
            begins(&mut draft, read.quarter);
            dropped(&mut draft, read.passed_over.dental);
            let last = read.parts.iter().copied().max().unwrap_or_default();
            if !read.parts.is_empty() && usize::from(last) != read.parts.len().max(4) {
                draft.content = Content::Fragment;
                draft.remarks.push(format!(
                    "only {} of the parts were given: a pair that is missing may have an edit",
                    read.parts.len()
                ));
            }
            self.drafts.push(draft);
        }
        Ok(())
    }
}

fn begins(draft: &mut Draft, quarter: Option<medcode_codes::date::Date>) {
    if let Some(quarter) = quarter {
        draft.begins = Begins::On(quarter);
    }
}

fn dropped(draft: &mut Draft, dental: usize) {
    if dental > 0 {
        draft.remarks.push(format!("{dental} rows of dental codes were left out"));
    }
}

fn tab_separated(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n")
}
