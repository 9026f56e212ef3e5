//! What other tables call a character: the same body system or section, and approaches everywhere.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use super::{
    section::{APPROACH, axis_names},
    table::{ClassKey, Derived, Label},
    words::Word,
};

/// What most tables call each approach. Approaches mean the same everywhere.
pub(super) fn approaches(results: &[([u8; 3], Derived)]) -> BTreeMap<u8, Vec<Word>> {
    let mut votes: BTreeMap<u8, Ballot<'_>> = BTreeMap::new();
    for (table, result) in results {
        for (key, label) in result {
            if let (Label::Words(words), true) = (label, axis_names(table[0])[key.axis] == APPROACH)
            {
                vote(votes.entry(key.character).or_default(), words, *table);
            }
        }
    }
    votes
        .into_iter()
        .filter_map(|(character, votes)| Some((character, winners(&votes).into_iter().next()?.0)))
        .collect()
}

/// The tables that use a label.
#[derive(Clone, Copy)]
struct Votes {
    count: usize,
    /// One of them.
    table: [u8; 3],
}

/// Labels, best first.
type Ranking = Vec<(Vec<Word>, Votes)>;

type Ballot<'a> = HashMap<&'a [Word], Votes>;

fn vote<'a>(ballot: &mut Ballot<'a>, words: &'a [Word], table: [u8; 3]) {
    ballot.entry(words).or_insert(Votes { count: 0, table }).count += 1;
}

/// The labels with the most votes, best first.
fn winners(ballot: &Ballot<'_>) -> Ranking {
    let mut ranked: Vec<_> = ballot.iter().collect();
    ranked.sort_unstable_by_key(|(words, votes)| {
        (Reverse(votes.count), Reverse(words.len()), **words)
    });
    ranked.into_iter().take(4).map(|(words, votes)| (words.to_vec(), *votes)).collect()
}

/// The labels of the round before, by how near their tables are.
pub(super) struct Elsewhere {
    systems: HashMap<([u8; 2], usize, u8), Ranking>,
    sections: HashMap<(u8, usize, u8), Ranking>,
    approaches: BTreeMap<u8, Vec<Word>>,
}

impl Elsewhere {
    pub(super) fn new(results: &[([u8; 3], Derived)]) -> Self {
        let mut systems: HashMap<_, Ballot<'_>> = HashMap::new();
        let mut sections: HashMap<_, Ballot<'_>> = HashMap::new();
        for (table, result) in results {
            let [first, second, _] = *table;
            for (key, label) in result {
                let Label::Words(words) = label else { continue };
                let system = ([first, second], key.axis, key.character);
                vote(systems.entry(system).or_default(), words, *table);
                let section = (first, key.axis, key.character);
                vote(sections.entry(section).or_default(), words, *table);
            }
        }
        Self {
            systems: systems.iter().map(|(it, votes)| (*it, winners(votes))).collect(),
            sections: sections.iter().map(|(it, votes)| (*it, winners(votes))).collect(),
            approaches: approaches(results),
        }
    }

    /// The labels to try for a class of `table`, best first.
    pub(super) fn labels(&self, table: [u8; 3], key: ClassKey) -> impl Iterator<Item = &[Word]> {
        let [first, second, _] = table;
        let approach = axis_names(first)[key.axis] == APPROACH;
        let approach = approach.then(|| self.approaches.get(&key.character)).flatten();
        let system = self.systems.get(&([first, second], key.axis, key.character));
        // Body parts differ from system to system.
        let section = self.sections.get(&(first, key.axis, key.character)).filter(|_| key.axis > 0);
        let near = [system, section].into_iter().flatten().flatten();
        let near = near.filter(move |(_, votes)| votes.count > 1 || votes.table != table);
        approach.into_iter().chain(near.map(|(words, _)| words)).map(Vec::as_slice)
    }
}
