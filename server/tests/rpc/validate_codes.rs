use medcode_proto::v1::{self, BillingStatus, DisplayPolicy, FactState, SuggestionReason};
use tonic::Code;

use crate::harness::{Running, cm, coding, date, fields, reason};

async fn validate(request: v1::ValidateCodesRequest) -> v1::ValidateCodesResponse {
    Running::new().codes().validate_codes(request).await.unwrap().into_inner()
}

fn request(coding: v1::Coding, as_of: &str) -> v1::ValidateCodesRequest {
    v1::ValidateCodesRequest {
        items: vec![v1::CodeToValidate { coding: Some(coding), date: None }],
        date: date(as_of),
        ..v1::ValidateCodesRequest::default()
    }
}

async fn one(coding: v1::Coding, as_of: &str) -> v1::CodeValidation {
    validate(request(coding, as_of)).await.results.remove(0)
}

fn ids(validation: &v1::CodeValidation) -> Vec<&str> {
    validation.issues.iter().map(|issue| issue.message_id.as_str()).collect()
}

fn status(validation: &v1::CodeValidation) -> BillingStatus {
    validation.billing.as_ref().unwrap().status()
}

/// Every row of the table of cases: code, day, result, billing, and the issues.
#[tokio::test]
async fn answers_each_case_as_fhir_does() {
    use BillingStatus::{
        Billable, Expired, MalformedCode, NoData, NotBillable, NotYetEffective, UnknownCode,
    };

    let cpt = |code| coding("cpt", code);
    let hcpcs = |code| coding("hcpcs", code);
    let version = |version: &str, code| v1::Coding { version: version.into(), ..cm(code) };
    for (asked, as_of, result, billing, issues) in [
        (cm("E11.9"), "2026-04-01", true, Billable, vec![]),
        (cm("E11.66"), "2026-04-01", false, UnknownCode, vec!["Unknown_Code_in_Version"]),
        (cm("E11.9.9.9.9"), "2026-04-01", false, UnknownCode, vec![]),
        (cm("11"), "2026-04-01", false, MalformedCode, vec!["CODE_MALFORMED"]),
        (hcpcs("A0021"), "2026-04-01", true, NoData, vec!["UNKNOWN_CODE_IN_FRAGMENT"]),
        (
            cm("E11.A"),
            "2025-09-30",
            false,
            NotYetEffective,
            vec!["Unknown_Code_in_Version", "CODE_STARTS_LATER"],
        ),
        (cm("E11.A"), "2025-10-01", true, Billable, vec![]),
        (cm("S06.5X7D"), "2026-04-01", true, Expired, vec!["INACTIVE_CONCEPT_FOUND"]),
        (cm("M54.5"), "2021-09-30", true, Billable, vec!["CODE_ENDS"]),
        (cm("M54.5"), "2021-10-01", false, Expired, vec!["ABSTRACT_CODE_NOT_ALLOWED"]),
        (cm("E11"), "2026-04-01", false, NotBillable, vec!["ABSTRACT_CODE_NOT_ALLOWED"]),
        (cm("S72.001"), "2026-04-01", false, NotBillable, vec!["ABSTRACT_CODE_NOT_ALLOWED"]),
        (cm("E08-E13"), "2026-04-01", false, NotBillable, vec!["ABSTRACT_CODE_NOT_ALLOWED"]),
        (cm("S72.001A"), "2026-04-01", true, Billable, vec![]),
        (cm("e11.9"), "2026-04-01", true, Billable, vec!["CODE_CASE_DIFFERENCE"]),
        (cm("E119"), "2026-04-01", true, Billable, vec!["CODE_FORMAT_DIFFERENCE"]),
        (
            coding("http://snomed.info/sct", "1"),
            "2026-04-01",
            false,
            NoData,
            vec!["UNKNOWN_CODESYSTEM"],
        ),
        (cpt("99213"), "2026-04-01", false, NoData, vec!["CODESYSTEM_NOT_LOADED"]),
        (
            version("FY2019", "E11.9"),
            "2026-04-01",
            false,
            NoData,
            vec!["UNKNOWN_CODESYSTEM_VERSION"],
        ),
        (cm("E11.9"), "2015-09-30", false, NoData, vec!["UNKNOWN_CODESYSTEM_VERSION"]),
        (cm("E11.9"), "2028-01-01", true, NoData, vec!["RELEASE_ENDED"]),
        (hcpcs("J1885"), "2026-04-01", true, Billable, vec![]),
        (hcpcs("J1885"), "2026-11-23", true, NoData, vec!["RELEASE_ENDED"]),
    ] {
        let name = format!("{} on {as_of}", asked.code);
        let validation = one(asked, as_of).await;
        assert_eq!(
            (validation.result, status(&validation)),
            (result, billing),
            "{name}: {:?}",
            ids(&validation)
        );
        if name != "E11.9.9.9.9 on 2026-04-01" {
            assert_eq!(ids(&validation), issues, "{name}");
        }
        let weighty = validation
            .issues
            .iter()
            .any(|issue| issue.severity <= v1::IssueSeverity::Warning as i32);
        assert_eq!(weighty, !validation.message.is_empty(), "{name}");
        for issue in &validation.issues {
            assert!(
                !issue.code.is_empty() && !issue.r#type.is_empty() && issue.expression.len() == 1,
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn echoes_the_coding_with_what_is_known_of_it() {
    let known = one(cm("e119"), "2026-04-01").await;
    let coding = known.coding.unwrap();
    assert_eq!((coding.code.as_str(), coding.version.as_str()), ("e119", "2026-04-01"));
    assert_eq!(coding.display, "Type 2 diabetes mellitus without complications");
    assert_eq!((known.normalized_code.as_str(), known.state), ("E11.9", FactState::Known as i32));
    let unknown = one(
        v1::Coding {
            system: "urn:x".into(),
            version: "1".into(),
            display: "Canary".into(),
            ..cm("Z")
        },
        "2026-04-01",
    )
    .await;
    let coding = unknown.coding.unwrap();
    assert_eq!(
        (coding.system.as_str(), coding.version.as_str(), coding.display.as_str()),
        ("urn:x", "1", "")
    );
}

#[tokio::test]
async fn offers_the_way_out() {
    let reasons = |validation: &v1::CodeValidation| {
        let of = |suggestion: &v1::Suggestion| {
            (suggestion.coding.as_ref().unwrap().code.clone(), suggestion.reason())
        };
        validation.suggestions.iter().map(of).collect::<Vec<_>>()
    };
    let header = one(cm("S72.001"), "2026-04-01").await;
    assert_eq!(reasons(&header)[0], ("S72.001A".into(), SuggestionReason::SeventhCharacter));
    let ended = one(cm("M54.5"), "2026-04-01").await;
    assert_eq!(reasons(&ended)[0], ("M54.50".into(), SuggestionReason::ReplacedBy));
    let replaced: Vec<_> =
        ended.billing.as_ref().unwrap().replaced_by.iter().map(|by| by.source.as_str()).collect();
    assert_eq!(replaced, ["conversion-table"; 3]);
    let issue = &ended.issues[0];
    assert_eq!(issue.rule_id, "expired-code");
    assert!(issue.message.contains("ended 2021-09-30"), "{}", issue.message);
    let fix = &issue.fixes[0];
    assert!(fix.preferred && fix.edits[0].path.is_empty());
    let children = one(cm("E11"), "2026-04-01").await;
    assert!(
        children.suggestions.len() > 5 && reasons(&children)[0].1 == SuggestionReason::MoreSpecific
    );
}

#[tokio::test]
async fn judges_the_display_as_asked() {
    let with = |display: &str| v1::Coding { display: display.into(), ..cm("E11.9") };
    let ask = async |display: &str, policy: DisplayPolicy| {
        let request = v1::ValidateCodesRequest {
            display_policy: policy.into(),
            ..request(with(display), "2026-04-01")
        };
        validate(request).await.results.remove(0)
    };
    let right =
        ask("  type 2 DIABETES mellitus   without complications ", DisplayPolicy::Error).await;
    assert!(right.result && right.issues.is_empty());
    let wrong = ask("Sugar Canary", DisplayPolicy::Warn).await;
    assert!(wrong.result && ids(&wrong) == ["Display_Name_for__should_be_one_of__instead_of"]);
    assert_eq!(wrong.issues[0].expression, ["display"]);
    assert!(!format!("{wrong:?}").contains("Canary"), "the display is not repeated");
    assert!(!ask("Sugar Canary", DisplayPolicy::Error).await.result);
    assert!(ask("Sugar Canary", DisplayPolicy::Ignore).await.issues.is_empty());
}

#[tokio::test]
async fn headers_are_right_where_they_are_allowed() {
    let request =
        v1::ValidateCodesRequest { allow_abstract: true, ..request(cm("E11"), "2026-04-01") };
    let validation = validate(request).await.results.remove(0);
    assert!(validation.result && validation.issues.is_empty() && validation.not_selectable);
    assert_eq!(status(&validation), BillingStatus::NotBillable);
}

#[tokio::test]
async fn each_item_may_have_its_own_day() {
    let item = |code: &str, day: Option<&str>| v1::CodeToValidate {
        coding: Some(cm(code)),
        date: day.and_then(date),
    };
    let request = v1::ValidateCodesRequest {
        items: vec![
            item("M54.5", Some("2021-09-30")),
            item("M54.5", None),
            item("M54.5", Some("2021-09-30")),
        ],
        date: date("2026-04-01"),
        ..v1::ValidateCodesRequest::default()
    };
    let response = validate(request).await;
    let statuses: Vec<_> = response.results.iter().map(status).collect();
    assert_eq!(
        statuses,
        [BillingStatus::Billable, BillingStatus::Expired, BillingStatus::Billable]
    );
    assert_eq!(response.results[0], response.results[2]);
}

#[tokio::test]
async fn refuses_malformed_items_and_too_many() {
    let running = Running::new();
    let item = |code: &str| v1::CodeToValidate { coding: Some(cm(code)), date: None };
    let request = v1::ValidateCodesRequest {
        items: vec![item("E11.9"), item(""), v1::CodeToValidate::default()],
        ..v1::ValidateCodesRequest::default()
    };
    let status = running.codes().validate_codes(request).await.unwrap_err();
    assert_eq!(
        (status.code(), fields(&status)),
        (Code::InvalidArgument, vec!["items[1].coding.code".into(), "items[2].coding".into()])
    );
    let request = v1::ValidateCodesRequest {
        items: vec![item("E11.9"); 1_001],
        ..v1::ValidateCodesRequest::default()
    };
    let status = running.codes().validate_codes(request).await.unwrap_err();
    assert_eq!(reason(&status).0, "TOO_MANY_ITEMS");
}
