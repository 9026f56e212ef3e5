//! Checks a catalog file against itself: its pages, the rows of every release, and that what answers questions is what
//! the releases give.

use std::{collections::BTreeMap, path::Path};

use super::{
    assemble::{self, Loaded},
    parts,
    releases::{ReleaseRecord, billable_count},
    search::SearchIndex,
    store::{StoreError, digest::of_releases, read::CatalogReader},
};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// The digest that the catalog bears. Empty where it has none.
    pub digest: String,
    /// Releases that were checked.
    pub releases: usize,
    /// Their rows.
    pub rows: u64,
    /// Parts that were checked.
    pub parts: usize,
    /// What is wrong, a sentence each. Empty when everything is in order.
    pub problems: Vec<String>,
}

/// Checks the catalog at `path`. Takes as long as an import, because everything is put together again.
///
/// # Errors
/// There is no catalog, or it is not one of this format. A damaged one is not an error but has problems.
pub fn verify(path: &Path) -> Result<Verified, StoreError> {
    let mut found = Verified::default();
    match CatalogReader::open(path) {
        Ok(reader) => check(&reader, &mut found),
        Err(StoreError::Damaged(what)) => {
            found.problems.push(format!("the file is damaged: {what}"));
        }
        Err(error) => return Err(error),
    }
    Ok(found)
}

fn check(reader: &CatalogReader, found: &mut Verified) {
    if let Err(error) = reader.check_pages() {
        found.wrong("the pages of the file", &error);
    }
    let loaded = releases(reader, found);
    let stored = stored_parts(reader, found);
    let Some(loaded) = loaded else {
        found.problems.push(
            "the parts were not compared with the releases, because releases are damaged".into(),
        );
        return;
    };
    match again(loaded) {
        Ok(parts) => compare(&stored, &parts, found),
        Err(problem) => found.problems.push(format!("the releases do not fit together: {problem}")),
    }
}

/// Reads every release and checks what is told of it. `None` where one cannot be used.
fn releases(reader: &CatalogReader, found: &mut Verified) -> Option<Vec<Loaded>> {
    let stored = match reader.releases() {
        Ok(stored) => stored,
        Err(error) => {
            found.wrong("the list of releases", &error);
            return None;
        }
    };
    let records: Vec<ReleaseRecord> = stored.iter().map(|stored| stored.record.clone()).collect();
    match reader.digest() {
        Ok(digest) => {
            let expected = of_releases(&records);
            if digest != expected {
                found.problems.push(format!(
                    "the digest of the catalog is {digest}, its releases give {expected}"
                ));
            }
            found.digest = digest;
        }
        Err(error) => found.wrong("the digest of the catalog", &error),
    }
    let mut loaded = Vec::with_capacity(stored.len());
    for release in &stored {
        found.releases += 1;
        match reader.rows(release) {
            Ok(rows) => {
                let billable = billable_count(&rows, release.record.release.version);
                found.counts(&release.record, rows.count(), billable);
                loaded.push(Loaded { record: release.record.clone(), rows });
            }
            Err(error) => found.wrong(&name(&release.record), &error),
        }
    }
    (loaded.len() == stored.len()).then_some(loaded)
}

/// The parts as they are stored, those whose checksum is right.
fn stored_parts(reader: &CatalogReader, found: &mut Verified) -> BTreeMap<String, Vec<u8>> {
    let names = match reader.parts() {
        Ok(names) => names,
        Err(error) => {
            found.wrong("the list of parts", &error);
            return BTreeMap::new();
        }
    };
    let mut parts = BTreeMap::new();
    for name in names {
        found.parts += 1;
        let mut bytes = Vec::new();
        match reader.part(&name, &mut bytes) {
            Ok(()) => {
                parts.insert(name, bytes);
            }
            Err(error) => found.wrong(&format!("the part {name}"), &error),
        }
    }
    parts
}

/// Puts the releases together again.
fn again(loaded: Vec<Loaded>) -> Result<Vec<(String, Vec<u8>)>, String> {
    let assembled = assemble::assemble(loaded).map_err(|error| error.to_string())?;
    let search = SearchIndex::build(&assembled.terminology, &assembled.abbreviations)
        .with_table(&assembled.terminology, assembled.meanings.as_deref());
    parts::encode(&assembled, &search).map_err(|error| error.to_string())
}

fn compare(stored: &BTreeMap<String, Vec<u8>>, parts: &[(String, Vec<u8>)], found: &mut Verified) {
    for (name, bytes) in parts {
        match stored.get(name) {
            Some(stored) if stored == bytes => {}
            Some(_) => found
                .problems
                .push(format!("the part {name} is not what the releases give with this medcode")),
            None => found.problems.push(format!("the part {name} is missing or damaged")),
        }
    }
    let is_expected = |name: &&String| parts.iter().any(|(expected, _)| expected == *name);
    for name in stored.keys().filter(|name| !is_expected(name)) {
        found.problems.push(format!("the part {name} does not come from the releases"));
    }
}

/// A release, for people.
fn name(record: &ReleaseRecord) -> String {
    let release = &record.release;
    format!("{} {} ({})", release.dataset, release.version, record.kind.id())
}

impl Verified {
    /// Whether everything is in order.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    fn wrong(&mut self, what: &str, error: &StoreError) {
        let problem = match error {
            StoreError::Damaged(problem) => problem.clone(),
            other => other.to_string(),
        };
        // SQLite tells of damaged pages in several lines.
        let problem: Vec<_> = problem.split_whitespace().collect();
        self.problems.push(format!("{what}: {}", problem.join(" ")));
    }

    /// Compares the counts that a release bears with those of its rows.
    fn counts(&mut self, record: &ReleaseRecord, rows: usize, billable: Option<usize>) {
        self.rows += rows as u64;
        if record.row_count as usize != rows {
            self.problems.push(format!(
                "{}: says that it has {} rows and has {rows}",
                name(record),
                record.row_count
            ));
        }
        let said = record.billable_count.map(|count| count as usize);
        if let (Some(said), Some(billable)) = (said, billable)
            && said != billable
        {
            self.problems.push(format!(
                "{}: says that it has {said} billable codes and has {billable}",
                name(record)
            ));
        }
    }
}
