//! The sections of a page about a code that exists.

use medcode_codes::{date::Date, system::CodeSystem, tabular::NoteKind};

use super::{Page, Subject, capitalised, particulars, references};
use crate::{
    concept::{Concept, Titled},
    to_lsp::diagnostics::note_title,
};

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

/// The codes that the page of a code names, each once, the code itself first.
pub(crate) fn named_codes(concept: &Concept, children: &[Titled]) -> Vec<String> {
    let titled = std::iter::once(&concept.titled).chain(&concept.replaced_by);
    let titled = titled.chain(&concept.ancestors).chain(children);
    let titled = titled.map(|titled| titled.code.clone());
    let seventh = concept.seventh_characters.iter().map(|seventh| seventh.code.clone());
    let noted = concept.notes.iter().flat_map(|note| {
        let owner = std::iter::once(note.owner.clone());
        owner.chain(references::find(&note.text).into_iter().map(|reference| reference.code))
    });
    let mut codes: Vec<String> = Vec::new();
    for code in titled.chain(seventh).chain(noted) {
        if !code.is_empty() && !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

impl Page {
    /// Adds the head only: what a completion list shows beside an item.
    pub(crate) fn brief(&mut self, concept: &Concept) -> &mut Self {
        let head = self.head(concept);
        let replaced = self.replaced(concept);
        let copyright = self.plain(&concept.copyright);
        self.paragraph([head, state(concept), replaced])
            .path(concept)
            .terms(concept)
            .notes(concept)
            .paragraph([copyright])
    }

    /// Adds title, state, release and date: what stands over a hint.
    pub(crate) fn caption(&mut self, concept: &Concept, date: Date) -> &mut Self {
        let head = self.head(concept);
        let copyright = self.plain(&concept.copyright);
        self.paragraph([head, state(concept)]).paragraph([copyright]).footer(
            concept.system,
            &concept.release,
            date,
        )
    }

    pub(super) fn concept(&mut self, concept: &Concept, subject: &Subject<'_>) -> &mut Self {
        let code = &concept.titled.code;
        if self.more.is_none() {
            self.more = self.links.of(code).map(|address| (code.clone(), address.to_owned()));
        }
        let head = self.head(concept);
        let replaced = self.replaced(concept);
        self.paragraph([head, state(concept), replaced]);
        if concept.axes.is_empty() {
            self.path(concept);
        } else {
            self.axes(concept);
        }
        let seventh = concept.seventh_characters.iter().map(|seventh| {
            let code = self.code(&seventh.code);
            format!("{} {} ({code})", seventh.character, self.plain(&seventh.meaning))
        });
        let seventh = seventh.collect();
        // Where 7th characters are told, the codes below are these.
        let children: &[Titled] =
            if concept.seventh_characters.is_empty() { subject.children } else { &[] };
        let children = children.iter().map(|child| self.titled(child)).collect();
        let particulars = particulars::lines(&concept.particulars);
        let particulars: Vec<_> = particulars.iter().map(|line| self.plain(line)).collect();
        let copyright = self.plain(&concept.copyright);
        self.list("7th characters", seventh)
            .list("Codes below", children)
            .terms(concept)
            .notes(concept)
            .paragraph(particulars)
            .paragraph([capitalised(&concept.missing)])
            .paragraph([copyright])
            .footer(concept.system, &concept.release, subject.date)
    }

    fn head(&self, concept: &Concept) -> String {
        let code = self.strong(&concept.titled.code);
        format!("{code} {}", self.plain(&concept.titled.title)).trim_end().to_owned()
    }

    fn replaced(&self, concept: &Concept) -> String {
        if concept.replaced_by.is_empty() {
            return String::new();
        }
        let codes: Vec<_> = concept.replaced_by.iter().map(|code| self.titled(code)).collect();
        format!("Replaced by {}", codes.join(", "))
    }

    fn path(&mut self, concept: &Concept) -> &mut Self {
        let titled = concept.ancestors.iter().rev().filter(|step| !step.title.is_empty());
        let steps = titled.map(|step| {
            // The names of chapters say nothing, and the titles of blocks end with their codes.
            if step.code.starts_with(CHAPTER) || step.title.contains(&step.code) {
                return self.linked(&step.title, &step.code);
            }
            self.titled(step)
        });
        let path = steps.collect::<Vec<_>>().join(" › ");
        self.paragraph([path])
    }

    /// The characters of a procedure code, a line each.
    fn axes(&mut self, concept: &Concept) -> &mut Self {
        let rows = concept.axes.iter().map(|axis| {
            let character = self.strong(&axis.character);
            let said = format!("{character} {}", self.plain(&axis.label));
            format!("{} ({})", said.trim_end(), axis.name.to_lowercase())
        });
        let rows: Vec<_> = rows.collect();
        self.paragraph(rows)
    }

    fn terms(&mut self, concept: &Concept) -> &mut Self {
        let terms = concept.inclusion_terms.iter().map(|term| self.plain(term.trim())).collect();
        self.list("Also", terms)
    }

    fn notes(&mut self, concept: &Concept) -> &mut Self {
        for kind in SHOWN_NOTES {
            // One line for each node that carries notes of the kind, nearest first.
            let mut lines: Vec<(&str, String)> = Vec::new();
            for note in concept.notes.iter().filter(|note| note.kind == kind) {
                let text = if concept.system == CodeSystem::Icd10Cm {
                    self.with_references(&note.text)
                } else {
                    self.plain(&note.text)
                };
                if let Some((_, line)) = lines.iter_mut().find(|(owner, _)| *owner == note.owner) {
                    line.push_str("; ");
                    line.push_str(&text);
                } else {
                    let title = self.strong(note_title(kind));
                    let owner = self.linked(&named(&note.owner), &note.owner);
                    lines.push((&note.owner, format!("{title} (at {owner}): {text}")));
                }
            }
            self.paragraph(lines.into_iter().map(|(_, line)| line));
        }
        self
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
