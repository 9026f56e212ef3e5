//! Every rule, in the order of the documentation. One rule is one file; this list is the only registry.

use crate::{nearest_name::nearest_of, rule::Rule};

mod category_on_claim;
mod code_set_not_loaded;
mod confusable_characters;
mod date_beyond_code_set;
mod duplicate_diagnosis;
mod excludes1_conflict;
mod expired_code;
mod icd9_code;
mod invalid_pragma;
mod invalid_seventh_character;
mod lookalike_characters;
mod lowercase_code;
mod malformed_code;
mod manifestation_first_listed;
mod misplaced_dot;
mod missing_dot;
mod missing_placeholder_x;
mod missing_service_date;
mod missing_seventh_character;
mod non_billable_code;
mod not_yet_effective_code;
mod pcs_letter_i_or_o;
mod unexpected_seventh_character;
mod unknown_code;
mod wrong_code_system;

#[cfg(test)]
mod registry_tests;

/// Every rule.
pub static RULES: &[&Rule] = &[
    // Writing and typing
    &malformed_code::RULE,
    &misplaced_dot::RULE,
    &missing_dot::RULE,
    &confusable_characters::RULE,
    &pcs_letter_i_or_o::RULE,
    &lowercase_code::RULE,
    &lookalike_characters::RULE,
    &wrong_code_system::RULE,
    &icd9_code::RULE,
    &category_on_claim::RULE,
    // Validity and dates
    &unknown_code::RULE,
    &expired_code::RULE,
    &not_yet_effective_code::RULE,
    &date_beyond_code_set::RULE,
    &missing_service_date::RULE,
    &code_set_not_loaded::RULE,
    // Specificity and 7th character
    &non_billable_code::RULE,
    &missing_seventh_character::RULE,
    &invalid_seventh_character::RULE,
    &unexpected_seventh_character::RULE,
    &missing_placeholder_x::RULE,
    // Instructional notes and order
    &excludes1_conflict::RULE,
    &manifestation_first_listed::RULE,
    &duplicate_diagnosis::RULE,
    // Pragmas
    &invalid_pragma::RULE,
];

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// The rule id that looks most like `id`, when one is near enough to have been meant.
pub fn nearest(id: &str) -> Option<&'static str> {
    nearest_of(id, RULES.iter().map(|rule| rule.id))
}
