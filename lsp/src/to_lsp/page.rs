//! A code as a page to read: Markdown that reads well unrendered, or plain text.

use std::{collections::HashMap, fmt::Write};

use medcode_codes::{
    date::Date,
    fact::UnavailableReason,
    system::{
        CodeSystem,
        cpt::{self, Category},
    },
};

use crate::concept::{Looked, Titled};

mod concept;
mod particulars;
mod references;

pub(crate) use concept::named_codes;

/// The most children, 7th characters or inclusion terms that a page lists.
const MAX_LISTED: usize = 20;

/// The most lines of a page.
const MAX_LINES: usize = 40;

/// Where codes lead to: addresses by code as published.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links(HashMap<String, String>);

impl Links {
    /// Adds where a code leads to.
    pub(crate) fn add(&mut self, code: String, address: String) {
        self.0.insert(code, address);
    }

    fn of(&self, code: &str) -> Option<&str> {
        self.0.get(code).map(String::as_str)
    }
}

/// A page under construction: paragraphs of lines.
pub(crate) struct Page {
    markdown: bool,
    links: Links,
    paragraphs: Vec<Vec<String>>,
    /// What stands at the end however long the page is: issues, then releases.
    ending: Vec<Vec<String>>,
    /// The code, and its address, that shows what does not fit.
    more: Option<(String, String)>,
}

/// What a page about a code is made from.
pub(crate) struct Subject<'a> {
    /// The system the code was asked for in.
    pub(crate) system: CodeSystem,
    /// The code as it is written in the note.
    pub(crate) written: &'a str,
    /// What was learned.
    pub(crate) looked: &'a Looked,
    /// The direct children, where there are any to show.
    pub(crate) children: &'a [Titled],
    /// The date asked about.
    pub(crate) date: Date,
    /// The release of the system that the service holds; empty when not known.
    pub(crate) release: &'a str,
}

impl Page {
    /// An empty page.
    pub(crate) fn new(markdown: bool) -> Self {
        Self {
            markdown,
            links: Links::default(),
            paragraphs: Vec::new(),
            ending: Vec::new(),
            more: None,
        }
    }

    /// The same page with these links, where it is Markdown.
    pub(crate) fn with_links(mut self, links: Links) -> Self {
        if self.markdown {
            self.links = links;
        }
        self
    }

    /// Everything known of a code.
    pub(crate) fn subject(&mut self, subject: &Subject<'_>) -> &mut Self {
        match subject.looked {
            Looked::Known(concept) => self.concept(concept, subject),
            Looked::Unknown { suggestions } => self.unknown(suggestions, subject),
            Looked::Unavailable(reason) => self.unavailable(*reason, subject),
        }
    }

    /// Adds what a modifier is for.
    pub(crate) fn modifier(
        &mut self,
        system: CodeSystem,
        modifier: &str,
        words: &str,
    ) -> &mut Self {
        let head = format!("{} {}", self.strong(modifier), self.plain(words)).trim_end().to_owned();
        self.paragraph([head, format!("{system} modifier · in words of medcode")])
    }

    /// Adds what is wrong with the code: it stands near the end, whatever is added later.
    pub(crate) fn issues(&mut self, lines: impl IntoIterator<Item = String>) -> &mut Self {
        let lines: Vec<String> = lines.into_iter().collect();
        if !lines.is_empty() {
            self.ending.insert(0, lines);
        }
        self
    }

    /// Adds lines that belong together.
    fn paragraph(&mut self, lines: impl IntoIterator<Item = String>) -> &mut Self {
        let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            self.paragraphs.push(lines);
        }
        self
    }

    /// The page as one text.
    pub(crate) fn finish(&self) -> String {
        // Two blanks keep a line break of Markdown and are invisible unrendered.
        let separator = if self.markdown { "  \n" } else { "\n" };
        let mut text = String::new();
        let mut add = |lines: &[String]| {
            let gap = if text.is_empty() { "" } else { "\n\n" };
            let _ = write!(text, "{gap}{}", lines.join(separator));
        };
        let ending: usize = self.ending.iter().map(Vec::len).sum();
        let mut room = MAX_LINES.saturating_sub(ending).max(1);
        for lines in &self.paragraphs {
            let (shown, rest) = lines.split_at(lines.len().min(room));
            room -= shown.len();
            if !shown.is_empty() {
                add(shown);
            }
            if shown.is_empty() || !rest.is_empty() {
                add(&[self.remainder()]);
                break;
            }
        }
        for lines in &self.ending {
            add(lines);
        }
        text
    }

    /// What stands for the lines that do not fit.
    fn remainder(&self) -> String {
        match &self.more {
            Some((code, address)) => format!("[… more on the page of {code}]({address})"),
            None => "…".to_owned(),
        }
    }

    fn unknown(&mut self, suggestions: &[Titled], subject: &Subject<'_>) -> &mut Self {
        let head = self.strong(subject.written);
        let release = if subject.release.is_empty() {
            String::new()
        } else {
            format!(" {}", subject.release)
        };
        let sentence = format!("{head} is no code of {}{release}.", subject.system);
        let nearest: Vec<_> = suggestions.iter().map(|found| self.titled(found)).collect();
        self.paragraph([sentence]).list("Nearest", nearest).footer(
            subject.system,
            subject.release,
            subject.date,
        )
    }

    fn unavailable(&mut self, reason: UnavailableReason, subject: &Subject<'_>) -> &mut Self {
        let written = subject.written.trim().to_ascii_uppercase();
        let category = cpt::category(&written).filter(|_| subject.system == CodeSystem::Cpt);
        let kind = category.map(|category| match category {
            Category::One => " · the form of a code of category I",
            Category::Two => " · the form of a code of category II, for measures",
            Category::Three => " · the form of a code of category III, for new technology",
            Category::Pla => " · the form of a code for a test of one laboratory",
            Category::Maaa => " · the form of a code for an assay with an algorithm",
        });
        let head = self.strong(subject.written);
        let head = format!("{head} {}{}", subject.system, kind.unwrap_or_default());
        let way_out = match (reason, subject.system) {
            (UnavailableReason::CodeSystemNotLoaded, CodeSystem::Cpt) => {
                "For titles and dates import the files that you have licensed: medcode catalog import FILE"
            }
            (UnavailableReason::CodeSystemNotLoaded | UnavailableReason::NotInFragment, _) => {
                "For the whole code set import its official file: medcode catalog import FILE"
            }
            _ => "",
        };
        self.paragraph([head, capitalised(&reason.sentence(subject.system)), way_out.to_owned()])
    }

    fn list(&mut self, title: &str, items: Vec<String>) -> &mut Self {
        if items.is_empty() {
            return self;
        }
        let more = items.len().saturating_sub(MAX_LISTED);
        let mut lines = vec![self.strong(title)];
        lines.extend(items.into_iter().take(MAX_LISTED));
        if more > 0 {
            lines.push(format!("… and {more} more"));
        }
        self.paragraph(lines)
    }

    fn footer(&mut self, system: CodeSystem, release: &str, date: Date) -> &mut Self {
        let release =
            if release.is_empty() { system.to_string() } else { format!("{system} {release}") };
        self.ending.push(vec![format!("{release} · asked for {date}")]);
        self
    }

    /// A code with its title; the code is a link where it leads somewhere.
    fn titled(&self, titled: &Titled) -> String {
        let code = self.code(&titled.code);
        format!("{code} {}", self.plain(&titled.title)).trim_end().to_owned()
    }

    fn code(&self, code: &str) -> String {
        self.linked(code, code)
    }

    /// Words that lead to where a code does.
    fn linked(&self, words: &str, code: &str) -> String {
        match self.links.of(code) {
            Some(address) => format!("[{}]({address})", self.plain(words)),
            None => self.plain(words),
        }
    }

    /// A text in which the codes are links.
    fn with_references(&self, text: &str) -> String {
        let mut written = String::new();
        let mut from = 0;
        for reference in references::find(text) {
            let between = text.get(from..reference.range.start).unwrap_or_default();
            let words = text.get(reference.range.clone()).unwrap_or_default();
            written.push_str(&self.plain(between));
            written.push_str(&self.linked(words, &reference.code));
            from = reference.range.end;
        }
        written.push_str(&self.plain(text.get(from..).unwrap_or_default()));
        written
    }

    fn strong(&self, text: &str) -> String {
        if self.markdown { format!("**{}**", self.plain(text)) } else { text.to_owned() }
    }

    /// Official texts hold brackets and asterisks that mean themselves.
    fn plain(&self, text: &str) -> String {
        if !self.markdown {
            return text.to_owned();
        }
        let mut escaped = String::with_capacity(text.len());
        for character in text.chars() {
            if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
                escaped.push('\\');
            }
            escaped.push(character);
        }
        escaped
    }
}

fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
