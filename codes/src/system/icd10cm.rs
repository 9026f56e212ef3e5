//! ICD-10-CM: syntax of diagnosis codes.
//!
//! A code has three to seven characters and a point after the third. Source: ICD-10-CM Official Guidelines
//! FY2026, I.A.2 to I.A.5; the shapes are those of every code from FY2016 to FY2027.

/// Where the point of a code stands, counted in characters.
pub const POINT_AFTER: usize = 3;

/// Whether `text`, in capitals and without a point, may be a code in a labelled place: a letter and two to six
/// letters or digits.
pub fn has_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    (3..=7).contains(&bytes.len())
        && bytes[0].is_ascii_uppercase()
        && bytes[1..].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether `text`, in capitals and without a point, has the stricter shape that is looked for in prose: a letter, a
/// digit, then a digit or A or B; or `QA` and a digit.
///
/// An importer asserts that every code of a release has this shape, so that a new kind of category fails there and
/// is not overlooked in notes.
pub fn has_prose_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !has_shape(text) {
        return false;
    }
    let category =
        bytes[1].is_ascii_digit() && (bytes[2].is_ascii_digit() || matches!(bytes[2], b'A' | b'B'));
    category || (bytes[0] == b'Q' && bytes[1] == b'A' && bytes[2].is_ascii_digit())
}

/// Writes a code with its point: `E119` becomes `E11.9`.
pub fn dotted(undotted: &str) -> String {
    match undotted.split_at_checked(POINT_AFTER) {
        Some((category, rest)) if !rest.is_empty() => [category, ".", rest].concat(),
        _ => undotted.to_owned(),
    }
}

/// The code without the placeholders X behind the third character: `T360X1A` becomes `T3601A`.
///
/// No two billable codes share this form, and it is no billable code itself. Source: guideline I.A.4; measured on
/// all 14,564 codes with a placeholder.
pub fn without_placeholders(undotted: &str) -> String {
    undotted
        .char_indices()
        .filter(|(index, character)| *index < POINT_AFTER || *character != 'X')
        .map(|(_, character)| character)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_shape_knows_categories_with_letters() {
        for code in ["E11", "E1165", "QA00101", "QA1", "C4A", "C7B8", "Z3A39", "S72001A", "U071"] {
            assert!(has_prose_shape(code), "{code}");
        }
        for code in ["E1", "EII", "QB0", "1E1", "E1C9", "E11.9", "e119", "S72001AB", ""] {
            assert!(!has_prose_shape(code), "{code}");
        }
    }

    #[test]
    fn writes_the_point_after_the_third_character() {
        assert_eq!(dotted("E119"), "E11.9");
        assert_eq!(dotted("I10"), "I10");
        assert_eq!(dotted("S72001A"), "S72.001A");
    }

    #[test]
    fn drops_placeholders_but_not_the_category() {
        assert_eq!(without_placeholders("T360X1A"), "T3601A");
        assert_eq!(without_placeholders("X00XXXA"), "X00A");
    }
}
