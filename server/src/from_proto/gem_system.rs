//! The systems that the general equivalence mappings lead between.

use medcode_codes::system::CodeSystem;

/// One side of a mapping. ICD-9-CM, volumes 1 to 3, is no code system of the catalog: it ended in 2015.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GemSystem {
    Icd9Cm,
    Icd10Cm,
    Icd10Pcs,
}

/// The names of ICD-9-CM; the first is the canonical URI in FHIR.
const ICD_9_CM: [&str; 4] =
    ["http://hl7.org/fhir/sid/icd-9-cm", "urn:oid:2.16.840.1.113883.6.103", "icd-9-cm", "icd9cm"];

impl GemSystem {
    /// Finds a system by short id, URI, OID or alias. Case and one trailing slash do not matter.
    pub(crate) fn from_identifier(identifier: &str) -> Option<Self> {
        let wanted = identifier.trim();
        let wanted = wanted.strip_suffix('/').unwrap_or(wanted);
        if ICD_9_CM.iter().any(|name| name.eq_ignore_ascii_case(wanted)) {
            return Some(Self::Icd9Cm);
        }
        match CodeSystem::from_identifier(identifier).ok()? {
            CodeSystem::Icd10Cm => Some(Self::Icd10Cm),
            CodeSystem::Icd10Pcs => Some(Self::Icd10Pcs),
            CodeSystem::Cpt | CodeSystem::Hcpcs => None,
        }
    }

    /// The canonical URI.
    pub(crate) fn url(self) -> &'static str {
        match self {
            Self::Icd9Cm => ICD_9_CM[0],
            Self::Icd10Cm => CodeSystem::Icd10Cm.url(),
            Self::Icd10Pcs => CodeSystem::Icd10Pcs.url(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_system_by_each_of_its_names() {
        for name in ICD_9_CM {
            assert_eq!(GemSystem::from_identifier(name), Some(GemSystem::Icd9Cm));
            let loud = format!("{}/", name.to_uppercase());
            assert_eq!(GemSystem::from_identifier(&loud), Some(GemSystem::Icd9Cm));
        }
        assert_eq!(GemSystem::from_identifier("icd-10-pcs"), Some(GemSystem::Icd10Pcs));
        for name in ["", "hcpcs", "icd-9", "http://hl7.org/fhir/sid/icd-10"] {
            assert_eq!(GemSystem::from_identifier(name), None, "{name}");
        }
    }
}
