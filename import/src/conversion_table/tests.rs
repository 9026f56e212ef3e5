use proptest::prelude::*;

use super::*;

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).unwrap()
}

fn shown(previous: &Previous) -> String {
    match previous {
        Previous::Code(code) => code.to_string(),
        Previous::Range(first, last) => format!("{first}..{last}"),
        Previous::Category(code) => format!("{code}*"),
        Previous::Combination(parts) => parts.iter().map(shown).collect::<Vec<_>>().join(" + "),
    }
}

fn parsed(text: &str) -> Option<String> {
    let alternatives = previous::parse(text)?;
    Some(alternatives.iter().map(shown).collect::<Vec<_>>().join(" | "))
}

fn sheet(rows: &[[&str; 3]]) -> Vec<(u64, Vec<String>)> {
    let head = [
        ["The National Center for Health Statistics …", "", ""],
        ["Current code assignment", "Effective", "Previous Code(s) Assignment"],
    ];
    let cells = head.iter().chain(rows).map(|row| row.map(str::to_owned).to_vec());
    (1..).zip(cells).collect()
}

#[test]
fn reads_every_way_in_which_previous_codes_are_written() {
    for (text, expected) in [
        ("None", ""),
        ("A04.7 ", "A047"),
        ("W453XXA", "W453XXA"),
        ("G93.3; R53.82", "G933 | R5382"),
        ("E75.240, E75.241, E75.249 ", "E75240 | E75241 | E75249"),
        ("H02.101-H02.106; H02.109", "H02101..H02106 | H02109"),
        ("I10-I15.9", "I10..I159"),
        ("H02.211 and H02.212", "H02211 + H02212"),
        ("I63.011 AND I63.012", "I63011 + I63012"),
        ("M96.89 & Y84.8", "M9689 + Y848"),
        ("M96.89&Y84.8", "M9689 + Y848"),
        ("H02.211, H02.212, H02.214 and H02.215", "H02211 + H02212 + H02214 + H02215"),
        ("H02.211, H02.212, and H02.215", "H02211 + H02212 + H02215"),
        ("G11.8 and E23.0 and K00.0", "G118 + E230 + K000"),
        ("H44.20-H44.23 and H35.051 - H35.059", "H4420..H4423 + H35051..H35059"),
        ("Codes in Categories T15-T19", "T15..T19"),
        ("K59.09 AND Code from categories T36-T50", "K5909 + T36..T50"),
        ("K31.89 and a code from R11-", "K3189 + R11*"),
        ("I63.- and P91.88", "I63* + P9188"),
        ("a code from category R11", "R11*"),
        ("S06.890A-S06.899A", "S06890A..S06899A"),
    ] {
        assert_eq!(parsed(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn does_not_guess() {
    for text in [
        "",
        "see A04.7",
        "A04.7 or A04.8",
        "A04.7,",
        "A04.7;",
        "and A04.7",
        "A04.7 and",
        "A04.7-A04.5",
        "S06.890D-S06.899S",
        "A047.1",
        "A04.",
        "a04.7",
        "Not applicable",
        "A04.7 A04.8",
        "codes",
    ] {
        assert_eq!(parsed(text), None, "{text}");
    }
}

#[test]
fn reads_rows_and_lists_those_that_it_cannot() {
    let rows = sheet(&[
        ["A04.71", "2017", "A04.7"],
        ["W453XXA ", "45017", "None"],
        ["", " ", ""],
        ["A04.72", "soon", "A04.7"],
        ["A04.73", "2017.0", "who knows"],
    ]);
    let cells: Vec<_> = rows.iter().map(|(_, cells)| cells.clone()).collect();
    assert!(recognises_rows(&cells) && !recognises_rows(&cells[2..]));
    let table = read(rows, "table.xlsx").unwrap();
    assert_eq!(table.unread, [6, 7]);
    let days: Vec<_> = table.rows.iter().map(|row| (row.line, row.effective)).collect();
    assert_eq!(days, [(3, date(2017, 10, 1)), (4, date(2023, 4, 1))]);
    assert_eq!(table.rows[1].to, key("W453XXA"));
    assert!(read(sheet(&[]), "table.xlsx").is_err());
    assert!(read(sheet(&[]).split_off(2), "table.xlsx").is_err());
}

#[test]
fn knows_the_ways_to_write_a_day() {
    for (text, expected) in [
        ("2017", Some(date(2017, 10, 1))),
        ("43922", Some(date(2020, 4, 1))),
        ("44197.0", Some(date(2021, 1, 1))),
        ("2022-04-01", Some(date(2022, 4, 1))),
        ("2022-04-01T00:00:00", Some(date(2022, 4, 1))),
        ("", None),
        ("1", None),
        ("-2017", None),
        ("99999999999", None),
    ] {
        assert_eq!(first_day(text), expected, "{text}");
    }
}

#[test]
fn expands_against_the_release_before() {
    let codes = [
        "A047", "D710", "D711", "S06890A", "S06890D", "S06891A", "S06899A", "T150", "T1901", "T200",
    ];
    let codes: Vec<_> = codes.into_iter().map(key).collect();
    let expanded = |previous: &str| {
        let table = read(sheet(&[["Z99.9", "2025", previous]]), "table").unwrap();
        let pairs = expand(&table.rows, &codes);
        assert!(pairs.iter().all(|pair| pair.to == key("Z999")));
        pairs.iter().map(|pair| pair.from.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(expanded("None"), "");
    assert_eq!(expanded("A04.7"), "A047");
    assert_eq!(expanded("A04.8"), "A048", "a code of an older release stays");
    assert_eq!(expanded("D71"), "D710 D711");
    assert_eq!(expanded("Codes in Categories T15-T19"), "T150 T1901");
    assert_eq!(expanded("S06.890A-S06.899A"), "S06890A S06891A S06899A");
    assert_eq!(expanded("A04.7 and D71.-"), "A047 D710 D711");
    assert_eq!(expanded("Z99.9; A04.7"), "A047", "not from a code to itself");
}

proptest! {
    #[test]
    fn never_panics(
        text in "\\PC{0,60}",
        codes in "([A-Z0-9.]{1,8}|and|&|,|;|-| |from|categories){0,12}",
        day in "[0-9.T -]{0,12}",
    ) {
        let all = [key("A00"), key("T150"), key("Z9999")];
        for text in [&text, &codes] {
            if let Ok(table) = read(sheet(&[[text, &day, &codes], ["A04.71", "2017", text]]), "table") {
                let _ = expand(&table.rows, &all);
            }
        }
    }
}
