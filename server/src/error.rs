//! Why a request could not be taken. One enum, mapped to the wire in one place.
//!
//! Messages are for the developer of the caller. They name fields and limits of ours and never repeat a value of the
//! request: no code, no query, no text.

use std::{fmt, time::Duration};

use medcode_codes::system::CodeSystem;
use thiserror::Error;

use crate::{catalog::snapshot::Snapshot, telemetry::RequestId};

mod to_status;

/// Field violations that are reported at once.
const MOST_VIOLATIONS: usize = 20;

/// When to come back to a server that is full.
pub(crate) const OVERLOAD_PAUSE: Duration = Duration::from_millis(250);

/// When to come back to a server that is still loading, or to another one.
const LOADING_PAUSE: Duration = Duration::from_secs(1);

/// A field of the request that breaks its form or limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Path as in the proto: `codings[3].code`.
    pub(crate) field: String,
    /// What was expected there.
    pub(crate) description: String,
}

/// What is wrong with a page token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// It does not decode, or has another format.
    Invalid,
    /// Other fields of the request have changed since the first page.
    Mismatch,
}

/// Why a request could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Error {
    #[error("the request has invalid fields")]
    Invalid(Vec<Violation>),
    #[error("the request has more items than are accepted")]
    TooManyItems { limit: usize, found: usize, violations: Vec<Violation> },
    #[error("the page token does not fit")]
    PageToken(TokenFault),
    #[error(
        "a release that the page token rests on is no longer loaded; begin again without a token"
    )]
    PageTokenStale,
    #[error("the code system is unknown; known are icd-10-cm, icd-10-pcs, cpt and hcpcs")]
    CodeSystemUnknown { is_who_icd10: bool },
    #[error("no loaded release of the code system fits the version or date")]
    ReleaseUnknown(CodeSystem),
    #[error("the release has no such concept")]
    ConceptUnknown(CodeSystem),
    #[error("there is no such rule here")]
    RuleUnknown,
    #[error("nothing is loaded for the code system")]
    CodeSystemNotLoaded(CodeSystem),
    #[error("the time for the request is up")]
    DeadlineExceeded { items_done: usize, items: usize },
    #[error("for too long no message of the stream came, or none was taken")]
    StreamIdle,
    #[error("the server has no capacity at the moment")]
    Overloaded { limit: usize },
    #[error("the catalog is still loading")]
    CatalogLoading,
    #[error("{0}")]
    CatalogDamaged(String),
    #[error("the server is stopping; connect anew")]
    ShuttingDown,
    #[error("an internal error has occurred")]
    Internal { request_id: String },
}

impl Error {
    /// An error where a part of the catalog could not be read when it was asked for.
    pub(crate) fn if_damaged(snapshot: &Snapshot) -> Result<(), Self> {
        snapshot.damage().map_or(Ok(()), |damage| Err(Self::CatalogDamaged(damage.to_owned())))
    }

    /// The answer for a method that panicked. Logged, because it is a bug.
    pub(crate) fn panicked(id: Option<&RequestId>) -> Self {
        let request_id = id.map(|id| id.as_str().to_owned()).unwrap_or_default();
        tracing::error!(id = request_id, "a method panicked");
        Self::Internal { request_id }
    }
}

/// Collects what is wrong with a request, so that a caller sees every mistake at once.
#[derive(Debug, Default)]
pub(crate) struct Violations {
    found: Vec<Violation>,
    /// The first count that is above its limit.
    too_many: Option<(usize, usize)>,
}

impl Violations {
    /// Notes a field that breaks its form.
    pub(crate) fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        if self.found.len() < MOST_VIOLATIONS {
            self.found.push(Violation { field: field.into(), description: description.into() });
        }
    }

    /// Notes a list that is longer than allowed. Says whether it is.
    pub(crate) fn check_count(
        &mut self,
        field: impl fmt::Display,
        found: usize,
        limit: usize,
    ) -> bool {
        let too_many = found > limit;
        if too_many {
            self.too_many.get_or_insert((limit, found));
            self.add(field.to_string(), format!("has {found} items, at most {limit} are accepted"));
        }
        too_many
    }

    /// Takes over what is wrong with a part of the request, whose paths begin with another name there.
    pub(crate) fn take_over(&mut self, part: Self, name: &str, here: &str) {
        for violation in part.found {
            let rest = violation.field.strip_prefix(name).map(str::to_owned);
            let field = rest.map_or(violation.field, |rest| format!("{here}{rest}"));
            self.add(field, violation.description);
        }
        self.too_many = self.too_many.or(part.too_many);
    }

    /// Ends the check of a request.
    pub(crate) fn finish<T>(self, request: T) -> Result<T, Error> {
        match (self.found, self.too_many) {
            (violations, None) if violations.is_empty() => Ok(request),
            (violations, Some((limit, found))) => {
                Err(Error::TooManyItems { limit, found, violations })
            }
            (violations, None) => Err(Error::Invalid(violations)),
        }
    }
}
