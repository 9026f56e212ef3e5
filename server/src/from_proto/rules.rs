//! The requests of `ListRules` and `ExplainRule`.

use medcode_proto::v1;

use super::{LONGEST_CODE, check_text, known, page_size};
use crate::error::{Error, Violations};

/// What `ListRules` is asked, but for the category.
#[derive(Debug)]
pub(crate) struct RulesAsked {
    pub(crate) kind: Option<v1::RuleKind>,
    pub(crate) page_size: usize,
}

/// Reads a request of `ListRules`.
pub(crate) fn list_rules(request: &v1::ListRulesRequest) -> Result<RulesAsked, Error> {
    let mut violations = Violations::default();
    check_text(&mut violations, || "category".into(), &request.category, 0, LONGEST_CODE);
    let kind = match known(&mut violations, "kind", request.kind) {
        v1::RuleKind::Unspecified => None,
        kind => Some(kind),
    };
    let page_size = page_size(&mut violations, request.page_size, 100, 500);
    violations.finish(RulesAsked { kind, page_size })
}

/// Reads a request of `ExplainRule`: the id.
pub(crate) fn explain_rule(request: v1::ExplainRuleRequest) -> Result<String, Error> {
    let mut violations = Violations::default();
    check_text(&mut violations, || "rule_id".into(), &request.rule_id, 1, LONGEST_CODE);
    violations.finish(request.rule_id)
}
