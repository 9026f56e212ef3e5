//! What was found in a text, at places that the caller can count to.

use std::ops::Range;

use medcode_codes::{
    document::{Assembly, Document, TextIssue},
    note::Mention,
    text_check::TextFix,
};
use medcode_proto::v1;

use super::{
    encounter::{related_note, severity},
    offsets::Offsets,
};

/// The answer, but for the reports of its encounters.
pub(crate) fn response(
    document: &Document<'_>,
    found: &Assembly,
    unit: v1::OffsetUnit,
) -> v1::CheckDocumentResponse {
    let offsets = Offsets::new(document.text(), unit);
    let asked = asked(document);
    let mentions = asked.iter().filter_map(|(index, encounter)| {
        let mention = document.note().mentions.get(*index)?;
        let is_reported =
            document.requests().get(*encounter).is_some_and(|request| !request.each_code_only);
        Some(self::mention(document, &offsets, mention, is_reported, *encounter))
    });
    let issues = found.issues.iter().map(|found| {
        let place = found
            .mention
            .and_then(|mention| asked.binary_search_by_key(&mention, |(index, _)| *index).ok());
        v1::DocumentIssue { mention: place.map(count), ..issue(&offsets, found) }
    });
    v1::CheckDocumentResponse {
        mentions: mentions.collect(),
        issues: issues.collect(),
        silenced: count(found.silenced.len()),
        ..v1::CheckDocumentResponse::default()
    }
}

/// The mentions that were asked about, each with the number of its question, in text order.
fn asked(document: &Document<'_>) -> Vec<(usize, usize)> {
    let requests = document.requests().iter().enumerate();
    let mut asked: Vec<_> = requests
        .flat_map(|(number, request)| request.mentions.iter().map(move |index| (*index, number)))
        .collect();
    asked.sort_unstable();
    asked.dedup_by_key(|(index, _)| *index);
    asked
}

fn mention(
    document: &Document<'_>,
    offsets: &Offsets<'_>,
    mention: &Mention,
    reported: bool,
    encounter: usize,
) -> v1::Mention {
    let code = document.text().get(mention.range.clone()).unwrap_or_default();
    v1::Mention {
        range: Some(offsets.range(&mention.range)),
        coding: Some(v1::Coding {
            system: mention.system.url().into(),
            code: code.to_owned(),
            ..v1::Coding::default()
        }),
        reported,
        encounter: count(encounter),
    }
}

fn issue(offsets: &Offsets<'_>, found: &TextIssue) -> v1::DocumentIssue {
    let related = found.related.iter().map(|related| v1::RelatedPlace {
        range: Some(offsets.range(&related.range)),
        code: related.code.clone(),
    });
    let fixes = found.fixes.iter().enumerate();
    v1::DocumentIssue {
        issue: Some(v1::Issue {
            severity: severity(found.severity).into(),
            code: "business-rule".into(),
            message: found.message.clone(),
            rule_id: found.rule.clone(),
            source: found.source.clone(),
            related_notes: found.notes.iter().map(related_note).collect(),
            ..v1::Issue::default()
        }),
        range: Some(offsets.range(&found.range)),
        lines: Some(offsets.lines(&found.range)),
        codes: found.codes.clone(),
        fixes: fixes.map(|(place, proposed)| fix(offsets, proposed, place == 0)).collect(),
        related: related.collect(),
        mention: None,
    }
}

fn fix(offsets: &Offsets<'_>, fix: &TextFix, preferred: bool) -> v1::TextFix {
    let edit = |(range, new_text): &(Range<usize>, String)| v1::TextEdit {
        range: Some(offsets.range(range)),
        new_text: new_text.clone(),
    };
    v1::TextFix {
        title: fix.title.clone(),
        preferred,
        safe: fix.safe,
        edits: fix.edits.iter().map(edit).collect(),
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
