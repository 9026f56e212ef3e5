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

/// Texts that are ruled out together.
const AT_ONCE: usize = 32;

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
    lengths: Vec<i16>,
}

/// A query beside the vectors of texts: the beginnings of all of them are compared, the rests as they are asked for.
pub(in super::super) struct Compared<'v> {
    vectors: &'v Vectors,
    tail: [i16; TAIL],
    /// The products of the beginnings.
    of_heads: Vec<i16>,
    /// What the products are at most, by the lengths of the rests.
    most: Vec<i16>,
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
        self.tails.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.tails.is_empty()
    }

    /// Compares the beginnings with that of a query.
    pub(in super::super) fn compare(&self, query: &Vector) -> Compared<'_> {
        let (head, tail) = halves(&quantize(query));
        let (length, head) = (length(&tail), head.map(i16::from));
        let of_heads: Vec<_> = self.heads.iter().map(|other| product(&head, other)).collect();
        let rests = self.lengths.iter().map(|other| length.wrapping_mul(*other));
        let most = of_heads.iter().zip(rests).map(|(of_head, rest)| of_head.wrapping_add(rest));
        let most = most.collect();
        Compared { vectors: self, tail: tail.map(i16::from), of_heads, most }
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

impl Compared<'_> {
    /// How near the text at a place is to the query: the cosine, 1 for the same meaning, about 0 for none in common.
    pub(in super::super) fn cosine(&self, place: usize) -> Option<f32> {
        let of_head = *self.of_heads.get(place)?;
        let of_tail = product(&self.tail, self.vectors.tails.get(place)?);
        Some(to_cosine(i32::from(of_head) + i32::from(of_tail)))
    }

    /// Shows the places of the texts that are near enough to the query, in order, with their cosines. What it is shown may
    /// say how near those that follow have to be: the same, or nearer.
    pub(in super::super) fn near(
        &self,
        mut enough: f32,
        mut see: impl FnMut(usize, f32) -> Option<f32>,
    ) {
        // One less, so that rounding rules nothing out.
        let least = |enough| i16::try_from(to_product(enough) - 1).unwrap_or(i16::MAX);
        let mut wanted = least(enough);
        for (number, most) in self.most.chunks(AT_ONCE).enumerate() {
            if most.iter().fold(i16::MIN, |a, b| a.max(*b)) < wanted {
                continue;
            }
            for (place, most) in (number * AT_ONCE..).zip(most) {
                if *most >= wanted
                    && let Some(cosine) = self.cosine(place).filter(|cosine| *cosine >= enough)
                    && let Some(nearer) = see(place, cosine)
                {
                    enough = nearer;
                    wanted = least(enough);
                }
            }
        }
    }
}

fn halves(vector: &Quantized) -> ([i8; HEAD], [i8; TAIL]) {
    let number = |at: usize| vector.get(at).copied().unwrap_or_default();
    (std::array::from_fn(number), std::array::from_fn(|at| number(HEAD + at)))
}

/// The length of a part of a vector, rounded up.
fn length(part: &[i8]) -> i16 {
    let squares: u32 = part.iter().map(|number| u32::from(number.unsigned_abs()).pow(2)).sum();
    let root = squares.isqrt();
    i16::try_from(if root * root == squares { root } else { root + 1 }).unwrap_or(i16::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "128 · 127 · 128 is below 2^24")]
fn to_cosine(product: i32) -> f32 {
    product as f32 * UNIT * UNIT
}

#[expect(clippy::cast_possible_truncation, reason = "a cosine is 1 at most")]
fn to_product(cosine: f32) -> i32 {
    (cosine / (UNIT * UNIT)).floor() as i32
}

/// The sums of vectors of length one stay below 18,000, those of damaged ones wrap. In sixteen bits the compiler multiplies
/// eight numbers at once.
#[inline]
fn product<const N: usize>(asked: &[i16; N], vector: &[i8; N]) -> i16 {
    let products = asked.iter().zip(vector).map(|(a, b)| a.wrapping_mul(i16::from(*b)));
    products.fold(0, i16::wrapping_add)
}
