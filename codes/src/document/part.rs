//! One encounter of a text, with what was worked out of it. It holds as long as the encounter reads the same, wherever
//! in the text it stands, so that a change elsewhere costs nothing here.

use std::{
    cell::RefCell,
    fmt,
    hash::BuildHasher,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use foldhash::fast::FixedState;

use crate::{
    described::uncoded, encounter::Encounter, note::Note, term_key::TermReader,
    words::vocabulary::Vocabulary,
};

use super::{
    CheckSettings, EncounterAnswer, EncounterRequest,
    judged::{Asked, Judged},
    requests,
};

/// What was worked out of the encounters of a text. Handed to the next version of the text, it spares working out again
/// what did not change. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub struct Parts(pub(super) Arc<[Part]>);

/// An encounter at its place.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Where the encounter begins, in bytes.
    pub(super) start: usize,
    /// The number of mentions before it.
    pub(super) first: usize,
    /// What was worked out of it.
    pub(super) content: Arc<Content>,
}

/// An encounter apart from its place: offsets and mentions count from its beginning. Its `Debug` prints no text.
pub(super) struct Content {
    key: u64,
    pub(super) text: String,
    /// The same without the words of comments to medcode; `None` where there are none.
    plain: Option<String>,
    pub(super) note: Note,
    /// What is asked about it, before anybody's wishes.
    pub(super) requests: Vec<EncounterRequest>,
    facts: Encounter,
    /// Items of its assessment without a code.
    pub(super) uncoded: Vec<uncoded::Item>,
    /// What came of it last.
    judged: Mutex<Option<Known>>,
}

struct Known {
    settings: Arc<CheckSettings>,
    answers: Vec<Arc<EncounterAnswer>>,
    judged: Arc<Judged>,
}

impl Parts {
    /// The encounters of a text, which is `plain` without the words of comments to medcode; those that `before` holds are
    /// taken from there.
    pub(super) fn of(text: &str, plain: &str, note: &Note, before: &Self) -> Self {
        let known: std::collections::HashMap<u64, &Arc<Content>> =
            before.0.iter().map(|part| (part.content.key, &part.content)).collect();
        let mut first = 0;
        let mut reader = TermReader::default();
        let parts = note.encounters.iter().enumerate().map(|(index, scope)| {
            let own = text.get(scope.range.clone()).unwrap_or_default();
            let own_plain = plain.get(scope.range.clone()).unwrap_or_default();
            let facts = requests::facts(plain, scope);
            let key = FixedState::with_seed(0).hash_one(own);
            let part = note.part(index);
            let part_first = first;
            first += part.mentions.len();
            let same = known.get(&key).filter(|it| it.reads(own, own_plain, &part, &facts));
            let content = match same {
                Some(content) => Arc::clone(content),
                None => Arc::new(Content::new(key, own, own_plain, part, facts, &mut reader)),
            };
            Part { start: scope.range.start, first: part_first, content }
        });
        Self(parts.collect())
    }
}

impl Content {
    fn new(
        key: u64,
        text: &str,
        plain: &str,
        note: Note,
        facts: Encounter,
        reader: &mut TermReader,
    ) -> Self {
        let uncoded = uncoded::items(plain, &note);
        let requests = requests::of(plain, &note, &uncoded, &facts, reader);
        let plain = (plain != text).then(|| plain.to_owned());
        let (text, judged) = (text.to_owned(), Mutex::default());
        Self { key, text, plain, note, requests, facts, uncoded, judged }
    }

    /// The text without the words of comments to medcode.
    pub(super) fn plain(&self) -> &str {
        self.plain.as_deref().unwrap_or(&self.text)
    }

    /// Whether this is the encounter.
    fn reads(&self, text: &str, plain: &str, note: &Note, facts: &Encounter) -> bool {
        self.text == text && self.plain() == plain && self.note == *note && self.facts == *facts
    }

    /// The questions about codes for which only their shape speaks.
    pub(super) fn bare(&self) -> Vec<EncounterRequest> {
        requests::bare(self.plain(), &self.note, &self.facts)
    }

    /// What comes of the answers to `requests`, which are this encounter's with everybody's wishes.
    pub(super) fn judge(
        &self,
        requests: &[Asked<'_>],
        answers: Vec<Arc<EncounterAnswer>>,
        settings: &Arc<CheckSettings>,
        vocabulary: &RefCell<Vocabulary>,
    ) -> Arc<Judged> {
        let lock = || self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*lock()
            && known.answers == answers
            && known.settings == *settings
        {
            return known.judged.clone();
        }
        let judged = Arc::new(Judged::new(self, requests, &answers, settings, vocabulary));
        *lock() = Some(Known { settings: settings.clone(), answers, judged: judged.clone() });
        judged
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({} bytes)", self.text.len())
    }
}

impl Part {
    /// A range of the part as one of the text.
    pub(super) fn place(&self, range: &Range<usize>) -> Range<usize> {
        range.start + self.start..range.end + self.start
    }
}

#[cfg(test)]
mod tests;
