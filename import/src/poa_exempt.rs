//! Codes that are exempt from reporting whether they were present on admission (POA): the list of a fiscal year, and
//! what changed in it.
//!
//! Tab-separated with one header; codes are dotted, descriptions quoted where they hold a comma. The list and its
//! additions have the same columns, so a name with "add" tells them apart. Lists are not cumulative and differ from year
//! to year. Source: `POAexemptCodesFY26.txt` and its twins with `Add`, `Delete` and `Revise`, CDC and CMS.

use std::collections::HashSet;

use medcode_codes::{
    code::CodeKey,
    system::{CodeSystem, icd10cm},
};

use super::{ImportError, Place, delimited, rows::TitleRow, shapes::key_of};

/// What a file lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoaKind {
    /// Every code that is exempt.
    Exempt,
    /// Codes that the list before lacked.
    Added,
    /// Codes that only the list before had.
    Deleted,
    /// Codes whose title changed.
    Revised,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoaList {
    /// What it lists.
    pub kind: PoaKind,
    /// The fiscal year that the order numbers belong to, `Order26` for 2026. Deletions do not name it.
    pub fiscal_year: Option<i16>,
    /// The codes and their titles in the order of the file; of revisions the titles after it.
    pub codes: Vec<TitleRow>,
    /// The titles before a revision, one for each of the codes; empty in the other kinds.
    pub before: Vec<String>,
}

/// The columns, where there are order numbers those behind them.
const COLUMNS: &str = "POAexemptCode\tDescription";
const COLUMNS_OF_REVISIONS: &str = "Action\tPOAexemptCode\tDescription";

/// Reads a file. Lines may end in CRLF or LF. `file` is its name, with or without folders.
///
/// # Errors
/// The header is another, a line has another form, a code has not the shape of ICD-10-CM with its point or stands
/// twice, a revision lacks one of its two lines, or there is no code.
pub fn read(bytes: &[u8], file: &str) -> Result<PoaList, ImportError> {
    let at = |line, problem: &str| ImportError::new(file, Place::Line(line), problem);
    let table = delimited::read(bytes, b'\t', file)?;
    let columns = table.header.iter().collect::<Vec<_>>().join("\t");
    let (kind, fiscal_year) =
        header(&columns).ok_or_else(|| at(1, "the header is not one of a list of exempt codes"))?;
    let name = file.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let kind = if kind == PoaKind::Exempt && name.contains("add") { PoaKind::Added } else { kind };
    let mut list = Builder::new(kind);
    for (line, row) in table.rows {
        list.add(&row).map_err(|problem| at(line, &problem))?;
    }
    let refuse = |problem: String| ImportError::new(file, Place::File, problem);
    if let Some((code, _)) = list.revised {
        return Err(refuse(format!("the revision of {code} has no second line")));
    }
    if list.codes.is_empty() {
        return Err(refuse("there is no code".to_owned()));
    }
    Ok(PoaList { kind, fiscal_year, codes: list.codes, before: list.before })
}

/// Whether a file that begins with `head` is a list of exempt codes or of its changes.
pub fn recognises(head: &str) -> bool {
    header(head.trim_start_matches('\u{FEFF}').lines().next().unwrap_or_default()).is_some()
}

/// What the first line tells: the kind, additions taken for a whole list, and the fiscal year.
fn header(line: &str) -> Option<(PoaKind, Option<i16>)> {
    let line = line.trim_end();
    if line == COLUMNS {
        return Some((PoaKind::Deleted, None));
    }
    let (order, columns) = line.split_once('\t')?;
    let year = order.strip_prefix("Order").filter(|year| year.len() == 2)?;
    let year = year.parse::<u8>().ok()?;
    let kind = match columns {
        COLUMNS => PoaKind::Exempt,
        COLUMNS_OF_REVISIONS => PoaKind::Revised,
        _ => return None,
    };
    Some((kind, Some(2000 + i16::from(year))))
}

struct Builder {
    kind: PoaKind,
    codes: Vec<TitleRow>,
    before: Vec<String>,
    seen: HashSet<CodeKey>,
    /// The first line of a revision whose second is to follow: code and old title.
    revised: Option<(CodeKey, String)>,
}

impl Builder {
    fn new(kind: PoaKind) -> Self {
        Self { kind, codes: Vec::new(), before: Vec::new(), seen: HashSet::new(), revised: None }
    }

    fn add(&mut self, record: &csv::StringRecord) -> Result<(), String> {
        let mut fields = record.iter();
        if self.kind != PoaKind::Deleted {
            let order = fields.next().unwrap_or_default();
            if order.is_empty() || !order.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err("the first column holds no order number".to_owned());
            }
        }
        let action = if self.kind == PoaKind::Revised { fields.next() } else { None };
        let code = fields.next().and_then(dotted);
        let code = code.ok_or("no ICD-10-CM code with a point stands in its column")?;
        let title = fields.next().unwrap_or_default();
        if title.is_empty() {
            return Err(format!("{code} has no description"));
        }
        match (action, self.revised.take()) {
            (Some("Revise from:"), None) => {
                self.revised = Some((code, title.to_owned()));
                return Ok(());
            }
            (Some("Revise to:"), Some((from, before))) if from == code => self.before.push(before),
            (None, _) => {}
            (Some("Revise from:" | "Revise to:"), _) => {
                return Err(format!(
                    "'Revise from' and 'Revise to' of {code} do not follow each other"
                ));
            }
            (Some(_), _) => {
                return Err("the action is neither 'Revise from' nor 'Revise to'".to_owned());
            }
        }
        if !self.seen.insert(code) {
            return Err(format!("{code} stands twice"));
        }
        self.codes.push(TitleRow { code, title: title.to_owned() });
        Ok(())
    }
}

/// The code that is written with its point.
fn dotted(text: &str) -> Option<CodeKey> {
    let code = key_of(CodeSystem::Icd10Cm, &text.replace('.', ""))?;
    (icd10cm::dotted(&code.text()) == text).then_some(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIST: &str = "Order26\tPOAexemptCode\tDescription\r\n01238\tB90.0\tSequelae of central nervous system \
        tuberculosis\r\n30486\tQ99.811\t\"Usher syndrome, type 1\"\r\n98178\tR99\tIll-defined";
    const DELETED: &str =
        "POAexemptCode\tDescription\nQ89.8\tOther specified congenital malformations\n";
    const REVISED: &str = "Order26\tAction\tPOAexemptCode\tDescription\r\n\
        30219\tRevise from:\tQ75.001\t\"Craniosynostosis unspecified, unilateral\"\r\n\
        30219\tRevise to:\tQ75.001\t\"Craniosynostosis, unspecified type, unilateral\"\r\n";

    fn refuse(text: &str) -> ImportError {
        read(text.as_bytes(), "poa.txt").unwrap_err()
    }

    #[test]
    fn reads_the_list_and_its_additions() {
        let list = read(LIST.as_bytes(), "Added in FY26/POAexemptCodesFY26.txt").unwrap();
        assert_eq!((list.kind, list.fiscal_year), (PoaKind::Exempt, Some(2026)));
        let codes: Vec<_> = list.codes.iter().map(|row| row.code.to_string()).collect();
        assert_eq!(codes, ["B900", "Q99811", "R99"]);
        assert_eq!(list.codes[1].title, "Usher syndrome, type 1");
        let list = read(LIST.as_bytes(), "POAexemptAddCodesFY26.txt").unwrap();
        assert_eq!((list.kind, list.codes.len()), (PoaKind::Added, 3));
    }

    #[test]
    fn reads_deletions_and_revisions() {
        let list = read(DELETED.as_bytes(), "poa.txt").unwrap();
        assert_eq!((list.kind, list.fiscal_year, list.codes.len()), (PoaKind::Deleted, None, 1));
        let list = read(REVISED.as_bytes(), "poa.txt").unwrap();
        assert_eq!((list.kind, list.codes.len()), (PoaKind::Revised, 1));
        assert_eq!(list.codes[0].title, "Craniosynostosis, unspecified type, unilateral");
        assert_eq!(list.before, ["Craniosynostosis unspecified, unilateral"]);
    }

    #[test]
    fn names_the_line_that_it_refuses() {
        for (text, line) in [
            ("", 1),
            ("Order26\tCode\tDescription\n", 1),
            ("OrderXX\tPOAexemptCode\tDescription\n", 1),
            (&LIST.replace("B90.0", "B900"), 2),
            (&LIST.replace("B90.0", "B9.00"), 2),
            (&LIST.replace("Q99.811", "B90.0"), 3),
            (&LIST.replace("30486", "x"), 3),
            (&LIST.replace("98178\t", ""), 4),
            (&LIST.replace("Ill-defined", ""), 4),
            (&REVISED.replace("from", "to"), 2),
            (&REVISED.replace("Revise to", "Revise from"), 3),
            (&REVISED.replace("Revise to", "Add"), 3),
            (&REVISED.replacen("Q75.001", "Q75.002", 1), 3),
        ] {
            assert_eq!(refuse(text).place, Place::Line(line), "{text}");
        }
        assert!(refuse("POAexemptCode\tDescription\n").problem.contains("no code"));
        let half = REVISED.lines().take(2).collect::<Vec<_>>().join("\n");
        assert!(refuse(&half).problem.contains("second line"));
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..120), text in "[\\PC\t\n\"]{0,60}") {
            let _ = read(&bytes, "poa.txt");
            for (order, columns) in [("", COLUMNS), ("Order26\t", COLUMNS), ("Order26\t", COLUMNS_OF_REVISIONS)] {
                let _ = read(format!("{order}{columns}\n{text}").as_bytes(), "poa.txt");
            }
            let _ = recognises(&text);
        }
    }
}
