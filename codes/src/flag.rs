//! Flags that the Medicare Code Editor gives to codes, each for a period.

use serde::{Deserialize, Serialize};

/// One flag of the code editor.
///
/// Meaning of each: CMS code master of the Medicare Code Editor, version 44.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Flag {
    /// For patients aged 15 to 124.
    Adult,
    /// Caesarean section (procedures).
    CaesareanSection,
    /// Clinical trial.
    ClinicalTrial,
    /// Outcome of delivery.
    DeliveryOutcome,
    /// Type 1 diabetes, a condition of other edits.
    DiabetesType1,
    /// External cause: never the principal diagnosis.
    ExternalCause,
    /// Restricted to women; in force until 2024-09-30.
    Female,
    /// Kidney transplant (procedures).
    KidneyTransplant,
    /// Depends on the length of stay (procedures).
    LengthOfStay,
    /// Limited coverage (procedures).
    LimitedCoverage,
    /// Limited coverage of an artificial heart, first part of the procedure; in force until 2022-03-31.
    LimitedCoverageHeartA,
    /// Limited coverage of an artificial heart, second part of the procedure; in force until 2022-03-31.
    LimitedCoverageHeartB,
    /// Restricted to men; in force until 2024-09-30.
    Male,
    /// A manifestation: never the principal diagnosis.
    Manifestation,
    /// For patients aged 9 to 64 (12 to 55 until 2019-09-30).
    Maternity,
    /// Non-covered procedure.
    NonCovered,
    /// Non-covered from the age of 60 on (procedures).
    NonCoveredAge,
    /// Condition of non-covered procedures, group 45.
    NonCovered45,
    /// Condition of non-covered procedures, group 6.
    NonCovered6,
    /// Condition of non-covered procedures, group 7; in force until 2018-09-30.
    NonCovered7,
    /// Non-covered together with sterilisation (Z30.2).
    NonCoveredZ302,
    /// For patients of age 0.
    Newborn,
    /// For patients aged 0 to 17.
    Pediatric,
    /// A reason for admission that is questioned.
    QuestionableAdmission,
    /// Requires a secondary diagnosis.
    RequiresSecondary,
    /// Not acceptable as principal diagnosis.
    Unacceptable,
    /// The side is unspecified.
    Unspecified,
    /// Vaginal delivery (procedures).
    VaginalDelivery,
    /// Wrong procedure performed.
    WrongProcedure,
}

impl Flag {
    /// Every flag with the name that the code master gives it.
    pub const ALL: [(Self, &'static str); 29] = [
        (Self::Adult, "adult"),
        (Self::CaesareanSection, "csect"),
        (Self::ClinicalTrial, "clintrial"),
        (Self::DeliveryOutcome, "delout"),
        (Self::DiabetesType1, "diabtypeI"),
        (Self::ExternalCause, "ecodepdx"),
        (Self::Female, "female"),
        (Self::KidneyTransplant, "kidneyxp"),
        (Self::LengthOfStay, "los"),
        (Self::LimitedCoverage, "lcov"),
        (Self::LimitedCoverageHeartA, "lcov_artheartxpa"),
        (Self::LimitedCoverageHeartB, "lcov_artheartxpb"),
        (Self::Male, "male"),
        (Self::Manifestation, "manifestation"),
        (Self::Maternity, "maternity"),
        (Self::NonCovered, "noncovered"),
        (Self::NonCoveredAge, "ncov12agele60"),
        (Self::NonCovered45, "ncov45"),
        (Self::NonCovered6, "ncov6"),
        (Self::NonCovered7, "ncov7"),
        (Self::NonCoveredZ302, "ncov_z302"),
        (Self::Newborn, "newborn"),
        (Self::Pediatric, "pediatric"),
        (Self::QuestionableAdmission, "qadm"),
        (Self::RequiresSecondary, "reqsdx"),
        (Self::Unacceptable, "unacceptable"),
        (Self::Unspecified, "unspecified"),
        (Self::VaginalDelivery, "vagdel"),
        (Self::WrongProcedure, "wrngproc"),
    ];

    /// The flag that the code master calls `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(flag, _)| *flag)
    }
}

/// A set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Flags(u32);

impl Flags {
    /// The set from its stored bits.
    pub fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The bits to store: bit n is the nth flag of [`Flag::ALL`].
    pub fn bits(self) -> u32 {
        self.0
    }

    /// Adds a flag.
    pub fn insert(&mut self, flag: Flag) {
        self.0 |= 1 << flag as u8;
    }

    /// Whether the flag is in the set.
    pub fn contains(self, flag: Flag) -> bool {
        self.0 & (1 << flag as u8) != 0
    }

    /// The names of the flags, as the code master writes them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Flag::ALL.iter().filter(move |(flag, _)| self.contains(*flag)).map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_bits_fit_together() {
        for (index, (flag, name)) in Flag::ALL.into_iter().enumerate() {
            assert_eq!(flag as usize, index);
            assert_eq!(Flag::from_name(name), Some(flag));
            let mut flags = Flags::default();
            flags.insert(flag);
            assert!(Flags::from_bits(flags.bits()).contains(flag));
            assert_eq!(flags.names().collect::<Vec<_>>(), [name]);
        }
        assert_eq!(Flag::from_name("nonsense"), None);
    }
}
