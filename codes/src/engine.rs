//! Runs the rules over an encounter.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::{
    check::{EncounterReport, Outcome, Reason, RuleCheck},
    date::{Date, iso},
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

mod category;
mod cues;
mod good_codes;
mod rule_set;

use rule_set::RuleSet;

/// What a caller wants of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleOptions {
    /// Only these rules; empty = all. The id of a family stands for those of its rules that are on by default.
    pub enable: Vec<String>,
    /// Not these rules or families. Wins over `enable`.
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
        let in_named = |list: &[String]| {
            !list.is_empty() && {
                let family = rules::family(rule);
                list.iter().any(|id| id == family.id)
            }
        };
        let is_on = rule.is_on || self.severity.contains_key(rule.id);
        let enabled = if self.enable.is_empty() {
            is_on
        } else {
            named(&self.enable) || is_on && in_named(&self.enable)
        };
        enabled && !named(&self.disable) && !in_named(&self.disable)
    }

    /// Whether a person has accepted what a rule reports of these codes.
    pub fn acknowledges(&self, rule: &str, codes: &[String]) -> bool {
        self.acknowledged.iter().any(|(accepted, of)| {
            accepted == rule && (of.is_empty() || codes.iter().all(|code| of.contains(code)))
        })
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
    check_looking(judged, options, RuleSet::wanted(options))
}

/// Runs those of some rules that have anything to look at, as far as they have to be asked.
fn check_looking(
    judged: &JudgedEncounter<'_>,
    options: &RuleOptions,
    rules: RuleSet,
) -> EncounterReport {
    let looking = rules.without_others(&cues::looking(judged));
    check_rules(judged, options, looking, good_codes::passing(judged))
}

/// The same with every rule that is wanted asked. For comparison only.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn ask_every_rule(
    judged: &JudgedEncounter<'_>,
    options: &RuleOptions,
) -> EncounterReport {
    check_rules(judged, options, RuleSet::wanted(options), RuleSet::default())
}

/// Runs some of the rules; those that are `passing` are not asked.
fn check_rules(
    judged: &JudgedEncounter<'_>,
    options: &RuleOptions,
    rules: RuleSet,
    passing: RuleSet,
) -> EncounterReport {
    let mut issues = Vec::new();
    let mut checks = Vec::with_capacity(USUAL_CHECKS);
    let unasked = unasked(judged);
    let mut asked_for = None;
    for (index, rule) in rules.iter() {
        if passing.contains(index) {
            checks.push(RuleCheck::passed(rule.id));
            continue;
        }
        let Check::Coding(check) = rule.check else { continue };
        let mut report = Report::new(rule, options);
        check(judged, &mut report);
        if let Some(reason) = unasked.filter(|_| needs_codes(rule)) {
            report.no_data(Reason::CodeUnavailable(reason));
        }
        if !report.looked_at {
            continue;
        }
        // What most rules come to.
        if report.has_passed() {
            checks.push(RuleCheck::passed(rule.id));
            continue;
        }
        let found = report.issues.len();
        report.issues.retain(|issue| !options.acknowledges(&issue.rule, &issue.codes));
        let bypassed = found > report.issues.len();
        let bypass = bypassed.then_some(Reason::Acknowledged).or(report.bypass);
        let (outcome, reason) = match (report.issues.is_empty(), report.missing, bypass) {
            (false, _, _) => (Outcome::Fail, None),
            (true, Some(missing), _) => (Outcome::NoData, Some(missing)),
            (true, None, Some(bypass)) => (Outcome::Bypassed, Some(bypass)),
            (true, None, None) => (Outcome::Pass, None),
        };
        if !report.issues.is_empty() {
            let asked_for: &String = asked_for.get_or_insert_with(|| releases(judged));
            let rests_on = RESTS_ON.get(index).map_or("", String::as_str);
            // Rules of payers name the file of the payer instead.
            let unnamed = report.issues.iter_mut().filter(|issue| issue.source.is_empty());
            unnamed.for_each(|issue| issue.source = [rests_on, " ", asked_for].concat());
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
    for id in options.enable.iter().filter(|id| !rules::is_known(id)) {
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
    let judgement = judge(terminology, system, text, date);
    let issues = check_judgement(terminology, text, &judgement);
    (judgement, issues)
}

/// Everything that the rules about single codes report of a code that has been judged. `text` is what was judged.
pub fn check_judgement<'a>(
    terminology: &'a Terminology,
    text: &str,
    judgement: &Judgement<'a>,
) -> Vec<Issue> {
    let diagnosis = Diagnosis::new(judgement.system, text);
    let encounter = Encounter { diagnoses: vec![diagnosis], ..Encounter::default() };
    let items = vec![CodedItem { item: Item::Diagnosis(0), judgement: judgement.clone() }];
    let date = (judgement.date, DateBasis::Asked);
    let judged = JudgedEncounter::of_items(&encounter, terminology, date, items);
    let (options, rules) = &*EACH_CODE;
    check_looking(&judged, options, *rules).issues
}

/// Only rules that look at each code by itself.
static EACH_CODE: LazyLock<(RuleOptions, RuleSet)> = LazyLock::new(|| {
    let options = RuleOptions::each_code_only();
    let rules = RuleSet::wanted(&options);
    (options, rules)
});

/// Rules that judge the form of a code and need no code set.
const OF_FORM: [&str; 2] = ["malformed-code", "pcs-letter-i-or-o"];

/// Rules about codes of one system that say themselves what they could not ask.
const OF_ONE_SYSTEM: [&str; 2] = ["terminated-hcpcs-code", "deleted-cpt-code"];

/// Why some code could not be asked.
fn unasked(judged: &JudgedEncounter<'_>) -> Option<UnavailableReason> {
    judged.items.iter().find_map(|coded| match coded.judgement.verdict {
        Verdict::Unavailable(reason) => Some(reason),
        _ => None,
    })
}

/// Whether a rule about single codes could not look at those that could not be asked: no data is never a pass.
fn needs_codes(rule: &Rule) -> bool {
    rule.scope == Scope::EachCode
        && !OF_FORM.contains(&rule.id)
        && !OF_ONE_SYSTEM.contains(&rule.id)
}

/// So many rules have something to look at in most encounters.
const USUAL_CHECKS: usize = 40;

/// What each rule rests on, from its documentation, in the order of the rules.
static RESTS_ON: LazyLock<Vec<String>> = LazyLock::new(|| {
    let squeezed = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    RULES.iter().map(|rule| squeezed(rule.section("Source").unwrap_or_default())).collect()
});

/// The releases that answered, and the day.
fn releases(judged: &JudgedEncounter<'_>) -> String {
    let edition = judged.terminology.edition_on(judged.date).map(|edition| edition.release.version);
    let master = judged.terminology.table(CodeSystem::Icd10Cm).map(|table| table.release().version);
    match (edition, master) {
        (Some(edition), Some(master)) => {
            let [edition, master, date] = [edition, master, judged.date].map(iso);
            ["ICD-10-CM ", &edition, ", code master ", &master, ", asked for ", &date, "."].concat()
        }
        _ => format!("Asked for {}.", judged.date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rules::family, testing::sample};

    fn runs(enable: &[&str], disable: &[&str]) -> Vec<&'static Rule> {
        let list = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let options =
            RuleOptions { enable: list(enable), disable: list(disable), ..RuleOptions::default() };
        RULES.iter().copied().filter(|rule| options.runs(rule)).collect()
    }

    #[test]
    fn a_family_stands_for_its_rules_that_are_on() {
        let found = runs(&["validity"], &["expired-code"]);
        assert!(found.iter().all(|rule| rule.is_on && family(rule).id == "validity"));
        assert!(found.iter().any(|rule| rule.id == "unknown-code"));
        assert!(found.iter().all(|rule| rule.id != "expired-code"));
        let found = runs(&["unknown-code"], &["validity"]);
        assert!(found.is_empty(), "what is switched off wins");
        let found = runs(&[], &["validity", "no-such-family"]);
        assert!(!found.is_empty() && found.iter().all(|rule| family(rule).id != "validity"));
    }

    /// What every rule says, asked one by one whether or not it has a cue.
    #[test]
    fn no_rule_speaks_without_its_cue() {
        let codes: Vec<String> = sample()
            .table(CodeSystem::Icd10Cm)
            .unwrap()
            .iter()
            .map(|it| it.key().to_string())
            .collect();
        let day = jiff::civil::date(2026, 4, 1);
        let options = RuleOptions {
            severity: RULES.iter().map(|rule| (rule.id.to_owned(), rule.severity)).collect(),
            ..RuleOptions::default()
        };
        // Strides that have no divisor in common with the number of codes bring every code beside many others.
        for stride in [1, 7, 13, 101, 1009] {
            for first in 0..codes.len() {
                let at = |number: usize| codes[(first + number * stride) % codes.len()].as_str();
                let diagnoses = (0..4).map(|it| Diagnosis::new(CodeSystem::Icd10Cm, at(it)));
                let encounter = Encounter {
                    diagnoses: diagnoses.collect(),
                    service_date: Some(day),
                    ..Encounter::default()
                };
                let judged = JudgedEncounter::new(&encounter, sample(), day);
                let asked = check_judged(&judged, &options);
                assert_eq!(asked, ask_every_rule(&judged, &options));
            }
        }
    }

    #[test]
    fn a_rule_that_is_off_has_to_be_named() {
        for rule in RULES.iter().filter(|rule| !rule.is_on) {
            assert!(runs(&[], &[]).iter().all(|found| found.id != rule.id));
            assert!(runs(&[family(rule).id], &[]).iter().all(|found| found.id != rule.id));
            assert!(runs(&[rule.id], &[]).iter().any(|found| found.id == rule.id));
        }
    }
}
