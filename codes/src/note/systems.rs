//! The code systems that a label, column or key admits.

use crate::system::CodeSystem;

/// A set of code systems, and the one that is meant when the shape does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Systems {
    members: u8,
    /// What an ill-formed code is taken for. `None`: nothing was declared, so it is guessed.
    pub(super) default: Option<CodeSystem>,
}

impl Systems {
    /// Diagnoses: `Dx`, `Diagnosis`, `ICD-10-CM`.
    pub(super) const DIAGNOSIS: Self = Self::of(&[CodeSystem::Icd10Cm]);
    /// `ICD-10` alone: diagnoses, unless the code is clearly one of ICD-10-PCS.
    pub(super) const ICD: Self = Self::of(&[CodeSystem::Icd10Cm, CodeSystem::Icd10Pcs]);
    /// `ICD-10-PCS`.
    pub(super) const PCS: Self = Self::of(&[CodeSystem::Icd10Pcs]);
    /// `CPT`. People write codes of Level II under it as well.
    pub(super) const CPT: Self = Self::of(&[CodeSystem::Cpt, CodeSystem::Hcpcs]);
    /// `HCPCS`, of which CPT is Level I.
    pub(super) const HCPCS: Self = Self::of(&[CodeSystem::Hcpcs, CodeSystem::Cpt]);
    /// `Px`, `Procedure code`.
    pub(super) const PROCEDURE: Self =
        Self::of(&[CodeSystem::Cpt, CodeSystem::Hcpcs, CodeSystem::Icd10Pcs]);
    /// Codes of any system, none declared.
    pub(super) const ANY: Self = Self { default: None, ..Self::of(&CodeSystem::ALL) };

    const fn of(systems: &[CodeSystem]) -> Self {
        let mut members = 0;
        let mut index = 0;
        while index < systems.len() {
            members |= bit(systems[index]);
            index += 1;
        }
        Self { members, default: Some(systems[0]) }
    }

    /// Exactly one system.
    pub(super) const fn only(system: CodeSystem) -> Self {
        Self::of(&[system])
    }

    /// Whether `system` is admitted.
    pub(super) fn has(self, system: CodeSystem) -> bool {
        self.members & bit(system) != 0
    }

    /// What either admits, as in `Dx/CPT`. The default stays that of the first.
    pub(super) fn or(self, other: Self) -> Self {
        Self { members: self.members | other.members, default: self.default.or(other.default) }
    }

    /// The systems, the default first.
    pub(super) fn to_vec(self) -> Vec<CodeSystem> {
        let others = CodeSystem::ALL
            .into_iter()
            .filter(|system| self.has(*system) && Some(*system) != self.default);
        self.default.into_iter().chain(others).collect()
    }
}

const fn bit(system: CodeSystem) -> u8 {
    match system {
        CodeSystem::Icd10Cm => 1,
        CodeSystem::Icd10Pcs => 2,
        CodeSystem::Cpt => 4,
        CodeSystem::Hcpcs => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_comes_first() {
        assert_eq!(Systems::HCPCS.to_vec(), [CodeSystem::Hcpcs, CodeSystem::Cpt]);
        assert_eq!(
            Systems::DIAGNOSIS.or(Systems::CPT).to_vec(),
            [CodeSystem::Icd10Cm, CodeSystem::Cpt, CodeSystem::Hcpcs]
        );
        assert_eq!(Systems::ANY.to_vec(), CodeSystem::ALL);
    }
}
