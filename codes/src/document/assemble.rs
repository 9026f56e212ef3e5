//! Puts answers and words together: one list of issues at places in the text.

use std::{cell::RefCell, cmp::Ordering, collections::BTreeSet, ops::Range, sync::Arc};

use crate::{
    code_context::TermMatches,
    issue::{RelatedNote, Severity},
    note::Mention,
    rule::{Check, Need},
    rules::RULES,
    text_check::{Memo, TextFix, TextReport, TextView},
};

use super::{
    CheckSettings, Document, EncounterAnswer, Ignoring, ItemFact,
    ignoring::Ways,
    judged::{self, Asked, Judged},
    part::Part,
    pragmas::ABOUT_COMMENTS,
    silencing::{self, Silenced},
};

/// Rules that report once for a document: the first report stands for all.
const ONCE: [&str; 2] = ["missing-service-date", "code-set-not-loaded"];

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
    pub facts: Vec<Option<Arc<ItemFact>>>,
    /// At least one question had no answer: what is missing is not right.
    pub incomplete: bool,
}

pub(super) fn assemble(
    document: &Document<'_>,
    answers: Vec<Arc<EncounterAnswer>>,
    settings: &CheckSettings,
) -> Assembly {
    let settings = Arc::new(settings.clone());
    let judged = judge(document, answers, &settings);
    let mut facts = Vec::with_capacity(document.note.mentions.len());
    facts.extend(judged.iter().flat_map(|(_, judged)| judged.facts.iter().cloned()));
    let incomplete = judged.iter().any(|(_, judged)| judged.incomplete);
    let unloaded: BTreeSet<Need> =
        judged.iter().flat_map(|(_, judged)| judged.unloaded.iter().copied()).collect();
    let (mut issues, hidden) = placed(&judged, !document.note.pragmas.is_empty());
    let hint = not_loaded(document, &unloaded);
    issues.extend(hint.and_then(|hint| as_wished(hint, &settings)));
    if !document.note.pragmas.is_empty() {
        issues.extend(about_comments(document, &judged, &facts, &issues, &hidden, &settings));
    }
    if document.note.is_template && !document.note.is_signed {
        // The date is filled in with the rest.
        issues.retain(|issue| issue.rule != "missing-service-date");
    }
    issues.sort_by(in_order);
    issues.dedup_by(|later, first| {
        later.rule == first.rule && later.range == first.range && later.codes == first.codes
    });
    keep_first_of_once(document, &mut issues);
    let (mut issues, silenced) = silencing::part(document, issues, &settings.accepted);
    if !issues.is_empty() {
        let ways = Ways::new(document.text, &document.note);
        for issue in &mut issues {
            issue.ignoring = ways.of(issue);
        }
    }
    Assembly { issues, silenced, facts, incomplete }
}

/// The order in which issues are told: by place, then by weight.
pub(super) fn in_order(a: &TextIssue, b: &TextIssue) -> Ordering {
    let places = a.range.start.cmp(&b.range.start);
    places
        .then_with(|| a.severity.cmp(&b.severity))
        .then_with(|| a.rule.cmp(&b.rule))
        .then_with(|| a.range.end.cmp(&b.range.end))
}

/// What comes of the answers about each encounter.
fn judge<'d>(
    document: &'d Document<'_>,
    answers: Vec<Arc<EncounterAnswer>>,
    settings: &Arc<CheckSettings>,
) -> Vec<(&'d Part, Arc<Judged>)> {
    let parts = &document.parts.0;
    let mut asked: Vec<(Vec<Asked<'_>>, Vec<Arc<EncounterAnswer>>)> =
        parts.iter().map(|_| Default::default()).collect();
    for ((request, owner), answer) in document.requests.iter().zip(&document.owners).zip(answers) {
        if let Some(((requests, answers), part)) = asked.get_mut(*owner).zip(parts.get(*owner)) {
            requests.push(Asked { request, first: part.first });
            answers.push(answer);
        }
    }
    let vocabulary = RefCell::default();
    let of_part = |(part, (requests, answers)): (&'d Part, (Vec<Asked<'_>>, Vec<_>))| {
        (part, part.content.judge(&requests, answers, settings, &vocabulary))
    };
    parts.iter().zip(asked).map(of_part).collect()
}

/// The issues of all encounters at their places: those that the user wants to see, and with `all` the others.
fn placed(judged: &[(&Part, Arc<Judged>)], all: bool) -> (Vec<TextIssue>, Vec<TextIssue>) {
    let (mut wanted, mut hidden) = (Vec::new(), Vec::new());
    for (part, judged) in judged {
        for found in &judged.issues {
            if found.wanted {
                wanted.push(found.issue.at(part));
            } else if all {
                hidden.push(found.issue.at(part));
            }
        }
    }
    (wanted, hidden)
}

impl TextIssue {
    /// An issue of an encounter at its place in the text.
    fn at(&self, part: &Part) -> Self {
        let mut issue = self.clone();
        issue.range = part.place(&issue.range);
        issue.mention = issue.mention.map(|index| index + part.first);
        for related in &mut issue.related {
            related.range = part.place(&related.range);
        }
        for (range, _) in issue.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            *range = part.place(range);
        }
        issue
    }
}

/// Runs the rules about comments, which speak of the whole text: those that were not needed are known once everything
/// else is said.
fn about_comments(
    document: &Document<'_>,
    judged: &[(&Part, Arc<Judged>)],
    facts: &[Option<Arc<ItemFact>>],
    wanted: &[TextIssue],
    hidden: &[TextIssue],
    settings: &CheckSettings,
) -> Vec<TextIssue> {
    let (text, note) = (document.text, &*document.note);
    let mut uses = silencing::Uses::new(document);
    wanted.iter().chain(hidden).for_each(|issue| uses.note(issue));
    let uses = uses.finish(judged.iter().map(|(_, judged)| &**judged));
    let marks = judged::marks(text, note, facts, &[]);
    let view = TextView {
        text,
        note,
        marks: &marks,
        terms: &TermMatches::default(),
        uncoded: &[],
        requirements: &[],
        dates: &[],
        settings,
        pragma_uses: uses.as_ref(),
        vocabulary: &RefCell::default(),
        memo: Memo::default(),
    };
    let rules = RULES.iter().filter(|rule| ABOUT_COMMENTS.contains(&rule.id));
    let mut issues = Vec::new();
    for rule in rules.filter(|rule| judged::runs(rule, settings)) {
        let Check::Text(check) = rule.check else { continue };
        let mut report = TextReport::new(rule);
        check(&view, &mut report);
        let found = report.findings.into_iter();
        let found = found.map(|finding| judged::from_finding(text, &note.mentions, None, finding));
        issues.extend(found.filter_map(|issue| as_wished(issue, settings)));
    }
    issues
}

/// An issue that is about no code, with the severity that the user wants. `None` where the rule is switched off.
fn as_wished(mut issue: TextIssue, settings: &CheckSettings) -> Option<TextIssue> {
    if let Some(wish) = settings.severity.get(&issue.rule) {
        issue.severity = (*wish)?;
    }
    Some(issue)
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
