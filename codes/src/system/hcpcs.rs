//! HCPCS Level II: syntax. D codes (CDT) are the ADA's: recognised by shape, never stored.

/// Whether `text`, in capitals, has the shape of a Level II code: a letter in use and four digits. D codes are not
/// Level II here, see [`has_cdt_shape`].
pub fn has_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 5
        && matches!(bytes[0], b'A'..=b'C' | b'E' | b'G' | b'H' | b'J'..=b'M' | b'P'..=b'V')
        && bytes[1..].iter().all(u8::is_ascii_digit)
}

/// Whether `text`, in capitals, has the shape of a dental code of the ADA: D and four digits.
pub fn has_cdt_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 5 && bytes[0] == b'D' && bytes[1..].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_letters_in_use_and_keeps_dental_codes_apart() {
        assert!(has_shape("J1885") && has_shape("A0021") && has_shape("V2020"));
        assert!(!has_shape("D0000") && has_cdt_shape("D0000"));
        assert!(!has_shape("J188") && !has_shape("N1885") && !has_shape("J188A"));
    }
}
