//! How an installation tells what it is doing. The caller shows it: as bars, as lines, in an editor, or not at all.

/// A part of the work, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Another installation into the same folder is running; this one waits for it.
    Waiting,
    /// Package files are obtained; steps are bytes.
    Obtaining,
    /// Package files are read; steps are files.
    Reading,
    /// The sources are compared with each other; steps are comparisons.
    Checking,
    /// Rows are written; steps are releases.
    Writing,
    /// The texts are indexed for searching; one step.
    Indexing,
}

impl Phase {
    /// What is being done, for people: "obtaining packages".
    pub fn title(self) -> &'static str {
        match self {
            Self::Waiting => "waiting for another installation",
            Self::Obtaining => "obtaining packages",
            Self::Reading => "reading code sets",
            Self::Checking => "comparing sources",
            Self::Writing => "writing the catalog",
            Self::Indexing => "indexing texts",
        }
    }

    /// Whether the steps of the phase are bytes.
    pub fn counts_bytes(self) -> bool {
        self == Self::Obtaining
    }
}

/// Listens to an installation. Called from one thread.
pub trait Progress: Sync {
    /// A phase begins. `steps` is how many it has; 0 when that is not known.
    fn begin(&self, phase: Phase, steps: u64);

    /// `done` steps of the phase are behind, and `what` is being worked on: a package or a release.
    fn step(&self, phase: Phase, done: u64, what: &str);

    /// The phase is complete.
    fn end(&self, phase: Phase);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Phase, _: u64) {}
    fn step(&self, _: Phase, _: u64, _: &str) {}
    fn end(&self, _: Phase) {}
}
