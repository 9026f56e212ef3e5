//! Numbers for the categories of codes, in text order.

use crate::code::CodeKey;

/// Characters of a category.
const LENGTH: usize = 3;

/// What a character of a key can be: none, a digit or a capital letter.
const CHARACTERS: usize = 1 + 10 + 26;

/// How many categories there could be.
pub(super) const CATEGORIES: usize = CHARACTERS * CHARACTERS * CHARACTERS;

/// The number of the category that a key begins with, below [`CATEGORIES`]. A key that is shorter comes before all that
/// begin with it, and [`CodeKey::last_below`] of one counts as the last of them.
pub(super) fn category(key: CodeKey) -> usize {
    let number = |byte: u8| match byte {
        b'0'..=b'9' => usize::from(byte - b'0') + 1,
        b'A'..=u8::MAX => usize::from(byte.min(b'Z') - b'A') + 11,
        _ => 0,
    };
    key.bytes().iter().take(LENGTH).fold(0, |all, byte| all * CHARACTERS + number(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_follow_text(a in "[0-9A-Z]{1,7}", b in "[0-9A-Z]{1,7}") {
            let (a, b) = (CodeKey::new(&a).unwrap(), CodeKey::new(&b).unwrap());
            prop_assert!(category(a) < CATEGORIES);
            prop_assert_eq!(category(a).cmp(&category(b)), a.prefix(LENGTH).cmp(&b.prefix(LENGTH)));
            prop_assert!(category(a) <= category(a.last_below()));
        }
    }
}
