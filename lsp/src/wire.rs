//! Between the messages of the service and the domain: the only place in this crate that names both.
//!
//! Public is what the command line shares with the language server: the question about an encounter, and its answer.

pub use medcode_codes::document::{EncounterAnswer, EncounterRequest};

mod briefs;
mod codes;
mod dates;
mod encounter;
mod issue;
mod pages;

pub(crate) use briefs::{briefs, briefs_request};
pub(crate) use codes::{
    Query, all_children_request, children, children_request, coding, hits, list_systems_request,
    loaded_systems, looked, lookup_many_request, lookup_request, next_characters,
    next_characters_request, search_request,
};
pub use dates::{from_proto_date, to_proto_date};
pub use encounter::{encounter_answer, encounter_request};
pub(crate) use pages::{
    MAX_CODINGS, concepts, expand_request, known, lookups_request, relatives_request,
    release_request, releases_request,
};
