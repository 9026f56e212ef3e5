//! `ListCodeSystems`: the systems that medcode knows, loaded or not.

use medcode_codes::system::CodeSystem;
use medcode_proto::v1;

use super::{
    Call, Work,
    paging::{Page, Paged},
};
use crate::{error::Error, from_proto, to_proto};

impl Work for v1::ListCodeSystemsRequest {}

pub(crate) fn list_code_systems(
    call: &Call,
    request: v1::ListCodeSystemsRequest,
) -> Result<v1::ListCodeSystemsResponse, Error> {
    let page_size = from_proto::list_code_systems(&request)?;
    let v1::ListCodeSystemsRequest { page_token, .. } = request;
    let bare = v1::ListCodeSystemsRequest::default();
    let page = Page::read(Paged::ListCodeSystems, &bare, &page_token, &call.snapshot)?;
    let today = page.as_of.unwrap_or(call.today);
    let mut systems = CodeSystem::ALL;
    systems.sort_unstable_by_key(|system| system.id());
    let (systems, next_page_token) = page.cut(&systems, page_size, today, &[])?;
    let code_systems = systems
        .iter()
        .map(|system| to_proto::code_system::code_system(&call.snapshot, *system, today));
    Ok(v1::ListCodeSystemsResponse { code_systems: code_systems.collect(), next_page_token })
}
