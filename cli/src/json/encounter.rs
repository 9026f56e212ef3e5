//! What `encounter` reads and prints: one document for each encounter.

use medcode_proto::v1;
use serde::{Deserialize, Serialize};

use super::severity;

/// An encounter as it is given.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Input {
    /// The caller's own key, echoed.
    pub(crate) id: Option<String>,
    /// Date of service.
    pub(crate) dos: Option<String>,
    /// Day of admission of an inpatient.
    pub(crate) admission: Option<String>,
    /// Discharge date of an inpatient.
    pub(crate) discharge: Option<String>,
    /// Age in completed years.
    pub(crate) age: Option<u32>,
    /// Age in completed days, below one year.
    pub(crate) age_days: Option<u32>,
    /// `F`, `M` or `other`.
    pub(crate) sex: Option<String>,
    /// `inpatient`, `outpatient`, `professional` or `dme`.
    pub(crate) setting: Option<String>,
    /// `new` or `established`.
    pub(crate) patient_status: Option<String>,
    /// CMS place of service, two digits.
    pub(crate) place_of_service: Option<String>,
    /// Patient discharge status, two digits.
    pub(crate) discharge_status: Option<String>,
    /// Id of a payer rule set.
    pub(crate) payer: Option<String>,
    /// Whether the codes stand on a claim.
    pub(crate) claim: bool,
    /// Names of the claim fields that are filled in.
    pub(crate) claim_fields: Option<Vec<String>>,
    /// Condition codes of the claim.
    pub(crate) condition_codes: Vec<String>,
    /// Diagnoses, first-listed first.
    pub(crate) dx: Vec<Dx>,
    /// Procedures, services and supplies.
    pub(crate) px: Vec<Line>,
}

/// A diagnosis as it is given: its code, or what more is known of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Dx {
    /// The code alone.
    Code(String),
    /// The code with its part on the claim.
    Full(FullDx),
}

/// A diagnosis with its part on the claim.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FullDx {
    pub(crate) code: String,
    /// `principal`, `secondary`, `admitting`, `reason_for_visit` or `external_cause`.
    #[serde(default)]
    pub(crate) role: Option<String>,
    /// Present on admission: `Y`, `N`, `U`, `W` or `1`.
    #[serde(default)]
    pub(crate) poa: Option<String>,
}

impl Dx {
    /// The code as given.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Code(code) | Self::Full(FullDx { code, .. }) => code,
        }
    }
}

/// A service line as it is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Line {
    pub(crate) code: String,
    pub(crate) modifiers: Vec<String>,
    pub(crate) units: Option<f64>,
    /// Documented time.
    pub(crate) minutes: Option<u32>,
    /// Day of this service, where it differs.
    pub(crate) dos: Option<String>,
    /// Place of service of the line, where it differs.
    pub(crate) place_of_service: Option<String>,
    /// Opaque key of the provider.
    pub(crate) provider: Option<String>,
    /// Indices into `dx`, from 0.
    pub(crate) dx_pointers: Vec<u32>,
    /// Pointers of the claim that point at no diagnosis.
    pub(crate) dangling_pointers: Vec<String>,
}

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    pub(crate) id: Option<String>,
    pub(crate) as_of: Option<String>,
    pub(crate) issues: Vec<Issue>,
    pub(crate) checks: Vec<Check>,
    pub(crate) releases: Vec<Release>,
}

/// The answer to a line that is no encounter.
#[derive(Debug, Serialize)]
pub(crate) struct Refused {
    pub(crate) id: Option<String>,
    /// Its number, from 1.
    pub(crate) line: usize,
    /// What is wrong with it. No part of the line.
    pub(crate) error: String,
}

/// One thing that a rule reports.
#[derive(Debug, Serialize)]
pub(crate) struct Issue {
    pub(crate) rule: String,
    pub(crate) severity: &'static str,
    pub(crate) message: String,
    pub(crate) codes: Vec<String>,
    pub(crate) dx_index: Option<usize>,
    pub(crate) px_index: Option<usize>,
    pub(crate) source: String,
}

/// One rule and its outcome.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    pub(crate) rule: String,
    pub(crate) outcome: &'static str,
    /// Why it is bypassed or could not be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    /// The dataset or fact that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) missing: Option<String>,
}

/// A release that was used.
#[derive(Debug, Serialize)]
pub(crate) struct Release {
    pub(crate) system: String,
    pub(crate) release: String,
}

impl Output {
    /// From the report; `written` gives the code at a path of the encounter.
    pub(crate) fn new(
        id: Option<String>,
        report: v1::EncounterReport,
        written: impl Fn(Place) -> String,
    ) -> Self {
        let issues = report.issues.into_iter().map(|issue| {
            let places: Vec<Place> =
                issue.expression.iter().filter_map(|path| Place::parse(path)).collect();
            let first = places.first().copied();
            Issue {
                severity: severity(issue.severity()),
                rule: if issue.rule_id.is_empty() { issue.message_id } else { issue.rule_id },
                message: issue.message,
                codes: places.iter().map(|place| written(*place)).collect(),
                dx_index: first.and_then(Place::diagnosis),
                px_index: first.and_then(Place::line),
                source: issue.source,
            }
        });
        let checks = report.checks.into_iter().map(Check::new);
        let releases = report.releases_used.into_iter();
        Self {
            id,
            as_of: crate::channel::iso(report.as_of.as_ref()),
            issues: issues.collect(),
            checks: checks.collect(),
            releases: releases
                .map(|used| Release { system: used.dataset, release: used.version })
                .collect(),
        }
    }
}

impl Check {
    fn new(check: v1::RuleCheck) -> Self {
        let missing = [check.missing_dataset.as_str(), &check.missing_fact];
        let missing = missing.into_iter().find(|name| !name.is_empty()).map(str::to_owned);
        Self {
            outcome: outcome(check.outcome()),
            reason: reason(check.reason()),
            missing,
            rule: check.rule_id,
        }
    }
}

/// A place in an encounter, as paths of the API name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `diagnoses[n]…`
    Diagnosis(usize),
    /// `lines[n]…`
    Line(usize),
}

impl Place {
    /// Reads a path such as `diagnoses[2].coding.code`.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let (list, rest) = path.split_once('[')?;
        let index = rest.split_once(']')?.0.parse().ok()?;
        match list {
            "diagnoses" => Some(Self::Diagnosis(index)),
            "lines" => Some(Self::Line(index)),
            _ => None,
        }
    }

    fn diagnosis(self) -> Option<usize> {
        match self {
            Self::Diagnosis(index) => Some(index),
            Self::Line(_) => None,
        }
    }

    fn line(self) -> Option<usize> {
        match self {
            Self::Line(index) => Some(index),
            Self::Diagnosis(_) => None,
        }
    }
}

fn outcome(outcome: v1::CheckOutcome) -> &'static str {
    match outcome {
        v1::CheckOutcome::Pass => "pass",
        v1::CheckOutcome::Fail => "fail",
        v1::CheckOutcome::Bypassed => "bypassed",
        v1::CheckOutcome::NoData | v1::CheckOutcome::Unspecified => "no_data",
    }
}

fn reason(reason: v1::CheckReason) -> Option<&'static str> {
    match reason {
        v1::CheckReason::Unspecified => None,
        v1::CheckReason::Modifier => Some("modifier"),
        v1::CheckReason::Acknowledged => Some("acknowledged"),
        v1::CheckReason::PayerException => Some("payer_exception"),
        v1::CheckReason::DatasetNotLoaded => Some("dataset_not_loaded"),
        v1::CheckReason::DateNotCovered => Some("date_not_covered"),
        v1::CheckReason::FactMissing => Some("fact_missing"),
        v1::CheckReason::CodeUnavailable => Some("code_unavailable"),
        v1::CheckReason::RuleUnknown => Some("rule_unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn reads_paths() {
        assert_eq!(Place::parse("diagnoses[2].coding.code"), Some(Place::Diagnosis(2)));
        assert_eq!(Place::parse("lines[0]"), Some(Place::Line(0)));
        assert_eq!(Place::parse("service_date"), None);
        assert_eq!(Place::parse("lines[x]"), None);
    }
}
