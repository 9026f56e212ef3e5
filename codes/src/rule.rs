//! The form of a rule: documentation, check and tests in one file.

use crate::{
    check::Reason,
    cue::Cue,
    encounter::{Item, JudgedEncounter},
    engine::RuleOptions,
    issue::{Change, Fix, Issue, RelatedNote, Severity},
    reported::ReportedDiagnosis,
    text_check::{TextReport, TextView},
    verdict::Judgement,
};

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Codings and facts; runs in the server.
    Coding(fn(&JudgedEncounter<'_>, &mut Report<'_>)),
    /// The words around a code as well; runs where the text is.
    Text(fn(&TextView<'_>, &mut TextReport)),
}

impl Check {
    /// The word used in output: `coding` or `text`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Coding(_) => "coding",
            Self::Text(_) => "text",
        }
    }
}

/// A table that is imported, not installed by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Need {
    /// The HCPCS Level II file of CMS, with modifiers, dates and coverage.
    Hcpcs,
    /// The CPT files that the AMA licenses to the user.
    Cpt,
    /// NCCI procedure-to-procedure edits.
    Ptp,
    /// NCCI medically unlikely edits.
    Mue,
    /// NCCI add-on code edits.
    AddOn,
    /// The physician fee schedule, for global days.
    FeeSchedule,
    /// The CMS-HCC risk adjustment tables.
    Hcc,
    /// The tables of MS-DRG exclusions.
    Drg,
    /// An earlier release of the same code system.
    OlderRelease,
    /// A rule file of a payer, written by the user.
    PayerFile,
}

impl Need {
    /// The word used in output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Hcpcs => "hcpcs",
            Self::Cpt => "cpt",
            Self::Ptp => "ncci-ptp",
            Self::Mue => "ncci-mue",
            Self::AddOn => "ncci-add-on",
            Self::FeeSchedule => "fee-schedule",
            Self::Hcc => "cms-hcc",
            Self::Drg => "ms-drg",
            Self::OlderRelease => "older-release",
            Self::PayerFile => "payer-file",
        }
    }

    /// Every table.
    pub const ALL: [Self; 10] = [
        Self::Hcpcs,
        Self::Cpt,
        Self::Ptp,
        Self::Mue,
        Self::AddOn,
        Self::FeeSchedule,
        Self::Hcc,
        Self::Drg,
        Self::OlderRelease,
        Self::PayerFile,
    ];

    /// The table that output calls `id`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|need| need.id() == id)
    }

    /// What it is called in sentences.
    pub fn words(self) -> &'static str {
        match self {
            Self::Hcpcs => "the HCPCS Level II file",
            Self::Cpt => "the licensed CPT file",
            Self::Ptp => "the NCCI procedure-to-procedure edits",
            Self::Mue => "the NCCI medically unlikely edits",
            Self::AddOn => "the NCCI add-on code edits",
            Self::FeeSchedule => "the physician fee schedule",
            Self::Hcc => "the CMS-HCC tables",
            Self::Drg => "the MS-DRG tables",
            Self::OlderRelease => "an earlier release",
            Self::PayerFile => "a rule file of the payer",
        }
    }
}

/// Which codes of a note a coding rule is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Each code by itself, also codes that are only mentioned.
    EachCode,
    /// The codes reported together.
    Reported,
}

/// One rule. Ids are public: never reused, renamed only with an alias.
#[derive(Debug)]
pub struct Rule {
    /// Names the problem, in kebab-case.
    pub id: &'static str,
    /// The severity unless the rule or a setting says otherwise. Rules that are off by default have it when they are
    /// switched on.
    pub severity: Severity,
    /// Whether it runs without being asked for.
    pub is_on: bool,
    /// Tables beside ICD-10-CM and ICD-10-PCS without which it answers `NO_DATA`.
    pub needs: &'static [Need],
    /// What the rule rests on, where that has not been compared with the official source yet: such a rule reports no
    /// heavier than a warning. `None` when it is verified.
    pub unverified: Option<&'static str>,
    /// Which codes it is asked about.
    pub scope: Scope,
    /// What has to be there for it to have anything to look at; empty = it looks at every encounter.
    pub about: &'static [Cue],
    /// The check.
    pub check: Check,
    /// The documentation, Markdown: summary, Why, Example, Exceptions, Source.
    pub docs: &'static str,
    /// The source file, relative to the workspace.
    pub file: &'static str,
    /// The line of the declaration.
    pub line: u32,
}

impl Rule {
    /// The first sentence of the documentation.
    pub fn summary(&self) -> &'static str {
        self.docs.trim_start().lines().next().unwrap_or_default().trim()
    }

    /// The text under a heading of the documentation, without the heading.
    pub fn section(&self, heading: &str) -> Option<String> {
        let mut lines = self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.find(|line| line.strip_prefix("## ") == Some(heading))?;
        let body: Vec<_> = lines.take_while(|line| !line.starts_with("## ")).collect();
        Some(body.join("\n").trim().to_owned())
    }

    /// The documentation as Markdown, without the blank that begins each line of a doc comment.
    pub fn markdown(&self) -> String {
        let lines: Vec<_> =
            self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        lines.join("\n").trim().to_owned()
    }
}

/// Declares the rule of a file: keeps its doc comment as data, so that hover, `docs/rules.md` and `medcode rules`
/// show the same text.
///
/// Behind the check may stand, in this order: `off` for rules that are off by default, `needs(Ptp, Mue)` for tables,
/// `unverified("the time table that medcode ships")` for what the rule rests on until its source is checked, and
/// `about(Cue::Begins(&["Z3A"]))` for what has to be there at all (see [`Cue`]).
macro_rules! declare_rule {
    ($(#[doc = $doc:literal])+ $id:literal, $severity:ident, $scope:ident, $kind:ident($check:path)
        $(, needs($($need:ident),+))? $(, unverified($basis:literal))? $(, about($($cue:expr),+))?) => {
        $crate::rule::declare_rule!(@rule true, [$($doc)+] $id, $severity, $scope, $kind($check),
            [$($($need)+)?], [$($basis)?], [$($($cue),+)?]);
    };
    ($(#[doc = $doc:literal])+ $id:literal, $severity:ident, $scope:ident, $kind:ident($check:path), off
        $(, needs($($need:ident),+))? $(, unverified($basis:literal))? $(, about($($cue:expr),+))?) => {
        $crate::rule::declare_rule!(@rule false, [$($doc)+] $id, $severity, $scope, $kind($check),
            [$($($need)+)?], [$($basis)?], [$($($cue),+)?]);
    };
    (@rule $on:literal, [$($doc:literal)+] $id:literal, $severity:ident, $scope:ident, $kind:ident($check:path),
        [$($need:ident)*], [$($basis:literal)?], [$($cue:expr),*]) => {
        $(#[doc = $doc])+
        pub(crate) static RULE: $crate::rule::Rule = $crate::rule::Rule {
            id: $id,
            severity: $crate::issue::Severity::$severity,
            is_on: $on,
            needs: &[$($crate::rule::Need::$need),*],
            unverified: $crate::rule::declare_rule!(@basis $($basis)?),
            scope: $crate::rule::Scope::$scope,
            about: &[$($cue),*],
            check: $crate::rule::Check::$kind($check),
            docs: concat!($($doc, "\n"),+),
            file: file!(),
            line: line!(),
        };
    };
    (@basis) => { None };
    (@basis $basis:literal) => { Some($basis) };
}
pub(crate) use declare_rule;

/// Collects what one coding rule has to say of one encounter.
#[derive(Debug)]
pub struct Report<'r> {
    rule: &'r Rule,
    options: &'r RuleOptions,
    pub(crate) issues: Vec<Issue>,
    pub(crate) looked_at: bool,
    pub(crate) missing: Option<Reason>,
    pub(crate) bypass: Option<Reason>,
}

impl<'r> Report<'r> {
    pub(crate) fn new(rule: &'r Rule, options: &'r RuleOptions) -> Self {
        Self { rule, options, issues: Vec::new(), looked_at: false, missing: None, bypass: None }
    }

    /// Whether all there was to look at was right.
    pub(crate) fn has_passed(&self) -> bool {
        self.looked_at && self.issues.is_empty() && self.missing.is_none() && self.bypass.is_none()
    }

    /// What the caller wants of the rules.
    pub fn options(&self) -> &'r RuleOptions {
        self.options
    }

    /// Notes that there was something to look at and that it was right.
    pub fn pass(&mut self) {
        self.looked_at = true;
    }

    /// Notes that something could not be asked. The rule then never passes.
    pub fn no_data(&mut self, reason: Reason) {
        self.looked_at = true;
        self.missing.get_or_insert(reason);
    }

    /// Notes that a table that the rule reads is not installed, or does not cover the date. The rule then never passes.
    pub fn not_loaded(&mut self, need: Need) {
        self.no_data(Reason::NotLoaded(need));
    }

    /// Notes each diagnosis that could not be asked: a rule about several codes cannot tell without it.
    pub fn skip_unavailable(&mut self, encounter: &JudgedEncounter<'_>) {
        if let Some(reason) = encounter.unasked_diagnosis() {
            self.no_data(Reason::CodeUnavailable(reason));
        }
    }

    /// Notes that the encounter lacks a fact: the name of a field of the encounter or line, such as `sex`.
    pub fn fact_missing(&mut self, field: &'static str) {
        self.no_data(Reason::FactMissing(field));
    }

    /// Notes that something on the claim lifts what would have failed.
    pub fn bypassed(&mut self, reason: Reason) {
        self.looked_at = true;
        self.bypass.get_or_insert(reason);
    }

    /// Reports an issue about a reported diagnosis, at the rule's own severity.
    pub fn fail_on(
        &mut self,
        encounter: &JudgedEncounter<'_>,
        diagnosis: &ReportedDiagnosis<'_>,
        message: String,
    ) -> &mut Issue {
        let judgement = &encounter.items[diagnosis.slot].judgement;
        self.fail(diagnosis.item, judgement, message)
    }

    /// Reports an issue about a code, at the rule's own severity.
    pub fn fail(&mut self, item: Item, judgement: &Judgement<'_>, message: String) -> &mut Issue {
        self.looked_at = true;
        self.issues.push(Issue {
            rule: self.rule.id.into(),
            severity: self.rule.severity,
            message,
            items: vec![item],
            codes: vec![judgement.written()],
            fixes: Vec::new(),
            notes: Vec::new(),
            source: String::new(),
        });
        let last = self.issues.len() - 1;
        &mut self.issues[last]
    }
}

impl Issue {
    /// Sets another severity than the rule's own.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Names a further code that the issue is about.
    pub fn with(&mut self, item: Item, judgement: &Judgement<'_>) -> &mut Self {
        self.items.push(item);
        self.codes.push(judgement.written());
        self
    }

    /// Names a further diagnosis that the issue is about.
    pub fn and(&mut self, diagnosis: &ReportedDiagnosis<'_>) -> &mut Self {
        self.items.push(diagnosis.item);
        self.codes.push(diagnosis.written());
        self
    }

    /// Names a note that the issue rests on.
    pub fn note(&mut self, note: RelatedNote) -> &mut Self {
        self.notes.push(note);
        self
    }

    /// Proposes one code instead of the one at fault, as a spelling of the same code.
    pub fn spell(&mut self, code: crate::code::Code) -> &mut Self {
        self.replace(code, None, true)
    }

    /// Proposes a code instead of the one at fault, with its title for the menu.
    pub fn replace(
        &mut self,
        code: crate::code::Code,
        title: Option<&str>,
        safe: bool,
    ) -> &mut Self {
        let title = match title {
            Some(words) => format!("Replace by {code} {words}"),
            None => format!("Replace by {code}"),
        };
        self.fix(title, safe, Change::ReplaceWith(code))
    }

    /// Proposes to take an item out.
    pub fn remove(&mut self, item: Item, written: &str) -> &mut Self {
        let edits = vec![(item, Change::Remove)];
        self.fixes.push(Fix { title: format!("Remove {written}"), safe: false, edits });
        self
    }

    /// Proposes to move the item at fault to another place of its list, an index counted after the move.
    pub fn move_to(&mut self, index: usize, title: String) -> &mut Self {
        self.fix(title, false, Change::MoveTo(index))
    }

    /// Proposes a change of the item at fault.
    pub fn fix(&mut self, title: String, safe: bool, change: Change) -> &mut Self {
        let item = self.items[0];
        self.fixes.push(Fix { title, safe, edits: vec![(item, change)] });
        self
    }
}
