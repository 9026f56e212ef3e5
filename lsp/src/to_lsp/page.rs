//! A code as a page to read: Markdown that reads well unrendered, or plain text.

use std::fmt::Write;

use medcode_codes::{date::Date, system::CodeSystem, tabular::NoteKind};

use super::diagnostics::note_title;
use crate::concept::{Concept, Looked, Titled};

/// The most children, 7th characters or inclusion terms that a page lists.
const MAX_LISTED: usize = 20;

/// The most lines of a page.
const MAX_LINES: usize = 40;

/// What the names of chapters begin with: `chapter-04`.
const CHAPTER: &str = "chapter-";

/// The kinds of note in the order in which a page shows them.
const SHOWN_NOTES: [NoteKind; 7] = [
    NoteKind::Includes,
    NoteKind::Excludes1,
    NoteKind::Excludes2,
    NoteKind::CodeFirst,
    NoteKind::UseAdditionalCode,
    NoteKind::CodeAlso,
    NoteKind::Other,
];

/// A page under construction: paragraphs of lines.
pub(crate) struct Page {
    markdown: bool,
    paragraphs: Vec<Vec<String>>,
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
        Self { markdown, paragraphs: Vec::new() }
    }

    /// Everything known of a code.
    pub(crate) fn subject(&mut self, subject: &Subject<'_>) -> &mut Self {
        match subject.looked {
            Looked::Known(concept) => self.concept(concept, subject),
            Looked::Unknown { suggestions } => self.unknown(suggestions, subject),
            Looked::Unavailable(reason) => {
                let head = format!("{} {}", self.strong(subject.written), subject.system);
                self.paragraph([head, capitalised(&reason.sentence(subject.system))])
            }
        }
    }

    /// Adds the head only: what a completion list shows beside an item.
    pub(crate) fn brief(&mut self, concept: &Concept) -> &mut Self {
        let head = self.head(concept);
        let copyright = self.plain(&concept.copyright);
        self.paragraph([head, state(concept)])
            .path(concept)
            .terms(concept)
            .notes(concept)
            .paragraph([copyright])
    }

    /// Adds lines that belong together.
    pub(crate) fn paragraph(&mut self, lines: impl IntoIterator<Item = String>) -> &mut Self {
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
        let mut room = MAX_LINES;
        for (index, lines) in self.paragraphs.iter().enumerate() {
            if room == 0 {
                text.push_str("\n\n…");
                break;
            }
            let shown = &lines[..lines.len().min(room)];
            room -= shown.len();
            let _ =
                write!(text, "{}{}", if index == 0 { "" } else { "\n\n" }, shown.join(separator));
        }
        text
    }

    fn concept(&mut self, concept: &Concept, subject: &Subject<'_>) -> &mut Self {
        let head = self.head(concept);
        self.paragraph([head, state(concept), replaced(concept)]);
        if concept.axes.is_empty() {
            self.path(concept);
        } else {
            self.axes(concept);
        }
        self.list(
            "7th characters",
            concept.seventh_characters.iter().map(|seventh| {
                format!("{} {} ({})", seventh.character, seventh.meaning, seventh.code)
            }),
        );
        self.terms(concept);
        self.list(
            "Codes below",
            subject.children.iter().map(|child| format!("{} {}", child.code, child.title)),
        );
        self.notes(concept).paragraph([capitalised(&concept.missing)]);
        let copyright = self.plain(&concept.copyright);
        self.paragraph([copyright]);
        self.footer(concept.system, &concept.release, subject.date)
    }

    fn unknown(&mut self, suggestions: &[Titled], subject: &Subject<'_>) -> &mut Self {
        let head = self.strong(subject.written);
        let release = if subject.release.is_empty() {
            String::new()
        } else {
            format!(" {}", subject.release)
        };
        let sentence = format!("{head} is no code of {}{release}.", subject.system);
        self.paragraph([sentence]);
        let nearest = suggestions.iter().map(|found| format!("{} {}", found.code, found.title));
        self.list("Nearest", nearest);
        self.footer(subject.system, subject.release, subject.date)
    }

    fn head(&self, concept: &Concept) -> String {
        let code = self.strong(&concept.titled.code);
        format!("{code} {}", self.plain(&concept.titled.title)).trim_end().to_owned()
    }

    fn path(&mut self, concept: &Concept) -> &mut Self {
        let titled = concept.ancestors.iter().rev().filter(|step| !step.title.is_empty());
        let steps = titled.map(|step| {
            // The names of chapters say nothing, and the titles of blocks end with their codes.
            let named = step.code.starts_with(CHAPTER) || step.title.contains(&step.code);
            let name = if named { "" } else { step.code.as_str() };
            self.plain(format!("{name} {}", step.title).trim())
        });
        let path = steps.collect::<Vec<_>>().join(" › ");
        self.paragraph([path])
    }

    /// The characters of a procedure code as a table.
    fn axes(&mut self, concept: &Concept) -> &mut Self {
        let rows = concept.axes.iter();
        if self.markdown {
            let head = ["| | | |".to_owned(), "|---|---|---|".to_owned()];
            let rows = rows.map(|axis| {
                let (name, label) = (self.plain(&axis.name), self.plain(&axis.label));
                format!("| {name} | {} | {label} |", axis.character)
            });
            let table = head.into_iter().chain(rows).collect::<Vec<_>>().join("\n");
            return self.paragraph([table]);
        }
        let rows = rows.map(|axis| {
            format!("{}  {} ({})", axis.character, axis.label, axis.name.to_lowercase())
        });
        self.paragraph(rows.collect::<Vec<_>>())
    }

    fn terms(&mut self, concept: &Concept) -> &mut Self {
        self.list("Also", concept.inclusion_terms.iter().cloned())
    }

    fn notes(&mut self, concept: &Concept) -> &mut Self {
        for kind in SHOWN_NOTES {
            // One line for each node that carries notes of the kind, nearest first.
            let mut lines: Vec<(&str, String)> = Vec::new();
            for note in concept.notes.iter().filter(|note| note.kind == kind) {
                let text = self.plain(&note.text);
                if let Some((_, line)) = lines.iter_mut().find(|(owner, _)| *owner == note.owner) {
                    line.push_str("; ");
                    line.push_str(&text);
                } else {
                    let title = self.strong(note_title(kind));
                    let owner = named(&note.owner);
                    lines.push((&note.owner, format!("{title} (at {owner}): {text}")));
                }
            }
            self.paragraph(lines.into_iter().map(|(_, line)| line));
        }
        self
    }

    fn list(&mut self, title: &str, items: impl Iterator<Item = String>) -> &mut Self {
        let items: Vec<_> = items.collect();
        if items.is_empty() {
            return self;
        }
        let mut lines = vec![self.strong(title)];
        lines.extend(items.iter().take(MAX_LISTED).map(|item| self.plain(item.trim())));
        if items.len() > MAX_LISTED {
            lines.push(format!("… and {} more", items.len() - MAX_LISTED));
        }
        self.paragraph(lines)
    }

    fn footer(&mut self, system: CodeSystem, release: &str, date: Date) -> &mut Self {
        let release =
            if release.is_empty() { system.to_string() } else { format!("{system} {release}") };
        self.paragraph([format!("{release} · asked for {date}")])
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

/// System, billable or not, dates.
fn state(concept: &Concept) -> String {
    let kind = match (concept.billable, concept.ended, concept.header) {
        (true, _, _) => "billable",
        (false, true, _) => "ended",
        (false, false, true) => "not billable: codes stand below it",
        // Codes of a partial list have no dates: nobody knows.
        (false, false, false) if concept.from.is_none() => "not known whether billable",
        (false, false, false) => "not billable on this date",
    };
    let dates = match (concept.from, concept.to) {
        (Some(from), Some(to)) => format!(" · valid {from} to {to}"),
        (Some(from), None) => format!(" · valid since {from}"),
        (None, Some(to)) => format!(" · valid until {to}"),
        (None, None) => String::new(),
    };
    format!("{} · {kind}{dates}", concept.system)
}

/// The node that carries a note, for people: `chapter-04` is chapter 4.
fn named(owner: &str) -> String {
    match owner.strip_prefix(CHAPTER) {
        Some(number) => format!("chapter {}", number.trim_start_matches('0')),
        None => owner.to_owned(),
    }
}

fn replaced(concept: &Concept) -> String {
    if concept.replaced_by.is_empty() {
        return String::new();
    }
    let codes: Vec<_> = concept.replaced_by.iter().map(|code| code.code.as_str()).collect();
    format!("Replaced by {}", codes.join(", "))
}

fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use medcode_codes::{date::parse_iso, fact::UnavailableReason};

    use super::*;
    use crate::concept::{Axis, Instruction};

    fn concept() -> Concept {
        let titled =
            |code: &str, title: &str| Titled { code: code.to_owned(), title: title.to_owned() };
        Concept {
            system: CodeSystem::Icd10Cm,
            titled: titled("E11.9", "Type 2 diabetes mellitus without complications"),
            billable: true,
            header: false,
            ended: false,
            from: parse_iso("2015-10-01").ok(),
            to: None,
            replaced_by: Vec::new(),
            ancestors: vec![
                titled("E11", "Type 2 diabetes mellitus"),
                titled("E08-E13", "Diabetes mellitus"),
                titled("chapter-04", "Endocrine, nutritional and metabolic diseases"),
            ],
            child_count: 0,
            inclusion_terms: Vec::new(),
            notes: vec![Instruction {
                kind: NoteKind::Excludes1,
                owner: "E11".to_owned(),
                text: "type 1 diabetes mellitus (E10.-)".to_owned(),
            }],
            seventh_characters: Vec::new(),
            axes: Vec::new(),
            release: "2026-04-01".to_owned(),
            missing: String::new(),
            copyright: String::new(),
        }
    }

    fn page(markdown: bool, looked: &Looked) -> String {
        let subject = Subject {
            system: CodeSystem::Icd10Cm,
            written: "E11.9",
            looked,
            children: &[],
            date: parse_iso("2026-03-02").unwrap(),
            release: "2026-04-01",
        };
        Page::new(markdown).subject(&subject).finish()
    }

    #[test]
    fn shows_what_is_known_in_its_order() {
        let expected = "\
**E11.9** Type 2 diabetes mellitus without complications  
ICD-10-CM · billable · valid since 2015-10-01

Endocrine, nutritional and metabolic diseases › E08-E13 Diabetes mellitus › E11 Type 2 diabetes mellitus

**Excludes1** (at E11): type 1 diabetes mellitus (E10.-)

ICD-10-CM 2026-04-01 · asked for 2026-03-02";
        assert_eq!(page(true, &Looked::Known(Box::new(concept()))), expected);
        let plain = page(false, &Looked::Known(Box::new(concept())));
        assert!(
            plain.starts_with("E11.9 Type 2 diabetes mellitus without complications\nICD-10-CM")
        );
    }

    #[test]
    fn a_procedure_has_a_table_of_its_characters() {
        let mut procedure = concept();
        procedure.axes = vec![Axis {
            name: "Body Part".to_owned(),
            character: "J".to_owned(),
            label: "Appendix".to_owned(),
        }];
        let text = page(true, &Looked::Known(Box::new(procedure.clone())));
        assert!(
            text.contains("\n\n| | | |\n|---|---|---|\n| Body Part | J | Appendix |\n"),
            "{text}"
        );
        let text = page(false, &Looked::Known(Box::new(procedure)));
        assert!(text.contains("\nJ  Appendix (body part)\n"), "{text}");
    }

    #[test]
    fn a_code_of_a_partial_list_is_not_called_unbillable() {
        let mut partial = concept();
        (partial.billable, partial.from) = (false, None);
        partial.ancestors = vec![Titled { code: "J".to_owned(), title: String::new() }];
        partial.notes[0].owner = "chapter-04".to_owned();
        let text = page(false, &Looked::Known(Box::new(partial)));
        assert!(
            text.contains("ICD-10-CM · not known whether billable\n\nExcludes1 (at chapter 4)"),
            "{text}"
        );
    }

    #[test]
    fn an_unknown_code_names_the_release_and_the_nearest() {
        let suggestions =
            vec![Titled { code: "E11.65".to_owned(), title: "T2DM with hyperglycemia".to_owned() }];
        let text = page(true, &Looked::Unknown { suggestions });
        assert!(text.starts_with("**E11.9** is no code of ICD-10-CM 2026-04-01."), "{text}");
        assert!(text.contains("E11.65 T2DM with hyperglycemia"));
    }

    #[test]
    fn what_could_not_be_asked_is_never_called_unknown() {
        let text = page(true, &Looked::Unavailable(UnavailableReason::ServiceUnreachable));
        assert!(text.contains("could not be asked") && !text.contains("no code"), "{text}");
    }

    #[test]
    fn brackets_of_official_titles_stay_brackets() {
        let mut odd = concept();
        odd.titled.title = "Disease [a] *b*".to_owned();
        assert!(
            page(true, &Looked::Known(Box::new(odd))).starts_with(r"**E11.9** Disease \[a\] \*b\*")
        );
    }

    #[test]
    fn notes_of_one_node_share_a_line() {
        let mut noted = concept();
        let again = Instruction {
            text: "gestational diabetes (O24.4-)".to_owned(),
            ..noted.notes[0].clone()
        };
        noted.notes.push(again);
        let text = page(false, &Looked::Known(Box::new(noted)));
        let line =
            "Excludes1 (at E11): type 1 diabetes mellitus (E10.-); gestational diabetes (O24.4-)";
        assert!(text.contains(line), "{text}");
    }

    #[test]
    fn a_long_page_is_cut() {
        let mut long = concept();
        long.notes = (0..100)
            .map(|n| Instruction {
                kind: NoteKind::Excludes2,
                owner: format!("E{n}"),
                text: format!("note {n}"),
            })
            .collect();
        let text = page(true, &Looked::Known(Box::new(long)));
        assert!(text.lines().count() < 60 && text.ends_with('…'), "{text}");
    }
}
