//! What has to be in an encounter for a rule to have anything to look at, so that the engine asks no other rule.

use crate::{code_set::CodeSet, system::CodeSystem, tabular::Mark};

/// A sign that a rule has something to look at. Without any of its cues it neither passes nor fails; with one of them it
/// may still find that it has nothing to say.
///
/// A diagnosis that could not be asked, and one whose place in the tabular list is not known, are cues for every rule.
#[derive(Clone, Copy, Debug)]
pub enum Cue {
    /// A diagnosis of one of these sets.
    Codes(&'static [&'static CodeSet]),
    /// A diagnosis of one of the sets of a table.
    Rows(fn() -> Vec<&'static CodeSet>),
    /// A diagnosis that begins with one of these, written without its point.
    Begins(&'static [&'static str]),
    /// A diagnosis of which the tabular list says this.
    Marked(Mark),
    /// A code of one of these systems, wherever it stands.
    Systems(&'static [CodeSystem]),
    /// The encounter names its payer.
    Payer,
}

impl Cue {
    /// A line of a professional claim or an outpatient department.
    pub const CLAIM_LINES: Self = Self::Systems(&[CodeSystem::Cpt, CodeSystem::Hcpcs]);
}
