//! `SearchConcepts`: concepts by code, by the beginning of a code, or by words.

use medcode_codes::{code::Code, date::Date, system::CodeSystem};
use medcode_proto::v1;
use prost::Message;

use super::{
    Call, Work,
    paging::{Page, Paged},
    place::{Place, find_place},
    selection::Selection,
};
use crate::{
    catalog::{
        cache::CacheKey,
        search::{Admission, MOST_HITS, Means, Mode, Query},
    },
    error::Error,
    from_proto::{self, SearchAsked},
    to_proto::{self, encoded::Encoded},
};

impl Work for v1::SearchConceptsRequest {
    fn is_heavy(&self) -> bool {
        // A keystroke takes less than to wake another thread; a query that is finished, a millisecond and more.
        self.mode() != v1::SearchMode::Typeahead
    }
}

/// Answers with a `SearchConceptsResponse`. Pages are kept as they are sent.
pub(crate) fn search_concepts(
    call: &Call,
    request: v1::SearchConceptsRequest,
) -> Result<Encoded<v1::SearchConceptsResponse>, Error> {
    let asked = from_proto::search_concepts(&request)?;
    let bare = v1::SearchConceptsRequest { page_size: 0, page_token: String::new(), ..request };
    let page = Page::read(Paged::SearchConcepts, &bare, &request.page_token, &call.snapshot)?;
    let date = asked.date.or(page.as_of).unwrap_or(call.today);
    let key = CacheKey::of(&[
        call.snapshot.digest.as_bytes(),
        date.to_string().as_bytes(),
        &bare.encode_to_vec(),
        &asked.page_size.to_le_bytes(),
        &page.offset.to_le_bytes(),
        // A page of the same place is not for a token that rests on other releases.
        &page.rests_on.iter().flatten().flat_map(|hash| hash.to_le_bytes()).collect::<Vec<_>>(),
    ]);
    let page = call.catalog.search_pages.get_or_make(key, || {
        search(call, &bare, &asked, &page, date).map(|response| Encoded::of(&response))
    })?;
    Ok(page.as_ref().clone())
}

fn search(
    call: &Call,
    request: &v1::SearchConceptsRequest,
    asked: &SearchAsked,
    page: &Page,
    date: Date,
) -> Result<v1::SearchConceptsResponse, Error> {
    let snapshot = &*call.snapshot;
    let place =
        asked.within.as_ref().map(|coding| find_place(snapshot, coding, date)).transpose()?;
    let systems = systems(call, asked, place.as_ref());
    let selection = Selection {
        date,
        billable_only: request.billable_only,
        include_inactive: request.include_inactive,
        patient: asked.patient,
    };
    let query = Query { text: &request.query, systems: &systems, mode: asked.mode };
    let means = Means { meaning: asked.by_meaning, ..Means::ALL };
    let prepared = snapshot.search.prepare_with(query, means);
    let admit = |code: Code| {
        if place.as_ref().is_none_or(|place| place.holds(code)) {
            selection.admission(&snapshot.terminology, code)
        } else {
            Admission::No
        }
    };
    // While somebody types nobody asks how many there are in all.
    let count = match asked.mode {
        Mode::Typeahead => page.offset.saturating_add(asked.page_size).saturating_add(1),
        Mode::Words => MOST_HITS,
    };
    let found = prepared.find_first(count, admit, &|| !call.deadline.is_over());
    let found = found.ok_or(Error::DeadlineExceeded { items_done: 0, items: 0 })?;
    let releases = snapshot.releases_of(&systems);
    let (hits, next_page_token) = page.cut(&found.hits, asked.page_size, date, &releases)?;
    let hits = hits.iter().filter_map(|hit| to_proto::search::hit(snapshot, &prepared, hit, date));
    Ok(v1::SearchConceptsResponse {
        hits: hits.collect(),
        next_page_token,
        total_size: u32::try_from(found.hits.len()).unwrap_or(u32::MAX),
        total_size_is_lower_bound: found.more,
        corrections: prepared.corrections().into_iter().map(to_proto::search::correction).collect(),
        as_of: Some(to_proto::date(date)),
        releases_used: to_proto::releases(releases),
    })
}

/// The systems that are searched: those asked for that hold the place, or all.
fn systems(call: &Call, asked: &SearchAsked, place: Option<&Place<'_>>) -> Vec<CodeSystem> {
    let wanted = CodeSystem::ALL.into_iter().filter(|system| {
        call.snapshot.terminology.table(*system).is_some()
            && (asked.systems.is_empty() || asked.systems.contains(system))
            && place.is_none_or(|place| place.system() == *system)
    });
    wanted.collect()
}
