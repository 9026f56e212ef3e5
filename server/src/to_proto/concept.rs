//! Concepts, in the two views that the API knows.

use std::{borrow::Cow, ops::Deref};

use medcode_codes::{
    code::KeyText,
    code_table::{CodeTable, Lifetime},
    concept::Concept,
    date::{Date, iso},
    release::{Content, Release},
    replacement::official_source,
    system::CodeSystem,
    tabular::NoteKind,
};
use medcode_proto::v1;

use super::{UsedReleases, designations, fields::Fields, notes, properties};
use crate::{catalog::snapshot::Snapshot, rpc::Sighting};

/// A concept as a coding: canonical system, exact version, published code, preferred display.
pub(crate) fn coding(concept: &Concept<'_>) -> v1::Coding {
    CodingParts::of(concept).into_proto()
}

/// What a coding says.
pub(super) struct CodingParts<'a> {
    pub(super) system: &'a str,
    pub(super) version: Version<'a>,
    pub(super) code: Written<'a>,
    pub(super) display: Cow<'a, str>,
    /// The release that the display is taken from.
    pub(super) titled: Option<&'a Release>,
    /// The release that the coding rests on: that of its display, where there is one.
    pub(super) release: Option<&'a Release>,
}

/// The version of a coding.
pub(super) enum Version<'a> {
    Day(Date),
    AsSent(&'a str),
}

/// The code of a coding.
pub(super) enum Written<'a> {
    Code(KeyText),
    Text(Cow<'a, str>),
}

impl Written<'_> {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Code(code) => code.as_bytes(),
            Self::Text(text) => text.as_bytes(),
        }
    }
}

impl Deref for Written<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Code(code) => code,
            Self::Text(text) => text,
        }
    }
}

impl<'a> CodingParts<'a> {
    /// Those of a concept. Its title is looked for once.
    pub(super) fn of(concept: &Concept<'a>) -> Self {
        let (display, titled) = concept.title().unzip();
        let release = titled.or_else(|| concept.release());
        Self {
            system: concept.system().url(),
            version: release.map_or(Version::AsSent(""), |release| Version::Day(release.version)),
            code: match concept.code() {
                Some(code) => Written::Code(code.text()),
                None => Written::Text(concept.name()),
            },
            display: display.unwrap_or_default(),
            titled,
            release,
        }
    }

    pub(super) fn into_proto(self) -> v1::Coding {
        v1::Coding {
            system: self.system.into(),
            version: match self.version {
                Version::Day(day) => (*iso(day)).to_owned(),
                Version::AsSent(version) => version.to_owned(),
            },
            code: (*self.code).to_owned(),
            display: self.display.into_owned(),
        }
    }

    pub(super) fn write(&self, fields: &mut Fields<'_>) {
        fields.text(1, self.system);
        match self.version {
            Version::Day(day) => fields.text_bytes(2, iso(day).as_bytes()),
            Version::AsSent(version) => fields.text(2, version),
        }
        fields.text_bytes(3, self.code.as_bytes());
        fields.text(4, &self.display);
    }
}

/// What the BASIC view of a concept says: coding, flags, dates, number of children, release and note.
pub(crate) struct Basic<'a> {
    coding: CodingParts<'a>,
    inactive: bool,
    not_selectable: bool,
    billable: bool,
    effective_from: Option<Date>,
    effective_to: Option<Date>,
    child_count: u32,
    note: String,
    copyright: &'a str,
}

impl<'a> Basic<'a> {
    pub(crate) fn of(snapshot: &'a Snapshot, sighting: &Sighting<'a>) -> Self {
        let Sighting { content, status } = sighting;
        let period = status.lifetime().and_then(Lifetime::period);
        let coding = CodingParts::of(content);
        Self {
            inactive: inactive(snapshot, status),
            not_selectable: status.not_selectable(),
            billable: billable(snapshot, status) == Some(true),
            effective_from: period.map(|period| period.start),
            effective_to: period.and_then(|period| period.end),
            child_count: child_count(content),
            note: note(snapshot, sighting, coding.titled),
            copyright: copyright(snapshot, content.system(), coding.titled),
            coding,
        }
    }

    /// The release that it rests on.
    pub(crate) fn release(&self) -> Option<&'a Release> {
        self.coding.release
    }

    pub(crate) fn into_proto(self) -> v1::Concept {
        v1::Concept {
            inactive: self.inactive,
            not_selectable: self.not_selectable,
            billable: self.billable,
            effective_from: self.effective_from.map(super::date),
            effective_to: self.effective_to.map(super::date),
            child_count: self.child_count,
            release: self.coding.release.map(super::release),
            note: self.note,
            copyright: self.copyright.to_owned(),
            coding: Some(self.coding.into_proto()),
            ..v1::Concept::default()
        }
    }

    /// Writes the fields of the message that [`Self::into_proto`] makes.
    pub(crate) fn write(&self, releases: &UsedReleases<'_>, fields: &mut Fields<'_>) {
        fields.part(1, |fields| self.coding.write(fields));
        fields.flag(2, self.inactive);
        fields.flag(3, self.not_selectable);
        fields.flag(4, self.billable);
        self.effective_from.into_iter().for_each(|date| fields.date(5, date));
        self.effective_to.into_iter().for_each(|date| fields.date(6, date));
        fields.number(10, self.child_count);
        self.coding.release.into_iter().for_each(|release| releases.write_one(15, release, fields));
        fields.text(16, &self.note);
        fields.text(17, self.copyright);
    }
}

/// The BASIC view of a concept.
pub(crate) fn basic(snapshot: &Snapshot, sighting: &Sighting<'_>) -> v1::Concept {
    Basic::of(snapshot, sighting).into_proto()
}

/// The copyright line of the release that a title comes from.
pub(super) fn copyright<'a>(
    snapshot: &'a Snapshot,
    system: CodeSystem,
    titled: Option<&Release>,
) -> &'a str {
    titled.map_or("", |titled| snapshot.copyright(system, titled))
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
    // A code that may be submitted has not ended, and it is among those below itself.
    if status.billable() == Some(true) {
        return false;
    }
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
fn note(snapshot: &Snapshot, sighting: &Sighting<'_>, titled: Option<&Release>) -> String {
    let status = &sighting.status;
    let horizon = last_day_before(snapshot, status).map(|horizon| {
        let system = status.system();
        let release = dating_release(snapshot, system);
        format!(
            "the installed {system} codes are known until {horizon}{release}; {} is later",
            status.date()
        )
    });
    let of_content = note_on_content(snapshot, sighting, titled);
    match horizon {
        Some(horizon) if of_content.is_empty() => horizon,
        Some(horizon) => format!("{horizon}; {of_content}"),
        None => of_content,
    }
}

/// The release that dates the codes of a system, in brackets.
pub(super) fn dating_release(snapshot: &Snapshot, system: CodeSystem) -> String {
    let release = snapshot.terminology.table(system).map(CodeTable::release);
    release.map_or_else(String::new, |release| {
        format!(" (release {} of {})", release.version, release.dataset)
    })
}

/// What the installed data does not say of a concept on any day.
fn note_on_content(
    snapshot: &Snapshot,
    sighting: &Sighting<'_>,
    titled: Option<&Release>,
) -> String {
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
    if content.code().is_some() && titled.is_none() {
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
