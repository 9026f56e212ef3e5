//! Reads the codes of a system with everything that is kept beside them.

use medcode_codes::{
    code::CodeKey,
    code_table::{CodeTable, CodeTableBuilder, Lifetime},
    date::Period,
    flag::{Flag, Flags},
    system::CodeSystem,
};

use rusqlite::Row;

use super::{CatalogReader, StoredRelease, StoredTable, cursor::Cursor, key, optional_day, text};
use crate::catalog::store::StoreError;

impl CatalogReader {
    /// The code tables.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn code_tables(&self) -> Result<Vec<StoredTable>, StoreError> {
        let mut statement =
            self.connection.prepare("SELECT id, system, release FROM code_table")?;
        let mut rows = statement.query([])?;
        let mut tables = Vec::new();
        while let Some(row) = rows.next()? {
            let system = CodeSystem::from_identifier(text(row, 1)?).map_err(StoreError::damaged)?;
            tables.push(StoredTable { id: row.get(0)?, release: row.get(2)?, system });
        }
        Ok(tables)
    }

    /// The codes of a table with their dates, flags, titles and conversions. `releases` are those of the catalog.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn code_table(
        &self,
        table: StoredTable,
        releases: &[StoredRelease],
    ) -> Result<CodeTable, StoreError> {
        let dated_by = releases.iter().find(|release| release.id == table.release);
        let dated_by = &dated_by.ok_or_else(|| StoreError::damaged("a release is missing"))?.record;
        let mut builder =
            CodeTableBuilder::new(table.system, dated_by.release.clone(), dated_by.horizon);
        let mut numbers = Vec::new();
        for release in releases {
            let number = builder.title_release(release.record.release.clone());
            numbers.push((release.id, number.map_err(StoreError::damaged)?));
        }
        let flag_sets = self.flag_sets()?;
        let select = |sql: &str| self.connection.prepare(sql);
        let mut codes = select(
            "SELECT code, first_day, last_day, seen_first, seen_last FROM code WHERE code_table = ? ORDER BY code",
        )?;
        let mut flags = select(
            "SELECT code, first_day, last_day, flag_set FROM code_flag WHERE code_table = ? ORDER BY code, first_day",
        )?;
        let mut titles = select(
            "SELECT code, text, release FROM title WHERE code_table = ? AND shown = 1 ORDER BY code",
        )?;
        let mut flags = Cursor::new(&mut flags, table.id, code)?;
        let mut titles = Cursor::new(&mut titles, table.id, code)?;
        let mut codes = codes.query([table.id])?;
        let mut periods: Vec<(Period, Flags)> = Vec::new();
        while let Some(row) = codes.next()? {
            let code = code(row)?;
            let lifetime = lifetime(row)?;
            periods.clear();
            while let Some(row) = flags.next_of(&code)? {
                let wanted: i64 = row.get(3)?;
                let set = flag_sets.iter().find(|(id, _)| *id == wanted);
                let (_, set) = set.ok_or_else(|| StoreError::damaged("a flag set is missing"))?;
                let start = optional_day(row, 1)?;
                let start = start.ok_or_else(|| StoreError::damaged("a flag without a day"))?;
                periods.push((Period { start, end: optional_day(row, 2)? }, *set));
            }
            let mut title = None;
            if let Some(row) = titles.next_of(&code)? {
                let release: i64 = row.get(2)?;
                let number = numbers.iter().find(|(id, _)| *id == release);
                let (_, number) =
                    number.ok_or_else(|| StoreError::damaged("a release is missing"))?;
                title = Some((text(row, 1)?, *number));
            }
            builder.code(code, lifetime, title, &periods).map_err(StoreError::damaged)?;
        }
        flags.end()?;
        titles.end()?;
        let mut pairs = select("SELECT from_code, to_code FROM conversion WHERE code_table = ?")?;
        let mut pairs = pairs.query([table.id])?;
        while let Some(row) = pairs.next()? {
            builder.replacement(key(row, 0)?, key(row, 1)?);
        }
        builder.finish().map_err(StoreError::damaged)
    }

    fn flag_sets(&self) -> Result<Vec<(i64, Flags)>, StoreError> {
        let mut statement = self.connection.prepare("SELECT id, names FROM flag_set")?;
        let mut rows = statement.query([])?;
        let mut sets = Vec::new();
        while let Some(row) = rows.next()? {
            let mut flags = Flags::default();
            for name in text(row, 1)?.split(' ') {
                let flag = Flag::from_name(name);
                flags.insert(flag.ok_or_else(|| StoreError::damaged("an unknown flag"))?);
            }
            sets.push((row.get(0)?, flags));
        }
        Ok(sets)
    }
}

/// The code that a row belongs to.
fn code(row: &Row<'_>) -> Result<CodeKey, StoreError> {
    key(row, 0)
}

fn lifetime(row: &Row<'_>) -> Result<Lifetime, StoreError> {
    match (optional_day(row, 1)?, optional_day(row, 3)?, optional_day(row, 4)?) {
        (Some(start), _, _) => Ok(Lifetime::Dated(Period { start, end: optional_day(row, 2)? })),
        (None, Some(first), Some(last)) => Ok(Lifetime::Seen { first, last }),
        _ => Err(StoreError::damaged("a code without dates")),
    }
}
