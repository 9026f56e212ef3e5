//! What the command `medcode.server.children` returns: a list of these.

use medcode_proto::v1;
use serde::Serialize;

use super::short_id;

/// What lies directly below a code, or a whole code system.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Child {
    /// Short id of the system.
    pub system: String,
    /// The code, or the name of a chapter or block, as published; empty for a system.
    pub code: String,
    /// The official title, empty where the installed data has none; of a system the release in force.
    pub title: String,
    /// It may be submitted on the date.
    pub billable: bool,
    /// Number of entries directly below it; of a system it is not counted, and 1.
    pub child_count: u32,
}

impl Child {
    /// From a message.
    pub fn new(concept: v1::Concept) -> Self {
        let coding = concept.coding.unwrap_or_default();
        Self {
            system: short_id(&coding.system),
            code: coding.code,
            title: coding.display,
            billable: concept.billable,
            child_count: concept.child_count,
        }
    }
}
