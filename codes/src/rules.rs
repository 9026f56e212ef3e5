//! Every rule, by family, in the order of the documentation. One rule is one file; this list is the only registry.

use std::sync::LazyLock;

use crate::{nearest_name::nearest_of, rule::Rule};

// Writing and typing
mod category_on_claim;
mod confusable_characters;
mod icd9_code;
mod lookalike_characters;
mod lowercase_code;
mod malformed_code;
mod misplaced_dot;
mod missing_dot;
mod pcs_letter_i_or_o;
mod wrong_code_system;

// Validity and dates
mod code_set_not_loaded;
mod date_beyond_code_set;
mod expired_code;
mod missing_service_date;
mod not_yet_effective_code;
mod unknown_code;

// Specificity and 7th character
mod invalid_seventh_character;
mod missing_placeholder_x;
mod missing_seventh_character;
mod non_billable_code;
mod unexpected_seventh_character;

// Instructional notes and order
mod duplicate_diagnosis;
mod excludes1_conflict;
mod manifestation_first_listed;

// Patient

// Side and consistency

// Chapter guidelines

// Procedures and claim lines

// Documentation

// Payer rules

// Pragmas
mod invalid_pragma;

#[cfg(test)]
mod registry_tests;

/// Rules about one kind of mistake.
#[derive(Debug)]
pub struct Family {
    /// The word used in requests and output.
    pub id: &'static str,
    /// The heading of the documentation.
    pub title: &'static str,
    /// Its rules, in the order of the documentation.
    pub rules: &'static [&'static Rule],
}

/// The families, in the order of the documentation.
pub static FAMILIES: &[&Family] = &[
    WRITING,
    VALIDITY,
    SPECIFICITY,
    ORDER,
    PATIENT,
    SIDE,
    CHAPTER_GUIDELINES,
    PROCEDURES,
    DOCUMENTATION,
    PAYER,
    PRAGMA,
];

/// Writing and typing.
pub(crate) const WRITING: &Family = &Family {
    id: "writing",
    title: "Writing and typing",
    rules: &[
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
    ],
};

/// Validity and dates.
pub(crate) const VALIDITY: &Family = &Family {
    id: "validity",
    title: "Validity and dates",
    rules: &[
        &unknown_code::RULE,
        &expired_code::RULE,
        &not_yet_effective_code::RULE,
        &date_beyond_code_set::RULE,
        &missing_service_date::RULE,
        &code_set_not_loaded::RULE,
    ],
};

/// Specificity and 7th character.
pub(crate) const SPECIFICITY: &Family = &Family {
    id: "specificity",
    title: "Specificity and 7th character",
    rules: &[
        &non_billable_code::RULE,
        &missing_seventh_character::RULE,
        &invalid_seventh_character::RULE,
        &unexpected_seventh_character::RULE,
        &missing_placeholder_x::RULE,
    ],
};

/// Instructional notes and order.
pub(crate) const ORDER: &Family = &Family {
    id: "order",
    title: "Instructional notes and order",
    rules: &[
        &excludes1_conflict::RULE,
        &manifestation_first_listed::RULE,
        &duplicate_diagnosis::RULE,
    ],
};

/// Patient.
pub(crate) const PATIENT: &Family = &Family { id: "patient", title: "Patient", rules: &[] };

/// Side and consistency.
pub(crate) const SIDE: &Family = &Family { id: "side", title: "Side and consistency", rules: &[] };

/// Chapter guidelines.
pub(crate) const CHAPTER_GUIDELINES: &Family =
    &Family { id: "chapter", title: "Chapter guidelines", rules: &[] };

/// Procedures and claim lines.
pub(crate) const PROCEDURES: &Family =
    &Family { id: "procedure", title: "Procedures and claim lines", rules: &[] };

/// Documentation.
pub(crate) const DOCUMENTATION: &Family =
    &Family { id: "documentation", title: "Documentation", rules: &[] };

/// Payer rules.
pub(crate) const PAYER: &Family = &Family { id: "payer", title: "Payer rules", rules: &[] };

/// Pragmas.
pub(crate) const PRAGMA: &Family =
    &Family { id: "pragma", title: "Pragmas", rules: &[&invalid_pragma::RULE] };

/// Every rule, in the order of the documentation.
pub static RULES: LazyLock<Vec<&'static Rule>> =
    LazyLock::new(|| FAMILIES.iter().flat_map(|family| family.rules.iter().copied()).collect());

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Whether this is the id of a rule or of a family.
pub fn is_known(id: &str) -> bool {
    find(id).is_some() || FAMILIES.iter().any(|family| family.id == id)
}

/// The family of a rule.
pub fn family(rule: &Rule) -> &'static Family {
    let own = FAMILIES.iter().find(|family| is_in(family, rule.id));
    own.copied().unwrap_or(WRITING)
}

/// Whether a family has the rule with this id.
pub fn is_in(family: &Family, id: &str) -> bool {
    family.rules.iter().any(|rule| rule.id == id)
}

/// The rule id that looks most like `id`, when one is near enough to have been meant.
pub fn nearest(id: &str) -> Option<&'static str> {
    nearest_of(id, RULES.iter().map(|rule| rule.id))
}
