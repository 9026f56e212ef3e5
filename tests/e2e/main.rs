//! End-to-end tests. One binary, so that it links once; few tests, because each starts real programs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod conformance;
mod journeys;
mod lsp;
mod wire;
