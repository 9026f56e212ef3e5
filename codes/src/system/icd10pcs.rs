//! ICD-10-PCS: syntax of inpatient procedure codes.

/// Whether `text`, in capitals, has the shape of a code: a section in use, then six of the 34 characters (no I, no O).
pub fn has_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 7 && is_section(bytes[0]) && bytes[1..].iter().copied().all(is_character)
}

/// Whether `text`, in capitals, has seven letters and digits, I and O allowed. Used to recognise typing errors.
pub fn has_loose_shape(text: &str) -> bool {
    text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn is_section(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'B'..=b'D' | b'F'..=b'H' | b'X')
}

fn is_character(byte: u8) -> bool {
    byte.is_ascii_digit() || (byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'O'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_seven_characters_without_i_and_o() {
        assert!(has_shape("0DTJ4ZZ") && has_shape("10E0XZZ") && has_shape("XW023X7"));
        assert!(
            !has_shape("0DTJ4Z")
                && !has_shape("0DTJ4ZO")
                && !has_shape("ADTJ4ZZ")
                && !has_shape("0DTJ.4Z")
        );
    }

    #[test]
    fn the_loose_shape_takes_i_and_o() {
        assert!(has_loose_shape("ODTJ4ZZ") && !has_loose_shape("ODTJ4Z"));
    }
}
