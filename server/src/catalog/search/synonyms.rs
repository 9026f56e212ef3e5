//! Words and phrases that mean what official titles say in other words.

use std::collections::{HashMap, HashSet};

use super::{
    links,
    words::{self, Stems},
};

/// One `word or phrase<TAB>words of titles` a line; `#` begins a comment.
const OWN: &str = include_str!("synonyms.tsv");

/// The same for whole queries: what the classification takes them to mean where nothing more is said.
const READINGS: &str = include_str!("readings.tsv");

/// Words of the longest phrase in the list.
pub(super) const LONGEST: usize = 4;

/// Another way to say something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Synonym {
    /// What people write.
    pub(super) said: String,
    /// What titles say.
    pub(super) meant: String,
}

/// Synonyms by the stems of what people write.
#[derive(Debug, Default)]
pub(super) struct Synonyms {
    by_said: HashMap<String, Vec<Synonym>>,
    /// The stems of the words that people write.
    stems: HashSet<Box<str>>,
}

impl Synonyms {
    /// The list that is part of the program.
    pub(super) fn own() -> Self {
        Self::read(OWN)
    }

    /// What whole queries mean.
    pub(super) fn readings() -> Self {
        let mut list = Self::read(READINGS);
        list.add_without_links();
        list
    }

    /// Lets everything be said without the words that link others as well, where that means nothing yet: those of a query
    /// may be others.
    fn add_without_links(&mut self) {
        let stems = Stems::english();
        let without = |synonyms: &Vec<Synonym>| {
            let said = words::words(&synonyms.first()?.said);
            let others = links::without(&said, &|_| false).filter(|others| others.len() > 1)?;
            let key = key(others.iter().map(|word| word.text.as_str()), &stems);
            Some((key, synonyms.clone()))
        };
        let mut found: Vec<_> = self.by_said.values().filter_map(without).collect();
        found.sort_by(|(_, a), (_, b)| a[0].said.cmp(&b[0].said));
        for (key, synonyms) in found {
            self.by_said.entry(key).or_insert(synonyms);
        }
    }

    /// Everything that can be said and what it means.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Synonym> {
        self.by_said.values().flatten()
    }

    fn read(list: &str) -> Self {
        let stems = Stems::english();
        let lines = list.lines().filter(|line| !line.starts_with('#'));
        let mut list = Self::default();
        for (said, meant) in lines.filter_map(|line| line.split_once('\t')) {
            let synonym = Synonym { said: said.to_owned(), meant: meant.to_owned() };
            let words = words::words(said);
            let key = key(words.iter().map(|word| word.text.as_str()), &stems);
            list.stems.extend(key.split(' ').map(Box::from));
            list.by_said.entry(key).or_default().push(synonym);
        }
        list
    }

    /// Whether a word stands in what people write.
    pub(super) fn hold(&self, word: &str, stems: &Stems) -> bool {
        written_out(word).split(' ').all(|word| self.stems.contains(&*stems.stem(word)))
    }

    /// What a word or a phrase can stand for, in the order of the list.
    pub(super) fn of<'w>(
        &self,
        words: impl IntoIterator<Item = &'w str>,
        stems: &Stems,
    ) -> &[Synonym] {
        self.by_said.get(&key(words, stems)).map_or(&[], Vec::as_slice)
    }
}

fn key<'w>(words: impl IntoIterator<Item = &'w str>, stems: &Stems) -> String {
    let mut key = String::new();
    for word in words.into_iter().flat_map(|word| written_out(word).split(' ')) {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(&stems.stem(word));
    }
    key
}

/// The words for which a word stands in every phrase.
fn written_out(word: &str) -> &str {
    match word {
        "h/o" | "hx" | "pmh" | "pmhx" => "history",
        "famhx" | "fh" | "fhx" => "family history",
        "ca" => "cancer",
        "pregnant" => "pregnancy",
        "cannot" | "unable" | "wont" => "cant",
        word => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_pair() {
        let lines = OWN.lines().chain(READINGS.lines());
        for line in lines.filter(|line| !line.starts_with('#')) {
            let (said, meant) = line.split_once('\t').unwrap_or_else(|| panic!("no tab: {line}"));
            assert!((1..=LONGEST).contains(&words::words(said).len()), "{line}");
            assert!(!words::words(meant).is_empty() && said != meant, "{line}");
        }
    }

    #[test]
    fn nothing_is_said_twice() {
        for list in [Synonyms::own(), Synonyms::readings()] {
            for synonyms in list.by_said.values() {
                let mut meant: Vec<_> = synonyms.iter().map(|synonym| &synonym.meant).collect();
                meant.sort_unstable();
                let twice = meant.windows(2).find(|pair| pair[0] == pair[1]);
                assert_eq!(twice, None, "{synonyms:?}");
            }
        }
    }

    #[test]
    fn knows_words_and_phrases_in_any_number() {
        let (list, stems) = (Synonyms::own(), Stems::english());
        let meant = |said: &str| {
            let words = words::words(said);
            let found = list.of(words.iter().map(|word| word.text.as_str()), &stems);
            found.iter().map(|synonym| synonym.meant.clone()).collect::<Vec<_>>()
        };
        assert_eq!(meant("heart attack"), ["myocardial infarction"]);
        assert_eq!(meant("kidney stones"), meant("kidney stone"));
        assert!(meant("attack").is_empty());
        assert_eq!(meant("hx stroke"), meant("history stroke"));
        let readings = Synonyms::readings();
        assert!(!readings.of(["assault", "bat"], &stems).is_empty());
        assert!(list.hold("attacks", &stems) && !list.hold("kidneystone", &stems));
    }
}
