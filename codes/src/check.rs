//! One rule on one encounter: what came out of it.

use std::{borrow::Cow, fmt};

use crate::{date::Date, fact::UnavailableReason, rule::Need};

/// What came out of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing to report.
    Pass,
    /// At least one issue.
    Fail,
    /// Would have failed; something on the claim, or a person, allows it.
    Bypassed,
    /// Could not be asked: never a pass.
    NoData,
}

impl Outcome {
    /// The word used in output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Bypassed => "bypassed",
            Self::NoData => "no_data",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Why a rule has no plain answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// `BYPASSED`: the request acknowledges every issue.
    Acknowledged,
    /// `BYPASSED`: a modifier on the line lifts the edit.
    Modifier,
    /// `BYPASSED`: the payer's own rules say otherwise.
    PayerException,
    /// `NO_DATA`: a table that the rule reads is not installed, or does not cover the date.
    NotLoaded(Need),
    /// `NO_DATA`: the encounter lacks a fact; holds the name of its field.
    FactMissing(&'static str),
    /// `NO_DATA`: a code could not be asked.
    CodeUnavailable(UnavailableReason),
    /// `NO_DATA`: no installed data covers the date.
    DateNotCovered,
    /// `NO_DATA`: the notes of a code are in no installed release.
    NotesMissing,
    /// `NO_DATA`: the request enables a rule that does not exist here.
    RuleUnknown,
}

/// The facts that a rule can miss: fields of an encounter, a diagnosis or a line, and what only the text holds.
const FACTS: [&str; 22] = [
    "setting",
    "service_date",
    "admission_date",
    "discharge_date",
    "age_years",
    "age_days",
    "sex",
    "patient_status",
    "place_of_service",
    "discharge_status",
    "payer",
    "claim_fields",
    "condition_codes",
    "role",
    "present_on_admission",
    "modifiers",
    "units",
    "minutes",
    "provider_key",
    "diagnosis_pointers",
    "text",
    "fact",
];

impl Reason {
    /// That a fact is missing, by its name on the wire. A name from a newer version is called `fact`.
    pub fn fact_missing(name: &str) -> Self {
        Self::FactMissing(FACTS.into_iter().find(|fact| *fact == name).unwrap_or("fact"))
    }
}

/// One rule on one encounter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCheck {
    /// Id of the rule.
    pub rule: Cow<'static, str>,
    /// What came out.
    pub outcome: Outcome,
    /// Why, where it is not a plain pass or fail.
    pub reason: Option<Reason>,
}

impl RuleCheck {
    /// A plain pass.
    pub(crate) fn passed(rule: &'static str) -> Self {
        Self { rule: Cow::Borrowed(rule), outcome: Outcome::Pass, reason: None }
    }
}

/// Every rule on one encounter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncounterReport {
    /// Everything reported, by item, then severity, then rule.
    pub issues: Vec<crate::issue::Issue>,
    /// Every rule that had something to look at.
    pub checks: Vec<RuleCheck>,
    /// What the payer's rules ask of the text, which is not known here.
    pub requirements: Vec<crate::payer::TextRequirement>,
    /// The date that was used.
    pub as_of: Date,
}
