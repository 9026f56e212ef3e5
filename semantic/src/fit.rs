//! Fits vectors of pieces so that their sums come near to the meanings of descriptions: ridge regression by conjugate
//! gradients.

use nalgebra::{DMatrix, DVector};

use crate::{corpus::Description, network::WIDTH};

/// How much is held against long vectors: it decides what pieces say that stand in few descriptions.
const RIDGE: f32 = 0.01;

/// Steps towards the solution. Afterwards nothing moves that eight bits would show.
const STEPS: usize = 60;

/// How rare each piece is among the descriptions: ln((n + 1) / (count + 1)) + 1.
#[expect(clippy::cast_precision_loss, reason = "counts of descriptions")]
pub(crate) fn rarity(all: &[Description], pieces: usize) -> Vec<f32> {
    let mut counts = vec![0_u32; pieces];
    for description in all {
        let mut distinct = description.pieces.clone();
        distinct.sort_unstable();
        distinct.dedup();
        for piece in distinct {
            counts[piece] += 1;
        }
    }
    let n = all.len() as f32;
    counts.into_iter().map(|count| ((n + 1.0) / (count as f32 + 1.0)).ln() + 1.0).collect()
}

/// The pieces of descriptions, weighted by their rarity; the weights of a description sum to one.
pub(crate) struct Rows {
    rows: Vec<Vec<(usize, f32)>>,
    pieces: usize,
}

impl Rows {
    pub(crate) fn new<'d>(
        descriptions: impl IntoIterator<Item = &'d [usize]>,
        rarity: &[f32],
    ) -> Self {
        let row = |pieces: &[usize]| {
            let sum: f32 = pieces.iter().map(|piece| rarity[*piece]).sum();
            pieces.iter().map(|piece| (*piece, rarity[*piece] / sum)).collect()
        };
        Self { rows: descriptions.into_iter().map(row).collect(), pieces: rarity.len() }
    }

    /// The vectors of the descriptions, as columns, by those of the pieces.
    pub(crate) fn times(&self, vectors: &DMatrix<f32>) -> DMatrix<f32> {
        let mut sums = DMatrix::zeros(vectors.nrows(), self.rows.len());
        for (row, mut sum) in self.rows.iter().zip(sums.column_iter_mut()) {
            for (piece, weight) in row {
                sum.axpy(*weight, &vectors.column(*piece), 1.0);
            }
        }
        sums
    }

    /// What the vectors of the descriptions add to each piece.
    fn transposed_times(&self, vectors: &DMatrix<f32>) -> DMatrix<f32> {
        let mut sums = DMatrix::zeros(vectors.nrows(), self.pieces);
        for (row, vector) in self.rows.iter().zip(vectors.column_iter()) {
            for (piece, weight) in row {
                sums.column_mut(*piece).axpy(*weight, &vector, 1.0);
            }
        }
        sums
    }
}

/// The vectors of pieces, as columns, whose sums come nearest to `meanings`.
///
/// Every dimension of the vectors is a problem of its own; all are solved side by side.
pub(crate) fn ridge(rows: &Rows, meanings: &DMatrix<f32>) -> DMatrix<f32> {
    let mut rest = rows.transposed_times(meanings);
    let mut solution = DMatrix::zeros(WIDTH, rows.pieces);
    let mut direction = rest.clone();
    let mut length = dots(&rest, &rest);
    for _ in 0..STEPS {
        let mut image = rows.transposed_times(&rows.times(&direction));
        image += &direction * RIDGE;
        let step = ratios(&length, &dots(&direction, &image));
        add_scaled(&mut solution, &step, &direction);
        add_scaled(&mut rest, &-step, &image);
        let next = dots(&rest, &rest);
        let turn = ratios(&next, &length);
        for mut column in direction.column_iter_mut() {
            column.component_mul_assign(&turn);
        }
        direction += &rest;
        length = next;
    }
    solution
}

/// The product of each dimension of one with the same of the other.
fn dots(a: &DMatrix<f32>, b: &DMatrix<f32>) -> DVector<f32> {
    let mut sums = DVector::zeros(a.nrows());
    for (a, b) in a.column_iter().zip(b.column_iter()) {
        sums += a.component_mul(&b);
    }
    sums
}

/// 0 where there is nothing left to divide by.
fn ratios(a: &DVector<f32>, b: &DVector<f32>) -> DVector<f32> {
    a.zip_map(b, |a, b| if b > f32::MIN_POSITIVE { a / b } else { 0.0 })
}

fn add_scaled(sum: &mut DMatrix<f32>, factors: &DVector<f32>, matrix: &DMatrix<f32>) {
    for (mut sum, column) in sum.column_iter_mut().zip(matrix.column_iter()) {
        sum += column.component_mul(factors);
    }
}

/// How near the columns of one are to those of the other, on average.
pub(crate) fn mean_cosine(a: &DMatrix<f32>, b: &DMatrix<f32>) -> f32 {
    let cosine = |(a, b): (nalgebra::DVectorView<'_, f32>, nalgebra::DVectorView<'_, f32>)| {
        a.dot(&b) / (a.norm() * b.norm()).max(f32::MIN_POSITIVE)
    };
    let cosines: Vec<_> = a.column_iter().zip(b.column_iter()).map(cosine).collect();
    DVector::from_vec(cosines).mean()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_vectors_that_the_sums_were_made_of() {
        let mut state = 7_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from(u16::try_from(state >> 16).unwrap()) / 32_768.0 - 1.0
        };
        let truth = DMatrix::from_fn(WIDTH, 20, |_, _| random());
        let descriptions: Vec<Vec<usize>> =
            (0..400_usize).map(|row| vec![row % 20, row * 7 % 19, row * 11 % 17]).collect();
        let rarity: Vec<f32> = (0..20_u8).map(|piece| 1.0 + f32::from(piece) / 10.0).collect();
        let rows = Rows::new(descriptions.iter().map(Vec::as_slice), &rarity);
        let found = ridge(&rows, &rows.times(&truth));
        assert!(mean_cosine(&found, &truth) > 0.99, "{}", mean_cosine(&found, &truth));
    }
}
