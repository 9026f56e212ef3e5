//! `ListReleases`: what is loaded, since when it is in force, and what it was read from.

use medcode_proto::v1;

use super::{
    Call, Work,
    paging::{Page, Paged},
};
use crate::{error::Error, from_proto, to_proto};

impl Work for v1::ListReleasesRequest {}

pub(crate) fn list_releases(
    call: &Call,
    request: v1::ListReleasesRequest,
) -> Result<v1::ListReleasesResponse, Error> {
    let asked = from_proto::list_releases(&request)?;
    let bare = v1::ListReleasesRequest { page_size: 0, page_token: String::new(), ..request };
    let page = Page::read(Paged::ListReleases, &bare, &request.page_token, &call.snapshot)?;
    let records = call.snapshot.releases.iter().filter(|record| {
        (bare.dataset.is_empty() || record.release.dataset == bare.dataset)
            && asked.kind.is_none_or(|kind| to_proto::release::kind(record.kind) == kind)
            && asked.date.is_none_or(|date| record.period().contains(date))
    });
    let records = to_proto::release::in_order(records);
    let today = page.as_of.unwrap_or(call.today);
    let (records, next_page_token) =
        page.cut_of_all(&records, asked.page_size, today, &call.snapshot)?;
    let releases = records.iter().map(|record| to_proto::release::loaded(record)).collect();
    Ok(v1::ListReleasesResponse { releases, next_page_token })
}
