//! Modifiers: two characters appended to a CPT or HCPCS code.

/// Whether `text`, in capitals, has the shape of a modifier: two letters or digits.
pub fn has_shape(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether `text` is written like a modifier that CPT defines (two digits, P1 to P6, 1P 2P 3P 8P); any other shape
/// belongs to HCPCS.
pub fn is_cpt_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 2
        && (bytes.iter().all(u8::is_ascii_digit)
            || (bytes[0] == b'P' && matches!(bytes[1], b'1'..=b'6'))
            || (bytes[1] == b'P' && matches!(bytes[0], b'1' | b'2' | b'3' | b'8')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_cpt_modifiers_from_those_of_hcpcs() {
        assert!(is_cpt_shape("25") && is_cpt_shape("P3") && is_cpt_shape("8P"));
        assert!(has_shape("LT") && !is_cpt_shape("LT") && !is_cpt_shape("P7"));
        assert!(!has_shape("2") && !has_shape("255") && !has_shape("2-"));
    }
}
