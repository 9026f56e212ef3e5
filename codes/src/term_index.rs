//! The names of the complete codes of a tabular list, by the bucket that their words fall into.

use crate::{
    code_context::TermMatch,
    tabular::{NodeId, NodeKind, TabularList},
    term_key::{BUCKETS, TermReader, bucket},
};

/// At most this many names are given for a bucket.
const MOST: usize = 200;

/// One name of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    bucket: u16,
    node: NodeId,
    /// Position of the inclusion term among the node's notes; `None` for the title.
    note: Option<u32>,
}

/// The names of the codes that may be submitted as they stand: titles and inclusion terms of nodes without children that
/// take no 7th character.
#[derive(Debug)]
pub struct TermIndex {
    /// Sorted.
    entries: Vec<Entry>,
}

impl TermIndex {
    /// Reads every name of the list.
    pub fn of(list: &TabularList) -> Self {
        let mut reader = TermReader::default();
        let mut entries = Vec::new();
        for node in list.ids() {
            let complete = list.kind(node) == NodeKind::Code
                && list.is_leaf(node)
                && list.seventh_characters(node).is_none();
            if !complete {
                continue;
            }
            let mut add = |note: Option<u32>, term: &str| {
                let keys = reader.keys(term);
                entries.extend(keys.into_iter().map(|key| Entry {
                    bucket: bucket(key),
                    node,
                    note,
                }));
            };
            // "Other asthma" is not what is meant by asthma.
            let title = list.title(node);
            if !title.starts_with("Other ") {
                add(None, title);
            }
            for (position, note) in (0..).zip(list.own_notes(node)) {
                if note.kind.is_name() {
                    add(Some(position), note.text);
                }
            }
        }
        entries.sort_unstable();
        entries.dedup();
        Self { entries }
    }

    /// The names that fall into the bucket.
    pub fn names<'l>(
        &self,
        list: &'l TabularList,
        bucket: u16,
    ) -> impl Iterator<Item = TermMatch<'l>> {
        let start = self.entries.partition_point(|entry| entry.bucket < bucket.min(BUCKETS));
        let own = self.entries[start..].iter().take_while(move |entry| entry.bucket == bucket);
        own.take(MOST).filter_map(move |entry| {
            let term = match entry.note {
                None => list.title(entry.node),
                Some(position) => list.own_notes(entry.node).nth(position as usize)?.text,
            };
            Some(TermMatch {
                bucket,
                code: list.name(entry.node),
                term,
                title: list.title(entry.node),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        term_key::{TermReader, bucket},
        testing::{TODAY, sample},
    };

    /// The codes of a description.
    fn codes(description: &str) -> Vec<String> {
        let list = &sample().edition_on(TODAY).unwrap().list;
        let key = TermReader::default().key(description).unwrap();
        let names = list.terms().names(list, bucket(key));
        let same = names.filter(|it| TermReader::default().keys(it.term).contains(&key));
        let mut codes: Vec<_> = same.map(|it| it.code.to_owned()).collect();
        codes.dedup();
        codes
    }

    #[test]
    fn finds_codes_by_their_names() {
        assert_eq!(codes("Essential hypertension"), ["I10"]);
        assert_eq!(codes("HTN"), ["I10"]);
        assert_eq!(codes("cholera"), ["A00.9"]);
        assert_eq!(codes("type 2 diabetes with hyperglycemia"), ["E11.65"]);
        assert_eq!(codes("heart failure"), ["I50.9"]);
        assert!(codes("nothing of this kind").is_empty());
    }
}
