//! Puts answers and words together: one list of issues at places in the text.

use std::{collections::BTreeSet, ops::Range};

use crate::{
    check::{Reason, RuleCheck},
    code_context::TermMatch,
    date::Date,
    encounter::{Item, Setting},
    fact::Fact,
    issue::{Issue, RelatedNote, Severity},
    normalize::normalize,
    note::{self, Evidence, Mention},
    overlaps::speaks_for,
    payer::TextRequirement,
    rule::{Check, Need},
    rules::RULES,
    text_check::{Finding, Mark, PragmaUses, TextFix, TextReport, TextView},
};

use super::{
    CheckSettings, Document, EncounterAnswer, EncounterRequest, Ignoring, ItemFact, edits,
    ignoring::Ways,
    pragmas,
    silencing::{self, Silenced},
    weight,
};

/// Rules that report once for a document: the first report stands for all.
const ONCE: [&str; 2] = ["missing-service-date", "code-set-not-loaded"];

/// The one rule that runs after all others.
const UNUSED_PRAGMA: &str = "unused-pragma";

/// Another place that an issue is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place, in bytes.
    pub range: Range<usize>,
    /// The code that stands there.
    pub code: String,
}

/// An issue at a place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextIssue {
    /// Id of the rule.
    pub rule: String,
    /// How much it weighs, with the cap by evidence and the user's settings applied.
    pub severity: Severity,
    /// The place, in bytes.
    pub range: Range<usize>,
    /// What is wrong and the way out.
    pub message: String,
    /// The codes concerned, the one at fault first.
    pub codes: Vec<String>,
    /// The mention at fault; `None` for issues about comments.
    pub mention: Option<usize>,
    /// Other places it is about.
    pub related: Vec<Related>,
    /// Notes that it rests on.
    pub notes: Vec<RelatedNote>,
    /// Proposed changes of the text, best first.
    pub fixes: Vec<TextFix>,
    /// The changes of the text that silence it, where a comment can stand. Empty for what is silenced.
    pub ignoring: Ignoring,
    /// What the rule rests on.
    pub source: String,
}

/// Everything that is to be said of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assembly {
    /// The issues in text order.
    pub issues: Vec<TextIssue>,
    /// What was accepted by comments in the text or by the settings, in text order.
    pub silenced: Vec<Silenced>,
    /// What was learned of each mention; `None` where nothing was asked.
    pub facts: Vec<Option<ItemFact>>,
    /// At least one question had no answer: what is missing is not right.
    pub incomplete: bool,
}

pub(super) fn assemble(
    document: &Document<'_>,
    answers: &[EncounterAnswer],
    settings: &CheckSettings,
) -> Assembly {
    let mut assembly =
        Assembly { facts: vec![None; document.note.mentions.len()], ..Assembly::default() };
    let mut issues = Vec::new();
    let mut learned = Learned {
        terms: Vec::new(),
        requirements: Vec::new(),
        dates: vec![None; document.note.encounters.len()],
        reported: vec![false; document.note.mentions.len()],
        checks: Vec::new(),
    };
    for (request, answer) in document.requests.iter().zip(answers) {
        match answer {
            EncounterAnswer::Unavailable => assembly.incomplete = true,
            EncounterAnswer::Answered {
                issues: found,
                facts,
                checks,
                requirements,
                terms,
                as_of,
            } => {
                learned.take(document, request, terms, *as_of);
                learned.ask(document, request, requirements);
                learned.checks.extend_from_slice(checks);
                for (mention, fact) in request.mentions.iter().zip(facts) {
                    assembly.facts[*mention] = Some(fact.clone());
                }
                issues.extend(
                    found
                        .iter()
                        .filter_map(|issue| place(document, request, issue, &assembly.facts)),
                );
            }
        }
    }
    let unloaded: BTreeSet<Need> =
        learned.checks.iter().filter_map(|check| missing_table(check, settings)).collect();
    issues.extend(about_words(document, &assembly.facts, &learned, settings, None));
    issues.extend(not_loaded(document, &unloaded));
    settle(document, &mut issues);
    let mut uses = silencing::Uses::new(document);
    for issue in &issues {
        uses.note(issue);
    }
    if let Some(uses) = uses.finish(&learned.checks, &assembly.facts, assembly.incomplete) {
        issues.extend(about_words(document, &assembly.facts, &learned, settings, Some(&uses)));
    }
    weight::weigh(document, &mut issues, &assembly.facts, settings);
    if document.note.is_template && !document.note.is_signed {
        // The date is filled in with the rest.
        issues.retain(|issue| issue.rule != "missing-service-date");
    }
    issues.sort_by(|a, b| {
        (a.range.start, a.severity, &a.rule, a.range.end).cmp(&(
            b.range.start,
            b.severity,
            &b.rule,
            b.range.end,
        ))
    });
    issues.dedup_by(|later, first| {
        later.rule == first.rule && later.range == first.range && later.codes == first.codes
    });
    keep_first_of_once(document, &mut issues);
    (assembly.issues, assembly.silenced) = silencing::part(document, issues, &settings.accepted);
    if !assembly.issues.is_empty() {
        let ways = Ways::new(document.text, &document.note);
        for issue in &mut assembly.issues {
            issue.ignoring = ways.of(issue);
        }
    }
    assembly
}

/// Brings an issue of the service to its place in the text.
fn place(
    document: &Document<'_>,
    request: &EncounterRequest,
    issue: &Issue,
    facts: &[Option<ItemFact>],
) -> Option<TextIssue> {
    let (text, note) = (document.text, &document.note);
    let first = *issue.items.first()?;
    let mention = edits::mention_of(note, request, first)?;
    if issue.rule == "icd9-code" && matches!(mention.evidence, Evidence::Dotted | Evidence::Bare) {
        // In prose V58.69 may be anything.
        return None;
    }
    let index = index_of(request, first)?;
    let fact = facts.get(index).and_then(Option::as_ref).map(|fact| fact.fact);
    if mention.evidence == Evidence::Bare && !request.each_code_only && fact != Some(Fact::Known) {
        return None;
    }
    if weight::lacks_codes(document, request, mention, &issue.rule) {
        return None;
    }
    let related =
        issue.items[1..].iter().zip(issue.codes.iter().skip(1)).filter_map(|(item, code)| {
            let range = edits::mention_of(note, request, *item)?.range.clone();
            Some(Related { range, code: code.clone() })
        });
    Some(TextIssue {
        rule: issue.rule.to_string(),
        severity: issue.severity,
        range: mention.range.clone(),
        message: issue.message.clone(),
        codes: issue.codes.clone(),
        mention: Some(index),
        related: related.collect(),
        notes: issue.notes.clone(),
        fixes: issue
            .fixes
            .iter()
            .filter_map(|fix| edits::text_fix(text, note, request, fix))
            .collect(),
        ignoring: Ignoring::default(),
        source: issue.source.clone(),
    })
}

fn index_of(request: &EncounterRequest, item: Item) -> Option<usize> {
    let position = match item {
        Item::Diagnosis(index) => index,
        Item::Line(index) => request.encounter.diagnoses.len() + index,
    };
    request.mentions.get(position).copied()
}

/// What the answers tell beside issues and facts.
struct Learned {
    terms: Vec<TermMatch>,
    /// By encounter and mention of the note.
    requirements: Vec<(usize, usize, TextRequirement)>,
    /// By encounter of the note.
    dates: Vec<Option<Date>>,
    /// By mention.
    reported: Vec<bool>,
    /// What came out of each rule, from all answers.
    checks: Vec<RuleCheck>,
}

impl Learned {
    fn ask(
        &mut self,
        document: &Document<'_>,
        request: &EncounterRequest,
        requirements: &[TextRequirement],
    ) {
        let placed = requirements.iter().filter_map(|requirement| {
            let index = index_of(request, requirement.item)?;
            let encounter = document.note.mentions.get(index)?.encounter;
            Some((encounter, index, requirement.clone()))
        });
        self.requirements.extend(placed);
    }

    fn take(
        &mut self,
        document: &Document<'_>,
        request: &EncounterRequest,
        terms: &[TermMatch],
        as_of: Date,
    ) {
        self.terms.extend_from_slice(terms);
        for index in &request.mentions {
            let Some(mention) = document.note.mentions.get(*index) else { continue };
            if let Some(date) = self.dates.get_mut(mention.encounter) {
                *date = Some(as_of);
            }
            if let Some(reported) = self.reported.get_mut(*index) {
                *reported = !request.each_code_only;
            }
        }
    }
}

/// The table that a rule has not got, when the rule is wanted.
fn missing_table(check: &RuleCheck, settings: &CheckSettings) -> Option<Need> {
    let wanted = settings.severity.get(check.rule.as_ref()) != Some(&None);
    match check.reason {
        // A note may name any payer; only one that the settings name is expected to have a file.
        Some(Reason::NotLoaded(Need::PayerFile)) if settings.payer.is_none() => None,
        Some(Reason::NotLoaded(need)) if wanted => Some(need),
        _ => None,
    }
}

/// One hint for a document: what could not be checked because tables are not installed.
fn not_loaded(document: &Document<'_>, unloaded: &BTreeSet<Need>) -> Option<TextIssue> {
    let tables: Vec<_> = unloaded.iter().map(|need| need.words()).collect();
    let is_line = |mention: &&Mention| !mention.system.is_diagnosis();
    let mentions = &document.note.mentions;
    let at = mentions.iter().find(is_line).or_else(|| mentions.first())?;
    let rules = RULES.iter().filter(|rule| rule.needs.iter().any(|need| unloaded.contains(need)));
    let rules: Vec<_> = rules.map(|rule| rule.id).collect();
    if tables.is_empty() {
        return None;
    }
    let message = format!(
        "Not installed: {}. Not checked therefore: {}. Import the files with `medcode catalog import`.",
        tables.join(", "),
        rules.join(", "),
    );
    Some(TextIssue {
        rule: "code-set-not-loaded".to_owned(),
        severity: Severity::Hint,
        range: at.range.clone(),
        message,
        codes: Vec::new(),
        mention: None,
        related: Vec::new(),
        notes: Vec::new(),
        fixes: Vec::new(),
        ignoring: Ignoring::default(),
        source: "medcode: what is not installed cannot be checked.".to_owned(),
    })
}

/// Takes out the issues about words that another issue speaks for. The service has settled its own.
fn settle(document: &Document<'_>, issues: &mut Vec<TextIssue>) {
    let described: Vec<_> = issues
        .iter()
        .map(|issue| (issue.rule.clone(), issue.codes.clone(), issue.range.clone()))
        .collect();
    issues.retain(|issue| {
        let scope = issue.mention.and_then(|index| {
            let mention = document.note.mentions.get(index)?;
            document.note.encounters.get(mention.encounter)
        });
        let inpatient = scope.is_some_and(|scope| scope.setting == Some(note::Setting::Inpatient));
        let setting = if inpatient { Setting::Inpatient } else { Setting::Unknown };
        !described.iter().any(|(rule, codes, range)| {
            *range == issue.range && speaks_for(rule, codes, &issue.rule, &issue.codes, setting)
        })
    });
}

/// Runs the rules about words; with `uses`, which are known once everything else is said, only those about comments
/// that were not needed.
fn about_words(
    document: &Document<'_>,
    facts: &[Option<ItemFact>],
    learned: &Learned,
    settings: &CheckSettings,
    uses: Option<&PragmaUses>,
) -> Vec<TextIssue> {
    let (text, note) = (document.text, &document.note);
    let marks: Vec<(usize, Mark<'_>)> = note
        .mentions
        .iter()
        .enumerate()
        .filter_map(|(index, mention)| {
            let reported = learned.reported.get(index).copied().unwrap_or_default();
            Some((index, mark(text, mention, facts.get(index)?.as_ref()?, reported)))
        })
        .collect();
    let only_marks: Vec<Mark<'_>> = marks.iter().map(|(_, mark)| mark.clone()).collect();
    let view = TextView {
        text: &document.plain,
        note,
        marks: &only_marks,
        terms: &learned.terms,
        requirements: &learned.requirements,
        dates: &learned.dates,
        settings,
        pragma_uses: uses,
    };
    let with_comments = TextView { text, ..view };
    let mut issues = Vec::new();
    for rule in RULES.iter() {
        let Check::Text(check) = rule.check else { continue };
        if uses.is_some() != (rule.id == UNUSED_PRAGMA) {
            continue;
        }
        if !rule.is_on && !matches!(settings.severity.get(rule.id), Some(Some(_))) {
            continue;
        }
        let mut report = TextReport::new(rule);
        let about_comments = pragmas::ABOUT_COMMENTS.contains(&rule.id);
        check(if about_comments { &with_comments } else { &view }, &mut report);
        issues.extend(report.findings.into_iter().map(|finding| {
            let at = marks
                .iter()
                .find(|(_, mark)| mark.mention.range == finding.range)
                .map(|(index, _)| *index);
            from_finding(text, note.mentions.as_slice(), at, finding)
        }));
    }
    issues
}

fn mark<'n>(text: &str, mention: &'n Mention, fact: &'n ItemFact, reported: bool) -> Mark<'n> {
    let normalized = normalize(mention.system, &text[mention.range.clone()]);
    Mark {
        mention,
        normalized,
        written: fact.written.clone(),
        fact: fact.fact,
        title: fact.title.as_deref(),
        context: fact.context.as_ref(),
        reported,
    }
}

fn from_finding(
    text: &str,
    mentions: &[Mention],
    mention: Option<usize>,
    mut finding: Finding,
) -> TextIssue {
    let at = mention.and_then(|index| mentions.get(index));
    if at.is_some_and(|mention| edits::is_undotted(text, mention)) {
        // X12 forbids the point.
        let edits = finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits);
        edits.for_each(|(_, written)| written.retain(|it| it != '.'));
    }
    TextIssue {
        rule: finding.rule.to_owned(),
        severity: finding.severity,
        range: finding.range,
        message: finding.message,
        codes: finding.codes,
        mention,
        related: Vec::new(),
        notes: Vec::new(),
        fixes: finding.fixes,
        ignoring: Ignoring::default(),
        source: finding.source,
    }
}

/// Rules that speak of a whole document or system keep their first report.
fn keep_first_of_once(document: &Document<'_>, issues: &mut Vec<TextIssue>) {
    let mut seen = Vec::new();
    issues.retain(|issue| {
        if !ONCE.contains(&issue.rule.as_str()) {
            return true;
        }
        let system = issue
            .mention
            .and_then(|index| document.note.mentions.get(index))
            .map(|mention| mention.system);
        let key =
            (issue.rule.clone(), if issue.rule == "missing-service-date" { None } else { system });
        let first = !seen.contains(&key);
        if first {
            seen.push(key);
        }
        first
    });
}
