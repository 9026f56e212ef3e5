//! Which release a file belongs to: told by the user, by the content, or by the name with the content as witness.

use jiff::Timestamp;
use medcode_codes::{
    code::CodeKey,
    date::{Date, fiscal_year},
    system::CodeSystem,
};
use medcode_import::rows::{MasterRows, Rows};

use super::{
    Fresh, ImportOptions, InstallError,
    draft::{Begins, Draft},
    names::{self, Hint},
    twins::is_icd_list,
};
use crate::{
    catalog::releases::{Source, billable_codes, billable_count},
    install::fresh::About,
};

/// Gives every draft its release.
pub(super) fn place(
    drafts: Vec<Draft>,
    releases: &[Fresh],
    options: &ImportOptions,
) -> Result<Vec<Fresh>, InstallError> {
    let days = drafts.iter().map(|draft| day(draft, &drafts, releases, options));
    let days = days.collect::<Result<Vec<_>, _>>()?;
    let placed = drafts.into_iter().zip(days).map(|(draft, day)| fresh(draft, day, options.now));
    placed.collect()
}

fn day(
    draft: &Draft,
    drafts: &[Draft],
    releases: &[Fresh],
    options: &ImportOptions,
) -> Result<Date, InstallError> {
    let hint = match draft.begins {
        Begins::On(day) => return Ok(day),
        Begins::Hinted(hint) => hint,
    };
    if let Some(day) = options.release {
        return Ok(day);
    }
    // Addenda belong to the list they came with.
    if matches!(draft.rows, Rows::Addenda(_)) {
        let list = drafts.iter().find(|other| {
            other.package == draft.package && other.dataset == draft.dataset && is_icd_list(other)
        });
        if let Some(list) = list {
            return day(list, drafts, releases, options);
        }
    }
    let Some(hint) = hint else { return Err(unknown(draft)) };
    let year = match hint {
        Hint::Day(day) => return Ok(day),
        Hint::Year(year) => year,
    };
    if draft.systems.first().is_some_and(|system| *system == CodeSystem::Hcpcs) {
        return Err(unknown(draft));
    }
    if matches!(draft.rows, Rows::Cpt { .. } | Rows::FeeSchedule(_)) {
        return Ok(names::quarter_start(
            names::fiscal_start(year)
                .checked_add(jiff::Span::new().months(3))
                .unwrap_or(names::fiscal_start(year)),
        ));
    }
    if !is_icd_list(draft) {
        return Ok(names::fiscal_start(year));
    }
    Ok(of_year(draft, year, drafts, releases))
}

/// The release of a fiscal year whose codes a list has: October, or one of the updates within the year.
///
/// Where October and April have the same codes, addenda that change nothing tell that it is the update.
fn of_year(draft: &Draft, year: i16, drafts: &[Draft], releases: &[Fresh]) -> Date {
    let october = names::fiscal_start(year);
    let april = Date::new(year, 4, 1).unwrap_or(october);
    let codes = billable_codes(&draft.rows);
    let rows = releases.iter().map(|release| &release.loaded.rows);
    let rows = rows.chain(drafts.iter().map(|draft| &draft.rows));
    let mut masters = rows.filter_map(|rows| master(rows, draft.systems.first().copied()?));
    let master = masters.next_back();
    let Some(master) = master else { return october };
    let mut days: Vec<Date> = master
        .codes
        .iter()
        .filter_map(|row| row.lifetime.period())
        .map(|period| period.start)
        .filter(|day| fiscal_year(*day) == year)
        .chain([october, april])
        .filter(|day| *day <= master.horizon)
        .collect();
    days.sort_unstable();
    days.dedup();
    let differing = |day: Date| {
        let valid = master
            .codes
            .iter()
            .filter(|row| row.lifetime.period().is_some_and(|period| period.contains(day)));
        let valid: Vec<CodeKey> = valid.map(|row| row.code).collect();
        let absent = |codes: &[CodeKey], from: &[CodeKey]| {
            codes.iter().filter(|code| from.binary_search(code).is_err()).count()
        };
        absent(&codes, &valid) + absent(&valid, &codes)
    };
    let counted: Vec<_> = days.into_iter().map(|day| (differing(day), day)).collect();
    let Some(fewest) = counted.iter().map(|(count, _)| *count).min() else { return october };
    let mut nearest = counted.iter().filter(|(count, _)| *count == fewest).map(|(_, day)| *day);
    let changes_nothing = drafts.iter().any(|other| {
        other.package == draft.package
            && other.dataset == draft.dataset
            && matches!(&other.rows, Rows::Addenda(changes) if changes.is_empty())
    });
    let last = if changes_nothing { nearest.next_back() } else { nearest.next() };
    last.unwrap_or(october)
}

fn master(rows: &Rows, system: CodeSystem) -> Option<&MasterRows> {
    match rows {
        Rows::CodeMaster { systems, .. } => systems.iter().find(|rows| rows.system == system),
        _ => None,
    }
}

fn unknown(draft: &Draft) -> InstallError {
    InstallError::UnknownRelease { file: draft.file.clone(), what: draft.what }
}

fn fresh(draft: Draft, day: Date, now: Timestamp) -> Result<Fresh, InstallError> {
    let is_icd = |system: &CodeSystem| matches!(system, CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs);
    let effective_to = match &draft.rows {
        // Mappings are advice for good; words keep their meaning.
        Rows::Gem(_) | Rows::Meanings { .. } => None,
        Rows::Cpt { .. } | Rows::FeeSchedule(_) => Some(names::year_end(day)),
        Rows::CodeMaster { .. } => draft.horizon,
        _ if draft.systems.iter().all(is_icd) => Some(names::fiscal_end(day)),
        _ => Some(names::quarter_end(day)),
    };
    let billable = billable_count(&draft.rows, day);
    let about = About {
        title: title(&draft, day),
        version: day,
        effective_to,
        systems: draft.systems,
        content: draft.content,
        horizon: draft.horizon,
        billable,
        is_default: false,
        source: Source {
            package: String::new(),
            file: draft.file,
            sha256: draft.sha256,
            licence: draft.terms.in_words().to_owned(),
            copyright: draft.copyright,
        },
        remarks: draft.remarks,
        dataset: draft.dataset,
    };
    Ok(Fresh::new(about, draft.rows, now)?)
}

/// "ICD-10-CM FY2026, October 2025, order file".
fn title(draft: &Draft, day: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let index = usize::from(day.month().unsigned_abs()).saturating_sub(1);
    let month = MONTHS.get(index).copied().unwrap_or_default();
    let what = draft.what;
    match (&draft.rows, draft.systems.first()) {
        (Rows::Icd9(_), _) => format!("{what}, version 32"),
        (Rows::Gem(_), _) => format!("{}, {}", draft.dataset.to_uppercase(), fiscal_year(day)),
        (_, Some(system @ (CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs))) => {
            format!("{system} FY{}, {month} {}, {what}", fiscal_year(day), day.year())
        }
        (Rows::CodeMaster { .. }, _) | (_, None) => format!("{what}, {month} {}", day.year()),
        (Rows::Ptp { .. } | Rows::Mue { .. } | Rows::AddOn(_), _) => {
            format!("{}, {month} {}", draft.dataset.replace('-', " "), day.year())
        }
        (Rows::FeeSchedule(_), _) => format!("Physician fee schedule {}, {what}", day.year()),
        (_, Some(system)) => format!("{system}, {month} {}, {what}", day.year()),
    }
}
