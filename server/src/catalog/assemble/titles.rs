//! What codes are called: every title list of a system, oldest first.
//!
//! Who wins on a date: the release in force, else the nearest one (`medcode_codes::date::nearness`); of two lists of one
//! version the order file, because it has short titles too. For ICD-10-CM a tabular list of the same fiscal year wins
//! over them all, because it alone writes names with their accents.

use std::collections::HashSet;

use medcode_codes::{code::CodeKey, release::Release, tabular::NodeKind, terminology::Edition};
use medcode_import::rows::{CptText, Rows, TitleRow};

use super::{Loaded, dating::Dated};

/// One title.
pub(super) struct Titled<'a> {
    pub(super) code: CodeKey,
    pub(super) long: &'a str,
    pub(super) short: &'a str,
}

/// The titles that a release gives.
pub(super) fn of<'a>(rows: &'a Rows) -> Vec<Titled<'a>> {
    let simple = |row: &'a TitleRow| Titled { code: row.code, long: &row.title, short: "" };
    match rows {
        Rows::CodeList(rows) => rows
            .iter()
            .map(|row| Titled { code: row.code, long: &row.long, short: &row.short })
            .collect(),
        Rows::CodesInUse { titles, .. } => titles.iter().map(simple).collect(),
        Rows::Hcpcs(records) => records
            .iter()
            .map(|record| Titled { code: record.code, long: &record.long, short: &record.short })
            .collect(),
        Rows::Payable(rows) => {
            rows.iter().map(|row| Titled { code: row.code, long: &row.short, short: "" }).collect()
        }
        Rows::Cpt {
            text: CptText::Long | CptText::Medium | CptText::Short | CptText::Modifier,
            rows,
        } => rows
            .iter()
            .map(|row| Titled { code: row.code, long: &row.descriptor, short: "" })
            .collect(),
        _ => Vec::new(),
    }
}

/// The rank of a title list among those of one version: the first one names a code.
pub(super) fn rank(rows: &Rows) -> u8 {
    match rows {
        Rows::CodeList(rows) if rows.first().is_some_and(|row| !row.short.is_empty()) => 0,
        Rows::Hcpcs(_) | Rows::Cpt { text: CptText::Long, .. } => 0,
        Rows::Cpt { text: CptText::Medium, .. } => 2,
        Rows::Cpt { text: CptText::Short, .. } => 3,
        Rows::CodeList(_) | Rows::Cpt { .. } => 1,
        _ => 4,
    }
}

/// Whether the titles of a list are short descriptors of a payment system, which name a code only where nothing else
/// does.
fn is_makeshift(rows: &Rows) -> bool {
    matches!(rows, Rows::CodesInUse { .. } | Rows::Payable(_))
}

/// Title lists of a system, oldest first, those of one version by rank.
pub(super) fn lists<'a>(releases: &[&'a Loaded]) -> Vec<(&'a Release, Vec<Titled<'a>>)> {
    let mut sorted = releases.to_vec();
    sorted.sort_by_key(|loaded| (loaded.record.release.version, rank(&loaded.rows)));
    let official = sorted.iter().filter(|loaded| !is_makeshift(&loaded.rows));
    let named: HashSet<CodeKey> =
        official.flat_map(|loaded| of(&loaded.rows)).map(|title| title.code).collect();
    let lists = sorted.into_iter().map(|loaded| {
        let mut titles = of(&loaded.rows);
        if is_makeshift(&loaded.rows) {
            titles.retain(|title| !named.contains(&title.code));
        }
        (&loaded.record.release, titles)
    });
    lists.filter(|(_, titles)| !titles.is_empty()).collect()
}

/// Titles of codes that an edition still spells out, but rules out in prose, with the edition they are from.
///
/// S06.1X7D existed until 2017-09-30. Every later tabular list has its leaf and its 7th character, and a sentence that
/// the two do not go together, so no list knows the code any more. Its title is the one that the parts give: those of
/// the 72 codes are word for word the titles of FY2017.
pub(super) fn ruled_out<'e>(
    dated: &Dated,
    editions: &'e [Edition],
    listed: &[(&Release, Vec<Titled<'_>>)],
) -> Vec<(&'e Release, CodeKey, String)> {
    let mut named: Vec<CodeKey> =
        listed.iter().flat_map(|(_, titles)| titles.iter().map(|title| title.code)).collect();
    named.sort_unstable();
    let is_unknown = |code: &CodeKey| {
        named.binary_search(code).is_err()
            && editions.iter().all(|edition| edition.list.locate(*code).is_none())
    };
    let unknown = dated.lives.keys().copied().filter(is_unknown);
    let spelled = unknown.filter_map(|code| {
        editions
            .iter()
            .find_map(|edition| Some((&edition.release, code, spelled_out(edition, code)?)))
    });
    spelled.collect()
}

/// The title that a leaf of six characters and the meaning of the 7th character give together.
fn spelled_out(edition: &Edition, code: CodeKey) -> Option<String> {
    let list = &edition.list;
    let leaf = list.node(code.prefix(6))?;
    if !list.is_leaf(leaf) || list.kind(leaf) != NodeKind::Code {
        return None;
    }
    let character = code.character(6)?;
    let seventh = list.seventh_characters(leaf)?;
    let meaning = seventh.into_iter().find(|seventh| seventh.character == character)?.meaning;
    Some(format!("{}, {meaning}", list.title(leaf)))
}
