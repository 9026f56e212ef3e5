//! Claim edits that are published as tables: which codes may not stand together, how many units may be billed, which
//! code only adds to another, what a fee schedule says of a code. Each has its own dates.
//!
//! CMS publishes them; they name CPT codes, so users import them and nothing is shipped.

pub mod add_on;
pub mod fee_schedule;
pub mod modifier_choice;
pub mod modifiers;
pub mod mue;
pub mod ptp;

/// Whom a table of edits is for: each setting has tables of its own.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum EditSetting {
    /// Physicians and other practitioners, ambulatory surgical centers.
    Practitioner,
    /// Outpatient services of hospitals.
    Hospital,
    /// Suppliers of durable medical equipment.
    Dme,
}
