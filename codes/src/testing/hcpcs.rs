//! A terminology with a HCPCS Level II file of few rows, as an import of such a file leaves it.

use std::sync::LazyLock;

use crate::{
    code::CodeKey,
    code_table::{CodeTable, CodeTableBuilder, Lifetime},
    date::{Date, Period, parse_iso},
    hcpcs_record::HcpcsRecord,
    release::{Content, Release},
    supplements::{OfRelease, Supplements},
    system::CodeSystem,
    terminology::Terminology,
};

/// Code, first day, last day, coverage and cross-reference. From the file of 2020, wordings left out.
const ROWS: [(&str, &str, &str, char, &str); 6] = [
    ("A0021", "1985-01-01", "", 'I', "A0030"),
    ("A0030", "1985-01-01", "", 'C', ""),
    ("A4466", "2009-01-01", "2016-12-31", 'C', "A4467"),
    ("A4467", "2017-01-01", "", 'C', ""),
    ("A7011", "2000-01-01", "2015-12-31", 'C', ""),
    ("C8904", "2003-10-01", "2018-12-31", 'C', "77046"),
];

/// A terminology that knows a few codes of HCPCS Level II with dates, coverage and cross-references, and nothing else.
pub fn with_hcpcs() -> &'static Terminology {
    static TERMINOLOGY: LazyLock<Terminology> = LazyLock::new(|| {
        let rows = ROWS.iter().map(record).collect();
        let hcpcs = vec![OfRelease { release: release(), covered_to: None, rows }];
        let supplements = Supplements { hcpcs, ..Supplements::default() };
        Terminology::new(vec![table()], Vec::new()).with(supplements)
    });
    &TERMINOLOGY
}

fn table() -> CodeTable {
    let mut builder = CodeTableBuilder::new(CodeSystem::Hcpcs, release(), None);
    for (code, first, last, _, reference) in ROWS {
        let period = Period { start: day(first).expect("a day"), end: day(last) };
        builder.code(key(code), Lifetime::Dated(period), None, &[]).expect("a small table");
        if let Some(reference) = CodeKey::new(reference) {
            builder.replacement(key(code), reference);
        }
    }
    builder.finish().expect("no code stands twice")
}

fn record(
    &(code, first, last, coverage, reference): &(&str, &str, &str, char, &str),
) -> HcpcsRecord {
    HcpcsRecord {
        code: key(code),
        is_modifier: false,
        long: String::new(),
        short: String::new(),
        coverage: Some(coverage),
        pricing: Vec::new(),
        multiple_pricing: None,
        references: Vec::new(),
        laboratory: Vec::new(),
        cross_references: CodeKey::new(reference).into_iter().collect(),
        asc_group: String::new(),
        processing_note: String::new(),
        betos: String::new(),
        types_of_service: Vec::new(),
        anesthesia_units: None,
        added: day(first),
        action_effective: None,
        terminated: day(last),
        action: None,
    }
}

fn release() -> Release {
    Release {
        dataset: "hcpcs".to_owned(),
        version: jiff::civil::date(2020, 1, 1),
        effective_to: None,
        digest: format!("sha256:{:064x}", 5),
        title: "HCPCS Level II 2020-01-01, sample".to_owned(),
        content: Content::Complete,
    }
}

fn day(text: &str) -> Option<Date> {
    parse_iso(text).ok()
}

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).expect("a code")
}
