//! The vectors of many texts, and how near a query is to each.

use super::{
    super::codec::{IndexError, Reader, Writer},
    DIMENSIONS, Table, Vector,
    table::to_eight_bits,
};

/// The unit of the numbers of a vector, which are 1 at most. A cosine is wrong by about three thousandths then.
const UNIT: f32 = 1.0 / 127.0;

/// Numbers of a vector that are compared first. Tables have those in front in which descriptions differ most: what they
/// say, with the lengths of the rests, rules most texts out.
const HEAD: usize = 64;
const TAIL: usize = DIMENSIONS - HEAD;

/// A vector in eight bits.
pub type Quantized = [i8; DIMENSIONS];

/// A vector of length one in eight bits.
pub(super) fn quantize(vector: &Vector) -> Quantized {
    vector.map(|number| to_eight_bits(number, UNIT))
}

/// The vectors of texts, 128 bytes each.
#[derive(Debug, Default)]
pub struct Vectors {
    heads: Vec<[i8; HEAD]>,
    tails: Vec<[i8; TAIL]>,
    /// How long each tail is at most.
    lengths: Vec<u16>,
}

/// A query as vectors are compared with it.
pub(in super::super) struct Asked {
    head: [i16; HEAD],
    tail: [i16; TAIL],
    length: i32,
}

impl Asked {
    pub(in super::super) fn new(query: &Vector) -> Self {
        let (head, tail) = halves(&quantize(query));
        let length = i32::from(length(&tail));
        Self { head: head.map(i16::from), tail: tail.map(i16::from), length }
    }
}

impl Vectors {
    /// The vectors of texts, in their order. One of which the table says nothing has a vector that is near to none.
    pub fn build<T: AsRef<str>>(table: &Table, texts: impl IntoIterator<Item = T>) -> Self {
        let vector = |text: T| table.embed(text.as_ref()).as_ref().map(quantize);
        let none = [0; DIMENSIONS];
        Self::of(texts.into_iter().map(|text| vector(text).unwrap_or(none)))
    }

    pub(super) fn of(vectors: impl IntoIterator<Item = Quantized>) -> Self {
        let mut all = Self::default();
        for vector in vectors {
            let (head, tail) = halves(&vector);
            all.lengths.push(length(&tail));
            all.heads.push(head);
            all.tails.push(tail);
        }
        all
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// How near the text at a place is to the query: the cosine, 1 for the same meaning, about 0 for none in common.
    pub(in super::super) fn cosine(&self, asked: &Asked, place: usize) -> Option<f32> {
        let (head, tail) = self.heads.get(place).zip(self.tails.get(place))?;
        Some(to_cosine(product(&asked.head, head) + product(&asked.tail, tail)))
    }

    /// The places of the texts that are near enough to the query, in order, with their cosines.
    pub(in super::super) fn near(
        &self,
        asked: &Asked,
        enough: f32,
    ) -> impl Iterator<Item = (usize, f32)> {
        // One less, so that rounding rules nothing out.
        let least = to_product(enough) - 1;
        let beginnings = self.heads.iter().zip(&self.lengths).enumerate();
        let possible = beginnings.filter(move |(_, (head, length))| {
            product(&asked.head, head) + asked.length * i32::from(**length) >= least
        });
        let near = possible.filter_map(|(place, _)| Some((place, self.cosine(asked, place)?)));
        near.filter(move |(_, cosine)| *cosine >= enough)
    }

    pub(in super::super) fn write(&self, writer: &mut Writer) {
        writer.count(self.len());
        for (head, tail) in self.heads.iter().zip(&self.tails) {
            writer.raw(&head.map(i8::cast_unsigned));
            writer.raw(&tail.map(i8::cast_unsigned));
        }
    }

    pub(in super::super) fn read(reader: &mut Reader<'_>) -> Result<Self, IndexError> {
        let count = reader.number()? as usize;
        let length = count.checked_mul(DIMENSIONS);
        let bytes = reader.raw(length.ok_or(IndexError::Corrupt("a list is too long"))?)?;
        let (vectors, _) = bytes.as_chunks::<DIMENSIONS>();
        Ok(Self::of(vectors.iter().map(|vector| vector.map(u8::cast_signed))))
    }
}

fn halves(vector: &Quantized) -> ([i8; HEAD], [i8; TAIL]) {
    let number = |at: usize| vector.get(at).copied().unwrap_or_default();
    (std::array::from_fn(number), std::array::from_fn(|at| number(HEAD + at)))
}

/// The length of a part of a vector, rounded up.
fn length(part: &[i8]) -> u16 {
    let squares: u32 = part.iter().map(|number| u32::from(number.unsigned_abs()).pow(2)).sum();
    let root = squares.isqrt();
    u16::try_from(if root * root == squares { root } else { root + 1 }).unwrap_or(u16::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "128 · 127 · 128 is below 2^24")]
fn to_cosine(product: i32) -> f32 {
    product as f32 * UNIT * UNIT
}

#[expect(clippy::cast_possible_truncation, reason = "a cosine is 1 at most")]
fn to_product(cosine: f32) -> i32 {
    (cosine / (UNIT * UNIT)).floor() as i32
}

/// Numbers that are multiplied at once: so many the compiler turns into whole vector registers without exception.
const BLOCK: usize = 32;

/// One side is widened once, not for each text.
#[inline]
fn product<const N: usize>(wide: &[i16; N], vector: &[i8; N]) -> i32 {
    const { assert!(N.is_multiple_of(BLOCK), "no number is left over") };
    let blocks = wide.as_chunks::<BLOCK>().0.iter().zip(vector.as_chunks::<BLOCK>().0);
    blocks.map(|(wide, vector)| block(wide, vector)).sum()
}

#[inline]
fn block(wide: &[i16; BLOCK], vector: &[i8; BLOCK]) -> i32 {
    wide.iter().zip(vector).map(|(a, b)| i32::from(*a) * i32::from(i16::from(*b))).sum()
}
