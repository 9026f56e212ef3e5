//! Tables beside codes and lists, each as its questions need it.

use medcode_codes::{
    code::CodeKey,
    edits::EditSetting,
    index_term::IndexTerms,
    supplements::{OfRelease, SettingEdits, Supplements},
};
use medcode_import::rows::{CptText, Rows, TitleRow};

use super::Loaded;
use crate::catalog::releases::ReleaseRecord;

/// Takes the tables out of their releases, which come oldest first.
pub(super) fn supplements(releases: Vec<Loaded>) -> Supplements {
    let mut all = Supplements::default();
    for Loaded { record, rows } in releases {
        match rows {
            Rows::CodeMaster { age_ranges, discharge_statuses, .. } => {
                // The newest master that has them.
                if !age_ranges.is_empty() {
                    all.age_ranges = age_ranges;
                }
                if !discharge_statuses.is_empty() {
                    all.discharge_statuses = discharge_statuses;
                }
            }
            Rows::Hcpcs(records) => all.hcpcs.push(of(&record, records)),
            Rows::Payable(rows) => {
                let rows = rows.into_iter().map(|row| (row.code, row.status)).collect();
                all.status_indicators.push(of(&record, rows));
            }
            Rows::Gem(map) => all.gems.push(of(&record, map)),
            Rows::Icd9(rows) => {
                let place = if record.release.dataset.ends_with("procedures") {
                    &mut all.icd9_procedures
                } else {
                    &mut all.icd9_diagnoses
                };
                *place = Some(of(&record, by_code(rows)));
            }
            Rows::PoaExempt(codes) => all.poa_exempt.push(of(&record, codes)),
            Rows::Index { entries, .. } => {
                all.index.push(of(&record, IndexTerms::collect(&entries)));
            }
            Rows::Ptp { setting, rows } => add(&mut all.ptp, setting, of(&record, rows)),
            Rows::Mue { setting, edits } => add(&mut all.mue, setting, of(&record, edits)),
            Rows::AddOn(edits) => all.add_on.push(of(&record, edits)),
            Rows::FeeSchedule(rows) => all.fee_schedule.push(of(&record, rows)),
            Rows::Tabular(_)
            | Rows::CodeList(_)
            | Rows::Addenda(_)
            | Rows::CodesInUse { .. }
            | Rows::Conversions(_)
            | Rows::Abbreviations(_)
            | Rows::BareCodes(_)
            | Rows::Meanings { .. } => {}
            Rows::Cpt { text, rows } => {
                let usage = match text {
                    CptText::Medium | CptText::Short => "short-title",
                    CptText::Consumer => "consumer",
                    CptText::Long | CptText::Clinician | CptText::Modifier => continue,
                };
                let rows = rows.into_iter().map(|row| (row.code, row.descriptor));
                let mut rows: Vec<_> = rows.collect();
                rows.sort_unstable();
                all.cpt_texts.push((usage.to_owned(), of(&record, rows)));
            }
        }
    }
    all
}

fn of<T>(record: &ReleaseRecord, rows: T) -> OfRelease<T> {
    let covered_to = record.horizon.or(record.release.effective_to);
    OfRelease { release: record.release.clone(), covered_to, rows }
}

fn add<T>(all: &mut Vec<SettingEdits<T>>, setting: EditSetting, release: OfRelease<T>) {
    match all.iter_mut().find(|edits| edits.setting == setting) {
        Some(edits) => edits.releases.push(release),
        None => all.push(SettingEdits { setting, releases: vec![release] }),
    }
}

fn by_code(rows: Vec<TitleRow>) -> Vec<(CodeKey, String)> {
    let mut rows: Vec<_> = rows.into_iter().map(|row| (row.code, row.title)).collect();
    rows.sort_unstable();
    rows
}
