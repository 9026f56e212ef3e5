//! The gRPC service over the code sets.
//!
//! [`catalog`] holds the codes, [`archive`] opens what a user brings, `medcode_import` reads official files, [`app`] puts the
//! service together. Requests come in through `layers`, are read by `from_proto`, answered by one file each in `rpc`, and
//! written by `to_proto`.

pub mod app;
pub mod archive;
pub mod catalog;
pub mod config;
mod error;
mod from_proto;
pub mod install;
mod layers;
pub mod payers;
mod rpc;
mod service;
pub mod telemetry;
mod to_proto;
