//! How a verdict is said in the words of FHIR: severity, issue type, message id, and where.
//!
//! Message ids, codes and types are those of the HL7 tx-ecosystem tests; those in lower half are medcode's own.

use medcode_proto::v1::IssueSeverity::{self, Error, Information, Warning};

/// One kind of issue about a coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) severity: IssueSeverity,
    /// FHIR issue-type.
    pub(super) code: &'static str,
    /// FHIR tx-issue-type.
    pub(super) kind: &'static str,
    pub(super) message_id: &'static str,
    /// Path in the coding.
    pub(super) at: &'static str,
}

const fn case(
    severity: IssueSeverity,
    code: &'static str,
    kind: &'static str,
    message_id: &'static str,
    at: &'static str,
) -> Case {
    Case { severity, code, kind, message_id, at }
}

pub(super) const UNKNOWN_CODE: Case =
    case(Error, "code-invalid", "invalid-code", "Unknown_Code_in_Version", "code");
pub(super) const NOT_IN_FRAGMENT: Case =
    case(Warning, "code-invalid", "invalid-code", "UNKNOWN_CODE_IN_FRAGMENT", "code");
pub(super) const INACTIVE: Case =
    case(Warning, "business-rule", "code-comment", "INACTIVE_CONCEPT_FOUND", "code");
pub(super) const ABSTRACT: Case =
    case(Error, "business-rule", "code-rule", "ABSTRACT_CODE_NOT_ALLOWED", "code");
pub(super) const CASE_DIFFERENCE: Case =
    case(Information, "business-rule", "code-rule", "CODE_CASE_DIFFERENCE", "code");
pub(super) const WRONG_DISPLAY: Case = case(
    Warning,
    "invalid",
    "invalid-display",
    "Display_Name_for__should_be_one_of__instead_of",
    "display",
);
pub(super) const OLD_DISPLAY: Case =
    case(Warning, "invalid", "display-comment", "INACTIVE_DISPLAY_FOUND", "display");
pub(super) const UNKNOWN_SYSTEM: Case =
    case(Error, "not-found", "not-found", "UNKNOWN_CODESYSTEM", "system");
pub(super) const UNKNOWN_VERSION: Case =
    case(Error, "not-found", "not-found", "UNKNOWN_CODESYSTEM_VERSION", "system");

pub(super) const MALFORMED: Case =
    case(Error, "code-invalid", "invalid-code", "CODE_MALFORMED", "code");
pub(super) const STARTS_LATER: Case =
    case(Information, "business-rule", "code-comment", "CODE_STARTS_LATER", "code");
pub(super) const ENDS: Case =
    case(Information, "business-rule", "code-comment", "CODE_ENDS", "code");
pub(super) const FORMAT_DIFFERENCE: Case =
    case(Information, "business-rule", "code-rule", "CODE_FORMAT_DIFFERENCE", "code");
pub(super) const NOT_LOADED: Case =
    case(Error, "not-found", "not-found", "CODESYSTEM_NOT_LOADED", "system");
pub(super) const RELEASE_ENDED: Case =
    case(Warning, "business-rule", "status-check", "RELEASE_ENDED", "code");
