//! One text: read, checked, and where that is wanted mended.

use std::{ops::Range, path::Path};

use futures::{StreamExt, stream};
use medcode_codes::{
    document::{
        Assembly, CheckSettings, Document, EncounterAnswer, EncounterRequest, Silenced, SilencedBy,
    },
    issue::Severity,
};
use medcode_lsp::wire;

use super::{
    diff,
    files::Target,
    fix,
    places::{Places, Position, Span},
    settings::SettingsOf,
    text::{self, Encoding, NotRead, Text},
};
use crate::channel::Service;

/// Questions of one text that are under way at once.
const AT_ONCE: usize = 16;

/// What is done beside checking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// Safe fixes are applied.
    pub(super) fix: bool,
    /// They are shown and not written.
    pub(super) diff: bool,
}

/// A checked text.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// Its path as it is shown; `-` for stdin.
    pub(super) path: String,
    /// The text as it is now, which the ranges of the issues are about.
    pub(super) text: String,
    /// The system of each issue's code.
    pub(super) systems: Vec<Option<&'static str>>,
    /// Everything that is said of it.
    pub(super) assembly: Assembly,
    /// What accepts each silenced issue.
    pub(super) reasons: Vec<Accepting>,
    /// The numbers, from 1, of lines that are too long to be read.
    pub(super) too_long: Vec<usize>,
    /// How many fixes were applied, or would be.
    pub(super) fixed: usize,
    /// What they change, where that was asked for.
    pub(super) diff: String,
    /// Why the file stayed as it was although there is something to fix.
    pub(super) not_fixed: Option<String>,
    /// Where the lines of `text` begin.
    pub(super) places: Places,
}

/// What accepts an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Accepting {
    /// The line of the comment, from 1. `None`: an entry of the settings.
    pub(super) line: Option<usize>,
    /// The reason that was given; empty where there is none.
    pub(super) reason: String,
}

impl Checked {
    /// The heaviest issue.
    pub(super) fn severities(&self) -> impl Iterator<Item = Severity> + '_ {
        self.assembly.issues.iter().map(|issue| issue.severity)
    }

    /// The place of a byte of the text.
    pub(super) fn position(&self, offset: usize) -> Position {
        self.places.position(&self.text, offset)
    }

    /// The place of a range of bytes of the text.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        self.places.span(&self.text, range)
    }

    /// A line of the text by its number, from 1.
    pub(super) fn line(&self, number: usize) -> &str {
        self.places.line(&self.text, number)
    }
}

/// Reads and checks a file.
pub(super) async fn file(
    service: &Service,
    target: &Target,
    settings: &SettingsOf,
    wish: Wish,
) -> Result<Checked, NotRead> {
    let read = tokio::task::block_in_place(|| text::read(&target.real))?;
    let shown = target.shown.display().to_string();
    let mut checked = text(service, shown, &read, Some(&target.real), settings, wish).await;
    if wish.fix && !wish.diff && checked.fixed > 0 {
        let replaced =
            tokio::task::block_in_place(|| text::replace(&target.real, &read, &checked.text));
        if let Err(error) = replaced {
            checked.fixed = 0;
            checked.not_fixed = Some(error.to_string());
        }
    }
    Ok(checked)
}

/// Checks a text, and mends it in memory.
pub(super) async fn text(
    service: &Service,
    shown: String,
    read: &Text,
    path: Option<&Path>,
    settings: &SettingsOf,
    wish: Wish,
) -> Checked {
    let mut checked = check(service, &read.text, path, settings).await;
    checked.path = shown;
    if !wish.fix && !wish.diff {
        return checked;
    }
    for _ in 0..fix::MOST_ROUNDS {
        let Some((fixed, count)) = fix::round(&checked.text, &checked.assembly.issues) else {
            break;
        };
        if read.encoding == Encoding::Utf16 {
            checked.not_fixed = Some("files in UTF-16 are left alone".to_owned());
            break;
        }
        let again = check(service, &fixed, path, settings).await;
        checked = Checked { path: checked.path, fixed: checked.fixed + count, ..again };
    }
    if wish.diff {
        checked.diff = diff::unified(&checked.path, &read.text, &checked.text);
    }
    checked
}

async fn check(
    service: &Service,
    text: &str,
    path: Option<&Path>,
    settings: &SettingsOf,
) -> Checked {
    service.read_payer_files(&settings.payer_files(path));
    let (settings, as_of) = settings.for_check(path);
    let document = tokio::task::block_in_place(|| {
        let document = match as_of {
            Some(date) => Document::as_of(text, date),
            None => Document::new(text),
        };
        document.with_settings(&settings)
    });
    let requests = document.requests().to_vec();
    let questions = requests.into_iter().map(|request| ask(service.clone(), request));
    let answers: Vec<EncounterAnswer> = stream::iter(questions).buffered(AT_ONCE).collect().await;
    let assembly = tokio::task::block_in_place(|| document.assemble(&answers, &settings));
    let system = |mention: Option<usize>| Some(document.note().mentions.get(mention?)?.system.id());
    let systems = assembly.issues.iter().map(|issue| system(issue.mention)).collect();
    let reasons =
        assembly.silenced.iter().map(|silenced| accepting(&document, silenced, &settings));
    let reasons = reasons.collect();
    let places = Places::default();
    let too_long = document.note().long_lines.iter();
    let too_long = too_long.map(|line| places.position(text, line.start).line).collect();
    let text = text.to_owned();
    Checked { text, systems, assembly, reasons, too_long, places, ..Checked::default() }
}

fn accepting(document: &Document<'_>, silenced: &Silenced, settings: &CheckSettings) -> Accepting {
    match silenced.by {
        SilencedBy::Comment(index) => {
            let pragma = document.note().pragmas.get(index);
            let reason = pragma.and_then(|pragma| document.text().get(pragma.reason.clone()));
            Accepting {
                line: pragma.map(|pragma| pragma.line + 1),
                reason: reason.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "),
            }
        }
        SilencedBy::Settings(index) => {
            let reason = settings.accepted.get(index).map(|entry| entry.reason.clone());
            Accepting { line: None, reason: reason.unwrap_or_default() }
        }
    }
}

/// Asks one question. What cannot be asked is said once and never taken for right.
async fn ask(mut service: Service, request: EncounterRequest) -> EncounterAnswer {
    match service.encounter(wire::encounter_request(&request)).await {
        Ok(response) => {
            wire::encounter_answer(&request, response).unwrap_or(EncounterAnswer::Unavailable)
        }
        Err(status) => {
            tracing::warn!(code = ?status.code(), "the code service did not answer a question");
            EncounterAnswer::Unavailable
        }
    }
}
