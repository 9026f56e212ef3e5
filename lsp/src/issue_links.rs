//! Where issues lead: to the pages of their rules, and to the notes of the tabular list that they rest on.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use medcode_codes::{date::Date, document::TextIssue, rules, system::CodeSystem};
use tokio::time::timeout;

use crate::{
    documents::Document, handlers::encounter_date::date_at, pages::PagePlace, protocol::Url,
    snapshot::Snapshot,
};

/// How long the pages of one check are waited for; what comes later is there for the next.
const LIMIT: Duration = Duration::from_millis(500);

/// Notes of which it is kept where they stand.
const MOST_NOTES: usize = 5_000;

/// The node and the text of a note.
type NoteKey = (String, String);

/// What issues lead to, as far as it is known. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub(crate) struct IssueLinks {
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    rules: HashMap<String, Url>,
    notes: HashMap<NoteKey, PagePlace>,
}

impl IssueLinks {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The page of a rule.
    pub(crate) fn rule(&self, rule: &str) -> Option<Url> {
        self.known().rules.get(rule).cloned()
    }

    /// Where a note stands on the page of the node that carries it.
    pub(crate) fn note(&self, owner: &str, text: &str) -> Option<PagePlace> {
        self.known().notes.get(&(owner.to_owned(), text.to_owned())).cloned()
    }

    /// The code sets are others now, and so are their pages.
    pub(crate) fn forget_notes(&self) {
        self.known().notes.clear();
    }

    /// Finds what these issues lead to and is not known yet, for clients that show it.
    pub(crate) async fn prepare(
        &self,
        snapshot: &Snapshot,
        document: &Arc<Document>,
        issues: &[TextIssue],
    ) {
        let client = &snapshot.client;
        if client.code_description {
            self.write_rules(snapshot, issues).await;
        }
        if client.related_information {
            // Late pages are made all the same.
            let _ = timeout(LIMIT, self.find_notes(snapshot, document, issues)).await;
        }
    }

    async fn write_rules(&self, snapshot: &Snapshot, issues: &[TextIssue]) {
        let mut wanted: HashSet<&str> = issues.iter().map(|issue| issue.rule.as_str()).collect();
        wanted.retain(|rule| self.rule(rule).is_none());
        let wanted: Vec<_> = wanted.into_iter().filter_map(rules::find).collect();
        if wanted.is_empty() {
            return;
        }
        let pages = snapshot.pages.clone();
        let write = move || {
            let pages =
                wanted.iter().filter_map(|rule| Some((rule.id.to_owned(), pages.rule(rule)?)));
            pages.collect::<Vec<_>>()
        };
        let written = tokio::task::spawn_blocking(write).await.unwrap_or_default();
        self.known().rules.extend(written);
    }

    async fn find_notes(
        &self,
        snapshot: &Snapshot,
        document: &Arc<Document>,
        issues: &[TextIssue],
    ) {
        let mut wanted: HashMap<NoteKey, Date> = HashMap::new();
        let note = document.note().await;
        for issue in issues.iter().filter(|issue| !issue.notes.is_empty()) {
            let date = date_at(&note, issue.range.start, snapshot.as_of());
            let keys = issue.notes.iter().map(|note| (note.owner.clone(), note.text.clone()));
            wanted.extend(keys.map(|key| (key, date)));
        }
        wanted.retain(|(owner, text), _| self.note(owner, text).is_none());
        for ((owner, text), date) in wanted {
            let system = CodeSystem::Icd10Cm;
            let pages = &snapshot.pages;
            if let Some(place) =
                pages.locate_note(&snapshot.codes, system, &owner, &text, date).await
            {
                let mut known = self.known();
                if known.notes.len() >= MOST_NOTES {
                    known.notes.clear();
                }
                known.notes.insert((owner, text), place);
            }
        }
    }
}
