//! Words that differ by one slip of typing.

/// Whether one character replaced, left out, put in or exchanged with its neighbour makes `a` into `b`. Equal words do
/// not differ.
pub(super) fn differ_by_one(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let same = short.iter().zip(long.iter()).take_while(|(one, other)| one == other).count();
    let (short, long) = (&short[same..], &long[same..]);
    match long.len() - short.len() {
        0 => {
            let replaced = long.len() > 1 && short[1..] == long[1..] || long.len() == 1;
            let exchanged = long.len() > 1
                && short[0] == long[1]
                && short[1] == long[0]
                && short[2..] == long[2..];
            replaced || exchanged
        }
        1 => short == &long[1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forgives_each_kind_of_slip() {
        for (typed, meant) in [
            ("hypertenson", "hypertension"),
            ("hypertennsion", "hypertension"),
            ("hypertansion", "hypertension"),
            ("hypertnesion", "hypertension"),
            ("hypertensio", "hypertension"),
            ("b", "c"),
        ] {
            assert!(differ_by_one(typed, meant) && differ_by_one(meant, typed), "{typed}");
        }
    }

    #[test]
    fn does_not_forgive_more() {
        for (typed, meant) in [
            ("abc", "abc"),
            ("", ""),
            ("abcd", "badc"),
            ("abc", "xyc"),
            ("abc", "abcde"),
            ("abc", "xabd"),
        ] {
            assert!(!differ_by_one(typed, meant), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn is_symmetric(a in "[abc]{0,6}", b in "[abc]{0,6}") {
            prop_assert_eq!(differ_by_one(&a, &b), differ_by_one(&b, &a));
        }
    }
}
