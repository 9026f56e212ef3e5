//! Titles over the years: each text once, with the first and the last release that has it.
//!
//! A title is revised seldom, so a code has one or two runs even when a dozen releases are installed.

use std::{collections::HashMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

use super::TableError;
use crate::{
    code::CodeKey,
    date::{Begin, Date},
    release::Release,
};

/// A title and the release it is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title<'a> {
    /// Long title, or the only one that there is.
    pub text: &'a str,
    /// Short title; empty where the release has none.
    pub short: &'a str,
    /// The release.
    pub release: &'a Release,
}

/// A text in consecutive releases.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Run {
    first: u16,
    last: u16,
    start: u32,
    /// End of the long title, where the short one begins.
    middle: u32,
    end: u32,
}

/// The titles of the codes of a system.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Titles {
    releases: Vec<Release>,
    text: String,
    runs: Vec<Run>,
    /// The begin of each release, as nearness to a day is counted.
    #[serde(skip)]
    begins: OnceLock<Vec<Begin>>,
}

impl Titles {
    pub(super) fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The title of the nearest release among some runs.
    pub(super) fn near(&self, runs: (u32, u32), date: Date) -> Option<Title<'_>> {
        let begins = self.begins.get_or_init(|| {
            self.releases.iter().map(|release| Begin::of(release.version)).collect()
        });
        let date = Begin::of(date);
        let nearest = |run: &Run| {
            let (first, last) = (usize::from(run.first), usize::from(run.last));
            let of_run = (first..).zip(begins.get(first..=last)?);
            let near = of_run.map(|(release, begin)| (begin.rank(date), release));
            near.min().map(|(near, release)| (near, *run, release))
        };
        let candidates = self.runs(runs).iter().filter_map(nearest);
        let (_, run, release) = candidates.min_by_key(|(near, ..)| *near)?;
        self.title(run, self.releases.get(release)?)
    }

    /// The title of the newest release among some runs.
    pub(super) fn newest(&self, runs: (u32, u32)) -> Option<Title<'_>> {
        self.all(runs).last()
    }

    /// Every title of some runs, oldest first, each with the newest release that has it.
    pub(super) fn all(&self, runs: (u32, u32)) -> impl Iterator<Item = Title<'_>> {
        let newest = |run: &Run| self.title(*run, self.releases.get(usize::from(run.last))?);
        self.runs(runs).iter().filter_map(newest)
    }

    /// Where the text of a run begins.
    pub(super) fn text_at(&self, run: u32) -> u32 {
        self.runs.get(run as usize).map_or(0, |run| run.start)
    }

    /// Something of the text at a place, so that it is fetched.
    pub(super) fn touch(&self, at: u32) -> u8 {
        self.text.as_bytes().get(at as usize).copied().unwrap_or_default()
    }

    fn runs(&self, (start, end): (u32, u32)) -> &[Run] {
        self.runs.get(start as usize..end as usize).unwrap_or_default()
    }

    fn title<'a>(&'a self, run: Run, release: &'a Release) -> Option<Title<'a>> {
        let slice = |start: u32, end: u32| self.text.get(start as usize..end as usize);
        Some(Title {
            text: slice(run.start, run.middle)?,
            short: slice(run.middle, run.end)?,
            release,
        })
    }
}

/// Collects titles, release after release.
#[derive(Debug, Default)]
pub(super) struct TitleCollector {
    titles: Titles,
    by_key: HashMap<CodeKey, Vec<Run>, foldhash::fast::RandomState>,
}

impl TitleCollector {
    /// Adds a release; releases are added from the oldest to the newest.
    pub(super) fn release(&mut self, release: Release) -> Result<u16, TableError> {
        let number = u16::try_from(self.titles.releases.len()).map_err(|_| TableError::TooLarge)?;
        self.titles.releases.push(release);
        Ok(number)
    }

    /// Adds the title that a release gives to a key. Of two titles that one release gives, the first one stays.
    pub(super) fn title(
        &mut self,
        key: CodeKey,
        release: u16,
        long: &str,
        short: &str,
    ) -> Result<(), TableError> {
        let titles = &mut self.titles;
        let runs = self.by_key.entry(key).or_default();
        if let Some(last) = runs.last_mut() {
            let known = titles.title(*last, titles.releases.first().ok_or(TableError::TooLarge)?);
            let same = known.is_some_and(|known| known.text == long && known.short == short);
            if same || last.last >= release {
                last.last = last.last.max(release);
                return Ok(());
            }
        }
        let start = count(titles.text.len())?;
        titles.text.push_str(long);
        let middle = count(titles.text.len())?;
        titles.text.push_str(short);
        let end = count(titles.text.len())?;
        runs.push(Run { first: release, last: release, start, middle, end });
        Ok(())
    }

    /// The runs of a key, moved to their final place.
    pub(super) fn settle(&mut self, key: CodeKey) -> Result<(u32, u32), TableError> {
        let start = count(self.titles.runs.len())?;
        self.titles.runs.extend(self.by_key.remove(&key).unwrap_or_default());
        Ok((start, count(self.titles.runs.len())?))
    }

    /// The keys that have titles and were not settled, in text order.
    pub(super) fn left(&self) -> Vec<CodeKey> {
        let mut keys: Vec<_> = self.by_key.keys().copied().collect();
        keys.sort_unstable();
        keys
    }

    pub(super) fn finish(mut self) -> Titles {
        self.titles.text.shrink_to_fit();
        self.titles.runs.shrink_to_fit();
        self.titles
    }
}

fn count(length: usize) -> Result<u32, TableError> {
    u32::try_from(length).map_err(|_| TableError::TooLarge)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::release::Content;

    fn release(year: i16) -> Release {
        Release {
            dataset: "icd-10-cm".to_owned(),
            version: date(year - 1, 10, 1),
            effective_to: None,
            digest: String::new(),
            title: format!("FY{year}"),
            content: Content::Complete,
        }
    }

    #[test]
    fn gives_the_title_of_the_release_in_force_else_of_the_nearest() {
        let key = CodeKey::new("E119").unwrap();
        let mut collector = TitleCollector::default();
        for (year, title) in [(2021, "old"), (2022, "old"), (2024, "new"), (2026, "new")] {
            let number = collector.release(release(year)).unwrap();
            collector.title(key, number, title, "short").unwrap();
            collector.title(key, number, "of another file", "").unwrap();
        }
        let runs = collector.settle(key).unwrap();
        let titles = collector.finish();
        assert_eq!(runs, (0, 2));
        for (day, title, from) in [
            (date(2018, 1, 1), "old", "FY2021"),
            (date(2021, 10, 1), "old", "FY2022"),
            (date(2022, 10, 1), "old", "FY2022"),
            (date(2024, 3, 1), "new", "FY2024"),
            (date(2030, 1, 1), "new", "FY2026"),
        ] {
            let found = titles.near(runs, day).unwrap();
            assert_eq!((found.text, found.release.title.as_str()), (title, from), "{day}");
            assert_eq!(found.short, "short");
        }
        assert_eq!(titles.near((5, 9), date(2026, 1, 1)), None);
    }
}
