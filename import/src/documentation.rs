//! Files that come beside the data and hold no rows to import: layouts, reports, schemas, things to read.

use super::csv_rows::{first_rows, heading};

/// Lines in which the title of a file stands.
const TITLE_LINES: usize = 12;
/// Bytes before the root element of a schema: a declaration, and perhaps a licence.
const SCHEMA_HEAD: usize = 4096;

/// What a file is when it is documentation or a report: a short phrase for people, such as `a record layout`. `None`
/// when it may hold rows.
///
/// `head` is the beginning of the file, lossily decoded; `name` its name, with or without folders. The name decides
/// only of a read-me file, so ask the importers first whether they recognise it.
pub fn what_is(head: &str, name: &str) -> Option<&'static str> {
    let text = head.trim_start_matches('\u{FEFF}').trim_start();
    if text.starts_with("%PDF") {
        return Some("a PDF document");
    }
    if text.starts_with("{\\rtf") {
        return Some("a text document");
    }
    if text.starts_with('<') {
        return what_is_markup(text);
    }
    let title = || text.lines().filter(|line| !line.trim().is_empty()).take(TITLE_LINES);
    if title().any(is_layout_title) {
        return Some("a record layout");
    }
    if title().any(|line| line.contains("HCPCS/MOD") && line.contains("TYPE OF CHANGE")) {
        return Some("a report of changes");
    }
    what_is_table(&first_rows(head)).or_else(|| is_read_me(name).then_some("a read-me file"))
}

/// What a table with these first rows is when it is a report, as [`what_is`].
///
/// CMS's `HCPCyyyy_Trans_Alpha.xlsx` is one: the codes of a release by the kind of their last change. The release
/// itself tells the same of every code, so nothing of the report is imported.
pub fn what_is_table(rows: &[Vec<String>]) -> Option<&'static str> {
    let is_change_heading = |row: &Vec<String>| {
        let has = |wanted: &str| row.iter().any(|cell| heading(cell) == wanted);
        has("hcpcsmod") && has("typeofchange")
    };
    if rows.iter().any(is_change_heading) {
        return Some("a report of changes");
    }
    // The last sheet of the same workbook.
    let first = rows.first().map(|row| row.concat());
    (first.is_some_and(|first| heading(&first) == "actioncodes")).then_some("a key to action codes")
}

fn what_is_markup(text: &str) -> Option<&'static str> {
    let beginning: String = text.chars().take(SCHEMA_HEAD).collect();
    if ["<xs:schema", "<xsd:schema"].iter().any(|root| beginning.contains(root)) {
        return Some("an XML schema");
    }
    let beginning = beginning.to_ascii_lowercase();
    ["<!doctype html", "<html"]
        .iter()
        .any(|root| beginning.starts_with(root))
        .then_some("a web page")
}

/// The title of a report of the RIF, or the headings of its table, or the words themselves.
fn is_layout_title(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words == ["CMS", "RIF", "REPORT"]
        || words.starts_with(&["NAME", "LENGTH", "BEG", "END"])
        || (words.len() <= 8 && line.to_ascii_lowercase().contains("record layout"))
}

fn is_read_me(name: &str) -> bool {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    let letters = heading(&name);
    letters.contains("readme") || letters.starts_with("hcpcread")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tells_what_a_file_is() {
        for (head, name, what) in [
            ("%PDF-1.7\n", "order.pdf", "a PDF document"),
            ("\n  CMS RIF REPORT\n  AS OF: 10/31/2018\n", "layout.txt", "a record layout"),
            (" NAME    LENGTH BEG  END   CONTENTS\n", "layout.txt", "a record layout"),
            ("2026 HCPCS Record Layout\n", "x.txt", "a record layout"),
            (" HCPCS/MOD      TYPE OF CHANGE    SHORT\n", "changes.prn", "a report of changes"),
            ("HCPCS/MOD,TYPE OF CHANGE,SHORT DESCRIPTION\n", "changes.csv", "a report of changes"),
            ("Action Codes,\nA,Add\n", "key.csv", "a key to action codes"),
            ("<?xml version=\"1.0\"?>\n<xsd:schema\n", "index.xsd", "an XML schema"),
            ("\u{FEFF}<xs:schema id=\"x\">", "tabular.xsd", "an XML schema"),
            ("<!DOCTYPE html>\n<html>", "order.txt", "a web page"),
            ("Description of files\n", "folder/ReadMePOAexempt.txt", "a read-me file"),
            ("Alphanumeric\n", "HCPC2019_README.txt", "a read-me file"),
        ] {
            assert_eq!(what_is(head, name), Some(what), "{head}");
        }
    }

    #[test]
    fn leaves_data_to_the_importers() {
        for head in [
            "00001 A00     0 Cholera                      Cholera\n",
            "E119    Type 2 diabetes mellitus without complications\n",
            "A000    0010  00000\n",
            "Order26\tPOAexemptCode\tDescription\n",
            "<?xml version=\"1.0\"?><ICD10CM.tabular>",
            "HCPC,SEQNUM,RECID,LONG DESCRIPTION\n",
            "",
        ] {
            assert_eq!(what_is(head, "folder of readme/data.txt"), None, "{head}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(head in "\\PC{0,80}", name in "\\PC{0,20}") {
            what_is(&head, &name);
        }
    }
}
