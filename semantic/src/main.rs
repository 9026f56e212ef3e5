//! Makes the table of meanings that search reads: `cargo xtask semantic` starts it.
//!
//! A network of sentence embeddings says of official descriptions what they mean. The table has a vector for each piece
//! of its vocabulary, fitted so that their sums come near to what it says: search needs no network afterwards. Nothing
//! but official texts is used, no query.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use anyhow::Context;
use clap::Parser;
use medcode_server::catalog::{
    search::semantic::{Pieces, Provenance, Table},
    snapshot::Snapshot,
    store::catalog_path,
};

mod corpus;
mod fit;
mod network;
mod package;
mod reduce;
mod tokens;
mod weights;

/// One of how many descriptions is kept from the fit, to see how near the table comes to what it was not fitted to.
const HELD_OUT: usize = 20;

#[derive(Debug, Parser)]
#[command(about = "Makes the table of meanings from a network of sentence embeddings")]
struct Arguments {
    /// The package that holds the network
    #[arg(long, value_name = "FILE")]
    package: PathBuf,
    /// The folder of the catalog whose descriptions the table is fitted to
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
    /// Where to write the table
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[expect(clippy::print_stderr, reason = "the one place that prints an error")]
fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("semantic: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a task of minutes tells how far it is")]
fn say(text: &str) {
    eprintln!("semantic: {text}");
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let begun = Instant::now();
    let package = package::read(&arguments.package)?;
    let network = weights::network(&package.weights)?;
    let snapshot = Snapshot::load(&catalog_path(&arguments.data_dir))?;
    let fitted_to = corpus::newest_edition(&snapshot)
        .context("the catalog has no tabular list of ICD-10-CM: run `medcode catalog install`")?;
    let pieces = Pieces::new(package.vocabulary.iter().map(String::as_str));
    let all = corpus::descriptions(&snapshot.terminology, &pieces);
    let chosen = corpus::choose(&all, pieces.len());
    say(&format!("{} descriptions, of which {} are embedded", all.len(), chosen.len()));

    let tokens = tokens::Tokens::new(&package.vocabulary, &pieces)?;
    let sentences: Vec<_> = chosen.iter().map(|text| tokens.of(&text.sentence)).collect();
    let meanings = network::embed_all(&network, &sentences, &|done, of| {
        say(&format!("{done} of {of} embedded, {} s", begun.elapsed().as_secs()));
    });

    let rarity = fit::rarity(&all, pieces.len());
    let is_held_out = |place: usize| place % HELD_OUT == HELD_OUT - 1;
    let part = |held_out: bool| -> Vec<usize> {
        (0..chosen.len()).filter(|place| is_held_out(*place) == held_out).collect()
    };
    let rows = |places: &[usize]| {
        fit::Rows::new(places.iter().map(|place| chosen[*place].pieces.as_slice()), &rarity)
    };
    let (fitted, held_out) = (part(false), part(true));
    let fitted_rows = rows(&fitted);
    let solution = fit::ridge(&fitted_rows, &meanings.select_columns(&fitted));
    let nearness = |places: &[usize], rows: &fit::Rows| {
        fit::mean_cosine(&rows.times(&solution), &meanings.select_columns(places))
    };
    say(&format!(
        "mean cosine to the network: {:.4} of {} descriptions of the fit, {:.4} of {} held out",
        nearness(&fitted, &fitted_rows),
        fitted.len(),
        nearness(&held_out, &rows(&held_out)),
        held_out.len()
    ));

    let vectors = reduce::to_table(&solution, &fitted_rows, &rarity);
    let provenance = Provenance { model: package::MODEL.to_owned(), fitted_to };
    let bytes = Table::new(provenance, pieces, &vectors)?.to_bytes();
    std::fs::write(&arguments.out, &bytes)
        .with_context(|| format!("write {}", arguments.out.display()))?;
    say(&format!(
        "{} bytes in {} after {} s; `medcode catalog import` takes it in",
        bytes.len(),
        arguments.out.display(),
        begun.elapsed().as_secs()
    ));
    Ok(())
}
