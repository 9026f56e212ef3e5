//! The JSON documents of the command line: public API, one file per document. Those
//! that the language server returns as well are its own.

pub(crate) mod encounter;
pub(crate) mod translate;
pub(crate) mod validate;

pub(crate) use medcode_lsp::json::{Named, lookup, search};
use medcode_proto::v1;

/// The severities as words.
pub(crate) fn severity(severity: v1::IssueSeverity) -> &'static str {
    match severity {
        v1::IssueSeverity::Error => "error",
        v1::IssueSeverity::Warning => "warning",
        v1::IssueSeverity::Information | v1::IssueSeverity::Unspecified => "info",
        v1::IssueSeverity::Hint => "hint",
    }
}
