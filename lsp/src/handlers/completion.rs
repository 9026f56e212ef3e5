//! `textDocument/completion`: codes by their beginning or by words of their titles.

use std::collections::{HashMap, HashSet};

use medcode_codes::{
    date::Date,
    normalize::normalize,
    note::{Note, TypingContext, context_at},
    system::CodeSystem,
};

use super::encounter_date::{date_at, encounter_at};
use crate::{
    code_client::COMPLETION_LIMIT,
    concept::{Hit, Looked},
    documents::Document,
    from_lsp,
    protocol::{CompletionParams, CompletionResponse, Result},
    snapshot::Snapshot,
    to_lsp::{self, Typed},
    wire::Query,
};

/// The most codes of the note itself that are offered in an empty field.
const MAX_USED: usize = 20;

/// Hits that are asked for: as many as the service gives, since headers among them go behind what may be billed.
const MAX_HITS: u16 = 100;

/// Bytes of the longest query that the service takes.
const MAX_QUERY: usize = 200;

/// Answers where a code may stand; elsewhere nothing, at once.
pub(crate) async fn completion(
    snapshot: Snapshot,
    params: CompletionParams,
) -> Result<Option<CompletionResponse>> {
    let place = &params.text_document_position;
    let Some(document) = snapshot.readable(&place.text_document.uri) else { return Ok(None) };
    let grid = document.grid(snapshot.client.encoding);
    let offset = from_lsp::offset(&grid, place.position);
    let text = document.text();
    let context = context_at(text, offset);
    // No system means that no code fits; a search without systems would find all.
    if context.silent || context.systems.is_empty() || context.modifier_of.is_some() {
        return Ok(None);
    }
    if !context.automatic && !from_lsp::is_invoked(&params) {
        return Ok(None);
    }
    let note = document.note().await;
    let date = date_at(&note, offset, snapshot.as_of());
    let Ok(Some(found)) =
        tokio::time::timeout(COMPLETION_LIMIT, found(&snapshot, document, &note, &context, date))
            .await
    else {
        return Ok(None);
    };
    let uses = Uses::count(text, &note, &context, offset);
    let end =
        if snapshot.client.replaces_behind_caret { context.code_end.max(offset) } else { offset };
    let place = found.start..end;
    let Some(typed) = text.get(place.clone()) else { return Ok(None) };
    let typed = Typed { place, text: typed, date, insert: &snapshot.settings.completion_insert };
    let mut hits = uses.ranked(found.hits);
    hits.truncate(snapshot.settings.completion_max.into());
    Ok(Some(to_lsp::completion(&grid, &typed, &hits, &snapshot.client)))
}

/// What a phrase found, and where the phrase begins.
struct Found {
    start: usize,
    hits: Vec<Hit>,
}

/// The hits for what is typed. `None` when nobody could be asked.
async fn found(
    snapshot: &Snapshot,
    document: &Document,
    note: &Note,
    context: &TypingContext,
    date: Date,
) -> Option<Found> {
    let start = context.replace.start;
    let phrase = document.text().get(context.replace.clone()).unwrap_or_default();
    if phrase.trim().is_empty() {
        let hits = used_before(snapshot, document.text(), note, context, date).await;
        return Some(Found { start: context.replace.end, hits });
    }
    let ask = async |text: &str, ended: bool| {
        let query =
            Query { text: text.trim(), systems: &context.systems, date, max: MAX_HITS, ended };
        if query.text.is_empty() || query.text.len() > MAX_QUERY {
            return Some(Vec::new());
        }
        snapshot.codes.search(&query).await
    };
    let hits = ask(phrase, false).await?;
    if !hits.is_empty() {
        return Some(Found { start, hits });
    }
    if context.words {
        // In prose nobody knows where the phrase begins: the longest run of words that finds something.
        for begin in word_starts(phrase).skip(1) {
            let hits = ask(&phrase[begin..], false).await?;
            if !hits.is_empty() {
                return Some(Found { start: start + begin, hits });
            }
        }
        return Some(Found { start, hits: Vec::new() });
    }
    // Codes that ended are offered only when nothing else fits.
    Some(Found { start, hits: ask(phrase, true).await? })
}

/// Where the words of a phrase begin.
fn word_starts(phrase: &str) -> impl Iterator<Item = usize> + '_ {
    let mut in_word = false;
    phrase.char_indices().filter_map(move |(at, character)| {
        let starts = !in_word && !character.is_whitespace();
        in_word = !character.is_whitespace();
        starts.then_some(at)
    })
}

/// The codes that this note uses most, for a field with nothing in it.
async fn used_before(
    snapshot: &Snapshot,
    text: &str,
    note: &Note,
    context: &TypingContext,
    date: Date,
) -> Vec<Hit> {
    let mut counts: HashMap<(CodeSystem, String), usize> = HashMap::new();
    for mention in note.mentions.iter().filter(|mention| context.systems.contains(&mention.system))
    {
        let code = normalize(mention.system, &text[mention.range.clone()]).code;
        *counts.entry((mention.system, code)).or_default() += 1;
    }
    let mut codes: Vec<_> = counts.into_iter().collect();
    codes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    codes.truncate(MAX_USED);
    let lookups =
        codes.iter().map(|((system, code), _)| snapshot.codes.lookup(*system, code, date));
    let looked = futures::future::join_all(lookups).await;
    let known = looked.iter().filter_map(|looked| match &**looked {
        Looked::Known(concept) => Some(Hit {
            system: concept.system,
            titled: concept.titled.clone(),
            billable: concept.billable,
            ended: concept.ended,
            exact: false,
        }),
        Looked::Unknown { .. } | Looked::Unavailable(_) => None,
    });
    known.collect()
}

/// Which codes the note has already, besides the one being typed.
struct Uses {
    here: HashSet<String>,
    elsewhere: HashSet<String>,
}

impl Uses {
    fn count(text: &str, note: &Note, context: &TypingContext, offset: usize) -> Self {
        let encounter = encounter_at(note, offset);
        let mut uses = Self { here: HashSet::new(), elsewhere: HashSet::new() };
        for mention in &note.mentions {
            if mention.range.start < context.code_end.max(offset)
                && context.replace.start <= mention.range.end
            {
                continue;
            }
            let code = normalize(mention.system, &text[mention.range.clone()]).code;
            let place = if Some(mention.encounter) == encounter {
                &mut uses.here
            } else {
                &mut uses.elsewhere
            };
            place.insert(code);
        }
        uses
    }

    /// The hits in the order in which they are offered: what the encounter has already goes to the end; then the exact
    /// code, what may be billed, what other encounters of the note use, and the order of the search.
    fn ranked(&self, mut hits: Vec<Hit>) -> Vec<Hit> {
        hits.sort_by_key(|hit| {
            let code = normalize(hit.system, &hit.titled.code).code;
            (
                self.here.contains(&code) && !hit.exact,
                !hit.exact,
                !hit.billable,
                !self.elsewhere.contains(&code),
            )
        });
        hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::concept::Titled;

    fn hit(code: &str, billable: bool, exact: bool) -> Hit {
        let titled = Titled { code: code.to_owned(), title: String::new() };
        Hit { system: CodeSystem::Icd10Cm, titled, billable, ended: false, exact }
    }

    #[test]
    fn offers_in_the_order_of_use() {
        let set = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let uses = Uses { here: set(&["E1122"]), elsewhere: set(&["E1165"]) };
        let hits = vec![
            hit("E11", false, false),
            hit("E11.22", true, false),
            hit("E11.21", true, false),
            hit("E11.65", true, false),
            hit("E11.9", true, true),
        ];
        let order: Vec<_> = uses.ranked(hits).into_iter().map(|hit| hit.titled.code).collect();
        assert_eq!(order, ["E11.9", "E11.65", "E11.21", "E11", "E11.22"]);
    }

    #[test]
    fn finds_where_words_begin() {
        assert_eq!(word_starts("type 2  diab").collect::<Vec<_>>(), [0, 5, 8]);
        assert_eq!(word_starts(" é x").collect::<Vec<_>>(), [1, 4]);
    }
}
