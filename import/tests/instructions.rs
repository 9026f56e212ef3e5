//! How the code-first and use-additional-code notes of the official tabular list are read, by counts taken in the file.
//!
//! Needs the package of the tabular list of 2026-04-01 in the folder that `MEDCODE_TEST_WHEELS` names, and is skipped
//! without it.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]
#![expect(
    clippy::disallowed_methods,
    reason = "the test reads the official file that the runner provides"
)]

use std::{collections::BTreeMap, env, fs::File, io::Read, path::PathBuf};

use medcode_codes::tabular::{Binding, NodeId, NodeKind, TabularList};
use medcode_import::tabular_xml;

const WHEEL: &str = "simple_icd_10_cm-1.5.0-py3-none-any.whl";
const LIST: &str = "simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml";

/// The list, or `None` where the package is not there.
fn list() -> Option<TabularList> {
    let path = PathBuf::from(env::var_os("MEDCODE_TEST_WHEELS")?).join(WHEEL);
    let mut wheel = zip::ZipArchive::new(File::open(path).ok()?).unwrap();
    let mut bytes = Vec::new();
    wheel.by_name(LIST).unwrap().read_to_end(&mut bytes).unwrap();
    Some(tabular_xml::read(&bytes, LIST).unwrap().rows.to_list().unwrap())
}

/// How many complete codes stand below a node of the set, each counted once.
fn in_scope(list: &TabularList, is_in: impl Fn(NodeId) -> bool) -> usize {
    let leaves = list.ids().filter(|id| list.kind(*id) == NodeKind::Code && list.is_leaf(*id));
    let below = leaves.filter(|leaf| list.lineage(*leaf).any(&is_in));
    below.map(|leaf| list.billable_forms(leaf).len()).sum()
}

#[test]
fn notes_are_as_binding_as_they_were_counted() {
    let Some(list) = list() else { return };
    let mut nodes = BTreeMap::new();
    for id in list.ids() {
        if let Some(binding) = list.code_first(id) {
            *nodes.entry(binding).or_insert(0) += 1;
        }
    }
    let expected = [
        (Binding::WithoutReference, 75),
        (Binding::Conditional, 114),
        (Binding::Open, 94),
        (Binding::Closed, 80),
    ];
    assert_eq!(nodes, BTreeMap::from(expected));
    let scope = |binding| in_scope(&list, |id| list.code_first(id) == Some(binding));
    let scopes = expected.map(|(binding, _)| scope(binding));
    assert_eq!(scopes, [519, 2_755, 3_689, 1_477]);
}

#[test]
fn plain_notes_are_those_that_were_counted() {
    let Some(list) = list() else { return };
    let is_plain = |id| list.plain_additions(id).next().is_some();
    assert_eq!(list.ids().filter(|id| is_plain(*id)).count(), 229);
    assert_eq!(in_scope(&list, is_plain), 3_655);
}
