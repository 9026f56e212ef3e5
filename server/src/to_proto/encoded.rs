//! An answer as the bytes that go over the wire.

use std::marker::PhantomData;

use prost::Message;

/// A message of the type `A`, encoded.
pub(crate) struct Encoded<A> {
    pub(crate) bytes: Vec<u8>,
    message: PhantomData<fn() -> A>,
}

impl<A: Message + Default> Encoded<A> {
    /// Takes bytes for a message that they encode.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, message: PhantomData }
    }

    /// The message.
    ///
    /// # Errors
    /// The bytes do not encode one, which would be a bug.
    pub(crate) fn decoded(&self) -> Result<A, prost::DecodeError> {
        A::decode(self.bytes.as_slice())
    }
}
