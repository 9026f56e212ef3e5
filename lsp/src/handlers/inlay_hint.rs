//! `textDocument/inlayHint`: official titles behind codes.

use std::{ops::Range, sync::Arc};

use medcode_codes::note::{Form, Mention, Note, Place};

use super::{
    MOST_ENTRIES,
    encounter_date::{briefs_of, date_at},
    titles::{end_of, is_said, place_behind, written_behind},
};
use crate::{
    concept::Brief,
    config::TitleHints,
    from_lsp,
    protocol::{Error, InlayHint, InlayHintParams, Result},
    snapshot::Snapshot,
    sought::is_evident,
    to_lsp::{self, TitleHint},
};

/// Answers for the codes in the range that is asked for. An error when the text has changed meanwhile: the places would
/// be those of another text.
pub(crate) async fn inlay_hint(
    snapshot: Snapshot,
    params: InlayHintParams,
) -> Result<Option<Vec<InlayHint>>> {
    let uri = &params.text_document.uri;
    let snapshot = snapshot.at(uri);
    let features = &snapshot.settings.features;
    if features.inlay_title == TitleHints::Off {
        return Ok(None);
    }
    let Some(document) = snapshot.readable(uri) else { return Ok(None) };
    let text = document.text();
    let grid = document.grid(snapshot.client.encoding);
    let part = from_lsp::range(&grid, params.range);
    let note = document.note().await;
    let systems = &features.inlay_systems;
    let hinted = hinted(text, &note, &part);
    let hinted: Vec<_> =
        hinted.into_iter().filter(|mention| systems.contains(&mention.system)).collect();
    let briefs = briefs_of(&snapshot, text, &note, hinted.iter().copied()).await;
    if document.is_outdated() {
        return Err(Error::content_modified());
    }
    let titled = hinted.into_iter().zip(&briefs).filter_map(|(mention, brief)| {
        let brief = brief.as_ref().filter(|brief| is_shown(mention, brief))?;
        let line = document.line_at(mention.range.start);
        let is_missing = || !is_said(text, &line, &note, mention, &brief.titled.title);
        let is_wanted = features.inlay_title == TitleHints::Always || is_missing();
        is_wanted.then(|| TitleHint {
            at: end_of(mention),
            system: mention.system,
            titled: &brief.titled,
            date: date_at(&note, mention.range.start, snapshot.as_of()),
            insert: place_behind(text, mention)
                .map(|place| (place, written_behind(&brief.titled.title))),
        })
    });
    let hints =
        titled.map(|hint| to_lsp::inlay_hint(&grid, &hint, features.inlay_length, &snapshot));
    Ok(Some(hints.collect()))
}

/// The codes whose titles may be shown in `part`: none of claims, none that is ignored, none of which only the shape
/// speaks for a code.
fn hinted<'n>(text: &str, note: &'n Note, part: &Range<usize>) -> Vec<&'n Mention> {
    let ignored = note.ignored(text.len());
    let is_ignored = |mention: &Mention| {
        let after = ignored.partition_point(|range| range.start <= mention.range.start);
        let before = after.checked_sub(1).and_then(|index| ignored.get(index));
        before.is_some_and(|range| mention.range.start < range.end)
    };
    let first = note.mentions.partition_point(|mention| mention.range.end < part.start);
    let mentions = note.mentions.get(first..).unwrap_or_default().iter();
    mentions
        .take_while(|mention| mention.range.end <= part.end)
        .filter(|mention| mention.place != Place::Claim && mention.form != Form::Span)
        .filter(|mention| is_evident(mention) && !is_ignored(mention))
        .take(MOST_ENTRIES)
        .collect()
}

/// Whether there is a title that tells something: in prose a header is named on purpose, as a group.
fn is_shown(mention: &Mention, brief: &Arc<Brief>) -> bool {
    let is_group = brief.header && mention.place == Place::Prose;
    !brief.titled.title.is_empty() && !is_group
}

#[cfg(test)]
mod tests {
    use medcode_codes::note::scan;

    use super::*;

    fn codes(text: &str, part: Range<usize>) -> Vec<String> {
        let note = scan(text);
        let hinted = hinted(text, &note, &part);
        hinted.into_iter().map(|mention| text[mention.range.clone()].to_owned()).collect()
    }

    #[test]
    fn only_evident_codes_in_the_range_have_hints() {
        let text = "Dx: E11.9, I10\nroom B12\nDx: J18.9\n";
        assert_eq!(codes(text, 0..text.len()), ["E11.9", "I10", "J18.9"]);
        assert_eq!(codes(text, 0..10), ["E11.9"]);
        assert_eq!(codes(text, 15..text.len()), ["J18.9"]);
    }

    #[test]
    fn claims_and_ignored_parts_have_none() {
        let claim = "ISA*00*          *00*          *ZZ*A              *ZZ*B              \
            *260302*1200*^*00501*000000001*0*P*:~\nHI*ABK:E119~\n";
        assert_eq!(codes(claim, 0..claim.len()), Vec::<String>::new());
        let text =
            "<!-- medcode: ignore-start -->\nDx: E11.9\n<!-- medcode: ignore-end -->\nDx: I10\n";
        assert_eq!(codes(text, 0..text.len()), ["I10"]);
    }
}
