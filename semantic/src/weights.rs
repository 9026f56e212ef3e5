//! From the stored weights to the network.

use anyhow::{Context, ensure};
use nalgebra::{DMatrix, DVector};
use safetensors::{Dtype, SafeTensors};

use crate::network::{Layer, Linear, Network, Norm, WIDTH};

/// Layers of the network.
const LAYERS: usize = 6;
/// Width inside of a layer.
const INNER: usize = 4 * WIDTH;

/// Reads the network.
pub(crate) fn network(bytes: &[u8]) -> anyhow::Result<Network> {
    let weights = Weights(SafeTensors::deserialize(bytes).context("read the weights")?);
    let mut places = weights.columns("embeddings.position_embeddings.weight")?;
    let kinds = weights.columns("embeddings.token_type_embeddings.weight")?;
    for mut place in places.column_iter_mut() {
        place += kinds.column(0);
    }
    Ok(Network {
        pieces: weights.columns("embeddings.word_embeddings.weight")?,
        places,
        norm: weights.norm("embeddings")?,
        layers: (0..LAYERS).map(|layer| weights.layer(layer)).collect::<Result<_, _>>()?,
    })
}

struct Weights<'b>(SafeTensors<'b>);

impl Weights<'_> {
    fn layer(&self, number: usize) -> anyhow::Result<Layer> {
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        Ok(Layer {
            query: self.linear(&name("attention.self.query"), WIDTH, WIDTH)?,
            key: self.linear(&name("attention.self.key"), WIDTH, WIDTH)?,
            value: self.linear(&name("attention.self.value"), WIDTH, WIDTH)?,
            attended: self.linear(&name("attention.output.dense"), WIDTH, WIDTH)?,
            attended_norm: self.norm(&name("attention.output"))?,
            up: self.linear(&name("intermediate.dense"), INNER, WIDTH)?,
            down: self.linear(&name("output.dense"), WIDTH, INNER)?,
            norm: self.norm(&name("output"))?,
        })
    }

    fn linear(&self, name: &str, rows: usize, columns: usize) -> anyhow::Result<Linear> {
        let weight = self.numbers(&format!("{name}.weight"))?;
        ensure!(weight.len() == rows * columns, "{name} has another size");
        Ok(Linear {
            weight: DMatrix::from_row_slice(rows, columns, &weight),
            bias: self.vector(&format!("{name}.bias"), rows)?,
        })
    }

    fn norm(&self, name: &str) -> anyhow::Result<Norm> {
        Ok(Norm {
            scale: self.vector(&format!("{name}.LayerNorm.weight"), WIDTH)?,
            shift: self.vector(&format!("{name}.LayerNorm.bias"), WIDTH)?,
        })
    }

    fn vector(&self, name: &str, length: usize) -> anyhow::Result<DVector<f32>> {
        let numbers = self.numbers(name)?;
        ensure!(numbers.len() == length, "{name} has another size");
        Ok(DVector::from_vec(numbers))
    }

    /// A list of vectors as columns.
    fn columns(&self, name: &str) -> anyhow::Result<DMatrix<f32>> {
        let numbers = self.numbers(name)?;
        let is_whole = !numbers.is_empty() && numbers.len().is_multiple_of(WIDTH);
        ensure!(is_whole, "{name} has another size");
        Ok(DMatrix::from_vec(WIDTH, numbers.len() / WIDTH, numbers))
    }

    fn numbers(&self, name: &str) -> anyhow::Result<Vec<f32>> {
        let tensor = self.0.tensor(name).with_context(|| format!("find {name}"))?;
        ensure!(tensor.dtype() == Dtype::F32, "{name} has numbers of another kind");
        let (numbers, _) = tensor.data().as_chunks::<4>();
        Ok(numbers.iter().map(|number| f32::from_le_bytes(*number)).collect())
    }
}
