//! What users do, with the real binary.

mod catalog;
mod check;
mod encounter;
mod import;
mod install;
mod linter;
mod live_update;
mod lookup;
mod notes;
mod search;
mod serve;
mod validate;
