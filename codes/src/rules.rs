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
mod placeholder_in_signed_note;
mod wrong_code_system;

// Validity and dates
mod code_expires_soon;
mod code_set_not_loaded;
mod date_beyond_code_set;
mod deleted_cpt_code;
mod expired_code;
mod hcpcs_not_covered;
mod missing_service_date;
mod not_yet_effective_code;
mod revised_title;
mod terminated_hcpcs_code;
mod unknown_code;

// Specificity and 7th character
mod invalid_seventh_character;
mod missing_placeholder_x;
mod missing_seventh_character;
mod non_billable_code;
mod redundant_unspecified_code;
mod unexpected_seventh_character;
mod unspecified_code;
mod unspecified_side;

// Instructional notes and order
mod code_first_missing;
mod code_first_out_of_order;
mod companion_code_missing;
mod duplicate_diagnosis;
mod excludes1_conflict;
mod excludes2_pair;
mod external_cause_first_listed;
mod guideline_order;
mod manifestation_first_listed;
mod nonspecific_z_code;
mod questionable_admission;
mod redundant_by_guideline;
mod secondary_code_first_listed;
mod symptom_with_diagnosis;
mod unacceptable_principal_diagnosis;
mod use_additional_code_missing;
mod z_code_not_first_listed;

// Patient
mod age_conflict;
mod preventive_visit_age;
mod risk_adjustment_age;
mod sex_conflict;

// Side and consistency
mod bilateral_code_available;
mod laterality_mismatch;
mod mixed_seventh_characters;
mod modifier_side_mismatch;
mod multiple_sites_with_specific_site;
mod sequela_without_condition;
mod seventh_character_text_mismatch;
mod side_not_coded;

// Chapter guidelines
mod adverse_effect_first_listed;
mod adverse_effect_with_poisoning;
mod aftercare_code_with_injury;
mod bmi_without_diagnosis;
mod burn_extent_missing;
mod ckd_stage_conflict;
mod coma_scale_inconsistent;
mod covid_code_conflict;
mod delivery_outcome_missing;
mod diabetes_treatment_not_coded;
mod external_cause_missing;
mod external_cause_repeated;
mod fetus_without_multiple_gestation;
mod gestation_text_mismatch;
mod hiv_disease_for_status;
mod hiv_status_conflict;
mod hypertension_not_combined;
mod incidental_pregnancy_with_obstetric_code;
mod maternal_and_newborn_codes_mixed;
mod metastasis_without_primary;
mod neoplasm_history_with_active;
mod normal_delivery_with_complication;
mod obstetric_code_not_first;
mod osteoporotic_fracture_as_injury;
mod pain_code_redundant;
mod poisoning_not_first_listed;
mod redundant_insulin_code;
mod severe_sepsis_without_infection;
mod severe_sepsis_without_organ_failure;
mod trimester_mismatch;
mod underdosing_first_listed;
mod underdosing_reason_missing;
mod weeks_of_gestation_missing;
mod weeks_of_gestation_not_applicable;

// Procedures and claim lines
mod addon_without_primary;
mod cc_excluded_by_principal;
mod doubtful_bypass_modifier;
mod drug_waste_modifier_missing;
mod drug_without_administration;
mod ed_level_by_time;
mod em_time_above_level;
mod em_time_below_level;
mod em_without_modifier_25;
mod line_without_diagnosis;
mod modifier_not_applicable;
mod multiple_em_same_day;
mod new_or_established_mismatch;
mod noncovered_procedure;
mod unbundled_procedures;
mod units_exceed_mue;
mod unknown_modifier;

// Documentation
mod code_without_support;
mod description_mismatch;
mod diagnosis_without_code;
mod history_coded_as_active;
mod text_contradicts_code;
mod timed_service_without_time;
mod uncertain_diagnosis_coded;
mod unsupported_severity;

// Payer rules
mod medical_necessity_not_met;
mod payer_authorization_missing;
mod payer_diagnosis_missing;
mod payer_documentation_missing;
mod payer_file_invalid;
mod payer_file_out_of_date;
mod payer_forbidden_combination;
mod payer_limit_exceeded;
mod payer_modifier_missing;
mod payer_not_covered;

// Pragmas
mod invalid_pragma;
mod unused_pragma;

#[cfg(test)]
mod documentation_tests;
#[cfg(test)]
mod registry_tests;
#[cfg(test)]
mod ways_out_tests;
#[cfg(test)]
mod word_rules_tests;

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
        &placeholder_in_signed_note::RULE,
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
        &terminated_hcpcs_code::RULE,
        &deleted_cpt_code::RULE,
        &hcpcs_not_covered::RULE,
        &code_expires_soon::RULE,
        &revised_title::RULE,
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
        &unspecified_side::RULE,
        &redundant_unspecified_code::RULE,
        &unspecified_code::RULE,
    ],
};

/// Instructional notes and order.
pub(crate) const ORDER: &Family = &Family {
    id: "order",
    title: "Instructional notes and order",
    rules: &[
        &excludes1_conflict::RULE,
        &excludes2_pair::RULE,
        &manifestation_first_listed::RULE,
        &code_first_out_of_order::RULE,
        &code_first_missing::RULE,
        &use_additional_code_missing::RULE,
        &external_cause_first_listed::RULE,
        &unacceptable_principal_diagnosis::RULE,
        &z_code_not_first_listed::RULE,
        &secondary_code_first_listed::RULE,
        &guideline_order::RULE,
        &companion_code_missing::RULE,
        &redundant_by_guideline::RULE,
        &nonspecific_z_code::RULE,
        &duplicate_diagnosis::RULE,
        &symptom_with_diagnosis::RULE,
        &questionable_admission::RULE,
    ],
};

/// Patient.
pub(crate) const PATIENT: &Family = &Family {
    id: "patient",
    title: "Patient",
    rules: &[
        &age_conflict::RULE,
        &sex_conflict::RULE,
        &preventive_visit_age::RULE,
        &risk_adjustment_age::RULE,
    ],
};

/// Side and consistency.
pub(crate) const SIDE: &Family = &Family {
    id: "side",
    title: "Side and consistency",
    rules: &[
        &laterality_mismatch::RULE,
        &side_not_coded::RULE,
        &bilateral_code_available::RULE,
        &modifier_side_mismatch::RULE,
        &mixed_seventh_characters::RULE,
        &seventh_character_text_mismatch::RULE,
        &sequela_without_condition::RULE,
        &multiple_sites_with_specific_site::RULE,
    ],
};

/// Chapter guidelines.
pub(crate) const CHAPTER_GUIDELINES: &Family = &Family {
    id: "chapter",
    title: "Chapter guidelines",
    rules: &[
        &obstetric_code_not_first::RULE,
        &incidental_pregnancy_with_obstetric_code::RULE,
        &weeks_of_gestation_missing::RULE,
        &weeks_of_gestation_not_applicable::RULE,
        &maternal_and_newborn_codes_mixed::RULE,
        &trimester_mismatch::RULE,
        &gestation_text_mismatch::RULE,
        &delivery_outcome_missing::RULE,
        &normal_delivery_with_complication::RULE,
        &fetus_without_multiple_gestation::RULE,
        &hiv_status_conflict::RULE,
        &hiv_disease_for_status::RULE,
        &severe_sepsis_without_infection::RULE,
        &severe_sepsis_without_organ_failure::RULE,
        &covid_code_conflict::RULE,
        &diabetes_treatment_not_coded::RULE,
        &redundant_insulin_code::RULE,
        &hypertension_not_combined::RULE,
        &ckd_stage_conflict::RULE,
        &neoplasm_history_with_active::RULE,
        &metastasis_without_primary::RULE,
        &pain_code_redundant::RULE,
        &underdosing_first_listed::RULE,
        &underdosing_reason_missing::RULE,
        &adverse_effect_first_listed::RULE,
        &poisoning_not_first_listed::RULE,
        &adverse_effect_with_poisoning::RULE,
        &burn_extent_missing::RULE,
        &osteoporotic_fracture_as_injury::RULE,
        &bmi_without_diagnosis::RULE,
        &external_cause_missing::RULE,
        &external_cause_repeated::RULE,
        &coma_scale_inconsistent::RULE,
        &aftercare_code_with_injury::RULE,
    ],
};

/// Procedures and claim lines.
pub(crate) const PROCEDURES: &Family = &Family {
    id: "procedure",
    title: "Procedures and claim lines",
    rules: &[
        &em_time_below_level::RULE,
        &em_time_above_level::RULE,
        &ed_level_by_time::RULE,
        &new_or_established_mismatch::RULE,
        &multiple_em_same_day::RULE,
        &em_without_modifier_25::RULE,
        &unbundled_procedures::RULE,
        &doubtful_bypass_modifier::RULE,
        &units_exceed_mue::RULE,
        &addon_without_primary::RULE,
        &unknown_modifier::RULE,
        &modifier_not_applicable::RULE,
        &drug_without_administration::RULE,
        &drug_waste_modifier_missing::RULE,
        &line_without_diagnosis::RULE,
        &medical_necessity_not_met::RULE,
        &noncovered_procedure::RULE,
        &cc_excluded_by_principal::RULE,
    ],
};

/// Documentation.
pub(crate) const DOCUMENTATION: &Family = &Family {
    id: "documentation",
    title: "Documentation",
    rules: &[
        &code_without_support::RULE,
        &diagnosis_without_code::RULE,
        &description_mismatch::RULE,
        &text_contradicts_code::RULE,
        &uncertain_diagnosis_coded::RULE,
        &history_coded_as_active::RULE,
        &unsupported_severity::RULE,
        &timed_service_without_time::RULE,
    ],
};

/// Payer rules.
pub(crate) const PAYER: &Family = &Family {
    id: "payer",
    title: "Payer rules",
    rules: &[
        &payer_file_invalid::RULE,
        &payer_file_out_of_date::RULE,
        &payer_modifier_missing::RULE,
        &payer_documentation_missing::RULE,
        &payer_not_covered::RULE,
        &payer_authorization_missing::RULE,
        &payer_limit_exceeded::RULE,
        &payer_diagnosis_missing::RULE,
        &payer_forbidden_combination::RULE,
    ],
};

/// Pragmas.
pub(crate) const PRAGMA: &Family = &Family {
    id: "pragma",
    title: "Pragmas",
    rules: &[&invalid_pragma::RULE, &unused_pragma::RULE],
};

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
