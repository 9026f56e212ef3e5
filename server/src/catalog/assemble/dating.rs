//! When codes may be used: every source of dates of a system, made into one life for each code.
//!
//! Who wins, for ICD-10: the newest code master, as far as it reaches (its horizon). A list of codes that is newer than
//! the horizon goes on from there: what it has and nobody knew begins with it, what it lacks has ended the day before.
//! Lists within the horizon change nothing; they are compared with it (see `agreement`). Where there is no master, the
//! lists alone date the codes, from the first one on.
//!
//! For HCPCS Level II the newest whole file wins, because each file carries all dates; a code that only an older file
//! has ended before the next file that lacks it. Codes of partial lists are known to have been in use, and no more.

use std::collections::BTreeMap;

use jiff::ToSpan;
use medcode_codes::{
    code::CodeKey,
    code_table::Lifetime,
    date::{Date, Period},
    flag::Flags,
    hcpcs_record::HcpcsRecord,
    release::{Content, Release},
};
use medcode_import::rows::CodeRow;

/// The codes of a whole list.
pub(super) struct CodeSet<'a> {
    pub(super) release: &'a Release,
    /// Sorted.
    pub(super) codes: Vec<CodeKey>,
}

impl CodeSet<'_> {
    /// Adds the codes of another file of the same release.
    pub(super) fn add(&mut self, codes: Vec<CodeKey>) {
        self.codes.extend(codes);
        self.codes.sort_unstable();
        self.codes.dedup();
    }
}

/// Codes of a partial list, with the days they were seen on.
pub(super) struct Sighting<'a> {
    pub(super) release: &'a Release,
    pub(super) codes: Vec<(CodeKey, Lifetime)>,
}

/// A code master.
pub(super) struct Master<'a> {
    pub(super) release: &'a Release,
    pub(super) horizon: Date,
    pub(super) codes: &'a [CodeRow],
}

/// The codes of a system with their lives, and what they rest on.
pub(super) struct Dated {
    pub(super) release: Release,
    pub(super) covered_from: Option<Date>,
    pub(super) horizon: Option<Date>,
    /// The last day on which a missing code does not exist, where that is later.
    pub(super) complete_to: Option<Date>,
    /// The last day covered of single codes, where it is not the horizon.
    pub(super) coverage: Vec<(CodeKey, Date)>,
    pub(super) lives: BTreeMap<CodeKey, Lifetime>,
}

impl Dated {
    /// The dates that a code master gives.
    pub(super) fn by_master(master: &Master<'_>) -> Self {
        Self {
            release: master.release.clone(),
            covered_from: None,
            horizon: Some(master.horizon),
            complete_to: None,
            coverage: Vec::new(),
            lives: master.codes.iter().map(|row| (row.code, row.lifetime)).collect(),
        }
    }

    /// The dates that lists alone give, oldest first. `None` without a list.
    pub(super) fn by_lists(sets: &[CodeSet<'_>]) -> Option<Self> {
        let (first, later) = sets.split_first()?;
        let start = first.release.version;
        let life = Lifetime::Dated(Period::since(start));
        let mut dated = Self {
            release: first.release.clone(),
            covered_from: Some(start),
            horizon: first.release.effective_to,
            complete_to: None,
            coverage: Vec::new(),
            lives: first.codes.iter().map(|code| (*code, life)).collect(),
        };
        for set in later {
            dated.go_on(set);
        }
        Some(dated)
    }

    /// Goes on with a list that is newer than everything so far.
    pub(super) fn go_on(&mut self, set: &CodeSet<'_>) {
        let start = set.release.version;
        let day_before = start.yesterday().unwrap_or(start);
        for (code, life) in &mut self.lives {
            if let Lifetime::Dated(period) = life
                && period.end.is_none_or(|end| end >= start)
                && set.codes.binary_search(code).is_err()
            {
                period.end = Some(day_before.max(period.start));
            }
        }
        for code in &set.codes {
            let life = self.lives.entry(*code).or_insert(Lifetime::Dated(Period::since(start)));
            match life {
                Lifetime::Dated(period) if period.end.is_some_and(|end| end < start) => {
                    // Never seen in ICD-10. The code is valid, and was once: one life from its first day on.
                    period.end = None;
                }
                Lifetime::Seen { .. } => *life = Lifetime::Dated(Period::since(start)),
                Lifetime::Dated(_) => {}
            }
        }
        self.horizon = set.release.effective_to.max(self.horizon);
        self.release = set.release.clone();
    }

    /// The dates of HCPCS Level II: whole files and lists of bare codes, both oldest first, then codes seen in use.
    pub(super) fn hcpcs(
        files: &[(&Release, &[HcpcsRecord])],
        lists: &[CodeSet<'_>],
        seen: &[Sighting<'_>],
    ) -> Option<Self> {
        let mut lives: BTreeMap<CodeKey, Lifetime> = BTreeMap::new();
        for sighting in seen {
            for (code, life) in &sighting.codes {
                add_sighting(&mut lives, *code, *life, sighting.release.version);
            }
        }
        let whole = files.iter().map(|(release, _)| *release);
        let whole = whole.chain(lists.iter().map(|set| set.release));
        let mut whole: Vec<_> = whole.collect();
        whole.sort_by_key(|release| release.version);
        for set in lists {
            let version = set.release.version;
            let life = Lifetime::Seen { first: version, last: version };
            for code in &set.codes {
                add_sighting(&mut lives, *code, life, version);
            }
        }
        for (release, records) in files {
            for record in *records {
                let code = record.code;
                let life = match record.added {
                    Some(start) => Lifetime::Dated(Period {
                        start,
                        end: record.terminated.map(|end| end.max(start)),
                    }),
                    None => Lifetime::Seen { first: release.version, last: release.version },
                };
                let newer = matches!(life, Lifetime::Dated(_));
                if newer || !lives.contains_key(&code) {
                    lives.insert(code, life);
                } else {
                    add_sighting(&mut lives, code, life, release.version);
                }
            }
        }
        end_what_is_gone(&mut lives, files, lists);
        let newest_seen = seen.iter().map(|it| it.release).max_by_key(|it| it.version);
        let release = whole.last().copied().or(newest_seen)?;
        // A list without dates holds codes that have ended beside those in force, so it moves no horizon: a code that an
        // older file calls open may have ended since.
        let dates = |(_, records): &&(&Release, &[HcpcsRecord])| {
            records.iter().any(|record| record.added.is_some())
        };
        let dated = files.iter().filter(dates).map(|(release, _)| *release);
        let dated = dated.max_by_key(|release| release.version);
        let newest_whole = whole.last().and_then(|release| release.effective_to);
        let release = dated.unwrap_or(release);
        let horizon = dated.map_or(newest_whole, |release| release.effective_to);
        let coverage = if whole.is_empty() {
            Vec::new()
        } else {
            cover_single_codes(&mut lives, seen, horizon)
        };
        Some(Self {
            release: release.clone(),
            covered_from: None,
            coverage,
            horizon,
            complete_to: newest_whole,
            lives,
        })
    }

    /// The codes in text order, with the flags of the master.
    pub(super) fn rows<'m>(
        &self,
        master: Option<&'m Master<'m>>,
    ) -> impl Iterator<Item = (CodeKey, Lifetime, &'m [(Period, Flags)])> {
        self.lives.iter().map(move |(code, life)| {
            let row = master.and_then(|master| {
                let index = master.codes.binary_search_by_key(code, |row| row.code).ok()?;
                Some(master.codes[index].flags.as_slice())
            });
            (*code, *life, row.unwrap_or_default())
        })
    }

    /// Whether a missing code does not exist.
    pub(super) fn content(&self) -> Content {
        self.release.content
    }
}

/// Whether a file holds a code.
type Holds<'a> = Box<dyn Fn(CodeKey) -> bool + 'a>;

/// A code of a whole file that later whole files lack has ended before the first of them.
fn end_what_is_gone(
    lives: &mut BTreeMap<CodeKey, Lifetime>,
    files: &[(&Release, &[HcpcsRecord])],
    lists: &[CodeSet<'_>],
) {
    let has = |records: &[HcpcsRecord], code| {
        records.binary_search_by_key(&code, |record| record.code).is_ok()
    };
    // Lists of bare codes hold no modifiers: that one is missing there says nothing.
    let mut whole: Vec<(Date, Holds<'_>)> = Vec::new();
    for (release, records) in files {
        whole.push((release.version, Box::new(move |code| has(records, code))));
    }
    for set in lists {
        let holds =
            move |code: CodeKey| code.length() < 5 || set.codes.binary_search(&code).is_ok();
        whole.push((set.release.version, Box::new(holds)));
    }
    whole.sort_by_key(|(version, _)| *version);
    for (code, life) in lives {
        let Lifetime::Dated(period) = life else { continue };
        if period.end.is_some() {
            continue;
        }
        let last = whole.iter().rposition(|(_, holds)| holds(*code));
        let Some((gone, _)) = last.and_then(|last| whole.get(last + 1)) else { continue };
        let end = gone.yesterday().unwrap_or(*gone);
        period.end = Some(end.max(period.start));
    }
}

/// What is known of single codes beside the dates of whole files: a code that was seen in use later is covered to the
/// end of that quarter, and has not ended before; of a code that only a list without dates has, ended codes among them,
/// it is not known whether it may be used.
fn cover_single_codes(
    lives: &mut BTreeMap<CodeKey, Lifetime>,
    seen: &[Sighting<'_>],
    horizon: Option<Date>,
) -> Vec<(CodeKey, Date)> {
    let mut in_use: BTreeMap<CodeKey, Date> = BTreeMap::new();
    for (code, life) in seen.iter().flat_map(|sighting| &sighting.codes) {
        if let Lifetime::Seen { last, .. } = life {
            in_use.entry(*code).and_modify(|known| *known = *last.max(known)).or_insert(*last);
        }
    }
    let mut coverage = Vec::new();
    for (code, life) in lives {
        match (in_use.get(code), &mut *life) {
            (Some(last), life) => {
                let quarter = last.checked_add(3.months()).and_then(Date::yesterday);
                let end = quarter.unwrap_or(*last);
                coverage.push((*code, horizon.map_or(end, |horizon| horizon.max(end))));
                if let Lifetime::Dated(period) = life
                    && period.end.is_some_and(|ended| ended < *last)
                {
                    period.end = None;
                }
            }
            (None, Lifetime::Seen { first, .. }) => {
                coverage.push((*code, first.yesterday().unwrap_or(*first)));
            }
            (None, Lifetime::Dated(_)) => {}
        }
    }
    coverage
}

/// Adds that a code was in use, unless its dates are known.
fn add_sighting(
    lives: &mut BTreeMap<CodeKey, Lifetime>,
    code: CodeKey,
    sighting: Lifetime,
    version: Date,
) {
    let (first, last) = match sighting {
        Lifetime::Seen { first, last } => (first, last),
        Lifetime::Dated(period) => (period.start, version.max(period.start)),
    };
    lives
        .entry(code)
        .and_modify(|life| {
            if let Lifetime::Seen { first: known_first, last: known_last } = life {
                *known_first = first.min(*known_first);
                *known_last = last.max(*known_last);
            }
        })
        .or_insert(Lifetime::Seen { first, last });
}
