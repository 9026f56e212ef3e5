use medcode_proto::v1::{
    self, ConceptView, FactState, NoteKind, SuggestionReason, UnavailableReason,
};
use tonic::Code;

use crate::harness::{Running, cm, coding, date, day, fields, reason};

async fn look_up(request: v1::LookupCodesRequest) -> v1::LookupCodesResponse {
    Running::new().codes().lookup_codes(request).await.unwrap().into_inner()
}

async fn one(coding: v1::Coding, view: ConceptView, as_of: &str) -> v1::LookupResult {
    let request = v1::LookupCodesRequest {
        codings: vec![coding],
        date: date(as_of),
        view: view.into(),
        ..v1::LookupCodesRequest::default()
    };
    look_up(request).await.results.remove(0)
}

#[tokio::test]
async fn tells_what_a_code_means() {
    let result = one(cm("E11.9"), ConceptView::Basic, "2026-04-01").await;
    assert_eq!(result.state(), FactState::Known);
    let concept = result.concept.unwrap();
    assert!(concept.billable && !concept.inactive && !concept.not_selectable);
    let coding = concept.coding.unwrap();
    assert_eq!(coding.system, "http://hl7.org/fhir/sid/icd-10-cm");
    assert_eq!((coding.version.as_str(), coding.code.as_str()), ("2026-04-01", "E11.9"));
    assert_eq!(coding.display, "Type 2 diabetes mellitus without complications");
    assert_eq!(
        (day(concept.effective_from.as_ref()), day(concept.effective_to.as_ref())),
        ("2015-10-01".into(), String::new())
    );
    assert_eq!(concept.release.unwrap().dataset, "icd-10-cm");
    assert!(concept.notes.is_empty() && concept.parents.is_empty());
}

#[tokio::test]
async fn the_full_view_has_notes_and_relatives() {
    let result = one(cm("E11"), ConceptView::Full, "2026-04-01").await;
    let concept = result.concept.unwrap();
    assert!(concept.not_selectable && !concept.billable && concept.child_count > 5);
    let parents: Vec<_> = concept.parents.iter().map(|parent| parent.code.as_str()).collect();
    assert_eq!(parents, ["E08-E13", "chapter-04"]);
    let excluded = concept
        .notes
        .iter()
        .find(|note| note.kind() == NoteKind::Excludes1 && note.owner_code == "E11");
    assert!(!excluded.unwrap().ranges.is_empty());
    assert!(
        concept.notes.iter().any(|note| note.owner_code == "chapter-04"),
        "notes are inherited"
    );
    let stem = one(cm("S72.001"), ConceptView::Full, "2026-04-01").await.concept.unwrap();
    let first = &stem.seventh_characters[0];
    assert_eq!((first.character.as_str(), first.code.as_str()), ("A", "S72.001A"));
    assert_eq!(stem.child_count as usize, stem.seventh_characters.len());
    let ended = one(cm("M54.5"), ConceptView::Full, "2026-04-01").await.concept.unwrap();
    let codes: Vec<_> =
        ended.replaced_by.iter().map(|by| by.coding.as_ref().unwrap().code.as_str()).collect();
    assert_eq!(codes, ["M54.50", "M54.51", "M54.59"]);
    let group = one(cm("e08-e13"), ConceptView::Basic, "2026-04-01").await;
    assert_eq!((group.state(), group.normalized_code.as_str()), (FactState::Known, "E08-E13"));
}

#[tokio::test]
async fn says_until_when_the_codes_are_known() {
    let covered = one(cm("E11.9"), ConceptView::Full, "2027-03-31").await.concept.unwrap();
    assert!(covered.billable && covered.note.is_empty(), "{}", covered.note);
    let later = one(cm("E11.9"), ConceptView::Full, "2031-04-01").await.concept.unwrap();
    assert!(!later.billable && !later.inactive);
    assert_eq!(
        later.note,
        "the installed ICD-10-CM codes are known until 2027-03-31 (release 2026-10-01 of mce); 2031-04-01 is later"
    );
    assert!(!later.properties.iter().any(|property| property.code == "billable"));
}

#[tokio::test]
async fn says_how_the_code_is_written() {
    for (sent, published) in
        [("e119", "E11.9"), (" E11.9 ", "E11.9"), ("E1.19", "E11.9"), ("E11.9", "")]
    {
        let result = one(cm(sent), ConceptView::Basic, "2026-04-01").await;
        assert_eq!(
            (result.state(), result.normalized_code.as_str()),
            (FactState::Known, published),
            "{sent}"
        );
    }
}

#[tokio::test]
async fn a_code_that_does_not_exist_is_an_answer() {
    let result = one(cm("E11.66"), ConceptView::Basic, "2026-04-01").await;
    assert_eq!(result.state(), FactState::Unknown);
    assert!(
        result.concept.is_none() && !result.suggestions.is_empty() && result.suggestions.len() <= 5
    );
    let looks_alike = one(cm("\u{415}11.9"), ConceptView::Basic, "2026-04-01").await;
    assert_eq!(looks_alike.state(), FactState::Unknown);
    assert_eq!(looks_alike.suggestions[0].reason(), SuggestionReason::Format);
    let placeholder = one(cm("E11.371"), ConceptView::Basic, "2026-04-01").await;
    assert_eq!(placeholder.state(), FactState::Unknown);
    assert_eq!(placeholder.suggestions[0].reason(), SuggestionReason::PlaceholderX);
    assert_eq!(placeholder.suggestions[0].coding.as_ref().unwrap().code, "E11.37X1");
}

#[tokio::test]
async fn what_could_not_be_asked_is_not_unknown() {
    for (asked, as_of, expected) in [
        (
            coding("http://snomed.info/sct", "73211009"),
            "2026-04-01",
            UnavailableReason::CodeSystemUnknown,
        ),
        (
            coding("http://hl7.org/fhir/sid/icd-10", "E11"),
            "2026-04-01",
            UnavailableReason::CodeSystemUnknown,
        ),
        (coding("cpt", "99213"), "2026-04-01", UnavailableReason::CodeSystemNotLoaded),
        (coding("hcpcs", "A0021"), "2026-04-01", UnavailableReason::NotInFragment),
        (cm("E11.9"), "2015-09-30", UnavailableReason::DateNotCovered),
        (
            v1::Coding { version: "FY2019".into(), ..cm("E11.9") },
            "2026-04-01",
            UnavailableReason::ReleaseUnknown,
        ),
    ] {
        let result = one(asked, ConceptView::Basic, as_of).await;
        assert_eq!(result.state(), FactState::Unavailable);
        assert_eq!(result.unavailable_reason(), expected);
        assert!(result.concept.is_none() && result.suggestions.is_empty());
    }
}

#[tokio::test]
async fn a_version_may_be_named_in_several_forms() {
    for version in ["2026-04-01", "2026-04", "FY2026"] {
        let result = one(
            v1::Coding { version: version.into(), ..cm("E11.9") },
            ConceptView::Basic,
            "2026-10-15",
        )
        .await;
        assert_eq!(result.concept.unwrap().coding.unwrap().version, "2026-04-01", "{version}");
    }
}

#[tokio::test]
async fn answers_in_request_order_with_duplicates() {
    let codes = ["I10", "nonsense", "E11.9", "I10", "e119"];
    let request = v1::LookupCodesRequest {
        codings: codes.map(cm).into(),
        ..v1::LookupCodesRequest::default()
    };
    let response = look_up(request).await;
    let states: Vec<_> =
        response.results.iter().map(|result| result.state() == FactState::Known).collect();
    assert_eq!(states, [true, false, true, true, true]);
    assert_eq!(response.results[0], response.results[3]);
    assert_eq!(day(response.as_of.as_ref()), "2026-04-01");
    let used: Vec<_> = response.releases_used.iter().map(|used| used.dataset.as_str()).collect();
    assert_eq!(used, ["icd-10-cm", "mce"]);
}

#[tokio::test]
async fn takes_a_thousand_codings_and_no_more() {
    let running = Running::new();
    let request = |count| v1::LookupCodesRequest {
        codings: vec![cm("E11.9"); count],
        ..v1::LookupCodesRequest::default()
    };
    let response = running.codes().lookup_codes(request(1_000)).await.unwrap().into_inner();
    assert_eq!(response.results.len(), 1_000);
    let status = running.codes().lookup_codes(request(1_001)).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let (why, details) = reason(&status);
    assert_eq!(why, "TOO_MANY_ITEMS");
    let metadata = &details.error_info().unwrap().metadata;
    assert_eq!((metadata["limit"].as_str(), metadata["found"].as_str()), ("1000", "1001"));
    let status = running.codes().lookup_codes(request(0)).await.unwrap_err();
    assert_eq!(
        (reason(&status).0.as_str(), fields(&status)),
        ("REQUEST_INVALID", vec!["codings".to_owned()])
    );
}

#[tokio::test]
async fn reports_twenty_mistakes_at_once() {
    let running = Running::new();
    let request = v1::LookupCodesRequest {
        codings: vec![cm(""); 30],
        date: Some(v1::Date { year: 2026, month: 2, day: 30 }),
        ..v1::LookupCodesRequest::default()
    };
    let status = running.codes().lookup_codes(request).await.unwrap_err();
    let found = fields(&status);
    assert_eq!((found.len(), found[0].as_str()), (20, "codings[0].code"));
    let request = v1::LookupCodesRequest {
        codings: vec![cm("E11")],
        properties: vec!["billable".into(), "colour".into()],
        view: 77,
        ..v1::LookupCodesRequest::default()
    };
    let status = running.codes().lookup_codes(request).await.unwrap_err();
    assert_eq!(fields(&status), ["view", "properties[1]"]);
}

#[tokio::test]
async fn adds_the_properties_that_are_named() {
    let request = v1::LookupCodesRequest {
        codings: vec![cm("S72.001A")],
        properties: ["laterality", "chapter", "billable"].map(str::to_owned).into(),
        ..v1::LookupCodesRequest::default()
    };
    let concept = look_up(request).await.results.remove(0).concept.unwrap();
    let names: Vec<_> = concept.properties.iter().map(|property| property.code.as_str()).collect();
    assert_eq!(names, ["laterality", "chapter", "billable"]);
}

#[tokio::test]
async fn a_full_concept_is_made_once() {
    let running = Running::new();
    let request = v1::LookupCodesRequest {
        codings: vec![cm("E11.9")],
        view: ConceptView::Full.into(),
        ..v1::LookupCodesRequest::default()
    };
    let first = running.codes().lookup_codes(request.clone()).await.unwrap().into_inner();
    let second = running.codes().lookup_codes(request).await.unwrap().into_inner();
    assert_eq!(first, second);
    let [_, concepts, ..] = running.catalog.cache_stats();
    assert_eq!((concepts.name, concepts.hits, concepts.misses), ("concept", 1, 1));
}
