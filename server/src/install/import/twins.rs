//! Files that say the same as another file of their package: one of them is enough.

use std::collections::HashMap;

use medcode_codes::{code::CodeKey, system::CodeSystem};
use medcode_import::rows::{ListedRow, Rows};

use super::{Became, draft::Draft, reader::Reader};

/// Drops codes files beside order files, addenda of codes files beside those of order files, and tables beside the
/// text files that they repeat. A codes file that says something else stays.
pub(super) fn drop_twins(reader: &mut Reader) {
    let drafts = std::mem::take(&mut reader.drafts);
    let mut dropped = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let beside = drafts.iter().enumerate().filter(|(other, beside)| {
            *other != index && beside.package == draft.package && beside.dataset == draft.dataset
        });
        let mut beside = beside.map(|(_, beside)| beside);
        let twin = match draft.what {
            "codes file" => beside
                .find(|other| other.what == "order file" && repeats(&draft.rows, &other.rows))
                .map(|_| "its codes and titles stand in the order file beside it"),
            "codes file addenda" => beside
                .find(|other| other.what == "order file addenda")
                .map(|_| "its changes stand in the addenda of the order file beside it"),
            "table of codes" => beside
                .find(|other| other.what == "alpha-numeric file" && has_same_codes(draft, other))
                .map(|_| "its codes stand in the text file beside it"),
            _ => None,
        };
        dropped.extend(twin.map(|twin| (index, twin)));
    }
    for (index, draft) in drafts.into_iter().enumerate() {
        match dropped.iter().find(|(twin, _)| *twin == index) {
            None => reader.drafts.push(draft),
            Some((_, twin)) => {
                let report = reader.reports.iter_mut().find(|report| report.file == draft.file);
                if let Some(report) = report {
                    report.became = Became::Twin(twin);
                }
            }
        }
    }
}

/// Whether every code of a codes file has the same title in an order file, and no billable code is missing.
fn repeats(codes: &Rows, order: &Rows) -> bool {
    let (Rows::CodeList(codes), Rows::CodeList(order)) = (codes, order) else { return false };
    let titles: HashMap<CodeKey, &ListedRow> =
        order.iter().filter(|row| !row.is_header).map(|row| (row.code, row)).collect();
    titles.len() == codes.len()
        && codes.iter().all(|row| titles.get(&row.code).is_some_and(|same| same.long == row.long))
}

fn has_same_codes(one: &Draft, other: &Draft) -> bool {
    let (Rows::Hcpcs(one), Rows::Hcpcs(other)) = (&one.rows, &other.rows) else { return false };
    one.iter().map(|record| record.code).eq(other.iter().map(|record| record.code))
}

/// Whether a draft is a list of codes of ICD-10.
pub(super) fn is_icd_list(draft: &Draft) -> bool {
    let is_icd = |system: &CodeSystem| matches!(system, CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs);
    draft.systems.iter().any(is_icd) && matches!(draft.rows, Rows::CodeList(_) | Rows::Tabular(_))
}
