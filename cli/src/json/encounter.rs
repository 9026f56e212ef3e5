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
    /// Discharge date of an inpatient.
    pub(crate) discharge: Option<String>,
    /// Age in completed years.
    pub(crate) age: Option<u32>,
    /// `F` or `M`.
    pub(crate) sex: Option<String>,
    /// `inpatient`, `outpatient` or `professional`.
    pub(crate) setting: Option<String>,
    /// Id of a payer rule set.
    pub(crate) payer: Option<String>,
    /// Diagnoses, first-listed first.
    pub(crate) dx: Vec<String>,
    /// Procedures, services and supplies.
    pub(crate) px: Vec<Line>,
}

/// A service line as it is given.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Line {
    pub(crate) code: String,
    pub(crate) modifiers: Vec<String>,
    pub(crate) units: Option<f64>,
    /// Indices into `dx`, from 0.
    pub(crate) dx_pointers: Vec<u32>,
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
        let checks = report
            .checks
            .into_iter()
            .map(|check| Check { outcome: outcome(check.outcome()), rule: check.rule_id });
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
