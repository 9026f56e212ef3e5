//! FHIR JSON: codings by their `system` and `code`, in either order within one object, and what claims, encounters and
//! conditions say beside them.
//!
//! A tolerant reader of JSON: it never fails, and what is not well formed gives fewer codes. Depth and order are kept
//! on a stack, the text is read once.
//!
//! Source: HL7 FHIR R4, resources Claim, `ExplanationOfBenefit`, Encounter, Condition and Patient.

use std::ops::Range;

use super::{
    Details, Evidence, Form, Mention, Place,
    clue::Says,
    dates::{DateMention, DateRole},
    facts::Sex,
    list::Scope,
    scanner::Scanner,
    systems::Systems,
};
use crate::{date::Date, system::CodeSystem};

mod meaning;

/// Deeper objects are passed over.
const DEEPEST: usize = 64;

/// An object or list that is being read.
#[expect(clippy::struct_excessive_bools, reason = "what its parts say one by one")]
#[derive(Default)]
struct Frame {
    start: usize,
    is_object: bool,
    /// The key that the object, or the list it is in, stands under.
    name: Option<Range<usize>>,
    /// The key whose value comes next.
    key: Option<Range<usize>>,
    /// A string stands where a key is expected.
    expects_key: bool,
    /// Codings found before it.
    first: usize,
    systems: Option<Systems>,
    code: Option<Range<usize>>,
    display: Option<Range<usize>>,
    /// The resource that the object is, by its type.
    resource: Option<Range<usize>>,
    id: Option<Range<usize>>,
    /// What its parts say of the codings in it.
    details: Details,
    modifiers: Vec<Range<usize>>,
    /// A reference to a condition.
    reference: Option<Range<usize>>,
    period: (Option<DateMention>, Option<DateMention>),
    is_inpatient: bool,
    /// Its codes are not the case, or not any more.
    is_void: bool,
    /// Its codes are only possibilities.
    is_questioned: bool,
    is_npi: bool,
    status: Option<Range<usize>>,
}

/// A coding with what the objects around it say.
struct Coding {
    range: Range<usize>,
    system: CodeSystem,
    description: Option<Range<usize>>,
    modifiers: Vec<Range<usize>>,
    details: Details,
    reported: bool,
    questioned: bool,
}

/// What was found in one block.
#[derive(Default)]
struct Found {
    codings: Vec<Coding>,
    /// Places of codes that wait to be filled in.
    blanks: Vec<(Range<usize>, Systems)>,
    claims: Vec<usize>,
    dates: Vec<(DateRole, DateMention)>,
    born: Vec<Date>,
    sexes: Vec<(usize, Sex)>,
    says: Vec<(usize, Says)>,
    /// Conditions by their id: the id and their codings.
    conditions: Vec<(Range<usize>, Range<usize>)>,
    /// Diagnoses of a claim that refer to a condition.
    references: Vec<(Range<usize>, Details)>,
    is_signed: bool,
}

/// Reads the codings and facts of a block.
pub(super) fn scan(scanner: &mut Scanner<'_>, range: Range<usize>) {
    let text = scanner.text;
    let mut found = walk(text, range);
    found.resolve(text);
    found.codings.sort_by_key(|coding| coding.range.start);
    found.blanks.sort_by_key(|(range, _)| range.start);
    // Of several patients it is not known whose birthday it is.
    let born = if let [born] = found.born[..] { Some(born) } else { None };
    let sex = if let [sex] = found.sexes[..] { Some(sex) } else { None };
    for start in &found.claims {
        // One claim among other resources needs no scope of its own.
        if found.claims.len() > 1 {
            scanner.tell(*start, Says::Opens { heading: None });
        }
        scanner.tell_all(*start, [Says::Claim, Says::Form]);
        scanner.tell_all(*start, sex.map(|(_, sex)| Says::Sex { sex, stated: true }));
    }
    for (role, date) in found.dates {
        let at = date.range.start;
        scanner.tell_all(at, born.map(Says::Born));
        scanner.tell(at, Says::Date { role, date });
    }
    scanner.tell_all(range_start(&found.codings), born.map(Says::Born));
    scanner
        .tell_all(sex.map_or(0, |(at, _)| at), sex.map(|(_, sex)| Says::Sex { sex, stated: true }));
    for (at, says) in found.says {
        scanner.tell(at, says);
    }
    scanner.is_signed |= found.is_signed;
    for (range, systems) in found.blanks {
        scanner.push_blank(range, Scope::structure(systems, Place::Claim));
    }
    for coding in found.codings {
        scanner.push(Mention {
            range: coding.range,
            system: coding.system,
            declared: true,
            form: Form::Code,
            evidence: Evidence::Certain,
            place: Place::Claim,
            reported: coding.reported,
            questioned: coding.questioned,
            encounter: 0,
            modifiers: coding.modifiers,
            description: coding.description,
            details: coding.details,
        });
    }
}

fn range_start(codings: &[Coding]) -> usize {
    codings.first().map_or(0, |coding| coding.range.start)
}

impl Found {
    /// Gives the conditions what a claim says of the diagnoses that refer to them.
    fn resolve(&mut self, text: &str) {
        let by_id: std::collections::HashMap<&str, Range<usize>> = self
            .conditions
            .iter()
            .filter_map(|(id, codings)| Some((text.get(id.clone())?, codings.clone())))
            .collect();
        for (reference, details) in &self.references {
            let id = text.get(reference.clone()).and_then(|it| it.rsplit('/').next());
            let Some(codings) = id.and_then(|id| by_id.get(id)) else { continue };
            for coding in self.codings.get_mut(codings.clone()).unwrap_or_default() {
                coding.details.position = details.position;
                coding.details.role = details.role;
                coding.details.present_on_admission = details.present_on_admission;
            }
        }
    }
}

fn walk(text: &str, range: Range<usize>) -> Found {
    let bytes = text.as_bytes();
    let end = range.end.min(bytes.len());
    let mut found = Found::default();
    let mut stack: Vec<Frame> = Vec::new();
    let mut too_deep = 0_usize;
    let mut at = range.start;
    while at < end {
        match bytes[at] {
            b'{' | b'[' => {
                if stack.len() < DEEPEST {
                    let is_object = bytes[at] == b'{';
                    let parent = stack.last();
                    let name = parent
                        .and_then(|it| if it.is_object { it.key.clone() } else { it.name.clone() });
                    stack.push(Frame {
                        start: at,
                        is_object,
                        name,
                        expects_key: is_object,
                        first: found.codings.len(),
                        ..Frame::default()
                    });
                } else {
                    too_deep += 1;
                }
            }
            b'}' | b']' if too_deep > 0 => too_deep -= 1,
            b'}' | b']' => {
                if let Some(frame) = stack.pop() {
                    meaning::close(text, frame, &mut stack, &mut found);
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
            b'0'..=b'9' => {
                let length = bytes[at..end]
                    .iter()
                    .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
                    .count();
                if too_deep == 0 {
                    meaning::number(text, at..at + length, &mut stack);
                }
                at += length - 1;
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
    let Some(frame) = stack.last_mut() else { return };
    if frame.expects_key {
        frame.expects_key = false;
        frame.key = Some(range);
        return;
    }
    let key = if frame.is_object { frame.key.clone() } else { frame.name.clone() };
    let Some(key) = key.and_then(|key| text.get(key)) else { return };
    if !value.contains('\\') {
        meaning::value(text, key, range, stack, found);
    }
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
    fn reads_the_lines_of_a_claim() {
        let text = r#"{"resourceType": "Claim", "status": "active",
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "professional"}]},
            "insurer": {"display": "Example Health"},
            "insurance": [{"sequence": 1, "preAuthRef": ["A-1"]}],
            "diagnosis": [
              {"sequence": 2, "diagnosisCodeableConcept": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}]},
               "type": [{"coding": [{"code": "secondary"}]}], "onAdmission": {"coding": [{"code": "n"}]}},
              {"sequence": 1, "diagnosisReference": {"reference": "Condition/c1"}, "type": [{"coding": [{"code": "principal"}]}]}],
            "item": [{"sequence": 1, "diagnosisSequence": [1, 2],
              "productOrService": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "99214"}]},
              "modifier": [{"coding": [{"code": "25"}]}], "servicedDate": "2026-03-02",
              "locationCodeableConcept": {"coding": [{"code": "11"}]}, "quantity": {"value": 2}}],
            "contained": [{"resourceType": "Condition", "id": "c1",
              "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11.9"}]}}]}"#;
        let note = scan(text);
        let written = |range: &Range<usize>| &text[range.clone()];
        let codes: Vec<_> = note.mentions.iter().map(|it| written(&it.range)).collect();
        assert_eq!(codes, ["I10", "99214", "E11.9"]);
        let [other, line, first] = &note.mentions[..] else { panic!("three codes") };
        assert_eq!((other.details.position, first.details.position), (Some(2), Some(1)));
        assert_eq!(other.details.present_on_admission, Some('N'));
        assert_eq!(first.details.role, crate::encounter::DiagnosisRole::Principal);
        let positions: Vec<_> = line.details.pointers.iter().filter_map(|it| it.position).collect();
        assert_eq!(positions, [1, 2]);
        assert_eq!(line.details.units.unwrap().to_string(), "2");
        assert_eq!(line.details.place_of_service.as_ref().map(written), Some("11"));
        assert_eq!(line.modifiers.iter().map(written).collect::<Vec<_>>(), ["25"]);
        let scope = &note.encounters[0];
        assert_eq!(scope.payer.as_ref().map(written), Some("Example Health"));
        assert_eq!(scope.claim_fields.as_deref(), Some(&["auth_number"][..]));
        assert_eq!(scope.setting, Some(crate::note::Setting::Professional));
    }

    #[test]
    fn reads_a_stay_and_what_is_not_the_case() {
        let text = r#"{"resourceType": "Bundle", "entry": [
            {"resource": {"resourceType": "Encounter", "class": {"code": "IMP"}, "period": {"start": "2026-03-01", "end": "2026-03-04"},
             "hospitalization": {"dischargeDisposition": {"coding": [{"code": "01"}]}}}},
            {"resource": {"resourceType": "Condition", "verificationStatus": {"coding": [{"code": "refuted"}]},
             "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}]}}},
            {"resource": {"resourceType": "FamilyMemberHistory",
             "condition": [{"code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C50.919"}]}}]}},
            {"resource": {"resourceType": "Condition", "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11.9"}]}}}]}"#;
        let note = scan(text);
        let reported: Vec<_> = note.mentions.iter().map(|it| it.reported).collect();
        assert_eq!(reported, [false, false, true]);
        let scope = &note.encounters[0];
        let day = |date: &Option<DateMention>| date.as_ref().map(|it| it.date.to_string());
        assert_eq!(day(&scope.admission_date).as_deref(), Some("2026-03-01"));
        assert_eq!(day(&scope.discharge_date).as_deref(), Some("2026-03-04"));
        assert_eq!(scope.discharge_status.clone().map(|it| &text[it]), Some("01"));
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
