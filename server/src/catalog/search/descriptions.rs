//! The texts of a code that words are looked for in: its title and its inclusion terms, of the newest release that has
//! them, and the entries of the newest Alphabetic Index that lead to it.
//!
//! The index keeps only numbers; a text is read again from the terminology when a hit is shown.

use std::borrow::Cow;

use medcode_codes::{
    code::CodeKey,
    index_term::IndexTerms,
    system::CodeSystem,
    tabular::{Location, NodeKind, NoteKind, TabularList},
    terminology::Terminology,
};

/// Number of the title among the texts of a code. Inclusion terms follow from 1.
pub(super) const TITLE: u32 = 0;

/// Numbers from here on are entries of the Alphabetic Index, counted over all parts of its newest release.
pub(super) const INDEX: u32 = 1 << 24;

/// The entries of the newest Alphabetic Index with their numbers, by the codes they lead to. Where a code is not among
/// `keys`, because it is no more, the nearest one above it takes the entry.
pub(super) fn index_terms<'t>(
    terminology: &'t Terminology,
    system: CodeSystem,
    keys: &[CodeKey],
) -> Vec<(CodeKey, u32, &'t str)> {
    if system != CodeSystem::Icd10Cm {
        return Vec::new();
    }
    let all = newest_index(terminology).flat_map(IndexTerms::iter);
    let living = |code: CodeKey| {
        let mut shorter = (CATEGORY..=code.length()).rev().map(|length| code.prefix(length));
        shorter.find(|key| keys.binary_search(key).is_ok())
    };
    let placed =
        (INDEX..).zip(all).filter_map(|(number, (code, term))| Some((living(code)?, number, term)));
    let mut placed: Vec<_> = placed.collect();
    placed.sort_by_key(|(code, number, _)| (*code, *number));
    placed
}

/// Characters of a category.
const CATEGORY: usize = 3;

/// The parts of the newest Alphabetic Index: they are releases of their own with one version.
fn newest_index(terminology: &Terminology) -> impl Iterator<Item = &IndexTerms> {
    let index = &terminology.supplements().index;
    let newest = index.iter().map(|part| part.release.version).max();
    index.iter().filter(move |part| Some(part.release.version) == newest).map(|part| &part.rows)
}

/// Every code of a system that has a text or a lifetime, headers included, in text order.
pub(super) fn keys(terminology: &Terminology, system: CodeSystem) -> Vec<CodeKey> {
    let coded = terminology
        .table(system)
        .into_iter()
        .flat_map(|table| table.iter().map(|entry| entry.key()));
    let mut keys: Vec<_> = coded.collect();
    if system == CodeSystem::Icd10Cm {
        for edition in terminology.editions() {
            let nodes = edition.list.ids().filter(|id| edition.list.kind(*id) == NodeKind::Code);
            keys.extend(nodes.filter_map(|id| edition.list.key(id)));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A text of a system: the place of its code, its number among the texts of the code, and the text.
pub(super) type Described<'t> = (u32, u32, Cow<'t, str>);

/// Every text of a system, in the order of codes: what is indexed.
pub(super) fn of_system<'t>(
    terminology: &'t Terminology,
    system: CodeSystem,
    keys: &[CodeKey],
) -> Vec<Described<'t>> {
    let mut index = index_terms(terminology, system, keys).into_iter().peekable();
    let mut texts = Vec::new();
    for (concept, key) in (0..).zip(keys) {
        let own = all(terminology, system, *key);
        texts.extend(own.map(|(text, description)| (concept, text, description)));
        while let Some((_, text, term)) = index.next_if(|(code, ..)| code == key) {
            texts.push((concept, text, Cow::Borrowed(term)));
        }
    }
    texts
}

/// The code without its 7th character, for one that the tabular list has only as a 7th character of another.
pub(super) fn without_seventh(
    terminology: &Terminology,
    system: CodeSystem,
    key: CodeKey,
) -> Option<CodeKey> {
    let (list, location) = located(terminology, system, key)?;
    location.seventh?;
    list.key(location.node)
}

/// Where a code stands in the newest tabular list that has it.
fn located(
    terminology: &Terminology,
    system: CodeSystem,
    key: CodeKey,
) -> Option<(&TabularList, Location)> {
    let mut newest_first =
        terminology.editions().iter().rev().filter(|_| system == CodeSystem::Icd10Cm);
    newest_first.find_map(|edition| Some((&*edition.list, edition.list.locate(key)?)))
}

/// The texts of a code with their numbers.
pub(super) fn all(
    terminology: &Terminology,
    system: CodeSystem,
    key: CodeKey,
) -> impl Iterator<Item = (u32, Cow<'_, str>)> {
    let place = located(terminology, system, key);
    let listed = place.into_iter().flat_map(|(list, location)| {
        let notes = list.own_notes(location.node).filter(move |_| location.seventh.is_none());
        let terms = notes
            .filter(|note| matches!(note.kind, NoteKind::InclusionTerm | NoteKind::Includes))
            .map(|note| Cow::Borrowed(note.text));
        (TITLE..).zip(std::iter::once_with(move || list.full_title(location)).chain(terms))
    });
    let unlisted = place.is_none().then(|| {
        let entry = terminology.table(system).and_then(|table| table.get(key));
        let title = entry.and_then(|entry| entry.newest_title());
        title.map(|title| (TITLE, Cow::Borrowed(title.text)))
    });
    listed.chain(unlisted.flatten())
}

/// One text of a code.
pub(super) fn one(
    terminology: &Terminology,
    system: CodeSystem,
    key: CodeKey,
    number: u32,
) -> Option<Cow<'_, str>> {
    if let Some(place) = number.checked_sub(INDEX) {
        let mut place = usize::try_from(place).ok()?;
        for part in newest_index(terminology) {
            if place < part.len() {
                return part.at(place).map(Cow::Borrowed);
            }
            place -= part.len();
        }
        return None;
    }
    all(terminology, system, key).find(|(found, _)| *found == number).map(|(_, text)| text)
}
