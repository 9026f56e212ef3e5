//! Concepts, in the two views that the API knows.

use medcode_codes::{
    code_table::{CodeTable, Lifetime},
    concept::Concept,
    date::{Date, iso},
    release::{Content, Release},
    replacement::official_source,
    system::CodeSystem,
    tabular::NoteKind,
};
use medcode_proto::v1;

use super::{designations, notes, properties};
use crate::{catalog::snapshot::Snapshot, rpc::Sighting};

/// A concept as a coding: canonical system, exact version, published code, preferred display.
pub(crate) fn coding(concept: &Concept<'_>) -> v1::Coding {
    coding_and_release(concept).0
}

/// The coding and the release that it rests on: the one of its title, found once.
fn coding_and_release<'a>(concept: &Concept<'a>) -> (v1::Coding, Option<&'a Release>) {
    let title = concept.title();
    let release = title.as_ref().map_or_else(|| concept.release(), |(_, titled)| Some(*titled));
    let coding = v1::Coding {
        system: concept.system().url().into(),
        version: release.map(|release| iso(release.version)).unwrap_or_default(),
        code: concept.name().into_owned(),
        display: title.map(|(title, _)| title.into_owned()).unwrap_or_default(),
    };
    (coding, release)
}

/// Coding, flags, dates, number of children, release and note.
pub(crate) fn basic(snapshot: &Snapshot, sighting: &Sighting<'_>) -> v1::Concept {
    let Sighting { content, status } = sighting;
    let period = status.lifetime().and_then(Lifetime::period);
    let (coding, release) = coding_and_release(content);
    v1::Concept {
        coding: Some(coding),
        inactive: inactive(snapshot, status),
        not_selectable: status.not_selectable(),
        billable: billable(snapshot, status) == Some(true),
        effective_from: period.map(|period| super::date(period.start)),
        effective_to: period.and_then(|period| period.end).map(super::date),
        child_count: child_count(content),
        release: release.map(super::release),
        note: note(snapshot, sighting),
        copyright: copyright(snapshot, content),
        ..v1::Concept::default()
    }
}

/// The copyright line of the release that the title comes from.
pub(super) fn copyright(snapshot: &Snapshot, content: &Concept<'_>) -> String {
    let Some(titled) = content.title_release() else { return String::new() };
    let mut lines = snapshot.releases.iter().filter(|record| {
        // The day first: texts are compared where it is the same.
        record.release.version == titled.version
            && record.release == *titled
            && record.systems.contains(&content.system())
    });
    lines.next().map(|record| record.source.copyright.clone()).unwrap_or_default()
}

/// Everything.
pub(crate) fn full(snapshot: &Snapshot, sighting: &Sighting<'_>) -> v1::Concept {
    let Sighting { content, status } = sighting;
    let seventh = content.completions().into_iter().map(|completion| v1::SeventhCharacter {
        character: completion.character.to_string(),
        meaning: completion.meaning,
        code: completion.code.to_string(),
    });
    let replaces = status.replaces().into_iter().map(|code| v1::Replacement {
        coding: Some(super::coding(snapshot, code, status.date())),
        effective_from: status
            .lifetime()
            .and_then(Lifetime::period)
            .map(|period| super::date(period.start)),
        source: super::replacement_source(official_source(status.system())).into(),
    });
    v1::Concept {
        designations: designations::of(snapshot, content),
        properties: properties::all(snapshot, sighting),
        parents: content.ancestors().iter().map(coding).collect(),
        notes: notes::of(content),
        seventh_characters: seventh.collect(),
        replaced_by: super::replacements(snapshot, &status.replaced_by(), status.date()),
        replaces: replaces.collect(),
        ..basic(snapshot, sighting)
    }
}

/// Whether a concept ended before its date: a code, or a header of which every code has ended.
pub(super) fn inactive(snapshot: &Snapshot, status: &Concept<'_>) -> bool {
    status.inactive() || is_retired_header(snapshot, status)
}

/// Whether a concept is a header of which every code ended before the date.
pub(super) fn is_retired_header(snapshot: &Snapshot, status: &Concept<'_>) -> bool {
    let table = snapshot.terminology.table(status.system());
    let (Some(code), Some(table)) = (status.code().filter(|_| status.groups_others()), table)
    else {
        return false;
    };
    let mut below = table.below(code.key()).map(|entry| {
        let end = entry.lifetime().period().and_then(|period| period.end);
        end.is_some_and(|end| end < status.date())
    });
    below.next().is_some_and(|first_ended| first_ended && below.all(|ended| ended))
}

/// Whether a concept may be submitted on its date. `None` when the installed data cannot tell.
pub(super) fn billable(snapshot: &Snapshot, status: &Concept<'_>) -> Option<bool> {
    status.billable().filter(|billable| !billable || last_day_before(snapshot, status).is_none())
}

/// The last day that the codes of a system are known for, where the date of the concept is later.
fn last_day_before(snapshot: &Snapshot, status: &Concept<'_>) -> Option<Date> {
    let table = snapshot.terminology.table(status.system())?;
    let covered_to = match status.code() {
        Some(code) => table.covered_to(code.key()),
        None => table.horizon(),
    };
    covered_to.filter(|last| *last < status.date())
}

fn child_count(content: &Concept<'_>) -> u32 {
    let children = match content.place() {
        Some((edition, location)) if location.seventh.is_none() => {
            edition.list.children(location.node).count() + content.completions().len()
        }
        Some(_) => 0,
        None if content.code().is_some() => 0,
        None => content.children().len(),
    };
    u32::try_from(children).unwrap_or(u32::MAX)
}

/// The inclusion terms of a concept.
pub(super) fn texts(content: &Concept<'_>) -> Vec<String> {
    let place = content.place().filter(|(_, location)| location.seventh.is_none());
    let notes =
        place.into_iter().flat_map(|(edition, location)| edition.list.own_notes(location.node));
    notes
        .filter(|note| note.kind == NoteKind::InclusionTerm)
        .map(|note| note.text.to_owned())
        .collect()
}

/// What the answer does not know.
fn note(snapshot: &Snapshot, sighting: &Sighting<'_>) -> String {
    let status = &sighting.status;
    let horizon = last_day_before(snapshot, status).map(|horizon| {
        let system = status.system();
        let release = dating_release(snapshot, system);
        format!(
            "the installed {system} codes are known until {horizon}{release}; {} is later",
            status.date()
        )
    });
    let of_content = Some(note_on_content(snapshot, sighting)).filter(|note| !note.is_empty());
    horizon.into_iter().chain(of_content).collect::<Vec<_>>().join("; ")
}

/// The release that dates the codes of a system, in brackets.
pub(super) fn dating_release(snapshot: &Snapshot, system: CodeSystem) -> String {
    let release = snapshot.terminology.table(system).map(CodeTable::release);
    release.map_or_else(String::new, |release| {
        format!(" (release {} of {})", release.version, release.dataset)
    })
}

/// What the installed data does not say of a concept on any day.
fn note_on_content(snapshot: &Snapshot, sighting: &Sighting<'_>) -> String {
    let content = &sighting.content;
    if let Some(Lifetime::Seen { first, last }) = sighting.status.lifetime() {
        let system = content.system();
        if last_day_before(snapshot, &sighting.status).is_some_and(|day| day < first) {
            return format!(
                "listed on {first} among codes that have ended, so whether it may be submitted is not known; import the alpha-numeric file of {system} to check it"
            );
        }
        return format!(
            "seen in use from {first} to {last}; only a part of {system} is installed, so whether it may be submitted is not known"
        );
    }
    if content.code().is_some() && content.title_release().is_none() {
        let installed = title_release(snapshot, content.system(), content.date());
        return installed.map_or_else(
            || "no release with titles is installed".to_owned(),
            |version| format!("no title in the installed release ({version})"),
        );
    }
    String::new()
}

/// The release in which the title of a code would have to stand.
fn title_release(snapshot: &Snapshot, system: CodeSystem, date: Date) -> Option<Date> {
    if system == CodeSystem::Icd10Cm {
        return Some(snapshot.terminology.edition_on(date)?.release.version);
    }
    let titled = snapshot.releases.iter().filter(|record| record.release.dataset == system.id());
    titled.map(|record| record.release.version).max()
}

/// Whether the codes of a system that are installed are all there are.
pub(super) fn content_of(snapshot: &Snapshot, system: CodeSystem) -> v1::ReleaseContent {
    match snapshot.terminology.table(system).map(CodeTable::content) {
        None => v1::ReleaseContent::Unspecified,
        Some(Content::Complete) => v1::ReleaseContent::Complete,
        Some(Content::Fragment) => v1::ReleaseContent::Fragment,
    }
}
