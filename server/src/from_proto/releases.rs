//! The requests about releases.

use medcode_codes::date::Date;
use medcode_proto::v1;

use super::LONGEST_SYSTEM;
use crate::error::{Error, Violations};

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
