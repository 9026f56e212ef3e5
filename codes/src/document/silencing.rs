//! What is accepted rather than reported, and by whom.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    fact::Fact,
    rule::{Check, Rule},
    rules,
    text_check::PragmaUses,
};

use super::{Accepted, Document, ItemFact, TextIssue, judged::Judged, pragmas};

/// An issue that somebody has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silenced {
    /// The issue as it would have been reported.
    pub issue: TextIssue,
    /// What accepts it.
    pub by: SilencedBy,
}

/// What accepts an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SilencedBy {
    /// A comment in the text: an index into [`crate::note::Note::pragmas`].
    Comment(usize),
    /// An entry of the settings: an index into [`super::CheckSettings::accepted`].
    Settings(usize),
}

/// Finds out which comments are needed, from everything that could be reported.
pub(super) struct Uses<'d> {
    uses: pragmas::Uses<'d>,
    has_pragmas: bool,
}

impl<'d> Uses<'d> {
    pub(super) fn new(document: &'d Document<'_>) -> Self {
        let has_pragmas = !document.note.pragmas.is_empty();
        Self { uses: pragmas::Uses::new(document.text, &document.note), has_pragmas }
    }

    /// Takes note of an issue, whether or not the user wants to see it: a comment is not superfluous because its rule
    /// is switched off today.
    pub(super) fn note(&mut self, issue: &TextIssue) {
        if self.has_pragmas {
            self.uses.silence(issue);
        }
    }

    /// What the comments were good for. `None` when there are none, or when nobody can tell.
    pub(super) fn finish<'j>(self, judged: impl Iterator<Item = &'j Judged>) -> Option<PragmaUses> {
        let mut undecided: BTreeSet<String> = BTreeSet::new();
        let mut payer_rules: BTreeSet<&str> = BTreeSet::new();
        let mut some_unavailable = false;
        for judged in judged {
            if judged.incomplete {
                return None;
            }
            undecided.extend(judged.undecided.iter().cloned());
            payer_rules.extend(&judged.payer_rules);
            let unavailable = |fact: &Arc<ItemFact>| matches!(fact.fact, Fact::Unavailable(_));
            some_unavailable |= judged.facts.iter().flatten().any(unavailable);
        }
        if !self.has_pragmas {
            return None;
        }
        let never_ran = |rule: &&&'static Rule| {
            // Rules about words say nothing of codes that could not be asked, and rules of a payer without its file.
            let about_words = matches!(rule.check, Check::Text(_)) && some_unavailable;
            let of_payer = rules::is_in(rules::PAYER, rule.id);
            about_words || of_payer && !payer_rules.contains(rule.id)
        };
        undecided.extend(rules::RULES.iter().filter(never_ran).map(|rule| rule.id.to_owned()));
        Some(PragmaUses { used: self.uses.into_used(), undecided })
    }
}

/// Parts what is reported from what is accepted: first by comments, then by entries of the settings.
pub(super) fn part(
    document: &Document<'_>,
    issues: Vec<TextIssue>,
    accepted: &[Accepted],
) -> (Vec<TextIssue>, Vec<Silenced>) {
    let mut uses = pragmas::Uses::new(document.text, &document.note);
    let mut reported = Vec::with_capacity(issues.len());
    let mut silenced = Vec::new();
    for issue in issues {
        let by_comment = uses.silence(&issue).map(SilencedBy::Comment);
        let by_settings =
            || accepted.iter().position(|entry| entry.covers(&issue)).map(SilencedBy::Settings);
        match by_comment.or_else(by_settings) {
            Some(by) => silenced.push(Silenced { issue, by }),
            None => reported.push(issue),
        }
    }
    (reported, silenced)
}
