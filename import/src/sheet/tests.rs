use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::testing::workbook_file;

fn rows(bytes: &[u8], format: SheetFormat) -> Result<Vec<(u64, Vec<String>)>, ImportError> {
    let mut rows = Vec::new();
    for_each_row(bytes, format, "table", &mut |row| {
        rows.push((row.line, row.cells.to_vec()));
        Ok(())
    })?;
    Ok(rows)
}

fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

#[test]
fn tells_the_formats_apart() {
    let prose = "A notice, with commas, and more, of them\nAnother, notice\n";
    let tabs = format!("{prose}a\tb\tc\n1, 2\t\t3\n");
    assert_eq!(format_of(tabs.as_bytes()), Some(SheetFormat::Tab));
    assert_eq!(format_of(b"a,b\r\n1,\"2,\t3\"\r\n4,5\r\n"), Some(SheetFormat::Comma));
    let book = workbook_file(&[("One", &[&["a"]])]);
    assert_eq!(format_of(&book), Some(SheetFormat::Xlsx));
    assert_eq!(format_of(&book[..book.len() / 2]), None, "an archive that is cut short");
    for other in [&b""[..], b"E119 Type 2 diabetes\n", b"a,b\0c,d", b"PK\x03\x04"] {
        assert_eq!(format_of(other), None);
    }
}

#[test]
fn counts_physical_lines() {
    let text = "\u{FEFF}\"a\r\nb\",c\r\n\r\n,,\r\nd,,e,\r\n\"f\n\n\",g\r\nh,i";
    let expected = [
        row(1, &["a\r\nb", "c"]),
        row(5, &["d", "", "e"]),
        row(6, &["f\n\n", "g"]),
        row(9, &["h", "i"]),
    ];
    assert_eq!(rows(text.as_bytes(), SheetFormat::Comma).unwrap(), expected);
}

#[test]
fn reads_two_encodings() {
    assert_eq!(rows(b"na\xEFve\tna\xC3\xAFve", SheetFormat::Tab).unwrap(), [row(1, &["naïve"; 2])]);
}

#[test]
fn notices_a_quote_that_is_not_closed() {
    let text = format!("a,b\n\"c,d\n{}", "e,f\n".repeat(10_000));
    let error = rows(text.as_bytes(), SheetFormat::Comma).unwrap_err();
    assert_eq!(error.place, Place::Line(2));
    assert!(error.problem.contains("quote"), "{error}");
}

#[test]
fn refuses_endless_rows() {
    let error = rows(",".repeat(1024).as_bytes(), SheetFormat::Comma).unwrap_err();
    assert!(error.problem.contains("1,024"), "{error}");
}

#[test]
fn reads_every_kind_of_cell() {
    let sheet = r#"<row r="2"><c r="B2" t="s"><v>1</v></c><c t="inlineStr"><is><r><rPr/><t>x </t></r><r><t>&amp;&#65;</t></r><rPh><t>no</t></rPh></is></c>
        <c r="E2" t="str"><f>A1&amp;"no"</f><v>a_x000A_b_x</v></c><c r="F2"/></row>
        <row><c><v>43922</v></c><c t="n"><v>1.0</v></c><c><v>0.30000000000000004</v></c><c><v>-1E2</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>
        <row r="9"><c r="A9" s="1"/></row>"#;
    let strings = r"<si><t>zero</t></si><si><t>one</t></si>";
    let book = crate::testing::raw_workbook(&[("Only", sheet)], strings);
    let expected = [
        row(2, &["", "one", "x &A", "", "a\nb_x"]),
        row(3, &["43922", "1", "0.3", "-100", "TRUE", "#N/A"]),
    ];
    assert_eq!(rows(&book, SheetFormat::Xlsx).unwrap(), expected);
}

#[test]
fn reads_sheets_in_order_and_names_them() {
    let book = workbook_file(&[("Two", &[&["a"], &[""], &["", "00000"]]), ("One", &[&["b"]])]);
    let mut seen = Vec::new();
    for_each_row(&book, SheetFormat::Xlsx, "book.xlsx", &mut |row| {
        seen.push(format!("{} {} {:?}", row.sheet, row.line, row.cells));
        Ok(())
    })
    .unwrap();
    assert_eq!(seen, [r#"Two 1 ["a"]"#, r#"Two 3 ["", "00000"]"#, r#"One 1 ["b"]"#]);
    assert_eq!(first_rows(&book, SheetFormat::Xlsx, 2).len(), 2);
}

#[test]
fn refuses_broken_workbooks() {
    for (sheet, part) in [
        (r#"<row r="1"><c t="s"><v>7</v></c></row>"#, "not there"),
        (r#"<row r="1"><c t="z"><v>7</v></c></row>"#, "unknown kind"),
        (r#"<row r="1"><c r="7"><v>7</v></c></row>"#, "no place"),
        (r#"<row r="1"><c r="ZZZZZZZZZZZZZZZ1"><v>7</v></c></row>"#, "1,024"),
        (r#"<row r="1"><c><v>seven</v></c></row>"#, "no number"),
        (r#"<row r="x"><c><v>7</v></c></row>"#, "no number"),
        (r#"<row r="1"><c t="str"><v>&bomb;</v></c></row>"#, "entities"),
        (r#"<row r="1"><c><v>7</v></row>"#, "well-formed"),
    ] {
        let error = rows(&crate::testing::raw_workbook(&[("S", sheet)], ""), SheetFormat::Xlsx);
        let error = error.unwrap_err();
        assert!(error.problem.contains(part), "{error}: {sheet}");
    }
    assert!(rows(b"PK\x03\x04", SheetFormat::Xlsx).is_err());
}

#[test]
fn refuses_zip_bombs() {
    let sheet = " ".repeat(17 << 20);
    let book = crate::testing::raw_workbook(&[("S", &sheet)], "");
    assert!(book.len() < 100_000);
    let error = rows(&book, SheetFormat::Xlsx).unwrap_err();
    assert!(error.problem.contains("unpacks to far more"), "{error}");
}

#[test]
fn days_of_workbooks() {
    let days = [
        (1, date(1900, 1, 1)),
        (59, date(1900, 2, 28)),
        (61, date(1900, 3, 1)),
        (43922, date(2020, 4, 1)),
        (45017, date(2023, 4, 1)),
        (2_958_465, date(9999, 12, 31)),
    ];
    for (serial, day) in days {
        assert_eq!(excel_day(serial), Some(day), "{serial}");
    }
    for serial in [0, 60, 2_958_466, u32::MAX] {
        assert_eq!(excel_day(serial), None, "{serial}");
    }
}

proptest! {
    #[test]
    fn never_panics(noise in prop::collection::vec(any::<u8>(), 0..300), text in "[a\",\t\r\n]{0,60}") {
        for format in [SheetFormat::Comma, SheetFormat::Tab, SheetFormat::Xlsx] {
            let _ = rows(&noise, format);
            let _ = rows(text.as_bytes(), format);
        }
        let _ = format_of(&noise);
    }

    #[test]
    fn never_panics_over_changed_workbooks(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        sheet in "(<row r=\"[0-9x]{0,2}\">|</row>|<c r=\"[A-Z]{0,3}[0-9]?\"( t=\"(s|n|b|str|inlineStr)\")?>|</c>|<v>|</v>|<is>|</is>|<t>|[0-9]|&#x[0-9A-F]{1,6};|_x[0-9A-F]{4}_){0,20}",
    ) {
        let book = crate::testing::raw_workbook(&[("S", &sheet)], "<si><t>a</t></si>");
        let _ = rows(&book, SheetFormat::Xlsx);
        let mut book = workbook_file(&[("S", &[&["a", "b"], &["c"]])]);
        for (index, value) in changes {
            let at = index.index(book.len());
            book[at] = value;
        }
        let _ = rows(&book, SheetFormat::Xlsx);
        let _ = format_of(&book);
    }

    #[test]
    fn quoted_rows_come_back(cells in prop::collection::vec("[a-z\", \n]{0,6}z", 1..6)) {
        let quoted: Vec<_> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        let text = format!("{}\r\n{}", quoted.join(","), quoted.join(","));
        let read = rows(text.as_bytes(), SheetFormat::Comma).unwrap();
        let lines = 2 + cells.iter().map(|cell| cell.matches('\n').count()).sum::<usize>() as u64;
        prop_assert_eq!(read, vec![(1, cells.clone()), (lines, cells)]);
    }
}
