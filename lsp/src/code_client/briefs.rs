//! What outlines, tokens and lists need of many codes: title and state, asked for in batches.

use std::{collections::HashSet, sync::Arc};

use futures::{StreamExt, stream};
use medcode_codes::{code::Code, date::Date};

use super::{ANALYSIS_LIMIT, CodeClient, MAX_UNDER_WAY, Service, with_deadline};
use crate::{concept::Brief, wire};

/// Codes in one question, as many as a service takes.
const BATCH: usize = 1_000;

impl CodeClient {
    /// What is known of each code, as of a date, in the order asked. `None` for one that is unknown or could not be
    /// asked: for showing only, where both show nothing.
    pub(crate) async fn briefs(&self, codes: &[Code], date: Date) -> Vec<Option<Arc<Brief>>> {
        let mut seen = HashSet::new();
        let missing: Vec<Code> = codes
            .iter()
            .copied()
            .filter(|code| seen.insert(*code) && !self.inner.briefs.contains_key(&(*code, date)))
            .collect();
        let questions = missing.chunks(BATCH).map(|batch| self.ask_briefs(batch, date));
        let questions: Vec<_> = questions.collect();
        let answers: Vec<_> = stream::iter(questions).buffered(MAX_UNDER_WAY).collect().await;
        // Taken from the answers first: a long list may not fit into the cache.
        let fresh: std::collections::HashMap<Code, Option<Arc<Brief>>> =
            answers.into_iter().flatten().collect();
        let known = |code: &Code| match fresh.get(code) {
            Some(brief) => brief.clone(),
            None => self.inner.briefs.get(&(*code, date)).flatten(),
        };
        codes.iter().map(known).collect()
    }

    async fn ask_briefs(&self, batch: &[Code], date: Date) -> Vec<(Code, Option<Arc<Brief>>)> {
        let question = async |service: &Service| {
            let request = with_deadline(wire::briefs_request(batch, date), ANALYSIS_LIMIT);
            service.codes().lookup_codes(request).await
        };
        let read = |answer| wire::briefs(answer).filter(|briefs| briefs.len() == batch.len());
        let Some(briefs) = self.ask(ANALYSIS_LIMIT, question, read).await else {
            return Vec::new();
        };
        let briefs = briefs.into_iter().map(|brief| brief.map(Arc::new));
        let answered: Vec<_> = batch.iter().copied().zip(briefs).collect();
        for (code, brief) in &answered {
            self.inner.briefs.insert((*code, date), brief.clone());
        }
        answered
    }
}
