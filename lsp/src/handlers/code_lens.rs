//! `textDocument/codeLens` and `codeLens/resolve`: a line above each encounter that says what is in it.

use medcode_codes::{
    issue::Severity,
    note::{Form, Mention, Note},
    system::CodeSystem,
};

use super::encounter_date::date_at;
use crate::{
    analysis,
    protocol::{CodeLens, CodeLensParams, Error, Result},
    snapshot::Snapshot,
    sought::is_reported,
    to_lsp::{self, EncounterSum, LensData},
};

/// One for each encounter that reports codes. What it says comes by resolving.
pub(crate) async fn code_lens(
    snapshot: Snapshot,
    params: CodeLensParams,
) -> Result<Option<Vec<CodeLens>>> {
    let uri = params.text_document.uri;
    let snapshot = snapshot.at(&uri);
    if !snapshot.settings.features.lens {
        return Ok(None);
    }
    let Some(document) = snapshot.readable(&uri) else { return Ok(None) };
    let note = document.note().await;
    let grid = document.grid(snapshot.client.encoding);
    let lenses = note.encounters.iter().enumerate().filter(|(index, _)| reports(&note, *index));
    let lenses = lenses.map(|(index, encounter)| {
        let line =
            encounter.heading.clone().unwrap_or_else(|| document.line_at(encounter.range.start));
        to_lsp::code_lens(&grid, &line, &LensData::new(document, index))
    });
    Ok(Some(lenses.collect()))
}

fn reports(note: &Note, encounter: usize) -> bool {
    note.mentions_of(encounter).iter().any(is_counted)
}

/// Whether a code is reported. Categories and ranges of codes are mentioned only.
fn is_counted(mention: &Mention) -> bool {
    is_reported(mention) && mention.form == Form::Code
}

/// Fills in the text and the command. The note may have moved on: then the places mean nothing any more.
pub(crate) async fn code_lens_resolve(snapshot: Snapshot, mut lens: CodeLens) -> Result<CodeLens> {
    let Some(data) = LensData::read(&lens) else { return Ok(lens) };
    let snapshot = snapshot.at(&data.uri);
    let document = snapshot.readable(&data.uri).filter(|document| document.version == data.version);
    let Some(document) = document else { return Err(Error::content_modified()) };
    let note = document.note().await;
    let Some(encounter) = note.encounters.get(data.encounter) else {
        return Err(Error::content_modified());
    };
    let date = date_at(&note, encounter.range.start, snapshot.as_of());
    let release = snapshot.codes.release_on(CodeSystem::Icd10Cm, date).await;
    let checked = analysis::checked(&snapshot, document).await;
    let mut sum = EncounterSum {
        date: encounter.service_date.as_ref().map(|_| date),
        release: release.as_deref(),
        checked: checked.as_deref().is_some_and(|checked| !checked.incomplete),
        ..EncounterSum::default()
    };
    for mention in note.mentions_of(data.encounter).iter().filter(|mention| is_counted(mention)) {
        if mention.system.is_diagnosis() { sum.diagnoses += 1 } else { sum.procedures += 1 }
    }
    let issues = checked.iter().flat_map(|checked| &checked.issues);
    for issue in issues.filter(|issue| encounter.range.contains(&issue.range.start)) {
        match issue.severity {
            Severity::Error => sum.errors += 1,
            Severity::Warning => sum.warnings += 1,
            Severity::Information | Severity::Hint => {}
        }
    }
    let grid = document.grid(snapshot.client.encoding);
    lens.command = Some(to_lsp::lens_command(&grid, &data.uri, &encounter.range, &sum));
    Ok(lens)
}
