//! Codes that descriptions of a text may mean.

use crate::{
    date::Date, lazy::Lazy, tabular::TabularList, term_key, terminology::Terminology, texts::Texts,
};

/// A code with a title or term of a bucket.
///
/// A description of a text never leaves its process. What is asked for is the bucket that its words fall into, one of a
/// few thousand; the answer names every code with a title in that bucket, and the comparison of words takes place where
/// the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermMatch<'a> {
    /// The bucket that was asked for.
    pub bucket: u16,
    /// The code as its system writes it.
    pub code: &'a str,
    /// The title or inclusion term that falls into the bucket.
    pub term: &'a str,
    /// The official title.
    pub title: &'a str,
}

/// The codes of some buckets: where they stand in a tabular list, of which nothing is copied, or as they were told.
#[derive(Clone, Debug)]
pub enum TermMatches {
    /// All of a list in these buckets.
    Listed(Lazy<TabularList>, Box<[u16]>),
    /// What somebody else has found in a list.
    Told(ToldMatches),
}

impl TermMatches {
    /// All of them, one bucket after the other.
    pub fn iter(&self) -> impl Iterator<Item = TermMatch<'_>> {
        self.of_buckets(|_| true)
    }

    /// Those that may have one of some keys; see [`crate::term_key`].
    pub fn of_keys(&self, keys: &[u64]) -> impl Iterator<Item = TermMatch<'_>> {
        self.of_buckets(|bucket| keys.iter().any(|key| term_key::bucket(*key) == *bucket))
    }

    fn of_buckets(
        &self,
        is_wanted: impl Fn(&u16) -> bool + Clone,
    ) -> impl Iterator<Item = TermMatch<'_>> {
        let (listed, told) = match self {
            Self::Listed(list, buckets) => (Some((list, buckets)), None),
            Self::Told(told) => (None, Some(told.iter())),
        };
        let is_told = is_wanted.clone();
        let listed = listed.into_iter().flat_map(move |(list, buckets)| {
            let wanted = buckets.iter().copied().filter(is_wanted.clone());
            wanted.flat_map(|bucket| list.terms().names(list, bucket))
        });
        let told = told.into_iter().flatten();
        listed.chain(told.filter(move |it| is_told(&it.bucket)))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Bytes that they take.
    pub fn size(&self) -> usize {
        match self {
            Self::Listed(_, buckets) => size_of_val(&**buckets),
            Self::Told(told) => told.texts.size() + size_of_val(told.matches.as_slice()),
        }
    }
}

impl Default for TermMatches {
    fn default() -> Self {
        Self::Told(ToldMatches::default())
    }
}

/// Who says it makes no difference.
impl PartialEq for TermMatches {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Listed(list, buckets), Self::Listed(other, others)) if list.is(other) => {
                buckets == others
            }
            _ => self.iter().eq(other.iter()),
        }
    }
}

impl Eq for TermMatches {}

impl<'a> FromIterator<TermMatch<'a>> for TermMatches {
    fn from_iter<T: IntoIterator<Item = TermMatch<'a>>>(matches: T) -> Self {
        let mut told = ToldMatches::default();
        matches.into_iter().for_each(|it| told.push(it));
        Self::Told(told)
    }
}

/// Several of them in one piece of memory, in the order in which they were added: there are dozens in a bucket.
#[derive(Clone, Debug, Default)]
pub struct ToldMatches {
    texts: Texts,
    matches: Vec<Stored>,
}

/// One of them, as numbers of its texts.
#[derive(Clone, Copy, Debug)]
struct Stored {
    bucket: u16,
    code: u32,
    title: u32,
    term: u32,
}

impl ToldMatches {
    /// Adds one. A term that is the title itself takes no memory of its own.
    fn push(&mut self, added: TermMatch<'_>) {
        let code = self.texts.push(added.code);
        let title = self.texts.push(added.title);
        let term = if added.term == added.title { title } else { self.texts.push(added.term) };
        self.matches.push(Stored { bucket: added.bucket, code, title, term });
    }

    fn iter(&self) -> impl Iterator<Item = TermMatch<'_>> {
        self.matches.iter().map(|it| TermMatch {
            bucket: it.bucket,
            code: self.texts.get(it.code),
            term: self.texts.get(it.term),
            title: self.texts.get(it.title),
        })
    }
}

/// The codes with a title or term in one of the buckets, in the order of the buckets, then of the codes.
pub fn term_matches(terminology: &Terminology, buckets: &[u16], date: Date) -> TermMatches {
    let edition = terminology.edition_on(date).filter(|_| !buckets.is_empty());
    edition.map_or_else(TermMatches::default, |edition| {
        TermMatches::Listed(edition.list.clone(), buckets.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TODAY, sample};

    #[test]
    fn gives_back_what_was_added() {
        let added = [
            TermMatch {
                bucket: 7,
                code: "I10",
                term: "high blood pressure",
                title: "Hypertension",
            },
            TermMatch { bucket: 9, code: "I10", term: "Hypertension", title: "Hypertension" },
        ];
        let matches: TermMatches = added.into_iter().collect();
        assert!(matches.iter().eq(added));
    }

    #[test]
    fn what_was_told_is_what_is_listed() {
        let key = crate::term_key::TermReader::default().key("Essential hypertension").unwrap();
        let all: Vec<u16> = (0..term_key::BUCKETS).collect();
        let listed = term_matches(sample(), &all, TODAY);
        let told: TermMatches = listed.iter().collect();
        assert_eq!(listed, told);
        assert_ne!(listed, term_matches(sample(), &all[..9], TODAY));
        assert!(term_matches(sample(), &[], TODAY).is_empty());
        let of_key: Vec<_> = listed.of_keys(&[key]).collect();
        assert!(of_key.iter().any(|it| it.code == "I10"));
        assert!(of_key.iter().all(|it| it.bucket == term_key::bucket(key)));
        assert!(told.of_keys(&[key]).eq(of_key));
    }
}
