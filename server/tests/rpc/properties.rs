//! What tables beside the codes say, as properties.

use medcode_codes::{
    code::CodeKey,
    date::parse_iso,
    edits::{
        EditSetting,
        add_on::{AddOnEdit, AddOnType},
        mue::{Adjudication, MueEdit},
    },
    hcpcs_record::HcpcsRecord,
    release::{Content, Release},
    supplements::{OfRelease, SettingEdits, Supplements},
    testing::own_sample,
};
use medcode_proto::v1::{self, ConceptView, property::Value};

use crate::harness::{Running, cm, coding, date, snapshot_of};

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).unwrap()
}

fn of<T>(rows: T) -> OfRelease<T> {
    let release = Release {
        dataset: "sample".into(),
        version: parse_iso("2026-04-01").unwrap(),
        effective_to: None,
        digest: String::new(),
        title: "sample".into(),
        content: Content::Complete,
    };
    OfRelease { release, covered_to: parse_iso("2026-06-30").ok(), rows }
}

fn supplements() -> Supplements {
    let record = HcpcsRecord {
        code: key("J1885"),
        is_modifier: false,
        long: "long words".into(),
        short: "short words".into(),
        coverage: Some('C'),
        pricing: vec!["51".into()],
        multiple_pricing: None,
        references: Vec::new(),
        laboratory: Vec::new(),
        cross_references: Vec::new(),
        asc_group: String::new(),
        processing_note: String::new(),
        betos: "O1E".into(),
        types_of_service: Vec::new(),
        anesthesia_units: None,
        added: parse_iso("1998-01-01").ok(),
        action_effective: None,
        terminated: None,
        action: Some('N'),
    };
    let mue = MueEdit {
        code: key("J1885"),
        units: 8,
        adjudication: Adjudication::DayClinical,
        rationale: String::new(),
    };
    let add_on = |primary| AddOnEdit {
        kind: AddOnType::Closed,
        add_on: key("J1885"),
        primary: Some(key(primary)),
        from: parse_iso("2020-01-01").unwrap(),
        to: None,
        add_on_deleted: None,
        primary_deleted: None,
        notes: String::new(),
    };
    Supplements {
        hcpcs: vec![of(vec![record])],
        mue: vec![SettingEdits {
            setting: EditSetting::Practitioner,
            releases: vec![of(vec![mue])],
        }],
        add_on: vec![of(vec![add_on("00000"), add_on("99999")])],
        poa_exempt: vec![of(vec![key("E119")])],
        ..Supplements::default()
    }
}

async fn concept(
    coding: v1::Coding,
    day: &str,
    view: ConceptView,
    properties: &[&str],
) -> v1::Concept {
    let running = Running::empty(medcode_server::config::Config::default());
    running.catalog.publish(snapshot_of(own_sample().with(supplements())));
    let request = v1::LookupCodesRequest {
        codings: vec![coding],
        date: date(day),
        view: view.into(),
        properties: properties.iter().map(|name| (*name).to_owned()).collect(),
    };
    let answer = running.codes().lookup_codes(request).await.unwrap().into_inner();
    answer.results.into_iter().next().unwrap().concept.unwrap()
}

fn value<'c>(concept: &'c v1::Concept, name: &str) -> Option<(&'c Value, &'c str)> {
    let found = concept.properties.iter().find(|property| property.code == name)?;
    Some((found.value.as_ref()?, found.description.as_str()))
}

#[tokio::test]
async fn the_full_view_has_what_is_installed_for_the_date() {
    let drug = concept(coding("hcpcs", "J1885"), "2026-04-01", ConceptView::Full, &[]).await;
    for (name, text, meaning) in [
        ("coverage", "C", "carrier judgment"),
        ("betos", "O1E", ""),
        ("action-code", "N", "no change"),
        ("pricing", "51", ""),
        ("add-on", "1", "closed list of 2 primary codes"),
    ] {
        assert_eq!(value(&drug, name), Some((&Value::CodeValue(text.into()), meaning)), "{name}");
    }
    assert_eq!(
        value(&drug, "mue-practitioner"),
        Some((&Value::IntegerValue(8), "units on the day, for clinical reasons (indicator 3)"))
    );
    assert_eq!(value(&drug, "modifier"), Some((&Value::BooleanValue(false), "")));
    assert_eq!(value(&drug, "added").unwrap().0, &Value::DateValue(date("1998-01-01").unwrap()));
    for absent in ["terminated", "mue-dme", "status-indicator", "global-days", "poa-exempt"] {
        assert_eq!(value(&drug, absent), None, "{absent}");
    }
    assert!(!drug.note.contains("installed is"), "nothing was asked for by name: {}", drug.note);

    let diagnosis = concept(cm("E11.9"), "2026-04-01", ConceptView::Full, &[]).await;
    assert_eq!(value(&diagnosis, "poa-exempt"), Some((&Value::BooleanValue(true), "")));
    let header = concept(cm("E11"), "2026-04-01", ConceptView::Full, &[]).await;
    assert_eq!(value(&header, "poa-exempt"), None);
}

#[tokio::test]
async fn a_missing_file_is_named_where_its_property_is_asked_for() {
    let asked = ["mue-practitioner", "mue-dme", "poa-exempt"];
    let drug = concept(coding("hcpcs", "J1885"), "2026-07-01", ConceptView::Basic, &asked).await;
    assert!(drug.properties.is_empty(), "{:?}", drug.properties);
    assert!(
        drug.note.contains(
            "no table of medically unlikely edits for practitioners that covers 2026-07-01 is installed"
        ),
        "{}",
        drug.note
    );
    let diagnosis = concept(cm("E11.9"), "2027-01-01", ConceptView::Basic, &asked).await;
    assert_eq!(
        diagnosis.note,
        "no list of diagnoses exempt from present on admission that covers 2027-01-01 is installed"
    );
}
