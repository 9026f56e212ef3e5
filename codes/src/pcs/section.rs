//! The sections of ICD-10-PCS and what the seven characters of their codes mean. Facts of the official structure, in
//! words of the official tables.

/// One section: the codes with one first character.
#[derive(Debug)]
pub(super) struct Section {
    character: u8,
    /// The official name.
    pub(super) name: &'static str,
    /// What each of the seven characters says.
    pub(super) axes: [&'static str; 7],
    /// What a last character `Z` is called: sections in the way of the first one say "No Qualifier", the ancillary
    /// ones "None".
    no_qualifier: &'static str,
}

const fn section(
    character: u8,
    name: &'static str,
    [second, third, fourth, fifth, sixth, seventh]: [&'static str; 6],
    no_qualifier: &'static str,
) -> Section {
    let axes = ["Section", second, third, fourth, fifth, sixth, seventh];
    Section { character, name, axes, no_qualifier }
}

const NO_QUALIFIER: &str = "No Qualifier";
const NONE: &str = "None";

const SYSTEM: &str = "Body System";
const OPERATION: &str = "Operation";
const ROOT: &str = "Root Type";
const PART: &str = "Body Part";
const REGION: &str = "Body Region";
/// The name of the axis whose values mean the same in every section that has it.
pub(super) const APPROACH: &str = "Approach";
const DURATION: &str = "Duration";
const METHOD: &str = "Method";
const QUALIFIER: &str = "Qualifier";

/// In the order of the characters.
static SECTIONS: [Section; 17] = [
    section(
        b'0',
        "Medical and Surgical",
        [SYSTEM, OPERATION, PART, APPROACH, "Device", QUALIFIER],
        NO_QUALIFIER,
    ),
    section(
        b'1',
        "Obstetrics",
        [SYSTEM, OPERATION, PART, APPROACH, "Device", QUALIFIER],
        NO_QUALIFIER,
    ),
    section(
        b'2',
        "Placement",
        [SYSTEM, OPERATION, REGION, APPROACH, "Device", QUALIFIER],
        NO_QUALIFIER,
    ),
    section(
        b'3',
        "Administration",
        [SYSTEM, OPERATION, "Body System / Region", APPROACH, "Substance", QUALIFIER],
        NO_QUALIFIER,
    ),
    section(
        b'4',
        "Measurement and Monitoring",
        [SYSTEM, OPERATION, SYSTEM, APPROACH, "Function / Device", QUALIFIER],
        NO_QUALIFIER,
    ),
    section(
        b'5',
        "Extracorporeal or Systemic Assistance and Performance",
        [SYSTEM, OPERATION, SYSTEM, DURATION, "Function", QUALIFIER],
        NO_QUALIFIER,
    ),
    section(
        b'6',
        "Extracorporeal or Systemic Therapies",
        [SYSTEM, OPERATION, SYSTEM, DURATION, QUALIFIER, QUALIFIER],
        NO_QUALIFIER,
    ),
    section(b'7', "Osteopathic", [SYSTEM, OPERATION, REGION, APPROACH, METHOD, QUALIFIER], NONE),
    section(
        b'8',
        "Other Procedures",
        [SYSTEM, OPERATION, REGION, APPROACH, METHOD, QUALIFIER],
        NO_QUALIFIER,
    ),
    section(b'9', "Chiropractic", [SYSTEM, OPERATION, REGION, APPROACH, METHOD, QUALIFIER], NONE),
    section(b'B', "Imaging", [SYSTEM, ROOT, PART, "Contrast", QUALIFIER, QUALIFIER], NONE),
    section(
        b'C',
        "Nuclear Medicine",
        [SYSTEM, ROOT, PART, "Radionuclide", QUALIFIER, QUALIFIER],
        NONE,
    ),
    section(
        b'D',
        "Radiation Therapy",
        [SYSTEM, "Modality", "Treatment Site", "Modality Qualifier", "Isotope", QUALIFIER],
        NONE,
    ),
    section(
        b'F',
        "Physical Rehabilitation and Diagnostic Audiology",
        [
            "Section Qualifier",
            ROOT,
            "Body System & Region",
            "Type Qualifier",
            "Equipment",
            QUALIFIER,
        ],
        NONE,
    ),
    section(
        b'G',
        "Mental Health",
        [SYSTEM, ROOT, "Type Qualifier", QUALIFIER, QUALIFIER, QUALIFIER],
        NONE,
    ),
    section(
        b'H',
        "Substance Abuse Treatment",
        [SYSTEM, ROOT, "Type Qualifier", QUALIFIER, QUALIFIER, QUALIFIER],
        NONE,
    ),
    section(
        b'X',
        "New Technology",
        [SYSTEM, OPERATION, PART, APPROACH, "Device / Substance / Technology", QUALIFIER],
        NO_QUALIFIER,
    ),
];

/// The names where the section is unknown.
pub(super) const UNKNOWN: [&str; 7] = [
    "Section",
    "Character 2",
    "Character 3",
    "Character 4",
    "Character 5",
    "Character 6",
    "Character 7",
];

/// The section of codes that begin with `character`.
pub(super) fn of(character: u8) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.character == character)
}

/// The names of the axes of the fourth to seventh character.
pub(super) fn axis_names(section: u8) -> [&'static str; 4] {
    let [_, _, _, fourth, fifth, sixth, seventh] =
        of(section).map_or(UNKNOWN, |section| section.axes);
    [fourth, fifth, sixth, seventh]
}

impl Section {
    /// What `Z` is called on an axis, counted from 0, whose titles say nothing of it.
    pub(super) fn nothing(&self, axis: usize) -> &'static str {
        match self.axes.get(axis) {
            Some(&"Device") => "No Device",
            Some(&QUALIFIER) => self.no_qualifier,
            _ => NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_sections_by_their_first_character() {
        assert_eq!(of(b'0').map(|section| section.name), Some("Medical and Surgical"));
        assert_eq!(of(b'B').map(|section| section.axes[4]), Some("Contrast"));
        assert!(of(b'A').is_none() && of(b'E').is_none());
        assert!(SECTIONS.iter().is_sorted_by_key(|section| section.character));
    }

    #[test]
    fn names_what_is_not_there() {
        let names = |character, axis| of(character).map(|section| section.nothing(axis));
        assert_eq!(names(b'0', 5), Some("No Device"));
        assert_eq!(names(b'0', 6), Some("No Qualifier"));
        assert_eq!(names(b'B', 6), Some("None"));
        assert_eq!(names(b'G', 1), Some("None"));
    }
}
