//! The official descriptions that the table is fitted to.

use std::collections::HashSet;

use medcode_codes::{date::Date, system::CodeSystem, terminology::Terminology};
use medcode_server::catalog::{
    search::{self, semantic::Pieces},
    snapshot::Snapshot,
};

/// Descriptions that hold a piece, of those that are embedded, before a description is left out because all its pieces
/// are known well enough. The network takes longest of all: this decides how long.
const ENOUGH: u32 = 5;

/// Pieces of a description beyond which it is left out: queries are short.
const MOST_PIECES: usize = 60;

/// A description.
pub(crate) struct Description {
    /// As the network reads it.
    pub(crate) sentence: String,
    /// The numbers of its pieces, as the table sees them.
    pub(crate) pieces: Vec<usize>,
}

/// The first day of the newest edition of ICD-10-CM.
pub(crate) fn newest_edition(snapshot: &Snapshot) -> Option<Date> {
    snapshot.terminology.editions().iter().map(|edition| edition.release.version).max()
}

/// Every description of ICD-10-CM with pieces of its own.
pub(crate) fn descriptions(terminology: &Terminology, pieces: &Pieces) -> Vec<Description> {
    let mut seen = HashSet::new();
    let texts = search::descriptions(terminology, CodeSystem::Icd10Cm);
    let all =
        texts.into_iter().map(|text| Description { pieces: pieces.of_text(&text), sentence: text });
    all.filter(|description| !description.pieces.is_empty())
        .filter(|description| seen.insert(description.pieces.clone()))
        .collect()
}

/// Descriptions that together hold every piece often enough, short ones first. The same for the same descriptions.
pub(crate) fn choose(all: &[Description], pieces: usize) -> Vec<&Description> {
    let mut order: Vec<_> =
        all.iter().filter(|description| description.pieces.len() <= MOST_PIECES).collect();
    order.sort_by_key(|description| {
        (description.pieces.len() / 4, scattered(&description.sentence))
    });
    let mut held = vec![0_u32; pieces];
    order.retain(|description| {
        let mut distinct = description.pieces.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let is_needed = distinct.iter().any(|piece| held[*piece] < ENOUGH);
        if is_needed {
            for piece in &distinct {
                held[*piece] += 1;
            }
        }
        is_needed
    });
    order
}

/// A number that neighbours do not share, so that what is chosen is not the beginning of the alphabet: FNV-1a.
fn scattered(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
