//! Words that differ by one slip of typing, or by two.

/// Whether one character replaced, left out, put in or exchanged with its neighbour makes `a` into `b`. Equal words do
/// not differ.
pub(super) fn differ_by_one(a: &str, b: &str) -> bool {
    compare(a, b, one_slip, one_slip)
}

/// Whether at most two slips make `a` into `b`; an exchange of neighbours counts as two here.
pub(super) fn differ_by_two(a: &str, b: &str) -> bool {
    compare(a, b, |a, b| at_most(2, a, b), |a, b| at_most(2, a, b))
}

/// Compares the characters of two words. Nearly all words are their bytes.
fn compare(
    a: &str,
    b: &str,
    bytes: impl Fn(&[u8], &[u8]) -> bool,
    characters: impl Fn(&[char], &[char]) -> bool,
) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return bytes(a.as_bytes(), b.as_bytes());
    }
    characters(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
}

fn one_slip<C: PartialEq>(a: &[C], b: &[C]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let (short, long) = (&short[same..], &long[same..]);
    match long.len() - short.len() {
        0 => {
            let replaced = long.len() > 1 && short[1..] == long[1..] || long.len() == 1;
            let exchanged = long.len() > 1
                && short[0] == long[1]
                && short[1] == long[0]
                && short[2..] == long[2..];
            replaced || exchanged || moved(short, long)
        }
        _ => short == &long[1..],
    }
}

/// Whether one character stands at another place: `athsma` for `asthma`.
fn moved<C: PartialEq>(a: &[C], b: &[C]) -> bool {
    let (Some((first_of_a, rest_of_a)), Some((first_of_b, rest_of_b))) =
        (a.split_first(), b.split_first())
    else {
        return false;
    };
    let end = a.len()
        - a.iter().rev().zip(b.iter().rev()).take_while(|(one, other)| one == other).count();
    let to_the_left = |from: &[C], (first, rest): (&C, &[C])| {
        end > 1 && from[end - 1] == *first && from[..end - 1] == rest[..end - 1]
    };
    to_the_left(a, (first_of_b, rest_of_b)) || to_the_left(b, (first_of_a, rest_of_a))
}

/// Whether characters replaced, left out or put in make `a` into `b`, at most so many.
fn at_most<C: PartialEq>(slips: usize, a: &[C], b: &[C]) -> bool {
    if a.len().abs_diff(b.len()) > slips {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(one, other)| one == other).count();
    let (a, b) = (&a[same..], &b[same..]);
    let (Some((_, rest_of_a)), Some((_, rest_of_b))) = (a.split_first(), b.split_first()) else {
        return true;
    };
    slips > 0
        && [(rest_of_a, rest_of_b), (rest_of_a, b), (a, rest_of_b)]
            .into_iter()
            .any(|(a, b)| at_most(slips - 1, a, b))
}

/// How likely somebody who meant one word typed the other: a letter left out, doubled or in the wrong place and a vowel
/// for a vowel are common, another letter is not.
pub(super) fn likelihood(typed: &str, meant: &str) -> f32 {
    const RARE: f32 = 0.5;
    let is_vowel = |character: char| "aeiouy".contains(character);
    let mut differing = typed.chars().zip(meant.chars()).filter(|(one, other)| one != other);
    let (first, second) = (differing.next(), differing.next());
    let is_replaced = typed.chars().count() == meant.chars().count() && second.is_none();
    let vowels = first.is_none_or(|(one, other)| is_vowel(one) && is_vowel(other));
    if is_replaced && !vowels { RARE } else { 1.0 }
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
            ("athsma", "asthma"),
            ("hpyertension", "hypertension"),
        ] {
            assert!(differ_by_one(typed, meant) && differ_by_one(meant, typed), "{typed}");
        }
    }

    #[test]
    fn forgives_two_slips() {
        for (typed, meant) in [
            ("hypertinson", "hypertension"),
            ("pneumona", "pneumonia"),
            ("fibromyalgea", "fibromyalgia"),
        ] {
            assert!(differ_by_two(typed, meant) && differ_by_two(meant, typed), "{typed}");
        }
        for (typed, meant) in [("abc", "xyz"), ("asthma", "plasma"), ("", "abc")] {
            assert!(!differ_by_two(typed, meant), "{typed}");
        }
    }

    #[test]
    fn likelier_slips_come_first() {
        for (typed, likelier, other) in
            [("migrane", "migraine", "migrans"), ("concusion", "concussion", "contusion")]
        {
            assert!(likelihood(typed, likelier) > likelihood(typed, other), "{typed}");
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
            prop_assert_eq!(differ_by_two(&a, &b), differ_by_two(&b, &a));
            prop_assert!(differ_by_two(&a, &b) || !differ_by_one(&a, &b));
        }
    }
}
