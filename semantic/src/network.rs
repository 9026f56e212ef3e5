//! The network: six layers of attention over the pieces of a text; the mean over all pieces is the meaning of the text.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use nalgebra::{DMatrix, DVector};

/// Numbers of a vector of the network.
pub(crate) const WIDTH: usize = 384;
const HEADS: usize = 12;
const HEAD_WIDTH: usize = WIDTH / HEADS;
const EPSILON: f32 = 1e-12;

/// Pieces that go through the network at once: enough for matrices, few enough for the cache.
const BATCH: usize = 768;

/// Weight and bias.
pub(crate) struct Linear {
    pub(crate) weight: DMatrix<f32>,
    pub(crate) bias: DVector<f32>,
}

/// Scale and shift after a vector was brought to mean 0 and variance 1.
pub(crate) struct Norm {
    pub(crate) scale: DVector<f32>,
    pub(crate) shift: DVector<f32>,
}

/// A layer.
pub(crate) struct Layer {
    pub(crate) query: Linear,
    pub(crate) key: Linear,
    pub(crate) value: Linear,
    pub(crate) attended: Linear,
    pub(crate) attended_norm: Norm,
    pub(crate) up: Linear,
    pub(crate) down: Linear,
    pub(crate) norm: Norm,
}

/// The whole network. Vectors are columns.
pub(crate) struct Network {
    pub(crate) pieces: DMatrix<f32>,
    /// The vector of each place in a text, with that of the only kind of text.
    pub(crate) places: DMatrix<f32>,
    pub(crate) norm: Norm,
    pub(crate) layers: Vec<Layer>,
}

impl Linear {
    fn apply(&self, input: &DMatrix<f32>) -> DMatrix<f32> {
        let mut output = &self.weight * input;
        for mut column in output.column_iter_mut() {
            column += &self.bias;
        }
        output
    }
}

impl Norm {
    fn apply(&self, matrix: &mut DMatrix<f32>) {
        for mut column in matrix.column_iter_mut() {
            column.add_scalar_mut(-column.mean());
            let factor = 1.0 / (column.norm_squared() / as_f32(column.len()) + EPSILON).sqrt();
            column *= factor;
            column.component_mul_assign(&self.scale);
            column += &self.shift;
        }
    }
}

impl Network {
    /// The meanings of texts with the same number of pieces, as columns of length one.
    fn embed(&self, texts: &[&[usize]]) -> DMatrix<f32> {
        let length = texts.first().map_or(0, |text| text.len());
        let mut state = DMatrix::zeros(WIDTH, texts.len() * length);
        let pieces = texts.iter().flat_map(|text| text.iter().enumerate());
        for (mut column, (place, piece)) in state.column_iter_mut().zip(pieces) {
            column += self.pieces.column(*piece);
            column += self.places.column(place);
        }
        self.norm.apply(&mut state);
        for layer in &self.layers {
            state = layer.apply(state, length);
        }
        let mut meanings = DMatrix::zeros(WIDTH, texts.len());
        for (text, mut meaning) in meanings.column_iter_mut().enumerate() {
            meaning += state.columns(text * length, length).column_mean();
            meaning.normalize_mut();
        }
        meanings
    }
}

impl Layer {
    fn apply(&self, state: DMatrix<f32>, length: usize) -> DMatrix<f32> {
        let (query, key, value) =
            (self.query.apply(&state), self.key.apply(&state), self.value.apply(&state));
        let mut attended = self.attended.apply(&attend(&query, &key, &value, length));
        attended += state;
        self.attended_norm.apply(&mut attended);
        let mut inner = self.up.apply(&attended);
        inner.apply(|number| *number = gelu(*number));
        let mut state = self.down.apply(&inner);
        state += attended;
        self.norm.apply(&mut state);
        state
    }
}

/// Each head of each piece looks at the same head of all pieces of its text.
fn attend(
    query: &DMatrix<f32>,
    key: &DMatrix<f32>,
    value: &DMatrix<f32>,
    length: usize,
) -> DMatrix<f32> {
    let mut attended = DMatrix::zeros(WIDTH, query.ncols());
    let scale = 1.0 / as_f32(HEAD_WIDTH).sqrt();
    for first in (0..query.ncols()).step_by(length) {
        for head in (0..WIDTH).step_by(HEAD_WIDTH) {
            let part = |matrix: &DMatrix<f32>| {
                matrix.view((head, first), (HEAD_WIDTH, length)).into_owned()
            };
            let mut weights = part(key).tr_mul(&part(query)) * scale;
            for mut column in weights.column_iter_mut() {
                let most = column.max();
                column.apply(|number| *number = (*number - most).exp());
                column /= column.sum();
            }
            attended
                .view_mut((head, first), (HEAD_WIDTH, length))
                .copy_from(&(part(value) * weights));
        }
    }
    attended
}

/// The usual smooth step, by its usual approximation.
fn gelu(number: f32) -> f32 {
    let inner = 1.595_769 * (number + 0.044_715 * number * number * number);
    number / (1.0 + (-inner).exp())
}

#[expect(clippy::cast_precision_loss, reason = "lengths of vectors")]
fn as_f32(count: usize) -> f32 {
    count as f32
}

/// The meanings of texts as columns, on all cores. `progress` is told how many of how many
/// batches are begun.
pub(crate) fn embed_all(
    network: &Network,
    texts: &[Vec<usize>],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> DMatrix<f32> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|text| texts[*text].len());
    let same_length = order.chunk_by(|a, b| texts[*a].len() == texts[*b].len());
    let batches: Vec<&[usize]> = same_length
        .flat_map(|group| group.chunks((BATCH / texts[group[0]].len().max(1)).max(1)))
        .collect();
    let meanings = Mutex::new(DMatrix::zeros(WIDTH, texts.len()));
    let next = AtomicUsize::new(0);
    let tenth = batches.len().div_ceil(10).max(1);
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(batch) = batches.get(number) else { break };
            if number.is_multiple_of(tenth) {
                progress(number, batches.len());
            }
            let of_batch: Vec<_> = batch.iter().map(|text| texts[*text].as_slice()).collect();
            let embedded = network.embed(&of_batch);
            let mut all = meanings.lock().unwrap_or_else(PoisonError::into_inner);
            for (text, meaning) in batch.iter().zip(embedded.column_iter()) {
                all.set_column(*text, &meaning);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    meanings.into_inner().unwrap_or_else(PoisonError::into_inner)
}
