//! What the tests of methods ask with.

use std::sync::Arc;

use medcode_codes::{
    code::Code,
    system::CodeSystem,
    testing::{TODAY, own_sample},
};
use medcode_proto::v1;

use super::Call;
use crate::{
    catalog::{Catalog, snapshot::Snapshot},
    config::{Config, Limits},
    layers::deadline::Deadline,
};

/// A request to the sample, with batches of any size.
pub(crate) fn call() -> Call {
    let limits = Limits { batch_items: usize::MAX, ..Limits::default() };
    Call {
        catalog: Arc::new(Catalog::default()),
        snapshot: Arc::new(Snapshot::new(own_sample(), Vec::new(), Vec::new())),
        config: Arc::new(Config { limits, ..Config::default() }),
        today: TODAY,
        deadline: Deadline::far(),
    }
}

/// Every code and header of the sample, some that do not exist, and none at all.
pub(crate) fn codings(call: &Call) -> Vec<v1::Coding> {
    let coding = |system: CodeSystem, code: String| v1::Coding {
        system: system.id().into(),
        code,
        ..v1::Coding::default()
    };
    let mut codings = Vec::new();
    for system in [CodeSystem::Icd10Cm, CodeSystem::Icd10Pcs, CodeSystem::Hcpcs] {
        let table = call.snapshot.terminology.table(system).unwrap();
        for code in table.iter().filter_map(|entry| Code::from_key(system, entry.key())) {
            codings.push(coding(system, code.to_string()));
            codings.push(coding(system, format!(" {}", code.to_string().to_lowercase())));
        }
    }
    let others =
        ["E11", "E11.", "chapter-09", "I10-I1A", "E11.66", "E1165", "%", "S72.001", "0DTJ"];
    codings.extend(others.map(|code| coding(CodeSystem::Icd10Cm, code.into())));
    codings.push(coding(CodeSystem::Cpt, "99213".into()));
    codings
        .push(v1::Coding { version: "1999".into(), ..coding(CodeSystem::Icd10Cm, "I10".into()) });
    codings
}
