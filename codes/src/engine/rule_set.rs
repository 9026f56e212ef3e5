//! Sets of rules, by their place in the list of all rules.

use crate::{
    engine::RuleOptions,
    rule::{Check, Rule},
    rules::RULES,
};
use std::sync::LazyLock;

const WORDS: usize = 4;

/// Rules about codes, by their index in [`RULES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct RuleSet([u64; WORDS]);

impl RuleSet {
    /// More rules than this need a larger set; a test counts them.
    #[cfg(test)]
    pub(super) const MOST: usize = WORDS * 64;

    /// The rules that a caller wants to run.
    pub(super) fn wanted(options: &RuleOptions) -> Self {
        static BY_DEFAULT: LazyLock<RuleSet> =
            LazyLock::new(|| RuleSet::of(|rule| RuleOptions::default().runs(rule)));
        let RuleOptions { enable, disable, severity, .. } = options;
        if enable.is_empty() && disable.is_empty() && severity.is_empty() {
            *BY_DEFAULT
        } else {
            Self::of(|rule| options.runs(rule))
        }
    }

    /// The rules about codes that are wanted.
    pub(super) fn of(is_wanted: impl Fn(&Rule) -> bool) -> Self {
        let mut set = Self::default();
        for (index, rule) in RULES.iter().enumerate() {
            if matches!(rule.check, Check::Coding(_)) && is_wanted(rule) {
                set.insert(index);
            }
        }
        set
    }

    pub(super) fn insert(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }

    pub(super) fn contains(self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 != 0)
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (word, others) in self.0.iter_mut().zip(other.0) {
            *word |= others;
        }
    }

    pub(super) fn without_others(mut self, other: &Self) -> Self {
        for (word, others) in self.0.iter_mut().zip(other.0) {
            *word &= others;
        }
        self
    }

    /// The rules in the order of the documentation.
    pub(super) fn iter(self) -> impl Iterator<Item = (usize, &'static Rule)> {
        let all = RULES.as_slice();
        let (mut number, mut rest) = (0, self.0[0]);
        std::iter::from_fn(move || {
            while rest == 0 {
                number += 1;
                rest = *self.0.get(number)?;
            }
            let index = number * 64 + rest.trailing_zeros() as usize;
            rest &= rest - 1;
            Some((index, *all.get(index)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_every_rule_about_codes_in_order() {
        assert!(RULES.len() <= RuleSet::MOST);
        let all: Vec<_> = RuleSet::of(|_| true).iter().map(|(_, rule)| rule.id).collect();
        let coding = RULES.iter().filter(|rule| matches!(rule.check, Check::Coding(_)));
        assert_eq!(all, coding.map(|rule| rule.id).collect::<Vec<_>>());
        assert_eq!(RuleSet::default().iter().count(), 0);
    }

    #[test]
    fn what_is_wanted_is_what_runs() {
        let named = |enable: &[&str], disable: &[&str]| RuleOptions {
            enable: enable.iter().map(|id| (*id).to_owned()).collect(),
            disable: disable.iter().map(|id| (*id).to_owned()).collect(),
            ..RuleOptions::default()
        };
        for options in
            [named(&[], &[]), named(&["validity"], &["expired-code"]), named(&[], &["order"])]
        {
            let wanted = RuleSet::wanted(&options);
            assert_eq!(wanted, RuleSet::of(|rule| options.runs(rule)), "{options:?}");
        }
    }
}
