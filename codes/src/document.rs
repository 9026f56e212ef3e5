//! From a text to its issues: what to ask of the code service, and what the answers mean for the text.
//!
//! The language server, `medcode check` and the document service share these steps; only the asking differs. Codes
//! and facts leave through [`Document::requests`], text never does.

use crate::{
    check::RuleCheck,
    code_context::{CodeContext, TermMatch},
    date::Date,
    encounter::{Encounter, JudgedEncounter},
    engine::{RuleOptions, check_judged},
    fact::Fact,
    issue::Issue,
    note::{Note, scan},
    payer::{PayerRules, TextRequirement},
    rule::Scope,
    rules,
    terminology::Terminology,
    verdict::judge,
};

mod assemble;
mod edits;
mod pragmas;
mod requests;

pub use assemble::{Assembly, Related, TextIssue};

/// A text, scanned, with what has to be asked about it.
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    note: Note,
    requests: Vec<EncounterRequest>,
}

/// One question to the code service. Holds codes and facts, no text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EncounterRequest {
    /// What to check.
    pub encounter: Encounter,
    /// Only rules about single codes: these codes are mentioned, not reported together.
    pub each_code_only: bool,
    /// The day by which it is judged when it states no date; `None` = today.
    pub as_of: Option<Date>,
    /// Rules that are off by default and wanted here.
    pub switched_on: Vec<String>,
    /// Genuine Excludes1 conflicts are errors.
    pub strict_excludes1: bool,
    /// Buckets of descriptions that stand in the text, for which codes with such a title are wanted; see
    /// [`crate::code_context::TermMatch`]. Sorted, each once.
    pub term_buckets: Vec<u16>,
    /// The mention each diagnosis stands for, then each line: indices into [`Note::mentions`].
    pub mentions: Vec<usize>,
}

/// What was learned of one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemFact {
    /// Known, unknown, or not to be asked.
    pub fact: Fact,
    /// The code as its system writes it.
    pub written: String,
    /// The official title, where one is installed.
    pub title: Option<String>,
    /// What stands around the code in its code set, for rules about words. `None` where nothing is known.
    pub context: Option<CodeContext>,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncounterAnswer {
    /// The service answered.
    Answered {
        /// Everything reported.
        issues: Vec<Issue>,
        /// Every rule that had something to look at.
        checks: Vec<RuleCheck>,
        /// One for each diagnosis, then one for each line.
        facts: Vec<ItemFact>,
        /// What the payer's rules ask of the text.
        requirements: Vec<TextRequirement>,
        /// Codes whose titles or terms fall into the buckets that were asked for.
        terms: Vec<TermMatch>,
        /// The date that was used.
        as_of: Date,
    },
    /// The service could not be asked. Nothing is reported then: "could not ask" is never "does not exist".
    Unavailable,
}

/// What the user wants of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckSettings {
    /// Severities by rule id; `None` switches a rule off. The cap by evidence applies all the same.
    pub severity: std::collections::BTreeMap<String, Option<crate::issue::Severity>>,
    /// Genuine Excludes1 conflicts are errors.
    pub strict_excludes1: bool,
    /// The payer whose rules apply where the text names none.
    pub payer: Option<String>,
}

impl<'t> Document<'t> {
    /// Scans a text and prepares the questions.
    pub fn new(text: &'t str) -> Self {
        let note = scan(text);
        let requests = requests::of(text, &note);
        Self { text, note, requests }
    }

    /// The same; encounters of the text without a date are judged as of `date` instead of today.
    pub fn as_of(text: &'t str, date: Date) -> Self {
        let mut document = Self::new(text);
        for request in &mut document.requests {
            request.as_of = Some(date);
        }
        document
    }

    /// The same with what the user wants: the questions ask for rules that are off by default, and name the payer.
    #[must_use]
    pub fn with_settings(mut self, settings: &CheckSettings) -> Self {
        let on = settings.severity.iter().filter(|(_, severity)| severity.is_some());
        let on = on.filter(|(id, _)| rules::find(id).is_some_and(|rule| !rule.is_on));
        let on: Vec<String> = on.map(|(id, _)| id.clone()).collect();
        for request in &mut self.requests {
            request.switched_on.clone_from(&on);
            request.strict_excludes1 = settings.strict_excludes1;
            if request.encounter.payer.is_none() {
                request.encounter.payer.clone_from(&settings.payer);
            }
        }
        self
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// What was found in the text.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The questions, one or two for each encounter of the text.
    pub fn requests(&self) -> &[EncounterRequest] {
        &self.requests
    }

    /// Puts the answers, in the order of the questions, together with the rules about words.
    pub fn assemble(&self, answers: &[EncounterAnswer], settings: &CheckSettings) -> Assembly {
        assemble::assemble(self, answers, settings)
    }
}

impl EncounterRequest {
    /// The rules to run for this question.
    pub fn options(&self) -> RuleOptions {
        let mut options = if self.each_code_only {
            RuleOptions::each_code_only()
        } else {
            RuleOptions::default()
        };
        options.strict_excludes1 = self.strict_excludes1;
        let wanted = self.switched_on.iter().filter_map(|id| rules::find(id));
        for rule in wanted.filter(|rule| !self.each_code_only || rule.scope == Scope::EachCode) {
            options.severity.insert(rule.id.to_owned(), rule.severity);
            if self.each_code_only {
                options.enable.push(rule.id.to_owned());
            }
        }
        options
    }

    /// Answers from a terminology at hand, as the service does.
    pub fn answer(&self, terminology: &Terminology, today: Date) -> EncounterAnswer {
        self.answer_with(terminology, PayerRules::NONE, today)
    }

    /// The same with rules of payers.
    pub fn answer_with(
        &self,
        terminology: &Terminology,
        payers: &PayerRules,
        today: Date,
    ) -> EncounterAnswer {
        let today = self.as_of.unwrap_or(today);
        let judged = JudgedEncounter::new(&self.encounter, terminology, today).with_payers(payers);
        let report = check_judged(&judged, &self.options());
        let diagnoses =
            self.encounter.diagnoses.iter().map(|diagnosis| (diagnosis.system, &diagnosis.text));
        let lines = self.encounter.lines.iter().map(|line| (line.system, &line.text));
        let facts = diagnoses.chain(lines).map(|(system, text)| {
            let judgement = judge(terminology, system, text, report.as_of);
            let title = judgement
                .concept
                .and_then(|concept| concept.title())
                .map(|(title, _)| title.into_owned());
            let context = judgement.concept.as_ref().map(CodeContext::of);
            ItemFact { fact: judgement.fact(), written: judgement.written(), title, context }
        });
        EncounterAnswer::Answered {
            facts: facts.collect(),
            issues: report.issues,
            checks: report.checks,
            requirements: report.requirements,
            terms: self.terms(terminology, report.as_of),
            as_of: report.as_of,
        }
    }

    /// The names that fall into the buckets asked for.
    fn terms(&self, terminology: &Terminology, date: Date) -> Vec<TermMatch> {
        if self.term_buckets.is_empty() {
            return Vec::new();
        }
        let Some(edition) = terminology.edition_on(date) else { return Vec::new() };
        let list = &edition.list;
        self.term_buckets.iter().flat_map(|bucket| list.terms().names(list, *bucket)).collect()
    }
}
