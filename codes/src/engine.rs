//! Runs the rules over an encounter.

use std::collections::BTreeMap;

use crate::{
    check::{EncounterReport, Outcome, Reason, RuleCheck},
    date::Date,
    encounter::{CodedItem, DateBasis, Diagnosis, Encounter, Item, JudgedEncounter},
    fact::UnavailableReason,
    issue::{Issue, Severity},
    overlaps,
    payer::{self, TextRequirement},
    rule::{Check, Report, Rule, Scope},
    rules::{self, RULES},
    system::CodeSystem,
    terminology::Terminology,
    verdict::{Judgement, Verdict, judge},
};

/// What a caller wants of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleOptions {
    /// Only these rules; empty = all.
    pub enable: Vec<String>,
    /// Not these rules. Wins over `enable`.
    pub disable: Vec<String>,
    /// Severities by rule id. Ids that no rule has are ignored. A severity for a rule that is off by default switches it
    /// on.
    pub severity: BTreeMap<String, Severity>,
    /// Issues that a person has accepted: the rule, and the codes it concerns (none = every issue of the rule).
    pub acknowledged: Vec<(String, Vec<String>)>,
    /// Genuine Excludes1 conflicts are errors.
    pub strict_excludes1: bool,
}

impl RuleOptions {
    /// Only rules that look at each code by itself.
    pub fn each_code_only() -> Self {
        let enable = RULES
            .iter()
            .filter(|rule| rule.scope == Scope::EachCode && rule.is_on)
            .map(|rule| rule.id.to_owned());
        Self { enable: enable.collect(), ..Self::default() }
    }

    /// Whether a rule is to run.
    pub fn runs(&self, rule: &Rule) -> bool {
        let named = |list: &[String]| list.iter().any(|id| id == rule.id);
        let asked = self.severity.contains_key(rule.id);
        let enabled =
            if self.enable.is_empty() { rule.is_on || asked } else { named(&self.enable) };
        enabled && !named(&self.disable)
    }
}

/// Judges every code of an encounter and runs the coding rules over it.
pub fn check_encounter(
    encounter: &Encounter,
    terminology: &Terminology,
    today: Date,
    options: &RuleOptions,
) -> EncounterReport {
    let judged = JudgedEncounter::new(encounter, terminology, today);
    check_judged(&judged, options)
}

/// Runs the coding rules over an encounter whose codes have been judged.
pub fn check_judged(judged: &JudgedEncounter<'_>, options: &RuleOptions) -> EncounterReport {
    let mut issues = Vec::new();
    let mut checks = Vec::new();
    for rule in RULES.iter().filter(|rule| options.runs(rule)) {
        let Check::Coding(check) = rule.check else { continue };
        let mut report = Report::new(rule, options);
        check(judged, &mut report);
        if let Some(reason) = unasked(rule, judged) {
            report.no_data(Reason::CodeUnavailable(reason));
        }
        if !report.looked_at {
            continue;
        }
        let found = report.issues.len();
        report.issues.retain(|issue| !is_acknowledged(issue, options));
        let bypassed = found > report.issues.len();
        let bypass = bypassed.then_some(Reason::Acknowledged).or(report.bypass);
        let (outcome, reason) = match (report.issues.is_empty(), report.missing, bypass) {
            (false, _, _) => (Outcome::Fail, None),
            (true, Some(missing), _) => (Outcome::NoData, Some(missing)),
            (true, None, Some(bypass)) => (Outcome::Bypassed, Some(bypass)),
            (true, None, None) => (Outcome::Pass, None),
        };
        if !report.issues.is_empty() {
            let source = source(rule, judged);
            // Rules of payers name the file of the payer instead.
            let unnamed = report.issues.iter_mut().filter(|issue| issue.source.is_empty());
            unnamed.for_each(|issue| issue.source.clone_from(&source));
        }
        checks.push(RuleCheck { rule: rule.id.into(), outcome, reason });
        issues.extend(report.issues);
    }
    let requirements = requirements(judged, options);
    if !requirements.is_empty() {
        checks.push(RuleCheck {
            rule: payer::PayerRuleKind::Documentation.rule().into(),
            outcome: Outcome::NoData,
            reason: Some(Reason::FactMissing("text")),
        });
    }
    for id in options.enable.iter().filter(|id| rules::find(id).is_none()) {
        let check = RuleCheck {
            rule: id.clone().into(),
            outcome: Outcome::NoData,
            reason: Some(Reason::RuleUnknown),
        };
        checks.push(check);
    }
    for issue in &mut issues {
        if let Some(severity) = options.severity.get(issue.rule.as_ref()) {
            issue.severity = *severity;
        }
    }
    overlaps::settle(&mut issues, judged.encounter.setting);
    issues.sort_by(|a, b| {
        (a.items.first(), a.severity, &a.rule).cmp(&(b.items.first(), b.severity, &b.rule))
    });
    EncounterReport { issues, checks, requirements, as_of: judged.date }
}

/// What the payer's rules ask of the text, as far as their rules are wanted.
fn requirements(judged: &JudgedEncounter<'_>, options: &RuleOptions) -> Vec<TextRequirement> {
    let mut open = payer::requirements(judged);
    open.retain(|requirement| {
        rules::find(&requirement.rule).is_some_and(|rule| options.runs(rule))
    });
    for requirement in &mut open {
        if let Some(severity) = options.severity.get(&requirement.rule) {
            requirement.severity = *severity;
        }
    }
    open
}

/// Judges one code for a date, with everything the rules about single codes report of it.
pub fn check_code<'a>(
    terminology: &'a Terminology,
    system: CodeSystem,
    text: &str,
    date: Date,
) -> (Judgement<'a>, Vec<Issue>) {
    let diagnosis = Diagnosis::new(system, text);
    let encounter = Encounter { diagnoses: vec![diagnosis], ..Encounter::default() };
    let judgement = judge(terminology, system, text, date);
    let items = vec![CodedItem { item: Item::Diagnosis(0), judgement: judgement.clone() }];
    let judged =
        JudgedEncounter::of_items(&encounter, terminology, (date, DateBasis::Asked), items);
    let report = check_judged(&judged, &RuleOptions::each_code_only());
    (judgement, report.issues)
}

/// Rules that judge the form of a code and need no code set.
const OF_FORM: [&str; 2] = ["malformed-code", "pcs-letter-i-or-o"];

/// Rules about codes of one system that say themselves what they could not ask.
const OF_ONE_SYSTEM: [&str; 2] = ["terminated-hcpcs-code", "deleted-cpt-code"];

/// Why a rule about single codes could not look at all of them: no data is never a pass.
fn unasked(rule: &Rule, judged: &JudgedEncounter<'_>) -> Option<UnavailableReason> {
    let needs_data = rule.scope == Scope::EachCode
        && !OF_FORM.contains(&rule.id)
        && !OF_ONE_SYSTEM.contains(&rule.id);
    judged.items.iter().filter(|_| needs_data).find_map(|coded| match coded.judgement.verdict {
        Verdict::Unavailable(reason) => Some(reason),
        _ => None,
    })
}

fn is_acknowledged(issue: &Issue, options: &RuleOptions) -> bool {
    options.acknowledged.iter().any(|(rule, codes)| {
        *rule == issue.rule
            && (codes.is_empty() || issue.codes.iter().all(|code| codes.contains(code)))
    })
}

/// What a rule rests on, from its documentation, and the release that answered.
fn source(rule: &Rule, judged: &JudgedEncounter<'_>) -> String {
    let rests_on = rule.section("Source").unwrap_or_default();
    let rests_on = rests_on.split_whitespace().collect::<Vec<_>>().join(" ");
    let edition = judged.terminology.edition_on(judged.date).map(|edition| edition.release.version);
    let master = judged.terminology.table(CodeSystem::Icd10Cm).map(|table| table.release().version);
    match (edition, master) {
        (Some(edition), Some(master)) => {
            format!(
                "{rests_on} ICD-10-CM {edition}, code master {master}, asked for {}.",
                judged.date
            )
        }
        _ => format!("{rests_on} Asked for {}.", judged.date),
    }
}
