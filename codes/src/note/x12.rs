//! X12 claims: the diagnoses of `HI`, the services of `SV1` and `SV2`, and the facts around them.
//!
//! Source: ASC X12N 837 (005010X222, 005010X223): qualifiers of HI, SV1 and SV2, DMG, DTP and CLM.

use std::ops::Range;

use super::{
    Evidence, Form, Mention, Place,
    clue::Says,
    dates::{DateMention, DateRole},
    facts::{Setting, Sex},
    scanner::Scanner,
    shapes,
    systems::Systems,
    tokens::Folded,
};
use crate::{
    date::{Date, parse_compact},
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
    open: bool,
    aged: bool,
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
                diagnosis(scanner, split(text, composite.clone(), signs.component));
            }
        }
        "SV1" | "SVC" => service(scanner, elements.get(1), signs),
        "SV2" => service(scanner, elements.get(2), signs),
        // A loop of a subscriber or patient begins: another person.
        "HL" if matches!(element(3), "22" | "23") => *claim = Claim::default(),
        "HL" => claim.open = false,
        "DMG" => {
            claim.born = parse_compact(element(2)).ok();
            claim.sex = Sex::from_word(element(3));
        }
        "CLM" => {
            scanner.tell(range.start, Says::Opens { heading: None });
            scanner.tell(range.start, Says::Claim);
            if let Some(setting) = setting(element(5), signs.component) {
                scanner.tell(range.start, Says::Setting(setting));
            }
            if let Some(sex) = claim.sex {
                scanner.tell(range.start, Says::Sex { sex, stated: true });
            }
            claim.open = true;
            claim.aged = false;
        }
        "DTP" => date(scanner, &elements, claim),
        _ => {}
    }
}

/// One composite of `HI`: qualifier and code.
fn diagnosis(scanner: &mut Scanner<'_>, components: Vec<Range<usize>>) {
    let mut components = components.into_iter();
    let (Some(qualifier), Some(code)) = (components.next(), components.next()) else { return };
    let systems = match scanner.text.get(qualifier).unwrap_or_default() {
        "ABK" | "ABF" | "ABJ" | "ABN" | "APR" => Systems::DIAGNOSIS,
        "BBR" | "BBQ" => Systems::PCS,
        _ => return,
    };
    push(scanner, code, systems, Vec::new());
}

/// The composite of a service: qualifier, code and up to four modifiers.
fn service(scanner: &mut Scanner<'_>, composite: Option<&Range<usize>>, signs: Signs) {
    let Some(composite) = composite else { return };
    let mut components = split(scanner.text, composite.clone(), signs.component).into_iter();
    let (Some(qualifier), Some(code)) = (components.next(), components.next()) else { return };
    if scanner.text.get(qualifier) != Some("HC") {
        return;
    }
    let modifiers = components.take(4).filter(|it| it.len() == 2).collect();
    push(scanner, code, Systems::CPT, modifiers);
}

fn push(
    scanner: &mut Scanner<'_>,
    code: Range<usize>,
    systems: Systems,
    modifiers: Vec<Range<usize>>,
) {
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
        encounter: 0,
        modifiers,
        description: None,
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

/// `472` is the day of a service, `434` the first and last day of a statement.
fn date(scanner: &mut Scanner<'_>, elements: &[Range<usize>], claim: &mut Claim) {
    let text = scanner.text;
    let element =
        |index: usize| elements.get(index).and_then(|it| text.get(it.clone())).unwrap_or_default();
    let Some(value) = elements.get(3) else { return };
    let first = compact(text, value.start);
    let last = (element(2) == "RD8").then(|| compact(text, value.start + 9)).flatten();
    let (service, discharge) = match element(1) {
        "472" | "150" => (first, None),
        "434" => (first, last),
        _ => return,
    };
    let Some(service) = service else { return };
    let years = claim
        .born
        .filter(|_| claim.open && !claim.aged)
        .and_then(|born| completed_years(born, service.date));
    if let Some(years) = years {
        claim.aged = true;
        scanner.tell(service.range.start, Says::Age { years, stated: true });
    }
    scanner.tell(service.range.start, Says::Date { role: DateRole::Heading, date: service });
    if let Some(date) = discharge {
        scanner.tell(date.range.start, Says::Date { role: DateRole::Discharge, date });
    }
}

fn compact(text: &str, at: usize) -> Option<DateMention> {
    let range = at..at + 8;
    Some(DateMention { date: parse_compact(text.get(range.clone())?).ok()?, range })
}

/// The age on `day` of somebody born on `born`.
pub(super) fn completed_years(born: Date, day: Date) -> Option<u32> {
    let birthday_to_come = (day.month(), day.day()) < (born.month(), born.day());
    u32::try_from(day.year() - born.year() - i16::from(birthday_to_come))
        .ok()
        .filter(|years| *years <= 124)
}

/// The system of a code in a claim that names several: as [`shapes::exact`], with the default for ill-formed codes.
pub(super) fn system_of(code: &str, systems: Systems) -> Option<CodeSystem> {
    let word = Folded::read(code).filter(|word| word.length() > 0)?;
    shapes::exact(&word, systems).or(systems.default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::scan;
    use jiff::civil::date;

    #[test]
    fn reads_diagnoses_and_services_with_their_systems() {
        let text = "HI*ABK:E119*ABF:I10:::::::Y~HI*BBR:0DTJ4ZZ:D8:20260302*DR:470~SV1*HC:99213:25:LT*120*UN*1***1:2~\
                    SV2*0450*HC:J1885*20*UN*1~SV1*AD:D0120*5~HI*BK:25000~";
        let note = scan(text);
        let found: Vec<(&str, CodeSystem)> =
            note.mentions.iter().map(|it| (&text[it.range.clone()], it.system)).collect();
        assert_eq!(
            found,
            [
                ("E119", CodeSystem::Icd10Cm),
                ("I10", CodeSystem::Icd10Cm),
                ("0DTJ4ZZ", CodeSystem::Icd10Pcs),
                ("99213", CodeSystem::Cpt),
                ("J1885", CodeSystem::Hcpcs),
            ]
        );
        assert!(note.mentions.iter().all(|it| it.place == Place::Claim && it.declared));
        assert_eq!(note.mentions[3].modifiers.len(), 2);
        assert!(note.encounters[0].is_claim);
    }

    #[test]
    fn an_ill_formed_code_is_still_one() {
        let note = scan("HI*ABK:E1~");
        assert_eq!(note.mentions.len(), 1);
    }

    #[test]
    fn each_claim_is_an_encounter_with_its_patient() {
        let text = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1145*^*00501*000000001*0*P*:~\n\
                    HL*2*1*22*0~\nDMG*D8*19800401*F~\nCLM*1*150***11:B:1*Y~\nHI*ABK:I10~\nDTP*472*D8*20260302~\n\
                    CLM*2*150***11:A:1*Y~\nHI*ABK:E119~\nDTP*434*RD8*20260305-20260307~\n";
        let note = scan(text);
        assert_eq!(note.mentions.iter().map(|it| it.encounter).collect::<Vec<_>>(), [0, 1]);
        let [first, second] = &note.encounters[..] else { panic!("two encounters") };
        assert_eq!(
            (first.age_years, first.sex, first.setting),
            (Some(45), Some(Sex::Female), Some(Setting::Professional))
        );
        assert_eq!(first.service_date.as_ref().unwrap().date, date(2026, 3, 2));
        assert_eq!(second.setting, Some(Setting::Inpatient));
        assert_eq!(second.discharge_date.as_ref().unwrap().date, date(2026, 3, 7));
    }

    #[test]
    fn the_envelope_declares_the_signs() {
        let text = "ISA|00|          |00|          |ZZ|A              |ZZ|B              |260302|1145|^|00501|000000001|0|P|>!HI|ABK>E119|ABF>I10!";
        let note = scan(text);
        assert_eq!(note.mentions.len(), 2);
    }

    #[test]
    fn ages_are_completed_years() {
        assert_eq!(completed_years(date(1980, 4, 1), date(2026, 3, 31)), Some(45));
        assert_eq!(completed_years(date(1980, 4, 1), date(2026, 4, 1)), Some(46));
        assert_eq!(completed_years(date(1880, 4, 1), date(2026, 4, 1)), None);
        assert_eq!(completed_years(date(2027, 4, 1), date(2026, 4, 1)), None);
    }
}
