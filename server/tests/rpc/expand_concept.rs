use medcode_codes::testing::own_sample;
use medcode_proto::v1::{self, ListScope};
use medcode_server::config::{Config, Deadlines};
use tonic::{Code, Status};

use crate::harness::{Running, date, fields, reason, snapshot_of};

fn request(system: &str, code: &str) -> v1::ExpandConceptRequest {
    v1::ExpandConceptRequest {
        system: system.into(),
        code: code.into(),
        ..v1::ExpandConceptRequest::default()
    }
}

/// All messages of an expansion.
async fn expand(
    running: &Running,
    request: v1::ExpandConceptRequest,
) -> Result<Vec<v1::ExpandConceptResponse>, Status> {
    let mut stream = running.codes().expand_concept(request).await?.into_inner();
    let mut messages = Vec::new();
    while let Some(message) = stream.message().await? {
        messages.push(message);
    }
    Ok(messages)
}

fn codes(messages: &[v1::ExpandConceptResponse]) -> Vec<String> {
    let concepts = messages.iter().flat_map(|message| &message.concepts);
    concepts.map(|concept| concept.coding.as_ref().unwrap().code.clone()).collect()
}

#[tokio::test]
async fn streams_a_whole_system_in_parts() {
    let running = Running::new();
    let messages = expand(&running, request("icd-10-cm", "")).await.unwrap();
    assert!(messages.len() > 1);
    let (last, full) = messages.split_last().unwrap();
    assert!(full.iter().all(|message| message.concepts.len() == 500));
    assert!(!last.concepts.is_empty() && last.concepts.len() <= 500);
    let all = codes(&messages);
    assert_eq!(messages[0].total_size as usize, all.len());
    assert_eq!(messages[0].release.as_ref().unwrap().version, "2026-04-01");
    assert!(messages[1].release.is_none() && messages[1].total_size == 0);
    let place = |code: &str| all.iter().position(|found| found == code).unwrap();
    assert!(place("chapter-04") < place("E08-E13"), "parents before children");
    assert!(place("E08-E13") < place("E11") && place("E11") < place("E11.9"));
    assert!(place("S72.001") < place("S72.001A"));
}

#[tokio::test]
async fn is_the_list_of_descendants_behind_the_concept() {
    let running = Running::new();
    let messages = expand(&running, request("icd-10-cm", "E11")).await.unwrap();
    let list = v1::ListConceptsRequest {
        system: "icd-10-cm".into(),
        code: "E11".into(),
        scope: ListScope::Descendants.into(),
        page_size: 1_000,
        ..v1::ListConceptsRequest::default()
    };
    let listed = running.codes().list_concepts(list).await.unwrap().into_inner().concepts;
    let expanded = messages.into_iter().flat_map(|message| message.concepts);
    let expanded: Vec<_> = expanded.collect();
    assert_eq!(expanded[0].coding.as_ref().unwrap().code, "E11");
    assert_eq!(expanded[1..], listed);

    let billable = v1::ExpandConceptRequest {
        billable_only: true,
        view: v1::ConceptView::Full.into(),
        ..request("icd-10-cm", "E11")
    };
    let messages = expand(&running, billable).await.unwrap();
    assert!(messages[0].concepts.iter().all(|concept| concept.billable));
    assert!(messages[0].concepts.iter().all(|concept| !concept.parents.is_empty()));
}

#[tokio::test]
async fn goes_on_where_it_was_cut() {
    let running = Running::new();
    let whole = codes(&expand(&running, request("icd-10-cm", "")).await.unwrap());
    let after = |code: &str| v1::ExpandConceptRequest {
        start_after: code.into(),
        ..request("icd-10-cm", "")
    };
    let rest = expand(&running, after("E11.9")).await.unwrap();
    let place = whole.iter().position(|code| code == "E11.9").unwrap();
    assert_eq!(codes(&rest), whole[place + 1..]);
    assert_eq!(rest[0].total_size as usize, whole.len());
    // Behind the last one there is nothing, which is no error.
    let nothing = expand(&running, after(whole.last().unwrap())).await.unwrap();
    assert!(nothing.len() == 1 && nothing[0].concepts.is_empty());
    let status = expand(&running, after("E11.66")).await.unwrap_err();
    assert_eq!(
        (status.code(), fields(&status)),
        (Code::InvalidArgument, vec!["start_after".into()])
    );
}

#[tokio::test]
async fn keeps_its_snapshot_to_the_end() {
    let running = Running::new();
    let before = codes(&expand(&running, request("icd-10-cm", "")).await.unwrap());
    let mut stream =
        running.codes().expand_concept(request("icd-10-cm", "")).await.unwrap().into_inner();
    let mut messages = vec![stream.message().await.unwrap().unwrap()];
    let mut swapped = snapshot_of(own_sample());
    swapped.terminology = medcode_codes::terminology::Terminology::default().into();
    running.catalog.publish(swapped);
    while let Some(message) = stream.message().await.unwrap() {
        messages.push(message);
    }
    assert_eq!(codes(&messages), before);
}

#[tokio::test]
async fn refuses_before_the_first_message() {
    let running = Running::new();
    for (request, code, why) in [
        (request("snomed", ""), Code::NotFound, "CODE_SYSTEM_UNKNOWN"),
        (request("cpt", ""), Code::FailedPrecondition, "CODE_SYSTEM_NOT_LOADED"),
        (request("icd-10-cm", "E11.66"), Code::NotFound, "CONCEPT_UNKNOWN"),
        (
            v1::ExpandConceptRequest { date: date("2015-09-30"), ..request("icd-10-cm", "") },
            Code::NotFound,
            "RELEASE_UNKNOWN",
        ),
    ] {
        let status = running.codes().expand_concept(request).await.map(|_| ()).unwrap_err();
        assert_eq!((status.code(), reason(&status).0.as_str()), (code, why));
    }
}

#[tokio::test]
async fn ends_in_the_time_there_is() {
    let deadlines = Deadlines { expand_most_ms: 0, ..Deadlines::default() };
    let running = Running::with(Config { deadlines, ..Config::default() });
    let status = expand(&running, request("icd-10-cm", "")).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}
