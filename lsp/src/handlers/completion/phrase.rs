//! What the code or phrase at the caret finds.

use medcode_codes::{
    code::{CodeKey, MAX_LENGTH},
    date::Date,
    note::TypingContext,
    patient_group::Patient,
    system::CodeSystem,
};

use super::{patient, uses::Uses};
use crate::{
    concept::{Hit, Looked},
    snapshot::Snapshot,
    to_lsp::Offer,
    wire::Query,
};

/// Hits that are asked for: as many as the service gives, since headers among them go behind what may be billed.
const MAX_HITS: u16 = 100;

/// Codes that are offered whole. Where more begin alike, a procedure code is completed by characters.
const FEW: usize = 20;

/// Codes that ended of which it is said what took their place, and the most successors of each.
const MAX_REPLACED: usize = 10;
const MAX_SUCCESSORS: usize = 3;

/// The most codes of each system that are offered because the workspace uses them.
const MAX_OF_WORKSPACE: usize = 20;

/// Bytes of the longest query that the service takes.
const MAX_QUERY: usize = 200;

/// What is being typed.
pub(super) struct Phrase<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) text: &'a str,
    pub(super) context: &'a TypingContext,
    pub(super) date: Date,
    pub(super) patient: Patient,
}

/// What a phrase found, and the byte at which the phrase begins.
struct Found {
    start: usize,
    hits: Vec<Hit>,
}

/// Which codes are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Validity {
    /// Those valid on the date.
    OnTheDate,
    /// Those that ended before as well.
    EverSince,
}

impl Phrase<'_> {
    /// What is offered for what is typed, and the byte at which that begins. `None` when nobody could be asked.
    pub(super) async fn offers(&self, uses: &Uses) -> Option<(usize, Vec<Offer>)> {
        let Found { start, hits } = self.found(uses).await?;
        let by_system = (!self.context.words).then_some(self.context.systems.as_slice());
        let ruled_out = patient::ruled_out(self.snapshot, self.patient, &hits, self.date).await;
        let mut hits = uses.ranked(hits, by_system.unwrap_or_default(), &ruled_out);
        hits.truncate(self.snapshot.settings.completion_max.into());
        let offers = hits.into_iter().map(|hit| Offer { hit, replaced_by: Vec::new() });
        let mut offers: Vec<Offer> = offers.collect();
        let ended = offers.iter_mut().filter(|offer| offer.hit.ended).take(MAX_REPLACED);
        let successors = ended.map(|offer| async {
            let Hit { system, titled, .. } = &offer.hit;
            let looked = self.snapshot.codes.lookup(*system, &titled.code, self.date).await;
            if let Looked::Known(concept) = &*looked {
                let codes = concept.replaced_by.iter().take(MAX_SUCCESSORS);
                offer.replaced_by = codes.map(|code| code.code.clone()).collect();
            }
        });
        futures::future::join_all(successors).await;
        Some((start, offers))
    }

    /// The hits for what is typed. `None` when nobody could be asked.
    async fn found(&self, uses: &Uses) -> Option<Found> {
        let start = self.context.replace.start;
        let phrase = self.text.get(self.context.replace.clone()).unwrap_or_default();
        if phrase.trim().is_empty() {
            let hits = self.used_before(uses).await;
            return Some(Found { start: self.context.replace.end, hits });
        }
        if self.context.words && !self.context.declared {
            return self.in_prose(start, phrase).await;
        }
        if let Some(hits) = self.by_character(phrase).await {
            return Some(Found { start, hits });
        }
        let hits = self.ask(phrase, Validity::OnTheDate).await?;
        if !hits.is_empty() {
            return Some(Found { start, hits });
        }
        // Codes that ended are offered only when nothing else fits.
        Some(Found { start, hits: self.ask(phrase, Validity::EverSince).await? })
    }

    /// In prose nobody knows where the phrase begins: the longest run of words that finds something, its first word
    /// included, since the search forgives words that match nothing.
    async fn in_prose(&self, start: usize, phrase: &str) -> Option<Found> {
        let begins: Vec<usize> =
            word_starts(phrase).filter(|begin| says_something(&phrase[*begin..])).collect();
        for (index, begin) in begins.iter().enumerate() {
            let run = &phrase[*begin..];
            let hits = self.ask(run, Validity::OnTheDate).await?;
            let is_last = index + 1 == begins.len();
            let fits = |best: &Hit| is_last || begins_with_a_word_of(run, &best.matched);
            if hits.first().is_some_and(fits) {
                return Some(Found { start: start + begin, hits });
            }
        }
        Some(Found { start, hits: Vec::new() })
    }

    /// How a procedure code goes on, character by character, while many codes begin so. `None` where the phrase is no
    /// such beginning, or few codes are left: these are offered whole.
    async fn by_character(&self, phrase: &str) -> Option<Vec<Hit>> {
        let beginning = phrase.trim().to_ascii_uppercase();
        let is_beginning = (1..MAX_LENGTH).contains(&beginning.len())
            && CodeKey::new(&beginning).is_some()
            && self.context.systems == [CodeSystem::Icd10Pcs];
        if !is_beginning {
            return None;
        }
        let few = self.ask(&beginning, Validity::OnTheDate).await?;
        let begins = |hit: &&Hit| !hit.header && hit.titled.code.starts_with(&beginning);
        if few.iter().filter(begins).count() <= FEW {
            return None;
        }
        let next = self.snapshot.codes.next_characters(&beginning, self.date).await?;
        Some(next).filter(|next| !next.is_empty())
    }

    async fn ask(&self, text: &str, validity: Validity) -> Option<Vec<Hit>> {
        let query = Query {
            text: text.trim(),
            systems: &self.context.systems,
            date: self.date,
            max: MAX_HITS,
            ended: validity == Validity::EverSince,
        };
        if query.text.is_empty() || query.text.len() > MAX_QUERY {
            return Some(Vec::new());
        }
        let mut hits = self.snapshot.codes.search(&query).await?;
        if validity == Validity::OnTheDate {
            // A code that ended as it became a header is found as the header.
            hits.retain(|hit| !hit.ended);
        }
        Some(hits)
    }

    /// The codes that this note uses most, then those that the workspace does, for a field with nothing in it.
    async fn used_before(&self, uses: &Uses) -> Vec<Hit> {
        let mut codes = uses.most_used(&self.context.systems);
        let workspace = self.snapshot.index.latest();
        for system in &self.context.systems {
            for code in workspace.most_used(*system, MAX_OF_WORKSPACE) {
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
        }
        let briefs = self.snapshot.codes.briefs(&codes, self.date).await;
        let known = codes.iter().zip(briefs).filter_map(|(code, brief)| {
            let brief = brief.filter(|brief| !brief.ended)?;
            Some(Hit {
                system: code.system(),
                titled: brief.titled.clone(),
                header: brief.header,
                ended: false,
                matched: String::new(),
                exact: false,
            })
        });
        known.collect()
    }
}

/// Whether the first word of a run is one of the words of a text, or the beginning of one.
fn begins_with_a_word_of(run: &str, text: &str) -> bool {
    let Some(first) = run.split_whitespace().next() else { return false };
    let first = first.to_lowercase();
    let text = text.to_lowercase();
    text.split(|character: char| !character.is_alphanumeric()).any(|word| word.starts_with(&first))
}

/// Where the words of a phrase begin.
/// Whether a run of words can mean a code: numbers alone are measurements, unless they are long enough to begin one.
fn says_something(run: &str) -> bool {
    run.contains(char::is_alphabetic)
        || run.trim().len() >= SHORTEST_NUMBER && run.trim().bytes().all(|it| it.is_ascii_digit())
}

/// Digits from which on a number may begin a procedure code.
const SHORTEST_NUMBER: usize = 3;

fn word_starts(phrase: &str) -> impl Iterator<Item = usize> + '_ {
    let mut in_word = false;
    phrase.char_indices().filter_map(move |(at, character)| {
        let starts = !in_word && !character.is_whitespace();
        in_word = !character.is_whitespace();
        starts.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measurements_mean_no_code() {
        for (run, says) in [("80", false), ("120/80", false), ("992", true), ("37.5 C", true)] {
            assert_eq!(says_something(run), says, "{run}");
        }
    }

    #[test]
    fn knows_whether_a_run_begins_with_what_it_found() {
        let text = "Essential (primary) hypertension";
        assert!(begins_with_a_word_of("hypertens", text));
        assert!(begins_with_a_word_of("Primary hypertension", text));
        assert!(!begins_with_a_word_of("has hypertension", text));
        assert!(!begins_with_a_word_of("", text));
    }

    #[test]
    fn finds_where_words_begin() {
        assert_eq!(word_starts("type 2  diab").collect::<Vec<_>>(), [0, 5, 8]);
        assert_eq!(word_starts(" é x").collect::<Vec<_>>(), [1, 4]);
    }
}
