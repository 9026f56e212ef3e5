//! An answer as the bytes that go over the wire.

use std::marker::PhantomData;

use prost::{Message, bytes::Bytes};

/// Bytes that a code takes in an answer, and the releases at its end, more or less.
const CODE_BYTES: usize = 400;
const RELEASES_BYTES: usize = 400;

/// Room for an answer about so many codes.
pub(crate) fn room_for(codes: usize) -> Vec<u8> {
    Vec::with_capacity(codes.saturating_mul(CODE_BYTES).saturating_add(RELEASES_BYTES))
}

/// A message of the type `A`, encoded. A clone shares the bytes.
pub(crate) struct Encoded<A> {
    pub(crate) bytes: Bytes,
    message: PhantomData<fn() -> A>,
}

impl<A> Clone for Encoded<A> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), message: PhantomData }
    }
}

impl<A: Message + Default> Encoded<A> {
    /// Takes bytes for a message that they encode.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), message: PhantomData }
    }

    /// Encodes a message.
    pub(crate) fn of(message: &A) -> Self {
        Self::new(message.encode_to_vec())
    }

    /// The message.
    ///
    /// # Errors
    /// The bytes do not encode one, which would be a bug.
    pub(crate) fn decoded(&self) -> Result<A, prost::DecodeError> {
        A::decode(self.bytes.clone())
    }
}
