//! From changes of codes to changes of the text.

use std::ops::Range;

use crate::{
    code::Code,
    encounter::Item,
    issue::{Change, Fix},
    note::{Mention, Note, Place},
    text_check::TextFix,
};

use super::{EncounterRequest, pragmas::line_of};

/// The change of the text that a fix means, or `None` where the text has no plain place for it.
pub(super) fn text_fix(
    text: &str,
    note: &Note,
    request: &EncounterRequest,
    fix: &Fix,
) -> Option<TextFix> {
    let mut edits = Vec::new();
    for (item, change) in &fix.edits {
        let mention = mention_of(note, request, *item)?;
        match change {
            Change::ReplaceWith(code) => {
                edits.push((mention.range.clone(), spelled(text, *code, mention)));
            }
            Change::Remove => edits.push((removal(text, note, mention)?, String::new())),
            Change::MoveTo(index) => edits.extend(rotation(text, note, request, *item, *index)?),
        }
    }
    Some(TextFix { title: fix.title.clone(), safe: fix.safe, edits })
}

/// The mention that an item of a question stands for.
pub(super) fn mention_of<'n>(
    note: &'n Note,
    request: &EncounterRequest,
    item: Item,
) -> Option<&'n Mention> {
    let position = match item {
        Item::Diagnosis(index) => index,
        Item::Line(index) => request.encounter.diagnoses.len() + index,
    };
    note.mentions.get(*request.mentions.get(position)?)
}

/// The code as the place wants it: X12 forbids the point, JSON (in quotes) wants it.
fn spelled(text: &str, code: Code, mention: &Mention) -> String {
    let is_quoted = text[..mention.range.start].ends_with('"');
    if mention.place == Place::Claim && !is_quoted {
        code.key().to_string()
    } else {
        code.to_string()
    }
}

/// The code with the separator before it, or behind it where it comes first; only within a list on one line.
fn removal(text: &str, note: &Note, mention: &Mention) -> Option<Range<usize>> {
    if mention.description.is_some() || matches!(mention.place, Place::Table | Place::Claim) {
        return None;
    }
    let line = line_of(text, mention.range.start);
    let neighbours = || note.mentions.iter().filter(|other| line.contains(&other.range.start));
    let before = neighbours().rfind(|other| other.range.end <= mention.range.start);
    if let Some(before) = before {
        let end = before.modifiers.last().map_or(before.range.end, |modifier| modifier.end);
        return is_separator(text.get(end..mention.range.start)?).then_some(end..mention.range.end);
    }
    let after = neighbours().find(|other| other.range.start >= mention.range.end)?;
    is_separator(&text[mention.range.end..after.range.start])
        .then_some(mention.range.start..after.range.start)
}

/// Moves a diagnosis within its line by writing the codes between anew, each in the place of its neighbour.
fn rotation(
    text: &str,
    note: &Note,
    request: &EncounterRequest,
    item: Item,
    to: usize,
) -> Option<Vec<(Range<usize>, String)>> {
    let Item::Diagnosis(from) = item else { return None };
    let (low, high) = (from.min(to), from.max(to));
    let mentions: Option<Vec<_>> =
        (low..=high).map(|index| mention_of(note, request, Item::Diagnosis(index))).collect();
    let mentions = mentions?;
    let line = line_of(text, mentions.first()?.range.start);
    let movable = |mention: &&Mention| {
        mention.description.is_none()
            && line.contains(&mention.range.start)
            && mention.place != Place::Claim
    };
    if !mentions.iter().all(movable) {
        return None;
    }
    let mut codes: Vec<&str> =
        mentions.iter().map(|mention| &text[mention.range.clone()]).collect();
    if from < to {
        codes.rotate_left(1);
    } else {
        codes.rotate_right(1);
    }
    Some(
        mentions
            .iter()
            .zip(codes)
            .map(|(mention, code)| (mention.range.clone(), code.to_owned()))
            .collect(),
    )
}

fn is_separator(between: &str) -> bool {
    between
        .split([',', ';', '/', '&', ' ', '\t'])
        .all(|word| word.is_empty() || word.eq_ignore_ascii_case("and"))
        && !between.contains('\n')
}

/// The edit that silences a rule at a place: a comment at the end of the line, in a table row within its last cell.
/// `None` where a comment would be text.
pub(super) fn ignore_edit(
    text: &str,
    mention: &Mention,
    rule: &str,
    code: &str,
) -> Option<(Range<usize>, String)> {
    let comment = format!(" <!-- medcode: ignore {rule} {code} -- -->");
    let line = line_of(text, mention.range.start);
    let content = text.get(line.start..line.end.min(text.len()))?.trim_end();
    let end = line.start + content.len();
    match mention.place {
        Place::Fence | Place::Claim | Place::FrontMatter => None,
        Place::Table if content.ends_with('|') => {
            let cell = content[..content.len() - 1].trim_end();
            let at = line.start + cell.len();
            Some((at..at, comment))
        }
        Place::Table | Place::Label | Place::Sigil | Place::Prose => Some((end..end, comment)),
    }
}
