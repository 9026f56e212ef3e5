use proptest::prelude::*;

use super::*;

const OFFICIAL: &[u8] = include_bytes!("../../../tests/releases/mini/addendum-b.csv");
const REDUCED: &[u8] = include_bytes!("../../../tests/releases/mini/addendum-b-level2.csv");
const OCTOBER: Date = date(2021, 10, 1);

fn shown(table: &AddendumB) -> Vec<String> {
    assert!(!format!("{table:?}").contains("wording"), "a licensed row was kept");
    table.rows.iter().map(|row| format!("{} {}: {}", row.code, row.status, row.short)).collect()
}

fn read(text: &str) -> Result<AddendumB, ImportError> {
    read_csv(text.as_bytes(), OCTOBER, "addendum.csv")
}

#[test]
fn keeps_level_two_rows_and_nothing_else() {
    let table = read_csv(OFFICIAL, date(2025, 10, 1), "addendum.csv").unwrap();
    assert_eq!(
        shown(&table),
        ["A0001 E1: Inv thing", "C0003 D: Inv device ended", "J0004 K: Inv subst, 1 mg"]
    );
    assert_eq!((table.dropped, table.of_other_quarters), (3, 0));
    assert_eq!(table.rows[0].quarter, date(2025, 10, 1));
}

#[test]
fn passes_over_rows_of_other_quarters() {
    let table = read_csv(REDUCED, OCTOBER, "addendum.csv").unwrap();
    assert_eq!(shown(&table), ["A0001 E1: Inv thing", "J0004 K: Inv subst, 1 mg"]);
    assert_eq!((table.dropped, table.of_other_quarters), (1, 2));
    let error = read_csv(REDUCED, date(2022, 10, 1), "addendum.csv").unwrap_err();
    assert!(error.problem.contains("another quarter"), "{error}");
}

#[test]
fn recognises_its_headings_and_nothing_else() {
    for head in [OFFICIAL, REDUCED] {
        assert!(recognises(&String::from_utf8_lossy(head)));
    }
    for other in [
        "HCPCS Code,Short Descriptor,Payment Indicator\n",
        "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION\n",
        "E119    Type 2 diabetes mellitus without complications\n",
        "A000    0010 10000\n",
        "",
    ] {
        assert!(!recognises(other), "{other}");
    }
}

#[test]
fn finds_the_quarter_in_a_name_or_a_title() {
    for text in [
        "addendum_b_2021-10_level2.csv",
        "2021_October_Web_Addendum_B.09302021.csv",
        "october-2021-opps-addendum-b.zip",
        "Addendum B.-OPPS Payment by HCPCS Code for October 2021 (Final 2021)",
    ] {
        assert_eq!(quarter_in(text), Some(OCTOBER), "{text}");
    }
    for text in
        ["", "Addendum B", "CY 2021", "2021-11", "1021-10", "October 2021 and July 2021", "October"]
    {
        assert_eq!(quarter_in(text), None, "{text}");
    }
}

#[test]
fn names_the_line_and_never_the_words() {
    let header = "HCPCS Code,Short Descriptor,SI\n";
    for rows in ["A0001,,N", "A0001,secret,secret", "Z0001,secret,N", "A0001,secret,N1N"] {
        let error = read(&format!("{header}{rows}\n")).unwrap_err();
        assert_eq!(error.place, Place::Line(2), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let twice = read(&format!("{header}A0001,secret,N\nA0001,secret,N\n")).unwrap_err();
    assert_eq!(twice.place, Place::Line(3));
    for text in [header, "A0001,secret,N\n", ""] {
        assert_eq!(read(text).unwrap_err().place, Place::File, "{text}");
    }
}

proptest! {
    #[test]
    fn never_panics_and_never_keeps_other_codes(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        rows in prop::collection::vec("[0-9A-Z]{5},[a-z]{1,30},N", 0..8),
        text in "\\PC{0,40}",
    ) {
        let _ = read_csv(&bytes, OCTOBER, "addendum.csv");
        quarter_in(&text);
        if let Ok(table) = read(&format!("code,short_descriptor,SI\n{}", rows.join("\n"))) {
            for row in table.rows {
                prop_assert!(hcpcs::has_shape(&row.code.text()));
            }
        }
    }
}
