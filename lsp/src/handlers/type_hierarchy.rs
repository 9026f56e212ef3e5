//! `textDocument/prepareTypeHierarchy` and the relatives of its items: from a code up to its chapter or section, and down
//! to the codes with their 7th character.

use medcode_codes::{date::Date, system::CodeSystem};

use super::code_at::code_at;
use crate::{
    concept::{Concept, Looked},
    from_lsp,
    protocol::{
        Result, TypeHierarchyItem, TypeHierarchyPrepareParams, TypeHierarchySubtypesParams,
        TypeHierarchySupertypesParams,
    },
    snapshot::Snapshot,
    to_lsp::{self, HierarchyData, Standing},
};

/// The item for the code at a place. CPT has no hierarchy.
pub(crate) async fn prepare_type_hierarchy(
    snapshot: Snapshot,
    params: TypeHierarchyPrepareParams,
) -> Result<Option<Vec<TypeHierarchyItem>>> {
    let place = params.text_document_position_params;
    let uri = place.text_document.uri;
    let snapshot = snapshot.at(&uri);
    let Some(document) = snapshot.note_or_page(&uri) else { return Ok(None) };
    let grid = document.grid(snapshot.client.encoding);
    let offset = from_lsp::offset(&grid, place.position);
    let note = document.note().await;
    let Some(at) = code_at(&snapshot, document.text(), &note, offset).await else {
        return Ok(None);
    };
    let Some(concept) = known(&snapshot, at.system, &at.code, at.date).await else {
        return Ok(None);
    };
    let code = &concept.titled.code;
    let standing = match snapshot.pages.locate(&snapshot.codes, at.system, code, at.date).await {
        Some(place) => Standing::on(&place),
        None => Standing::in_note(uri, to_lsp::range(&grid, &at.range)),
    };
    Ok(Some(vec![to_lsp::hierarchy_item(&concept, at.date, standing)]))
}

/// What the code of an item stands in. The top has nothing above it.
pub(crate) async fn supertypes(
    snapshot: Snapshot,
    params: TypeHierarchySupertypesParams,
) -> Result<Option<Vec<TypeHierarchyItem>>> {
    let Some((concept, date)) = concept_of(&snapshot, &params.item).await else {
        return Ok(None);
    };
    let Some(parent) = concept.ancestors.first() else { return Ok(Some(Vec::new())) };
    let Some(parent) = known(&snapshot, concept.system, &parent.code, date).await else {
        return Ok(None);
    };
    let standing = standing(&snapshot, &parent, date, &params.item).await;
    Ok(Some(vec![to_lsp::hierarchy_item(&parent, date, standing)]))
}

/// What stands directly below the code of an item, in the order of the code set.
pub(crate) async fn subtypes(
    snapshot: Snapshot,
    params: TypeHierarchySubtypesParams,
) -> Result<Option<Vec<TypeHierarchyItem>>> {
    let Some((concept, date)) = concept_of(&snapshot, &params.item).await else {
        return Ok(None);
    };
    if concept.child_count == 0 {
        return Ok(Some(Vec::new()));
    }
    let children = snapshot.codes.below(concept.system, &concept.titled.code, date).await;
    let mut items = Vec::new();
    for child in children.unwrap_or_default().iter().filter(|child| !child.ended) {
        let standing = standing(&snapshot, child, date, &params.item).await;
        items.push(to_lsp::hierarchy_item(child, date, standing));
    }
    Ok(Some(items))
}

/// Where a relative of an item stands. Its page is not waited for: a block has dozens of categories.
async fn standing(
    snapshot: &Snapshot,
    concept: &Concept,
    date: Date,
    item: &TypeHierarchyItem,
) -> Standing {
    let code = &concept.titled.code;
    let place = snapshot.pages.reach(&snapshot.codes, concept.system, code, date).await;
    place.map_or_else(|| Standing::of(item), |place| Standing::on(&place))
}

async fn concept_of(snapshot: &Snapshot, item: &TypeHierarchyItem) -> Option<(Box<Concept>, Date)> {
    let (system, code, date) = HierarchyData::read(item)?;
    Some((known(snapshot, system, &code, date).await?, date))
}

async fn known(
    snapshot: &Snapshot,
    system: CodeSystem,
    code: &str,
    date: Date,
) -> Option<Box<Concept>> {
    if system == CodeSystem::Cpt {
        return None;
    }
    match &*snapshot.codes.lookup(system, code, date).await {
        Looked::Known(concept) => Some(concept.clone()),
        Looked::Unknown { .. } | Looked::Unavailable(_) => None,
    }
}
