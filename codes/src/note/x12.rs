//! X12 claims: the diagnoses of `HI`, the services of `SV1` and `SV2`, and the facts around them.
//!
//! Source: ASC X12N 837 (005010X222, 005010X223): qualifiers of HI, SV1 and SV2, DMG, DTP, CLM, CL1, NM1 and REF.

use std::ops::Range;

use super::{
    Details, Evidence, Form, Mention, Place, Pointer,
    clue::Says,
    dates::{DateMention, DateRole},
    details::{present_on_admission, two_digits},
    facts::{Setting, Sex},
    list::Scope,
    scanner::Scanner,
    shapes,
    systems::Systems,
    tokens::Folded,
};
use crate::{
    date::{Date, parse_compact},
    encounter::{DiagnosisRole, Units},
    system::CodeSystem,
};

/// The signs that separate segments, elements and components.
#[derive(Clone, Copy)]
struct Signs {
    element: u8,
    component: u8,
    segment: u8,
}

const USUAL: Signs = Signs { element: b'*', component: b':', segment: b'~' };

/// What is known of the patient and the claim that is being read.
#[derive(Default)]
struct Claim {
    born: Option<Date>,
    sex: Option<Sex>,
    payer: Option<Range<usize>>,
    /// Fields of the provider, which stand before the claim.
    fields: Vec<&'static str>,
    has_provider: bool,
    open: bool,
    /// Diagnoses of the claim that pointers can name.
    diagnoses: u8,
    /// The last service of the claim, an index into the mentions.
    line: Option<usize>,
}

/// Reads the segments of a block.
pub(super) fn scan(scanner: &mut Scanner<'_>, range: Range<usize>) {
    let text = scanner.text;
    let mut signs = USUAL;
    let mut claim = Claim::default();
    let mut start = range.start;
    while start < range.end {
        let rest = text.get(start..range.end).unwrap_or_default();
        if let Some(own) = envelope(rest) {
            signs = own;
        }
        let ends = |byte: u8| byte == signs.segment || matches!(byte, b'\n' | b'\r');
        let length = rest.bytes().position(ends).unwrap_or(rest.len());
        segment(scanner, start..start + length, signs, &mut claim);
        start += length + 1;
    }
}

/// The signs that an `ISA` segment declares: the element sign behind its name, the others behind its 16th element.
fn envelope(rest: &str) -> Option<Signs> {
    let bytes = rest.as_bytes();
    let element =
        *bytes.get(3).filter(|byte| rest.starts_with("ISA") && byte.is_ascii_punctuation())?;
    let (at, _) =
        bytes.iter().take(200).enumerate().filter(|(_, byte)| **byte == element).nth(15)?;
    let component =
        bytes.get(at + 1).copied().filter(u8::is_ascii_punctuation).unwrap_or(USUAL.component);
    let segment =
        bytes.get(at + 2).copied().filter(u8::is_ascii_punctuation).unwrap_or(USUAL.segment);
    Some(Signs { element, component, segment })
}

/// The parts of `range` between `sign`s, without blanks around them.
fn split(text: &str, range: Range<usize>, sign: u8) -> Vec<Range<usize>> {
    let content = text.get(range.clone()).unwrap_or_default();
    let mut start = range.start;
    content
        .split(char::from(sign))
        .map(|part| {
            let from = start + part.len() - part.trim_start().len();
            start += part.len() + 1;
            from..from + part.trim().len()
        })
        .collect()
}

fn segment(scanner: &mut Scanner<'_>, range: Range<usize>, signs: Signs, claim: &mut Claim) {
    let text = scanner.text;
    let elements = split(text, range.clone(), signs.element);
    let element =
        |index: usize| elements.get(index).and_then(|it| text.get(it.clone())).unwrap_or_default();
    match element(0) {
        "HI" => {
            for composite in elements.get(1..).unwrap_or_default() {
                diagnosis(scanner, split(text, composite.clone(), signs.component), claim);
            }
        }
        "SV1" => {
            let columns = Columns { code: 1, basis: 3, place: Some(5), pointers: Some(7) };
            service(scanner, &elements, columns, signs, claim);
        }
        "SV2" => {
            let columns = Columns { code: 2, basis: 4, place: None, pointers: None };
            service(scanner, &elements, columns, signs, claim);
        }
        "SVC" => {
            let columns = Columns { code: 1, basis: usize::MAX, place: None, pointers: None };
            service(scanner, &elements, columns, signs, claim);
        }
        "LX" => claim.line = None,
        // A loop of a subscriber or patient begins: another person. The provider stays.
        "HL" if matches!(element(3), "22" | "23") => {
            let payer = claim.payer.take().filter(|_| element(3) == "23");
            let fields = std::mem::take(&mut claim.fields);
            let has_provider = claim.has_provider;
            *claim = Claim { payer, fields, has_provider, ..Claim::default() };
        }
        "HL" => *claim = Claim { has_provider: true, ..Claim::default() },
        "DMG" => {
            claim.born = parse_compact(element(2)).ok();
            claim.sex = Sex::from_word(element(3));
        }
        "NM1" | "REF" => party(scanner, &elements, claim),
        "CLM" => open(scanner, &elements, range.start, signs, claim),
        "CL1" => {
            let status = elements.get(3).and_then(|it| two_digits(text, it.clone()));
            scanner.tell_all(range.start, status.map(Says::DischargeStatus));
        }
        "DTP" => date(scanner, &elements, claim),
        _ => {}
    }
}

/// A claim begins.
fn open(
    scanner: &mut Scanner<'_>,
    elements: &[Range<usize>],
    at: usize,
    signs: Signs,
    claim: &mut Claim,
) {
    let text = scanner.text;
    scanner.tell_all(at, [Says::Opens { heading: None }, Says::Claim]);
    // In a fragment without its provider nothing is known of fields that stand there.
    scanner.tell_all(at, claim.has_provider.then_some(Says::Form));
    if let Some(location) = elements.get(5) {
        let parts = split(text, location.clone(), signs.component);
        let content = text.get(location.clone()).unwrap_or_default();
        let setting = setting(content, signs.component);
        let place = parts.first().and_then(|it| two_digits(text, it.clone()));
        scanner.tell_all(at, setting.map(Says::Setting));
        scanner.tell_all(
            at,
            place.filter(|_| setting == Some(Setting::Professional)).map(Says::PlaceOfService),
        );
    }
    scanner.tell_all(at, claim.sex.map(|sex| Says::Sex { sex, stated: true }));
    scanner.tell_all(at, claim.born.map(Says::Born));
    scanner.tell_all(at, claim.payer.clone().map(Says::Payer));
    scanner.tell_all(at, claim.fields.iter().copied().map(Says::Field));
    claim.open = true;
    claim.diagnoses = 0;
    claim.line = None;
}

/// Who takes part in the claim, and the numbers it goes by. Of them only the payer's id is kept; of the others it is
/// noted that they are named.
fn party(scanner: &mut Scanner<'_>, elements: &[Range<usize>], claim: &mut Claim) {
    let text = scanner.text;
    let element =
        |index: usize| elements.get(index).and_then(|it| text.get(it.clone())).unwrap_or_default();
    let Some(at) = elements.first().map(|it| it.start) else { return };
    let mut fields: Vec<&'static str> = Vec::new();
    if element(0) == "REF" {
        let name = match element(1) {
            "G1" => "auth_number",
            "9F" => "referral_number",
            "X4" => "clia",
            "F8" => "original_claim",
            _ => return,
        };
        fields.extend((!element(2).is_empty()).then_some(name));
    } else {
        let name = match element(1) {
            "PR" if !claim.open => {
                let id = [9, 3].into_iter().filter_map(|index| elements.get(index));
                claim.payer = id.into_iter().find(|it| !it.is_empty()).cloned();
                return;
            }
            "DN" | "P3" => "referring",
            "DK" => "ordering",
            "DQ" => "supervising",
            "71" => "attending",
            "72" => "operating",
            "77" => "facility",
            "82" => "rendering",
            "85" => "billing",
            _ => return,
        };
        fields.extend((!element(3).is_empty()).then_some(name));
        claim.has_provider |= name == "billing";
        let is_npi = element(8) == "XX" && !element(9).is_empty();
        fields.extend((is_npi && matches!(name, "rendering" | "billing")).then_some("npi"));
    }
    if claim.open {
        scanner.tell_all(at, fields.into_iter().map(Says::Field));
    } else {
        claim.fields.append(&mut fields);
    }
}

/// One composite of `HI`: qualifier, code and, ninth, whether it was present on admission.
fn diagnosis(scanner: &mut Scanner<'_>, components: Vec<Range<usize>>, claim: &mut Claim) {
    let text = scanner.text;
    let poa = components.get(8).and_then(|it| present_on_admission(text.get(it.clone())?));
    let mut components = components.into_iter();
    let (Some(qualifier), Some(code)) = (components.next(), components.next()) else { return };
    let role = match text.get(qualifier).unwrap_or_default() {
        "ABK" => DiagnosisRole::Principal,
        "ABF" => DiagnosisRole::Secondary,
        "ABJ" => DiagnosisRole::Admitting,
        "APR" => DiagnosisRole::ReasonForVisit,
        "ABN" => DiagnosisRole::ExternalCause,
        "BBR" | "BBQ" => {
            push(scanner, code, Systems::PCS, Vec::new(), Details::default());
            return;
        }
        "BG" => {
            let is_code = code.len() == 2;
            scanner.tell_all(code.start, is_code.then_some(Says::ConditionCode(code)));
            return;
        }
        _ => return,
    };
    let pointed_at = matches!(role, DiagnosisRole::Principal | DiagnosisRole::Secondary);
    let position = pointed_at.then(|| claim.diagnoses.saturating_add(1));
    claim.diagnoses = position.unwrap_or(claim.diagnoses);
    let details = Details { role, position, present_on_admission: poa, ..Details::default() };
    push(scanner, code, Systems::DIAGNOSIS, Vec::new(), details);
}

/// Where the elements of a service stand. Its units stand behind their basis.
#[derive(Clone, Copy)]
struct Columns {
    code: usize,
    basis: usize,
    place: Option<usize>,
    pointers: Option<usize>,
}

/// A service: a composite of qualifier, code and up to four modifiers, then its units and pointers.
fn service(
    scanner: &mut Scanner<'_>,
    elements: &[Range<usize>],
    columns: Columns,
    signs: Signs,
    claim: &mut Claim,
) {
    let text = scanner.text;
    let Some(composite) = elements.get(columns.code) else { return };
    let mut components = split(text, composite.clone(), signs.component).into_iter();
    let (Some(qualifier), Some(code)) = (components.next(), components.next()) else { return };
    if text.get(qualifier) != Some("HC") {
        return;
    }
    let modifiers = components.take(4).filter(|it| it.len() == 2).collect();
    let element = |index: usize| elements.get(index).and_then(|it| text.get(it.clone()));
    let quantity = columns.basis.checked_add(1).and_then(element).unwrap_or_default();
    let mut details = Details::default();
    match element(columns.basis) {
        Some("MJ") => details.minutes = quantity.parse().ok(),
        Some(_) => details.units = Units::parse(quantity),
        None => {}
    }
    let place = columns.place.and_then(|index| elements.get(index)).cloned();
    details.place_of_service = place.and_then(|it| two_digits(text, it));
    if let Some(pointers) = columns.pointers.and_then(|index| elements.get(index)) {
        let parts = split(text, pointers.clone(), signs.component);
        let pointer = |range: Range<usize>| {
            let position = text.get(range.clone())?.parse().ok().filter(|it| *it > 0)?;
            Some(Pointer { range, position: Some(position) })
        };
        details.pointers = parts.into_iter().filter_map(pointer).collect();
    }
    let before = scanner.mentions.len();
    push(scanner, code, Systems::CPT, modifiers, details);
    claim.line = (scanner.mentions.len() > before).then_some(before);
}

fn push(
    scanner: &mut Scanner<'_>,
    code: Range<usize>,
    systems: Systems,
    modifiers: Vec<Range<usize>>,
    details: Details,
) {
    if scanner.text.get(code.clone()).is_some_and(|it| it.starts_with("{{")) {
        scanner.push_blank(code, Scope::structure(systems, Place::Claim));
        return;
    }
    let Some(system) = scanner.text.get(code.clone()).and_then(|it| system_of(it, systems)) else {
        return;
    };
    scanner.tell(code.start, Says::Claim);
    scanner.push(Mention {
        range: code,
        system,
        declared: true,
        form: Form::Code,
        evidence: Evidence::Certain,
        place: Place::Claim,
        reported: true,
        questioned: false,
        encounter: 0,
        modifiers,
        description: None,
        details,
    });
}

/// `11:A:1`: a type of bill, qualifier A, or a place of service, qualifier B.
fn setting(location: &str, component: u8) -> Option<Setting> {
    let mut parts = location.split(char::from(component));
    match (parts.next()?, parts.next()?) {
        (_, "B") => Some(Setting::Professional),
        ("11" | "12" | "18" | "21", "A") => Some(Setting::Inpatient),
        (_, "A") => Some(Setting::Outpatient),
        _ => None,
    }
}

/// `472` is the day of a service, `434` the first and last day of a statement, `435` that of admission, `096` that of
/// discharge.
fn date(scanner: &mut Scanner<'_>, elements: &[Range<usize>], claim: &Claim) {
    let text = scanner.text;
    let element =
        |index: usize| elements.get(index).and_then(|it| text.get(it.clone())).unwrap_or_default();
    let Some(value) = elements.get(3) else { return };
    let first = compact(text, value.start).filter(|_| matches!(element(2), "D8" | "DT" | "RD8"));
    let last = (element(2) == "RD8").then(|| compact(text, value.start + 9)).flatten();
    let dates: &[(DateRole, Option<DateMention>)] = match element(1) {
        "472" | "150" => {
            if let Some(line) = claim.line.and_then(|index| scanner.mentions.get_mut(index)) {
                line.details.service_date.clone_from(&first);
            }
            &[(DateRole::Heading, first)]
        }
        "434" => &[(DateRole::Heading, first), (DateRole::Discharge, last)],
        "435" => &[(DateRole::Admission, first)],
        "096" => &[(DateRole::Discharge, first)],
        _ => return,
    };
    for (role, date) in dates {
        let says = date.clone().map(|date| Says::Date { role: *role, date });
        scanner.tell_all(value.start, says);
    }
}

fn compact(text: &str, at: usize) -> Option<DateMention> {
    let range = at..at + 8;
    Some(DateMention { date: parse_compact(text.get(range.clone())?).ok()?, range })
}

/// The system of a code in a claim that names several: as [`shapes::exact`], with the default for ill-formed codes.
pub(super) fn system_of(code: &str, systems: Systems) -> Option<CodeSystem> {
    let word = Folded::read(code).filter(|word| word.length() > 0)?;
    shapes::exact(&word, systems).or(systems.default)
}

#[cfg(test)]
mod tests;
