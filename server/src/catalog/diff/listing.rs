//! What a release lists, from the codes in memory.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use medcode_codes::{
    code_table::{Entry, Lifetime, Title},
    date::{Date, fiscal_year},
    flag::Flags,
    system::CodeSystem,
    tabular::{NodeId, TabularList},
};

use super::ListedConcept;
use crate::{
    catalog::{releases::ReleaseKind, snapshot::Snapshot},
    error::Error,
};

/// What a release lists.
pub(super) struct Listing {
    /// Codes and headers, sorted by code.
    pub(super) concepts: Vec<ListedConcept>,
    /// Whether titles are those of a tabular list, with accents.
    pub(super) is_tabular: bool,
}

/// The codes and headers of a release.
///
/// # Errors
/// Nothing of the system is loaded.
pub(super) fn listed(
    snapshot: &Snapshot,
    system: CodeSystem,
    version: Date,
) -> Result<Listing, Error> {
    let terminology = &snapshot.terminology;
    let table = terminology.table(system).ok_or(Error::CodeSystemNotLoaded(system))?;
    // An April edition repeats what October brought, so it answers for the whole fiscal year.
    let same_year = |of: Date| fiscal_year(of) == fiscal_year(version);
    let edition = terminology.edition_on(version).filter(|_| system == CodeSystem::Icd10Cm);
    let edition = edition.filter(|edition| same_year(edition.release.version));
    let list = edition.map(|edition| &edition.list);
    // A plain list answers with its own titles. Its notes are still those of the tabular list of the year.
    let plain = is_plain_list(snapshot, system, version);
    let own = |title: Option<Title<'_>>| {
        title.filter(|title| plain && title.release.version == version).map(|it| it.text.to_owned())
    };
    let mut found = BTreeMap::new();
    // A code that has ended and still stands in the list of the year has become a header.
    let became = table.iter().filter(|entry| {
        let end = entry.lifetime().period().and_then(|period| period.end);
        end.is_some_and(|end| end < version)
    });
    let became = became
        .filter(|entry| entry.title(version).is_some_and(|title| same_year(title.release.version)));
    for entry in became.filter(|_| list.is_none()) {
        let code = entry.key();
        let title = entry.title(version).map(|title| title.text.to_owned()).unwrap_or_default();
        let concept =
            ListedConcept { code, billable: false, title, notes: None, flags: Flags::default() };
        found.insert(code, concept);
    }
    let headers = table.headers().filter(|_| list.is_none());
    for (code, _) in headers {
        let title = table.header_title(code, version);
        let Some(title) = title.filter(|title| same_year(title.release.version)) else { continue };
        let title = title.text.to_owned();
        let concept =
            ListedConcept { code, billable: false, title, notes: None, flags: Flags::default() };
        found.insert(code, concept);
    }
    for (list, node) in list.into_iter().flat_map(|list| list.ids().map(move |node| (list, node))) {
        let Some(code) = list.key(node) else { continue };
        let entry = table.get(code).and_then(|entry| entry.title(version));
        let title = own(entry.or_else(|| table.header_title(code, version)));
        let title = title.unwrap_or_else(|| list.title(node).to_owned());
        let notes = Some(notes(list, node));
        let concept =
            ListedConcept { code, billable: false, title, notes, flags: Flags::default() };
        found.insert(code, concept);
    }
    for entry in table.iter().filter(|entry| is_in_force(entry, version)) {
        let code = entry.key();
        let location = list.and_then(|list| Some((list, list.locate(code)?)));
        let title = match (own(entry.title(version)), location) {
            (Some(title), _) => title,
            (None, Some((list, location))) => list.full_title(location).into_owned(),
            (None, None) => {
                entry.title(version).map(|title| title.text.to_owned()).unwrap_or_default()
            }
        };
        let node = location.filter(|(_, location)| location.seventh.is_none());
        // Codes with a 7th character have no notes of their own.
        let notes = list.map(|_| node.map_or(0, |(list, location)| notes(list, location.node)));
        let flags = entry.flags(version);
        found.insert(code, ListedConcept { code, billable: true, title, notes, flags });
    }
    Ok(Listing { concepts: found.into_values().collect(), is_tabular: list.is_some() && !plain })
}

/// Whether the release is an order file or a codes file, and no tabular list.
fn is_plain_list(snapshot: &Snapshot, system: CodeSystem, version: Date) -> bool {
    let is_of = |kind: ReleaseKind| {
        snapshot.releases.iter().any(|record| {
            record.release.dataset == system.id()
                && record.release.version == version
                && record.kind == kind
        })
    };
    is_of(ReleaseKind::CodeList) && !is_of(ReleaseKind::Tabular)
}

fn is_in_force(entry: &Entry<'_>, day: Date) -> bool {
    match entry.lifetime() {
        Lifetime::Dated(period) => period.contains(day),
        Lifetime::Seen { first, last } => first <= day && day <= last,
    }
}

/// A hash over the notes at a node, for comparing inside one process.
fn notes(list: &TabularList, node: NodeId) -> u64 {
    let mut notes = list.own_notes(node).peekable();
    if notes.peek().is_none() {
        return 0;
    }
    let mut hash = DefaultHasher::new();
    for note in notes {
        note.kind.id().hash(&mut hash);
        note.text.hash(&mut hash);
    }
    hash.finish()
}
