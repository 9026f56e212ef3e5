//! Code systems, and what of them is loaded.

use medcode_codes::{code_table::CodeTable, date::Date, release::Content, system::CodeSystem};
use medcode_proto::v1;

use super::concept;
use crate::catalog::{releases::ReleaseRecord, snapshot::Snapshot};

/// A code system as of a date.
pub(crate) fn code_system(snapshot: &Snapshot, system: CodeSystem, today: Date) -> v1::CodeSystem {
    let terminology = &snapshot.terminology;
    let table = terminology.table(system);
    let records: Vec<_> = snapshot.releases.iter().filter(|record| record.is_of(system)).collect();
    let first = table.and_then(|table| {
        table.iter().filter_map(|entry| entry.lifetime().period()).map(|period| period.start).min()
    });
    v1::CodeSystem {
        id: system.id().into(),
        url: system.url().into(),
        aliases: system.aliases().into_iter().map(str::to_owned).collect(),
        title: system.title().into(),
        // HL7 marks all four so.
        case_sensitive: true,
        loaded: table.is_some(),
        current_release: current(&records, system, today)
            .map(|record| super::release(&record.release)),
        covered_from: first.map(super::date),
        covered_to: table.and_then(CodeTable::horizon).map(super::date),
        copyright: records
            .iter()
            .map(|record| record.source.copyright.as_str())
            .find(|line| !line.is_empty())
            .unwrap_or_default()
            .to_owned(),
        content: concept::content_of(snapshot, system).into(),
        note: note(snapshot, system),
    }
}

/// The release of the system that is in force; else the newest that dates its codes and has begun.
fn current<'r>(
    records: &[&'r ReleaseRecord],
    system: CodeSystem,
    today: Date,
) -> Option<&'r ReleaseRecord> {
    let newest = |own: bool| {
        let in_force = records.iter().filter(|record| {
            let covers =
                record.horizon.or(record.release.effective_to).is_none_or(|end| today <= end);
            (record.release.dataset == system.id()) == own
                && record.release.version <= today
                && covers
        });
        in_force.max_by_key(|record| record.release.version).copied()
    };
    newest(true).or_else(|| newest(false))
}

/// What the installed data does not know.
fn note(snapshot: &Snapshot, system: CodeSystem) -> String {
    let Some(table) = snapshot.terminology.table(system) else {
        let reason = medcode_codes::fact::UnavailableReason::CodeSystemNotLoaded;
        return super::unavailable_sentence(reason, system);
    };
    if table.content() == Content::Fragment {
        let count = table.len();
        return format!(
            "Only a part of {system} is installed ({count} codes): a code that is missing may exist. Import the complete official file to check it."
        );
    }
    let titled = snapshot.releases.iter().filter(|record| record.release.dataset == system.id());
    match titled.map(|record| record.release.version).max() {
        None => "No titles are installed.".to_owned(),
        Some(titled) if titled < table.release().version => {
            format!(
                "The newest titles are those of the release {titled}: codes that are newer have none."
            )
        }
        Some(_) => String::new(),
    }
}
