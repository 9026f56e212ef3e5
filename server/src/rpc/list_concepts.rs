//! `ListConcepts`: the relatives of a concept, or the top of a system.

use medcode_codes::{concept::Concept, patient_group::Patient};
use medcode_proto::v1;

use super::{
    Call, Sighting, Work,
    listed::Listed,
    lookup_codes::full_concept,
    paging::{Page, Paged},
    place::find_place,
    selection::Selection,
    walk::Walk,
};
use crate::{
    catalog::snapshot::Snapshot,
    error::Error,
    from_proto::{self, ListAsked, Scope, View},
    layers::deadline::Deadline,
    to_proto,
};

impl Work for v1::ListConceptsRequest {
    fn is_heavy(&self) -> bool {
        // Descendants of a whole system are a hundred thousand.
        true
    }
}

pub(crate) fn list_concepts(
    call: &Call,
    request: v1::ListConceptsRequest,
) -> Result<v1::ListConceptsResponse, Error> {
    let asked = from_proto::list_concepts(&request)?;
    let bare = v1::ListConceptsRequest { page_size: 0, page_token: String::new(), ..request };
    let page = Page::read(Paged::ListConcepts, &bare, &request.page_token, &call.snapshot)?;
    let date = asked.date.or(page.as_of).unwrap_or(call.today);
    let snapshot = &*call.snapshot;
    let listed = Listed::find(snapshot, asked.system, asked.coding.version, date)?;
    let selection = Selection {
        date,
        billable_only: bare.billable_only,
        include_inactive: bare.include_inactive,
        patient: Patient::default(),
    };
    let relatives = relatives(snapshot, &asked, listed, &call.deadline)?;
    let selected =
        relatives.into_iter().filter(|concept| selection.admits(&snapshot.terminology, concept));
    let selected: Vec<_> = selected.collect();
    let release = listed.release(snapshot);
    // Beside the release itself those that date its codes.
    let releases = snapshot.releases_of(&[asked.system]);
    let (concepts, next_page_token) = page.cut(&selected, asked.page_size, date, &releases)?;
    let mut answered = Vec::with_capacity(concepts.len());
    for (index, content) in concepts.iter().enumerate() {
        call.deadline.check(index, concepts.len())?;
        let sighting =
            Sighting { content: *content, status: listed.as_of(snapshot, content, date) };
        answered.push(match asked.view {
            View::Basic => to_proto::concept::basic(snapshot, &sighting),
            View::Full => full_concept(call, &sighting).as_ref().clone(),
        });
    }
    Ok(v1::ListConceptsResponse {
        concepts: answered,
        next_page_token,
        total_size: u32::try_from(selected.len()).unwrap_or(u32::MAX),
        release: release.map(to_proto::release),
    })
}

/// The relatives, before any condition.
fn relatives<'s>(
    snapshot: &'s Snapshot,
    asked: &ListAsked,
    listed: Listed,
    deadline: &Deadline,
) -> Result<Vec<Concept<'s>>, Error> {
    let top = || snapshot.terminology.top(listed.system, listed.day);
    if asked.coding.code.is_empty() {
        return match asked.scope {
            Scope::Children => Ok(top()),
            Scope::Descendants => Walk::new(top(), deadline).collect(),
            // Nothing stands above the top, or beside it.
            Scope::Ancestors | Scope::Siblings => Ok(Vec::new()),
        };
    }
    let place = find_place(snapshot, &asked.coding, listed.day)?;
    let concept = place.concept;
    match asked.scope {
        Scope::Children => Ok(concept.children()),
        Scope::Descendants => Walk::new(concept.children(), deadline).collect(),
        Scope::Ancestors => Ok(concept.ancestors()),
        Scope::Siblings => {
            let beside = concept.ancestors().first().map_or_else(top, Concept::children);
            let own = concept.name();
            Ok(beside.into_iter().filter(|other| other.name() != own).collect())
        }
    }
}
