//! The table: a vector for each piece of the vocabulary, already weighted by how rare the piece is.

use medcode_codes::date::{Date, day};
use thiserror::Error;

use super::{
    super::codec::{IndexError, Reader, Writer},
    DIMENSIONS, Vector,
    pieces::Pieces,
};
use crate::catalog::store::encoding::checksum;

/// Begins the file.
const MAGIC: &[u8; 8] = b"MEDMEAN\0";

/// Rises when the form of the file changes, or how texts are cut into pieces.
const FORMAT: u32 = 1;

/// Why bytes are no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// The bytes begin with something else.
    #[error("not a table of meanings")]
    NotATable,
    /// Written for another version of medcode.
    #[error(
        "a table of meanings of format {found}, this version reads {FORMAT}; make it anew with `cargo xtask semantic`"
    )]
    Format {
        /// The format of the bytes.
        found: u32,
    },
    /// The bytes were changed, or cut off.
    #[error("the table of meanings is damaged: {0}")]
    Damaged(&'static str),
}

impl From<IndexError> for TableError {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Corrupt(what) => Self::Damaged(what),
            IndexError::NotAnIndex | IndexError::Format { .. } => Self::NotATable,
        }
    }
}

/// Where a table comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The network whose vectors it comes near to, with the package that it was taken from.
    pub model: String,
    /// The first day of the newest edition of ICD-10-CM whose descriptions it was fitted to.
    pub fitted_to: Date,
}

/// A vector for each piece of a vocabulary.
#[derive(Debug)]
pub struct Table {
    provenance: Provenance,
    pieces: Pieces,
    /// What the eight-bit numbers of each piece are multiplied with; 0 for a piece without a vector.
    scales: Vec<f32>,
    values: Vec<[i8; DIMENSIONS]>,
}

impl Table {
    /// Makes a table of the vectors of all pieces, in the order of their numbers. What they lose by being stored in
    /// eight bits is less than search can tell.
    ///
    /// # Errors
    /// There are not as many vectors as pieces, or a number is not finite.
    pub fn new(
        provenance: Provenance,
        pieces: Pieces,
        vectors: &[Vector],
    ) -> Result<Self, TableError> {
        let (mut scales, mut values) = (Vec::new(), Vec::new());
        for vector in vectors {
            let largest = vector.iter().fold(0.0_f32, |most, number| most.max(number.abs()));
            let scale = largest / f32::from(i8::MAX);
            scales.push(scale);
            values.push(vector.map(|number| to_eight_bits(number, scale)));
        }
        Self { provenance, pieces, scales, values }.checked()
    }

    fn checked(self) -> Result<Self, TableError> {
        if self.values.len() != self.pieces.len() || self.scales.len() != self.pieces.len() {
            return Err(TableError::Damaged("a piece has no vector"));
        }
        if self.scales.iter().any(|scale| !(0.0..1e6).contains(scale)) {
            return Err(TableError::Damaged("a vector is not finite"));
        }
        Ok(self)
    }

    /// Whether bytes claim to be a table.
    pub fn recognises(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// The form that is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.raw(MAGIC);
        writer.number(FORMAT);
        writer.text(&self.provenance.model);
        writer.number(day::number(self.provenance.fitted_to));
        self.pieces.write(&mut writer);
        for scale in &self.scales {
            writer.raw(&scale.to_le_bytes());
        }
        for vector in &self.values {
            writer.raw(&vector.map(i8::cast_unsigned));
        }
        let mut bytes = writer.finish();
        let checksum = checksum(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// The bytes are no table, one of another format, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TableError> {
        if !Self::recognises(bytes) {
            return Err(TableError::NotATable);
        }
        let mut reader = Reader::new(bytes);
        reader.raw(MAGIC.len())?;
        let found = reader.number()?;
        if found != FORMAT {
            return Err(TableError::Format { found });
        }
        let (body, sum) =
            bytes.split_last_chunk::<4>().ok_or(TableError::Damaged("it ends too early"))?;
        if checksum(body) != u32::from_le_bytes(*sum) {
            return Err(TableError::Damaged("its checksum is another one"));
        }
        let model = reader.text()?.to_owned();
        let fitted_to = day::from_number(reader.number()?);
        let fitted_to = fitted_to.ok_or(TableError::Damaged("a day is out of range"))?;
        let pieces = Pieces::read(&mut reader)?;
        let (scales, _) = take(&mut reader, pieces.len(), 4)?.as_chunks::<4>();
        let scales = scales.iter().map(|scale| f32::from_le_bytes(*scale)).collect();
        let (values, _) = take(&mut reader, pieces.len(), DIMENSIONS)?.as_chunks::<DIMENSIONS>();
        let values = values.iter().map(|vector| vector.map(u8::cast_signed)).collect();
        reader.raw(sum.len())?;
        reader.end()?;
        Self { provenance: Provenance { model, fitted_to }, pieces, scales, values }.checked()
    }

    /// Where the table comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The pieces that have a vector.
    pub fn pieces(&self) -> &Pieces {
        &self.pieces
    }

    /// The vector of a text. `None` where no piece of it has one.
    pub fn embed(&self, text: &str) -> Option<Vector> {
        self.sum(self.pieces.of_text(text))
    }

    /// The vector of folded words. `None` where no piece of them has one.
    pub fn embed_words<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Option<Vector> {
        self.sum(words.into_iter().flat_map(|word| self.pieces.of_word(word)))
    }

    fn sum(&self, pieces: impl IntoIterator<Item = usize>) -> Option<Vector> {
        let mut sum = [0.0_f32; DIMENSIONS];
        for piece in pieces {
            let (Some(scale), Some(values)) = (self.scales.get(piece), self.values.get(piece))
            else {
                continue;
            };
            for (sum, value) in sum.iter_mut().zip(values) {
                *sum += scale * f32::from(*value);
            }
        }
        let length = sum.iter().map(|number| number * number).sum::<f32>().sqrt();
        (length > f32::EPSILON && length.is_finite()).then(|| sum.map(|number| number / length))
    }
}

/// The bytes of `count` things of the same size.
fn take<'b>(reader: &mut Reader<'b>, count: usize, size: usize) -> Result<&'b [u8], TableError> {
    let length = count.checked_mul(size).ok_or(TableError::Damaged("a list is too long"))?;
    Ok(reader.raw(length)?)
}

/// A number as a multiple of `unit`.
#[expect(clippy::cast_possible_truncation, reason = "clamped to what fits")]
pub(super) fn to_eight_bits(number: f32, unit: f32) -> i8 {
    let most = f32::from(i8::MAX);
    (number / unit).round().clamp(-most, most) as i8
}
