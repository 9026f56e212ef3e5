//! What rules about words see of a note, and what they report.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    ops::Range,
    rc::Rc,
    sync::LazyLock,
};

use crate::{
    code_context::{CodeContext, TermMatches},
    date::Date,
    described::uncoded,
    document::CheckSettings,
    fact::Fact,
    issue::Severity,
    normalize::Normalized,
    note::{EncounterScope, Mention, Note},
    payer::TextRequirement,
    rule::Rule,
    rules::RULES,
    words::{Statement, prose::Prose, vocabulary::Vocabulary},
};

mod about;
mod prose;
mod visit_time;

pub use about::About;
pub use visit_time::{Stated, Visit};

/// A mention with what was learned of its code.
#[derive(Clone, Debug)]
pub struct Mark<'n> {
    /// The number of the mention in its note.
    pub index: usize,
    /// Where and how the code stands in the note.
    pub mention: &'n Mention,
    /// What the text was reduced to.
    pub normalized: Normalized,
    /// The code as its system writes it.
    pub written: String,
    /// What could be learned of the code.
    pub fact: Fact,
    /// The official title, where one is installed.
    pub title: Option<&'n str>,
    /// What stands around the code in its code set.
    pub context: Option<&'n CodeContext>,
    /// Whether it was sent as reported: it has a label, a structure or a description, and stands in no section of the
    /// past. Codes that are only mentioned are not.
    pub reported: bool,
}

/// A note with its marks, in text order.
#[derive(Debug)]
pub struct TextView<'n> {
    /// The text.
    pub text: &'n str,
    /// What was found in it.
    pub note: &'n Note,
    /// Every code, in text order.
    pub marks: &'n [Mark<'n>],
    /// Codes that the service knows for descriptions of the text.
    pub terms: &'n TermMatches,
    /// Items of an assessment that have no code.
    pub uncoded: &'n [uncoded::Item],
    /// What the rules of payers ask of the text, each with the encounter of the note and the mention that it is about.
    pub requirements: &'n [(usize, usize, TextRequirement)],
    /// The date that counts for each encounter of the note; `None` where nothing was asked for it.
    pub dates: &'n [Option<Date>],
    /// What the user wants.
    pub settings: &'n CheckSettings,
    /// What the comments of the note were good for; `None` as long as other rules still report.
    pub pragma_uses: Option<&'n PragmaUses>,
    /// The words of the document that were read.
    pub vocabulary: &'n RefCell<Vocabulary>,
    /// What one rule has read and the next need not read again.
    pub memo: Memo<'n>,
}

/// What was read of ranges, each once.
type ByRange<T> = RefCell<HashMap<(usize, usize), T, foldhash::fast::RandomState>>;

/// What rules have read of the encounters of a note, so that each is read once.
#[derive(Debug, Default)]
pub struct Memo<'n> {
    prose: RefCell<HashMap<usize, Rc<Prose<'n>>>>,
    said: ByRange<Rc<Vec<Statement<'n>>>>,
    about: ByRange<About>,
}

/// What the comments of a note were good for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PragmaUses {
    /// By pragma of the note, then by the rules it names (one entry for `unrelated`): it accepted an issue.
    pub used: Vec<Vec<bool>>,
    /// Rules that could not be asked, so that nobody knows what they would have reported.
    pub undecided: BTreeSet<String>,
}

impl<'n> TextView<'n> {
    /// The marks of one encounter of the note, in text order.
    pub fn marks_of(&self, encounter: usize) -> impl Iterator<Item = &'n Mark<'n>> {
        let start = self.marks.partition_point(|mark| mark.mention.encounter < encounter);
        self.marks[start..].iter().take_while(move |mark| mark.mention.encounter == encounter)
    }

    /// What is known of the encounter that a mark stands in.
    pub fn scope_of(&self, mark: &Mark<'_>) -> Option<&'n EncounterScope> {
        self.note.encounters.get(mark.mention.encounter)
    }

    /// The date that counts for a mark.
    pub fn date_of(&self, mark: &Mark<'_>) -> Option<Date> {
        self.dates.get(mark.mention.encounter).copied().flatten()
    }
}

/// A proposed change of the text. Ranges are bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFix {
    /// What it does, for a menu.
    pub title: String,
    /// It only spells the same code anew: may be applied in bulk.
    pub safe: bool,
    /// Ranges and the text to put there, applied together.
    pub edits: Vec<(Range<usize>, String)>,
}

/// Something a rule reports at a place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The place, in bytes.
    pub range: Range<usize>,
    /// What is wrong and the way out.
    pub message: String,
    /// The codes concerned, as their systems write them.
    pub codes: Vec<String>,
    /// Proposed changes, best first.
    pub fixes: Vec<TextFix>,
    /// What the rule rests on.
    pub source: String,
}

impl Finding {
    /// Sets another severity than the rule's own.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Proposes to write another code in place of that of the mark. Changes the meaning, so it is never applied in bulk.
    pub fn replace(&mut self, mark: &Mark<'_>, code: &str, title: &str) -> &mut Self {
        let title = format!("Replace by {code} {title}").trim_end().to_owned();
        let edits = vec![(mark.mention.range.clone(), code.to_owned())];
        self.fixes.push(TextFix { title, safe: false, edits });
        self
    }
}

/// Collects what one text rule reports.
#[derive(Debug)]
pub struct TextReport {
    rule: &'static str,
    severity: Severity,
    pub(crate) findings: Vec<Finding>,
}

/// What each rule rests on, by its id.
static SOURCES: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let source = |rule: &Rule| {
        let written = rule.section("Source").unwrap_or_default();
        written.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    RULES.iter().map(|rule| (rule.id, source(rule))).collect()
});

impl TextReport {
    pub(crate) fn new(rule: &Rule) -> Self {
        Self { rule: rule.id, severity: rule.severity, findings: Vec::new() }
    }

    /// Reports an issue at a place.
    pub fn fail(&mut self, range: Range<usize>, message: String) -> &mut Finding {
        self.findings.push(Finding {
            rule: self.rule,
            severity: self.severity,
            range,
            message,
            codes: Vec::new(),
            fixes: Vec::new(),
            source: SOURCES.get(self.rule).cloned().unwrap_or_default(),
        });
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// Reports an issue about a code, at its place.
    pub fn fail_on(&mut self, mark: &Mark<'_>, message: String) -> &mut Finding {
        let finding = self.fail(mark.mention.range.clone(), message);
        finding.codes.push(mark.written.clone());
        finding
    }

    /// Reports that a code should be spelled in its normal form; the fix is safe.
    pub fn respell(&mut self, mark: &Mark<'_>, message: String) {
        let range = mark.mention.range.clone();
        let fix = TextFix {
            title: format!("Write {}", mark.written),
            safe: true,
            edits: vec![(range.clone(), mark.written.clone())],
        };
        let finding = self.fail(range, message);
        finding.codes.push(mark.written.clone());
        finding.fixes.push(fix);
    }
}
