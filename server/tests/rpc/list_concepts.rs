use medcode_codes::testing::own_sample;
use medcode_proto::v1::{self, ListScope};
use medcode_server::catalog::releases::ReleaseRecord;
use tonic::Code;

use crate::harness::{Running, date, reason, snapshot_of};

fn request(code: &str, scope: ListScope) -> v1::ListConceptsRequest {
    v1::ListConceptsRequest {
        system: "icd-10-cm".into(),
        code: code.into(),
        scope: scope.into(),
        ..v1::ListConceptsRequest::default()
    }
}

async fn list(running: &Running, request: v1::ListConceptsRequest) -> v1::ListConceptsResponse {
    running.codes().list_concepts(request).await.unwrap().into_inner()
}

fn codes(response: &v1::ListConceptsResponse) -> Vec<&str> {
    response.concepts.iter().map(|concept| concept.coding.as_ref().unwrap().code.as_str()).collect()
}

#[tokio::test]
async fn lists_the_relatives_of_a_concept() {
    let running = Running::new();
    let top = list(&running, request("", ListScope::Children)).await;
    assert!(
        codes(&top).iter().all(|code| code.starts_with("chapter-"))
            && codes(&top).contains(&"chapter-04")
    );
    let children = list(&running, request("E11", ListScope::Children)).await;
    assert_eq!(codes(&children)[..2], ["E11.0", "E11.1"]);
    assert_eq!(children.total_size as usize, children.concepts.len());
    assert_eq!(children.release.as_ref().unwrap().version, "2026-04-01");
    let complete = list(&running, request("S72.001", ListScope::Children)).await;
    assert_eq!(codes(&complete)[0], "S72.001A");
    let above = list(&running, request("E11.9", ListScope::Ancestors)).await;
    assert_eq!(codes(&above), ["E11", "E08-E13", "chapter-04"]);
    let beside = list(&running, request("E11.9", ListScope::Siblings)).await;
    assert!(codes(&beside).contains(&"E11.8") && !codes(&beside).contains(&"E11.9"));
}

#[tokio::test]
async fn lists_only_what_is_in_force_unless_asked() {
    let running = Running::new();
    let before =
        v1::ListConceptsRequest { date: date("2025-09-30"), ..request("E11", ListScope::Children) };
    assert!(
        !codes(&list(&running, before.clone()).await).contains(&"E11.A"),
        "E11.A starts on 2025-10-01"
    );
    let all = v1::ListConceptsRequest { include_inactive: true, ..before };
    assert!(codes(&list(&running, all).await).contains(&"E11.A"));
    let billable =
        v1::ListConceptsRequest { billable_only: true, ..request("E11", ListScope::Descendants) };
    let response = list(&running, billable).await;
    assert!(
        response.concepts.len() > 5 && response.concepts.iter().all(|concept| concept.billable)
    );
}

#[tokio::test]
async fn pages_together_are_the_whole_list() {
    let running = Running::new();
    let all =
        v1::ListConceptsRequest { page_size: 1_000, ..request("E11", ListScope::Descendants) };
    let whole = list(&running, all).await;
    let mut paged =
        v1::ListConceptsRequest { page_size: 7, ..request("E11", ListScope::Descendants) };
    let mut concepts = Vec::new();
    loop {
        let response = list(&running, paged.clone()).await;
        assert_eq!(response.total_size, whole.total_size);
        concepts.extend(response.concepts);
        paged.page_token = response.next_page_token;
        if paged.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(concepts, whole.concepts);
}

#[tokio::test]
async fn a_token_belongs_to_one_question_and_its_releases() {
    let running = Running::new();
    let first = v1::ListConceptsRequest { page_size: 3, ..request("E11", ListScope::Descendants) };
    let token = list(&running, first.clone()).await.next_page_token;
    let other =
        v1::ListConceptsRequest { page_token: token.clone(), billable_only: true, ..first.clone() };
    let status = running.codes().list_concepts(other).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).0.as_str()),
        (Code::InvalidArgument, "PAGE_TOKEN_MISMATCH")
    );

    // Another dataset is swapped: the list goes on as if nothing had happened.
    let mut changed = snapshot_of(own_sample());
    changed.releases.retain(|record| record.release.dataset != "hcpcs");
    running.catalog.publish(changed);
    let next = v1::ListConceptsRequest { page_token: token.clone(), ..first.clone() };
    assert_eq!(list(&running, next.clone()).await.concepts.len(), 3);

    // A release of the system comes beside those of before: its codes are in the list from now on.
    let mut grown = snapshot_of(own_sample());
    let of_system = |record: &&ReleaseRecord| record.release.dataset == "icd-10-cm";
    let mut further = grown.releases.iter().find(of_system).unwrap().clone();
    further.release.digest = format!("sha256:{}", "e".repeat(64));
    grown.releases.push(further);
    running.catalog.publish(grown);
    let status = running.codes().list_concepts(next.clone()).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).0.as_str()), (Code::Aborted, "PAGE_TOKEN_STALE"));

    let mut swapped = snapshot_of(own_sample());
    for record in &mut swapped.releases {
        record.release.digest = format!("sha256:{}", "f".repeat(64));
    }
    running.catalog.publish(swapped);
    let status = running.codes().list_concepts(next).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).0.as_str()), (Code::Aborted, "PAGE_TOKEN_STALE"));
}

#[tokio::test]
async fn refuses_what_does_not_exist() {
    let running = Running::new();
    let plain = request("E11", ListScope::Children);
    for (request, code, why) in [
        (
            v1::ListConceptsRequest { system: "snomed".into(), ..plain.clone() },
            Code::NotFound,
            "CODE_SYSTEM_UNKNOWN",
        ),
        (
            v1::ListConceptsRequest { system: "cpt".into(), ..plain.clone() },
            Code::FailedPrecondition,
            "CODE_SYSTEM_NOT_LOADED",
        ),
        (
            v1::ListConceptsRequest { version: "FY2019".into(), ..plain.clone() },
            Code::NotFound,
            "RELEASE_UNKNOWN",
        ),
        (
            v1::ListConceptsRequest { date: date("2015-09-30"), ..plain.clone() },
            Code::NotFound,
            "RELEASE_UNKNOWN",
        ),
        (
            v1::ListConceptsRequest { code: "E11.66".into(), ..plain.clone() },
            Code::NotFound,
            "CONCEPT_UNKNOWN",
        ),
        (v1::ListConceptsRequest { scope: 9, ..plain }, Code::InvalidArgument, "REQUEST_INVALID"),
    ] {
        let status = running.codes().list_concepts(request).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).0.as_str()), (code, why));
    }
}

#[tokio::test]
async fn lists_procedures_by_their_first_characters() {
    let running = Running::new();
    let ask = |code: &str| v1::ListConceptsRequest {
        system: "icd-10-pcs".into(),
        ..request(code, ListScope::Children)
    };
    let top = list(&running, ask("")).await;
    let first = codes(&top)[0].to_owned();
    assert_eq!(first.len(), 1);
    let below = list(&running, ask(&first)).await;
    assert!(
        !below.concepts.is_empty() && codes(&below).iter().all(|code| code.starts_with(&first))
    );
}

#[tokio::test]
async fn goes_down_procedures_character_by_character() {
    let running = Running::new();
    let ask = |code: &str, scope| v1::ListConceptsRequest {
        system: "icd-10-pcs".into(),
        ..request(code, scope)
    };
    for (prefix, expected) in [
        ("0D", vec!["0DT"]),
        ("0DT", vec!["0DTJ"]),
        ("0DTJ", vec!["0DTJ0", "0DTJ4"]),
        ("0DTJ4", vec!["0DTJ4Z"]),
        ("0DTJ4Z", vec!["0DTJ4ZZ"]),
    ] {
        let children = list(&running, ask(prefix, ListScope::Children)).await;
        assert_eq!(codes(&children), expected, "{prefix}");
    }
    let above = list(&running, ask("0DTJ4ZZ", ListScope::Ancestors)).await;
    assert_eq!(codes(&above), ["0DTJ4Z", "0DTJ4", "0DTJ", "0DT", "0D", "0"]);
    // X2A5312 is the only code of its section and ended.
    let ended = list(&running, ask("X", ListScope::Children)).await;
    assert!(ended.concepts.is_empty(), "{:?}", codes(&ended));
}
