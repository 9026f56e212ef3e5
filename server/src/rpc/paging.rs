//! Page tokens: where a list goes on, and that it is still the same list.
//!
//! A token holds hashes and a position, no query and no code, so it may be logged. Format of medcode, opaque to
//! callers.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use medcode_codes::{
    date::{Date, parse_iso},
    release::Release,
};
use prost::Message;
use sha2::{Digest, Sha256};

use crate::{
    catalog::snapshot::Snapshot,
    error::{Error, TokenFault},
};

/// Rises when tokens change their meaning.
const FORMAT: u32 = 1;

/// Characters of the longest token that is looked at.
const LONGEST: usize = 4_096;

/// Which method a token belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paged {
    ListCodeSystems = 1,
    SearchConcepts = 2,
    ListConcepts = 3,
    ListReleases = 4,
    DiffReleases = 5,
    ListRules = 6,
}

#[derive(Clone, PartialEq, Eq, Message)]
struct Token {
    #[prost(uint32, tag = "1")]
    format: u32,
    #[prost(uint32, tag = "2")]
    method: u32,
    /// Hash of the request without its page fields.
    #[prost(fixed64, tag = "3")]
    request: u64,
    /// Hashes of the digests of the releases in use; of the catalog, where all of them are.
    #[prost(fixed64, repeated, tag = "4")]
    releases: Vec<u64>,
    /// The day that the first page was seen from.
    #[prost(string, tag = "5")]
    as_of: String,
    /// How many items the pages before had.
    #[prost(uint32, tag = "6")]
    offset: u32,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    method: Paged,
    request: u64,
    /// How many items the pages before had.
    pub(crate) offset: usize,
    /// The day that the first page was seen from, on the pages after it.
    pub(crate) as_of: Option<Date>,
    /// Hashes of the releases that the pages before rest on; `None` on the first.
    pub(crate) rests_on: Option<Vec<u64>>,
}

impl Page {
    /// Reads a token. `request` is the request without its page fields.
    ///
    /// # Errors
    /// The token does not decode, belongs to another request, or rests on a release that is no longer loaded.
    pub(crate) fn read(
        method: Paged,
        request: &impl Message,
        token: &str,
        snapshot: &Snapshot,
    ) -> Result<Self, Error> {
        let request = hash(&request.encode_to_vec());
        if token.is_empty() {
            return Ok(Self { method, request, offset: 0, as_of: None, rests_on: None });
        }
        let invalid = || Error::PageToken(TokenFault::Invalid);
        let token = decode(token).ok_or_else(invalid)?;
        if token.format != FORMAT || token.method != method as u32 {
            return Err(invalid());
        }
        if token.request != request {
            return Err(Error::PageToken(TokenFault::Mismatch));
        }
        let whole = hash(snapshot.digest.as_bytes());
        let loaded = |wanted: &u64| {
            *wanted == whole
                || snapshot.releases.iter().any(|record| release_hash(&record.release) == *wanted)
        };
        if !token.releases.iter().all(loaded) {
            return Err(Error::PageTokenStale);
        }
        let as_of = Some(parse_iso(&token.as_of).map_err(|_| invalid())?);
        let rests_on = Some(token.releases);
        Ok(Self { method, request, offset: token.offset as usize, as_of, rests_on })
    }

    /// The part of a list that is this page, and the token of the next one; empty on the last. `releases` are all that the
    /// list rests on.
    ///
    /// # Errors
    /// The pages before rest on other releases: a further release of a system adds to its list, although those of before
    /// are still loaded.
    pub(crate) fn cut<'i, T>(
        &self,
        items: &'i [T],
        size: usize,
        as_of: Date,
        releases: &[&Release],
    ) -> Result<(&'i [T], String), Error> {
        let mut hashes: Vec<_> = releases.iter().map(|release| release_hash(release)).collect();
        hashes.sort_unstable();
        self.part(items, size, as_of, hashes)
    }

    /// The same for a list that rests on all releases: any change of the catalog makes its token stale.
    pub(crate) fn cut_of_all<'i, T>(
        &self,
        items: &'i [T],
        size: usize,
        as_of: Date,
        snapshot: &Snapshot,
    ) -> Result<(&'i [T], String), Error> {
        self.part(items, size, as_of, vec![hash(snapshot.digest.as_bytes())])
    }

    fn part<'i, T>(
        &self,
        items: &'i [T],
        size: usize,
        as_of: Date,
        hashes: Vec<u64>,
    ) -> Result<(&'i [T], String), Error> {
        if self.rests_on.as_ref().is_some_and(|known| *known != hashes) {
            return Err(Error::PageTokenStale);
        }
        let start = self.offset.min(items.len());
        let end = start.saturating_add(size).min(items.len());
        let next = (end < items.len()).then(|| self.token(end, as_of, hashes));
        Ok((items.get(start..end).unwrap_or_default(), next.unwrap_or_default()))
    }

    fn token(&self, offset: usize, as_of: Date, releases: Vec<u64>) -> String {
        let token = Token {
            format: FORMAT,
            method: self.method as u32,
            request: self.request,
            releases,
            as_of: as_of.to_string(),
            offset: u32::try_from(offset).unwrap_or(u32::MAX),
        };
        URL_SAFE_NO_PAD.encode(token.encode_to_vec())
    }
}

fn decode(token: &str) -> Option<Token> {
    if token.len() > LONGEST {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let token = Token::decode(bytes.as_slice()).ok()?;
    Some(token).filter(|token| token.format != 0)
}

fn release_hash(release: &Release) -> u64 {
    hash(format!("{} {} {}", release.dataset, release.version, release.digest).as_bytes())
}

/// The same on every machine and in every version of the program.
fn hash(bytes: &[u8]) -> u64 {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
