//! Words of degree beside a condition: `severe back pain`, `anemia, mild`.
//!
//! With most conditions the classification takes no note of them, and titles that state one are about something else: of
//! back pain that is severe nothing more is said than that it is severe.

use std::ops::Range;

/// What says how much there is of a condition.
const DEGREES: &[&str] =
    &["critical", "marked", "mild", "minimal", "moderate", "severe", "significant", "trace"];

/// What stands between two of them.
const BETWEEN: &[&str] = &["and", "or", "to"];

/// Words of conditions whose degree chooses the code: mild intermittent asthma has one of its own.
const CLASSIFIED: &[&str] = &[
    "alcoholic",
    "alcoholism",
    "asthma",
    "dementia",
    "depression",
    "obesity",
    "pregnancy",
    "retinopathy",
    "sepsis",
    "septic",
    "use",
];

/// Which words of a query are left without the degrees that it begins or ends with. `None` where there are none, where
/// nothing else is said, and where the degree chooses the code.
pub(super) fn without(words: &[&str]) -> Option<Range<usize>> {
    let is = |word: &&&str| DEGREES.contains(*word);
    let joins = |word: &&&str| is(word) || BETWEEN.contains(*word);
    let before = words.iter().take_while(joins).count();
    let before = if words.first().as_ref().is_some_and(is) { before } else { 0 };
    let rest = words.get(before..)?;
    let behind = rest.iter().rev().take_while(joins).count();
    let behind = if rest.last().as_ref().is_some_and(is) { behind } else { 0 };
    let rest = rest.get(..rest.len() - behind)?;
    let is_classified = rest.iter().any(|word| CLASSIFIED.contains(word));
    let left = before..before + rest.len();
    (left.len() < words.len() && !left.is_empty() && !is_classified).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(query: &str) -> Option<String> {
        let words: Vec<&str> = query.split(' ').collect();
        without(&words).map(|rest| words[rest].join(" "))
    }

    #[test]
    fn knows_degrees_at_both_ends() {
        assert_eq!(rest("severe back pain").as_deref(), Some("back pain"));
        assert_eq!(rest("mild to moderate back pain").as_deref(), Some("back pain"));
        assert_eq!(rest("anemia moderate to severe").as_deref(), Some("anemia"));
        assert_eq!(rest("mild anemia severe").as_deref(), Some("anemia"));
        for none in ["back pain", "to back pain", "severe", "mild to moderate", "pain severe back"]
        {
            assert_eq!(rest(none), None, "{none}");
        }
    }

    #[test]
    fn leaves_degrees_that_choose_a_code() {
        for query in ["severe asthma", "depression severe", "mild nonproliferative retinopathy"] {
            assert_eq!(rest(query), None, "{query}");
        }
    }
}
