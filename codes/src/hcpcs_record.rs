//! What the alpha-numeric file of CMS says of a HCPCS Level II code or modifier.
//!
//! Source: the record layout of the alpha-numeric HCPCS file (ANWEB) of 2019.

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeKey,
    date::{Date, open_day},
};

/// A code or modifier of one release. Empty texts and `None` stand for blank fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HcpcsRecord {
    /// The code of five characters, or the modifier of two.
    pub code: CodeKey,
    /// A modifier, not a code.
    pub is_modifier: bool,
    /// Long description, the pieces of continuation lines joined by one blank.
    pub long: String,
    /// Short description.
    pub short: String,
    /// Coverage: C carrier judgment, D special instructions, I not payable, M non-covered, S non-covered by statute.
    pub coverage: Option<char>,
    /// Pricing indicators of two characters.
    pub pricing: Vec<String>,
    /// Multiple pricing indicator.
    pub multiple_pricing: Option<char>,
    /// References to the coverage issues manual, the carriers manual and the statute, as published.
    pub references: Vec<String>,
    /// Laboratory certification codes.
    pub laboratory: Vec<String>,
    /// Codes to use for one that was deleted or that Medicare does not accept; also modifiers, and numbers of CPT.
    pub cross_references: Vec<CodeKey>,
    /// `YY`: approved for ambulatory surgical centers.
    pub asc_group: String,
    /// Number of the processing note, four digits.
    pub processing_note: String,
    /// Berenson-Eggers type of service.
    pub betos: String,
    /// Types of service.
    pub types_of_service: Vec<char>,
    /// Anesthesia base units. Codes that are no anesthesia have 0, modifiers `None`.
    pub anesthesia_units: Option<u16>,
    /// First day of the code.
    #[serde(with = "open_day")]
    pub added: Option<Date>,
    /// First day of the last change.
    #[serde(with = "open_day")]
    pub action_effective: Option<Date>,
    /// Last day on which Medicare's providers may use the code.
    #[serde(with = "open_day")]
    pub terminated: Option<Date>,
    /// The last change: A added, B both, C long description, D discontinued, F fields, N none, P payment,
    /// R reactivated, S short description, T other.
    pub action: Option<char>,
}
