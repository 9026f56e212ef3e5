//! A query that has been read: it ranks codes and explains why each was found.

use std::{cell::RefCell, cmp::Ordering, collections::HashMap, fmt};

use medcode_codes::{code::Code, system::CodeSystem};

use super::{
    BESIDE_WORDS, CODE_PREFIX_SCORE, CODE_SCORE, Found, Hit, Hits, MOST_HITS, Query,
    code_query::{self, Named},
    collected::{Admission, Collected},
    rank::{self, Scored, SumsPool},
    resolve::ResolvedWord,
    segment::Segment,
    terms::Term,
};

/// Ranked documents that are sorted before they are looked at; each time more.
const SORTED_AT_ONCE: usize = 128;

/// A query that has been read.
pub struct Prepared<'q> {
    pub(super) sums: &'q SumsPool,
    pub(super) query: Query<'q>,
    /// The codes that stand in it.
    pub(super) named: Vec<Named>,
    /// The words beside them.
    pub(super) terms: Vec<Term>,
    pub(super) segments: Vec<(&'q Segment, Vec<ResolvedWord<'q>>)>,
    /// The stems of words of texts that were explained: hits of a query share most of theirs.
    pub(super) explained: RefCell<HashMap<(CodeSystem, String), Option<u32>>>,
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
        let beside_codes = self.find_codes(&mut collected, keep_going)?;
        if !self.named.is_empty() && self.terms.is_empty() {
            return Some(collected.hits);
        }
        for (place, hit) in beside_codes.iter().enumerate() {
            let behind = &beside_codes[place + 1..];
            let below = |header: Code| {
                let codes = behind.iter().map(|hit| hit.code);
                codes.filter(|code| is_below(*code, header)).collect()
            };
            if !collected.add(*hit, &below) {
                return Some(collected.hits);
            }
        }
        let mut ranked = Vec::new();
        for (place, (segment, words)) in self.segments.iter().enumerate() {
            let all = segment.all_documents();
            let ranking = rank::rank(segment, words, all, self.sums, keep_going)?;
            collected.hits.more |= ranking.cut;
            ranked.extend(ranking.documents.into_iter().map(|scored| Ranked { place, scored }));
        }
        self.collect(&mut collected, &mut ranked);
        Some(collected.hits)
    }

    /// Adds ranked documents, best first, sorting no more of them than there is room for.
    fn collect(&self, collected: &mut Collected<'_>, ranked: &mut [Ranked]) {
        let mut sorted = 0;
        while sorted < ranked.len() {
            let rest = &mut ranked[sorted..];
            let step = SORTED_AT_ONCE.max(sorted).min(rest.len());
            if step < rest.len() {
                rest.select_nth_unstable_by(step, Ranked::best_first);
            }
            rest[..step].sort_unstable_by(Ranked::best_first);
            let end = sorted + step;
            for at in sorted..end {
                let Some(hit) = self.hit(&ranked[at]) else { continue };
                if !collected.add(hit, &|header| self.below(header, &ranked[at..])) {
                    return;
                }
            }
            sorted = end;
        }
    }

    /// The codes below a header among ranked documents, best first.
    fn below(&self, header: Code, ranked: &[Ranked]) -> Vec<Code> {
        let place = self.segments.iter().position(|(it, _)| it.system == header.system());
        let Some((place, (segment, _))) = place.map(|place| (place, &self.segments[place])) else {
            return Vec::new();
        };
        let documents = segment.documents_below(header.key());
        let is_inside = |it: &&Ranked| it.place == place && documents.contains(&it.scored.doc);
        let mut inside: Vec<_> = ranked.iter().filter(is_inside).copied().collect();
        inside.sort_unstable_by(Ranked::best_first);
        let codes = inside.iter().filter_map(|ranked| Some(self.hit(ranked)?.code));
        codes.filter(|code| is_below(*code, header)).collect()
    }

    /// Adds the codes that stand in the query, then those that begin with it. What the words beside a header find below
    /// it is given back, best first, with the header behind: it comes before what the words find elsewhere.
    fn find_codes(
        &self,
        collected: &mut Collected<'_>,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<Hit>> {
        let mut below = Vec::new();
        let is_beside_words = |named: &Named| named.is_header && !self.terms.is_empty();
        for named in &self.named {
            let code = named.code;
            if !is_beside_words(named) {
                collected.add(Hit::new(code, CODE_SCORE, Found::Code), &|_| Vec::new());
                continue;
            }
            for (place, (segment, words)) in self.segments.iter().enumerate() {
                if segment.system == code.system() {
                    let within = segment.documents_below(code.key());
                    let ranking = rank::rank(segment, words, within, self.sums, keep_going)?;
                    let ranked = ranking.documents.into_iter();
                    let hits = ranked.filter_map(|scored| self.hit(&Ranked { place, scored }));
                    below.extend(hits.map(|hit| Hit { score: hit.score + BESIDE_WORDS, ..hit }));
                }
            }
        }
        below.sort_by(|a, b| b.score.total_cmp(&a.score));
        let headers = self.named.iter().filter(|named| is_beside_words(named));
        below.extend(headers.map(|named| Hit::new(named.code, BESIDE_WORDS, Found::Code)));
        for (segment, _) in &self.segments {
            for code in code_query::beginning_with(segment, self.query.text) {
                let hit = Hit::new(code, CODE_PREFIX_SCORE, Found::CodePrefix);
                if !collected.add(hit, &|_| Vec::new()) {
                    return Some(below);
                }
            }
        }
        Some(below)
    }

    fn hit(&self, ranked: &Ranked) -> Option<Hit> {
        let Ranked { place, scored } = *ranked;
        let segment = self.segments.get(place)?.0;
        let code = segment.code(*segment.documents.get(scored.doc as usize)?)?;
        Some(Hit::new(code, scored.score, Found::Description(scored.doc)))
    }
}

/// A document of one of the systems that are searched.
#[derive(Clone, Copy, Debug)]
struct Ranked {
    /// Place of its system among them.
    place: usize,
    scored: Scored,
}

impl Ranked {
    /// Best first; at equal score in the order of systems and codes.
    fn best_first(&self, other: &Self) -> Ordering {
        let by_score = other.scored.score.total_cmp(&self.scored.score);
        by_score.then(self.place.cmp(&other.place)).then(self.scored.doc.cmp(&other.scored.doc))
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
