//! `medcode.server.ignoreInProject`: accepts issues of a rule in the settings file that governs a note.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use medcode_codes::rules;
use serde::Deserialize;
use serde_json::{Value, json};

use super::apply_action::{apply, show};
use crate::{
    config::{AcceptedEntry, NewIgnore},
    documents::Document,
    handlers::execute_command::{Call, Command, Means},
    protocol::{
        CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges, Range, ResourceOp,
        Result, TextEdit, Url, WorkspaceEdit,
    },
    snapshot::Snapshot,
    to_lsp::{self, IGNORE_IN_PROJECT},
};

/// Bytes of the longest reason, and of the longest code.
const LONGEST: usize = 2_000;

pub(super) const COMMAND: Command = Command {
    name: IGNORE_IN_PROJECT,
    wants: "a note and a rule, as in {\"uri\": \"file:///notes/a.md\", \"rule\": \"excludes1-conflict\", \"codes\": \
            [\"E55.9\", \"E83.51\"], \"reason\": \"…\"}; without codes every code is meant",
    run: |call| Box::pin(run(call)),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    uri: Url,
    rule: String,
    #[serde(default)]
    codes: Vec<String>,
    #[serde(default)]
    reason: String,
}

/// A settings file as it is.
struct Current {
    path: PathBuf,
    uri: Url,
    /// Its text; `None` when there is no such file.
    text: Option<String>,
    /// The version of the text, when the file is open in the editor.
    version: Option<i32>,
}

async fn run(mut call: Call) -> Result<Value> {
    let arguments: Arguments = call.read(&["uri", "rule", "codes", "reason"])?;
    let known = rules::find(&arguments.rule).is_some();
    let is_long = |text: &String| text.len() > LONGEST;
    if !known || is_long(&arguments.reason) || arguments.codes.iter().any(is_long) {
        return Err(call.refusal());
    }
    let snapshot = &call.snapshot;
    let current = current(snapshot, arguments.uri).await?;
    let name = current.path.display().to_string();
    let entry =
        NewIgnore { rule: arguments.rule, codes: arguments.codes, reason: arguments.reason };
    match entry.write_into(current.text.as_deref().unwrap_or_default()) {
        AcceptedEntry::Already => {
            call.means.session.say(&format!("{name} accepts this already."));
            Ok(json!({ "file": name, "changed": false }))
        }
        AcceptedEntry::Unreadable => Err(Call::failure(&format!(
            "{name} cannot be read as TOML: put it right first. Nothing was written."
        ))),
        AcceptedEntry::Written { text, reason } => {
            write(&call.means, snapshot, current, text, reason).await?;
            Ok(json!({ "file": name, "changed": true }))
        }
    }
}

/// The file that the entry goes into, as the editor has it, else as the disk has it.
async fn current(snapshot: &Snapshot, note: Url) -> Result<Current> {
    let governing = snapshot.governing.clone();
    let folders = snapshot.folders.clone();
    let found = tokio::task::spawn_blocking(move || {
        let path = governing.file_to_write(&note, &folders)?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{} cannot be read: {error}.", path.display())),
        };
        Some((path, text))
    });
    let (path, text) = found
        .await
        .ok()
        .flatten()
        .ok_or_else(|| Call::failure("The note is no file, so that no project governs it."))?;
    let uri = Url::from_file_path(&path)
        .map_err(|()| Call::failure("The path of the settings file is no address."))?;
    if let Some(open) = snapshot.document(&uri) {
        let (text, version) = (Some(open.text().to_owned()), Some(open.version));
        return Ok(Current { path, uri, text, version });
    }
    let text = text.map_err(|sentence| Call::failure(&sentence))?;
    Ok(Current { path, uri, text, version: None })
}

/// Has the editor write the file, where it does such things: then it can be undone. Otherwise the file is replaced.
async fn write(
    means: &Means,
    snapshot: &Snapshot,
    current: Current,
    text: String,
    reason: usize,
) -> Result<()> {
    let name = current.path.display().to_string();
    let place = place(&text, &current.uri, snapshot, reason);
    let client = snapshot.client.edits.clone();
    if client.apply && (current.text.is_some() || client.creates_files) {
        let edit = edit(snapshot, &current, &text);
        let means = means.clone();
        tokio::spawn(async move {
            let label = "Ignore in this project".to_owned();
            if !apply(&means, Some(label), edit).await {
                return means.session.say(&format!("the editor did not change {name}."));
            }
            means.session.say(&format!("written into {name}. It counts once the file is saved."));
            if client.shows_documents {
                show(&means, current.uri, place);
            }
        });
        return Ok(());
    }
    let path = current.path.clone();
    let replaced = tokio::task::spawn_blocking(move || replace(&path, &text)).await;
    if !matches!(replaced, Ok(Ok(()))) {
        return Err(Call::failure(&format!("{name} could not be written.")));
    }
    let session = means.session.clone();
    let refreshed = tokio::task::spawn_blocking(move || session.governing().refresh()).await;
    means.session.reconsider(refreshed.unwrap_or(true));
    means.session.say(&format!("written into {name}."));
    if client.shows_documents {
        show(means, current.uri, place);
    }
    Ok(())
}

/// Where the reason is to be written.
fn place(text: &str, uri: &Url, snapshot: &Snapshot, reason: usize) -> Range {
    let document = Document::new(uri.clone(), 0, text.to_owned());
    to_lsp::range(&document.grid(snapshot.client.encoding), &(reason..reason))
}

/// The change of the file, which is one insertion.
fn edit(snapshot: &Snapshot, current: &Current, new: &str) -> WorkspaceEdit {
    let old = current.text.clone().unwrap_or_default();
    let (range, inserted) = difference(&old, new);
    let document = Document::new(current.uri.clone(), 0, old.clone());
    let range = to_lsp::range(&document.grid(snapshot.client.encoding), &range);
    let edits = vec![TextEdit { range, new_text: inserted.to_owned() }];
    let mut edit = to_lsp::edit_of(snapshot, current.uri.clone(), current.version, edits);
    if current.text.is_none() {
        let create = ResourceOp::Create(CreateFile {
            uri: current.uri.clone(),
            options: Some(CreateFileOptions { overwrite: None, ignore_if_exists: Some(true) }),
            annotation_id: None,
        });
        if let Some(DocumentChanges::Edits(edits)) = edit.document_changes.take() {
            let edits = edits.into_iter().map(DocumentChangeOperation::Edit);
            let all = std::iter::once(DocumentChangeOperation::Op(create)).chain(edits);
            edit.document_changes = Some(DocumentChanges::Operations(all.collect()));
        }
    }
    edit
}

/// The smallest range of `old` that differs, and what stands there in `new`.
fn difference<'n>(old: &str, new: &'n str) -> (std::ops::Range<usize>, &'n str) {
    let mut start = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    while !old.is_char_boundary(start) || !new.is_char_boundary(start) {
        start -= 1;
    }
    let most = old.len().min(new.len()) - start;
    let ends = old.bytes().rev().zip(new.bytes().rev()).take(most);
    let mut end = ends.take_while(|(a, b)| a == b).count();
    while !old.is_char_boundary(old.len() - end) || !new.is_char_boundary(new.len() - end) {
        end -= 1;
    }
    (start..old.len() - end, new.get(start..new.len() - end).unwrap_or_default())
}

/// Puts a text in the place of a file in one step, so that nobody reads half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = path.file_name().unwrap_or_default().to_os_string();
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = folder.join(beside);
    fs::write(&beside, text)?;
    if let Ok(now) = fs::metadata(path) {
        fs::set_permissions(&beside, now.permissions())?;
    }
    fs::rename(&beside, path).inspect_err(|_| {
        // What was there stays; the copy helps nobody.
        let _ = fs::remove_file(&beside);
    })
}

#[cfg(test)]
mod tests;
