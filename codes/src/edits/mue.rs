//! Medically unlikely edits: the most units of a service for one patient.
//!
//! Source: National Correct Coding Initiative (NCCI), MUE tables; Medicare NCCI Policy Manual, chapter I, section V.

use serde::{Deserialize, Serialize};

use crate::code::CodeKey;

/// How units are counted against the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Adjudication {
    /// 1: on each claim line.
    Line,
    /// 2: on the day, absolute: more is impossible by policy.
    DayPolicy,
    /// 3: on the day, for clinical reasons: more may be paid on appeal.
    DayClinical,
}

/// The edit of one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MueEdit {
    /// The code.
    pub code: CodeKey,
    /// The most units. Values of some drugs reach tens of thousands.
    pub units: u32,
    /// How units are counted.
    pub adjudication: Adjudication,
    /// What the value rests on, as published.
    pub rationale: String,
}
