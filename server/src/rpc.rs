//! One file for each method: read, act, write. A method answers from one snapshot and knows nothing of transport.

use std::sync::Arc;

use medcode_codes::{code::CodeKey, date::Date, terminology::Terminology};

use crate::{
    catalog::{Catalog, snapshot::Snapshot},
    config::Config,
    error::Error,
    from_proto::AskedCoding,
    layers::deadline::Deadline,
};

mod check_document;
mod diff_releases;
mod expand_concept;
mod facts;
mod list_code_systems;
mod list_concepts;
mod list_releases;
mod list_rules;
mod listed;
mod lookup_codes;
mod paging;
mod place;
mod search_concepts;
mod selection;
mod subsumes;
#[cfg(test)]
mod testing;
mod translate_codes;
mod validate_codes;
mod validate_encounter;
mod validate_encounters;
mod walk;
mod watch_catalog;

pub(crate) use check_document::check_document;
pub(crate) use diff_releases::diff_releases;
pub(crate) use expand_concept::expand_concept;
pub(crate) use facts::{Fact, Learned, Sighting};
pub(crate) use list_code_systems::list_code_systems;
pub(crate) use list_concepts::list_concepts;
pub(crate) use list_releases::list_releases;
pub(crate) use list_rules::{explain_rule, list_rules};
pub(crate) use lookup_codes::lookup_codes;
pub(crate) use search_concepts::search_concepts;
pub(crate) use subsumes::subsumes;
pub(crate) use translate_codes::translate_codes;
pub(crate) use validate_codes::validate_codes;
pub(crate) use validate_encounter::validate_encounter;
pub(crate) use validate_encounters::{Numbered, validate_encounters};
pub(crate) use watch_catalog::watch_catalog;

/// Codes of a request beyond which it is answered on a thread of its own, so that it does not hold up small ones.
const LIGHT: usize = 32;

/// Codes of a batch that are fetched into the memory next to the processor together.
const AHEAD: usize = Terminology::AHEAD;

/// Fetches what the next codes of a batch will need. None that is written in an uncommon way, or alone, is worth it.
fn read_ahead<'a>(call: &Call, codings: impl Iterator<Item = &'a AskedCoding<'a>>, date: Date) {
    let mut fetched = [None; AHEAD];
    let mut count = 0;
    for (slot, coding) in fetched.iter_mut().zip(codings) {
        *slot = coding.system.ok().zip(CodeKey::of_pointed(&coding.code));
        count += 1;
    }
    if count > 1 {
        call.snapshot.terminology.read_titles_ahead(&fetched, date);
    }
}

/// What a request is answered with.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) catalog: Arc<Catalog>,
    /// The state of the catalog that the whole answer comes from.
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) config: Arc<Config>,
    pub(crate) today: Date,
    pub(crate) deadline: Deadline,
}

/// A method: from a request to its answer.
pub(crate) type Method<Q, A> = fn(&Call, Q) -> Result<A, Error>;

/// A method that answers in several messages: it hands them on one by one, and waits until each is taken. It ends at
/// once when handing on fails.
pub(crate) type StreamMethod<Q, A> = fn(&Call, Q, &mut Outlet<'_, A>) -> Result<(), Error>;

/// Hands a message on.
pub(crate) type Outlet<'s, A> = dyn FnMut(A) -> Result<(), Error> + 's;

/// Tells large requests from small ones.
pub(crate) trait Work {
    /// Whether answering takes so long that other requests would feel it.
    fn is_heavy(&self) -> bool {
        false
    }
}
