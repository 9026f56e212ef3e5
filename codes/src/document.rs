//! From a text to its issues: what to ask of the code service, and what the answers mean for the text.
//!
//! The language server, `medcode check` and the document service share these steps; only the asking differs. Codes
//! and facts leave through [`Document::requests`], text never does.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use foldhash::fast::RandomState;

use crate::{
    check::{EncounterReport, RuleCheck},
    code::Code,
    code_context::{CodeContext, TermMatches, term_matches},
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
    verdict::Judgement,
};

mod accepted;
mod assemble;
mod edits;
mod fixing;
pub mod format;
mod ignoring;
mod judged;
mod part;
mod pragmas;
mod requests;
mod silencing;
mod weight;

pub use accepted::{Accepted, Recognition, is_or_has};
pub use assemble::{Assembly, Related, TextIssue};
pub use fixing::{safe_edits, safe_fixes};
pub use ignoring::{Edits, Ignoring, OPEN_REASON};
pub use part::Parts;
pub use silencing::{Silenced, SilencedBy};

use part::Content;

/// A text, scanned, with what has to be asked about it.
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    note: Arc<Note>,
    parts: Parts,
    requests: Vec<EncounterRequest>,
    /// The encounter that each question is about: an index into `parts`.
    owners: Vec<usize>,
}

/// A document without its text.
#[derive(Debug)]
pub struct SetAside {
    note: Arc<Note>,
    parts: Parts,
    requests: Vec<EncounterRequest>,
    owners: Vec<usize>,
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
    pub context: Option<Arc<CodeContext>>,
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
        facts: Vec<Arc<ItemFact>>,
        /// What the payer's rules ask of the text.
        requirements: Vec<TextRequirement>,
        /// Codes whose titles or terms fall into the buckets that were asked for.
        terms: TermMatches,
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
    /// How much has to speak for a code before anything is reported on it.
    pub recognition: Recognition,
    /// Issues that the project accepts.
    pub accepted: Vec<Accepted>,
}

impl<'t> Document<'t> {
    /// Scans a text and prepares the questions.
    pub fn new(text: &'t str) -> Self {
        Self::scanned(text, Arc::new(scan(text)), &Parts::default())
    }

    /// The same; encounters of the text without a date are judged as of `date` instead of today.
    pub fn as_of(text: &'t str, date: Date) -> Self {
        Self::new(text).judged_as_of(date)
    }

    /// A text whose `note` is at hand, as [`scan`] gives it. What `before` holds of encounters that read the same is
    /// used again; the outcome is that of [`Self::new`].
    pub fn scanned(text: &'t str, note: Arc<Note>, before: &Parts) -> Self {
        // The words of comments to medcode say nothing of a patient.
        let plain = pragmas::blanked(text, &note);
        let parts = Parts::of(text, &plain, &note, before);
        let mut document = Self { text, note, parts, requests: Vec::new(), owners: Vec::new() };
        document.ask(|content| Cow::Borrowed(&content.requests));
        document
    }

    /// Adds questions about each encounter.
    fn ask(&mut self, of: impl Fn(&Content) -> Cow<'_, [EncounterRequest]>) {
        for (owner, part) in self.parts.0.iter().enumerate() {
            for request in &*of(&part.content) {
                let mut request = request.clone();
                request.mentions.iter_mut().for_each(|index| *index += part.first);
                self.requests.push(request);
                self.owners.push(owner);
            }
        }
    }

    /// The same; encounters of the text without a date are judged as of `date` instead of today.
    #[must_use]
    pub fn judged_as_of(mut self, date: Date) -> Self {
        for request in &mut self.requests {
            request.as_of = Some(date);
        }
        self
    }

    /// The same with what the user wants: the questions ask for rules that are off by default, name the payer, and
    /// hold the codes that are to be recognised.
    #[must_use]
    pub fn with_settings(mut self, settings: &CheckSettings) -> Self {
        if settings.recognition == Recognition::Lenient {
            let as_of = self.requests.first().and_then(|request| request.as_of);
            let known = self.requests.len();
            self.ask(|content| Cow::Owned(content.bare()));
            for request in self.requests.iter_mut().skip(known) {
                request.as_of = as_of;
            }
        }
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

    /// The same with facts that hold where the text does not state them. The codes of `defaults` are not looked at.
    #[must_use]
    pub fn with_defaults(mut self, defaults: &Encounter) -> Self {
        for request in &mut self.requests {
            request.encounter.take_defaults(defaults);
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

    /// Everything but the text, to be put aside while the questions are asked.
    pub fn set_aside(self) -> SetAside {
        let Self { note, parts, requests, owners, .. } = self;
        SetAside { note, parts, requests, owners }
    }

    /// What was worked out of the encounters, for the next version of the text.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Puts the answers, in the order of the questions, together with the rules about words.
    pub fn assemble<A>(&self, answers: &[A], settings: &CheckSettings) -> Assembly
    where
        A: Clone + Into<Arc<EncounterAnswer>>,
    {
        let answers = answers.iter().cloned().map(Into::into).collect();
        assemble::assemble(self, answers, settings)
    }
}

impl SetAside {
    /// The document again. `text` must be its text.
    pub fn of(self, text: &str) -> Document<'_> {
        let Self { note, parts, requests, owners } = self;
        Document { text, note, parts, requests, owners }
    }

    /// The questions.
    pub fn requests(&self) -> &[EncounterRequest] {
        &self.requests
    }
}

impl ItemFact {
    /// What a verdict tells of its code.
    pub fn of(judgement: &Judgement<'_>) -> Self {
        let context = judgement.concept.as_ref().map(|concept| Arc::new(CodeContext::of(concept)));
        Self::with(judgement, context)
    }

    fn with(judgement: &Judgement<'_>, context: Option<Arc<CodeContext>>) -> Self {
        let title = judgement.concept.and_then(|concept| concept.title());
        Self {
            fact: judgement.fact(),
            written: judgement.written(),
            title: title.map(|(title, _)| title.into_owned()),
            context,
        }
    }
}

/// What was learned of each code of an encounter. What stands around a code is put together once.
fn facts(judged: &JudgedEncounter<'_>) -> Vec<Arc<ItemFact>> {
    let mut known: HashMap<(Code, Date), Arc<CodeContext>, RandomState> = HashMap::default();
    let facts = judged.items.iter().map(|coded| {
        let judgement = &coded.judgement;
        let context = judgement.concept.as_ref().map(|concept| {
            let around = || Arc::new(CodeContext::of(concept));
            match judgement.code {
                Some(code) => known.entry((code, judgement.date)).or_insert_with(around).clone(),
                None => around(),
            }
        });
        Arc::new(ItemFact::with(judgement, context))
    });
    facts.collect()
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
        self.answer_of(&judged, report)
    }

    /// The answer that a report on its codes makes.
    pub fn answer_of(
        &self,
        judged: &JudgedEncounter<'_>,
        report: EncounterReport,
    ) -> EncounterAnswer {
        EncounterAnswer::Answered {
            facts: facts(judged),
            issues: report.issues,
            checks: report.checks,
            requirements: report.requirements,
            terms: term_matches(judged.terminology, &self.term_buckets, report.as_of),
            as_of: report.as_of,
        }
    }
}
