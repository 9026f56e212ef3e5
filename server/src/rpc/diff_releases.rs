//! `DiffReleases`: what changes from one release of a code system to another.

use std::collections::HashSet;

use medcode_codes::{
    code::{Code, CodeKey, MAX_LENGTH},
    concept::Concept,
    date::Date,
    release::Release,
    system::CodeSystem,
};
use medcode_proto::v1;

use super::{
    Call, Work,
    paging::{Page, Paged},
};
use crate::{
    catalog::{
        cache::CacheKey,
        diff::snapshot_diff,
        releases::{ReleaseKind, ReleaseRecord},
        snapshot::Snapshot,
    },
    error::Error,
    from_proto::{self, AskedVersion},
    to_proto,
};

/// Characters of a category of ICD-10-CM.
const CATEGORY: usize = 3;

impl Work for v1::DiffReleasesRequest {
    fn is_heavy(&self) -> bool {
        true
    }
}

pub(crate) fn diff_releases(
    call: &Call,
    request: v1::DiffReleasesRequest,
) -> Result<v1::DiffReleasesResponse, Error> {
    let asked = from_proto::diff_releases(&request)?;
    let bare = v1::DiffReleasesRequest { page_size: 0, page_token: String::new(), ..request };
    let snapshot = &*call.snapshot;
    let page = Page::read(Paged::DiffReleases, &bare, &request.page_token, snapshot)?;
    let system = asked.system;
    if snapshot.terminology.table(system).is_none() {
        return Err(Error::CodeSystemNotLoaded(system));
    }
    let from = release(snapshot, system, asked.from)?;
    let to = release(snapshot, system, asked.to)?;
    // The whole catalog is in the key: dates and titles of codes come from other releases as well.
    let key = CacheKey::of(&[
        snapshot.digest.as_bytes(),
        from.digest.as_bytes(),
        to.digest.as_bytes(),
        system.id().as_bytes(),
        from.version.to_string().as_bytes(),
        to.version.to_string().as_bytes(),
    ]);
    let differences = call
        .catalog
        .differences
        .get_or_make(key, || snapshot_diff(snapshot, system.id(), from.version, to.version))?;
    let differences = &differences.0;
    call.deadline.check(0, differences.len())?;
    let wanted = Wanted::new(snapshot, system, &bare.codes, [from.version, to.version]);
    let selected = differences.iter().filter(|found| {
        let kind = to_proto::change::kind(found.kind);
        (asked.kinds.is_empty() || asked.kinds.contains(&kind)) && wanted.holds(found.code)
    });
    let selected: Vec<_> = selected.collect();
    let today = page.as_of.unwrap_or(call.today);
    let (part, next_page_token) = page.cut(&selected, asked.page_size, today, &[from, to])?;
    let mut changes = Vec::with_capacity(part.len());
    for (index, difference) in part.iter().enumerate() {
        call.deadline.check(index, part.len())?;
        changes.push(to_proto::change::change(snapshot, system, difference, [from, to]));
    }
    Ok(v1::DiffReleasesResponse {
        changes,
        next_page_token,
        total_size: u32::try_from(selected.len()).unwrap_or(u32::MAX),
        from_release: Some(to_proto::release(from)),
        to_release: Some(to_proto::release(to)),
    })
}

/// The loaded release of the dataset that is meant. Releases of other datasets that tell about the system, such as those
/// of the code editor, have other days. A day on which no release begins means the one in force on it.
fn release(
    snapshot: &Snapshot,
    system: CodeSystem,
    asked: AskedVersion,
) -> Result<&Release, Error> {
    let is_list =
        |record: &&ReleaseRecord| record.release.dataset == system.id() && lists_codes(record.kind);
    let records: Vec<_> = snapshot.releases.iter().filter(is_list).collect();
    let versions = || records.iter().map(|record| record.release.version);
    let in_force = || match asked {
        AskedVersion::Day(day) => {
            let on_day = records.iter().filter(|record| record.period().contains(day));
            on_day.map(|record| record.release.version).max()
        }
        _ => None,
    };
    let version = asked.newest(system, versions()).or_else(in_force);
    let meant = records.iter().find(|record| Some(record.release.version) == version);
    meant.map(|record| &record.release).ok_or(Error::ReleaseUnknown(system))
}

/// Whether a release says which codes there are. Addenda and conversion tables come with such a release.
fn lists_codes(kind: ReleaseKind) -> bool {
    matches!(
        kind,
        ReleaseKind::Tabular
            | ReleaseKind::CodeList
            | ReleaseKind::CodesInUse
            | ReleaseKind::Hcpcs
            | ReleaseKind::BareCodes
            | ReleaseKind::Payable
            | ReleaseKind::Cpt
    )
}

/// The codes that a caller asks about, with everything below them.
struct Wanted {
    /// Beginnings of codes. `None` means all codes.
    beginnings: Option<HashSet<CodeKey>>,
}

impl Wanted {
    fn new(snapshot: &Snapshot, system: CodeSystem, codes: &[String], versions: [Date; 2]) -> Self {
        let of_each = codes.iter().flat_map(|code| beginnings(snapshot, system, code, versions));
        Self { beginnings: (!codes.is_empty()).then(|| of_each.collect()) }
    }

    fn holds(&self, code: CodeKey) -> bool {
        self.beginnings.as_ref().is_none_or(|beginnings| {
            (1..=MAX_LENGTH).any(|length| beginnings.contains(&code.prefix(length)))
        })
    }
}

/// What the codes below a concept begin with: its own characters; for a chapter or section its categories, as either
/// release has them.
fn beginnings(
    snapshot: &Snapshot,
    system: CodeSystem,
    text: &str,
    versions: [Date; 2],
) -> Vec<CodeKey> {
    let text = text.trim();
    let groups =
        versions.into_iter().filter(|_| system == CodeSystem::Icd10Cm && text.contains('-'));
    let groups = groups.filter_map(|day| snapshot.terminology.group(text, day));
    let mut found: Vec<_> = groups.flat_map(|group| categories(&group)).collect();
    if found.is_empty() {
        let code = Code::parse(system, text).map(Code::key).ok();
        found.extend(code.or_else(|| CodeKey::new(&text.to_ascii_uppercase())));
    }
    found
}

/// The categories of a chapter or section.
fn categories(group: &Concept<'_>) -> Vec<CodeKey> {
    let Some((edition, location)) = group.place() else { return Vec::new() };
    let list = &edition.list;
    let keys = list.ids().filter_map(|node| Some((node, list.key(node)?)));
    keys.filter(|(node, key)| {
        key.length() == CATEGORY && list.lineage(*node).any(|above| above == location.node)
    })
    .map(|(_, key)| key)
    .collect()
}
