//! Several releases of one system: which one answers, and what each says.

use std::sync::Arc;

use medcode_codes::{
    code::CodeKey,
    code_table::{CodeTableBuilder, Lifetime},
    date::{Period, parse_iso},
    release::{Content, Release},
    system::CodeSystem,
    tabular::{NodeKind, TabularBuilder},
    terminology::{Edition, Terminology},
};
use medcode_proto::v1::{self, BillingStatus, ConceptView, FactState, ListScope};

use crate::harness::{Running, cm, date, snapshot_of};

fn release(dataset: &str, version: &str) -> Release {
    Release {
        dataset: dataset.into(),
        version: parse_iso(version).unwrap(),
        effective_to: None,
        digest: format!("sha256:{version}"),
        title: dataset.into(),
        content: Content::Complete,
    }
}

fn edition(version: &str, codes: &[(&str, &str)]) -> Edition {
    let mut list = TabularBuilder::default();
    list.open(NodeKind::Chapter, "chapter-04", "Endocrine diseases").unwrap();
    list.open(NodeKind::Section, "E08-E13", "Diabetes mellitus").unwrap();
    list.open(NodeKind::Code, "E11", "Type 2 diabetes mellitus").unwrap();
    for (code, title) in codes {
        list.open(NodeKind::Code, code, title).unwrap();
        list.close().unwrap();
    }
    for _ in 0..3 {
        list.close().unwrap();
    }
    Edition { release: release("icd-10-cm", version), list: list.finish().unwrap().into() }
}

/// E11.9 has changed its title, and E11.A has come since the first edition.
fn running() -> Running {
    let running = Running::empty(medcode_server::config::Config::default());
    let mut table = CodeTableBuilder::new(
        CodeSystem::Icd10Cm,
        release("mce", "2026-10-01"),
        parse_iso("2027-03-31").ok(),
    );
    for (code, since) in [("E119", "2015-10-01"), ("E11A", "2025-10-01")] {
        let lifetime = Lifetime::Dated(Period::since(parse_iso(since).unwrap()));
        table.code(CodeKey::new(code).unwrap(), lifetime, None, &[]).unwrap();
    }
    let editions = vec![
        edition("2021-01-01", &[("E11.9", "Without complications, as it was")]),
        edition("2026-04-01", &[("E11.9", "Without complications"), ("E11.A", "In remission")]),
    ];
    let terminology = Terminology::new(vec![table.finish().unwrap()], editions);
    running.catalog.publish(Arc::new(snapshot_of(terminology)));
    running
}

async fn look_up(running: &Running, code: &str, version: &str, as_of: &str) -> v1::LookupResult {
    let request = v1::LookupCodesRequest {
        codings: vec![v1::Coding { version: version.into(), ..cm(code) }],
        date: date(as_of),
        view: ConceptView::Full.into(),
        ..v1::LookupCodesRequest::default()
    };
    running.codes().lookup_codes(request).await.unwrap().into_inner().results.remove(0)
}

#[tokio::test]
async fn a_version_picks_the_texts_and_the_date_judges() {
    let running = running();
    for (version, as_of, answered, display) in [
        ("", "2026-04-01", "2026-04-01", "Without complications"),
        ("", "2021-03-01", "2021-01-01", "Without complications, as it was"),
        ("2021-01-01", "2026-04-01", "2021-01-01", "Without complications, as it was"),
        ("FY2026", "2021-03-01", "2026-04-01", "Without complications"),
    ] {
        let concept = look_up(&running, "E11.9", version, as_of).await.concept.unwrap();
        let coding = concept.coding.unwrap();
        assert_eq!(
            (coding.version.as_str(), coding.display.as_str()),
            (answered, display),
            "{version} {as_of}"
        );
        assert!(concept.billable);
    }
}

#[tokio::test]
async fn a_code_is_not_in_a_release_before_it_began() {
    let running = running();
    assert_eq!(
        look_up(&running, "E11.A", "2021-01-01", "2026-04-01").await.state(),
        FactState::Unknown
    );
    let known = look_up(&running, "E11.A", "", "2021-03-01").await;
    assert!(
        known.state() == FactState::Known && !known.concept.unwrap().billable,
        "only judging refuses it"
    );
    let later = look_up(&running, "E11.A", "2026-04-01", "2021-03-01").await;
    assert!(!later.concept.unwrap().billable, "the date judges, whatever the release");
}

async fn validate(running: &Running, coding: v1::Coding, as_of: &str) -> v1::CodeValidation {
    let request = v1::ValidateCodesRequest {
        items: vec![v1::CodeToValidate { coding: Some(coding), date: date(as_of) }],
        ..v1::ValidateCodesRequest::default()
    };
    running.codes().validate_codes(request).await.unwrap().into_inner().results.remove(0)
}

#[tokio::test]
async fn a_code_of_a_later_release_may_not_be_submitted() {
    let running = running();
    let coding = v1::Coding { version: "2021-01-01".into(), ..cm("E11.A") };
    let outside = validate(&running, coding, "2026-04-01").await;
    assert_eq!((outside.result, outside.state()), (false, FactState::Unknown));
    assert_eq!(outside.billing.unwrap().status(), BillingStatus::UnknownCode);
    assert_eq!(outside.issues[0].message_id, "Unknown_Code_in_Version");
}

/// An edition with the codes below E11, each with the number of nodes that close behind it.
fn nested(version: &str, codes: &[(&str, usize)]) -> Edition {
    let mut list = TabularBuilder::default();
    list.open(NodeKind::Chapter, "chapter-04", "Endocrine diseases").unwrap();
    list.open(NodeKind::Code, "E11", "Type 2 diabetes mellitus").unwrap();
    for (code, closed) in codes {
        list.open(NodeKind::Code, code, "A title").unwrap();
        for _ in 0..*closed {
            list.close().unwrap();
        }
    }
    list.close().unwrap();
    list.close().unwrap();
    Edition { release: release("icd-10-cm", version), list: list.finish().unwrap().into() }
}

/// E11.BX and both of its codes ended in 2021; of the later editions, E11.B has another code.
fn with_retired_header() -> Running {
    let running = Running::empty(medcode_server::config::Config::default());
    let mut table = CodeTableBuilder::new(
        CodeSystem::Icd10Cm,
        release("mce", "2026-10-01"),
        parse_iso("2027-03-31").ok(),
    );
    for (code, start, end) in [
        ("E11B0", "2021-10-01", None),
        ("E11BX1", "2015-10-01", Some("2021-09-30")),
        ("E11BX2", "2015-10-01", Some("2021-09-30")),
    ] {
        let start = parse_iso(start).unwrap();
        let end = end.map(|end| parse_iso(end).unwrap());
        let lifetime = Lifetime::Dated(Period { start, end });
        table.code(CodeKey::new(code).unwrap(), lifetime, None, &[]).unwrap();
    }
    let editions = vec![
        nested("2021-01-01", &[("E11.B", 0), ("E11.BX", 0), ("E11.BX1", 1), ("E11.BX2", 3)]),
        nested("2026-04-01", &[("E11.B", 0), ("E11.B0", 2)]),
    ];
    let terminology = Terminology::new(vec![table.finish().unwrap()], editions);
    running.catalog.publish(Arc::new(snapshot_of(terminology)));
    running
}

#[tokio::test]
async fn a_retired_header_is_a_header() {
    let running = with_retired_header();
    for (as_of, inactive) in [("2021-03-01", false), ("2026-05-01", true)] {
        let header = validate(&running, cm("E11.BX"), as_of).await;
        assert_eq!(
            (header.state(), header.result, header.inactive, header.not_selectable),
            (FactState::Known, false, inactive, true),
            "{as_of}"
        );
        assert_eq!(header.billing.unwrap().status(), BillingStatus::NotBillable, "{as_of}");
        assert_eq!(header.issues.len(), 1, "{as_of}");
        assert_eq!(header.issues[0].message_id, "ABSTRACT_CODE_NOT_ALLOWED", "{as_of}");
        let concept = look_up(&running, "E11.BX", "", as_of).await.concept.unwrap();
        assert_eq!((concept.inactive, concept.billable), (inactive, false), "{as_of}");
    }
}

#[tokio::test]
async fn lists_are_those_of_the_release() {
    let running = running();
    let list = async |version: &str| {
        let request = v1::ListConceptsRequest {
            system: "icd-10-cm".into(),
            version: version.into(),
            date: date("2026-04-01"),
            code: "E11".into(),
            scope: ListScope::Children.into(),
            ..v1::ListConceptsRequest::default()
        };
        let response = running.codes().list_concepts(request).await.unwrap().into_inner();
        let codes = response.concepts.into_iter().map(|concept| concept.coding.unwrap().code);
        (response.release.unwrap().version, codes.collect::<Vec<_>>())
    };
    assert_eq!(list("2021").await, ("2021-01-01".into(), vec!["E11.9".to_owned()]));
    assert_eq!(list("").await, ("2026-04-01".into(), vec!["E11.9".to_owned(), "E11.A".to_owned()]));
}

#[tokio::test]
async fn the_display_of_another_release_is_told_from_a_wrong_one() {
    let running = running();
    let coding = v1::Coding { display: "without complications, as it was".into(), ..cm("E11.9") };
    let validation = validate(&running, coding, "2026-04-01").await;
    assert!(validation.result);
    assert_eq!(validation.issues[0].message_id, "INACTIVE_DISPLAY_FOUND");
}

#[tokio::test]
async fn a_title_of_a_newer_release_is_another_designation() {
    let running = running();
    let request = v1::SearchConceptsRequest {
        query: "without complications".into(),
        date: date("2021-03-01"),
        ..v1::SearchConceptsRequest::default()
    };
    let hits = running.codes().search_concepts(request).await.unwrap().into_inner().hits;
    assert_eq!(hits[0].matches[0].source(), v1::MatchSource::Designation);
    assert_eq!(
        hits[0].concept.as_ref().unwrap().coding.as_ref().unwrap().display,
        "Without complications, as it was"
    );
}
