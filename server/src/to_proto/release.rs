//! Releases as they are listed: what they hold, and what they were read from.

use medcode_codes::release::Content;
use medcode_proto::v1;
use prost_types::Timestamp;

use crate::catalog::releases::{ReleaseKind, ReleaseRecord, Source};

/// The order in which releases are listed: by dataset, the newest first.
pub(crate) fn in_order<'r>(
    records: impl Iterator<Item = &'r ReleaseRecord>,
) -> Vec<&'r ReleaseRecord> {
    let mut records: Vec<_> = records.collect();
    records.sort_by(|a, b| {
        let (a, b) = (&a.release, &b.release);
        a.dataset.cmp(&b.dataset).then(b.version.cmp(&a.version))
    });
    records
}

/// A loaded release.
pub(crate) fn loaded(record: &ReleaseRecord) -> v1::Release {
    let release = &record.release;
    let period = record.period();
    v1::Release {
        r#ref: Some(super::release(release)),
        kind: kind(record.kind).into(),
        title: release.title.clone(),
        effective_from: Some(super::date(period.start)),
        effective_to: period.end.map(super::date),
        row_count: record.row_count.into(),
        billable_count: record.billable_count.unwrap_or_default().into(),
        source_files: vec![source_file(&record.source)],
        imported_at: instant(&record.imported_at),
        copyright: record.source.copyright.clone(),
        content: match release.content {
            Content::Complete => v1::ReleaseContent::Complete,
            Content::Fragment => v1::ReleaseContent::Fragment,
        }
        .into(),
    }
}

/// What the rows of a release are.
pub(crate) fn kind(kind: ReleaseKind) -> v1::ReleaseKind {
    match kind {
        ReleaseKind::Tabular
        | ReleaseKind::CodeList
        | ReleaseKind::Addenda
        | ReleaseKind::CodesInUse
        | ReleaseKind::Hcpcs
        | ReleaseKind::BareCodes
        | ReleaseKind::Payable
        | ReleaseKind::Icd9
        | ReleaseKind::Index
        | ReleaseKind::Cpt => v1::ReleaseKind::CodeSystem,
        // The dates and flags of the Medicare Code Editor are one of them.
        ReleaseKind::CodeMaster
        | ReleaseKind::PoaExempt
        | ReleaseKind::Ptp
        | ReleaseKind::Mue
        | ReleaseKind::AddOn
        | ReleaseKind::FeeSchedule => v1::ReleaseKind::EditTable,
        ReleaseKind::Conversions | ReleaseKind::Gem => v1::ReleaseKind::ConceptMap,
        ReleaseKind::Abbreviations | ReleaseKind::Meanings => v1::ReleaseKind::WordList,
    }
}

fn source_file(source: &Source) -> v1::SourceFile {
    let parts = [source.package.as_str(), source.file.as_str()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    v1::SourceFile { name: parts.join(": "), sha256: source.sha256.clone() }
}

/// An instant that is kept as text. `None` when the text is none.
fn instant(text: &str) -> Option<Timestamp> {
    let instant: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp { seconds: instant.as_second(), nanos: instant.subsec_nanosecond() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_instant_of_an_import() {
        assert_eq!(
            instant("2026-04-01T00:00:01Z"),
            Some(Timestamp { seconds: 1_775_001_601, nanos: 0 })
        );
        assert_eq!(instant(""), None);
        assert_eq!(instant("yesterday"), None);
    }
}
