//! Reading and evaluating payer files.

use proptest::prelude::*;

use super::*;
use crate::{
    encounter::{Encounter, JudgedEncounter, ServiceLine, Units},
    engine::{RuleOptions, check_judged},
    system::CodeSystem,
    testing::{TODAY, encounter_of, payers, sample},
};

fn line(code: &str, modifiers: &[&str], pointers: &[usize]) -> ServiceLine {
    let system = if code.starts_with(|it: char| it.is_ascii_alphabetic()) {
        CodeSystem::Hcpcs
    } else {
        CodeSystem::Cpt
    };
    ServiceLine {
        modifiers: modifiers.iter().map(|it| (*it).to_owned()).collect(),
        diagnosis_pointers: pointers.to_vec(),
        ..ServiceLine::new(system, code)
    }
}

fn encounter(diagnoses: &str, lines: Vec<ServiceLine>) -> Encounter {
    Encounter { payer: Some("sample-payer".to_owned()), lines, ..encounter_of(diagnoses) }
}

/// `rule code: message` of what payer rules report, then `rule ?reason` of what they could not ask.
fn said(encounter: &Encounter) -> Vec<String> {
    let judged = JudgedEncounter::new(encounter, sample(), TODAY).with_payers(payers());
    let report = check_judged(&judged, &RuleOptions::default());
    let of_payer = |rule: &str| rule.starts_with("payer-") || rule == "medical-necessity-not-met";
    let issues = report.issues.iter().filter(|issue| of_payer(&issue.rule));
    let issues = issues.map(|issue| format!("{} {}", issue.rule, issue.codes.join(" ")));
    let open = report.checks.iter().filter(|check| of_payer(&check.rule));
    let open = open.filter(|check| check.outcome == crate::check::Outcome::NoData);
    issues.chain(open.map(|check| format!("{} ?", check.rule))).collect()
}

#[test]
fn asks_each_part_of_an_entry() {
    let one = |code| encounter("I10", vec![line(code, &[], &[0])]);
    assert_eq!(said(&one("20610")), ["payer-modifier-missing 20610"]);
    assert!(said(&encounter("I10", vec![line("20610", &["RT"], &[])])).is_empty());
    assert_eq!(said(&one("99453")), ["payer-not-covered 99453"]);
    assert_eq!(said(&one("20611")), ["payer-diagnosis-missing 20611"]);
    assert_eq!(said(&one("70551")), ["medical-necessity-not-met 70551"]);
    assert!(said(&encounter("I10, M17.11", vec![line("20611", &[], &[1])])).is_empty());
    // The line points at the other diagnosis.
    let other = encounter("I10, M17.11", vec![line("20611", &[], &[0])]);
    assert_eq!(said(&other), ["payer-diagnosis-missing 20611"]);
}

#[test]
fn forbids_combinations_unless_a_modifier_lifts_them() {
    let both = |modifiers: &[&str]| {
        encounter("I10", vec![line("99396", &[], &[]), line("99213", modifiers, &[])])
    };
    assert_eq!(said(&both(&[])), ["payer-forbidden-combination 99213 99396"]);
    assert!(said(&both(&["25"])).is_empty());
}

#[test]
fn counts_units_and_ages() {
    let drug = |age, units| Encounter {
        age_years: age,
        ..encounter(
            "I10",
            vec![ServiceLine { units: Some(Units::whole(units)), ..line("J1885", &[], &[]) }],
        )
    };
    assert_eq!(said(&drug(Some(54), 1)), ["payer-limit-exceeded J1885"]);
    assert_eq!(said(&drug(Some(70), 2)), ["payer-limit-exceeded J1885"]);
    // Earlier services of the span are not known.
    assert_eq!(said(&drug(Some(70), 1)), ["payer-limit-exceeded ?"]);
}

#[test]
fn what_is_not_known_is_no_pass() {
    let asked = encounter("I10", vec![line("27447", &[], &[])]);
    assert_eq!(said(&asked), ["payer-authorization-missing ?"]);
    let placed = Encounter { place_of_service: Some("21".to_owned()), ..asked.clone() };
    assert_eq!(said(&placed), ["payer-authorization-missing ?"]);
    let claim = Encounter { claim_fields: Some(Vec::new()), ..placed.clone() };
    assert_eq!(said(&claim), ["payer-authorization-missing 27447"]);
    let authorized = Encounter { claim_fields: Some(vec!["auth_number".to_owned()]), ..placed };
    assert!(said(&authorized).is_empty());
    let elsewhere = Encounter { place_of_service: Some("11".to_owned()), ..asked };
    assert!(said(&elsewhere).is_empty());
}

#[test]
fn conditions_on_diagnoses_and_age() {
    let child = |codes, age| Encounter { age_years: Some(age), ..encounter(codes, Vec::new()) };
    assert_eq!(said(&child("Z00.00", 8)), ["payer-diagnosis-missing Z00.00"]);
    assert!(said(&child("Z00.00", 30)).is_empty());
}

#[test]
fn questions_to_the_text_are_handed_back() {
    let judged = encounter("I10", vec![line("20612", &[], &[]), line("97110", &[], &[])]);
    let judged = JudgedEncounter::new(&judged, sample(), TODAY).with_payers(payers());
    let report = check_judged(&judged, &RuleOptions::default());
    let open: Vec<_> =
        report.requirements.iter().map(|it| (it.rule.as_str(), it.condition.is_some())).collect();
    assert_eq!(open, [("payer-documentation-missing", false), ("payer-modifier-missing", true)]);
}

#[test]
fn other_payers_and_periods_know_nothing() {
    let other = Encounter {
        payer: Some("other".to_owned()),
        ..encounter("I10", vec![line("20610", &[], &[])])
    };
    assert!(said(&other).iter().all(|it| it.ends_with('?')) && !said(&other).is_empty());
    let earlier = encounter("I10 @2025-04-01", vec![line("20610", &[], &[])]);
    let earlier = said(&earlier);
    assert_eq!(earlier[0], "payer-file-out-of-date I10");
    assert!(earlier[1..].iter().all(|it| it.ends_with('?')));
}

#[test]
fn faults_say_where_and_what() {
    let head = "schema = 1\n[payer]\nid = \"a\"\n";
    let rule = |rest: &str| format!("{head}[[rule]]\nid = \"A-1\"\n{rest}\n");
    for (text, line, part) in [
        (format!("{head}nmae = \"x\"\n"), 4, "nmae"),
        ("schema = 2\n[payer]\nid = \"a\"\n".to_owned(), 1, "schema 2"),
        (rule("when = { cod = \"1\" }\nrequire = { prior_auth = true }"), 6, "cod"),
        (rule("when = { code = \"27447\" }"), 5, "asks for nothing"),
        (
            rule("when = { dx = \"nothing\" }\nrequire = { prior_auth = true }"),
            6,
            "names no ICD-10-CM code",
        ),
        (rule("when = { code = \"1-2-3\" }\nrequire = { prior_auth = true }"), 6, "is no code"),
        (rule("when = {}\nrequire = { text_any = [\"(\"] }"), 7, "no regular expression"),
        (rule("when = {}\nlimit = { units = 1, per = \"soon\" }"), 7, "per is written"),
        (rule("when = { age = \"old\" }\nrequire = { prior_auth = true }"), 6, "an age is written"),
        (
            rule("severity = \"bad\"\nwhen = {}\nrequire = { prior_auth = true }"),
            6,
            "the severity is",
        ),
        ("schema = ".to_owned(), 1, ""),
    ] {
        let error = parse("a.toml", &text).unwrap_err();
        assert_eq!(error.line, line, "{text}: {error}");
        assert!(error.message.contains(part), "{text}: {error}");
    }
}

#[test]
fn reads_the_period_and_codes_of_the_documented_form() {
    let file = &payers().files[0];
    assert!(file.covers(TODAY) && !file.covers(jiff::civil::date(2027, 1, 1)));
    assert!(file.is_of("SAMPLE PAYER"));
    let codes = LinePatterns::parse(&["99213-99215".to_owned(), "J1-".to_owned()]).unwrap();
    let key = |code| crate::code::CodeKey::new(code).unwrap();
    assert!(codes.contains(key("99214")) && codes.contains(key("J1885")));
    assert!(!codes.contains(key("99216")) && !codes.contains(key("J9035")));
    assert_eq!(AgeRange::parse("65+"), Some(AgeRange { first: 65, last: None }));
    assert_eq!(AgeRange::parse("17-3"), None);
}

proptest! {
    #[test]
    fn never_panics_on_any_text(text in "\\PC*") {
        let _ = parse("x.toml", &text);
    }

    #[test]
    fn never_panics_on_nearly_right_files(
        key in "[a-z_]{1,8}", value in "(\"[^\"\\\\]{0,12}\"|[0-9]{1,9}|\\[\\]|\\{\\})",
    ) {
        let text = format!("schema = 1\n[payer]\nid = \"a\"\n[[rule]]\nid = \"b\"\nwhen = {{ {key} = {value} }}\nrequire = {{ {key} = {value} }}\n");
        let _ = parse("x.toml", &text);
    }
}
