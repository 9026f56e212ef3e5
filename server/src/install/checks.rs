//! Compares independent sources with each other before anything is stored.
//!
//! The code master says when a code is valid, the tabular lists and title lists what it means; they are made
//! separately and must agree on the codes of the day. A difference is a fault of the import, such as a prose exception
//! that nobody knew of, and is reported with the codes.

use medcode_codes::{code::CodeKey, system::CodeSystem, system::icd10cm};

use super::{
    InstallError, Phase, Progress,
    sources::{MasterSource, Sources},
};

/// Codes that are named in a message at most.
const NAMED: usize = 10;

/// Checks that the sources agree.
pub(super) fn check(sources: &Sources, progress: &dyn Progress) -> Result<(), InstallError> {
    let comparisons = sources.lists.len() + sources.titles.len();
    progress.begin(Phase::Checking, comparisons as u64);
    let mut done = 0;
    let mut step = |title: &str| {
        progress.step(Phase::Checking, done, title);
        done += 1;
    };
    for list in &sources.lists {
        step(list.release.title);
        let codes = list.content.list.billable_codes();
        shapes(&codes, list.release.title)?;
        agree(sources, CodeSystem::Icd10Cm, list.release, codes)?;
    }
    for titles in &sources.titles {
        step(titles.release.title);
        let codes = titles.content.titles.iter().map(|row| row.code).collect();
        agree(sources, titles.content.system, titles.release, codes)?;
    }
    if let Some(master) = master(sources, CodeSystem::Icd10Cm) {
        let codes: Vec<_> = master.master.codes.iter().map(|row| row.code).collect();
        shapes(&codes, "the code master")?;
    }
    progress.end(Phase::Checking);
    Ok(())
}

/// Checks that a source has exactly the codes that the code master calls valid on its day.
fn agree(
    sources: &Sources,
    system: CodeSystem,
    release: super::manifest::PinnedRelease,
    mut codes: Vec<CodeKey>,
) -> Result<(), InstallError> {
    let Some(master) = master(sources, system) else { return Ok(()) };
    codes.sort_unstable();
    let valid: Vec<_> = master.master.valid_on(release.version).collect();
    let absent = |codes: &[CodeKey], from: &[CodeKey]| -> Vec<CodeKey> {
        codes.iter().filter(|code| from.binary_search(code).is_err()).copied().collect()
    };
    let (extra, missing) = (absent(&codes, &valid), absent(&valid, &codes));
    if extra.is_empty() && missing.is_empty() {
        return Ok(());
    }
    Err(InstallError::Inconsistent(format!(
        "{} and the code master differ on {}: only the former has {}; only the latter has {}",
        release.title,
        release.version,
        named(&extra),
        named(&missing),
    )))
}

/// Checks that every diagnosis code has the shape that is looked for in prose, so that a new kind of category shows
/// here and is not overlooked in notes.
fn shapes(codes: &[CodeKey], title: &str) -> Result<(), InstallError> {
    let odd = codes.iter().filter(|code| !icd10cm::has_prose_shape(&code.text()));
    let odd: Vec<_> = odd.copied().collect();
    if odd.is_empty() {
        return Ok(());
    }
    Err(InstallError::Inconsistent(format!(
        "{title} has codes of an unknown shape: {}",
        named(&odd)
    )))
}

fn master(sources: &Sources, system: CodeSystem) -> Option<&MasterSource> {
    let masters = sources.masters.as_ref()?;
    masters.content.iter().find(|master| master.system == system)
}

fn named(codes: &[CodeKey]) -> String {
    if codes.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<_> = codes.iter().take(NAMED).map(ToString::to_string).collect();
    let more = codes.len().saturating_sub(NAMED);
    if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
}
