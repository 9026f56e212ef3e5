//! Conversion tables, read when all codes are known: their rows are free text, and only codes are kept.

use std::collections::BTreeMap;

use medcode_codes::{code::CodeKey, date::Date, release::Content, system::CodeSystem};
use medcode_import::{
    ImportError, Place,
    conversion_table::{self, ConversionTableRow, Previous},
    master_csv,
    rows::{ConversionRow, Rows},
    sheet::{self, SheetFormat, for_each_row},
};

use super::{
    Fresh,
    draft::{Begins, Draft},
    names,
    reader::{Reader, Waiting},
};

/// Reads the tables that wait.
pub(super) fn resolve(reader: &mut Reader, releases: &[Fresh]) -> Result<(), ImportError> {
    for waiting in std::mem::take(&mut reader.waiting) {
        let rows = releases.iter().map(|release| &release.loaded.rows);
        let rows: Vec<_> = rows.chain(reader.drafts.iter().map(|draft| &draft.rows)).collect();
        let draft =
            if waiting.is_yearly { yearly(&waiting, &rows)? } else { of_editor(&waiting, &rows)? };
        reader.drafts.push(draft);
    }
    Ok(())
}

/// All codes of a system that masters and lists know, sorted.
fn codes(system: CodeSystem, rows: &[&Rows]) -> Vec<CodeKey> {
    let mut codes = Vec::new();
    for rows in rows {
        match rows {
            Rows::CodeMaster { systems, .. } => {
                let masters = systems.iter().filter(|rows| rows.system == system);
                codes.extend(masters.flat_map(|rows| &rows.codes).map(|row| row.code));
            }
            Rows::CodeList(listed) => {
                let fits = |code: &CodeKey| system.accepts_shape(&code.text());
                let billable = listed.iter().filter(|row| !row.is_header).map(|row| row.code);
                codes.extend(billable.filter(fits));
            }
            _ => {}
        }
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn of_editor(waiting: &Waiting, rows: &[&Rows]) -> Result<Draft, ImportError> {
    let file = waiting.origin.shown();
    let read = |system| {
        let known = codes(system, rows);
        master_csv::read_conversions(&waiting.bytes, &file, |key| {
            // Without codes to compare with, the shape decides.
            if known.is_empty() {
                system.accepts_shape(&key.text())
            } else {
                known.binary_search(&key).is_ok()
            }
        })
    };
    let tables = [CodeSystem::Icd10Cm, CodeSystem::Icd10Pcs].map(|system| (system, read(system)));
    let read = tables.into_iter().filter_map(|(system, table)| Some((system, table.ok()?)));
    let (system, table) = read.max_by_key(|(_, table)| table.pairs.len()).ok_or_else(|| {
        ImportError::new(&file, Place::File, "no row leads from one known code to another")
    })?;
    let dataset = format!("{}-conversion", system.id());
    let left_out = table.rows_read.saturating_sub(table.pairs.len());
    let mut draft = waiting.origin.draft(&dataset, &[system], Rows::Conversions(table.pairs));
    draft.begins = Begins::On(table.version);
    draft.content = Content::Fragment;
    draft.what = "conversion table";
    draft.remarks.push(format!("{left_out} rows do not lead from one code to another"));
    Ok(draft)
}

fn yearly(waiting: &Waiting, rows: &[&Rows]) -> Result<Draft, ImportError> {
    let file = waiting.origin.shown();
    let format = sheet::format_of(&waiting.bytes).unwrap_or(SheetFormat::Xlsx);
    let mut lines = Vec::new();
    for_each_row(&waiting.bytes, format, &file, &mut |row| {
        lines.push((row.line, row.cells.to_vec()));
        Ok(())
    })?;
    let table = conversion_table::read(lines, &file)?;
    let pairs = pairs(&table.rows, rows);
    let newest = pairs.iter().map(|pair| pair.effective).max();
    let dataset = "icd-10-cm-conversion";
    let mut draft = waiting.origin.draft(dataset, &[CodeSystem::Icd10Cm], Rows::Conversions(pairs));
    if let Some(newest) = newest {
        let year = medcode_codes::date::fiscal_year(newest);
        draft.begins = Begins::On(names::fiscal_start(year));
    }
    draft.content = Content::Fragment;
    draft.what = "conversion table";
    if !table.unread.is_empty() {
        let lines = table.unread.len();
        draft.remarks.push(format!("{lines} rows are free text that names no code for certain"));
    }
    Ok(draft)
}

/// The pairs of a yearly table between known codes. It is cumulative, so what a range of codes means depends on the day:
/// it is expanded with the codes of the day before its row came into force. Of a range only codes are kept that ended
/// then; a code that a row names itself is kept as "previously coded as", also when it lives on.
fn pairs(table: &[ConversionTableRow], rows: &[&Rows]) -> Vec<ConversionRow> {
    let mut masters = rows.iter().filter_map(|rows| match rows {
        Rows::CodeMaster { systems, .. } => {
            systems.iter().find(|rows| rows.system == CodeSystem::Icd10Cm)
        }
        _ => None,
    });
    let master = masters.next_back();
    let known = codes(CodeSystem::Icd10Cm, rows);
    let life = |code: &CodeKey| {
        let codes = &master?.codes;
        let index = codes.binary_search_by_key(code, |row| row.code).ok()?;
        codes[index].lifetime.period()
    };
    let is_code = |code: &CodeKey| known.is_empty() || known.binary_search(code).is_ok();
    let mut by_day: BTreeMap<Date, Vec<&ConversionTableRow>> = BTreeMap::new();
    for row in table {
        by_day.entry(row.effective).or_default().push(row);
    }
    let mut pairs = Vec::new();
    for (day, rows) in by_day {
        let day_before = day.yesterday().unwrap_or(day);
        let valid: Vec<CodeKey> = match master {
            Some(master) => master
                .codes
                .iter()
                .filter(|row| row.lifetime.period().is_some_and(|life| life.contains(day_before)))
                .map(|row| row.code)
                .collect(),
            None => known.clone(),
        };
        for row in rows {
            let named = |code: &CodeKey| row.previous.contains(&Previous::Code(*code));
            let lives_on = |code: &CodeKey| life(code).is_some_and(|life| life.contains(day));
            let from = conversion_table::expand([row], &valid);
            pairs.extend(from.into_iter().filter(|pair| {
                pair.from != pair.to
                    && is_code(&pair.from)
                    && is_code(&pair.to)
                    && (named(&pair.from) || !lives_on(&pair.from))
            }));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
