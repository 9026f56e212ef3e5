//! The code sets: what is stored, what is held in memory, what is asked.

pub mod releases;
pub mod search;
pub mod snapshot;
pub mod store;
