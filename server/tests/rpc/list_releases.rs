use medcode_codes::testing::own_sample;
use medcode_proto::v1::{self, ReleaseContent, ReleaseKind};
use tonic::Code;

use crate::harness::{Running, date, day, fields, reason, snapshot_of};

async fn list(running: &Running, request: v1::ListReleasesRequest) -> v1::ListReleasesResponse {
    running.codes().list_releases(request).await.unwrap().into_inner()
}

fn names(response: &v1::ListReleasesResponse) -> Vec<(&str, &str)> {
    let refs = response.releases.iter().map(|release| release.r#ref.as_ref().unwrap());
    refs.map(|named| (named.dataset.as_str(), named.version.as_str())).collect()
}

const ALL: [(&str, &str); 4] = [
    ("hcpcs", "2026-07-01"),
    ("icd-10-cm", "2026-04-01"),
    ("icd-10-pcs", "2023-10-01"),
    ("mce", "2026-10-01"),
];

#[tokio::test]
async fn lists_what_is_loaded_and_where_it_comes_from() {
    let running = Running::new();
    let response = list(&running, v1::ListReleasesRequest::default()).await;
    assert_eq!(names(&response), ALL);
    assert!(response.next_page_token.is_empty());
    let hcpcs = &response.releases[0];
    assert_eq!(hcpcs.content(), ReleaseContent::Fragment);
    assert_eq!(hcpcs.kind(), ReleaseKind::CodeSystem);
    assert_eq!(day(hcpcs.effective_from.as_ref()), "2026-07-01");
    assert_eq!((hcpcs.row_count, hcpcs.effective_to), (1, None));
    assert_eq!(hcpcs.source_files[0].name, "sample 1.0: sample.txt");
    assert_eq!(hcpcs.imported_at.unwrap().seconds, 1_775_001_600);
}

#[tokio::test]
async fn lists_only_what_is_asked_for() {
    let running = Running::new();
    let ask = v1::ListReleasesRequest::default;
    let of_dataset = v1::ListReleasesRequest { dataset: "icd-10-cm".into(), ..ask() };
    assert_eq!(names(&list(&running, of_dataset).await), ALL[1..2]);
    let edits = v1::ListReleasesRequest { kind: ReleaseKind::EditTable.into(), ..ask() };
    assert_eq!(names(&list(&running, edits).await), ALL[3..]);
    let in_force = v1::ListReleasesRequest { date: date("2026-04-01"), ..ask() };
    assert_eq!(names(&list(&running, in_force).await), ALL[1..3]);
    // A dataset that is not loaded has no releases: that is an answer.
    let nothing = v1::ListReleasesRequest { dataset: "payer/acme-hmo".into(), ..ask() };
    assert!(list(&running, nothing).await.releases.is_empty());
}

#[tokio::test]
async fn pages_together_are_the_whole_list_of_one_catalog() {
    let running = Running::new();
    let first = v1::ListReleasesRequest { page_size: 3, ..v1::ListReleasesRequest::default() };
    let mut response = list(&running, first.clone()).await;
    let next =
        v1::ListReleasesRequest { page_token: response.next_page_token.clone(), ..first.clone() };
    let rest = list(&running, next.clone()).await;
    assert!(rest.next_page_token.is_empty());
    response.releases.extend(rest.releases);
    assert_eq!(names(&response), ALL);

    let other = v1::ListReleasesRequest { dataset: "mce".into(), ..next.clone() };
    let status = running.codes().list_releases(other).await.unwrap_err();
    assert_eq!(reason(&status).0, "PAGE_TOKEN_MISMATCH");
    let mut releases = snapshot_of(own_sample()).releases;
    releases.pop();
    let swapped =
        medcode_server::catalog::snapshot::Snapshot::new(own_sample(), releases, Vec::new());
    running.catalog.publish(swapped);
    let status = running.codes().list_releases(next).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).0.as_str()), (Code::Aborted, "PAGE_TOKEN_STALE"));
}

#[tokio::test]
async fn refuses_what_it_does_not_understand() {
    let running = Running::new();
    let request = v1::ListReleasesRequest {
        dataset: "x\n".into(),
        kind: 99,
        date: Some(v1::Date { year: 2026, month: 0, day: 0 }),
        page_size: -1,
        page_token: String::new(),
    };
    let status = running.codes().list_releases(request).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(fields(&status), ["dataset", "kind", "date", "page_size"]);
}
