//! Modifiers under the pointer.

use std::ops::Range;

use medcode_codes::{
    edits::modifier_choice::words_of,
    note::{Mention, Note},
    system::{CodeSystem, modifier},
};

use super::date_at;
use crate::{
    concept::Looked,
    snapshot::Snapshot,
    to_lsp::{Page, Subject},
};

/// Codes before a place that its modifier may belong to: those of one line of a table or a form.
const NEAR: usize = 64;

/// The code whose modifier covers byte `offset`, or ends there, and the place of the modifier.
pub(super) fn at(note: &Note, offset: usize) -> Option<(&Mention, Range<usize>)> {
    let after = note.mentions.partition_point(|mention| mention.range.start <= offset);
    note.mentions.get(..after)?.iter().rev().take(NEAR).find_map(|mention| {
        let mut places = mention.modifiers.iter();
        let place = places.find(|place| place.start <= offset && offset <= place.end)?;
        Some((mention, place.clone()))
    })
}

/// The page of a modifier: what the installed file of HCPCS says, else what it is for in words of our own.
pub(super) async fn page(
    snapshot: &Snapshot,
    note: &Note,
    mention: &Mention,
    written: &str,
) -> Page {
    let text = written.to_ascii_uppercase();
    let is_cpt = modifier::is_cpt_shape(&text);
    let system = if is_cpt { CodeSystem::Cpt } else { CodeSystem::Hcpcs };
    let date = date_at(note, mention.range.start, snapshot.as_of());
    let looked = snapshot.codes.lookup(system, &text, date).await;
    let words = words_of(&text);
    let mut page = Page::new(snapshot.client.hover_markdown);
    match (&*looked, words) {
        (Looked::Known(_), _) | (Looked::Unknown { .. }, None) => {
            let release = snapshot.codes.release(system).unwrap_or_default();
            let subject = Subject {
                system,
                written: &text,
                looked: &looked,
                children: &[],
                date,
                release: &release,
            };
            page.subject(&subject);
        }
        (_, words) => {
            page.modifier(system, &text, words.unwrap_or_default());
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use medcode_codes::note::scan;

    use super::*;

    #[test]
    fn finds_the_modifier_and_its_code() {
        let text = "CPT: 99213-25-57, 36415\n\n| CPT | Mod |\n|---|---|\n| 27447 | RT |\n";
        let note = scan(text);
        let found = |needle: &str| {
            let (mention, place) = at(&note, text.find(needle).unwrap() + 1)?;
            Some((&text[mention.range.clone()], text[place].to_owned()))
        };
        assert_eq!(found("25-"), Some(("99213", "25".to_owned())));
        assert_eq!(found("57"), Some(("99213", "57".to_owned())));
        assert_eq!(found("RT"), Some(("27447", "RT".to_owned())));
        assert_eq!(found("36415"), None);
    }
}
