//! `ListRules` and `ExplainRule`: the catalogue of rules.

use medcode_codes::rules::{self, RULES};
use medcode_proto::v1;

use super::{
    Call, Work,
    paging::{Page, Paged},
};
use crate::{error::Error, from_proto, to_proto};

impl Work for v1::ListRulesRequest {}
impl Work for v1::ExplainRuleRequest {}

pub(crate) fn list_rules(
    call: &Call,
    request: v1::ListRulesRequest,
) -> Result<v1::ListRulesResponse, Error> {
    let asked = from_proto::list_rules(&request)?;
    let v1::ListRulesRequest { kind, category, page_token, .. } = request;
    let bare = v1::ListRulesRequest { kind, category, ..v1::ListRulesRequest::default() };
    let page = Page::read(Paged::ListRules, &bare, &page_token, &call.snapshot)?;
    let wanted: Vec<_> = RULES
        .iter()
        .filter(|rule| asked.kind.is_none_or(|kind| kind == to_proto::rule::kind(&rule.check)))
        .filter(|rule| bare.category.is_empty() || rules::family(rule).id == bare.category)
        .collect();
    let (part, next_page_token) = page.cut(&wanted, asked.page_size, call.today, &[])?;
    let terminology = &call.snapshot.terminology;
    let rules = part.iter().map(|rule| to_proto::rule::rule(rule, terminology)).collect();
    Ok(v1::ListRulesResponse { rules, next_page_token })
}

pub(crate) fn explain_rule(
    call: &Call,
    request: v1::ExplainRuleRequest,
) -> Result<v1::ExplainRuleResponse, Error> {
    let id = from_proto::explain_rule(request)?;
    let rule = rules::find(&id).ok_or(Error::RuleUnknown)?;
    Ok(v1::ExplainRuleResponse {
        rule: Some(to_proto::rule::rule(rule, &call.snapshot.terminology)),
        documentation: rule.markdown(),
        source: rule.section("Source").unwrap_or_default(),
    })
}
