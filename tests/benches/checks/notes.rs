//! A note of 1 MB with 2,000 codes, as one encounter and as 134 visits: finding its codes, and everything else.

use std::sync::Arc;

use e2e::{
    charts::{MEGABYTE, chart},
    figures::{Figure, Goal, Report},
    thread_time::thread_seconds,
};
use medcode_codes::{
    document::{CheckSettings, Document, EncounterAnswer, Parts},
    normalize::normalize,
    note::{Note, Scanned, scan},
    terminology::Terminology,
};

use super::{ROUNDS, TODAY};

const CODES: usize = 2_000;

pub(super) fn measure(report: &mut Report, terminology: &Terminology) {
    for (shape, visits) in [("134 visits", 134), ("1 encounter", 1)] {
        let text = chart(terminology, (MEGABYTE, CODES, visits), 11);
        compare(&text, terminology);
        scanning(report, terminology, shape, &text);
        all_rules(report, terminology, shape, &text);
    }
}

/// The scan finds every code that the chart has, and a scan after an edit is the scan of the new text.
fn compare(text: &str, terminology: &Terminology) {
    let note = scan(text);
    assert!(note.mentions.len() >= CODES, "{} of {CODES} codes", note.mentions.len());
    assert!(resolve(text, &note, terminology) >= CODES);
    let edited = edited(text);
    let again = Scanned::new(text).again(&edited);
    assert_eq!(**again.note(), scan(&edited));
    // What is worked out again from parts that are known is what is worked out anew.
    let settings = CheckSettings::default();
    let before = Document::new(text);
    let _ = before.assemble(&answers(&before, terminology), &settings);
    let fresh = Document::new(&edited);
    let known = Document::scanned(&edited, again.into_note(), before.parts());
    let answers = answers(&fresh, terminology);
    assert_eq!(known.assemble(&answers, &settings), fresh.assemble(&answers, &settings));
}

fn scanning(report: &mut Report, terminology: &Terminology, shape: &str, text: &str) {
    let scanned = Scanned::new(text);
    let versions = [edited(text), text.to_owned()];
    let (mut whole, mut after) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (limit, letters) = thread_seconds(|| classes(text));
        let (seconds, found) = thread_seconds(|| resolve(text, &scan(text), terminology));
        assert!(letters > 0 && found > 0);
        whole.push((seconds * 1e3, limit * 1e3));
        let version = &versions[round % 2];
        let (seconds, note) = thread_seconds(|| scanned.again(version).into_note());
        assert!(!note.mentions.is_empty());
        after.push((seconds * 1e3, limit * 1e3));
    }
    let limit = "one look at each byte";
    let name = format!("note of 1 MB, {CODES} codes, {shape}: scan and resolve");
    report.add(Figure::of(name, "ms", Goal::AtMost(1.0), limit, whole));
    let name = format!("note of 1 MB, {CODES} codes, {shape}: scan after an edit");
    report.add(Figure::of(name, "ms", Goal::AtMost(1.0), limit, after));
}

fn all_rules(report: &mut Report, terminology: &Terminology, shape: &str, text: &str) {
    let settings = CheckSettings::default();
    let edited = edited(text);
    let (mut first, mut after) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let note = Arc::new(scan(text));
        let (limit, _) = thread_seconds(|| resolve(text, &note, terminology));
        let (seconds, document) = thread_seconds(|| {
            let document = Document::scanned(text, note.clone(), &Parts::default());
            let answers = answers(&document, terminology);
            document.assemble(&answers, &settings);
            (document, answers)
        });
        let (document, answers) = document;
        first.push((seconds * 1e3, limit * 1e3));
        let note = Arc::new(scan(&edited));
        let (seconds, issues) = thread_seconds(|| {
            let document = Document::scanned(&edited, note, document.parts());
            document.assemble(&answers, &settings).issues.len()
        });
        assert!(issues > 0);
        after.push((seconds * 1e3, limit * 1e3));
    }
    let limit = "the lookup of its codes";
    let name = format!("note of 1 MB, {CODES} codes, {shape}: all rules, opened");
    report.add(Figure::of(name, "ms", Goal::AtMost(40.0), limit, first));
    let name = format!("note of 1 MB, {CODES} codes, {shape}: all rules, after an edit");
    report.add(Figure::of(name, "ms", Goal::AtMost(40.0), limit, after));
}

/// One letter more in the prose of the middle.
fn edited(text: &str) -> String {
    let middle = text[..text.len() / 2].rfind(".\n").expect("a sentence");
    let (before, behind) = text.split_at(middle);
    [before, "s", behind].concat()
}

fn answers(document: &Document<'_>, terminology: &Terminology) -> Vec<Arc<EncounterAnswer>> {
    let requests = document.requests().iter();
    requests.map(|request| Arc::new(request.answer(terminology, TODAY))).collect()
}

/// Looks every code up.
fn resolve(text: &str, note: &Note, terminology: &Terminology) -> usize {
    let found = note.mentions.iter().filter_map(|mention| {
        let written = normalize(mention.system, &text[mention.range.clone()]);
        let code = medcode_codes::code::Code::parse(mention.system, &written.code).ok()?;
        terminology.concept(code, TODAY)
    });
    found.count()
}

/// How often a run of letters and digits begins: one look at each byte and a table.
fn classes(text: &str) -> usize {
    let table: [bool; 256] =
        std::array::from_fn(|byte| u8::try_from(byte).is_ok_and(|it| it.is_ascii_alphanumeric()));
    let mut inside = false;
    let mut runs = 0;
    for byte in text.bytes() {
        let is = table[usize::from(byte)];
        runs += usize::from(is && !inside);
        inside = is;
    }
    runs
}
