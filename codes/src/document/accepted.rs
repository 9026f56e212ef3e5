//! What was agreed upon outside of the text: how much evidence counts as a code, and which issues are accepted.

use crate::{code::Code, rules, system::CodeSystem};

use super::TextIssue;

/// How much has to speak for a code before anything is reported on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Recognition {
    /// Also codes in prose without point, label or structure, once they are in a code set; as hints.
    Lenient,
    /// Codes with a label or a structure, and words of the shape of a code with its point: those outside of every code
    /// set as hints.
    #[default]
    Normal,
    /// Nothing on words that only look like a code: without label or structure a code has to be in a code set.
    Strict,
}

impl Recognition {
    /// Every level, from the one that reports most.
    pub const ALL: [Self; 3] = [Self::Lenient, Self::Normal, Self::Strict];

    /// The word used in settings.
    pub fn id(self) -> &'static str {
        match self {
            Self::Lenient => "lenient",
            Self::Normal => "normal",
            Self::Strict => "strict",
        }
    }

    /// The level named `id`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.id() == id)
    }
}

/// Issues that a project accepts without a comment in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Id of a rule or of a family.
    pub rule: String,
    /// The codes it is about, in any spelling; `E11.-` stands for everything below. Empty: every code.
    pub codes: Vec<String>,
    /// Why; empty where nobody said.
    pub reason: String,
}

impl Accepted {
    /// Whether an issue is one of those.
    ///
    /// One code stands for every issue it takes part in; of several codes each code of the issue has to be one, so that
    /// a pair accepts this pair and nothing else.
    pub(super) fn covers(&self, issue: &TextIssue) -> bool {
        let named = |code: &String| self.codes.iter().any(|pattern| stands_for(pattern, code));
        let codes = match self.codes.len() {
            0 => true,
            1 => issue.codes.iter().any(named),
            _ => !issue.codes.is_empty() && issue.codes.iter().all(named),
        };
        codes && is_or_has(&self.rule, &issue.rule)
    }
}

/// Whether `name` is the rule, or the family that has it.
pub fn is_or_has(name: &str, rule: &str) -> bool {
    name == rule
        || rules::FAMILIES.iter().any(|family| family.id == name && rules::is_in(family, rule))
}

fn stands_for(pattern: &str, code: &str) -> bool {
    match pattern.trim_end().strip_suffix('-') {
        None => is_same(pattern, code),
        Some(stem) => {
            let plain = |text: &str| -> String {
                text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
            };
            let stem = plain(stem);
            !stem.is_empty() && plain(code).starts_with(&stem)
        }
    }
}

/// Whether two texts name one code, whatever their case and point.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    CodeSystem::ALL.into_iter().any(|system| {
        match (Code::parse(system, a), Code::parse(system, b)) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        }
    }) || a.eq_ignore_ascii_case(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issue::Severity;

    fn issue(rule: &str, codes: &[&str]) -> TextIssue {
        TextIssue {
            rule: rule.to_owned(),
            severity: Severity::Warning,
            range: 0..1,
            message: String::new(),
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            mention: None,
            related: Vec::new(),
            notes: Vec::new(),
            fixes: Vec::new(),
            ignoring: super::super::Ignoring::default(),
            source: String::new(),
        }
    }

    fn accepted(rule: &str, codes: &[&str]) -> Accepted {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        Accepted { rule: rule.to_owned(), codes, reason: String::new() }
    }

    #[test]
    fn a_pair_accepts_this_pair_only() {
        let entry = accepted("excludes1-conflict", &["e559", "E83.51"]);
        assert!(entry.covers(&issue("excludes1-conflict", &["E83.51", "E55.9"])));
        assert!(!entry.covers(&issue("excludes1-conflict", &["E55.9", "E20.9"])));
        assert!(!entry.covers(&issue("duplicate-diagnosis", &["E55.9", "E83.51"])));
    }

    #[test]
    fn one_code_accepts_each_issue_it_takes_part_in() {
        let entry = accepted("excludes1-conflict", &["E55.9"]);
        assert!(entry.covers(&issue("excludes1-conflict", &["E20.9", "E55.9"])));
        assert!(!entry.covers(&issue("excludes1-conflict", &["E20.9"])));
        let below = accepted("non-billable-code", &["E11.-"]);
        assert!(below.covers(&issue("non-billable-code", &["E11.6"])));
        assert!(!below.covers(&issue("non-billable-code", &["E10.6"])));
    }

    #[test]
    fn a_family_stands_for_its_rules() {
        let entry = accepted("writing", &[]);
        assert!(entry.covers(&issue("missing-dot", &["E11.9"])));
        assert!(!entry.covers(&issue("expired-code", &["E11.9"])));
    }
}
