//! The indicators of the Medicare physician fee schedule. Amounts and relative values are not kept.
//!
//! Source: the national physician fee schedule relative value file (PPRRVU) and its record layout.

use serde::{Deserialize, Serialize};

use crate::code::CodeKey;

/// What the fee schedule says of a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeScheduleRow {
    /// The code.
    pub code: CodeKey,
    /// `26` or `TC` where the row is for a component; empty for the service as a whole.
    pub modifier: String,
    /// Status: A active, B bundled, C priced by the carrier, I not valid for Medicare, N non-covered, P bundled or
    /// excluded, R restricted, T injections, X excluded by statute …
    pub status: char,
    /// Professional and technical component indicator, 0 to 9.
    pub components: Option<char>,
    /// Global days: 000, 010, 090, MMM maternity, XXX does not apply, YYY by the carrier, ZZZ part of another service.
    pub global_days: String,
    /// Multiple procedures indicator.
    pub multiple: Option<char>,
    /// Bilateral surgery indicator: 0 to 3, 9.
    pub bilateral: Option<char>,
    /// Assistant at surgery indicator.
    pub assistant: Option<char>,
    /// Co-surgeons indicator.
    pub co_surgeons: Option<char>,
    /// Team surgery indicator.
    pub team: Option<char>,
    /// The base of an endoscopic family.
    pub endoscopic_base: Option<CodeKey>,
}
