//! `textDocument/selectionRange`: from the part of a code outward to the whole note.

use std::ops::Range;

use medcode_codes::{
    code::written,
    note::{Form, Mention, Note, Place},
    system::CodeSystem,
};

use super::encounter_date::encounter_at;
use crate::{
    documents::Document,
    from_lsp,
    protocol::{Result, SelectionRange, SelectionRangeParams},
    snapshot::Snapshot,
    to_lsp,
};

/// Answers for each place that is asked about, in the order asked.
pub(crate) async fn selection_range(
    snapshot: Snapshot,
    params: SelectionRangeParams,
) -> Result<Option<Vec<SelectionRange>>> {
    let snapshot = snapshot.at(&params.text_document.uri);
    let Some(document) = snapshot.readable(&params.text_document.uri) else { return Ok(None) };
    let grid = document.grid(snapshot.client.encoding);
    let note = document.note().await;
    let answers = params.positions.into_iter().map(|position| {
        let offset = from_lsp::offset(&grid, position);
        to_lsp::selection(&grid, &growing(document, &note, offset))
    });
    Ok(Some(answers.collect()))
}

/// The ranges round `offset`, each strictly inside the next one. Never empty.
fn growing(document: &Document, note: &Note, offset: usize) -> Vec<Range<usize>> {
    let text = document.text();
    let line = document.line_at(offset);
    let mention = note.mention_at(offset);
    let mut ranges = Vec::new();
    if let Some(mention) = mention {
        ranges.extend(parts(text, mention, offset));
        ranges.push(mention.range.clone());
        ranges.push(with_modifiers(mention));
        ranges.push(with_description(mention));
    }
    let in_structure = mention.is_some_and(|mention| mention.place != Place::Prose);
    ranges.extend(pieces(text, &line, offset, in_structure));
    ranges.push(line);
    if let Some(scope) = encounter_at(note, offset).and_then(|index| note.encounters.get(index)) {
        // What stands before the first heading belongs to the encounter, but is not what one sees as such.
        let heading = scope.heading.as_ref().map(|heading| heading.start);
        let start = heading.filter(|start| *start <= offset).unwrap_or(scope.range.start);
        ranges.push(start..scope.range.end);
    }
    ranges.push(0..text.len());
    nested(ranges)
}

/// Keeps of ranges only those that hold the one kept before and more.
fn nested(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut kept: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        let grows = kept.last().is_none_or(|inner| {
            range.start <= inner.start && inner.end <= range.end && range != *inner
        });
        if grows {
            kept.push(range);
        }
    }
    kept
}

/// The beginnings of a code that mean something and hold `offset`: category and longer, section and longer. Only for a
/// code that is written as its system writes it, since the parts of another spelling are not to be told apart.
fn parts(text: &str, mention: &Mention, offset: usize) -> Vec<Range<usize>> {
    let range = &mention.range;
    let Some(code) = text.get(range.clone()).filter(|code| code.is_ascii()) else {
        return Vec::new();
    };
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let published = written(mention.system, &plain);
    if mention.form != Form::Code || (code != published && code != plain) {
        return Vec::new();
    }
    let shortest = match mention.system {
        CodeSystem::Icd10Cm => 3,
        CodeSystem::Icd10Pcs => 1,
        CodeSystem::Cpt | CodeSystem::Hcpcs => return Vec::new(),
    };
    // No part ends with a point.
    let ends = (shortest..code.len()).filter(|end| code.as_bytes().get(end - 1) != Some(&b'.'));
    ends.map(|end| range.start..range.start + end).filter(|part| offset <= part.end).collect()
}

fn with_modifiers(mention: &Mention) -> Range<usize> {
    let end = mention.modifiers.iter().map(|modifier| modifier.end).max().unwrap_or_default();
    mention.range.start..mention.range.end.max(end)
}

fn with_description(mention: &Mention) -> Range<usize> {
    let code = with_modifiers(mention);
    match &mention.description {
        Some(words) => code.start.min(words.start)..code.end.max(words.end),
        None => code,
    }
}

/// The item, the cell and the field of a line that hold `offset`, without blanks at their ends.
fn pieces(text: &str, line: &Range<usize>, offset: usize, in_structure: bool) -> Vec<Range<usize>> {
    let (Some(before), Some(after)) = (text.get(line.start..offset), text.get(offset..line.end))
    else {
        return Vec::new();
    };
    let between = |separators: &[char], from: usize| {
        let start = before.rfind(separators).map_or(from, |at| from.max(line.start + at + 1));
        let end = after.find(separators).map_or(line.end, |at| offset + at);
        trimmed(text, start..end.max(start))
    };
    let label = before.find(": ").map_or(line.start, |at| line.start + at + 1);
    let bullet = before.len() - before.trim_start_matches([' ', '\t', '-', '*', '+', '>']).len();
    let field = label.max(line.start + bullet);
    let item = in_structure.then(|| between(&[',', ';', '|', '\t'], field)).flatten();
    let cell = before.trim_start().starts_with('|').then(|| between(&['|'], line.start)).flatten();
    let field = trimmed(text, field..line.end);
    [item, cell, field, trimmed(text, line.clone())].into_iter().flatten().collect()
}

fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let piece = text.get(range.clone())?;
    let start = range.end - piece.trim_start().len();
    let end = start + piece.trim().len();
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn document(text: &str) -> Document {
        Document::new("file:///a.md".parse().unwrap(), 1, text.to_owned())
    }

    /// What the selection grows through from behind `before`.
    fn grown<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
        let offset = text.find(before).unwrap() + before.len();
        let note = medcode_codes::note::scan(text);
        growing(&document(text), &note, offset).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn grows_from_the_category_to_the_note() {
        let text = "# Ann\n\n## Visit 2026-01-05\nDx: E11.65 - Type 2 diabetes, I10\n\n## Visit 2026-02-05\nDx: I10\n";
        let encounter = "## Visit 2026-01-05\nDx: E11.65 - Type 2 diabetes, I10\n\n";
        assert_eq!(
            grown(text, "Dx: E"),
            [
                "E11",
                "E11.6",
                "E11.65",
                "E11.65 - Type 2 diabetes",
                "E11.65 - Type 2 diabetes, I10",
                "Dx: E11.65 - Type 2 diabetes, I10",
                encounter,
                text,
            ]
        );
        assert_eq!(grown(text, "E11.65")[0], "E11.65");
    }

    #[test]
    fn holds_modifiers_and_cells() {
        let text = "| CPT | Units |\n|---|---|\n| 99213-25 | 1 |\n";
        let row = "| 99213-25 | 1 |";
        assert_eq!(grown(text, "| 992"), ["99213", "99213-25", row, text]);
    }

    #[test]
    fn answers_where_no_code_stands() {
        assert_eq!(grown("Plain words.\n", "Pl"), ["Plain words.", "Plain words.\n"]);
        assert_eq!(grown("", ""), [""]);
    }

    proptest! {
        #[test]
        fn every_range_holds_the_one_before_and_cuts_no_character(
            text in "(Dx: |\\| |- |E11\\.65|99213-25|é|😀| ,|\n|\r|: |[a-z]){0,14}",
            at in 0_usize..60,
        ) {
            let offset = text.char_indices().map(|(at, _)| at).nth(at).unwrap_or(text.len());
            let note = medcode_codes::note::scan(&text);
            let ranges = growing(&document(&text), &note, offset);
            prop_assert!(!ranges.is_empty());
            for range in &ranges {
                prop_assert!(text.get(range.clone()).is_some(), "{range:?}");
            }
            for pair in ranges.windows(2) {
                let (inner, outer) = (&pair[0], &pair[1]);
                prop_assert!(outer.start <= inner.start && inner.end <= outer.end && outer != inner);
            }
        }
    }
}
