//! The domain of medcode: code systems, notes, encounters and rules.
//!
//! Pure and synchronous: no file, no clock, no network, no environment; today's date is always an argument. Read in
//! this order: [`system`] and [`code`] (what a code is), [`tabular`] and [`code_table`] (what a release holds),
//! [`terminology`] (all of it together), [`verdict`] (may this code be used that day), [`encounter`] and [`rule`]
//! (may these codes stand together), [`note`] and [`document`] (where codes stand in a text).

pub(crate) mod attempts;
pub mod check;
pub mod claim_line;
pub mod code;
pub mod code_context;
pub mod code_set;
pub mod code_table;
pub mod concept;
pub mod cue;
pub mod date;
pub mod described;
pub mod document;
pub mod edits;
pub mod encounter;
pub mod engine;
pub mod fact;
pub mod flag;
pub mod gem;
pub mod hcpcs_record;
pub mod icd9;
pub mod index_term;
pub mod issue;
pub(crate) mod key_index;
pub mod lazy;
pub mod nearest_name;
pub mod normalize;
pub mod note;
pub mod obstetrics;
pub mod overlaps;
pub mod patient_group;
pub mod payer;
pub mod pcs;
pub mod release;
pub mod repair;
pub mod replacement;
pub mod reported;
pub mod rule;
pub mod rules;
pub mod supplements;
pub mod system;
pub mod system_guess;
pub mod tabular;
pub mod term_index;
pub mod term_key;
pub mod terminology;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text_check;
pub mod texts;
pub mod verdict;
pub mod visit_levels;
pub mod words;
