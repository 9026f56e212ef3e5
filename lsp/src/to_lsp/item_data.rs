//! What an item or hint carries along until the client wants more of it.

use medcode_codes::{
    date::{Date, parse_iso},
    edits::modifier_choice::words_of,
    system::CodeSystem,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A code as it was asked about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ItemData {
    system: String,
    /// The code or modifier.
    pub(crate) code: String,
    date: String,
}

impl ItemData {
    /// A code of a system, asked about as of a date.
    pub(super) fn new(system: CodeSystem, code: &str, date: Date) -> Self {
        let system = system.id().to_owned();
        Self { system, code: code.to_owned(), date: date.to_string() }
    }

    /// The data as it goes to the client.
    pub(super) fn write(self) -> Option<Value> {
        serde_json::to_value(self).ok()
    }

    /// The data that came back. `None` for what is not ours.
    pub(crate) fn read(data: Option<&Value>) -> Option<Self> {
        Self::deserialize(data?).ok()
    }

    /// The system of the code.
    pub(crate) fn system(&self) -> Option<CodeSystem> {
        CodeSystem::from_identifier(&self.system).ok()
    }

    /// The modifier with what it is for, where the item is one and something is known of it.
    pub(crate) fn modifier(&self) -> Option<(&str, &'static str)> {
        Some((self.code.as_str(), words_of(&self.code)?))
    }

    /// The date that was asked about.
    pub(crate) fn date(&self) -> Option<Date> {
        parse_iso(&self.date).ok()
    }
}
