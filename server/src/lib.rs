//! gRPC service.

pub mod catalog;
pub mod import;
pub mod install;
