use medcode_proto::v1::{self, SubsumptionOutcome as Outcome};
use tonic::Code;

use crate::harness::{Running, date, fields, reason};

fn request(system: &str, a: &str, b: &str) -> v1::SubsumesRequest {
    v1::SubsumesRequest {
        system: system.into(),
        code_a: a.into(),
        code_b: b.into(),
        ..v1::SubsumesRequest::default()
    }
}

async fn ask(running: &Running, request: v1::SubsumesRequest) -> v1::SubsumesResponse {
    running.codes().subsumes(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn codes_stand_below_headers_blocks_and_chapters() {
    let running = Running::new();
    for (a, b, outcome) in [
        ("E11.9", "e119", Outcome::Equivalent),
        ("E11", "E11.9", Outcome::Subsumes),
        ("E11.9", "E11", Outcome::SubsumedBy),
        ("E11.9", "E11.A", Outcome::NotSubsumed),
        ("chapter-04", "E11.9", Outcome::Subsumes),
        ("E08-E13", "chapter-04", Outcome::SubsumedBy),
        ("E11", "E08-E13", Outcome::SubsumedBy),
        ("chapter-01", "E11.9", Outcome::NotSubsumed),
        ("E08-E13", "A15-A19", Outcome::NotSubsumed),
        // A block and the category that it is made of are two concepts.
        ("B20-B20", "B20", Outcome::Subsumes),
        // A 7th character stands below its stem, and below everything above that.
        ("S72.001", "S72.001A", Outcome::Subsumes),
        ("S72.001A", "S72", Outcome::SubsumedBy),
        ("S72.001A", "S72.001D", Outcome::NotSubsumed),
        // A code that ended keeps its place: it is a header since.
        ("M54.5", "M54.50", Outcome::Subsumes),
    ] {
        let answer = ask(&running, request("icd-10-cm", a, b)).await;
        assert_eq!(answer.outcome(), outcome, "{a} {b}");
        assert!(answer.issues.is_empty());
        assert_eq!(answer.release.unwrap().version, "2026-04-01");
    }
}

#[tokio::test]
async fn other_systems_have_the_beginnings_of_their_codes() {
    let running = Running::new();
    for (system, a, b, outcome) in [
        ("icd-10-pcs", "0", "0DTJ0ZZ", Outcome::Subsumes),
        ("icd-10-pcs", "0DTJ0ZZ", "0DT", Outcome::SubsumedBy),
        ("icd-10-pcs", "0D", "0DT", Outcome::Subsumes),
        ("icd-10-pcs", "02R", "0DTJ0ZZ", Outcome::NotSubsumed),
        ("hcpcs", "J", "J1885", Outcome::Subsumes),
        ("hcpcs", "J0190", "J1885", Outcome::NotSubsumed),
    ] {
        assert_eq!(ask(&running, request(system, a, b)).await.outcome(), outcome, "{a} {b}");
    }
}

#[tokio::test]
async fn what_is_not_known_is_undetermined() {
    let running = Running::new();
    let answer = ask(&running, request("icd-10-cm", "E11.66", "E11")).await;
    assert_eq!(answer.outcome(), Outcome::Undetermined);
    assert_eq!(answer.issues.len(), 1);
    assert_eq!(answer.issues[0].message_id, "Unknown_Code_in_Version");
    assert_eq!(answer.issues[0].expression, ["code_a"]);
    // Only a part of HCPCS is loaded: that the code is missing proves nothing.
    let answer = ask(&running, request("hcpcs", "J", "A0021")).await;
    assert_eq!(answer.outcome(), Outcome::Undetermined);
    assert_eq!(answer.issues[0].message_id, "UNKNOWN_CODE_IN_FRAGMENT");
    assert_eq!(answer.issues[0].expression, ["code_b"]);
}

#[tokio::test]
async fn refuses_what_it_cannot_ask() {
    let running = Running::new();
    let plain = request("icd-10-cm", "E11", "E11.9");
    for (request, code, why) in [
        (request("snomed", "E11", "E11.9"), Code::NotFound, "CODE_SYSTEM_UNKNOWN"),
        (request("cpt", "00000", "99999"), Code::FailedPrecondition, "CODE_SYSTEM_NOT_LOADED"),
        (
            v1::SubsumesRequest { version: "FY2019".into(), ..plain.clone() },
            Code::NotFound,
            "RELEASE_UNKNOWN",
        ),
        (
            v1::SubsumesRequest { date: date("2015-09-30"), ..plain },
            Code::NotFound,
            "RELEASE_UNKNOWN",
        ),
    ] {
        let status = running.codes().subsumes(request).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).0.as_str()), (code, why));
    }
    let status = running.codes().subsumes(request("", "", &"x".repeat(65))).await.unwrap_err();
    assert_eq!(fields(&status), ["system", "code_a", "code_b"]);
}
