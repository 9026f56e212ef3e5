//! Fewer dimensions: those in which descriptions differ most.

use medcode_server::catalog::search::semantic::{DIMENSIONS, Vector};
use nalgebra::{DMatrix, SymmetricEigen};

use crate::fit::Rows;

/// The vectors of the table: the fitted ones in the principal directions of the descriptions, times the rarity of the
/// piece, so that plain sums will do.
pub(crate) fn to_table(fitted: &DMatrix<f32>, rows: &Rows, rarity: &[f32]) -> Vec<Vector> {
    let mut described = rows.times(fitted);
    for mut column in described.column_iter_mut() {
        let length = column.norm().max(f32::MIN_POSITIVE);
        column /= length;
    }
    // Not centred: cosines are to stay as they are.
    let eigen = SymmetricEigen::new(&described * described.transpose());
    let mut order: Vec<usize> = (0..eigen.eigenvalues.len()).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
    order.truncate(DIMENSIONS);
    let directions = eigen.eigenvectors.select_columns(&order);
    let reduced = directions.transpose() * fitted;
    let vector = |(column, rarity): (nalgebra::DVectorView<'_, f32>, &f32)| {
        let mut vector = [0.0; DIMENSIONS];
        for (to, from) in vector.iter_mut().zip(column.iter()) {
            *to = from * rarity;
        }
        vector
    };
    reduced.column_iter().zip(rarity).map(vector).collect()
}
