//! Fenced blocks of codes: `codes`, `icd10`, `superbill`, `claim`.
//!
//! A block is a claim format, a table whose first line names its columns, or a list with one entry on a line.

use std::ops::Range;

use super::{
    Place, claim,
    clue::Says,
    fhir,
    layout::{Fence, is_divider, is_segment, opens_json},
    lines::{Line, lines},
    list::Scope,
    scanner::{Scanner, Trust},
    systems::Systems,
    table::{Column, Table, cells},
    x12,
};

/// Reads the lines of a block.
pub(super) fn scan(scanner: &mut Scanner<'_>, range: Range<usize>, name: Fence) {
    let text = scanner.text;
    let content = text.get(range.clone()).unwrap_or_default();
    if name == Fence::Claim {
        scanner.tell(range.start, Says::Claim);
    }
    if is_segment(content.trim_start()) {
        return x12::scan(scanner, range);
    }
    if opens_json(content) {
        return fhir::scan(scanner, range);
    }
    let mut rows = lines(text, range.clone());
    let heading = rows.find(|line| !line.text(text).trim().is_empty());
    if let Some((mut table, separator)) = heading.and_then(|line| table(text, line)) {
        table.tell_claim(scanner, range.start);
        for row in rows.filter(|row| !is_divider(row.text(text))) {
            let may_hold = row.may_hold_code() || scanner.has_blank(row.range());
            if scanner.skips(row) || !may_hold {
                continue;
            }
            table.row(scanner, row.range(), &cells(text, row.range(), separator));
        }
        return;
    }
    let scope = Scope::structure(systems(name), Place::Fence);
    for line in lines(text, range) {
        let may_hold = line.may_hold_code() || scanner.has_blank(line.range());
        if scanner.skips(line) || !may_hold {
            continue;
        }
        if !claim::lettered(scanner, line.range(), false) {
            scanner.stretch(line.range(), Trust::List(scope));
        }
    }
}

/// The systems of the lines of a block without columns.
pub(super) fn systems(name: Fence) -> Systems {
    if name == Fence::Icd10 { Systems::ICD } else { Systems::ANY }
}

/// The columns that a first line names, and what separates them.
pub(super) fn table(text: &str, heading: Line) -> Option<(Table, char)> {
    let place = Place::Fence;
    ['\t', '|', ';', ','].into_iter().find_map(|separator| {
        let columns: Vec<Column> = cells(text, heading.range(), separator)
            .into_iter()
            .map(|cell| Column::from_heading(text.get(cell).unwrap_or_default()))
            .collect();
        // A line of codes names no column: codes are not headings.
        let named = columns.iter().any(|column| column.holds_codes());
        let several = columns.len() > 1
            && columns.iter().filter(|column| **column != Column::Other).count() > 1;
        (named && several).then_some((Table::new(columns, place), separator))
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        note::{Evidence, Place, scan},
        system::CodeSystem,
    };

    fn found(text: &str) -> Vec<(&str, CodeSystem)> {
        let note = scan(text);
        assert!(
            note.mentions
                .iter()
                .all(|it| it.evidence == Evidence::Certain && it.place == Place::Fence)
        );
        note.mentions.into_iter().map(|it| (&text[it.range], it.system)).collect()
    }

    #[test]
    fn reads_lists_of_codes() {
        let text = "```icd10\nE11.9  Type 2 diabetes\ni10\n250.00\nE1O.9\n```\n";
        let codes: Vec<&str> = found(text).into_iter().map(|it| it.0).collect();
        assert_eq!(codes, ["E11.9", "i10", "250.00", "E1O.9"]);
        assert_eq!(
            found("~~~ codes\n99213-25, E11.9, J1885\n~~~\n"),
            [
                ("99213", CodeSystem::Cpt),
                ("E11.9", CodeSystem::Icd10Cm),
                ("J1885", CodeSystem::Hcpcs)
            ]
        );
    }

    #[test]
    fn reads_a_superbill_by_its_columns() {
        let text = "```superbill\nDate,CPT,Mod,Units,Dx,Charge\n2026-03-02,99213,25,1,E11.9,120.00\n2026-03-02,9921,,1,A0100,80.00\n```\n";
        assert_eq!(
            found(text),
            [
                ("99213", CodeSystem::Cpt),
                ("E11.9", CodeSystem::Icd10Cm),
                ("9921", CodeSystem::Cpt),
                ("A0100", CodeSystem::Icd10Cm)
            ]
        );
        let note = scan(text);
        assert_eq!(&text[note.mentions[0].modifiers[0].clone()], "25");
        assert!(note.encounters[0].is_claim && note.encounters[0].service_date.is_some());
    }

    #[test]
    fn amounts_and_units_of_a_line_are_no_codes() {
        let codes: Vec<&str> =
            found("```superbill\n99213,25,1,E11.9,120.00\n2026-03-02 99214 I10\n```\n")
                .into_iter()
                .map(|it| it.0)
                .collect();
        assert_eq!(codes, ["99213", "E11.9", "99214", "I10"]);
    }

    #[test]
    fn other_languages_hold_labelled_codes_only() {
        let note = scan("```python\nx = 'E11.9'\nicd10 = \"E11.9\"\ncpt = 9921\n```\n");
        assert_eq!(note.mentions.len(), 1);
        assert_eq!(note.mentions[0].evidence, Evidence::Labelled);
    }
}
