//! The JSON documents of the command line: public API, one file per document.

pub(crate) mod encounter;
pub(crate) mod lookup;
pub(crate) mod search;
pub(crate) mod translate;
pub(crate) mod validate;

use medcode_proto::v1;
use serde::Serialize;

/// A code and its title.
#[derive(Debug, Serialize)]
pub(crate) struct Named {
    pub(crate) code: String,
    pub(crate) display: String,
}

impl Named {
    pub(crate) fn from_coding(coding: v1::Coding) -> Self {
        Self { code: coding.code, display: coding.display }
    }
}

/// The severities as words.
pub(crate) fn severity(severity: v1::IssueSeverity) -> &'static str {
    match severity {
        v1::IssueSeverity::Error => "error",
        v1::IssueSeverity::Warning => "warning",
        v1::IssueSeverity::Information | v1::IssueSeverity::Unspecified => "info",
        v1::IssueSeverity::Hint => "hint",
    }
}
