//! The degree in a code of a burn or corrosion of the skin, T20 to T25.

use crate::code::CodeKey;

/// First to third degree by the fourth character: 1 to 3 for burns, 5 to 7 for corrosions. `None` where the degree is
/// unspecified.
pub(in crate::rules) fn degree(key: CodeKey) -> Option<u8> {
    match key.character(3)? {
        '1' | '5' => Some(1),
        '2' | '6' => Some(2),
        '3' | '7' => Some(3),
        _ => None,
    }
}

/// Whether two codes name one site, at one side, burned by one kind of agent. "Multiple sites" is no site.
pub(in crate::rules) fn is_same_site(a: CodeKey, b: CodeKey) -> bool {
    let is_corrosion = |key: CodeKey| key.character(3).is_some_and(|it| ('4'..='7').contains(&it));
    let site = |key: CodeKey| (key.prefix(3), key.character(4), key.character(5));
    site(a) == site(b) && is_corrosion(a) == is_corrosion(b) && a.character(4) != Some('9')
}
