//! Which rules have anything to look at in an encounter, by the cues that they name.
//!
//! Found without asking the rules: the category of each diagnosis, and what the tabular list says of its node, give sets
//! of rules that were put together once.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    category::{CATEGORIES, category},
    rule_set::RuleSet,
};
use crate::{
    code::CodeKey,
    code_set::CodeSet,
    cue::Cue,
    encounter::{Item, JudgedEncounter},
    rule::Rule,
    rules::RULES,
    system::CodeSystem,
    tabular::Mark,
    verdict::Verdict,
};

/// The sets of rules by cue.
struct Cues {
    /// Rules that look at every encounter.
    always: RuleSet,
    /// The number of a set for each category.
    by_category: Vec<u16>,
    sets: Vec<RuleSet>,
    by_mark: [RuleSet; Mark::ALL.len()],
    by_system: [RuleSet; CodeSystem::ALL.len()],
    by_payer: RuleSet,
}

static CUES: LazyLock<Cues> = LazyLock::new(Cues::build);

/// The rules that may have something to look at; all where a diagnosis could not be asked, or its notes are not known.
pub(super) fn looking(judged: &JudgedEncounter<'_>) -> RuleSet {
    static EVERY: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::of(|_| true));
    let cues = &*CUES;
    let mut rules = cues.always;
    for coded in &judged.items {
        let judgement = &coded.judgement;
        rules.add(&cues.by_system[judgement.system as usize]);
        let is_diagnosis = matches!(coded.item, Item::Diagnosis(_));
        if is_diagnosis && matches!(judgement.verdict, Verdict::Unavailable(_)) {
            return *EVERY;
        }
    }
    for diagnosis in judged.good_diagnoses() {
        if diagnosis.place.is_none() {
            return *EVERY;
        }
        rules.add(cues.of_category(diagnosis.key));
        for mark in Mark::ALL {
            if diagnosis.is_marked(mark) {
                rules.add(&cues.by_mark[mark as usize]);
            }
        }
    }
    if judged.encounter.payer.is_some() {
        rules.add(&cues.by_payer);
    }
    rules
}

impl Cues {
    fn build() -> Self {
        let mut by_mark = [RuleSet::default(); Mark::ALL.len()];
        let mut by_system = [RuleSet::default(); CodeSystem::ALL.len()];
        let (mut always, mut by_payer) =
            (RuleSet::of(|rule| rule.about.is_empty()), RuleSet::default());
        let mut categories = vec![RuleSet::default(); CATEGORIES];
        for (index, rule) in RULES.iter().enumerate() {
            for cue in rule.about {
                match cue {
                    Cue::Marked(mark) => by_mark[*mark as usize].insert(index),
                    Cue::Systems(systems) => {
                        systems.iter().for_each(|system| by_system[*system as usize].insert(index));
                    }
                    Cue::Payer => by_payer.insert(index),
                    Cue::Codes(_) | Cue::Rows(_) | Cue::Begins(_) => {}
                }
            }
            for (first, last) in spans(rule) {
                let within = categories.get_mut(category(first)..=category(last));
                within.into_iter().flatten().for_each(|set| set.insert(index));
            }
        }
        let mut numbers = HashMap::new();
        let mut sets = Vec::new();
        let by_category = categories.into_iter().map(|set| {
            *numbers.entry(set).or_insert_with(|| {
                sets.push(set);
                u16::try_from(sets.len() - 1).unwrap_or(u16::MAX)
            })
        });
        let by_category = by_category.collect();
        // A set that has no number is never left out.
        if sets.len() > usize::from(u16::MAX) {
            always = RuleSet::of(|_| true);
        }
        Self { always, by_category, sets, by_mark, by_system, by_payer }
    }

    fn of_category(&self, key: CodeKey) -> &RuleSet {
        let number = self.by_category.get(category(key)).copied().unwrap_or(u16::MAX);
        self.sets.get(usize::from(number)).unwrap_or(&self.always)
    }
}

/// The first and the last code of each part of the sets that a rule names.
fn spans(rule: &Rule) -> Vec<(CodeKey, CodeKey)> {
    let mut spans = Vec::new();
    for cue in rule.about {
        match cue {
            Cue::Codes(sets) => spans.extend(sets.iter().flat_map(|set| set.spans())),
            Cue::Rows(sets) => spans.extend(sets().into_iter().flat_map(CodeSet::spans)),
            Cue::Begins(starts) => {
                let keys = starts.iter().filter_map(|start| CodeKey::new(start));
                spans.extend(keys.map(|key| (key.prefix(3), key.prefix(3).last_below())));
            }
            Cue::Marked(_) | Cue::Systems(_) | Cue::Payer => {}
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        rules,
        testing::{TODAY, encounter_of, sample},
    };

    fn look(codes: &str) -> Vec<&'static str> {
        let encounter = encounter_of(codes);
        let judged = JudgedEncounter::new(&encounter, sample(), TODAY);
        looking(&judged).iter().map(|(_, rule)| rule.id).collect()
    }

    #[test]
    fn a_rule_looks_where_its_cue_is() {
        assert!(look("I12.9").contains(&"ckd-stage-conflict"));
        assert!(!look("E11.9").contains(&"ckd-stage-conflict"));
        assert!(look("D63.1").contains(&"code-first-missing"));
        assert!(look("E11.9").contains(&"excludes1-conflict"));
        // What could not be asked may be anything.
        assert!(look("E11.9 @2010-03-02").contains(&"ckd-stage-conflict"));
    }

    #[test]
    fn every_cue_names_codes() {
        for rule in RULES.iter() {
            for cue in rule.about {
                if let Cue::Begins(starts) = cue {
                    assert!(starts.iter().all(|it| CodeKey::new(it).is_some()), "{}", rule.id);
                }
            }
            let names_codes = rule
                .about
                .iter()
                .any(|cue| matches!(cue, Cue::Codes(_) | Cue::Rows(_) | Cue::Begins(_)));
            assert_eq!(names_codes, !spans(rule).is_empty(), "{}", rule.id);
        }
        assert!(rules::find("excludes1-conflict").unwrap().about.is_empty());
    }
}
