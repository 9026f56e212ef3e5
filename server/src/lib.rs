//! The gRPC service over the code sets.
//!
//! [`catalog`] holds the codes, [`import`] reads official files into it.

pub mod catalog;
pub mod config;
mod error;
pub mod import;
pub mod install;
mod layers;
pub mod telemetry;
