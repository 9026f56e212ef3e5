//! What users do, with the real binary.

mod catalog;
mod check;
mod encounter;
mod install;
mod lookup;
mod notes;
mod search;
mod serve;
mod validate;
