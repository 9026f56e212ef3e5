//! The title of a concept, where it is taken from, and the titles that it had.

use std::borrow::Cow;

use super::{Concept, Identity};
use crate::{
    code_table::Title, date::fiscal_year, release::Release, system::CodeSystem, tabular::Location,
    terminology::Edition,
};

/// Where a title is taken from.
enum TitleSource<'a> {
    /// The tabular list.
    Place(&'a Edition, Location),
    /// A title list.
    List(Title<'a>),
    /// What the characters of a beginning mean.
    Axes(Cow<'a, str>, &'a Release),
}

impl<'a> Concept<'a> {
    /// The title and the release it is taken from. `None` when no installed release has one.
    ///
    /// The tabular list and the title lists compete by their nearness to the date; in the same fiscal year the tabular
    /// list wins, because it alone writes names with their accents.
    pub fn title(&self) -> Option<(Cow<'a, str>, &'a Release)> {
        match self.title_source()? {
            TitleSource::Place(edition, location) => {
                Some((edition.list.full_title(location), &edition.release))
            }
            TitleSource::List(title) => Some((Cow::Borrowed(title.text), title.release)),
            TitleSource::Axes(title, release) => Some((title, release)),
        }
    }

    /// The release that the title is taken from: as [`Self::title`] says, without making the title.
    pub fn title_release(&self) -> Option<&'a Release> {
        match self.title_source()? {
            TitleSource::Place(edition, _) => Some(&edition.release),
            TitleSource::List(title) => Some(title.release),
            TitleSource::Axes(_, release) => Some(release),
        }
    }

    fn title_source(&self) -> Option<TitleSource<'a>> {
        let year = fiscal_year(self.date);
        let years_off = |release: &Release| fiscal_year(release.version).abs_diff(year);
        // The usual case, in which the title lists need not be asked.
        if let Some((edition, location)) = self.place
            && years_off(&edition.release) == 0
        {
            return Some(TitleSource::Place(edition, location));
        }
        let listed = self.listed_title();
        if let Some((edition, location)) = self.place
            && listed.is_none_or(|listed| years_off(&edition.release) <= years_off(listed.release))
        {
            return Some(TitleSource::Place(edition, location));
        }
        let axes = || self.axes_title().map(|(title, release)| TitleSource::Axes(title, release));
        listed.map(TitleSource::List).or_else(axes)
    }

    /// The title of a beginning of ICD-10-PCS codes: what its last character says. Body system and operation name a
    /// table together.
    fn axes_title(&self) -> Option<(Cow<'a, str>, &'a Release)> {
        let prefix = self.prefix().filter(|_| self.system == CodeSystem::Icd10Pcs)?;
        // The axes are read off the newest titles.
        let release = self.terminology.table(self.system)?.title_releases().last()?;
        let axes = self.terminology.supplements().pcs_axes.of(prefix);
        let label = |index: usize| axes.get(index)?.label;
        let last = prefix.length().checked_sub(1)?;
        let title = match (last, label(last)?) {
            (2, operation) => Cow::Owned(format!("{}, {operation}", label(1)?)),
            (_, label) => Cow::Borrowed(label),
        };
        Some((title, release))
    }

    /// The title that the title lists give, with the short title beside it.
    pub fn listed_title(&self) -> Option<Title<'a>> {
        let table = self.terminology.table(self.system)?;
        let header = match self.identity {
            Identity::Code(code) => code.key(),
            Identity::Prefix(prefix) => prefix,
            Identity::Group => return None,
        };
        self.entry
            .and_then(|entry| entry.title(self.date))
            .or_else(|| table.header_title(header, self.date))
    }

    /// Titles of releases before the one that gives the present title, each with the newest release that has it, oldest
    /// first. Titles that are the present one again are left out.
    pub fn former_titles(&self) -> Vec<(String, &'a Release)> {
        let entry = self.entry.filter(|_| self.system == CodeSystem::Icd10Cm);
        if entry.is_some_and(|entry| self.terminology.has_one_title(entry)) {
            return Vec::new();
        }
        self.find_former_titles()
    }

    pub(crate) fn find_former_titles(&self) -> Vec<(String, &'a Release)> {
        let Some((present, release)) = self.title() else { return Vec::new() };
        // Most titles are never revised: nothing is copied before it is known to be another one.
        let is_former =
            |title: &str, of: &Release| of.version < release.version && *title != *present;
        let listed = self.entry.into_iter().flat_map(|entry| entry.titles());
        let listed = listed.filter(|title| is_former(title.text, title.release));
        let listed = listed.map(|title| (title.text.to_owned(), title.release));
        let code = self.code().filter(|_| self.system == CodeSystem::Icd10Cm);
        let places = code.map(|code| self.terminology.places_of(code.key(), self.entry));
        let places = places.into_iter().flatten();
        let earlier = places.filter(|(edition, _)| edition.release.version < release.version);
        let editions = earlier.filter_map(|(edition, location)| {
            let is_present = edition.list.is_titled(location, &present);
            let title = || edition.list.full_title(location).into_owned();
            (!is_present).then(|| (title(), &edition.release))
        });
        let mut found: Vec<(String, &Release)> = listed.chain(editions).collect();
        found.sort_by_key(|(_, of)| of.version);
        // The newest release of a title stays.
        let mut kept: Vec<(String, &Release)> = Vec::new();
        for (title, of) in found {
            kept.retain(|(known, _)| *known != title);
            kept.push((title, of));
        }
        kept
    }
}
