//! Releases → catalog file.

use std::path::Path;

use medcode_codes::system::{CodeSystem, icd10cm};

use super::{Fresh, InstallError, Phase, Progress};
use crate::catalog::{
    assemble::{self, Assembled, Disagreement},
    parts,
    releases::{ReleaseKind, ReleaseRecord},
    search::SearchIndex,
    store::{StoreError, encoding, read::CatalogReader, write::CatalogWriter},
};

/// What a new catalog is made of.
pub(super) struct Plan<'a> {
    /// All releases in the order of import, those of the old catalog among them.
    pub(super) releases: Vec<Fresh>,
    /// The digests of those that come now.
    pub(super) new: Vec<String>,
    /// The manifest of the default releases.
    pub(super) default_set: Option<&'a str>,
}

/// The releases of a catalog that `keep` chooses.
pub(super) fn carried(
    reader: &CatalogReader,
    keep: impl Fn(&ReleaseRecord) -> bool,
) -> Result<Vec<Fresh>, StoreError> {
    let mut carried = Vec::new();
    for stored in reader.releases()?.iter().filter(|stored| keep(&stored.record)) {
        let encoded = reader.encoded_rows(stored)?;
        let (rows, digest) = encoding::decode_rows(&encoded)?;
        if digest != stored.record.release.digest {
            return Err(StoreError::Damaged("the rows of a release have another digest".into()));
        }
        let loaded = assemble::Loaded { record: stored.record.clone(), rows };
        carried.push(Fresh { loaded, encoded });
    }
    Ok(carried)
}

/// Whether a release comes now and lists titles of ICD-10-CM.
fn is_new_list(record: &ReleaseRecord, new: &[String]) -> bool {
    record.kind == ReleaseKind::CodeList
        && record.systems.contains(&CodeSystem::Icd10Cm)
        && new.contains(&record.release.digest)
}

/// Writes a complete catalog to `path`, which must not exist. `judge` is told of lists that do not fit the code master,
/// and may refuse or remark on them. Returns the records as they were written.
pub(super) fn build(
    plan: Plan<'_>,
    path: &Path,
    progress: &dyn Progress,
    judge: &dyn Fn(&Disagreement, &mut ReleaseRecord) -> Result<(), InstallError>,
) -> Result<Vec<ReleaseRecord>, InstallError> {
    let count = plan.releases.len() as u64;
    progress.begin(Phase::Checking, 1);
    let (mut records, loaded, encoded) = split(plan.releases);
    let assembled = assemble::assemble(loaded)
        .map_err(|error| InstallError::Inconsistent(error.to_string()))?;
    shapes(&assembled)?;
    for disagreement in &assembled.disagreements {
        let of = |record: &&mut ReleaseRecord| record.release.digest == disagreement.digest;
        if let Some(record) = records.iter_mut().find(of) {
            judge(disagreement, record)?;
        }
    }
    for record in records.iter_mut().filter(|record| is_new_list(record, &plan.new)) {
        let others = assemble::other_titles(&assembled.terminology, &record.release);
        record.remarks.extend(others.map(|others| others.to_string()));
    }
    progress.end(Phase::Checking);

    progress.begin(Phase::Indexing, 1);
    let search = SearchIndex::build(&assembled.terminology, &assembled.abbreviations)
        .with_table(&assembled.terminology, assembled.meanings.as_deref());
    progress.end(Phase::Indexing);

    progress.begin(Phase::Writing, count);
    let mut writer = CatalogWriter::create(path)?;
    for (done, (record, rows)) in (0..).zip(records.iter().zip(&encoded)) {
        progress.step(Phase::Writing, done, &record.release.title);
        writer.release(record, rows)?;
    }
    parts::write(&mut writer, &assembled, &search)?;
    writer.finish(path, plan.default_set)?;
    progress.end(Phase::Writing);
    Ok(records)
}

fn split(releases: Vec<Fresh>) -> (Vec<ReleaseRecord>, Vec<assemble::Loaded>, Vec<Vec<u8>>) {
    let mut parts = (Vec::new(), Vec::new(), Vec::new());
    for release in releases {
        parts.0.push(release.loaded.record.clone());
        parts.1.push(release.loaded);
        parts.2.push(release.encoded);
    }
    parts
}

/// Checks that every diagnosis code has the shape that is looked for in prose, so that a new kind of category shows
/// here and is not overlooked in notes.
fn shapes(assembled: &Assembled) -> Result<(), InstallError> {
    let table = assembled.terminology.table(CodeSystem::Icd10Cm);
    let codes = table.into_iter().flat_map(|table| table.iter().map(|entry| entry.key()));
    let listed = assembled.terminology.editions().iter();
    let listed = listed.flat_map(|edition| edition.list.billable_codes());
    let mut odd: Vec<_> =
        listed.chain(codes).filter(|code| !icd10cm::has_prose_shape(&code.text())).collect();
    odd.sort_unstable();
    odd.dedup();
    let odd: Vec<_> = odd.into_iter().take(10).map(|code| code.to_string()).collect();
    if odd.is_empty() {
        return Ok(());
    }
    Err(InstallError::Inconsistent(format!(
        "ICD-10-CM has codes of an unknown shape: {}",
        odd.join(", ")
    )))
}
