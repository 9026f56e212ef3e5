//! What `$/setTrace` has written into the log: methods, times and sizes, with `verbose` also ids and counts. No level
//! writes text, codes or parameters.

use std::time::Instant;

use serde::Serialize;
use serde_json::Value;

use crate::{
    client_facts::Trace,
    protocol::{Id, Response},
};

/// A message that arrived, while somebody wants to know. Sizes are measured for nobody else.
pub(crate) struct Arrival {
    method: &'static str,
    level: Trace,
    bytes: usize,
}

impl Arrival {
    /// `None` when nothing is traced.
    pub(crate) fn of(method: &'static str, level: Trace, params: Option<&Value>) -> Option<Self> {
        (level >= Trace::Messages).then(|| Self { method, level, bytes: params.map_or(0, size) })
    }

    /// A notification has been taken in.
    pub(crate) fn taken(&self) {
        tracing::info!(method = self.method, bytes = self.bytes, "told");
    }

    /// A request has been answered.
    pub(crate) fn answered(&self, id: Option<&Id>, response: Option<&Response>, since: Instant) {
        let (method, bytes) = (self.method, self.bytes);
        let elapsed_us = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        let answer_bytes = response.map_or(0, size);
        let failed = response.is_some_and(Response::is_error);
        if self.level < Trace::Verbose {
            tracing::info!(method, bytes, answer_bytes, elapsed_us, failed, "answered");
            return;
        }
        // An id that is a text is of the client's making.
        let id = match id {
            Some(Id::Number(number)) => *number,
            _ => -1,
        };
        let entries = response.and_then(Response::result).map_or(0, entries);
        tracing::info!(method, id, bytes, answer_bytes, entries, elapsed_us, failed, "answered");
    }
}

fn size(value: &(impl Serialize + ?Sized)) -> usize {
    serde_json::to_vec(value).map_or(0, |written| written.len())
}

/// How many things an answer lists.
fn entries(result: &Value) -> usize {
    let listed = ["items", "data", "contents"].iter().find_map(|name| result.get(name)?.as_array());
    match (result.as_array(), listed) {
        (Some(list), _) | (None, Some(list)) => list.len(),
        (None, None) => usize::from(!result.is_null()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn measures_only_for_those_who_want_to_know() {
        assert!(Arrival::of("x", Trace::Off, Some(&json!({}))).is_none());
        let arrival = Arrival::of("x", Trace::Messages, Some(&json!({"a": 1}))).unwrap();
        assert_eq!(arrival.bytes, 7);
    }

    #[test]
    fn counts_what_an_answer_lists() {
        assert_eq!(entries(&json!([1, 2])), 2);
        assert_eq!(entries(&json!({"isIncomplete": true, "items": [1]})), 1);
        assert_eq!((entries(&json!({"x": 1})), entries(&Value::Null)), (1, 0));
    }
}
