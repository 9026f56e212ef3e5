//! Which codes follow a code that has ended.

use crate::{
    code::{Code, CodeKey},
    code_table::{CodeTable, Entry, ReplacementSource},
    date::Date,
    system::CodeSystem,
    terminology::Terminology,
};

/// At most this many codes are offered where the choice is only "a valid code of the same parent".
const MOST_CHOICES: usize = 20;

/// A code to use instead of one that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The code, valid on the date asked about.
    pub code: Code,
    /// Its first day.
    pub effective_from: Option<Date>,
    /// Where this is known from.
    pub source: ReplacementSource,
}

/// The codes that replace one that ended before `date`, each valid on `date`. Empty when it has not ended.
///
/// The official conversion table comes first; where it has no row: longer codes below the ended one (for complete
/// codes: codes of the same stem) that start the day after; then codes under the stem shortened by one character that
/// start that day; then the valid codes of the parent.
pub fn successors(terminology: &Terminology, code: Code, date: Date) -> Vec<Replacement> {
    let Some(table) = terminology.table(code.system()) else { return Vec::new() };
    let Some(entry) = table.get(code.key()) else { return Vec::new() };
    if ended(&entry).is_none_or(|end| end >= date) {
        return Vec::new();
    }
    let search = Search { table, date };
    let with_source = |keys: Vec<CodeKey>, source| {
        let replacement = move |key: CodeKey| {
            let effective_from = table.get(key)?.lifetime().period().map(|period| period.start);
            Some(Replacement { code: Code::from_key(code.system(), key)?, effective_from, source })
        };
        keys.into_iter().filter_map(replacement).collect::<Vec<_>>()
    };
    let converted = search.follow(code.key(), &mut vec![code.key()], Search::converted);
    if !converted.is_empty() {
        return with_source(converted, official_source(code.system()));
    }
    let derived = search.follow(code.key(), &mut vec![code.key()], Search::next_day);
    if !derived.is_empty() {
        return with_source(derived, ReplacementSource::Derived);
    }
    with_source(search.parent(code.key()), ReplacementSource::Parent)
}

/// Where the official successors of a system are published.
pub fn official_source(system: CodeSystem) -> ReplacementSource {
    match system {
        CodeSystem::Hcpcs => ReplacementSource::CrossReference,
        _ => ReplacementSource::ConversionTable,
    }
}

fn ended(entry: &Entry<'_>) -> Option<Date> {
    entry.lifetime().period()?.end
}

struct Search<'a> {
    table: &'a CodeTable,
    date: Date,
}

impl Search<'_> {
    /// Takes steps until the codes are valid on the date. `seen` guards against circles.
    fn follow(
        &self,
        from: CodeKey,
        seen: &mut Vec<CodeKey>,
        step: fn(&Self, CodeKey) -> Vec<CodeKey>,
    ) -> Vec<CodeKey> {
        let mut found = Vec::new();
        for key in step(self, from) {
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            if self.is_valid(key) {
                found.push(key);
            } else if self
                .table
                .get(key)
                .is_some_and(|entry| ended(&entry).is_some_and(|end| end < self.date))
            {
                found.extend(self.follow(key, seen, step));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn converted(&self, from: CodeKey) -> Vec<CodeKey> {
        self.table.converted(from).filter(|key| *key != from).collect()
    }

    fn next_day(&self, from: CodeKey) -> Vec<CodeKey> {
        let Some(end) = self.table.get(from).and_then(|entry| ended(&entry)) else {
            return Vec::new();
        };
        let Ok(next) = end.tomorrow() else { return Vec::new() };
        let starting = |prefix: CodeKey| -> Vec<CodeKey> {
            let entries = self.table.below(prefix).filter(|entry| entry.key() != from);
            let starts = |entry: &Entry<'_>| {
                entry.lifetime().period().is_some_and(|period| period.start == next)
            };
            entries.filter(starts).map(|entry| entry.key()).collect()
        };
        let stem = stem(self.table.system(), from);
        let below = starting(stem);
        if below.is_empty() && stem.length() > 3 {
            starting(stem.prefix(stem.length() - 1))
        } else {
            below
        }
    }

    /// The valid codes of the nearest parent that has any.
    fn parent(&self, from: CodeKey) -> Vec<CodeKey> {
        let shortest = if self.table.system() == CodeSystem::Icd10Cm { 3 } else { 4 };
        for length in (shortest..from.length()).rev() {
            let below = self.table.below(from.prefix(length)).map(|entry| entry.key());
            let valid: Vec<_> = below
                .filter(|key| *key != from && self.is_valid(*key))
                .take(MOST_CHOICES)
                .collect();
            if !valid.is_empty() {
                return valid;
            }
        }
        Vec::new()
    }

    fn is_valid(&self, key: CodeKey) -> bool {
        let period = self.table.get(key).and_then(|entry| entry.lifetime().period());
        period.is_some_and(|period| period.contains(self.date))
    }
}

/// What a code shares with those that replace it: the code itself, or for a complete code with a 7th character its
/// six characters without placeholders.
fn stem(system: CodeSystem, key: CodeKey) -> CodeKey {
    if system != CodeSystem::Icd10Cm || key.length() < 7 {
        return key;
    }
    let mut stem = key.prefix(6);
    while stem.length() > 3 && stem.character(stem.length() - 1) == Some('X') {
        stem = stem.prefix(stem.length() - 1);
    }
    stem
}
