//! What comes of the answers about one encounter: its issues at places in its text, from codes and from words.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    check::{Outcome, Reason, RuleCheck},
    code_context::TermMatches,
    date::Date,
    encounter::{Item, Setting},
    fact::Fact,
    issue::Issue,
    normalize::normalize,
    note::{self, Evidence, Mention},
    overlaps::speaks_for,
    payer::TextRequirement,
    rule::{Check, Need, Rule},
    rules::{self, RULES},
    text_check::{Finding, Mark, Memo, TextReport, TextView},
    words::vocabulary::Vocabulary,
};

use super::{
    CheckSettings, EncounterAnswer, EncounterRequest, Ignoring, ItemFact,
    assemble::{Related, TextIssue, in_order},
    edits,
    part::Content,
    pragmas::ABOUT_COMMENTS,
    weight::{self, Weight},
};

/// What comes of the answers about an encounter. Ranges and mentions count from its beginning.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// The issues in text order.
    pub(super) issues: Vec<Found>,
    /// By mention.
    pub(super) facts: Vec<Option<Arc<ItemFact>>>,
    /// Tables that wanted rules have not got.
    pub(super) unloaded: BTreeSet<Need>,
    /// Rules that could not tell.
    pub(super) undecided: BTreeSet<String>,
    /// Rules of payers that had something to look at.
    pub(super) payer_rules: BTreeSet<&'static str>,
    /// A question had no answer.
    pub(super) incomplete: bool,
}

/// An issue, and whether the user wants to see it.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) issue: TextIssue,
    pub(super) wanted: bool,
}

impl Judged {
    pub(super) fn new(
        content: &Content,
        requests: &[Asked<'_>],
        answers: &[Arc<EncounterAnswer>],
        settings: &CheckSettings,
        vocabulary: &RefCell<Vocabulary>,
    ) -> Self {
        let mentions = content.note.mentions.len();
        let mut judged = Self { facts: vec![None; mentions], ..Self::default() };
        let mut learned = Learned { reported: vec![false; mentions], ..Learned::default() };
        let mut asked_together = vec![false; mentions];
        let mut issues = Vec::new();
        for (asked, answer) in requests.iter().zip(answers) {
            if !asked.request.each_code_only {
                for index in asked.mentions() {
                    if let Some(together) = asked_together.get_mut(index) {
                        *together = true;
                    }
                }
            }
            let EncounterAnswer::Answered {
                issues: found,
                facts,
                checks,
                requirements,
                terms,
                as_of,
            } = &**answer
            else {
                judged.incomplete = true;
                continue;
            };
            if !asked.request.term_buckets.is_empty() {
                learned.terms = Some(terms);
            }
            learned.take(asked, *as_of);
            learned.ask(asked, requirements);
            judged.take_checks(checks, settings);
            for (mention, fact) in asked.mentions().zip(facts) {
                if let Some(known) = judged.facts.get_mut(mention) {
                    *known = Some(fact.clone());
                }
            }
            let unread = weight::Unread::new(content, asked);
            issues.extend(
                found
                    .iter()
                    .filter_map(|issue| place(content, asked, issue, &judged.facts, &unread)),
            );
        }
        issues.extend(about_words(content, &judged.facts, &learned, settings, vocabulary));
        settle(content, &mut issues);
        let weight = Weight { content, facts: &judged.facts, asked_together: &asked_together };
        judged.issues = issues.into_iter().map(|issue| weight.weigh(issue, settings)).collect();
        judged.issues.sort_by(|a, b| in_order(&a.issue, &b.issue));
        judged
    }

    fn take_checks(&mut self, checks: &[RuleCheck], settings: &CheckSettings) {
        self.unloaded.extend(checks.iter().filter_map(|check| missing_table(check, settings)));
        for check in checks {
            if check.outcome == Outcome::NoData && !self.undecided.contains(&*check.rule) {
                self.undecided.insert(check.rule.to_string());
            }
            let of_payer = rules::PAYER.rules.iter().find(|rule| rule.id == check.rule);
            self.payer_rules.extend(of_payer.map(|rule| rule.id));
        }
    }
}

/// A question with the number of mentions before its encounter.
#[derive(Clone, Copy)]
pub(super) struct Asked<'r> {
    pub(super) request: &'r EncounterRequest,
    pub(super) first: usize,
}

impl Asked<'_> {
    /// The mentions of the encounter that are asked about.
    pub(super) fn mentions(&self) -> impl Iterator<Item = usize> {
        self.request.mentions.iter().filter_map(|index| index.checked_sub(self.first))
    }

    /// The mention of the encounter that an item stands for.
    pub(super) fn index_of(&self, item: Item) -> Option<usize> {
        let position = match item {
            Item::Diagnosis(index) => index,
            Item::Line(index) => self.request.encounter.diagnoses.len() + index,
        };
        self.request.mentions.get(position)?.checked_sub(self.first)
    }

    /// The same as a mention of a note.
    pub(super) fn mention_of<'n>(&self, note: &'n note::Note, item: Item) -> Option<&'n Mention> {
        note.mentions.get(self.index_of(item)?)
    }
}

/// Brings an issue of the service to its place in the text.
fn place(
    content: &Content,
    asked: &Asked<'_>,
    issue: &Issue,
    facts: &[Option<Arc<ItemFact>>],
    unread: &weight::Unread<'_>,
) -> Option<TextIssue> {
    let (text, note) = (&*content.text, &content.note);
    let first = *issue.items.first()?;
    let index = asked.index_of(first)?;
    let mention = note.mentions.get(index)?;
    if issue.rule == "icd9-code" && matches!(mention.evidence, Evidence::Dotted | Evidence::Bare) {
        // In prose V58.69 may be anything.
        return None;
    }
    let fact = facts.get(index).and_then(Option::as_ref);
    let is_known = fact.is_some_and(|fact| fact.fact == Fact::Known);
    if mention.evidence == Evidence::Bare && !asked.request.each_code_only && !is_known {
        return None;
    }
    if unread.hides(mention, &issue.rule) {
        return None;
    }
    let related =
        issue.items[1..].iter().zip(issue.codes.iter().skip(1)).filter_map(|(item, code)| {
            let range = asked.mention_of(note, *item)?.range.clone();
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
            .filter_map(|fix| edits::text_fix(text, note, asked, fix))
            .collect(),
        ignoring: Ignoring::default(),
        source: issue.source.clone(),
    })
}

/// What the answers tell beside issues and facts.
#[derive(Default)]
struct Learned<'a> {
    /// One question of an encounter asks for them.
    terms: Option<&'a TermMatches>,
    /// By encounter, of which there is one, and mention.
    requirements: Vec<(usize, usize, TextRequirement)>,
    date: Option<Date>,
    /// By mention.
    reported: Vec<bool>,
}

impl Learned<'_> {
    fn ask(&mut self, asked: &Asked<'_>, requirements: &[TextRequirement]) {
        self.requirements.extend(requirements.iter().filter_map(|requirement| {
            Some((0, asked.index_of(requirement.item)?, requirement.clone()))
        }));
    }

    fn take(&mut self, asked: &Asked<'_>, as_of: Date) {
        for index in asked.mentions() {
            self.date = Some(as_of);
            if let Some(reported) = self.reported.get_mut(index) {
                *reported = !asked.request.each_code_only;
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

/// Takes out the issues about words that another issue speaks for. The service has settled its own.
fn settle(content: &Content, issues: &mut Vec<TextIssue>) {
    let mut at: HashMap<(usize, usize), Vec<&TextIssue>> = HashMap::new();
    for issue in &*issues {
        at.entry((issue.range.start, issue.range.end)).or_default().push(issue);
    }
    let scope = content.note.encounters.first();
    let inpatient = scope.is_some_and(|scope| scope.setting == Some(note::Setting::Inpatient));
    let is_spoken_for = |issue: &TextIssue| {
        let inpatient = inpatient && issue.mention.is_some();
        let setting = if inpatient { Setting::Inpatient } else { Setting::Unknown };
        let mut others = at.get(&(issue.range.start, issue.range.end)).into_iter().flatten();
        others.any(|it| speaks_for(&it.rule, &it.codes, &issue.rule, &issue.codes, setting))
    };
    let mut spoken_for = issues.iter().map(is_spoken_for).collect::<Vec<_>>().into_iter();
    issues.retain(|_| spoken_for.next() != Some(true));
}

/// Runs the rules about words.
fn about_words(
    content: &Content,
    facts: &[Option<Arc<ItemFact>>],
    learned: &Learned<'_>,
    settings: &CheckSettings,
    vocabulary: &RefCell<Vocabulary>,
) -> Vec<TextIssue> {
    let (text, note) = (content.plain(), &content.note);
    let marks = marks(text, note, facts, &learned.reported);
    let none = TermMatches::default();
    let view = TextView {
        text,
        note,
        marks: &marks,
        terms: learned.terms.unwrap_or(&none),
        uncoded: &content.uncoded,
        requirements: &learned.requirements,
        dates: &[learned.date],
        settings,
        pragma_uses: None,
        vocabulary,
        memo: Memo::default(),
    };
    let wanted = RULES.iter().filter(|rule| !ABOUT_COMMENTS.contains(&rule.id));
    let mut issues = Vec::new();
    for rule in wanted.filter(|rule| runs(rule, settings)) {
        let Check::Text(check) = rule.check else { continue };
        let mut report = TextReport::new(rule);
        check(&view, &mut report);
        issues.extend(report.findings.into_iter().map(|finding| {
            let at = note.mentions.binary_search_by_key(&finding.range.start, |it| it.range.start);
            let at = at.ok().filter(|index| {
                note.mentions[*index].range == finding.range
                    && facts.get(*index).is_some_and(Option::is_some)
            });
            from_finding(text, &note.mentions, at, finding)
        }));
    }
    issues
}

/// Whether the user wants a rule about words.
pub(super) fn runs(rule: &Rule, settings: &CheckSettings) -> bool {
    rule.is_on || matches!(settings.severity.get(rule.id), Some(Some(_)))
}

/// The mentions of which something was learned, with what it was.
pub(super) fn marks<'n>(
    text: &str,
    note: &'n note::Note,
    facts: &'n [Option<Arc<ItemFact>>],
    reported: &[bool],
) -> Vec<Mark<'n>> {
    let known = note.mentions.iter().zip(facts).enumerate();
    let known = known.filter_map(|(index, (mention, fact))| {
        let reported = reported.get(index).copied().unwrap_or_default();
        Some(mark(text, (index, mention), fact.as_ref()?, reported))
    });
    known.collect()
}

fn mark<'n>(
    text: &str,
    (index, mention): (usize, &'n Mention),
    fact: &'n ItemFact,
    reported: bool,
) -> Mark<'n> {
    Mark {
        index,
        mention,
        normalized: normalize(mention.system, &text[mention.range.clone()]),
        written: fact.written.clone(),
        fact: fact.fact,
        title: fact.title.as_deref(),
        context: fact.context.as_deref(),
        reported,
    }
}

/// An issue from what a rule about words has found.
pub(super) fn from_finding(
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
