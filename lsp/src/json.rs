//! The JSON documents that the command line prints and that commands of the language server return: public API, one
//! file per document.

pub mod children;
pub mod lookup;
pub mod search;

use medcode_codes::{date::parse_iso, system::CodeSystem};
use medcode_proto::v1;
use serde::Serialize;

/// A code and its title.
#[derive(Debug, Serialize)]
pub struct Named {
    /// The code as published.
    pub code: String,
    /// The official title; empty where the installed data has none.
    pub display: String,
}

impl Named {
    /// From a message.
    pub fn from_coding(coding: v1::Coding) -> Self {
        Self { code: coding.code, display: coding.display }
    }
}

/// A day from a message, in ISO form.
pub fn iso(date: Option<&v1::Date>) -> Option<String> {
    let date = date?;
    let text = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    parse_iso(&text).ok().map(|_| text)
}

/// The short id of the system that an answer names.
fn short_id(name: &str) -> String {
    CodeSystem::from_identifier(name)
        .map_or_else(|_| name.to_owned(), |system| system.id().to_owned())
}
