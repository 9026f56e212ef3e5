//! Everything that is installed beside code tables and tabular lists: what single files say about codes of any system.
//!
//! Each table belongs to a release and is asked as of a date. "No data" is an answer of its own: a table that is missing,
//! or does not cover the date, never passes for "nothing found".

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeKey,
    date::{Date, Period, nearness, open_day},
    edits::{
        EditSetting,
        add_on::AddOnEdit,
        fee_schedule::FeeScheduleRow,
        mue::MueEdit,
        ptp::{PtpEdit, PtpRows},
    },
    gem::GemMap,
    hcpcs_record::HcpcsRecord,
    index_term::IndexTerms,
    pcs::PcsAxes,
    release::Release,
};

/// Rows and the release they are from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OfRelease<T> {
    /// The release.
    pub release: Release,
    /// The last day that the rows cover, inclusive. `None` = until the next release.
    #[serde(with = "open_day")]
    pub covered_to: Option<Date>,
    /// The rows, sorted as their user needs them.
    pub rows: T,
}

impl<T> OfRelease<T> {
    /// Whether the release is in force on a date.
    pub fn covers(&self, date: Date) -> bool {
        Period { start: self.release.version, end: self.covered_to }.contains(date)
    }
}

/// No installed table covers the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoData;

/// The release in force on a date, the newest where several are.
pub fn in_force<T>(releases: &[OfRelease<T>], date: Date) -> Result<&OfRelease<T>, NoData> {
    let covering = releases.iter().filter(|release| release.covers(date));
    covering.max_by_key(|release| release.release.version).ok_or(NoData)
}

/// The release nearest to a date, for texts: a title of last year is better than none.
pub fn nearest<T>(releases: &[OfRelease<T>], date: Date) -> Option<&OfRelease<T>> {
    releases.iter().min_by_key(|release| nearness(release.release.version, date))
}

/// The newest release, for tables that carry the dates of their rows and keep rows that have ended. `Err` where the
/// date lies behind what it covers.
fn cumulative<T>(releases: &[OfRelease<T>], date: Date) -> Result<&OfRelease<T>, NoData> {
    let newest = releases.iter().max_by_key(|release| release.release.version).ok_or(NoData)?;
    match newest.covered_to {
        Some(end) if end < date => Err(NoData),
        _ => Ok(newest),
    }
}

/// The tables of claim edits of one setting.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SettingEdits<T> {
    /// Whom the tables are for.
    pub setting: EditSetting,
    /// The tables, oldest first.
    pub releases: Vec<OfRelease<T>>,
}

/// An age group of the code editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeRange {
    /// `Adult`, `Maternity`, `Newborn` or `Pediatric`.
    pub group: String,
    /// First age in completed years.
    pub first: u16,
    /// Last age, inclusive.
    pub last: u16,
    /// When the range holds.
    pub period: Period,
}

/// A discharge status that the code editor knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DischargeStatus {
    /// The two digits as a number.
    pub status: u8,
    /// When it may be used.
    pub period: Period,
}

/// Texts sorted by their codes.
pub type TextByCode = Vec<(CodeKey, String)>;

/// All tables beside codes and lists. Empty vectors are tables that are not installed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Supplements {
    /// HCPCS Level II records of whole files, by code, oldest release first.
    pub hcpcs: Vec<OfRelease<Vec<HcpcsRecord>>>,
    /// OPPS status indicators by code, oldest release first.
    pub status_indicators: Vec<OfRelease<TextByCode>>,
    /// Maps between ICD-9-CM and ICD-10.
    pub gems: Vec<OfRelease<GemMap>>,
    /// Titles of ICD-9-CM diagnoses and procedures, by code.
    pub icd9_diagnoses: Option<OfRelease<TextByCode>>,
    /// Titles of ICD-9-CM procedures, by code.
    pub icd9_procedures: Option<OfRelease<TextByCode>>,
    /// Diagnoses exempt from reporting present on admission: one list a fiscal year, sorted.
    pub poa_exempt: Vec<OfRelease<Vec<CodeKey>>>,
    /// Terms of the Alphabetic Index and its tables, oldest release first.
    pub index: Vec<OfRelease<IndexTerms>>,
    /// Procedure-to-procedure edits by setting.
    pub ptp: Vec<SettingEdits<PtpRows>>,
    /// Medically unlikely edits by setting, each table by code.
    pub mue: Vec<SettingEdits<Vec<MueEdit>>>,
    /// Add-on codes, sorted by add-on code.
    pub add_on: Vec<OfRelease<Vec<AddOnEdit>>>,
    /// Further wordings of CPT codes by code, each with its use: `short-title` or `consumer`.
    pub cpt_texts: Vec<(String, OfRelease<TextByCode>)>,
    /// Indicators of the physician fee schedule, by code and modifier.
    pub fee_schedule: Vec<OfRelease<Vec<FeeScheduleRow>>>,
    /// What each character of an ICD-10-PCS code means, from the newest titles.
    pub pcs_axes: PcsAxes,
    /// Age groups of the code editor.
    pub age_ranges: Vec<AgeRange>,
    /// Discharge statuses of the code editor.
    pub discharge_statuses: Vec<DischargeStatus>,
}

impl Supplements {
    /// What the HCPCS file nearest to a date says of a code or modifier.
    pub fn hcpcs_record(&self, code: CodeKey, date: Date) -> Option<(&HcpcsRecord, &Release)> {
        let holding = self.hcpcs.iter().filter_map(|release| {
            let index = release.rows.binary_search_by_key(&code, |record| record.code).ok()?;
            Some((&release.rows[index], &release.release))
        });
        holding.min_by_key(|(_, release)| nearness(release.version, date))
    }

    /// Whether a diagnosis is exempt from reporting present on admission. `Err` where no list of the fiscal year is
    /// installed.
    pub fn is_poa_exempt(&self, code: CodeKey, date: Date) -> Result<bool, NoData> {
        let list = in_force(&self.poa_exempt, date)?;
        Ok(list.rows.binary_search(&code).is_ok())
    }

    /// Further wordings of a CPT code with their uses, from the releases in force on a date.
    pub fn cpt_wordings(&self, code: CodeKey, date: Date) -> impl Iterator<Item = (&str, &str)> {
        let in_force = self.cpt_texts.iter().filter(move |(_, release)| release.covers(date));
        in_force.flat_map(move |(usage, release)| {
            let first = release.rows.partition_point(|(known, _)| *known < code);
            let rest = release.rows.get(first..).unwrap_or_default();
            let of_code = rest.iter().take_while(move |(known, _)| *known == code);
            of_code.map(move |(_, text)| (usage.as_str(), text.as_str()))
        })
    }

    /// The OPPS status indicator of a code in the quarter of a date.
    pub fn status_indicator(&self, code: CodeKey, date: Date) -> Result<Option<&str>, NoData> {
        let rows = &in_force(&self.status_indicators, date)?.rows;
        let index = rows.binary_search_by_key(&code, |(known, _)| *known).ok();
        Ok(index.map(|index| rows[index].1.as_str()))
    }

    /// The edit between two codes on a date, column 1 first.
    pub fn ptp_edit(
        &self,
        setting: EditSetting,
        column1: CodeKey,
        column2: CodeKey,
        date: Date,
    ) -> Result<Option<PtpEdit>, NoData> {
        let tables = of_setting(&self.ptp, setting)?;
        let edits = &cumulative(tables, date)?.rows.edits;
        let first = edits.partition_point(|edit| (edit.column1, edit.column2) < (column1, column2));
        let of_pair = edits[first..]
            .iter()
            .take_while(|edit| (edit.column1, edit.column2) == (column1, column2));
        Ok(of_pair.copied().find(|edit| edit.applies_on(date)))
    }

    /// The most units of a code on a date. `Err` where no table of the quarter is installed.
    pub fn mue_edit(
        &self,
        setting: EditSetting,
        code: CodeKey,
        date: Date,
    ) -> Result<Option<&MueEdit>, NoData> {
        let rows = &in_force(of_setting(&self.mue, setting)?, date)?.rows;
        Ok(rows.binary_search_by_key(&code, |edit| edit.code).ok().map(|index| &rows[index]))
    }

    /// The edits of an add-on code on a date; empty when the code is none.
    pub fn add_on_edits(&self, code: CodeKey, date: Date) -> Result<Vec<&AddOnEdit>, NoData> {
        let rows = &cumulative(&self.add_on, date)?.rows;
        let first = rows.partition_point(|edit| edit.add_on < code);
        let of_code = rows[first..].iter().take_while(|edit| edit.add_on == code);
        Ok(of_code.filter(|edit| edit.applies_on(date)).collect())
    }

    /// What the fee schedule in force says of a code: the service as a whole first, then its components.
    pub fn fee_schedule_rows(
        &self,
        code: CodeKey,
        date: Date,
    ) -> Result<&[FeeScheduleRow], NoData> {
        let rows = &in_force(&self.fee_schedule, date)?.rows;
        let first = rows.partition_point(|row| row.code < code);
        let end = rows.partition_point(|row| row.code <= code);
        Ok(rows.get(first..end).unwrap_or_default())
    }
}

fn of_setting<T>(
    tables: &[SettingEdits<T>],
    setting: EditSetting,
) -> Result<&[OfRelease<T>], NoData> {
    let found = tables.iter().find(|table| table.setting == setting);
    found.map(|table| table.releases.as_slice()).ok_or(NoData)
}

#[cfg(test)]
mod tests;
