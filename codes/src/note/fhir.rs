//! FHIR JSON: codings by their `system` and `code`, in either order within one object.
//!
//! A tolerant reader of JSON: it never fails, and what is not well formed gives fewer codes. Depth and order are kept
//! on a stack, the text is read once.

use std::ops::Range;

use super::{
    Evidence, Form, Mention, Place,
    clue::Says,
    dates::{self, DateMention, DateRole},
    facts::Sex,
    scanner::Scanner,
    systems::Systems,
    x12::{completed_years, system_of},
};
use crate::{date::Date, system::CodeSystem};

/// Deeper objects are passed over.
const DEEPEST: usize = 64;

/// An object or list that is being read.
#[derive(Default)]
struct Frame {
    start: usize,
    is_object: bool,
    /// The key whose value comes next.
    key: Option<Range<usize>>,
    /// A string stands where a key is expected.
    expects_key: bool,
    systems: Option<Systems>,
    code: Option<Range<usize>>,
    display: Option<Range<usize>>,
    is_claim: bool,
}

/// What was found in one block.
#[derive(Default)]
struct Found {
    codings: Vec<(Range<usize>, CodeSystem, Option<Range<usize>>)>,
    claims: Vec<usize>,
    dates: Vec<(DateRole, DateMention)>,
    born: Vec<Date>,
    sexes: Vec<(usize, Sex)>,
}

/// Reads the codings and facts of a block.
pub(super) fn scan(scanner: &mut Scanner<'_>, range: Range<usize>) {
    let mut found = walk(scanner.text, range);
    found.codings.sort_by_key(|(range, ..)| range.start);
    for start in &found.claims {
        // One claim among other resources needs no scope of its own.
        if found.claims.len() > 1 {
            scanner.tell(*start, Says::Opens { heading: None });
        }
        scanner.tell(*start, Says::Claim);
    }
    for (role, date) in found.dates {
        let at = date.range.start;
        // Of several patients it is not known whose birthday it is.
        if let [born] = found.born[..]
            && let Some(years) = completed_years(born, date.date)
        {
            scanner.tell(at, Says::Age { years, stated: true });
        }
        scanner.tell(at, Says::Date { role, date });
    }
    if let [(at, sex)] = found.sexes[..] {
        scanner.tell(at, Says::Sex { sex, stated: true });
    }
    for (range, system, description) in found.codings {
        scanner.push(Mention {
            range,
            system,
            declared: true,
            form: Form::Code,
            evidence: Evidence::Certain,
            place: Place::Claim,
            reported: true,
            encounter: 0,
            modifiers: Vec::new(),
            description,
        });
    }
}

fn walk(text: &str, range: Range<usize>) -> Found {
    let bytes = text.as_bytes();
    let mut found = Found::default();
    let mut stack: Vec<Frame> = Vec::new();
    let mut too_deep = 0_usize;
    let mut at = range.start;
    while at < range.end.min(bytes.len()) {
        match bytes[at] {
            b'{' | b'[' => {
                if stack.len() < DEEPEST {
                    let is_object = bytes[at] == b'{';
                    stack.push(Frame {
                        start: at,
                        is_object,
                        expects_key: is_object,
                        ..Frame::default()
                    });
                } else {
                    too_deep += 1;
                }
            }
            b'}' | b']' if too_deep > 0 => too_deep -= 1,
            b'}' | b']' => {
                if let Some(frame) = stack.pop() {
                    close(text, frame, &mut found);
                }
            }
            b',' if too_deep == 0 => {
                if let Some(frame) = stack.last_mut() {
                    frame.expects_key = frame.is_object;
                    frame.key = if frame.is_object { None } else { frame.key.take() };
                }
            }
            b'"' => {
                let end = string_end(bytes, at, range.end);
                if too_deep == 0 {
                    string(text, at + 1..end, &mut stack, &mut found);
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Where the closing mark of the string that opens at `at` stands. A string does not reach over its line.
fn string_end(bytes: &[u8], at: usize, end: usize) -> usize {
    let mut next = at + 1;
    while next < end.min(bytes.len()) {
        match bytes[next] {
            b'"' | b'\n' | b'\r' => return next,
            b'\\' => next += 2,
            _ => next += 1,
        }
    }
    end.min(bytes.len())
}

fn string(text: &str, range: Range<usize>, stack: &mut [Frame], found: &mut Found) {
    let Some(value) = text.get(range.clone()) else { return };
    let parent = stack
        .len()
        .checked_sub(2)
        .and_then(|index| stack.get(index))
        .and_then(|frame| frame.key.clone());
    let Some(frame) = stack.last_mut() else { return };
    if frame.expects_key {
        frame.expects_key = false;
        frame.key = Some(range);
        return;
    }
    let Some(key) = frame.key.clone().and_then(|key| text.get(key)) else { return };
    if !frame.is_object || value.contains('\\') {
        return;
    }
    match key {
        "system" => frame.systems = systems(value),
        "code" => frame.code = Some(range),
        "display" => frame.display = Some(range),
        "resourceType" => frame.is_claim = matches!(value, "Claim" | "ExplanationOfBenefit"),
        "birthDate" => found.born.extend(crate::date::parse_iso(value)),
        "gender" => found.sexes.extend(Sex::from_word(value).map(|sex| (range.start, sex))),
        // Several days in one claim divide nothing: these roles never do.
        "servicedDate" => found.dates.extend(dated(text, range, DateRole::Heading)),
        "start" => {
            let role = match parent.and_then(|key| text.get(key)) {
                Some("servicedPeriod") => DateRole::Heading,
                Some("billablePeriod" | "period" | "actualPeriod") => DateRole::Unspecific,
                _ => return,
            };
            found.dates.extend(dated(text, range, role));
        }
        _ => {}
    }
}

fn dated(text: &str, range: Range<usize>, role: DateRole) -> Option<(DateRole, DateMention)> {
    Some((role, dates::at(text, range.start, range.end)?))
}

fn close(text: &str, frame: Frame, found: &mut Found) {
    if frame.is_claim {
        found.claims.push(frame.start);
    }
    let (Some(systems), Some(code)) = (frame.systems, frame.code) else { return };
    let Some(system) = text.get(code.clone()).and_then(|it| system_of(it, systems)) else { return };
    found.codings.push((code, system, frame.display.filter(|display| !display.is_empty())));
}

/// The systems that a URI stands for. CPT and HCPCS are one column in claims, so either may hold codes of both.
fn systems(uri: &str) -> Option<Systems> {
    // CMS publishes claims with a URI of its own.
    if uri.starts_with("https://bluebutton.cms.gov/") && uri.ends_with("/codesystem/hcpcs") {
        return Some(Systems::HCPCS);
    }
    Some(match CodeSystem::from_identifier(uri).ok()? {
        CodeSystem::Cpt => Systems::CPT,
        CodeSystem::Hcpcs => Systems::HCPCS,
        system => Systems::only(system),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::scan;

    fn found(text: &str) -> Vec<(&str, CodeSystem)> {
        let note = scan(text);
        assert!(
            note.mentions
                .iter()
                .all(|it| it.place == Place::Claim && it.evidence == Evidence::Certain)
        );
        note.mentions.into_iter().map(|it| (&text[it.range], it.system)).collect()
    }

    #[test]
    fn reads_a_coding_in_either_order() {
        let text = r#"{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11.9", "display": "Type 2"},
            {"code": "99213", "system": "http://www.ama-assn.org/go/cpt"},
            {"code": "npi", "system": "http://example.org/other"}, {"code": "active"}]}"#;
        assert_eq!(found(text), [("E11.9", CodeSystem::Icd10Cm), ("99213", CodeSystem::Cpt)]);
        let note = scan(text);
        assert_eq!(&text[note.mentions[0].description.clone().unwrap()], "Type 2");
    }

    #[test]
    fn nested_objects_keep_their_own_code() {
        let text = r#"{"code": {"coding": [{"code": "I10", "x": {"code": "E11.9"}, "system": "urn:oid:2.16.840.1.113883.6.90"}]},
            "system": "http://www.ama-assn.org/go/cpt"}"#;
        assert_eq!(found(text), [("I10", CodeSystem::Icd10Cm)]);
    }

    #[test]
    fn who_icd10_is_another_system() {
        assert!(
            found(r#"{"system": "http://hl7.org/fhir/sid/icd-10", "code": "E11.9"}"#).is_empty()
        );
    }

    #[test]
    fn reads_facts_of_a_claim() {
        let text = r#"{"resourceType": "Bundle", "entry": [{"resource": {"gender": "female", "birthDate": "1980-04-01"}},
            {"resource": {"billablePeriod": {"start": "2026-03-01", "end": "2026-03-02"}, "item": [{"servicedDate": "2026-03-02"}],
            "resourceType": "ExplanationOfBenefit"}}]}"#;
        let note = scan(text);
        let encounter = &note.encounters[0];
        assert!(encounter.is_claim && note.encounters.len() == 1);
        assert_eq!((encounter.age_years, encounter.sex), (Some(45), Some(Sex::Female)));
        assert_eq!(encounter.service_date.as_ref().unwrap().date.to_string(), "2026-03-02");
    }

    #[test]
    fn several_claims_are_several_encounters() {
        let claim = r#"{"resourceType": "Claim", "d": {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}}"#;
        let note = scan(&format!("[{claim}, {claim}]"));
        assert_eq!(note.mentions.iter().map(|it| it.encounter).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn broken_json_gives_what_is_whole() {
        let text = "{\"system\": \"http://hl7.org/fhir/sid/icd-10-cm\", \"code\": \"E11.9\"}, {\"code\": \"I1\n";
        assert_eq!(found(text), [("E11.9", CodeSystem::Icd10Cm)]);
        let deep = "[{".repeat(500);
        assert!(found(&deep).is_empty());
    }
}
