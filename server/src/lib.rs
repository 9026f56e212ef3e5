//! gRPC service.

pub mod catalog;
