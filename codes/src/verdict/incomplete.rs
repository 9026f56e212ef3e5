//! Codes that are not in the code master but near the tabular list: headers, stems, wrong 7th characters and
//! placeholders.

use super::{Case, Verdict};
use crate::{
    code::{Code, CodeKey, MAX_LENGTH},
    code_table::CodeTable,
    repair::placeholder,
    system::{CodeSystem, icd10cm},
    tabular::{NodeId, TabularList},
};

pub(super) fn verdict(case: &Case<'_, '_>, table: &CodeTable) -> Option<Verdict> {
    if case.system != CodeSystem::Icd10Cm {
        return unexpected(case, table);
    }
    let key = case.code?.key();
    as_node(case, key)
        .or_else(|| foreign_seventh(case, key))
        .or_else(|| misplaced(case, table, key))
        .or_else(|| as_prefix(case, table, key))
        .or_else(|| unexpected(case, table))
}

/// A node of the list, with or without some of the placeholders of its stem.
fn as_node(case: &Case<'_, '_>, key: CodeKey) -> Option<Verdict> {
    let (list, node) = in_some_edition(case, |list| padded_node(list, key))?;
    if !list.is_leaf(node) {
        // A header with superfluous placeholders behind it is no header as written.
        return (list.key(node) == Some(key)).then_some(Verdict::Header);
    }
    (key.length() < MAX_LENGTH && list.takes_seventh(node))
        .then_some(Verdict::MissingSeventhCharacter)
}

/// No edition has the node, but codes begin with it: a category that is newer than the newest edition.
fn as_prefix(case: &Case<'_, '_>, table: &CodeTable, key: CodeKey) -> Option<Verdict> {
    table.below(key).any(|entry| case.is_active(table, entry.key())).then_some(Verdict::Header)
}

/// Seven characters: a stem and a 7th character that is not defined for it.
fn foreign_seventh(case: &Case<'_, '_>, key: CodeKey) -> Option<Verdict> {
    let character = key.character(6)?;
    let (list, node) = in_some_edition(case, |list| padded_node(list, key.prefix(6)))?;
    let takes_seventh = list.is_leaf(node) && list.takes_seventh(node);
    let stem = Code::from_key(case.system, list.key(node)?)?;
    takes_seventh.then_some(Verdict::InvalidSeventhCharacter { stem, character })
}

/// Equal to one code when placeholders are left out of both.
fn misplaced(case: &Case<'_, '_>, table: &CodeTable, key: CodeKey) -> Option<Verdict> {
    let text = key.text();
    // Two headers (M21.61, M21.62) read like codes that lack a placeholder: there the header goes first, and what was meant
    // is not known.
    let bare = CodeKey::new(&icd10cm::without_placeholders(&text))?;
    if in_some_edition(case, |list| list.node(bare).filter(|node| !list.is_leaf(*node))).is_some() {
        return None;
    }
    let active = |key: CodeKey| case.is_active(table, key);
    let intended = placeholder::intended(table, &text, active)
        .or_else(|| placeholder::intended(table, &text, |_| true))?;
    Some(Verdict::MissingPlaceholder { intended: Code::from_key(case.system, intended)? })
}

/// A complete code and more.
fn unexpected(case: &Case<'_, '_>, table: &CodeTable) -> Option<Verdict> {
    let key = case.code?.key();
    if case.system != CodeSystem::Icd10Cm {
        return None;
    }
    let mut shorter = (icd10cm::POINT_AFTER..key.length()).rev().map(|length| key.prefix(length));
    let known = shorter.find(|key| case.is_active(table, *key))?;
    Some(Verdict::UnexpectedCharacters { known: Code::from_key(case.system, known)? })
}

fn in_some_edition<'a>(
    case: &Case<'a, '_>,
    find: impl Fn(&TabularList) -> Option<NodeId>,
) -> Option<(&'a TabularList, NodeId)> {
    let near = case.terminology.editions_near(case.date);
    near.into_iter().find_map(|edition| Some((&*edition.list, find(&edition.list)?)))
}

/// The node of a key, trailing placeholders ignored where they are no part of the name.
fn padded_node(list: &TabularList, key: CodeKey) -> Option<NodeId> {
    let mut stem = key;
    loop {
        if let Some(node) = list.node(stem) {
            return Some(node);
        }
        let length = stem.length();
        if length <= icd10cm::POINT_AFTER || stem.character(length - 1) != Some('X') {
            return None;
        }
        stem = stem.prefix(length - 1);
    }
}
