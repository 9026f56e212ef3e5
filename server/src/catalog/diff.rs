//! What changes from one release of a code system to another.

use medcode_codes::{code::CodeKey, date::Date, flag::Flags, system::CodeSystem};

use super::{cache::Weight, snapshot::Snapshot};
use crate::error::Error;

mod compare;
mod listing;

use compare::{Titles, compare};

/// A code or header as one release lists it. Chapters and sections have no code and are not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedConcept {
    pub(crate) code: CodeKey,
    /// Whether it may be submitted on the first day of the release.
    pub(crate) billable: bool,
    /// The title. Empty where the release has none.
    pub(crate) title: String,
    /// A hash over the notes that are written at the concept itself, 0 without any. `None` where the release is a plain
    /// list of codes, which tells nothing about notes.
    pub(crate) notes: Option<u64>,
    /// The flags of the code editor on the first day of the release.
    pub(crate) flags: Flags,
}

/// What becomes of a concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DifferenceKind {
    /// Billable in the second release and not in the first; or a header that is new.
    Added,
    /// Billable in the first release and not in the second, though it may live on as a header; or a header that has
    /// gone.
    Deleted,
    /// In both, with something else changed.
    Revised,
}

/// What differs where both releases have the concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangedField {
    Display,
    Billable,
    Notes,
    EditFlags,
}

/// What becomes of one concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) code: CodeKey,
    pub(crate) kind: DifferenceKind,
    /// The concept in the first release, if it has it.
    pub(crate) before: Option<ListedConcept>,
    /// The concept in the second release, if it has it.
    pub(crate) after: Option<ListedConcept>,
    /// Empty where only one release has the concept.
    pub(crate) changed: Vec<ChangedField>,
}

/// What changes between two releases, ready to be kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Differences(pub(crate) Vec<Difference>);

impl Weight for Differences {
    fn bytes(&self) -> usize {
        let title = |side: &Option<ListedConcept>| side.as_ref().map_or(0, |it| it.title.len());
        let text: usize = self.0.iter().map(|it| title(&it.before) + title(&it.after)).sum();
        text + self.0.len() * size_of::<Difference>()
    }
}

/// What changes between two loaded releases of a dataset, in code order.
///
/// Titles are compared as they are written where both releases come from the same kind of file. Only tabular lists
/// write accents, so between a list of codes and a tabular list `Sjogren` and `Sjögren` are the same title.
///
/// # Errors
/// The dataset is no code system, or nothing of it is loaded.
pub(crate) fn snapshot_diff(
    snapshot: &Snapshot,
    dataset: &str,
    from: Date,
    to: Date,
) -> Result<Differences, Error> {
    let system = CodeSystem::ALL.into_iter().find(|system| system.id() == dataset);
    let system = system.ok_or(Error::CodeSystemUnknown { is_who_icd10: false })?;
    if from == to {
        return Ok(Differences::default());
    }
    let before = listing::listed(snapshot, system, from)?;
    let after = listing::listed(snapshot, system, to)?;
    let titles = if before.is_tabular == after.is_tabular { Titles::Exact } else { Titles::Folded };
    Ok(Differences(compare(&before.concepts, &after.concepts, titles)))
}
