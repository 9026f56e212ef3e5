//! From changes of codes to changes of the text.

use std::ops::Range;

use crate::{
    code::Code,
    encounter::Item,
    issue::{Change, Fix},
    note::{Mention, Note, Place},
    text_check::TextFix,
};

use super::{judged::Asked, pragmas::line_of};

/// The change of the text that a fix means, or `None` where the text has no plain place for it.
pub(super) fn text_fix(text: &str, note: &Note, asked: &Asked<'_>, fix: &Fix) -> Option<TextFix> {
    let mut edits = Vec::new();
    for (item, change) in &fix.edits {
        let mention = asked.mention_of(note, *item)?;
        match change {
            Change::ReplaceWith(code) => {
                edits.push((mention.range.clone(), spelled(text, *code, mention)));
            }
            Change::Remove => edits.push((removal(text, note, mention)?, String::new())),
            Change::MoveTo(index) => edits.extend(rotation(text, note, asked, *item, *index)?),
            Change::AddModifier(modifier) => edits.push(further(text, mention, modifier)?),
            Change::RemoveModifier(modifier) => {
                edits.push((without(text, mention, modifier)?, String::new()));
            }
        }
    }
    Some(TextFix { title: fix.title.clone(), safe: fix.safe, edits })
}

/// Whether a code stands where no point may be.
pub(super) fn is_undotted(text: &str, mention: &Mention) -> bool {
    let is_quoted = text[..mention.range.start].ends_with('"');
    mention.place == Place::Claim && !is_quoted
}

/// The code as the place wants it: X12 forbids the point, JSON (in quotes) wants it.
fn spelled(text: &str, code: Code, mention: &Mention) -> String {
    if is_undotted(text, mention) { code.key().to_string() } else { code.to_string() }
}

/// The code with the separator before it, or behind it where it comes first; only within a list on one line.
fn removal(text: &str, note: &Note, mention: &Mention) -> Option<Range<usize>> {
    if mention.description.is_some() || matches!(mention.place, Place::Table | Place::Claim) {
        return None;
    }
    let line = line_of(text, mention.range.start);
    let first = note.mentions.partition_point(|other| other.range.start < line.start);
    let behind = note.mentions.partition_point(|other| other.range.start < line.end);
    let neighbours = || note.mentions.get(first..behind).unwrap_or_default().iter();
    let before = neighbours().rfind(|other| other.range.end <= mention.range.start);
    if let Some(before) = before {
        let end = before.modifiers.last().map_or(before.range.end, |modifier| modifier.end);
        return is_separator(text.get(end..mention.range.start)?).then_some(end..mention.range.end);
    }
    let after = neighbours().find(|other| other.range.start >= mention.range.end)?;
    is_separator(&text[mention.range.end..after.range.start])
        .then_some(mention.range.start..after.range.start)
}

/// A modifier behind the others, with the sign before the last of them; behind a code without any with a hyphen.
fn further(text: &str, mention: &Mention, modifier: &str) -> Option<(Range<usize>, String)> {
    if !matches!(mention.place, Place::Label | Place::Sigil | Place::Prose) {
        return None;
    }
    let Some(last) = mention.modifiers.last() else {
        let end = mention.range.end;
        return Some((end..end, format!("-{modifier}")));
    };
    let sign = sign_before(text, last)?;
    Some((last.end..last.end, format!("{sign}{modifier}")))
}

/// A modifier with the sign before it.
fn without(text: &str, mention: &Mention, modifier: &str) -> Option<Range<usize>> {
    let is_meant = |range: &&Range<usize>| {
        text.get((*range).clone()).is_some_and(|own| own.eq_ignore_ascii_case(modifier))
    };
    let own = mention.modifiers.iter().rfind(is_meant)?;
    sign_before(text, own)?;
    Some(own.start - 1..own.end)
}

/// The sign that separates a modifier from what stands before it; `None` where it is written without one.
fn sign_before(text: &str, modifier: &Range<usize>) -> Option<char> {
    let before = text.get(..modifier.start)?.chars().next_back()?;
    matches!(before, '-' | ':' | ' ').then_some(before)
}

/// Moves a diagnosis within its line by writing the codes between anew, each in the place of its neighbour.
fn rotation(
    text: &str,
    note: &Note,
    asked: &Asked<'_>,
    item: Item,
    to: usize,
) -> Option<Vec<(Range<usize>, String)>> {
    let Item::Diagnosis(from) = item else { return None };
    let (low, high) = (from.min(to), from.max(to));
    let at = |index: usize| asked.mention_of(note, Item::Diagnosis(index));
    let line = line_of(text, at(low)?.range.start);
    // Told from both ends first: most lists do not stand on one line.
    at(high).filter(|last| line.contains(&last.range.start))?;
    let mentions: Option<Vec<_>> = (low..=high).map(at).collect();
    let mentions = mentions?;
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

#[cfg(test)]
mod tests {
    use crate::{
        document::{CheckSettings, Document},
        testing::{TODAY, claims::with_claim_tables},
    };

    /// The text after the fix with this title of an issue of this rule; `None` where it is not offered.
    fn fixed(line: &str, rule: &str, title: &str) -> Option<String> {
        let text = format!("DOS: {TODAY}\n{line}");
        let document = Document::new(&text);
        let requests = document.requests().iter();
        let answers: Vec<_> =
            requests.map(|request| request.answer(with_claim_tables(), TODAY)).collect();
        let assembly = document.assemble(&answers, &CheckSettings::default());
        let mut issues = assembly.issues.into_iter().filter(|issue| issue.rule == rule);
        let fix = issues
            .find_map(|issue| issue.fixes.into_iter().find(|fix| fix.title.starts_with(title)))?;
        let mut fixed = text.clone();
        for (range, new) in fix.edits.iter().rev() {
            fixed.replace_range(range.clone(), new);
        }
        fixed.lines().last().map(str::to_owned)
    }

    #[test]
    fn a_modifier_is_added_as_the_others_are_written() {
        let added = |line| fixed(line, "em-without-modifier-25", "Add modifier 25");
        assert_eq!(added("CPT: 99213, 20610").as_deref(), Some("CPT: 99213-25, 20610"));
        assert_eq!(added("CPT: 20610, 99213-24").as_deref(), Some("CPT: 20610, 99213-24-25"));
        assert_eq!(added("CPT: 20610, 99213 24").as_deref(), Some("CPT: 20610, 99213 24 25"));
        assert_eq!(added("CPT: 20610, 9921324"), None);
    }

    #[test]
    fn a_modifier_is_taken_off_with_its_sign() {
        let taken = |line| fixed(line, "modifier-not-applicable", "Take modifier 25 off");
        assert_eq!(taken("CPT: 36415-25").as_deref(), Some("CPT: 36415"));
        assert_eq!(taken("CPT: 36415-59-25, 99213").as_deref(), Some("CPT: 36415-59, 99213"));
        assert_eq!(taken("CPT: 3641525"), None);
    }
}
