//! Other ways to write codes: with their official titles, and more specific ones.

use std::{ops::Range, sync::Arc};

use medcode_codes::{
    code::written,
    date::Date,
    document::Edits,
    normalize::normalize,
    note::{Evidence, Form, Mention, Note, Place},
    system::CodeSystem,
};

use crate::{
    concept::{Concept, Looked, Titled},
    documents::Document,
    from_lsp,
    handlers::{
        encounter_date::date_at,
        titles::{is_said, place_behind, written_behind},
    },
    protocol::{Range as LspRange, TextEdit},
    snapshot::Snapshot,
    to_lsp::{self, Later, Proposal, REWRITE},
};

/// The most codes that are offered in the place of one.
const MOST_SPECIFIC: usize = 8;

/// Codes that are looked through for those.
const MOST_CHILDREN: u16 = 50;

/// The most codes of a selection that get titles.
const MOST_TITLES: usize = 500;

/// A code of the text with what is known of it.
struct Known<'n> {
    mention: &'n Mention,
    date: Date,
    looked: Arc<Looked>,
}

impl Known<'_> {
    fn concept(&self) -> Option<&Concept> {
        match &*self.looked {
            Looked::Known(concept) => Some(concept),
            Looked::Unknown { .. } | Looked::Unavailable(_) => None,
        }
    }
}

/// What can be done with the codes at the caret, or with those that are selected.
pub(super) async fn proposals(
    snapshot: &Snapshot,
    document: &Arc<Document>,
    range: LspRange,
) -> Vec<Proposal> {
    let note = document.note().await;
    let grid = document.grid(snapshot.client.encoding);
    let selected = from_lsp::range(&grid, range);
    let mentions = chosen(&note, &selected);
    match mentions.as_slice() {
        [] => Vec::new(),
        [mention] => {
            let Some(known) = known(snapshot, document, &note, mention).await else {
                return Vec::new();
            };
            let said = is_said_beside(document, &note, &known);
            let title = title_edit(document.text(), &known).filter(|_| !said);
            let title = title.into_iter().map(|(title, edit)| {
                Proposal::new(REWRITE, title, to_lsp::text_edits(&grid, &[edit]))
            });
            let mut proposals: Vec<Proposal> = title.collect();
            for code in more_specific(snapshot, &known).await {
                let edits = replacement(document.text(), &known, &code);
                let title = format!("Replace by {} {}", code.code, code.title);
                let edits = to_lsp::text_edits(&grid, &edits);
                proposals.push(Proposal::new(REWRITE, title.trim_end().to_owned(), edits));
            }
            proposals
        }
        several => {
            let later = snapshot.client.edits.resolves_edit && snapshot.client.action_literals;
            let edits = if later { Vec::new() } else { titles(snapshot, document, range).await };
            if !later && edits.is_empty() {
                return Vec::new();
            }
            let title = format!("Write the official titles of {} codes", several.len());
            let mut proposal = Proposal::new(REWRITE, title, edits);
            proposal.later = later.then_some(Later::Titles(range));
            vec![proposal]
        }
    }
}

/// The changes that give each selected code its official title.
pub(in crate::handlers) async fn titles(
    snapshot: &Snapshot,
    document: &Arc<Document>,
    range: LspRange,
) -> Vec<TextEdit> {
    let note = document.note().await;
    let grid = document.grid(snapshot.client.encoding);
    let selected = from_lsp::range(&grid, range);
    let mentions = chosen(&note, &selected);
    let asked = mentions.iter().map(|mention| known(snapshot, document, &note, mention));
    let found = futures::future::join_all(asked).await;
    let edits = found.iter().flatten().filter_map(|known| title_edit(document.text(), known));
    let edits: Edits = edits.map(|(_, edit)| edit).collect();
    to_lsp::text_edits(&grid, &edits)
}

/// The codes at the caret or in the selection.
fn chosen<'n>(note: &'n Note, selected: &Range<usize>) -> Vec<&'n Mention> {
    if selected.is_empty() {
        return note.mention_at(selected.start).into_iter().filter(|it| is_ours(it)).collect();
    }
    let inside = |mention: &&Mention| {
        mention.range.start < selected.end && selected.start < mention.range.end
    };
    note.mentions.iter().filter(inside).filter(|it| is_ours(it)).take(MOST_TITLES).collect()
}

/// Whether one code stands there that may be written in another way. Formats of claims are exact.
fn is_ours(mention: &Mention) -> bool {
    mention.form == Form::Code
        && mention.place != Place::Claim
        && mention.evidence != Evidence::Bare
}

async fn known<'n>(
    snapshot: &Snapshot,
    document: &Document,
    note: &Note,
    mention: &'n Mention,
) -> Option<Known<'n>> {
    let text = document.text().get(mention.range.clone())?;
    let date = date_at(note, mention.range.start, snapshot.as_of());
    let code = written(mention.system, &normalize(mention.system, text).code);
    let looked = snapshot.codes.lookup(mention.system, &code, date).await;
    Some(Known { mention, date, looked })
}

/// Whether the line of a code without a description of its own says what it means.
fn is_said_beside(document: &Document, note: &Note, known: &Known<'_>) -> bool {
    let mention = known.mention;
    let title = known.concept().map(|concept| concept.titled.title.as_str()).unwrap_or_default();
    let line = document.line_at(mention.range.start);
    mention.description.is_none() && is_said(document.text(), &line, note, mention, title)
}

/// The change that writes the official title beside a code, and what it is called. `None` where the title stands there,
/// or has no place.
fn title_edit(text: &str, known: &Known<'_>) -> Option<(String, (Range<usize>, String))> {
    let concept = known.concept()?;
    let Titled { code, title } = &concept.titled;
    if title.is_empty() {
        return None;
    }
    if let Some(own) = &known.mention.description {
        let words = text.get(own.clone())?;
        if words.trim().eq_ignore_ascii_case(title) {
            return None;
        }
        let name = format!("Replace the text by the official title of {code}: {title}");
        return Some((name, (own.clone(), title.clone())));
    }
    let place = place_behind(text, known.mention)?;
    let name = format!("Add the title of {code}: {title}");
    Some((name, (place..place, written_behind(title))))
}

/// The codes below a header, or those beside a code that leaves something open; at most [`MOST_SPECIFIC`].
async fn more_specific(snapshot: &Snapshot, known: &Known<'_>) -> Vec<Titled> {
    let Some(concept) = known.concept() else { return Vec::new() };
    if !concept.billable && !concept.seventh_characters.is_empty() {
        let completed = concept.seventh_characters.iter().map(|character| Titled {
            code: character.code.clone(),
            title: character.meaning.clone(),
        });
        return completed.take(MOST_SPECIFIC).collect();
    }
    let children = async |of: &Concept| {
        snapshot.codes.children(of, known.date, MOST_CHILDREN).await.unwrap_or_default()
    };
    let mut found = if !concept.billable && concept.child_count > 0 {
        children(concept).await
    } else if concept.billable && leaves_open(&concept.titled.title) {
        let Some(parent) = concept.ancestors.first() else { return Vec::new() };
        let parent = snapshot.codes.lookup(concept.system, &parent.code, known.date).await;
        let Looked::Known(parent) = &*parent else { return Vec::new() };
        children(parent).await
    } else {
        return Vec::new();
    };
    found.retain(|other| other.code != concept.titled.code && !leaves_open(&other.title));
    found.truncate(MOST_SPECIFIC);
    found
}

fn leaves_open(title: &str) -> bool {
    let title = title.to_ascii_lowercase();
    title.contains("unspecified") || title.split([' ', ',']).any(|word| word == "nos")
}

/// The changes that write another code; a title that stands beside the old one goes with it.
fn replacement(text: &str, known: &Known<'_>, code: &Titled) -> Edits {
    let mention = known.mention;
    let undotted = mention.system == CodeSystem::Icd10Cm
        && text.get(mention.range.clone()).is_some_and(|own| !own.contains('.') && own.len() > 3);
    let new = if undotted { code.code.replace('.', "") } else { code.code.clone() };
    let mut edits = vec![(mention.range.clone(), new)];
    if let (Some(own), Some(concept)) = (&mention.description, known.concept()) {
        let is_title = text
            .get(own.clone())
            .is_some_and(|words| words.trim().eq_ignore_ascii_case(&concept.titled.title));
        if is_title && !code.title.is_empty() && concept.seventh_characters.is_empty() {
            edits.push((own.clone(), code.title.clone()));
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    edits
}
