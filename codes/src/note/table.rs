//! Tables: columns by their headings, rows by their columns. Markdown's pipes and the lines of a superbill alike.

use std::ops::Range;

use super::{
    Mention, Place,
    clue::Says,
    dates::DateRole,
    layout::is_divider,
    lines::{Line, lines},
    list::Scope,
    prose::modifiers_in,
    scanner::{Scanner, Trust},
    slots::is_control_line,
    systems::Systems,
    tokens::is_blank,
};
use crate::encounter::DiagnosisRole;

mod column;
mod row;

pub(super) use column::Column;
use row::Row;

/// The columns of a table and where its codes are said to stand.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    place: Place,
    /// What the last row with a key is about.
    key: Option<Range<usize>>,
}

/// Reads a Markdown table.
pub(super) fn scan(scanner: &mut Scanner<'_>, range: Range<usize>) {
    let text = scanner.text;
    let mut rows = lines(text, range);
    let Some(heading) = rows.next() else { return };
    let mut table = Table::new(columns(text, heading), Place::Table);
    table.tell_claim(scanner, heading.start);
    for row in rows {
        if scanner.skips(row) {
            continue;
        }
        let may_hold = row.may_hold_code() || scanner.has_blank(row.range());
        if may_hold && !is_divider(row.text(text)) && !is_control_line(row.text(text)) {
            table.row(scanner, row.range(), &cells(text, row.range(), '|'));
        }
    }
}

/// The columns that the heading of a Markdown table names.
pub(super) fn columns(text: &str, heading: Line) -> Vec<Column> {
    let cells = cells(text, heading.range(), '|');
    cells.into_iter().map(|cell| Column::from_heading(text.get(cell).unwrap_or_default())).collect()
}

impl Table {
    pub(super) fn new(columns: Vec<Column>, place: Place) -> Self {
        Self { columns, place, key: None }
    }

    fn has(&self, column: Column) -> bool {
        self.columns.contains(&column)
    }

    /// Pointers stand on claims only.
    pub(super) fn tell_claim(&self, scanner: &mut Scanner<'_>, at: usize) {
        if self.has(Column::Pointer) {
            scanner.tell(at, Says::Claim);
        }
    }

    /// Reads one row.
    pub(super) fn row(
        &mut self,
        scanner: &mut Scanner<'_>,
        row: Range<usize>,
        cells: &[Range<usize>],
    ) {
        let first = scanner.mentions.len();
        let has_codes = self.columns.iter().any(|column| column.holds_codes());
        let mut columns_of = Vec::new();
        let mut facts = Row::default();
        for (index, cell) in cells.iter().enumerate() {
            let column = self.columns.get(index).copied().unwrap_or(Column::Other);
            match column {
                Column::Codes(systems, names_system) => {
                    self.codes(scanner, cell.clone(), systems, names_system);
                }
                Column::Admitting => self.codes(scanner, cell.clone(), Systems::DIAGNOSIS, false),
                Column::Modifier => {
                    let (mut found, _) = modifiers_in(scanner.text, cell.start, cell.end);
                    facts.modifiers.append(&mut found);
                }
                Column::Key if has_codes => self.open(scanner, row.start, cell.clone()),
                column if has_codes && column.holds_fields() => {
                    facts.learn(scanner, &row, column, cell.clone());
                }
                _ => scanner.stretch(cell.clone(), Trust::Prose),
            }
            columns_of.resize(scanner.mentions.len() - first, index);
        }
        if let Some(date) = facts.date.clone() {
            // The lines of one claim may be of several days.
            let role =
                if self.has(Column::Pointer) { DateRole::Heading } else { DateRole::Service };
            scanner.tell(row.start, Says::Date { role, date });
        }
        let words = Words::of(self, scanner, cells, &columns_of);
        for (mention, column) in scanner.mentions[first..].iter_mut().zip(&columns_of) {
            if mention.description.is_none() && mention.place == self.place {
                mention.description =
                    words.nearest(*column).and_then(|index| cells.get(index).cloned());
            }
            if self.columns.get(*column) == Some(&Column::Admitting) {
                mention.details.role = DiagnosisRole::Admitting;
            }
        }
        facts.assign(&mut scanner.mentions[first..], self.has(Column::Pointer));
    }

    /// Reads a cell of codes.
    fn codes(
        &self,
        scanner: &mut Scanner<'_>,
        cell: Range<usize>,
        systems: Systems,
        names_system: bool,
    ) {
        let before = scanner.mentions.len();
        let is_dental = self.has(Column::Tooth);
        // A dentist's diagnoses are mostly words and surfaces: `MOD caries`.
        let shapes_only = is_dental && !names_system;
        let scope = Scope { names_system, shapes_only, ..Scope::structure(systems, self.place) };
        scanner.stretch(cell, Trust::List(scope));
        if is_dental {
            let text = scanner.text;
            let is_dental = |mention: &Mention| is_cdt(&text[mention.range.clone()]);
            let found = scanner.mentions.split_off(before);
            scanner.mentions.extend(found.into_iter().filter(|mention| !is_dental(mention)));
        }
    }

    /// Another claim, visit or patient begins where its key changes.
    fn open(&mut self, scanner: &mut Scanner<'_>, at: usize, cell: Range<usize>) {
        if cell.is_empty() {
            return;
        }
        let text = scanner.text;
        let last = self.key.replace(cell.clone());
        if last.is_some_and(|last| text.get(last) != text.get(cell)) {
            scanner.tell(at, Says::Opens { heading: None });
        }
    }
}

/// A code of dentists, which is none of the systems that are checked: `D2391`.
fn is_cdt(code: &str) -> bool {
    let digits = code.strip_prefix(['D', 'd']);
    digits.is_some_and(|it| it.len() == 4 && it.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The cells of a row that may describe its codes, from left to right.
struct Words {
    /// Under a heading that announces words.
    descriptions: Vec<usize>,
    /// Under a heading for diagnoses, without a code of their own.
    diagnoses: Vec<usize>,
}

impl Words {
    /// `taken` names the columns that hold codes, in order.
    fn of(table: &Table, scanner: &Scanner<'_>, cells: &[Range<usize>], taken: &[usize]) -> Self {
        let mut words = Self { descriptions: Vec::new(), diagnoses: Vec::new() };
        for (index, (cell, column)) in cells.iter().zip(&table.columns).enumerate() {
            let list = match column {
                Column::Description => &mut words.descriptions,
                Column::Codes(Systems::DIAGNOSIS, false) => &mut words.diagnoses,
                _ => continue,
            };
            let words = scanner.text.get(cell.clone()).is_some_and(has_words)
                && !scanner.has_blank(cell.clone());
            if words && taken.binary_search(&index).is_err() {
                list.push(index);
            }
        }
        words
    }

    /// The cell that describes the codes of `column`: the nearest one, to the right first.
    fn nearest(&self, column: usize) -> Option<usize> {
        let of = |list: &[usize]| {
            let right = list.partition_point(|index| *index <= column);
            list.get(right).or_else(|| list[..right].last()).copied()
        };
        of(&self.descriptions).or_else(|| of(&self.diagnoses))
    }
}

fn has_words(cell: &str) -> bool {
    cell.split(|it: char| !it.is_alphabetic()).any(|word| word.len() > 2)
}

/// The cells of a row, without the blanks around them. A separator behind a backslash or in quotation marks is text.
pub(super) fn cells(text: &str, row: Range<usize>, separator: char) -> Vec<Range<usize>> {
    let content = text.get(row.clone()).unwrap_or_default();
    let mut cells = Vec::new();
    let mut start = 0;
    let (mut escaped, mut quoted) = (false, false);
    for (at, character) in content.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = separator == '|',
            '"' if separator != '|' => quoted = !quoted,
            it if it == separator && !quoted => {
                cells.push(trimmed(content, start..at, row.start));
                start = at + separator.len_utf8();
            }
            _ => {}
        }
    }
    cells.push(trimmed(content, start..content.len(), row.start));
    if separator == '|' {
        // The pipes at both ends enclose the row.
        if content.trim_start().starts_with('|') {
            cells.remove(0);
        }
        if content.trim_end().ends_with('|') && !cells.is_empty() {
            cells.pop();
        }
    }
    cells
}

/// Which cell of a row the end of `typed` stands in, and where the cell begins, blanks at its head left out.
pub(super) fn cells_typed(
    text: &str,
    typed: Range<usize>,
    separator: char,
) -> Option<(usize, usize)> {
    let content = text.get(typed.clone())?;
    let mut start = 0;
    let mut index = 0;
    let mut escaped = false;
    for (at, character) in content.char_indices() {
        if character == separator && !escaped {
            // A pipe at the head of the row encloses it.
            let encloses = separator == '|'
                && index == 0
                && content.get(..at).is_some_and(|it| it.trim().is_empty());
            index += usize::from(!(encloses && start == 0));
            start = at + separator.len_utf8();
        }
        escaped = separator == '|' && character == '\\' && !escaped;
    }
    let blanks = content
        .get(start..)?
        .chars()
        .take_while(|it| is_blank(*it))
        .map(char::len_utf8)
        .sum::<usize>();
    Some((index, typed.start + start + blanks))
}

fn trimmed(content: &str, range: Range<usize>, offset: usize) -> Range<usize> {
    let cell = content.get(range.clone()).unwrap_or_default();
    let start = range.end - cell.trim_start_matches(|it| is_blank(it) || it == '"').len();
    let words = content.get(start..range.end).unwrap_or_default();
    let end = start + words.trim_end_matches(|it| is_blank(it) || it == '"').len();
    offset + start..offset + end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        note::{Evidence, Form, scan},
        system::CodeSystem,
    };

    #[test]
    fn cells_lie_between_pipes() {
        let text = "| a | b\\|c |  |";
        let found: Vec<&str> =
            cells(text, 0..text.len(), '|').into_iter().map(|cell| &text[cell]).collect();
        assert_eq!(found, ["a", "b\\|c", ""]);
        let text = "a,\"b, c\", d";
        let found: Vec<&str> =
            cells(text, 0..text.len(), ',').into_iter().map(|cell| &text[cell]).collect();
        assert_eq!(found, ["a", "b, c", "d"]);
        assert!(cells("|", 0..1, '|').is_empty());
    }

    #[test]
    fn reads_codes_modifiers_and_descriptions_of_a_row() {
        let text = "| DOS | Dx | Description | CPT | Mod | Units |\r\n|---|---|---|---|---|---|\r\n\
                    | 2026-03-02 | e11.9 | Type 2 diabetes | 99213 | 25 59 | 10000 |\r\n| | E11.- | | 9921 | | |\r\n";
        let note = scan(text);
        let found: Vec<&str> = note.mentions.iter().map(|it| &text[it.range.clone()]).collect();
        assert_eq!(found, ["e11.9", "99213", "E11.-", "9921"]);
        assert!(
            note.mentions.iter().all(|it| it.place == Place::Table
                && it.evidence == Evidence::Certain
                && it.declared)
        );
        assert_eq!(note.mentions[1].modifiers.len(), 2);
        assert_eq!(note.mentions[2].form, Form::Category);
        assert_eq!(&text[note.mentions[0].description.clone().unwrap()], "Type 2 diabetes");
        assert_eq!(
            note.encounters[0].service_date.as_ref().unwrap().date.to_string(),
            "2026-03-02"
        );
    }

    #[test]
    fn a_diagnosis_in_words_describes_the_code_beside_it() {
        let text = "| Diagnosis | ICD-10 |\n|---|---|\n| Hypertension, stage 2 | I10 |\n";
        let note = scan(text);
        assert_eq!(note.mentions.len(), 1);
        assert_eq!(&text[note.mentions[0].description.clone().unwrap()], "Hypertension, stage 2");
    }

    #[test]
    fn a_column_of_codes_alone_declares_no_system() {
        let note =
            scan("| Code | Title |\n|---|---|\n| E11.9 | x |\n| 99213 | x |\n| J1885 | x |\n");
        let found: Vec<(CodeSystem, bool)> =
            note.mentions.iter().map(|it| (it.system, it.declared)).collect();
        assert_eq!(
            found,
            [(CodeSystem::Icd10Cm, false), (CodeSystem::Cpt, false), (CodeSystem::Hcpcs, false)]
        );
    }

    #[test]
    fn a_code_of_another_system_keeps_the_system_of_its_column() {
        let note = scan("| CPT | Dx |\n|---|---|\n| E11.9 | 99213 |\n");
        let found: Vec<(CodeSystem, bool)> =
            note.mentions.iter().map(|it| (it.system, it.declared)).collect();
        assert_eq!(found, [(CodeSystem::Cpt, true), (CodeSystem::Icd10Cm, true)]);
    }

    #[test]
    fn labels_work_inside_cells() {
        let text = "| WHAT | WHY |\n|---|---|\n| CPT-99214: visit | ICD10-I10: Hypertension; ICD10-R25.2: Cramp and spasm; |\n";
        let note = scan(text);
        let found: Vec<&str> = note.mentions.iter().map(|it| &text[it.range.clone()]).collect();
        assert_eq!(found, ["99214", "I10", "R25.2"]);
        assert_eq!(&text[note.mentions[1].description.clone().unwrap()], "Hypertension");
        assert_eq!(&text[note.mentions[2].description.clone().unwrap()], "Cramp and spasm");
    }
}
