//! The YAML block at the head of a document: coding keys, dates and facts about the patient.
//!
//! Enough of YAML for what people write there: scalars, flow lists, block lists, and maps with a `code` key inside
//! them. Anything else is passed over.

use std::ops::Range;

use super::{
    Evidence, Mention, Place,
    clue::Says,
    dates::{self, DateRole},
    details::{pointers, present_on_admission, two_digits},
    fields::patient_status,
    lines::{Line, lines},
    list::Scope,
    prose::{fact, modifiers_in},
    scanner::{Scanner, Trust},
    slots::is_control_line,
    systems::Systems,
    tokens::{self, is_blank, skip},
};
use crate::encounter::Units;

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
    let first = scanner.mentions.len();
    for line in lines(text, range.clone()) {
        if is_control_line(line.text(text)) || scanner.skips(line) {
            continue;
        }
        let Some(entry) = reader.entry(text, line) else { continue };
        about_text(scanner, &entry);
        if let Some((systems, names_system)) = entry.systems() {
            let before = scanner.mentions.len();
            let scope = Scope {
                evidence: Evidence::Certain,
                names_system,
                ..Scope::structure(systems, Place::FrontMatter)
            };
            scanner.stretch(entry.value, Trust::List(scope));
            is_encounter |= scanner.mentions.len() > before;
        } else if systems_of(&entry.key).is_some() {
            let own = scanner.mentions.get_mut(first..).unwrap_or_default();
            beside(text, &entry, own);
        } else if !scanner.has_blank(entry.value.clone()) {
            for says in statement(text, &entry) {
                is_encounter |= matches!(says, Says::Date { .. });
                scanner.tell(entry.value.start, says);
            }
        }
    }
    if is_encounter {
        scanner.tell(range.start, Says::Document);
    }
}

/// What a key says of the text itself.
fn about_text(scanner: &mut Scanner<'_>, entry: &Entry) {
    let value = scanner.text.get(entry.value.clone()).unwrap_or_default().to_ascii_lowercase();
    let value = value.trim_matches(['"', '\'', ' ']);
    let is_yes = matches!(value, "true" | "yes" | "on");
    match &*entry.key {
        "template" | "is_template" => scanner.is_template |= is_yes,
        "type" | "kind" | "status" if value == "template" => scanner.is_template = true,
        "status" => scanner.is_signed |= matches!(value, "signed" | "final" | "finalized"),
        "signed" => scanner.is_signed |= is_yes,
        "signed_by" | "signed_on" | "signed_at" => {
            scanner.is_signed |= !value.is_empty() && !scanner.has_blank(entry.value.clone());
        }
        _ => {}
    }
}

/// What a key beside that of a code says of it: `- code: 99213`, then `units: 2`.
fn beside(text: &str, entry: &Entry, mentions: &mut [Mention]) {
    let value = entry.value.clone();
    let written = text.get(value.clone()).unwrap_or_default().trim_matches(['"', '\'']);
    let Some(mention) = mentions.last_mut() else { return };
    let details = &mut mention.details;
    match entry.inner.as_deref().unwrap_or_default() {
        "units" | "quantity" | "qty" => details.units = Units::parse(written),
        "minutes" | "time" => details.minutes = written.parse().ok(),
        "modifier" | "modifiers" if !mention.system.is_diagnosis() => {
            let start = skip(text, value.start, value.end, |it| matches!(it, '[' | '"' | '\''));
            let (found, _) = modifiers_in(text, start, value.end);
            if mention.modifiers.is_empty() {
                mention.modifiers = found;
            }
        }
        "pointer" | "pointers" | "dx" | "diagnoses" => {
            let start = skip(text, value.start, value.end, |it| matches!(it, '[' | '"' | '\''));
            details.pointers = pointers(text, start..value.end).unwrap_or_default();
        }
        "poa" | "present_on_admission" => {
            details.present_on_admission = present_on_admission(written);
        }
        "date" | "dos" | "service_date" => details.service_date = dates::first_in(text, value),
        "pos" | "place_of_service" => {
            details.place_of_service = two_digits(text, unquoted(text, value));
        }
        _ => {}
    }
}

/// What a key says of the encounter.
fn statement(text: &str, entry: &Entry) -> Vec<Says> {
    let role = match &*entry.key {
        "date" => Some(DateRole::Unspecific),
        "dos" | "date_of_service" | "service_date" | "visit_date" | "encounter_date" => {
            Some(DateRole::Service)
        }
        "discharge_date" | "date_of_discharge" | "discharged" => Some(DateRole::Discharge),
        "admission_date" | "date_of_admission" | "admitted" | "admit_date" => {
            Some(DateRole::Admission)
        }
        _ => None,
    };
    if let Some(role) = role {
        let date = dates::first_in(text, entry.value.clone());
        return date.map(|date| Says::Date { role, date }).into_iter().collect();
    }
    let value = unquoted(text, entry.value.clone());
    let content = text.get(value.clone()).unwrap_or_default();
    let says = match &*entry.key {
        "dob" | "birth_date" | "birthdate" | "date_of_birth" => {
            dates::first_in(text, value).map(|date| Says::Born(date.date))
        }
        "age_days" => content.parse().ok().filter(|days| *days <= 365).map(Says::AgeDays),
        "patient_status" | "patient_type" => patient_status(content).map(Says::Patient),
        "payer" | "payor" | "insurance" => (!content.is_empty()).then_some(Says::Payer(value)),
        "pos" | "place_of_service" => two_digits(text, value).map(Says::PlaceOfService),
        "discharge_status" => two_digits(text, value).map(Says::DischargeStatus),
        "condition_code" | "condition_codes" => return condition_codes(text, value),
        "claim" | "is_claim" if matches!(content, "true" | "yes") => {
            return vec![Says::Claim, Says::Form];
        }
        key => {
            let field = FIELDS.iter().find(|(name, _)| *name == key);
            field.filter(|_| !content.is_empty()).map(|(_, field)| Says::Field(field))
        }
    };
    if let Some(says) = says {
        return vec![says];
    }
    let name = match &*entry.key {
        "patient_class" | "encounter_class" | "encounter_type" | "visit_type" => "setting",
        key => key,
    };
    let value = tokens::next(text, entry.value.start, entry.value.end);
    value.and_then(|value| fact(name, value.text(text))).into_iter().collect()
}

/// Keys of claim fields, and what the fields are called.
const FIELDS: &[(&str, &str)] = &[
    ("auth_number", "auth_number"),
    ("authorization", "auth_number"),
    ("authorization_number", "auth_number"),
    ("prior_authorization", "auth_number"),
    ("npi", "npi"),
    ("provider_npi", "npi"),
    ("referring", "referring"),
    ("referring_provider", "referring"),
    ("ordering", "ordering"),
    ("ordering_provider", "ordering"),
    ("clia", "clia"),
];

fn condition_codes(text: &str, value: Range<usize>) -> Vec<Says> {
    let mut found = Vec::new();
    let mut at = value.start;
    while let Some(token) = tokens::next(text, at, value.end) {
        at = token.end;
        let code = token.start..token.end;
        found.extend((code.len() == 2).then_some(Says::ConditionCode(code)));
    }
    found
}

/// A value without its quotation marks.
fn unquoted(text: &str, value: Range<usize>) -> Range<usize> {
    let content = text.get(value.clone()).unwrap_or_default();
    let inner = content.trim_start_matches(['"', '\'']);
    let start = value.start + content.len() - inner.len();
    start..start + inner.trim_end_matches(['"', '\'']).len()
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
    fn reads_what_stands_beside_a_code() {
        let text = "---\ndx:\n  - code: E11.9\n    poa: Y\ncpt:\n  - code: 99213\n    units: 2\n    modifiers: [25, LT]\n    pointers: [1]\n---\n";
        let note = scan(text);
        let [diagnosis, service] = &note.mentions[..] else { panic!("two codes") };
        assert_eq!(diagnosis.details.present_on_admission, Some('Y'));
        assert_eq!(service.details.units.unwrap().to_string(), "2");
        assert_eq!(service.modifiers.len(), 2);
        assert_eq!(service.details.pointers.first().and_then(|it| it.position), Some(1));
    }

    #[test]
    fn reads_fields_of_a_claim() {
        let text = "---\nclaim: true\npayer: \"Medicare\"\npos: 11\nauth-number: A1\nnpi:\nadmission_date: 2026-03-01\n\
                    patient_status: new\ncondition_codes: [C5, 17]\ndob: 1980-04-01\n---\nDx: I10\n";
        let scope = scan(text).encounters.remove(0);
        let written = |range: &Option<std::ops::Range<usize>>| range.clone().map(|it| &text[it]);
        assert!(scope.is_claim);
        assert_eq!(scope.claim_fields.as_deref(), Some(&["auth_number"][..]));
        assert_eq!(
            (written(&scope.payer), written(&scope.place_of_service)),
            (Some("Medicare"), Some("11"))
        );
        assert_eq!((scope.age_years, scope.condition_codes.len()), (Some(45), 2));
        assert_eq!(scope.patient_status, crate::encounter::PatientStatus::New);
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
