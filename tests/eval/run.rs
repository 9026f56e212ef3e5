//! Asks every query and keeps the first hits.

use medcode_codes::{code::Code, system::CodeSystem};
use medcode_server::catalog::{
    search::{Means, Mode, Query as Asked},
    snapshot::Snapshot,
};

use crate::queries::Query;

/// Hits that are looked at.
pub(crate) const DEPTH: usize = 10;

/// The first codes that each query found: ICD-10-CM only, as the files are of that system. Ended codes are left out.
pub(crate) fn run(
    snapshot: &Snapshot,
    queries: &[Query],
    mode: Mode,
    means: Means,
) -> Vec<Vec<Code>> {
    let systems = [CodeSystem::Icd10Cm];
    // What is half typed means nothing yet: the service does not ask it either.
    let means = Means { meaning: means.meaning && mode == Mode::Words, ..means };
    let find = |query: &Query| {
        let asked = Asked { text: &query.text, systems: &systems, mode };
        let prepared = snapshot.search.prepare_with(asked, means);
        let hits = prepared.find(|_| true, &|| true).unwrap_or_default();
        hits.hits.iter().take(DEPTH).map(|hit| hit.code).collect()
    };
    queries.iter().map(find).collect()
}

/// A line for each query without a right code, an ancestor or a descendant of one among the first three.
pub(crate) fn misses(queries: &[Query], found: &[Vec<Code>]) -> Vec<String> {
    let missed = queries.iter().zip(found).filter(|(query, codes)| {
        let first = codes.iter().take(3).map(ToString::to_string);
        !first
            .into_iter()
            .any(|code| query.codes.iter().any(|right| code.starts_with(right.as_str())))
    });
    let line = |(query, codes): (&Query, &Vec<Code>)| {
        let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
        format!("{}\t{}\t{}", query.text, query.codes.join(","), codes.join(" "))
    };
    missed.map(line).collect()
}
