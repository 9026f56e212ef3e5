use medcode_proto::v1::{self, ReleaseContent};
use tonic::Code;

use crate::harness::{Running, day, fields, reason};

#[tokio::test]
async fn lists_what_is_loaded_and_what_is_not() {
    let running = Running::new();
    let request = v1::ListCodeSystemsRequest::default();
    let response = running.codes().list_code_systems(request).await.unwrap().into_inner();
    let ids: Vec<_> = response.code_systems.iter().map(|system| system.id.as_str()).collect();
    assert_eq!(ids, ["cpt", "hcpcs", "icd-10-cm", "icd-10-pcs"]);
    assert!(response.next_page_token.is_empty());
    let [cpt, hcpcs, cm, pcs] = response.code_systems.try_into().unwrap();
    assert!(!cpt.loaded && cpt.current_release.is_none() && cpt.note.contains("CPT is not loaded"));
    assert!(
        hcpcs.loaded && hcpcs.content() == ReleaseContent::Fragment && hcpcs.note.contains("part")
    );
    assert!(cm.loaded && cm.content() == ReleaseContent::Complete);
    assert_eq!(cm.url, "http://hl7.org/fhir/sid/icd-10-cm");
    assert_eq!(cm.current_release.unwrap().version, "2026-04-01");
    assert_eq!(
        (day(cm.covered_from.as_ref()), day(cm.covered_to.as_ref())),
        ("2015-10-01".into(), "2027-03-31".into())
    );
    assert!(pcs.aliases.iter().any(|alias| alias == "urn:oid:2.16.840.1.113883.6.4"));
}

#[tokio::test]
async fn pages_together_are_the_whole_list() {
    let running = Running::new();
    let mut request = v1::ListCodeSystemsRequest { page_size: 3, page_token: String::new() };
    let mut ids = Vec::new();
    loop {
        let response =
            running.codes().list_code_systems(request.clone()).await.unwrap().into_inner();
        ids.extend(response.code_systems.into_iter().map(|system| system.id));
        if response.next_page_token.is_empty() {
            break;
        }
        // Another size is allowed: it is no part of the question.
        request = v1::ListCodeSystemsRequest { page_size: 1, page_token: response.next_page_token };
    }
    assert_eq!(ids, ["cpt", "hcpcs", "icd-10-cm", "icd-10-pcs"]);
}

#[tokio::test]
async fn refuses_what_is_no_page() {
    let running = Running::new();
    let ask = async |page_size, page_token: &str| {
        let request = v1::ListCodeSystemsRequest { page_size, page_token: page_token.into() };
        running.codes().list_code_systems(request).await.unwrap_err()
    };
    assert_eq!(fields(&ask(-1, "").await), ["page_size"]);
    for token in ["nonsense!", "AAAA", "CAE"] {
        let status = ask(0, token).await;
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(
            (reason(&status).0.as_str(), fields(&status)),
            ("PAGE_TOKEN_INVALID", vec!["page_token".to_owned()])
        );
    }
}
