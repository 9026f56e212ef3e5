//! The vectors of many texts, and how near a query is to each.

use super::{
    super::codec::{IndexError, Reader, Writer},
    DIMENSIONS, Table, Vector,
    table::to_eight_bits,
};

/// The unit of the numbers of a vector, which are 1 at most. A cosine is wrong by about three thousandths then.
const UNIT: f32 = 1.0 / 127.0;

/// A vector in eight bits.
pub type Quantized = [i8; DIMENSIONS];

/// A vector of length one in eight bits.
pub(super) fn quantize(vector: &Vector) -> Quantized {
    vector.map(|number| to_eight_bits(number, UNIT))
}

/// The vectors of texts, 128 bytes each.
#[derive(Debug, Default)]
pub struct Vectors(Vec<Quantized>);

impl Vectors {
    /// The vectors of texts, in their order. One of which the table says nothing has a vector that is near to none.
    pub fn build<T: AsRef<str>>(table: &Table, texts: impl IntoIterator<Item = T>) -> Self {
        let vector = |text: T| table.embed(text.as_ref()).as_ref().map(quantize);
        let none = [0; DIMENSIONS];
        Self(texts.into_iter().map(|text| vector(text).unwrap_or(none)).collect())
    }

    #[cfg(test)]
    pub(super) fn of(vectors: impl IntoIterator<Item = Quantized>) -> Self {
        Self(vectors.into_iter().collect())
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How near each text is to the query, in their order: the cosine, 1 for the same meaning, about 0 for none in common.
    pub fn cosines(&self, query: &Vector) -> impl Iterator<Item = f32> {
        let query = quantize(query).map(i16::from);
        self.0.iter().map(move |vector| product(&query, vector) * UNIT * UNIT)
    }

    pub(in super::super) fn write(&self, writer: &mut Writer) {
        writer.count(self.0.len());
        for vector in &self.0 {
            writer.raw(&vector.map(i8::cast_unsigned));
        }
    }

    pub(in super::super) fn read(reader: &mut Reader<'_>) -> Result<Self, IndexError> {
        let count = reader.number()? as usize;
        let length = count.checked_mul(DIMENSIONS);
        let bytes = reader.raw(length.ok_or(IndexError::Corrupt("a list is too long"))?)?;
        let (vectors, _) = bytes.as_chunks::<DIMENSIONS>();
        Ok(Self(vectors.iter().map(|vector| vector.map(u8::cast_signed)).collect()))
    }
}

/// Written so that the compiler makes whole vector registers of it; one side is widened once, not for each text.
#[expect(clippy::cast_precision_loss, reason = "127 · 127 · 128 is below 2^24")]
fn product(wide: &[i16; DIMENSIONS], vector: &Quantized) -> f32 {
    let pairs = wide.iter().zip(vector);
    let sum: i32 = pairs.map(|(a, b)| i32::from(*a) * i32::from(i16::from(*b))).sum();
    sum as f32
}
