//! The code systems: their names, identifiers and shapes. One file per system holds its syntax.

use std::fmt;

pub mod cpt;
pub mod hcpcs;
pub mod icd10cm;
pub mod icd10pcs;
pub mod modifier;

/// A published set of codes that medcode knows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum CodeSystem {
    /// Diagnoses, published by CDC/NCHS and CMS.
    Icd10Cm,
    /// Inpatient procedures, published by CMS.
    Icd10Pcs,
    /// HCPCS Level I, licensed by the American Medical Association.
    Cpt,
    /// HCPCS Level II, published by CMS.
    Hcpcs,
}

/// Names and identifiers of one system.
struct Identity {
    id: &'static str,
    title: &'static str,
    url: &'static str,
    oid: &'static str,
    aliases: &'static [&'static str],
}

impl CodeSystem {
    /// Every system, in the order in which it is listed.
    pub const ALL: [Self; 4] = [Self::Icd10Cm, Self::Icd10Pcs, Self::Cpt, Self::Hcpcs];

    fn identity(self) -> Identity {
        match self {
            Self::Icd10Cm => Identity {
                id: "icd-10-cm",
                title: "ICD-10-CM",
                url: "http://hl7.org/fhir/sid/icd-10-cm",
                oid: "urn:oid:2.16.840.1.113883.6.90",
                aliases: &[
                    "http://terminology.hl7.org/CodeSystem/icd10CM",
                    "icd10cm",
                    "i10",
                    "icd-10",
                    "icd10",
                ],
            },
            Self::Icd10Pcs => Identity {
                id: "icd-10-pcs",
                title: "ICD-10-PCS",
                url: "http://www.cms.gov/Medicare/Coding/ICD10",
                oid: "urn:oid:2.16.840.1.113883.6.4",
                aliases: &[
                    "http://terminology.hl7.org/CodeSystem/icd10PCS",
                    "http://www.icd10data.com/icd10pcs",
                    "icd10pcs",
                    "pcs",
                ],
            },
            Self::Cpt => Identity {
                id: "cpt",
                title: "CPT",
                url: "http://www.ama-assn.org/go/cpt",
                oid: "urn:oid:2.16.840.1.113883.6.12",
                aliases: &[],
            },
            Self::Hcpcs => Identity {
                id: "hcpcs",
                title: "HCPCS Level II",
                url: "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
                oid: "urn:oid:2.16.840.1.113883.6.285",
                aliases: &[
                    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
                    "hcpcs-level-ii",
                ],
            },
        }
    }

    /// The short id, such as `icd-10-cm`.
    pub fn id(self) -> &'static str {
        self.identity().id
    }

    /// The name people use, such as `ICD-10-CM`.
    pub fn title(self) -> &'static str {
        self.identity().title
    }

    /// The canonical URI of the system in FHIR.
    pub fn url(self) -> &'static str {
        self.identity().url
    }

    /// Every other URI, OID and short name that is accepted for the system.
    pub fn aliases(self) -> Vec<&'static str> {
        let identity = self.identity();
        std::iter::once(identity.oid).chain(identity.aliases.iter().copied()).collect()
    }

    /// Whether the codes are diagnoses rather than procedures, services or supplies.
    pub fn is_diagnosis(self) -> bool {
        self == Self::Icd10Cm
    }

    /// Finds a system by short id, URI, OID or alias. Case and one trailing slash do not matter.
    ///
    /// # Errors
    /// No system has this name; the error names the near miss where there is a well-known one.
    pub fn from_identifier(identifier: &str) -> Result<Self, UnknownSystem> {
        // What our own clients send.
        if let Some(system) = Self::ALL.into_iter().find(|system| system.id() == identifier) {
            return Ok(system);
        }
        let wanted = identifier.trim().trim_end_matches('/').to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|system| {
                let identity = system.identity();
                [identity.id, identity.url, identity.oid, identity.title]
                    .into_iter()
                    .chain(identity.aliases.iter().copied())
                    .any(|name| name.eq_ignore_ascii_case(&wanted))
            })
            .ok_or(UnknownSystem { is_who_icd10: wanted == "http://hl7.org/fhir/sid/icd-10" })
    }

    /// Whether `text`, in capitals and without a point, can be a code of this system.
    ///
    /// This is the loose shape for labelled places: the code set decides about the rest. Prose is filtered by
    /// [`icd10cm::has_prose_shape`].
    pub fn accepts_shape(self, text: &str) -> bool {
        match self {
            Self::Icd10Cm => icd10cm::has_shape(text),
            Self::Icd10Pcs => icd10pcs::has_shape(text),
            Self::Cpt => cpt::category(text).is_some(),
            Self::Hcpcs => hcpcs::has_shape(text),
        }
    }

    /// What a code of the system looks like, for messages: "a letter, a digit …".
    pub fn shape_in_words(self) -> &'static str {
        match self {
            Self::Icd10Cm => {
                "three to seven characters that begin with a letter, with a point after the third"
            }
            Self::Icd10Pcs => "seven letters and digits without I, O or a point",
            Self::Cpt => "five digits, or four digits and F, T, U or M",
            Self::Hcpcs => "a letter and four digits",
        }
    }
}

impl fmt::Display for CodeSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// No code system has the identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSystem {
    /// The identifier is that of WHO's ICD-10, which is another system than ICD-10-CM and often taken for it.
    pub is_who_icd10: bool,
}

impl fmt::Display for UnknownSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_who_icd10 {
            f.write_str("this is the ICD-10 of the WHO, another system; ICD-10-CM is icd-10-cm")
        } else {
            f.write_str("unknown code system; known are icd-10-cm, icd-10-pcs, cpt and hcpcs")
        }
    }
}

impl std::error::Error for UnknownSystem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_system_by_each_of_its_names() {
        for system in CodeSystem::ALL {
            for name in
                system.aliases().into_iter().chain([system.id(), system.url(), system.title()])
            {
                assert_eq!(CodeSystem::from_identifier(name), Ok(system), "{name}");
                assert_eq!(
                    CodeSystem::from_identifier(&format!("{}/", name.to_uppercase())),
                    Ok(system),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn tells_icd10_of_the_who_apart() {
        let error = CodeSystem::from_identifier("http://hl7.org/fhir/sid/icd-10").unwrap_err();
        assert!(error.is_who_icd10);
        assert!(!CodeSystem::from_identifier("snomed").unwrap_err().is_who_icd10);
    }
}
