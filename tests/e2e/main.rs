//! End-to-end tests. One binary, so that it links once; few tests, because each starts real programs.

mod conformance;
mod journeys;
mod lsp;
