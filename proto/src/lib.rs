//! The public gRPC API of medcode: messages, clients and servers of the package `medcode.v1`.
//!
//! Everything here is generated from `medcode/v1/*.proto`; the comments there are the documentation of the
//! API. Nothing is written by hand, and nothing here knows what a code means: the domain lives in
//! `medcode-codes`, the conversions in the crates that talk over the wire.

#[expect(
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    reason = "the generators decide how this code is written"
)]
#[expect(unreachable_pub, reason = "the generated tree is public; it is offered as `v1`")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/medcode_proto.rs"));
}

/// The package `medcode.v1`.
pub mod v1 {
    pub use crate::generated::medcode::v1::*;
}

/// The API as an encoded `google.protobuf.FileDescriptorSet`, comments included, for server reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] =
    include_bytes!(concat!(env!("OUT_DIR"), "/medcode_descriptor_set.bin"));
