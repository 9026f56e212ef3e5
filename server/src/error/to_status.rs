//! From an error to what stands on the wire.

use std::collections::HashMap;

use medcode_codes::system::CodeSystem;
use medcode_proto::v1;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use super::{Error, LOADING_PAUSE, OVERLOAD_PAUSE, TokenFault, Violation};

/// The domain of every reason.
const DOMAIN: &str = "medcode";

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let mut details = ErrorDetails::new();
        let (code, reason, metadata) = describe(&error, &mut details);
        let metadata = metadata
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect::<HashMap<_, _>>();
        details.set_error_info(reason, DOMAIN, metadata);
        Self::with_error_details(code, message(&error), details)
    }
}

impl From<Error> for v1::ItemError {
    fn from(error: Error) -> Self {
        let (_, reason, _) = describe(&error, &mut ErrorDetails::new());
        let message = message(&error);
        let fields = match error {
            Error::Invalid(violations) | Error::TooManyItems { violations, .. } => violations,
            _ => Vec::new(),
        };
        let fields = fields
            .into_iter()
            .map(|found| v1::FieldViolation { field: found.field, description: found.description });
        Self { reason: reason.to_owned(), message, fields: fields.collect() }
    }
}

type Described = (Code, &'static str, Vec<(&'static str, String)>);

/// The code, the reason and its metadata; sets the other details.
fn describe(error: &Error, details: &mut ErrorDetails) -> Described {
    match error {
        Error::Invalid(violations) => {
            details.set_bad_request(fields(violations));
            (Code::InvalidArgument, "REQUEST_INVALID", Vec::new())
        }
        Error::TooManyItems { limit, found, violations } => {
            details.set_bad_request(fields(violations));
            let counts = vec![("limit", limit.to_string()), ("found", found.to_string())];
            (Code::InvalidArgument, "TOO_MANY_ITEMS", counts)
        }
        Error::PageToken(fault) => {
            let (reason, description) = match fault {
                TokenFault::Invalid => ("PAGE_TOKEN_INVALID", "is not a token of this method"),
                TokenFault::Mismatch => {
                    ("PAGE_TOKEN_MISMATCH", "belongs to a request with other fields")
                }
            };
            details.add_bad_request_violation("page_token", description);
            (Code::InvalidArgument, reason, Vec::new())
        }
        Error::PageTokenStale => (Code::Aborted, "PAGE_TOKEN_STALE", Vec::new()),
        Error::CodeSystemUnknown { is_who_icd10 } => {
            let hint = if *is_who_icd10 {
                "this is the ICD-10 of the WHO; ICD-10-CM is icd-10-cm"
            } else {
                ""
            };
            details.set_resource_info("CodeSystem", "", "", hint);
            (Code::NotFound, "CODE_SYSTEM_UNKNOWN", Vec::new())
        }
        Error::ReleaseUnknown(system) => {
            details.set_resource_info(
                "Release",
                system.id(),
                "",
                "list the code systems to see what is loaded",
            );
            (Code::NotFound, "RELEASE_UNKNOWN", vec![("system", system.id().to_owned())])
        }
        Error::ConceptUnknown(system) => {
            details.set_resource_info("Concept", system.id(), "", "");
            (Code::NotFound, "CONCEPT_UNKNOWN", vec![("system", system.id().to_owned())])
        }
        Error::RuleUnknown => {
            details.set_resource_info("Rule", "", "", "list the rules to see their ids");
            (Code::NotFound, "RULE_UNKNOWN", Vec::new())
        }
        Error::CodeSystemNotLoaded(system) => {
            let help = match system {
                CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs | CodeSystem::Hcpcs => {
                    "install the public code sets with `medcode catalog install`"
                }
                CodeSystem::Cpt => {
                    "CPT is licensed by the AMA; importing licensed files comes with a later version"
                }
            };
            details.add_help_link(help, "");
            (
                Code::FailedPrecondition,
                "CODE_SYSTEM_NOT_LOADED",
                vec![("system", system.id().to_owned())],
            )
        }
        Error::DeadlineExceeded { items_done, items } => {
            let counts = vec![("items_done", items_done.to_string()), ("items", items.to_string())];
            (Code::DeadlineExceeded, "DEADLINE_EXCEEDED", counts)
        }
        Error::StreamIdle => (Code::DeadlineExceeded, "STREAM_IDLE", Vec::new()),
        Error::Overloaded { limit } => {
            details.set_retry_info(Some(OVERLOAD_PAUSE));
            details.add_quota_failure_violation("server", "requests in flight");
            (Code::ResourceExhausted, "OVERLOADED", vec![("limit", limit.to_string())])
        }
        Error::CatalogLoading => {
            details.set_retry_info(Some(LOADING_PAUSE));
            (Code::Unavailable, "CATALOG_LOADING", Vec::new())
        }
        Error::CatalogDamaged(_) => (Code::DataLoss, "CATALOG_DAMAGED", Vec::new()),
        Error::ShuttingDown => {
            details.set_retry_info(Some(LOADING_PAUSE));
            (Code::Unavailable, "SHUTTING_DOWN", Vec::new())
        }
        Error::Internal { request_id } => {
            details.set_request_info(request_id, "");
            (Code::Internal, "INTERNAL", vec![("request_id", request_id.clone())])
        }
    }
}

/// The message of the error, and for a malformed request what is wrong with which field.
fn message(error: &Error) -> String {
    match error {
        Error::Invalid(violations) | Error::TooManyItems { violations, .. } => {
            let first =
                violations.first().map(|found| format!(": {} {}", found.field, found.description));
            format!("{error}{}", first.unwrap_or_default())
        }
        _ => error.to_string(),
    }
}

fn fields(violations: &[Violation]) -> Vec<FieldViolation> {
    violations.iter().map(|found| FieldViolation::new(&found.field, &found.description)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Violations;

    #[test]
    fn reports_up_to_twenty_violations_and_prefers_counts() {
        let mut violations = Violations::default();
        for index in 0..30 {
            violations.add(format!("codings[{index}].code"), "must not be empty");
        }
        let status = Status::from(violations.finish(()).unwrap_err());
        let details = status.get_error_details();
        assert_eq!(details.bad_request().unwrap().field_violations.len(), 20);
        assert_eq!(details.error_info().unwrap().reason, "REQUEST_INVALID");
        assert!(status.message().ends_with("codings[0].code must not be empty"));

        let mut violations = Violations::default();
        violations.add("view", "is not known");
        assert!(
            violations.check_count("codings", 1_001, 1_000)
                && !violations.check_count("codings", 1, 1)
        );
        let status = Status::from(violations.finish(()).unwrap_err());
        let info = status.get_error_details().error_info().unwrap().clone();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), ("TOO_MANY_ITEMS", "medcode"));
        assert_eq!(
            (info.metadata["limit"].as_str(), info.metadata["found"].as_str()),
            ("1000", "1001")
        );
    }

    #[test]
    fn tells_a_caller_when_to_come_back() {
        let full = Status::from(Error::Overloaded { limit: 64 });
        assert_eq!(full.code(), Code::ResourceExhausted);
        let details = full.get_error_details();
        assert_eq!(details.retry_info().unwrap().retry_delay, Some(OVERLOAD_PAUSE));
        let loading = Status::from(Error::CatalogLoading);
        assert_eq!(loading.code(), Code::Unavailable);
        assert!(loading.get_error_details().retry_info().is_some());
    }
}
