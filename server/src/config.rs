//! Settings of the service. Every number that limits something is here, with its default and its reason.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use serde::Deserialize;

/// Settings of the service. Anything that is not given has its default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where to listen. Default `127.0.0.1:50051`; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Listen on an address that other machines can reach, although the service has neither TLS nor authentication.
    /// Default `false`.
    pub allow_insecure_listen: bool,
    /// What requests may ask for.
    pub limits: Limits,
    /// The service that takes text.
    pub documents: Documents,
    /// How long requests may take.
    pub deadlines: Deadlines,
    /// Memory that answers may be kept in.
    pub caches: CacheSizes,
    /// How the service stops.
    pub stopping: Stopping,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 50_051)),
            allow_insecure_listen: false,
            limits: Limits::default(),
            documents: Documents::default(),
            deadlines: Deadlines::default(),
            caches: CacheSizes::default(),
            stopping: Stopping::default(),
        }
    }
}

/// What requests may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a request message. Default 4 MiB; above it the answer is `OUT_OF_RANGE`.
    pub request_bytes: usize,
    /// Bytes of a response message. Default 16 MiB. Pages and batches are sized so that it is not reached.
    pub response_bytes: usize,
    /// Items of a batch. Default 1,000.
    pub batch_items: usize,
    /// Diagnoses of an encounter. Default 100.
    pub diagnoses: usize,
    /// Service lines of an encounter. Default 1,000.
    pub lines: usize,
    /// Requests that are worked on at the same time, on all connections. Default 32 for each core; above it requests
    /// are refused with `RESOURCE_EXHAUSTED`. Health checks do not count.
    pub in_flight: usize,
    /// HTTP/2 streams of a connection. Default 512.
    pub streams_per_connection: u32,
    /// Bytes of the headers of a request. Default 16 KiB.
    pub header_bytes: u32,
    /// Streams that a client may open and reset before they are taken up. Default 64; above it the connection is
    /// closed, so that resetting requests quickly does not cost more than sending them.
    pub pending_resets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            request_bytes: 4 << 20,
            response_bytes: 16 << 20,
            batch_items: 1_000,
            diagnoses: 100,
            lines: 1_000,
            in_flight: 32 * cores,
            streams_per_connection: 512,
            header_bytes: 16 << 10,
            pending_resets: 64,
        }
    }
}

/// The service that takes text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Documents {
    /// Whether there is one. Default: where only this machine, or this process, can send text.
    pub enabled: Option<bool>,
    /// Bytes of a text. Default 1 MiB.
    pub text_bytes: usize,
    /// Bytes of a request message. Default 2 MiB; above it the answer is `OUT_OF_RANGE`.
    pub request_bytes: usize,
}

impl Default for Documents {
    fn default() -> Self {
        Self { enabled: None, text_bytes: 1 << 20, request_bytes: 2 << 20 }
    }
}

/// As good as no deadline.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3_600);

/// How long a request may take: what is used when the caller gives no time, and what the caller cannot exceed.
/// Milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deadlines {
    /// `SearchConcepts` without a deadline of the caller. Default 2,000.
    pub search_default_ms: u64,
    /// `SearchConcepts` at most. Default 5,000.
    pub search_most_ms: u64,
    /// `DiffReleases` without a deadline of the caller. Default 10,000.
    pub diff_default_ms: u64,
    /// `DiffReleases` at most. Default 30,000.
    pub diff_most_ms: u64,
    /// `ExpandConcept` at most, all messages together. Default 600,000: ten minutes.
    pub expand_most_ms: u64,
    /// `CheckDocument` without a deadline of the caller. Default 10,000.
    pub document_default_ms: u64,
    /// `CheckDocument` at most. Default 30,000.
    pub document_most_ms: u64,
    /// `ValidateEncounters` at most, all encounters together. Default 86,400,000: a day.
    pub encounters_most_ms: u64,
    /// How long a message of a stream may wait for its reader, and how long the server waits for one. Default 60,000.
    pub stream_idle_ms: u64,
    /// How often `WatchCatalog` says that it is still there. Default 30,000: proxies cut streams that are silent for a
    /// minute.
    pub heartbeat_ms: u64,
    /// Every other method without a deadline of the caller. Default 5,000.
    pub default_ms: u64,
    /// Every other method at most. Default 10,000.
    pub most_ms: u64,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            search_default_ms: 2_000,
            search_most_ms: 5_000,
            diff_default_ms: 10_000,
            diff_most_ms: 30_000,
            expand_most_ms: 600_000,
            document_default_ms: 10_000,
            document_most_ms: 30_000,
            encounters_most_ms: 86_400_000,
            stream_idle_ms: 60_000,
            heartbeat_ms: 30_000,
            default_ms: 5_000,
            most_ms: 10_000,
        }
    }
}

impl Deadlines {
    /// The time a call of a method gets, by the time its caller gives.
    pub(crate) fn time_for(&self, method: &str, given: Option<Duration>) -> Duration {
        let name = method.rsplit('/').next().unwrap_or_default();
        let (default_ms, most_ms) = match name {
            "SearchConcepts" => (self.search_default_ms, self.search_most_ms),
            "DiffReleases" => (self.diff_default_ms, self.diff_most_ms),
            // Lasts until one of the two has enough.
            "WatchCatalog" => return given.unwrap_or(A_YEAR),
            "CheckDocument" => (self.document_default_ms, self.document_most_ms),
            "ValidateEncounters" => (self.encounters_most_ms, self.encounters_most_ms),
            "ExpandConcept" => (self.expand_most_ms, self.expand_most_ms),
            _ => (self.default_ms, self.most_ms),
        };
        given.unwrap_or(Duration::from_millis(default_ms)).min(Duration::from_millis(most_ms))
    }
}

/// Memory that answers may be kept in. Bytes; 0 keeps nothing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CacheSizes {
    /// Pages of search results, as they are sent. Default 2 MiB: some 250 pages.
    pub search_bytes: u64,
    /// Concepts with their notes and relatives, ready to be sent. Default 8 MiB: some 1,000 concepts.
    pub concept_bytes: u64,
    /// Reports on encounters of streams, as they are sent. Default 4 MiB: some 3,000 encounters.
    pub encounter_bytes: u64,
    /// Differences of two releases. Default 16 MiB: a few pairs.
    pub diff_bytes: u64,
}

impl Default for CacheSizes {
    fn default() -> Self {
        Self {
            search_bytes: 2 << 20,
            concept_bytes: 8 << 20,
            encounter_bytes: 4 << 20,
            diff_bytes: 16 << 20,
        }
    }
}

/// How the service stops. Milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Stopping {
    /// How long new connections are still taken after the health checks have begun to say no, so that balancers can
    /// notice. Default 5,000; not waited for where only this machine can connect.
    pub lame_duck_ms: u64,
    /// How long requests in flight may take to finish, the time above included. Default 20,000.
    pub drain_ms: u64,
}

impl Default for Stopping {
    fn default() -> Self {
        Self { lame_duck_ms: 5_000, drain_ms: 20_000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_may_ask_for_less_time_but_not_for_more() {
        let deadlines = Deadlines::default();
        let lookup = "/medcode.v1.CodeSystemService/LookupCodes";
        let search = "/medcode.v1.CodeSystemService/SearchConcepts";
        let given = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(deadlines.time_for(lookup, None), Duration::from_secs(5));
        assert_eq!(deadlines.time_for(lookup, given(1)), Duration::from_secs(1));
        assert_eq!(deadlines.time_for(lookup, given(60)), Duration::from_secs(10));
        assert_eq!(deadlines.time_for(search, None), Duration::from_secs(2));
        assert_eq!(deadlines.time_for(search, given(60)), Duration::from_secs(5));
        let diff = "/medcode.v1.CodeSystemService/DiffReleases";
        assert_eq!(deadlines.time_for(diff, None), Duration::from_secs(10));
        assert_eq!(deadlines.time_for(diff, given(60)), Duration::from_secs(30));
        let expand = "/medcode.v1.CodeSystemService/ExpandConcept";
        assert_eq!(deadlines.time_for(expand, None), Duration::from_secs(600));
        assert_eq!(deadlines.time_for(expand, given(1)), Duration::from_secs(1));
        let document = "/medcode.v1.DocumentService/CheckDocument";
        assert_eq!(deadlines.time_for(document, None), Duration::from_secs(10));
        assert_eq!(deadlines.time_for(document, given(60)), Duration::from_secs(30));
        let claims = "/medcode.v1.EncounterService/ValidateEncounters";
        assert_eq!(deadlines.time_for(claims, None), Duration::from_secs(86_400));
        let watch = "/medcode.v1.CodeSystemService/WatchCatalog";
        assert!(deadlines.time_for(watch, None) > Duration::from_secs(1_000_000));
        assert_eq!(deadlines.time_for(watch, given(4_000)), Duration::from_secs(4_000));
    }

    #[test]
    fn reads_what_is_given_and_refuses_what_it_does_not_know() {
        let config: Config = serde_json::from_str(r#"{"limits":{"lines":5}}"#).unwrap();
        assert_eq!(config.limits.lines, 5);
        assert_eq!(config.limits.diagnoses, 100);
        assert!(serde_json::from_str::<Config>(r#"{"limit":{}}"#).is_err());
    }
}
