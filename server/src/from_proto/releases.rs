//! The requests about releases.

use medcode_codes::{date::Date, system::CodeSystem};
use medcode_proto::v1;

use super::{AskedVersion, LONGEST_CODE, LONGEST_SYSTEM};
use crate::error::{Error, Violations};

/// Codes that a request of `DiffReleases` may name.
const MOST_CODES: usize = 1_000;

/// What `ListReleases` is asked.
#[derive(Debug)]
pub(crate) struct ReleasesAsked {
    /// `None` means all.
    pub(crate) kind: Option<v1::ReleaseKind>,
    /// `None` means all.
    pub(crate) date: Option<Date>,
    pub(crate) page_size: usize,
}

/// Reads a request of `ListReleases`; the dataset stays in the request.
pub(crate) fn list_releases(request: &v1::ListReleasesRequest) -> Result<ReleasesAsked, Error> {
    let mut violations = Violations::default();
    super::check_text(
        &mut violations,
        || "dataset".to_owned(),
        &request.dataset,
        0,
        LONGEST_SYSTEM,
    );
    let kind = match super::known(&mut violations, "kind", request.kind) {
        v1::ReleaseKind::Unspecified => None,
        kind => Some(kind),
    };
    let date = super::date(&mut violations, "date", request.date);
    let page_size = super::page_size(&mut violations, request.page_size, 50, 500);
    violations.finish(ReleasesAsked { kind, date, page_size })
}

/// What `DiffReleases` is asked.
#[derive(Debug)]
pub(crate) struct DiffAsked {
    pub(crate) system: CodeSystem,
    pub(crate) from: AskedVersion,
    pub(crate) to: AskedVersion,
    /// Empty means all.
    pub(crate) kinds: Vec<v1::ChangeKind>,
    pub(crate) page_size: usize,
}

/// Reads a request of `DiffReleases`; the codes stay in the request.
pub(crate) fn diff_releases(request: &v1::DiffReleasesRequest) -> Result<DiffAsked, Error> {
    let mut violations = Violations::default();
    let system = CodeSystem::ALL.into_iter().find(|system| system.id() == request.dataset);
    if system.is_none() {
        violations.add("dataset", "is none of icd-10-cm, icd-10-pcs, cpt and hcpcs");
    }
    let versions = [("from_version", &request.from_version), ("to_version", &request.to_version)];
    for (field, version) in versions {
        super::check_text(&mut violations, || field.to_owned(), version, 1, LONGEST_CODE);
    }
    let mut kinds = Vec::new();
    for (index, kind) in request.kinds.iter().enumerate() {
        match v1::ChangeKind::try_from(*kind) {
            Ok(kind) if kind != v1::ChangeKind::Unspecified => kinds.push(kind),
            _ => violations.add(format!("kinds[{index}]"), "has a value that is not known here"),
        }
    }
    violations.check_count("codes", request.codes.len(), MOST_CODES);
    for (index, code) in request.codes.iter().enumerate().take(MOST_CODES) {
        super::check_text(&mut violations, || format!("codes[{index}]"), code, 1, LONGEST_CODE);
    }
    let page_size = super::page_size(&mut violations, request.page_size, 100, 1_000);
    violations.finish(DiffAsked {
        system: system.unwrap_or(CodeSystem::Icd10Cm),
        from: AskedVersion::read(&request.from_version),
        to: AskedVersion::read(&request.to_version),
        kinds,
        page_size,
    })
}
