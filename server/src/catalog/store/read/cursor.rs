//! Joins rows that are sorted alike, without asking the database once for each row.

use rusqlite::{Row, Rows, Statement, fallible_streaming_iterator::FallibleStreamingIterator};

use crate::catalog::store::StoreError;

/// Sorted rows, taken as far as they belong to the row of another table.
pub(super) struct Cursor<'s, K> {
    rows: Rows<'s>,
    owner_of: fn(&Row<'_>) -> Result<K, StoreError>,
    /// Whom the row at hand belongs to; `None` when there is no row, and before the next one is fetched.
    owner: Option<K>,
    taken: bool,
}

impl<'s, K: PartialEq> Cursor<'s, K> {
    /// Begins with the rows that `statement` finds for the number `of`.
    pub(super) fn new(
        statement: &'s mut Statement<'_>,
        of: i64,
        owner_of: fn(&Row<'_>) -> Result<K, StoreError>,
    ) -> Result<Self, StoreError> {
        Ok(Self { rows: statement.query([of])?, owner_of, owner: None, taken: true })
    }

    /// The next row of `owner`; `None` when the row at hand belongs to another, or there is none.
    pub(super) fn next_of(&mut self, owner: &K) -> Result<Option<&Row<'s>>, StoreError> {
        self.fetch()?;
        self.taken = self.owner.as_ref() == Some(owner);
        Ok(if self.taken { self.rows.get() } else { None })
    }

    /// Makes sure that every row was taken.
    pub(super) fn end(&mut self) -> Result<(), StoreError> {
        self.fetch()?;
        match self.owner {
            None => Ok(()),
            Some(_) => Err(StoreError::damaged("a row belongs to nothing")),
        }
    }

    fn fetch(&mut self) -> Result<(), StoreError> {
        if self.taken {
            self.owner = self.rows.next()?.map(self.owner_of).transpose()?;
            self.taken = false;
        }
        Ok(())
    }
}
