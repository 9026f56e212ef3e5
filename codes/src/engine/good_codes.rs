//! Rules that have nothing to say where every code is good: they need not be asked.

use std::sync::LazyLock;

use super::rule_set::RuleSet;
use crate::encounter::JudgedEncounter;

/// Rules about what is wrong with a code itself. Each looks at every code and passes where all of them are good.
const OF_BAD_CODES: [&str; 13] = [
    "category-on-claim",
    "code-set-not-loaded",
    "confusable-characters",
    "invalid-seventh-character",
    "malformed-code",
    "missing-placeholder-x",
    "missing-seventh-character",
    "non-billable-code",
    "not-yet-effective-code",
    "pcs-letter-i-or-o",
    "unexpected-seventh-character",
    "unknown-code",
    "wrong-code-system",
];

/// The rules that have passed without being asked.
pub(super) fn passing(judged: &JudgedEncounter<'_>) -> RuleSet {
    static PASSING: LazyLock<RuleSet> =
        LazyLock::new(|| RuleSet::of(|rule| OF_BAD_CODES.contains(&rule.id)));
    let items = &judged.items;
    let are_good = !items.is_empty() && items.iter().all(|coded| coded.judgement.is_billable());
    if are_good { *PASSING } else { RuleSet::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TODAY, encounter_of, sample};

    fn passing_of(codes: &str) -> usize {
        let encounter = encounter_of(codes);
        passing(&JudgedEncounter::new(&encounter, sample(), TODAY)).iter().count()
    }

    #[test]
    fn one_code_that_is_not_good_has_all_rules_asked() {
        assert_eq!(passing_of("E11.9, I10"), OF_BAD_CODES.len());
        for codes in ["", "E11.9, E11", "I10, I99.99", "E11.9 @2010-03-02"] {
            assert_eq!(passing_of(codes), 0, "{codes}");
        }
    }
}
