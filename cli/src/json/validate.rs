//! What `validate` prints of each code.

use medcode_proto::v1;
use serde::Serialize;

use super::{Named, severity};
use crate::channel::iso;

/// The whole document.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    pub(crate) results: Vec<Validated>,
}

/// One code.
#[derive(Debug, Serialize)]
pub(crate) struct Validated {
    pub(crate) input: String,
    pub(crate) system: String,
    pub(crate) code: String,
    pub(crate) display: Option<String>,
    pub(crate) result: bool,
    pub(crate) billable_on_date: bool,
    pub(crate) status: &'static str,
    pub(crate) as_of: Option<String>,
    pub(crate) valid_from: Option<String>,
    pub(crate) valid_to: Option<String>,
    pub(crate) replaced_by: Vec<Named>,
    pub(crate) issues: Vec<Issue>,
    pub(crate) suggestions: Vec<Named>,
    pub(crate) release: Option<String>,
    /// The copyright line of the display, else null.
    pub(crate) copyright: Option<String>,
}

/// One thing to say about a code.
#[derive(Debug, Serialize)]
pub(crate) struct Issue {
    /// Id of the rule; for what no rule reports, the id of the message.
    pub(crate) rule: String,
    pub(crate) severity: &'static str,
    pub(crate) message: String,
    pub(crate) source: String,
}

impl Validated {
    pub(crate) fn new(asked: &v1::Coding, validation: v1::CodeValidation) -> Self {
        let billing = validation.billing.unwrap_or_default();
        let coding = validation.coding.unwrap_or_default();
        let normalized = Some(validation.normalized_code).filter(|code| !code.is_empty());
        let suggestions =
            validation.suggestions.into_iter().filter_map(|suggestion| suggestion.coding);
        let replaced =
            billing.replaced_by.iter().filter_map(|replacement| replacement.coding.clone());
        Self {
            input: asked.code.clone(),
            system: asked.system.clone(),
            code: normalized.unwrap_or(coding.code),
            display: (!coding.display.is_empty()).then_some(coding.display),
            result: validation.result,
            billable_on_date: billing.status() == v1::BillingStatus::Billable,
            status: status(billing.status()),
            as_of: iso(billing.as_of.as_ref()),
            valid_from: iso(billing.effective_from.as_ref()),
            valid_to: iso(billing.effective_to.as_ref()),
            replaced_by: replaced.map(Named::from_coding).collect(),
            issues: validation.issues.into_iter().map(issue).collect(),
            suggestions: suggestions.map(Named::from_coding).collect(),
            release: billing.release.map(|release| release.version),
            copyright: (!validation.copyright.is_empty()).then_some(validation.copyright),
        }
    }
}

fn issue(issue: v1::Issue) -> Issue {
    let weight = severity(issue.severity());
    let rule = if issue.rule_id.is_empty() { issue.message_id } else { issue.rule_id };
    Issue { rule, severity: weight, message: issue.message, source: issue.source }
}

fn status(status: v1::BillingStatus) -> &'static str {
    match status {
        v1::BillingStatus::Billable => "active",
        v1::BillingStatus::NotBillable => "not_billable",
        v1::BillingStatus::Expired => "expired",
        v1::BillingStatus::NotYetEffective => "not_yet_effective",
        v1::BillingStatus::UnknownCode => "unknown",
        v1::BillingStatus::MalformedCode => "malformed",
        v1::BillingStatus::NoData | v1::BillingStatus::Unspecified => "no_data",
    }
}
