//! Checks of claims and of notes, on one thread, in time of the processor, each beside what nothing could be faster than.
//!
//! `cargo xtask bench` says where the catalog is. Before anything is measured, every answer is compared with that of the
//! slow way; the work and its limit take turns.

use e2e::{catalog, figures::Report};
use medcode_server::catalog::snapshot::Snapshot;
use serde_json::json;

mod encounters;
mod notes;

/// How often the work and its limit take turns.
const ROUNDS: usize = 7;

/// The day of all checks.
const TODAY: medcode_codes::date::Date = jiff::civil::date(2026, 4, 1);

fn main() {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let only = std::env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    let wanted = |name: &str| only.as_deref().is_none_or(|only| name.contains(only));
    let mut report = Report::default();
    if wanted("encounters") {
        encounters::measure(&mut report, &snapshot.terminology);
    }
    if wanted("notes") {
        notes::measure(&mut report, &snapshot.terminology);
    }
    report.print("checks", &json!({ "catalog": snapshot.digest, "rounds": ROUNDS }));
}
