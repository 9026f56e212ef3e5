//! The tables of the Medicare Code Editor, in each of the forms they come in.

use medcode_codes::{
    date::{Date, parse_compact},
    release::Content,
    system::CodeSystem,
};
use medcode_import::{
    ImportError, Place, code_master, conversions,
    lmdb::Lmdb,
    master_csv::{self, CsvTable},
    mce_tables,
    rows::{MasterRows, Rows},
};

use super::{Became, Begins, CM, Draft, Origin, Reader, names};

impl Reader {
    pub(super) fn master(&mut self, origin: &Origin, rows: Rows, horizon: Date) -> Became {
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

    pub(super) fn master_csv(
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

    pub(super) fn code_editor_tables(
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
}
