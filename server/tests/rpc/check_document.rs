use medcode_proto::v1::{self, IssueSeverity, OffsetUnit};
use medcode_server::config::{Config, Documents};
use tonic::Code;

use crate::{
    harness::{Running, cm, date, fields},
    reflection::services,
};

const NOTE: &str = "DOS: 2026-03-02, 54 y, female\n\nPatient José: Dx: M54.5, E11.9\n";

async fn check(request: v1::CheckDocumentRequest) -> v1::CheckDocumentResponse {
    Running::new().documents().check_document(request).await.unwrap().into_inner()
}

fn note(text: &str) -> v1::CheckDocumentRequest {
    v1::CheckDocumentRequest { text: text.into(), ..v1::CheckDocumentRequest::default() }
}

/// What stands at a range of bytes.
fn at<'t>(text: &'t str, range: Option<&v1::TextRange>) -> &'t str {
    let range = range.unwrap();
    &text[range.start as usize..range.end as usize]
}

#[tokio::test]
async fn reports_issues_at_their_places() {
    let answer = check(note(NOTE)).await;
    let codes: Vec<_> =
        answer.mentions.iter().map(|mention| at(NOTE, mention.range.as_ref())).collect();
    assert_eq!(codes, ["M54.5", "E11.9"]);
    assert!(answer.mentions.iter().all(|mention| mention.reported));
    let found = answer
        .issues
        .iter()
        .find(|found| found.issue.as_ref().unwrap().rule_id == "expired-code")
        .unwrap();
    assert_eq!(at(NOTE, found.range.as_ref()), "M54.5");
    assert_eq!(found.mention, Some(0));
    assert_eq!(found.codes, ["M54.5"]);
    assert_eq!(found.issue.as_ref().unwrap().severity(), IssueSeverity::Error);
    let lines = found.lines.unwrap();
    assert_eq!((lines.start_line, lines.end_line), (2, 2));
    let fix = &found.fixes[0];
    assert!(fix.preferred && fix.edits[0].new_text == "M54.50", "{fix:?}");
    let report = &answer.encounters[answer.mentions[0].encounter as usize];
    assert!(report.issues.iter().any(|issue| issue.rule_id == "expired-code"));
    assert!(answer.releases_used.iter().any(|used| used.dataset == "mce"));
}

#[tokio::test]
async fn counts_in_the_unit_of_the_caller() {
    let place = async |unit: OffsetUnit| {
        let answer =
            check(v1::CheckDocumentRequest { offset_unit: unit.into(), ..note(NOTE) }).await;
        answer.mentions[0].range.unwrap().start as usize
    };
    let bytes = NOTE.find("M54.5").unwrap();
    assert_eq!(place(OffsetUnit::Unspecified).await, bytes);
    assert_eq!(place(OffsetUnit::Utf16).await, bytes - 1, "é is one unit of two bytes");
    assert_eq!(place(OffsetUnit::Utf32).await, bytes - 1);
}

#[tokio::test]
async fn options_and_defaults_apply() {
    let rules = |answer: &v1::CheckDocumentResponse| -> Vec<String> {
        answer.issues.iter().map(|found| found.issue.clone().unwrap().rule_id).collect()
    };
    let with = |options: v1::ValidationOptions| v1::CheckDocumentRequest {
        options: Some(options),
        ..note(NOTE)
    };
    let off = v1::ValidationOptions { disable: vec!["validity".into()], ..Default::default() };
    assert!(!rules(&check(with(off)).await).contains(&"expired-code".to_owned()));
    let accepted = v1::ValidationOptions {
        acknowledgements: vec![v1::Acknowledgement {
            rule_id: "expired-code".into(),
            codes: vec!["m545".into()],
        }],
        ..Default::default()
    };
    assert!(!rules(&check(with(accepted)).await).contains(&"expired-code".to_owned()));
    let lighter = v1::ValidationOptions {
        severity: [("expired-code".to_owned(), IssueSeverity::Hint as i32)].into(),
        ..Default::default()
    };
    let answer = check(with(lighter)).await;
    assert_eq!(answer.issues[0].issue.as_ref().unwrap().severity(), IssueSeverity::Hint);
    // M54.5 was a code until 2021-09-30.
    let undated = "Dx: M54.5 Low back pain\n";
    let defaults = v1::Encounter { service_date: date("2021-09-30"), ..v1::Encounter::default() };
    let of_then = v1::CheckDocumentRequest { defaults: Some(defaults), ..note(undated) };
    assert!(!rules(&check(of_then).await).contains(&"expired-code".to_owned()));
    let asked_then = v1::CheckDocumentRequest { date: date("2021-09-30"), ..note(undated) };
    assert!(!rules(&check(asked_then).await).contains(&"expired-code".to_owned()));
    assert!(rules(&check(note(undated)).await).contains(&"expired-code".to_owned()));
}

#[tokio::test]
async fn refuses_what_breaks_its_form() {
    let config = Config {
        documents: Documents { text_bytes: 10, ..Documents::default() },
        ..Config::default()
    };
    let running = Running::with(config);
    let diagnosis = v1::Diagnosis { coding: Some(cm("E11.9")), ..v1::Diagnosis::default() };
    let request = v1::CheckDocumentRequest {
        defaults: Some(v1::Encounter {
            place_of_service: "x".into(),
            diagnoses: vec![diagnosis],
            ..v1::Encounter::default()
        }),
        options: Some(v1::ValidationOptions {
            enable: vec!["no-such-rule".into()],
            ..v1::ValidationOptions::default()
        }),
        ..note("more than ten bytes")
    };
    let status = running.documents().check_document(request).await.unwrap_err();
    assert_eq!(
        fields(&status),
        ["text", "options.enable[0]", "defaults", "defaults.place_of_service"]
    );
}

#[tokio::test]
async fn can_be_switched_off() {
    let config = Config {
        documents: Documents { enabled: Some(false), ..Documents::default() },
        ..Config::default()
    };
    let running = Running::with(config);
    let status = running.documents().check_document(note(NOTE)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    assert!(!services(&running).await.iter().any(|name| name.contains("Document")));
}
