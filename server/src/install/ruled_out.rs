//! Titles of codes that an edition still spells out, but rules out in prose.
//!
//! S06.1X7D existed until 2017-09-30. Every later tabular list has its leaf and its 7th character, and a sentence that
//! the two do not go together, so no list knows the code any more. Its title is the one that the parts give: those of
//! the 72 codes are word for word the titles of FY2017.

use medcode_codes::{
    code::CodeKey,
    system::CodeSystem,
    tabular::{NodeKind, TabularList},
};

use super::sources::Sources;
use medcode_import::rows::TitleRow;

/// The titles of codes of the master that no list and no title list knows, for each list that spells them out.
/// The list is given by its place among the sources; the oldest one counts.
pub(super) fn titles(sources: &Sources) -> Vec<(usize, Vec<TitleRow>)> {
    let masters = sources.masters.iter().flat_map(|masters| &masters.content);
    let codes = masters.filter(|master| master.system == CodeSystem::Icd10Cm);
    let codes = codes.flat_map(|master| &master.master.codes).map(|row| row.code);
    let unknown: Vec<_> = codes.filter(|code| !is_known(sources, *code)).collect();

    let mut oldest_first: Vec<_> = sources.lists.iter().enumerate().collect();
    oldest_first.sort_by_key(|(_, list)| list.release.version);
    let mut titles: Vec<(usize, Vec<TitleRow>)> = Vec::new();
    for (index, list) in oldest_first {
        let is_free = |code: &CodeKey| {
            titles.iter().all(|(_, rows)| rows.iter().all(|row| row.code != *code))
        };
        let found = unknown.iter().filter(|code| is_free(code)).filter_map(|code| {
            Some(TitleRow { code: *code, title: spelled_out(&list.content.list, *code)? })
        });
        let found = found.collect();
        titles.push((index, found));
    }
    titles.retain(|(_, rows)| !rows.is_empty());
    titles
}

fn is_known(sources: &Sources, code: CodeKey) -> bool {
    let in_title_list = || {
        let lists = sources.titles.iter().map(|titles| &titles.content);
        let mut lists = lists.filter(|titles| titles.system == CodeSystem::Icd10Cm);
        lists.any(|list| list.titles.binary_search_by_key(&code, |row| row.code).is_ok())
    };
    sources.lists.iter().any(|list| list.content.list.locate(code).is_some()) || in_title_list()
}

/// The title that a leaf of six characters and the meaning of the 7th character give together.
fn spelled_out(list: &TabularList, code: CodeKey) -> Option<String> {
    let leaf = list.node(code.prefix(6))?;
    if !list.is_leaf(leaf) || list.kind(leaf) != NodeKind::Code {
        return None;
    }
    let character = code.character(6)?;
    let seventh = list.seventh_characters(leaf)?;
    let meaning = seventh.into_iter().find(|seventh| seventh.character == character)?.meaning;
    Some(format!("{}, {meaning}", list.title(leaf)))
}
