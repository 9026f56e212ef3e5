//! Words of degree beside a condition: `severe back pain`, `anemia, mild`, `uncontrolled hypertension`.
//!
//! With most conditions the classification takes no note of them, and titles that state one are about something else.

use std::ops::Range;

use super::words::Word;

/// What says how much there is of a condition, since when, or how well it is controlled; see
/// [`super::control`] for where that counts.
const DEGREES: &[&str] = &[
    "active",
    "controlled",
    "critical",
    "inadequately",
    "marked",
    "mild",
    "minimal",
    "moderate",
    "new",
    "onset",
    "poorly",
    "severe",
    "significant",
    "trace",
    "uncontrolled",
    "well",
];

/// What says that a condition is not sure: no title of a code has these words, only headings of blocks and a term of the
/// Index.
const DOUBTS: &[&str] = &["likely", "possible", "presumed", "probable", "questionable"];

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

/// Leaves out of a query what says that a condition is not sure, unless it says nothing else.
pub(super) fn drop_doubts(words: &mut Vec<Word>) {
    let is_doubt = |word: &Word| DOUBTS.contains(&word.text.as_str());
    if !words.iter().all(is_doubt) {
        words.retain(|word| !is_doubt(word));
    }
}

/// Which words of a query are left without the degrees that it begins or ends with. `None` where there are none, where
/// nothing else is said, and where the degree chooses the code.
pub(super) fn without(words: &[&str]) -> Option<Range<usize>> {
    let before = stated(words.iter());
    let rest = words.get(before..)?;
    let rest = rest.get(..rest.len() - stated(rest.iter().rev()))?;
    let is_classified = rest.iter().any(|word| CLASSIFIED.contains(word));
    let left = before..before + rest.len();
    (left.len() < words.len() && !left.is_empty() && !is_classified).then_some(left)
}

/// How many words at the start state a degree, or several.
fn stated<'s>(words: impl Iterator<Item = &'s &'s str> + Clone) -> usize {
    let is = |word: &&&str| DEGREES.contains(*word);
    let begins = words.clone().next().as_ref().is_some_and(is);
    let joins = |word: &&&str| is(word) || BETWEEN.contains(*word);
    if begins { words.take_while(joins).count() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::search::words;

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
        assert_eq!(rest("poorly controlled gout").as_deref(), Some("gout"));
        assert_eq!(rest("new onset gout").as_deref(), Some("gout"));
        for none in ["back pain", "to back pain", "severe", "mild to moderate", "pain severe back"]
        {
            assert_eq!(rest(none), None, "{none}");
        }
    }

    #[test]
    fn leaves_doubts_out() {
        let rest = |query: &str| {
            let mut words = words::words(query);
            drop_doubts(&mut words);
            words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(rest("possible gout, likely"), "gout");
        assert_eq!(rest("probable"), "probable");
    }

    #[test]
    fn leaves_degrees_that_choose_a_code() {
        for query in ["severe asthma", "depression severe", "mild nonproliferative retinopathy"] {
            assert_eq!(rest(query), None, "{query}");
        }
    }
}
