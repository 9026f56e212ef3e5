//! Codes that descriptions of a text may mean.

use crate::{date::Date, terminology::Terminology, texts::Texts};

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

/// Several of them in one piece of memory, in the order in which they were added: there are dozens in a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermMatches {
    texts: Texts,
    matches: Vec<Stored>,
}

/// One of them, as numbers of its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stored {
    bucket: u16,
    code: u32,
    title: u32,
    term: u32,
}

impl TermMatches {
    /// Adds one. A term that is the title itself takes no memory of its own.
    pub fn push(&mut self, added: TermMatch<'_>) {
        let code = self.texts.push(added.code);
        let title = self.texts.push(added.title);
        let term = if added.term == added.title { title } else { self.texts.push(added.term) };
        self.matches.push(Stored { bucket: added.bucket, code, title, term });
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = TermMatch<'_>> {
        self.matches.iter().map(|it| TermMatch {
            bucket: it.bucket,
            code: self.texts.get(it.code),
            term: self.texts.get(it.term),
            title: self.texts.get(it.title),
        })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.matches.is_empty()
    }

    /// Bytes that they take.
    pub fn size(&self) -> usize {
        self.texts.size() + size_of_val(self.matches.as_slice())
    }
}

impl<'a> Extend<TermMatch<'a>> for TermMatches {
    fn extend<T: IntoIterator<Item = TermMatch<'a>>>(&mut self, others: T) {
        others.into_iter().for_each(|other| self.push(other));
    }
}

impl<'a> FromIterator<TermMatch<'a>> for TermMatches {
    fn from_iter<T: IntoIterator<Item = TermMatch<'a>>>(matches: T) -> Self {
        let mut all = Self::default();
        all.extend(matches);
        all
    }
}

/// The codes with a title or term in one of the buckets, in the order of the buckets, then of the codes.
pub fn term_matches(terminology: &Terminology, buckets: &[u16], date: Date) -> TermMatches {
    let edition = terminology.edition_on(date).filter(|_| !buckets.is_empty());
    let Some(list) = edition.map(|edition| &edition.list) else { return TermMatches::default() };
    buckets.iter().flat_map(|bucket| list.terms().names(list, *bucket)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
