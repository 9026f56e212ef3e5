//! Rules as the catalogue lists them.

use medcode_codes::{
    rule::{Check, Need, Rule},
    rules,
    system::CodeSystem,
    terminology::Terminology,
};
use medcode_proto::v1;

use super::encounter::severity;

/// A rule without its documentation.
pub(crate) fn rule(rule: &Rule, terminology: &Terminology) -> v1::Rule {
    let family = rules::family(rule);
    let needs = rule.needs.iter();
    v1::Rule {
        rule_id: rule.id.to_owned(),
        kind: kind(&rule.check).into(),
        category: family.id.to_owned(),
        category_title: family.title.to_owned(),
        summary: rule.summary().to_owned(),
        default_severity: severity(rule.severity).into(),
        enabled_by_default: rule.is_on,
        datasets: needs.clone().map(|need| need.id().to_owned()).collect(),
        available: needs.copied().all(|need| is_loaded(terminology, need)),
        unverified: rule.unverified.unwrap_or_default().to_owned(),
    }
}

/// The kind of a rule.
pub(crate) fn kind(check: &Check) -> v1::RuleKind {
    match check {
        Check::Coding(_) => v1::RuleKind::Coding,
        Check::Text(_) => v1::RuleKind::Text,
    }
}

/// Whether something of a table is loaded, whatever dates it covers.
fn is_loaded(terminology: &Terminology, need: Need) -> bool {
    let tables = terminology.supplements();
    match need {
        Need::Hcpcs => !tables.hcpcs.is_empty(),
        Need::Cpt => terminology.table(CodeSystem::Cpt).is_some(),
        Need::Ptp => !tables.ptp.is_empty(),
        Need::Mue => !tables.mue.is_empty(),
        Need::AddOn => !tables.add_on.is_empty(),
        Need::FeeSchedule => !tables.fee_schedule.is_empty(),
        Need::OlderRelease => terminology.editions().len() > 1,
        // No format of theirs can be imported so far.
        Need::Hcc | Need::Drg | Need::PayerFile => false,
    }
}
