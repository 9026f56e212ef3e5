//! Fields of forms in running text: `POS: 11`, `Units: 2`, `Dx ptr: A, B`, `DOB: 04/01/1980`, `Payer: …`.
//!
//! What a field says of a service or diagnosis belongs to the last one before it.

use std::ops::Range;

use super::{
    clue::Says,
    dates::{self, DateRole},
    details::{pointers, present_on_admission, two_digits},
    scanner::Scanner,
    tokens::{self, Token, char_at, is_blank, skip},
};
use crate::encounter::{PatientStatus, Units};

/// Bytes between a code and a field about it.
const NEAR: usize = 240;

/// Bytes of a value that are looked at.
const LONGEST: usize = 160;

/// What a field is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Born,
    /// The day of admission on a UB-04.
    Admitted,
    Patient,
    Place,
    Payer,
    DischargeStatus,
    ConditionCodes,
    Units,
    Pointers,
    Poa,
    /// A field of a claim form of which only matters that it is filled in.
    Filled(&'static str),
}

impl Scanner<'_> {
    /// Reads the field whose name ends with `token`. Returns where reading goes on.
    pub(super) fn field(&mut self, line_start: usize, token: Token, end: usize) -> Option<usize> {
        let text = self.text;
        let field = named(text, line_start, token)?;
        let value = value(text, token.end, end, field)?;
        let word = tokens::at(text, value.start, end);
        let word = word.map_or(value.start..value.start, |it| it.start..it.end);
        let written = text.get(word.clone())?;
        match field {
            Field::Born => {
                let date = dates::at(text, value.start, end)?;
                self.tell(token.start, Says::Born(date.date));
                return Some(date.range.end);
            }
            Field::Admitted => {
                let date = dates::at(text, value.start, end)?;
                let behind = date.range.end;
                self.tell(token.start, Says::Date { role: DateRole::Admission, date });
                return Some(behind);
            }
            Field::Patient => {
                let status = patient_status(written)?;
                self.tell(token.start, Says::Patient(status));
            }
            Field::Place => {
                self.tell(token.start, Says::PlaceOfService(two_digits(text, word.clone())?));
            }
            Field::DischargeStatus => {
                self.tell(token.start, Says::DischargeStatus(two_digits(text, word.clone())?));
            }
            Field::Payer => {
                // Another field may follow behind two blanks, as on forms.
                let content = text.get(value.clone())?;
                let length = content
                    .find(['\t', '|', ';', ',', '('])
                    .unwrap_or(content.len())
                    .min(content.find("  ").unwrap_or(content.len()));
                let payer = value.start..value.start + content[..length].trim_end().len();
                let nobody = ["none", "n/a", "unknown", "self"]
                    .iter()
                    .any(|word| text[payer.clone()].eq_ignore_ascii_case(word));
                if payer.is_empty()
                    || payer.len() > 60
                    || nobody
                    || self.slot_at(payer.start).is_some()
                {
                    return None;
                }
                self.tell(token.start, Says::Payer(payer.clone()));
                return Some(payer.end);
            }
            Field::ConditionCodes => return self.condition_codes(value),
            Field::Filled(name) => {
                let length = text.get(value.clone())?.find(['\t', '|', ';']).unwrap_or(value.len());
                let content = text.get(value.start..value.start + length)?;
                let is_filled = content.contains(|it: char| it.is_ascii_digit())
                    || (name == "referring" && content.contains(char::is_alphabetic));
                if is_filled && self.slot_at(value.start).is_none() {
                    self.tell(token.start, Says::Field(name));
                }
                // The value may look like a code: an authorization number.
                return is_filled.then_some(word.end);
            }
            Field::Units | Field::Pointers | Field::Poa => {
                return self.beside(field, value, word);
            }
        }
        Some(word.end)
    }

    /// A field about the last code before it.
    fn beside(&mut self, field: Field, value: Range<usize>, word: Range<usize>) -> Option<usize> {
        let text = self.text;
        let written = text.get(word.clone())?;
        let wants_diagnosis = field == Field::Poa;
        let behind = match field {
            Field::Pointers => {
                let content = text.get(value.clone())?;
                let length = content
                    .find(|it: char| !(is_blank(it) || it.is_ascii_alphanumeric() || it == ','))
                    .unwrap_or(content.len());
                let letters = content[..length]
                    .split([',', ' '])
                    .take_while(|it| it.len() <= 4 && it.bytes().all(is_pointer));
                let length = letters.map(|it| it.len() + 1).sum::<usize>().saturating_sub(1);
                value.start + length
            }
            _ => word.end,
        };
        let code = self.last_of_encounter(wants_diagnosis)?;
        let between = text.get(code.range.end..value.start)?;
        if between.len() > NEAR || between.matches('\n').count() > 2 {
            return None;
        }
        let details = &mut code.details;
        match field {
            Field::Units if details.units.is_none() => details.units = Some(Units::parse(written)?),
            Field::Poa if details.present_on_admission.is_none() => {
                details.present_on_admission = Some(present_on_admission(written)?);
            }
            Field::Pointers if details.pointers.is_empty() => {
                details.pointers = pointers(text, value.start..behind)?;
            }
            _ => return None,
        }
        Some(behind)
    }

    fn condition_codes(&mut self, value: Range<usize>) -> Option<usize> {
        let text = self.text;
        let mut at = value.start;
        while let Some(token) =
            tokens::at(text, skip(text, at, value.end, |it| is_blank(it) || it == ','), value.end)
        {
            let word = token.text(text);
            let is_code = word.len() == 2
                && word.bytes().all(|it| it.is_ascii_digit() || it.is_ascii_uppercase());
            if !is_code {
                break;
            }
            self.tell(token.start, Says::ConditionCode(token.start..token.end));
            at = token.end;
        }
        (at > value.start).then_some(at)
    }
}

fn is_pointer(byte: u8) -> bool {
    matches!(byte, b'A'..=b'L' | b'a'..=b'l' | b'0'..=b'9')
}

/// New or established, as a word says it.
pub(super) fn patient_status(word: &str) -> Option<PatientStatus> {
    match &*word.to_ascii_lowercase() {
        "new" => Some(PatientStatus::New),
        "established" | "est" => Some(PatientStatus::Established),
        _ => None,
    }
}

/// The field whose name ends with `token`.
fn named(text: &str, line_start: usize, token: Token) -> Option<Field> {
    let word = token.text(text);
    if !(2..=13).contains(&word.len()) {
        return None;
    }
    // Most words are followed by a blank; few fields need no sign behind their name.
    let first = word.as_bytes().first()?.to_ascii_lowercase();
    let is_set_off = text.as_bytes().get(token.end).is_some_and(|it| b":=*_).#-".contains(it));
    if !is_set_off && !matches!(first, b'a'..=b'd' | b'n' | b'p') {
        return None;
    }
    let mut lower = [0_u8; 13];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    let before = || {
        let from = (token.start.saturating_sub(24).max(line_start)..=token.start)
            .find(|at| text.is_char_boundary(*at))?;
        Some(text.get(from..token.start)?.trim_end_matches(is_blank).to_ascii_lowercase())
    };
    let follows = |words: &[&str]| {
        before().is_some_and(|before| words.iter().any(|word| before.ends_with(word)))
    };
    match &*lower {
        b"dob" | b"birthdate" => Some(Field::Born),
        b"birth" if follows(&["date of"]) => Some(Field::Born),
        b"date" if follows(&["birth"]) => Some(Field::Born),
        b"fl12" => Some(Field::Admitted),
        b"12" if follows(&["fl"]) => Some(Field::Admitted),
        b"fl17" => Some(Field::DischargeStatus),
        b"17" if follows(&["fl"]) => Some(Field::DischargeStatus),
        b"fl18" => Some(Field::ConditionCodes),
        b"18" if follows(&["fl"]) => Some(Field::ConditionCodes),
        b"pos" | b"24b" => Some(Field::Place),
        b"service" if follows(&["place of"]) => Some(Field::Place),
        b"payer" | b"payor" | b"insurance" => Some(Field::Payer),
        b"id" if follows(&["payer", "payor"]) => Some(Field::Payer),
        b"status" if follows(&["discharge"]) => Some(Field::DischargeStatus),
        b"status" | b"type" if follows(&["patient", "visit"]) => Some(Field::Patient),
        b"code" | b"codes" if follows(&["condition"]) => Some(Field::ConditionCodes),
        b"unit" | b"units" | b"qty" | b"24g" => Some(Field::Units),
        b"ptr" | b"pointer" | b"pointers" | b"24e" => Some(Field::Pointers),
        b"poa" => Some(Field::Poa),
        b"number" | b"no" if follows(&["authorization", "auth"]) => {
            Some(Field::Filled("auth_number"))
        }
        b"authorization" if follows(&["prior", "23."]) => Some(Field::Filled("auth_number")),
        b"auth" => Some(Field::Filled("auth_number")),
        b"provider" | b"physician" if follows(&["referring"]) => Some(Field::Filled("referring")),
        b"number" | b"no" if follows(&["clia"]) => Some(Field::Filled("clia")),
        b"clia" => Some(Field::Filled("clia")),
        _ => None,
    }
}

/// The rest of the line behind the sign that ends a field's name.
fn value(text: &str, at: usize, end: usize, field: Field) -> Option<Range<usize>> {
    let closes = |it: char| is_blank(it) || matches!(it, '*' | '_' | ')' | '.' | '#');
    let sign = skip(text, at, end, closes);
    let colon = char_at(text, sign).is_some_and(|(it, _)| sign < end && matches!(it, ':' | '='));
    // `(POA-Y)`, `POA Y`; captions of forms stand before their value with blanks alone.
    let glued = matches!(field, Field::Born | Field::Poa | Field::Filled(_));
    if !colon && !glued {
        return None;
    }
    let signs = |it: char| {
        is_blank(it)
            || matches!(it, ':' | '=' | '*' | '_' | '"' | '\'' | '#')
            || (glued && it == '-')
    };
    let start = skip(text, sign, end, signs);
    // A line may be long, a value is not.
    let end = (start..=end.min(start + LONGEST)).rev().find(|at| text.is_char_boundary(*at))?;
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::{PatientStatus, Units},
        note::scan,
    };

    #[test]
    fn fields_about_the_encounter() {
        let text = "Dx: I10\nDOB: 04/01/1980  Sex: F\nDOS: 2026-03-02\nPOS: 11\nPayer: Medicare Part B  \nPatient status: Established\n\
                    Discharge status: 01\nCondition codes: C5, 17\nAdmission date: 2026-03-01\n";
        let note = scan(text);
        let [scope] = &note.encounters[..] else { panic!("one encounter") };
        let written = |range: &Option<std::ops::Range<usize>>| range.clone().map(|it| &text[it]);
        assert_eq!(scope.age_years, Some(45));
        assert_eq!(written(&scope.place_of_service), Some("11"));
        assert_eq!(written(&scope.payer), Some("Medicare Part B"));
        assert_eq!(written(&scope.discharge_status), Some("01"));
        assert_eq!(scope.patient_status, PatientStatus::Established);
        assert_eq!(scope.admission_date.as_ref().unwrap().date.to_string(), "2026-03-01");
        let conditions: Vec<_> = scope.condition_codes.iter().map(|it| &text[it.clone()]).collect();
        assert_eq!(conditions, ["C5", "17"]);
        assert_eq!(scope.claim_fields, None);
    }

    #[test]
    fn fields_about_a_code() {
        let note = scan("Dx: E11.9 (POA: Y), I10 (POA-N)\nCPT: 99213-25  Units: 2  Dx ptr: A, B\n");
        let poa: Vec<_> = note.mentions.iter().map(|it| it.details.present_on_admission).collect();
        assert_eq!(poa, [Some('Y'), Some('N'), None]);
        let details = &note.mentions[2].details;
        assert_eq!(details.units, Some(Units::whole(2)));
        let positions: Vec<_> = details.pointers.iter().filter_map(|it| it.position).collect();
        assert_eq!(positions, [1, 2]);
    }

    #[test]
    fn words_are_no_fields() {
        let note = scan(
            "The unit: 3 West. She is new: see below. Dx: I10. Status: 01. Insurance: none, she pays.",
        );
        let scope = &note.encounters[0];
        assert!(scope.discharge_status.is_none() && scope.place_of_service.is_none());
        assert_eq!(scope.patient_status, PatientStatus::Unknown);
    }

    #[test]
    fn an_age_in_days_is_kept() {
        let days = |text: &str| {
            let scope = scan(text).encounters.remove(0);
            (scope.age_years, scope.age_days)
        };
        assert_eq!(days("DOB: 2026-02-20\nDOS: 2026-03-02\nDx: I10"), (Some(0), Some(10)));
        assert_eq!(days("A 5-day-old boy. Dx: I10"), (Some(0), Some(5)));
        assert_eq!(days("Age: 45. A 5-day-old wound. Dx: I10").1, None);
    }
}
