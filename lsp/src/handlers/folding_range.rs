//! `textDocument/foldingRange`: encounters. Headings and fences are the editor's own.

use std::ops::Range;

use medcode_codes::note::Note;

use super::MOST_ENTRIES;
use crate::{
    protocol::{FoldingRange, FoldingRangeParams, Result},
    snapshot::Snapshot,
    to_lsp,
};

/// Answers with one region for each encounter of more than one line.
pub(crate) async fn folding_range(
    snapshot: Snapshot,
    params: FoldingRangeParams,
) -> Result<Option<Vec<FoldingRange>>> {
    let snapshot = snapshot.at(&params.text_document.uri);
    let Some(document) = snapshot.readable(&params.text_document.uri) else { return Ok(None) };
    let Some(regions) = document.read(|document, note| regions(document.text(), note)).await else {
        return Ok(None);
    };
    let grid = document.grid(snapshot.client.encoding);
    let most = snapshot.client.shown.most_folds.unwrap_or(MOST_ENTRIES).min(MOST_ENTRIES);
    Ok(Some(to_lsp::folds(&grid, &regions, most)))
}

/// The encounters, without the blank lines at their ends. A text that is one encounter without a heading is no region:
/// there is nothing to tell it from.
fn regions(text: &str, note: &Note) -> Vec<Range<usize>> {
    let is_alone = note.encounters.len() == 1;
    let scopes = note.encounters.iter().enumerate().filter(|(number, scope)| {
        scope.heading.is_some() || (!is_alone && !note.mentions_of(*number).is_empty())
    });
    scopes
        .filter_map(|(_, scope)| {
            let start = scope.heading.as_ref().map_or(scope.range.start, |heading| heading.start);
            let body = text.get(start..scope.range.end)?.trim_end();
            Some(start..start + body.len())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use medcode_codes::note::scan;

    use super::*;

    fn folded(text: &str) -> Vec<&str> {
        regions(text, &scan(text)).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn folds_encounters_to_their_last_line() {
        let first = "## Visit 2026-01-05\nDx: E11.9";
        let second = "## Visit 2026-02-05\nDx: I10";
        assert_eq!(folded(&format!("# Ann\n\n{first}\n\n\n{second}\n\n")), [first, second]);
    }

    #[test]
    fn leaves_a_plain_text_alone() {
        assert_eq!(folded("Dx: E11.9\nDx: I10\n"), Vec::<&str>::new());
        assert_eq!(folded(""), Vec::<&str>::new());
    }
}
