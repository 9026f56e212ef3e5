//! Words that a payer wants to find in the note.

use std::{borrow::Cow, collections::HashMap};

use regex::{Regex, RegexBuilder};

use crate::{
    payer::TextRequirement,
    rule::declare_rule,
    rules,
    text_check::{TextReport, TextView},
};

/// The size that a compiled pattern may have, in bytes.
const MOST_PATTERN_BYTES: usize = 256 << 10;

declare_rule! {
    /// Words that the payer requires are missing from the note.
    ///
    /// ## Why
    /// Some services are paid only when the note says what was tried or measured before. The service that knows the
    /// payer's rules has no text; it hands the patterns on, and the text is searched where it is.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Payer: sample-payer
    /// CPT: 20612
    ///      ^^^^^ warning[payer-documentation-missing]: 20612: the note does not say what the payer requires (Sample Payer SP-8). Conservative treatment has to be documented.
    /// ```
    ///
    /// ## Exceptions
    /// The whole text of the encounter is searched. What a payer requires stands in a rule file that the user writes. This
    /// rule answers for `require.text_any` and `require.text_all`.
    ///
    /// ## Source
    /// The rule file of the payer, which names its policy.
    "payer-documentation-missing", Warning, Reported, Text(check), needs(PayerFile)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    let mut compiled = Patterns::default();
    for (encounter, mention, requirement) in view.requirements {
        let Some(scope) = view.note.encounters.get(*encounter) else { continue };
        let Some(mention) = view.note.mentions.get(*mention) else { continue };
        let text = view.text.get(scope.range.clone()).unwrap_or_default();
        if !is_unmet(requirement, text, &mut compiled) {
            continue;
        }
        let finding = report.fail(mention.range.clone(), requirement.message.clone());
        finding.rule = rules::find(&requirement.rule).map_or(finding.rule, |rule| rule.id);
        finding.severity = requirement.severity;
        finding.codes.push(requirement.code.clone());
        finding.source.clone_from(&requirement.source);
    }
}

/// Whether the text does not say what it has to.
fn is_unmet(requirement: &TextRequirement, text: &str, patterns: &mut Patterns) -> bool {
    if requirement.condition.as_ref().is_some_and(|condition| !patterns.matches(condition, text)) {
        return false;
    }
    if requirement.any.is_empty() && requirement.all.is_empty() {
        return true;
    }
    let any = requirement.any.is_empty()
        || requirement.any.iter().any(|pattern| patterns.matches(pattern, text));
    let all = requirement.all.iter().all(|pattern| patterns.matches(pattern, text));
    !(any && all)
}

/// Each pattern is compiled once for a check. One that does not compile was refused when its file was read; should it
/// come from elsewhere, it counts as met: what cannot be asked is not reported.
#[derive(Default)]
struct Patterns(HashMap<String, Option<Regex>>);

impl Patterns {
    fn matches(&mut self, pattern: &str, text: &str) -> bool {
        let compiled = self.0.entry(pattern.to_owned()).or_insert_with(|| {
            let pattern = if pattern.starts_with("(?") {
                Cow::Borrowed(pattern)
            } else {
                Cow::Owned(format!("(?i){pattern}"))
            };
            RegexBuilder::new(&pattern).size_limit(MOST_PATTERN_BYTES).build().ok()
        });
        compiled.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}
