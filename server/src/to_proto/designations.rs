//! The texts of a concept other than its preferred one.

use medcode_codes::{
    code::{Code, CodeKey},
    concept::Concept,
    supplements::nearest,
    system::CodeSystem,
};
use medcode_proto::v1;

use super::concept;
use crate::catalog::{releases::ReleaseKind, snapshot::Snapshot};

/// Characters of the shortest code that a term of the index leads to.
const CATEGORY: usize = 3;

/// Inclusion terms, titles of other lists, terms of the index, abbreviations: each text once.
pub(super) fn of(snapshot: &Snapshot, content: &Concept<'_>) -> Vec<v1::Designation> {
    let display = content.title().map(|(title, _)| title.into_owned()).unwrap_or_default();
    let mut texts: Vec<(&'static str, String)> = Vec::new();
    let inclusion_terms = concept::texts(content);
    texts.extend(inclusion_terms.iter().map(|term| ("inclusion-term", term.clone())));
    if let Some(listed) = content.listed_title() {
        texts.push(("short-title", listed.short.to_owned()));
        texts.push(("long-title", listed.text.to_owned()));
    }
    if let Some(code) = content.code().filter(|code| code.system() == CodeSystem::Icd10Cm) {
        // Where no index is installed, its part of the catalog is not even read.
        let terms =
            snapshot.holds(ReleaseKind::Index).then(|| index_terms(snapshot, content, code));
        texts.extend(terms.into_iter().flatten().map(|term| ("index-term", term)));
    }
    if let Some(code) = content.code().filter(|code| code.system() == CodeSystem::Cpt) {
        let supplements = snapshot.terminology.supplements();
        for (usage, text) in supplements.cpt_wordings(code.key(), content.date()) {
            let usage = if usage == "consumer" { "consumer" } else { "short-title" };
            texts.push((usage, text.to_owned()));
        }
    }
    for abbreviation in &snapshot.abbreviations {
        let means = |text: &str| {
            abbreviation.expansions.iter().any(|meaning| meaning.eq_ignore_ascii_case(text))
        };
        if means(&display) || inclusion_terms.iter().any(|term| means(term)) {
            texts.push(("abbreviation", abbreviation.short.clone()));
        }
    }
    let mut designations: Vec<v1::Designation> = Vec::new();
    for (kind, value) in texts {
        let is_new = !value.is_empty()
            && value != display
            && designations.iter().all(|known| known.value != value);
        if is_new {
            designations.push(v1::Designation { language: "en".into(), r#use: kind.into(), value });
        }
    }
    designations
}

/// The terms of the index nearest to the date that lead to a code, then those that lead to what it begins with.
fn index_terms<'s>(
    snapshot: &'s Snapshot,
    content: &Concept<'_>,
    code: Code,
) -> impl Iterator<Item = String> + 's {
    let index = &snapshot.terminology.supplements().index;
    let version = nearest(index, content.date()).map(|near| near.release.version);
    // The parts of an index are releases of their own with one version.
    let parts = index.iter().filter(move |part| Some(part.release.version) == version);
    let lengths = (CATEGORY..=code.key().length()).rev();
    let keys: Vec<CodeKey> = lengths.map(|length| code.key().prefix(length)).collect();
    let parts: Vec<_> = parts.collect();
    keys.into_iter().flat_map(move |key| {
        let of_key: Vec<String> =
            parts.iter().flat_map(|part| part.rows.of(key)).map(str::to_owned).collect();
        of_key
    })
}
