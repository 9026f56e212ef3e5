//! Digests of rows: equal content, equal digest, whatever file it was read from and whenever.

use std::fmt::Write;

use jiff::civil::Date;
use medcode_codes::{code_table::Lifetime, system::CodeSystem, tabular::NodeKind};
use sha2::{Digest, Sha256};

use crate::catalog::{releases::ReleaseRecord, snapshot::Abbreviation};
use medcode_import::rows::{CodeRow, ConversionRow, TabularRows, TitleRow};

/// `sha256:` and 64 hexadecimal digits of the nodes, notes and 7th characters of a list, and of titles that are taken
/// from it beside its own.
pub fn of_tabular(rows: &TabularRows, titles: &[TitleRow]) -> String {
    let mut digest = RowDigest::new("tabular");
    digest.count(rows.nodes.len());
    digest.count(rows.notes.len());
    for node in &rows.nodes {
        digest.number(node.parent.map_or(-1, i64::from));
        digest.number(kind_number(node.kind));
        digest.text(&node.name);
        digest.text(&node.title);
    }
    for note in &rows.notes {
        digest.number(i64::from(note.node));
        digest.text(note.kind.id());
        digest.number(i64::from(note.container));
        digest.text(&note.text);
    }
    for row in &rows.seventh {
        digest.number(i64::from(row.node));
        digest.text(row.character.encode_utf8(&mut [0; 4]));
        digest.text(&row.meaning);
    }
    digest.text(&of_titles(titles));
    digest.finish()
}

/// The digest of the codes of one or more systems, each in text order.
pub fn of_codes(tables: &[(CodeSystem, &[CodeRow])]) -> String {
    let mut digest = RowDigest::new("codes");
    for (system, rows) in tables {
        digest.text(system.id());
        digest.count(rows.len());
        for row in *rows {
            digest.text(&row.code.text());
            match row.lifetime {
                Lifetime::Dated(period) => {
                    digest.text("dated");
                    digest.day(Some(period.start));
                    digest.day(period.end);
                }
                Lifetime::Seen { first, last } => {
                    digest.text("seen");
                    digest.day(Some(first));
                    digest.day(Some(last));
                }
            }
            digest.count(row.flags.len());
            for (period, flags) in &row.flags {
                digest.day(Some(period.start));
                digest.day(period.end);
                digest.count(flags.names().count());
                flags.names().for_each(|name| digest.text(name));
            }
        }
    }
    digest.finish()
}

/// The digest of a title list in text order.
pub fn of_titles(rows: &[TitleRow]) -> String {
    let mut digest = RowDigest::new("titles");
    for row in rows {
        digest.text(&row.code.text());
        digest.text(&row.title);
    }
    digest.finish()
}

/// The digest of codes in use with their descriptors.
pub fn of_codes_in_use(system: CodeSystem, codes: &[CodeRow], titles: &[TitleRow]) -> String {
    let mut digest = RowDigest::new("codes in use");
    digest.text(&of_codes(&[(system, codes)]));
    digest.text(&of_titles(titles));
    digest.finish()
}

/// The digest of a conversion table in the order of its pairs.
pub fn of_conversions(rows: &[ConversionRow]) -> String {
    let mut digest = RowDigest::new("conversions");
    for row in rows {
        digest.text(&row.from.text());
        digest.text(&row.to.text());
        digest.day(Some(row.effective));
    }
    digest.finish()
}

/// The digest of abbreviations in text order.
pub fn of_abbreviations(rows: &[Abbreviation]) -> String {
    let mut digest = RowDigest::new("abbreviations");
    for row in rows {
        digest.text(&row.short);
        digest.count(row.expansions.len());
        row.expansions.iter().for_each(|expansion| digest.text(expansion));
    }
    digest.finish()
}

/// The digest of a whole catalog: of its releases, in the order of dataset, kind and version.
pub fn of_releases(records: &[ReleaseRecord]) -> String {
    let mut lines: Vec<_> = records
        .iter()
        .map(|record| {
            let release = &record.release;
            (&release.dataset, record.kind, release.version, &release.digest)
        })
        .collect();
    lines.sort_unstable();
    let mut digest = RowDigest::new("catalog");
    for (dataset, kind, version, content) in lines {
        digest.text(dataset);
        digest.text(kind.id());
        digest.day(Some(version));
        digest.text(content);
    }
    digest.finish()
}

/// The number under which the kind of a node is stored.
pub(super) fn kind_number(kind: NodeKind) -> i64 {
    match kind {
        NodeKind::Chapter => 0,
        NodeKind::Section => 1,
        NodeKind::Code => 2,
    }
}

/// 64 hexadecimal digits of bytes.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Hashes fields with their lengths, so that no two sequences of fields give the same bytes.
struct RowDigest(Sha256);

impl RowDigest {
    fn new(what: &str) -> Self {
        let mut digest = Self(Sha256::new());
        digest.text(what);
        digest
    }

    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    fn number(&mut self, number: i64) {
        self.0.update(number.to_le_bytes());
    }

    fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_le_bytes());
    }

    fn day(&mut self, day: Option<Date>) {
        self.number(day.map_or(0, super::day_number));
    }

    fn finish(self) -> String {
        format!("sha256:{}", hex(&self.0.finalize()))
    }
}
