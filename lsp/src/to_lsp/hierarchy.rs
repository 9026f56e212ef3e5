//! Codes as items of the type hierarchy.

use medcode_codes::{
    date::{Date, parse_iso},
    system::CodeSystem,
};
use serde::{Deserialize, Serialize};

use super::page_place::{section, selected};
use crate::{
    concept::Concept,
    pages::{self, PagePlace},
    protocol::{Range as LspRange, SymbolKind, TypeHierarchyItem, Url},
};

/// What an item carries along until its relatives are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HierarchyData {
    system: String,
    /// The code.
    pub(crate) code: String,
    date: String,
}

impl HierarchyData {
    /// The data that came back with an item. `None` for an item that is not ours.
    pub(crate) fn read(item: &TypeHierarchyItem) -> Option<(CodeSystem, String, Date)> {
        let data: Self = serde_json::from_value(item.data.clone()?).ok()?;
        let system = CodeSystem::from_identifier(&data.system).ok()?;
        Some((system, data.code, parse_iso(&data.date).ok()?))
    }
}

/// Where an item stands: its file, everything that belongs to it, and its name there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    uri: Url,
    range: LspRange,
    selection: LspRange,
}

impl Standing {
    /// On its page.
    pub(crate) fn on(place: &PagePlace) -> Self {
        Self { uri: place.uri.clone(), range: section(place), selection: selected(place) }
    }

    /// Where there is no page: in the note from which the question came.
    pub(crate) fn in_note(uri: Url, range: LspRange) -> Self {
        Self { uri, range, selection: range }
    }

    /// Where another item stands.
    pub(crate) fn of(item: &TypeHierarchyItem) -> Self {
        Self { uri: item.uri.clone(), range: item.range, selection: item.selection_range }
    }
}

/// An item. `date` is the one that its relatives will be asked about.
pub(crate) fn hierarchy_item(
    concept: &Concept,
    date: Date,
    standing: Standing,
) -> TypeHierarchyItem {
    let code = concept.titled.code.clone();
    let kind = match (concept.billable, concept.system) {
        (true, _) => SymbolKind::CONSTANT,
        // Chapters and blocks of ICD-10-CM are the groups whose names are no codes.
        (false, CodeSystem::Icd10Cm) if code.contains('-') => SymbolKind::NAMESPACE,
        (false, _) => SymbolKind::CLASS,
    };
    let data = HierarchyData {
        system: concept.system.id().to_owned(),
        code: code.clone(),
        date: date.to_string(),
    };
    TypeHierarchyItem {
        name: pages::chapter(&code).unwrap_or(code),
        kind,
        tags: None,
        detail: Some(concept.titled.title.clone()).filter(|title| !title.is_empty()),
        uri: standing.uri,
        range: standing.range,
        selection_range: standing.selection,
        data: serde_json::to_value(data).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_of_somebody_else_has_no_data_of_ours() {
        let range = LspRange::default();
        let item = |data| TypeHierarchyItem {
            name: "E11".to_owned(),
            kind: SymbolKind::CLASS,
            tags: None,
            detail: None,
            uri: Url::parse("file:///a.md").unwrap(),
            range,
            selection_range: range,
            data,
        };
        assert_eq!(HierarchyData::read(&item(None)), None);
        let odd = serde_json::json!({"system": "icd-9", "code": "250", "date": "2026-03-02"});
        assert_eq!(HierarchyData::read(&item(Some(odd))), None);
        let ours = serde_json::json!({"system": "icd-10-cm", "code": "E11", "date": "2026-03-02"});
        let (system, code, date) = HierarchyData::read(&item(Some(ours))).unwrap();
        assert_eq!(
            (system, &*code, &*date.to_string()),
            (CodeSystem::Icd10Cm, "E11", "2026-03-02")
        );
    }
}
