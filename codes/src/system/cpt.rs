//! CPT: syntax only. The AMA licenses codes and descriptors; medcode ships neither.

/// The kinds of CPT code, told apart by their last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Five digits, or four and A.
    One,
    /// Four digits and F: performance measures, not payable.
    Two,
    /// Four digits and T: emerging technology.
    Three,
    /// Four digits and U: proprietary laboratory analyses.
    Pla,
    /// Four digits and M: multianalyte assays with algorithmic analyses.
    Maaa,
}

/// The category of a code by its shape, or `None` when it has none of the shapes.
pub fn category(text: &str) -> Option<Category> {
    let bytes = text.as_bytes();
    if bytes.len() != 5 || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    match bytes[4] {
        // Vaccine administrations of 2020 to 2023 ended with A.
        b'0'..=b'9' | b'A' => Some(Category::One),
        b'F' => Some(Category::Two),
        b'T' => Some(Category::Three),
        b'U' => Some(Category::Pla),
        b'M' => Some(Category::Maaa),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_categories_apart_by_the_last_character() {
        assert_eq!(category("00000"), Some(Category::One));
        assert_eq!(category("0000F"), Some(Category::Two));
        assert_eq!(category("0000T"), Some(Category::Three));
        assert_eq!(category("0000U"), Some(Category::Pla));
        assert_eq!(category("0000M"), Some(Category::Maaa));
        for text in ["0000", "000000", "0000B", "A0000", "0000f"] {
            assert_eq!(category(text), None, "{text}");
        }
    }
}
