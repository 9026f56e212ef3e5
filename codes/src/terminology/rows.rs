//! Something remembered of each row of a table once it has been found out.

use std::sync::OnceLock;

/// By row; made when a row is first asked for.
pub(super) struct Rows<A>(OnceLock<Box<[A]>>);

impl<A> Default for Rows<A> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<A: Default> Rows<A> {
    /// What is remembered of a row of a table of so many rows.
    pub(super) fn at(&self, (row, rows): (usize, usize)) -> Option<&A> {
        let all = self.0.get_or_init(|| std::iter::repeat_with(A::default).take(rows).collect());
        all.get(row)
    }

    /// The same, if any row was asked for before.
    pub(super) fn known(&self, row: usize) -> Option<&A> {
        self.0.get()?.get(row)
    }
}
