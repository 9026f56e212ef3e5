//! Files of queries: `query<TAB>codes`, the codes separated by commas, any of them right. Further columns are left alone.

use std::path::Path;

use anyhow::{Context, ensure};

/// A query with the codes that are right for it.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) text: String,
    pub(crate) codes: Vec<String>,
}

/// Reads a file. A first line `query<TAB>codes…` is its head.
///
/// # Errors
/// The file cannot be read, or a line has no code.
pub(crate) fn read(file: &Path) -> anyhow::Result<Vec<Query>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| {
        !line.trim().is_empty() && !line.starts_with('#') && !line.starts_with("query\t")
    });
    let queries = lines.map(|(place, line)| {
        let mut columns = line.split('\t');
        let text = columns.next().unwrap_or_default().to_owned();
        let codes: Vec<_> = columns
            .next()
            .unwrap_or_default()
            .split(',')
            .map(|code| code.trim().to_owned())
            .filter(|code| !code.is_empty())
            .collect();
        ensure!(!codes.is_empty(), "{}:{}: no code", file.display(), place + 1);
        Ok(Query { text, codes })
    });
    queries.collect()
}
