//! Where a code stands in a note, and what has to be written there.

use std::{ops::Range, sync::Arc};

use medcode_codes::{
    code::Code,
    date::Date,
    note::{Form, Mention, Note, Place},
    system::CodeSystem,
};

use super::{
    super::encounter_date::{date_at, encounter_at},
    Titles,
};
use crate::{
    documents::Document,
    positions::{Encoding, Grid, LineTable, Span},
    protocol::Url,
    sought::{Coded, is_evident},
};

/// A note that is looked through, open or read from the disk.
pub(super) struct Source {
    pub(super) uri: Url,
    /// The version of an open note.
    pub(super) version: Option<i32>,
    text: Text,
    note: Arc<Note>,
}

enum Text {
    Open(Arc<Document>),
    Read(String),
}

/// A place where the code stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// Bytes of the code.
    range: Range<usize>,
    /// The words that describe it.
    description: Option<Range<usize>>,
    /// The date of its encounter.
    pub(super) date: Date,
    /// It stands in prose, and not behind a label or in a structure.
    pub(super) is_prose: bool,
    /// It is written without a point, in a format that has none.
    is_plain: bool,
}

impl Source {
    /// An open note.
    pub(super) fn open(document: &Arc<Document>, note: Arc<Note>) -> Self {
        let text = Text::Open(document.clone());
        Self { uri: document.uri.clone(), version: Some(document.version), text, note }
    }

    /// A note from the disk.
    pub(super) fn read(uri: Url, text: String) -> Self {
        let note = Arc::new(medcode_codes::note::scan(&text));
        Self { uri, version: None, text: Text::Read(text), note }
    }

    fn text(&self) -> &str {
        match &self.text {
            Text::Open(document) => document.text(),
            Text::Read(text) => text,
        }
    }

    /// Where the code stands: in the encounter `only`, or anywhere. Of bare tokens, which may be anything, only the one
    /// at the caret counts.
    pub(super) fn occurrences(
        &self,
        code: Code,
        only: Option<usize>,
        caret: Option<&Range<usize>>,
        as_of: Date,
    ) -> Vec<Occurrence> {
        let text = self.text();
        let is_meant = |mention: &&Mention| {
            mention.form == Form::Code
                && (is_evident(mention) || caret == Some(&mention.range))
                && Coded::of(mention, text) == Some(Coded::from(code))
                && only
                    .is_none_or(|only| encounter_at(&self.note, mention.range.start) == Some(only))
        };
        let occurrence = |mention: &Mention| {
            let written = text.get(mention.range.clone()).unwrap_or_default();
            Occurrence {
                range: mention.range.clone(),
                description: mention.description.clone(),
                date: date_at(&self.note, mention.range.start, as_of),
                is_prose: mention.place == Place::Prose,
                is_plain: mention.place == Place::Claim && !written.contains('.'),
            }
        };
        self.note.mentions.iter().filter(is_meant).map(occurrence).collect()
    }

    /// What is written at each place: the new code, and in the place of an official title beside it the new title.
    pub(super) fn edits(
        &self,
        found: &[Occurrence],
        new: Code,
        titles: &Titles,
        encoding: Encoding,
    ) -> Vec<(Span, String)> {
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for occurrence in found {
            let code = match new.system() {
                CodeSystem::Icd10Cm if occurrence.is_plain => new.key().text().to_string(),
                _ => new.to_string(),
            };
            edits.push((occurrence.range.clone(), code));
            edits.extend(titles.get(&occurrence.date).and_then(|(old, new)| {
                let words = occurrence.description.clone()?;
                let place = title_in(self.text(), words, old)?;
                let written = self.text().get(place.clone())?;
                (!new.is_empty()).then(|| (place, in_the_manner_of(written, new)))
            }));
        }
        edits.sort_by_key(|(range, _)| range.start);
        // Two codes may share their words.
        edits.dedup_by(|next, before| next.0.start < before.0.end);
        let with = |grid: Grid<'_>| {
            edits.iter().map(|(range, text)| (grid.span(range), text.clone())).collect()
        };
        match &self.text {
            Text::Open(document) => with(document.grid(encoding)),
            Text::Read(text) => with(Grid::new(text, &LineTable::new(text), encoding)),
        }
    }
}

/// Where `title` stands in the words that describe a code: as all of them, at their front or at their end.
fn title_in(text: &str, words: Range<usize>, title: &str) -> Option<Range<usize>> {
    let written = text.get(words.clone())?;
    let ends_word = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    let begins_word = |rest: &str| !rest.ends_with(char::is_alphanumeric);
    if title.is_empty() {
        return None;
    }
    if let Some((front, rest)) = written.split_at_checked(title.len())
        && front.eq_ignore_ascii_case(title)
        && ends_word(rest)
    {
        return Some(words.start..words.start + title.len());
    }
    let from = written.len().checked_sub(title.len())?;
    let (rest, back) = written.split_at_checked(from)?;
    (back.eq_ignore_ascii_case(title) && begins_word(rest)).then(|| words.start + from..words.end)
}

/// The title with a small letter at its front where the one before has one, unless it begins with an abbreviation.
fn in_the_manner_of(written: &str, title: &str) -> String {
    let mut letters = title.chars();
    match letters.next() {
        Some(first)
            if written.starts_with(char::is_lowercase)
                && letters.as_str().starts_with(|it: char| it.is_lowercase() || it == ' ') =>
        {
            first.to_lowercase().chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use medcode_codes::date::parse_iso;

    use super::*;

    const OLD: &str = "Type 2 diabetes mellitus without complications";
    const NEW: &str = "Type 2 diabetes mellitus with hyperglycemia";

    fn code(text: &str) -> Code {
        Code::parse(CodeSystem::Icd10Cm, text).unwrap()
    }

    /// The text after the first code that stands in it was renamed to E11.65.
    fn renamed(text: &str, only: Option<usize>) -> String {
        let source = Source::read("file:///a.md".parse().unwrap(), text.to_owned());
        let today = parse_iso("2026-03-02").unwrap();
        let found = source.occurrences(code("E11.9"), only, None, today);
        let titles = found.iter().map(|it| (it.date, (OLD.to_owned(), NEW.to_owned()))).collect();
        let edits = source.edits(&found, code("E11.65"), &titles, Encoding::Utf16);
        let lines = LineTable::new(text);
        let grid = Grid::new(text, &lines, Encoding::Utf16);
        let mut after = text.to_owned();
        for (span, new) in edits.into_iter().rev() {
            after.replace_range(grid.range(span).0, &new);
        }
        after
    }

    #[test]
    fn replaces_codes_and_official_titles() {
        let text = format!(
            "Dx: E11.9 - {OLD}\n😀 {} (E11.9) again\n- E11.9 sugar\n- E11.91, E10.9\nThey met in E119 twice.\n",
            OLD.to_lowercase()
        );
        let after = renamed(&text, None);
        assert_eq!(
            after,
            format!(
                "Dx: E11.65 - {NEW}\n😀 {} (E11.65) again\n- E11.65 sugar\n- E11.91, E10.9\nThey met in E119 twice.\n",
                NEW.replacen('T', "t", 1)
            )
        );
        assert_eq!(renamed(&after, None), after);
    }

    #[test]
    fn keeps_to_the_encounter() {
        let text = "## Visit 2026-01-05\nDx: E11.9\n\n## Visit 2026-02-05\nDx: E11.9\n";
        assert_eq!(
            renamed(text, Some(1)),
            "## Visit 2026-01-05\nDx: E11.9\n\n## Visit 2026-02-05\nDx: E11.65\n"
        );
    }

    #[test]
    fn finds_whole_titles_only() {
        let found =
            |text: &str| title_in(text, 0..text.len(), "Gout").map(|range| text[range].to_owned());
        assert_eq!(found("gout").as_deref(), Some("gout"));
        assert_eq!(found("Gout, worse").as_deref(), Some("Gout"));
        assert_eq!(found("History of gout").as_deref(), Some("gout"));
        assert_eq!(found("Goutish"), None);
        assert_eq!(found("éGout"), None);
        assert_eq!(found("é"), None);
        assert_eq!(in_the_manner_of("gout", "HIV disease"), "HIV disease");
    }
}
