use jiff::civil::date;
use medcode_codes::hcpcs_record::HcpcsRecord;
use proptest::prelude::*;

use super::*;

const ANWEB: &[u8] = include_bytes!("../../../tests/releases/mini/hcpcs-anweb.txt");

/// The lines of the miniature file, as characters.
fn lines() -> Vec<String> {
    decoded(ANWEB).lines().map(str::to_owned).collect()
}

/// The lines from `first` to `last`, counted from 1.
fn part(first: usize, last: usize) -> String {
    lines()[first - 1..last].join("\n")
}

fn problem(text: &str) -> ImportError {
    read(text.as_bytes(), "anweb.txt").unwrap_err()
}

fn record<'f>(file: &'f HcpcsFile, code: &str) -> &'f HcpcsRecord {
    file.records.iter().find(|record| *record.code.text() == *code).unwrap()
}

#[test]
fn reads_codes_and_modifiers_and_nothing_else() {
    let file = read(ANWEB, "anweb.txt").unwrap();
    assert!(!format!("{file:?}").contains("wording"), "a licensed row was kept");
    let codes: Vec<_> = file.records.iter().map(|r| r.code.to_string()).collect();
    assert_eq!(codes, ["XM", "A0001", "A0002", "C0003", "J0004"]);
    assert_eq!(file.dropped, 2);
    assert!(file.tells_terminations);
}

#[test]
fn joins_the_pieces_of_a_description() {
    let file = read(ANWEB, "anweb.txt").unwrap();
    assert_eq!(
        record(&file, "XM").long,
        "Invented modifier whose description is so long that it needs a second line and goes on here"
    );
    assert_eq!(
        record(&file, "A0002").long,
        "Invented caf\u{E9} table with a long description, which a blank twice does not widen and a continuation \
         of two lines does not end"
    );
}

#[test]
fn reads_every_field() {
    let file = read(ANWEB, "anweb.txt").unwrap();
    let table = record(&file, "A0002");
    assert_eq!((table.short.as_str(), table.is_modifier), ("Inv table", false));
    assert_eq!(table.pricing, ["32", "33"]);
    assert_eq!(
        (table.multiple_pricing, table.coverage, table.action),
        (Some('A'), Some('S'), Some('C'))
    );
    assert_eq!(table.references, ["2130", "4450", "1862(a)(7)"]);
    assert_eq!((table.asc_group.as_str(), table.processing_note.as_str()), ("YY", "0088"));
    assert_eq!((table.betos.as_str(), &*table.types_of_service), ("D1B", &['A', 'P', 'R'][..]));
    assert_eq!(table.anesthesia_units, Some(0));
    assert_eq!(table.added, Some(date(1991, 1, 1)));
    assert_eq!(table.action_effective, Some(date(2019, 1, 1)));
    assert_eq!(table.terminated, None);

    let ended = record(&file, "C0003");
    assert_eq!(ended.terminated, Some(date(2018, 12, 31)));
    let refers: Vec<_> = ended.cross_references.iter().map(ToString::to_string).collect();
    assert_eq!(refers, ["J0004", "XM", "00000"], "a number without wording stays, a word does not");
    assert!(record(&file, "XM").is_modifier && record(&file, "XM").anesthesia_units.is_none());
}

#[test]
fn reads_utf8_and_other_line_ends_alike() {
    let official = read(ANWEB, "anweb.txt").unwrap();
    let rewritten = format!("\u{FEFF}{}", lines().join("\n"));
    assert_eq!(read(rewritten.as_bytes(), "anweb.txt").unwrap(), official);
}

#[test]
fn recognises_its_records_and_nothing_else() {
    assert!(recognises(&String::from_utf8_lossy(ANWEB)));
    assert!(recognises(&part(6, 6)), "no disclaimers");
    for other in [
        "00001 A00     0 Cholera                                                      Cholera          ",
        "E119    Type 2 diabetes mellitus without complications",
        "A000    0010  00000",
        "hcpcs,seqnum,recid,long_description,short_description",
        "A0001\nA0002",
        "",
    ] {
        assert!(!recognises(other), "{other}");
    }
}

#[test]
fn names_the_line_that_it_refuses() {
    let thing = part(6, 6);
    let changed = |column: usize, text: &str| {
        let mut line = thing.clone();
        line.replace_range(column - 1..column - 1 + text.len(), text);
        line
    };
    for (text, line, words) in [
        (part(6, 6) + "\n" + &part(6, 6), 2, "stands twice"),
        (part(8, 8), 1, "first line"),
        (part(6, 6) + "\n" + &part(8, 8), 2, "first line"),
        (part(7, 8) + "\n" + &part(8, 8), 3, "sequence"),
        (part(6, 6) + "\n\nA0009", 3, "does not begin"),
        (part(6, 6)[..292].to_owned(), 1, "293"),
        (part(6, 6) + " ", 1, "320"),
        (changed(285, "20190229"), 1, "termination date"),
        (changed(269, "1991    "), 1, "added"),
        (changed(277, "0000-0-0"), 1, "last action"),
        (changed(266, " x0"), 1, "anesthesia"),
        (changed(230, "c"), 1, "coverage"),
        (changed(11, "7"), 1, "does not fit"),
        (changed(1, "Z0001"), 1, "no HCPCS"),
    ] {
        let error = problem(&text);
        assert_eq!(error.place, Place::Line(line), "{error}");
        assert!(error.problem.contains(words), "{error}");
    }
    for text in ["", "***Disclaimers\n", "E119    Type 2\n"] {
        assert_eq!(problem(text).place, Place::File, "{text}");
    }
}

proptest! {
    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "\\PC{0,60}") {
        let _ = read(&bytes, "anweb.txt");
        let _ = read(text.as_bytes(), "anweb.txt");
        recognises(&text);
    }

    #[test]
    fn never_panics_on_broken_records(at in 0_usize..3000, byte in any::<u8>(), cut in 0_usize..3400) {
        let mut bytes = ANWEB.to_vec();
        if let Some(target) = bytes.get_mut(at) {
            *target = byte;
        }
        bytes.truncate(cut);
        let _ = read(&bytes, "anweb.txt");
    }

    #[test]
    fn never_keeps_other_codes(code in "[0-9A-Z]{5}|   [0-9A-Z]{2}") {
        let line = part(6, 6).replacen("A0001", &code, 1);
        let lines = format!("{line}\n{}", line.replacen("00100", "00200", 1));
        for text in [line, lines] {
            for record in read(text.as_bytes(), "anweb.txt").map(|file| file.records).unwrap_or_default() {
                prop_assert!(matches!(Owner::of(&record.code.text()), Owner::LevelTwo(_)));
            }
        }
    }
}
