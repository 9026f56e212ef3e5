//! What could be learned: known, unknown, or not to be asked. "Could not ask" is never "does not exist".

use std::fmt;

use crate::system::CodeSystem;

/// Why something could not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnavailableReason {
    /// The system is known, nothing is installed for it.
    CodeSystemNotLoaded,
    /// Nothing that is installed covers the date.
    DateNotCovered,
    /// The installed part of the system does not hold the code; that proves nothing.
    NotInFragment,
    /// The code has the form of a dental code, which the ADA licenses.
    DentalCode,
    /// The service that holds the codes did not answer.
    ServiceUnreachable,
}

impl UnavailableReason {
    /// One sentence for a person, with the way out.
    pub fn sentence(self, system: CodeSystem) -> String {
        match (self, system) {
            (Self::CodeSystemNotLoaded, CodeSystem::Cpt) => {
                "CPT is not loaded: codes are checked for their form only; the AMA licenses the rest.".to_owned()
            }
            (Self::CodeSystemNotLoaded, _) => {
                format!("{system} is not loaded: codes are checked for their form only.")
            }
            (Self::DateNotCovered, _) => {
                format!("no installed {system} release covers the date")
            }
            (Self::NotInFragment, _) => format!(
                "the code is not in the partial {system} list that is installed."
            ),
            (Self::DentalCode, _) => "the code has the form of a CDT code; CDT is not loaded.".to_owned(),
            (Self::ServiceUnreachable, _) => "the code service could not be asked.".to_owned(),
        }
    }
}

impl fmt::Display for UnavailableReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CodeSystemNotLoaded => "code system not loaded",
            Self::DateNotCovered => "date not covered",
            Self::NotInFragment => "not in the installed fragment",
            Self::DentalCode => "dental code",
            Self::ServiceUnreachable => "service unreachable",
        })
    }
}

/// What could be learned of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// The catalog holds it, as a code or as a node.
    Known,
    /// The data is complete and has no such code.
    Unknown,
    /// Could not be asked.
    Unavailable(UnavailableReason),
}
