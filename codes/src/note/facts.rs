//! Facts about the patient and the place that a note states.

/// The patient's sex as the text states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Sex {
    /// Reads a word or letter, in any case.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        match &*word.to_ascii_lowercase() {
            "f" | "female" | "woman" | "girl" | "lady" => Some(Self::Female),
            "m" | "male" | "man" | "boy" | "gentleman" => Some(Self::Male),
            _ => None,
        }
    }
}

/// Where a service was given, as far as the rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    /// A hospital stay.
    Inpatient,
    /// A hospital's outpatient department.
    Outpatient,
    /// A physician or other professional.
    Professional,
}

impl Setting {
    /// Reads a word, in any case.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        match &*word.to_ascii_lowercase() {
            "inpatient" => Some(Self::Inpatient),
            "outpatient" | "ambulatory" => Some(Self::Outpatient),
            "professional" | "office" => Some(Self::Professional),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_words_in_any_case() {
        assert_eq!(Sex::from_word("FEMALE"), Some(Sex::Female));
        assert_eq!(Sex::from_word("m"), Some(Sex::Male));
        assert_eq!(Sex::from_word("unknown"), None);
        assert_eq!(Setting::from_word("Inpatient"), Some(Setting::Inpatient));
    }
}
