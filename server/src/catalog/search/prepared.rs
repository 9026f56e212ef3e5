//! A query that has been read: it ranks codes and explains why each was found.

use std::{cell::RefCell, collections::HashMap, fmt};

use foldhash::fast::FixedState;
use medcode_codes::{code::Code, system::CodeSystem};

use super::{
    BESIDE_WORDS, CODE_PREFIX_SCORE, CODE_SCORE, Found, Hit, Hits, MOST_HITS, Query,
    by_meaning::{ByMeaning, score_alone},
    code_query::{self, Named},
    collected::{Admission, Collected},
    rank::{self, Ranked, Ranking, SumsPool},
    resolve::ResolvedWord,
    segment::Segment,
    semantic::Vector,
    terms::Term,
};

/// Ranked documents that are sorted before they are looked at; each time more.
const SORTED_AT_ONCE: usize = 128;

/// The stems of words of official texts.
pub(super) type Explained = HashMap<String, Option<u32>, FixedState>;

/// A query that has been read.
pub struct Prepared<'q> {
    pub(super) sums: &'q SumsPool,
    pub(super) query: Query<'q>,
    /// The codes that stand in it.
    pub(super) named: Vec<Named>,
    /// The words beside them.
    pub(super) terms: Vec<Term>,
    pub(super) segments: Vec<(&'q Segment, Vec<ResolvedWord<'q>>)>,
    /// What they mean, where a table of meanings is installed and asked.
    pub(super) meaning: Option<(&'q ByMeaning, Vector)>,
    /// The stems of words of texts that were explained: hits of a query share most of theirs.
    pub(super) explained: RefCell<HashMap<CodeSystem, Explained, FixedState>>,
}

impl Prepared<'_> {
    /// Ranks the codes that `admit` lets through. `None` when `keep_going` said stop; it is asked after each word.
    pub fn find<A: Into<Admission>>(
        &self,
        admit: impl FnMut(Code) -> A,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Hits> {
        self.find_first(MOST_HITS, admit, keep_going)
    }

    /// The same for the first `count` hits, at most [`MOST_HITS`].
    pub fn find_first<A: Into<Admission>>(
        &self,
        count: usize,
        mut admit: impl FnMut(Code) -> A,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Hits> {
        let mut admit = |code| admit(code).into();
        let mut collected = Collected::new(count.min(MOST_HITS), &mut admit);
        self.add_codes(&mut collected);
        if !self.named.is_empty() && self.terms.is_empty() {
            return Some(collected.hits);
        }
        let headers: Vec<_> = self.headers_beside_words().collect();
        for header in &headers {
            let mut ranked = self.rank(Some(*header), &mut collected, keep_going)?;
            self.collect(&mut collected, &mut ranked, &[]);
        }
        // Before what the words find elsewhere.
        for header in headers {
            collected.add(Hit::new(header, BESIDE_WORDS, Found::Code), &|_| Vec::new());
        }
        let mut ranked = self.rank(None, &mut collected, keep_going)?;
        let alone = self.join_meaning(&mut ranked, keep_going)?;
        self.collect(&mut collected, &mut ranked, &alone);
        Some(collected.hits)
    }

    /// Ranks documents by the words of the query: all, or those of a header and of the codes below it, which count more.
    fn rank(
        &self,
        header: Option<Code>,
        collected: &mut Collected<'_>,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<Ranked>> {
        let mut ranked = Vec::new();
        for (place, (segment, words)) in (0..).zip(&self.segments) {
            let (within, more) = match header {
                None => (segment.all_documents(), 0.0),
                Some(header) if header.system() == segment.system => {
                    (segment.documents_below(header.key()), BESIDE_WORDS)
                }
                Some(_) => continue,
            };
            let start = ranked.len();
            let secondary = segment.secondary();
            let ranking = Ranking { segment, place, words, within, secondary };
            collected.hits.more |= rank::rank(&ranking, self.sums, keep_going, &mut ranked)?;
            if more > 0.0 {
                for ranked in &mut ranked[start..] {
                    *ranked = ranked.with_score(ranked.score() + more);
                }
            }
        }
        Some(ranked)
    }

    /// Lets what the query means count in the scores of documents that words found. Gives the codes, best first, that it
    /// finds beside them. `None` when `keep_going` said stop.
    fn join_meaning(
        &self,
        ranked: &mut [Ranked],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<Hit>> {
        let Some((meaning, query)) = &self.meaning else { return Some(Vec::new()) };
        let mut alone = Vec::new();
        for (place, (segment, _)) in (0..).zip(&self.segments) {
            if !keep_going() {
                return None;
            }
            let found = ranked.iter_mut().filter(|ranked| ranked.place() == place);
            let near = meaning.join(segment, query, found).into_iter().flatten();
            alone.extend(near.filter_map(|(concept, near)| {
                let code = segment.code_at(concept)?;
                Some(Hit::new(code, score_alone(near), Found::Meaning(near.document)))
            }));
        }
        Some(alone)
    }

    /// Adds ranked documents, best first, sorting no more of them than there is room for, and between them the codes that
    /// were found by their meaning alone, which are sorted.
    fn collect(&self, collected: &mut Collected<'_>, ranked: &mut [Ranked], mut alone: &[Hit]) {
        let mut sorted = 0;
        while sorted < ranked.len() {
            let rest = &mut ranked[sorted..];
            let step = SORTED_AT_ONCE.max(sorted).min(rest.len());
            if step < rest.len() {
                rest.select_nth_unstable(step);
            }
            rest[..step].sort_unstable();
            let end = sorted + step;
            for at in sorted..end {
                let rest = &ranked[at..];
                if !self.collect_alone(collected, &mut alone, rest) {
                    return;
                }
                let Some(hit) = self.hit(ranked[at]) else { continue };
                if !collected.add(hit, &|header| self.below(header, rest, alone)) {
                    return;
                }
            }
            sorted = end;
        }
        self.collect_alone(collected, &mut alone, &[]);
    }

    /// Adds those found by their meaning alone that come before the first of `ranked`. `false` when there is no more room.
    fn collect_alone(
        &self,
        collected: &mut Collected<'_>,
        alone: &mut &[Hit],
        ranked: &[Ranked],
    ) -> bool {
        let next = ranked.first().map_or(f32::NEG_INFINITY, |ranked| ranked.score());
        while let Some((hit, rest)) = alone.split_first().filter(|(hit, _)| hit.score > next) {
            *alone = rest;
            if !collected.add(*hit, &|header| self.below(header, ranked, rest)) {
                return false;
            }
        }
        true
    }

    /// The codes below a header among ranked documents and those found by their meaning alone, best first.
    fn below(&self, header: Code, ranked: &[Ranked], alone: &[Hit]) -> Vec<Code> {
        let mut segments = (0_u8..).zip(&self.segments);
        let segment = segments.find(|(_, (segment, _))| segment.system == header.system());
        let Some((place, (segment, _))) = segment else { return Vec::new() };
        let documents = segment.documents_below(header.key());
        let is_inside = |it: &&Ranked| it.place() == place && documents.contains(&it.doc());
        let mut inside: Vec<_> = ranked.iter().filter(is_inside).copied().collect();
        inside.sort_unstable();
        let mut hits: Vec<_> = inside.into_iter().filter_map(|ranked| self.hit(ranked)).collect();
        hits.extend(alone.iter().filter(|hit| is_below(hit.code, header)));
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits.into_iter().map(|hit| hit.code).filter(|code| *code != header).collect()
    }

    /// The headers that stand in the query beside words.
    fn headers_beside_words(&self) -> impl Iterator<Item = Code> {
        let headers = self.named.iter().filter(|named| named.is_header && !self.terms.is_empty());
        headers.map(|named| named.code)
    }

    /// Adds the codes that stand in the query, but for headers beside words, then those that begin with it.
    fn add_codes(&self, collected: &mut Collected<'_>) {
        let alone = self.named.iter().filter(|named| !named.is_header || self.terms.is_empty());
        let alone = alone.map(|named| Hit::new(named.code, CODE_SCORE, Found::Code));
        let longer = self.segments.iter().flat_map(|(segment, _)| {
            code_query::beginning_with(segment, self.query.text)
                .map(|code| Hit::new(code, CODE_PREFIX_SCORE, Found::CodePrefix))
        });
        for hit in alone.chain(longer) {
            if !collected.add(hit, &|_| Vec::new()) {
                return;
            }
        }
    }

    fn hit(&self, ranked: Ranked) -> Option<Hit> {
        let segment = self.segments.get(usize::from(ranked.place()))?.0;
        let code = segment.code(*segment.documents.get(ranked.doc() as usize)?)?;
        Some(Hit::new(code, ranked.score(), Found::Description(ranked.doc())))
    }
}

fn is_below(code: Code, header: Code) -> bool {
    let (code_key, header_key) = (code.key(), header.key());
    code.system() == header.system() && code_key > header_key && code_key <= header_key.last_below()
}

impl fmt::Debug for Prepared<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("query", &self.query)
            .field("terms", &self.terms.len())
            .finish_non_exhaustive()
    }
}
