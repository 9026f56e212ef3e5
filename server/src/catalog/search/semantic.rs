//! What a text means, beside the words that it has: a vector for each text, near to those of texts that mean much the
//! same.
//!
//! There is no network here. A [`Table`] has one vector for each piece of a vocabulary of 30,000 word pieces; the vector
//! of a text is the sum of those of its pieces. `cargo xtask semantic` fits the table so that the sums come near to what
//! a network of sentence embeddings says of the official descriptions. The table is a file that a user makes and
//! imports; without it everything else works as it does.

mod meanings;
mod pieces;
mod table;
mod vectors;

pub(super) use meanings::{Meanings, Near, Wanted};
pub use pieces::Pieces;
pub use table::{Provenance, Table, TableError};
pub use vectors::{Quantized, Vectors};

/// Numbers of a vector. With 128 of the 384 of the network, and eight bits for each, search loses nothing.
pub const DIMENSIONS: usize = 128;

/// A vector of length one.
pub type Vector = [f32; DIMENSIONS];

#[cfg(test)]
mod tests;
