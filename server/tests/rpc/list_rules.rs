use medcode_codes::rules::RULES;
use medcode_proto::v1::{self, IssueSeverity, RuleKind};
use tonic::Code;

use crate::harness::{Running, fields, reason};

async fn list(running: &Running, request: v1::ListRulesRequest) -> v1::ListRulesResponse {
    running.encounters().list_rules(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn lists_every_rule_page_by_page() {
    let running = Running::new();
    let mut request = v1::ListRulesRequest { page_size: 7, ..v1::ListRulesRequest::default() };
    let mut ids = Vec::new();
    loop {
        let page = list(&running, request.clone()).await;
        assert!(page.rules.len() <= 7);
        ids.extend(page.rules.into_iter().map(|rule| rule.rule_id));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(ids, RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
}

#[tokio::test]
async fn selects_by_kind_and_category() {
    let running = Running::new();
    let request = v1::ListRulesRequest {
        kind: RuleKind::Coding.into(),
        category: "validity".into(),
        ..v1::ListRulesRequest::default()
    };
    let found = list(&running, request).await.rules;
    let expired = found.iter().find(|rule| rule.rule_id == "expired-code").unwrap();
    assert!(found.iter().all(|rule| rule.category == "validity"));
    assert!(found.iter().all(|rule| rule.kind() == RuleKind::Coding));
    assert_eq!(expired.default_severity(), IssueSeverity::Error);
    assert_eq!(expired.category_title, "Validity and dates");
    assert!(expired.enabled_by_default && expired.available && expired.unverified.is_empty());
    let none = v1::ListRulesRequest { category: "no-such".into(), ..Default::default() };
    assert!(list(&running, none).await.rules.is_empty());
}

#[tokio::test]
async fn says_of_every_rule_what_it_needs_and_rests_on() {
    let running = Running::new();
    let all = v1::ListRulesRequest { page_size: 500, ..v1::ListRulesRequest::default() };
    for (listed, rule) in list(&running, all).await.rules.iter().zip(RULES.iter()) {
        let needs: Vec<_> = rule.needs.iter().map(|need| need.id()).collect();
        assert_eq!(listed.datasets, needs);
        assert_eq!(listed.enabled_by_default, rule.is_on);
        assert_eq!(listed.unverified, rule.unverified.unwrap_or_default());
    }
}

#[tokio::test]
async fn explains_a_rule() {
    let running = Running::new();
    let request = v1::ExplainRuleRequest { rule_id: "excludes1-conflict".into() };
    let explained = running.encounters().explain_rule(request).await.unwrap().into_inner();
    assert_eq!(explained.rule.unwrap().rule_id, "excludes1-conflict");
    assert!(explained.documentation.contains("## Exceptions"));
    assert!(explained.source.contains("I.A.12.a"));
}

#[tokio::test]
async fn refuses_what_it_does_not_know() {
    let running = Running::new();
    let explain = async |id: &str| {
        let request = v1::ExplainRuleRequest { rule_id: id.into() };
        running.encounters().explain_rule(request).await.unwrap_err()
    };
    let status = explain("no-such-rule").await;
    assert_eq!((status.code(), reason(&status).0.as_str()), (Code::NotFound, "RULE_UNKNOWN"));
    assert!(!status.message().contains("no-such-rule"));
    assert_eq!(fields(&explain("").await), ["rule_id"]);
    let request = v1::ListRulesRequest { kind: 9, page_size: -1, ..Default::default() };
    let status = running.encounters().list_rules(request).await.unwrap_err();
    assert_eq!(fields(&status), ["kind", "page_size"]);
}
