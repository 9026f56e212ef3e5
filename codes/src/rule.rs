//! The form of a rule: documentation, check and tests in one file.

use crate::{
    check::Reason,
    encounter::{Item, JudgedEncounter},
    issue::{Change, Fix, Issue, RelatedNote, Severity},
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
    /// The severity unless the rule or a setting says otherwise.
    pub severity: Severity,
    /// Which codes it is asked about.
    pub scope: Scope,
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
macro_rules! declare_rule {
    ($(#[doc = $doc:literal])+ $id:literal, $severity:ident, $scope:ident, $kind:ident($check:path)) => {
        $(#[doc = $doc])+
        pub(crate) static RULE: $crate::rule::Rule = $crate::rule::Rule {
            id: $id,
            severity: $crate::issue::Severity::$severity,
            scope: $crate::rule::Scope::$scope,
            check: $crate::rule::Check::$kind($check),
            docs: concat!($($doc, "\n"),+),
            file: file!(),
            line: line!(),
        };
    };
}
pub(crate) use declare_rule;

/// Collects what one coding rule has to say of one encounter.
#[derive(Debug)]
pub struct Report<'r> {
    rule: &'r Rule,
    pub(crate) issues: Vec<Issue>,
    pub(crate) looked_at: bool,
    pub(crate) missing: Option<Reason>,
}

impl<'r> Report<'r> {
    pub(crate) fn new(rule: &'r Rule) -> Self {
        Self { rule, issues: Vec::new(), looked_at: false, missing: None }
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

    /// Proposes a change of the item at fault.
    pub fn fix(&mut self, title: String, safe: bool, change: Change) -> &mut Self {
        let item = self.items[0];
        self.fixes.push(Fix { title, safe, edits: vec![(item, change)] });
        self
    }
}
