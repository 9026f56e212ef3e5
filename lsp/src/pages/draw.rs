//! Pages as Markdown that reads well unrendered: the release on top, then one heading for each code, in the order of the
//! code set.

use medcode_codes::tabular::NoteKind;

use super::{
    name::{PageName, Part, chapter},
    sheet::{Drawn, Sheet},
    source::Source,
};
use crate::concept::{Axis, Concept, Instruction};

/// The kinds of note in the order of the tabular list.
const KINDS: [(NoteKind, &str); 8] = [
    (NoteKind::Includes, "Includes"),
    (NoteKind::Other, "Note"),
    (NoteKind::CodeFirst, "Code first"),
    (NoteKind::UseAdditionalCode, "Use additional code"),
    (NoteKind::CodeAlso, "Code also"),
    (NoteKind::Excludes1, "Excludes1"),
    (NoteKind::Excludes2, "Excludes2"),
    (NoteKind::SeventhCharacter, "7th character"),
];

/// Draws a page. Twice: where a line stands is known only when all are drawn, and no link changes that.
pub(crate) fn draw(name: &PageName, release: &str, source: &Source) -> Drawn {
    let before = once(name, release, source, None);
    once(name, release, source, Some(&before))
}

fn once(name: &PageName, release: &str, source: &Source, before: Option<&Drawn>) -> Drawn {
    let mut sheet = Sheet::new(name.system, before);
    let release = format!("{} {release}", name.system);
    match source {
        Source::Overview { top, groups } => {
            sheet.line(&release);
            overview(&mut sheet, top, groups);
        }
        Source::Category { above, nodes, complete } => {
            path(&mut sheet, &release, above);
            for node in nodes {
                let depth = node.titled.code.chars().filter(|c| *c != '.').count();
                // Three characters are the category, on top.
                code(&mut sheet, u8::try_from(depth).unwrap_or(u8::MAX).saturating_sub(2), node);
                for seventh in &node.seventh_characters {
                    let state = complete.get(&seventh.code).map(state).unwrap_or_default();
                    let text = format!("{} · {state}", seventh.meaning);
                    sheet.entry(&seventh.code, text.trim_end_matches([' ', '·']));
                }
            }
            inherited(&mut sheet, above);
        }
        Source::Table { above, axes, rows } => {
            path(&mut sheet, &release, above);
            table(&mut sheet, axes, rows);
        }
        Source::Supplies(codes) => {
            sheet.line(&release);
            supplies(&mut sheet, name, codes);
        }
    }
    sheet.finish()
}

/// A chapter or section: its parts with links to their pages.
fn overview(sheet: &mut Sheet<'_>, top: &Concept, groups: &[(Concept, Vec<Concept>)]) {
    group_heading(sheet, 1, top);
    notes(sheet, top);
    for (group, below) in groups {
        group_heading(sheet, 2, group);
        notes(sheet, group);
        sheet.blank();
        for concept in below {
            sheet.linked_entry(&concept.titled.code, &concept.titled.title);
        }
    }
}

fn group_heading(sheet: &mut Sheet<'_>, depth: u8, group: &Concept) {
    let code = group.titled.code.as_str();
    match chapter(code) {
        Some(chapter) => {
            sheet.named_heading(depth, code, &format!("{chapter}: {}", group.titled.title))
        }
        None => sheet.heading(depth, code, without_code(group)),
    };
}

/// The title of a block without its codes, which stand in front of it.
fn without_code(group: &Concept) -> &str {
    let title = group.titled.title.as_str();
    let code = group.titled.code.as_str();
    let bare = title.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    match bare {
        Some((bare, codes)) if code.starts_with(codes) => bare,
        _ => title,
    }
}

/// The release, and what a category or table stands in, from the top, with links.
fn path(sheet: &mut Sheet<'_>, release: &str, above: &[Concept]) {
    // Of the blocks only the code set knows the chapter: they stand on its page.
    let top = above.last().map(|top| top.titled.code.clone()).unwrap_or_default();
    let steps = above.iter().rev().map(|step| {
        let name = match chapter(&step.titled.code) {
            Some(chapter) => format!("{chapter}: {}", step.titled.title),
            None => format!("{} {}", step.titled.code, without_code(step)),
        };
        sheet.link(name.trim_end(), &top)
    });
    let path = steps.collect::<Vec<_>>().join(" › ");
    let separator = if path.is_empty() { "" } else { " · " };
    sheet.line(&format!("{release}{separator}{path}"));
}

/// A code with everything that is written at it.
fn code(sheet: &mut Sheet<'_>, depth: u8, concept: &Concept) {
    sheet.heading(depth, &concept.titled.code, &concept.titled.title);
    sheet.paragraph(&capitalised(&state(concept)));
    notes(sheet, concept);
    if !concept.seventh_characters.is_empty() {
        sheet.paragraph("**7th characters**").blank();
    }
}

/// The notes that are written at a node, kind by kind.
fn notes(sheet: &mut Sheet<'_>, concept: &Concept) {
    let owner = concept.titled.code.as_str();
    if !concept.inclusion_terms.is_empty() {
        sheet.paragraph("**Also**").blank();
        for term in &concept.inclusion_terms {
            sheet.note(owner, term);
        }
    }
    for (kind, title) in KINDS {
        let of_kind = |note: &&Instruction| note.kind == kind && note.owner == owner;
        let mut own = concept.notes.iter().filter(of_kind).peekable();
        if own.peek().is_some() {
            sheet.paragraph(&format!("**{title}**")).blank();
            own.for_each(|note| {
                sheet.note(owner, &note.text);
            });
        }
    }
}

/// The notes of block and chapter, which hold for every code of the page.
fn inherited(sheet: &mut Sheet<'_>, above: &[Concept]) {
    let noted =
        |concept: &&Concept| concept.notes.iter().any(|note| note.owner == concept.titled.code);
    let mut above = above.iter().filter(noted).peekable();
    if above.peek().is_none() {
        return;
    }
    sheet.bare_heading(2, "What also holds for these codes");
    for concept in above {
        let code = concept.titled.code.as_str();
        let name = match chapter(code) {
            Some(chapter) => format!("{chapter}: {}", concept.titled.title),
            None => format!("{code} {}", without_code(concept)),
        };
        sheet.bare_heading(3, &format!("Notes of {}", lowered(&name)));
        notes(sheet, concept);
    }
}

/// A table of ICD-10-PCS: its codes by body part. One line for each code: they are hundreds and differ in a few words.
fn table(sheet: &mut Sheet<'_>, axes: &[Axis], rows: &[Concept]) {
    // Body system and operation, as far as the titles of the codes tell them.
    let labels = axes.iter().skip(1).take(2).map(|axis| axis.label.as_str());
    let named = labels.filter(|label| !label.is_empty()).collect::<Vec<_>>().join(", ");
    for row in rows {
        match row.titled.code.len() {
            // Between body part and code stand approach and device, which the titles of the codes name.
            0..=2 | 5 | 6 => {}
            3 => {
                let title = row.titled.title.as_str();
                sheet.heading(1, &row.titled.code, if title.is_empty() { &named } else { title });
            }
            4 => {
                sheet.heading(2, &row.titled.code, &row.titled.title).blank();
            }
            _ => {
                let text = format!("{} · {}", row.titled.title, state(row));
                sheet.entry(&row.titled.code, &text);
            }
        }
    }
}

fn supplies(sheet: &mut Sheet<'_>, name: &PageName, codes: &[Concept]) {
    match &name.part {
        Part::Letter(letter) => {
            let letter = letter.text();
            sheet.heading(1, &letter, "codes of HCPCS Level II").blank();
            for concept in codes {
                sheet.linked_entry(&concept.titled.code, &concept.titled.title);
            }
            return;
        }
        Part::Supplies(key) => {
            sheet.heading(1, &key.text(), &format!("codes {key}00 to {key}99 of HCPCS Level II"));
        }
        _ => {
            sheet.bare_heading(1, "Modifiers of HCPCS Level II");
        }
    }
    for concept in codes {
        sheet.heading(2, &concept.titled.code, &concept.titled.title);
        sheet.paragraph(&capitalised(&state(concept)));
        sheet.paragraph(&sentence(&concept.missing));
    }
}

/// Whether a code may be submitted, and when.
fn state(concept: &Concept) -> String {
    let kind = match (concept.header, concept.from, concept.ended || concept.billable) {
        (true, ..) if !concept.seventh_characters.is_empty() => {
            "not billable without a 7th character"
        }
        (true, ..) => "not billable: codes stand below it",
        (false, Some(_), true) => "billable",
        (false, Some(_), false) => "not billable",
        (false, None, _) => "not known whether billable",
    };
    let dates = match (concept.from, concept.to) {
        (Some(from), Some(to)) => format!(" from {from} to {to}"),
        (Some(from), None) => format!(" since {from}"),
        (None, Some(to)) => format!(" until {to}"),
        (None, None) => String::new(),
    };
    if concept.header { kind.to_owned() } else { format!("{kind}{dates}") }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn lowered(text: &str) -> String {
    match text.strip_prefix("Chapter ") {
        Some(rest) => format!("chapter {rest}"),
        None => text.to_owned(),
    }
}

fn sentence(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("{}.", capitalised(text.trim_end_matches('.')))
    }
}

#[cfg(test)]
mod tests;
