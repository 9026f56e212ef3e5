//! Every method through a real channel, over a pipe in memory: what it answers, what it refuses, and what is an
//! answer although it is not good news.

#![expect(clippy::unwrap_used, reason = "clippy does not take the helpers of tests for tests")]

mod app;
mod check_document;
mod diff_releases;
mod expand_concept;
mod harness;
mod health;
mod limits;
mod list_code_systems;
mod list_concepts;
mod list_releases;
mod list_rules;
mod lookup_codes;
mod properties;
mod reflection;
mod search_concepts;
mod subsumes;
mod translate_codes;
mod validate_codes;
mod validate_encounter;
mod validate_encounters;
mod versions;
mod watch_catalog;
