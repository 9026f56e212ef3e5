//! The YAML block at the head of a document: coding keys, dates and facts about the patient.
//!
//! Enough of YAML for what people write there: scalars, flow lists, block lists, and maps with a `code` key inside
//! them. Anything else is passed over.

use std::ops::Range;

use super::{
    Evidence, Place,
    clue::Says,
    dates::{self, DateRole},
    lines::{Line, lines},
    list::Scope,
    prose::fact,
    scanner::{Scanner, Trust},
    systems::Systems,
    tokens::{self, is_blank, skip},
};

/// One value with the key it belongs to.
pub(super) struct Entry {
    key: String,
    /// The value on this line, without comment.
    pub(super) value: Range<usize>,
    /// A key inside a list or map: `- code: E11.9`.
    inner: Option<String>,
}

impl Entry {
    /// The systems whose codes the value holds.
    pub(super) fn systems(&self) -> Option<(Systems, bool)> {
        let inner = self
            .inner
            .as_deref()
            .is_none_or(|key| matches!(key, "code" | "codes" | "icd10" | "cpt" | "hcpcs"));
        systems_of(&self.key).filter(|_| inner)
    }
}

/// Reads the codes and facts of a block.
pub(super) fn scan(scanner: &mut Scanner<'_>, range: Range<usize>) {
    let text = scanner.text;
    let mut is_encounter = false;
    let mut reader = Reader::default();
    for line in lines(text, range.clone()) {
        let Some(entry) = reader.entry(text, line) else { continue };
        if let Some((systems, names_system)) = entry.systems() {
            let before = scanner.mentions.len();
            let scope = Scope {
                evidence: Evidence::Certain,
                names_system,
                ..Scope::structure(systems, Place::FrontMatter)
            };
            scanner.stretch(entry.value, Trust::List(scope));
            is_encounter |= scanner.mentions.len() > before;
        } else if let Some(says) = statement(text, &entry) {
            is_encounter |= matches!(says, Says::Date { .. });
            scanner.tell(entry.value.start, says);
        }
    }
    if is_encounter {
        scanner.tell(range.start, Says::Document);
    }
}

fn statement(text: &str, entry: &Entry) -> Option<Says> {
    let role = match &*entry.key {
        "date" => Some(DateRole::Unspecific),
        "dos" | "date_of_service" | "service_date" | "visit_date" | "encounter_date" => {
            Some(DateRole::Service)
        }
        "discharge_date" | "date_of_discharge" | "discharged" => Some(DateRole::Discharge),
        _ => None,
    };
    if let Some(role) = role {
        let date = dates::first_in(text, entry.value.clone())?;
        return Some(Says::Date { role, date });
    }
    let name = match &*entry.key {
        "patient_class" | "encounter_class" | "encounter_type" | "visit_type" => "setting",
        key => key,
    };
    let value = tokens::next(text, entry.value.start, entry.value.end)?;
    fact(name, value.text(text))
}

/// The systems of a coding key, and whether it names a code system.
fn systems_of(key: &str) -> Option<(Systems, bool)> {
    let key = ["_codes", "_code"].iter().find_map(|suffix| key.strip_suffix(suffix)).unwrap_or(key);
    Some(match key {
        "icd10" | "icd_10" | "icd" => (Systems::ICD, true),
        "icd10cm" | "icd10_cm" | "icd_10_cm" => (Systems::DIAGNOSIS, true),
        "icd10pcs" | "icd10_pcs" | "icd_10_pcs" | "pcs" => (Systems::PCS, true),
        "dx" | "diagnosis" | "diagnoses" => (Systems::DIAGNOSIS, false),
        "cpt" => (Systems::CPT, true),
        "hcpcs" => (Systems::HCPCS, true),
        "procedure" | "procedures" | "px" => (Systems::PROCEDURE, false),
        _ => return None,
    })
}

/// Reads line by line, remembering the key that a list belongs to.
#[derive(Default)]
pub(super) struct Reader {
    key: String,
}

impl Reader {
    /// The value on a line.
    pub(super) fn entry(&mut self, text: &str, line: Line) -> Option<Entry> {
        let start = skip(text, line.start, line.end, is_blank);
        let end = start + without_comment(text.get(start..line.end)?).len();
        let indented = start > line.start;
        let content = text.get(start..end)?;
        if content.is_empty() {
            return None;
        }
        let item =
            content.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(is_blank));
        let body = item.map_or(start, |_| skip(text, start + 1, end, is_blank));
        let pair = pair(text, body..end);
        if !indented && item.is_none() {
            let (key, value) = pair?;
            self.key.clone_from(&key);
            return Some(Entry { key, value, inner: None });
        }
        let (inner, value) = pair.map_or((None, body..end), |(key, value)| (Some(key), value));
        Some(Entry { key: self.key.clone(), value, inner })
    }
}

/// A key and its value, `key: value`. The key is put in lower case, with `_` for blanks and hyphens.
fn pair(text: &str, range: Range<usize>) -> Option<(String, Range<usize>)> {
    let content = text.get(range.clone())?;
    let (key, rest) = content
        .split_once(':')
        .filter(|(_, rest)| rest.is_empty() || rest.starts_with(is_blank))?;
    let key = key.trim_matches(['"', '\'', ' ']);
    // A code with its title (`E11.9: Type 2 diabetes`) is no key.
    let word = key.starts_with(|it: char| it.is_ascii_alphabetic())
        && !key.contains(['.', ',', '(', '['])
        && key.len() <= 40;
    let code = key.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    let value = range.end - rest.trim_start_matches(is_blank).len();
    (word && !code).then(|| (key.to_ascii_lowercase().replace(['-', ' '], "_"), value..range.end))
}

/// A comment begins with `#` behind a blank.
fn without_comment(content: &str) -> &str {
    let comment =
        content.match_indices('#').find(|(at, _)| *at == 0 || content[..*at].ends_with(is_blank));
    comment.map_or(content, |(at, _)| &content[..at]).trim_end()
}

#[cfg(test)]
mod tests {
    use crate::note::{Evidence, Place, Setting, Sex, scan};

    fn codes(text: &str) -> Vec<&str> {
        let found = scan(text).mentions;
        assert!(
            found
                .iter()
                .all(|it| it.place == Place::FrontMatter && it.evidence == Evidence::Certain)
        );
        found.into_iter().map(|it| &text[it.range]).collect()
    }

    #[test]
    fn reads_scalars_and_lists() {
        for text in [
            "---\ndx: E11.9, I10\n---\n",
            "---\ndx: [E11.9, \"I10\"]\n---\n",
            "---\r\ndx:\r\n  - E11.9 # type 2\r\n  - 'I10'\r\n---\r\n",
            "---\nicd-10:\n- E11.9: Type 2 diabetes\n- Hypertension (I10)\n---\n",
            "---\ndiagnoses:\n  - code: E11.9\n    text: stage 3 T12\n  - code: I10\n---\n",
            "---\nicd10: [E11.9,\n  I10]\n---\n",
        ] {
            assert_eq!(codes(text), ["E11.9", "I10"], "{text}");
        }
        assert_eq!(
            codes("---\ncpt: 99213-25\nhcpcs: J1885\nprocedures: [0DTJ4ZZ]\n---\n"),
            ["99213", "J1885", "0DTJ4ZZ"]
        );
    }

    #[test]
    fn other_keys_hold_no_codes() {
        assert!(codes("---\ntitle: E11.9 and 99213\ntags: [I10]\nicd9: 250.00\n---\n").is_empty());
    }

    #[test]
    fn reads_dates_and_facts() {
        let note = scan(
            "---\ndos: 2026-03-02\ndischarge-date: 2026-03-05\nage: 45\nsex: F\nsetting: inpatient\n---\nDx: I10\n",
        );
        let encounter = &note.encounters[0];
        assert_eq!(encounter.service_date.as_ref().unwrap().date.to_string(), "2026-03-02");
        assert_eq!(encounter.discharge_date.as_ref().unwrap().date.to_string(), "2026-03-05");
        assert_eq!(
            (encounter.age_years, encounter.sex, encounter.setting),
            (Some(45), Some(Sex::Female), Some(Setting::Inpatient))
        );
    }
}
