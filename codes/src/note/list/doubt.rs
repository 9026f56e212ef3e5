//! Codes that are only possibilities: `E10.9 vs E11.9`, `E10.9 or E11.9`, `r/o J18.9`, `? J18.9`, `J18.9?`.
//!
//! Who writes alternatives reports none of them: both are mentioned.

use super::{Left, Walk};
use crate::note::{
    Mention, tokens,
    tokens::{Token, is_blank, skip},
};

impl Walk {
    /// A question mark: behind a code it questions that one, else the next.
    pub(super) fn question(&mut self, mentions: &mut [Mention]) {
        match self.left {
            Left::Code => question_last(mentions, 1),
            _ => self.questions_next = true,
        }
    }

    /// Reads a word that parts alternatives, or asks to rule something out. Returns where reading goes on.
    pub(super) fn alternative(&mut self, text: &str, token: Token, end: usize) -> Option<usize> {
        if self.left != Left::Code
            && let Some(behind) = rules_out(text, token, end)
        {
            self.left = Left::Separator;
            self.questions_next = true;
            return Some(behind);
        }
        let word = token.text(text);
        if !parts_alternatives(word) {
            return None;
        }
        // `E10.9, E11.9, or E13.9`: the comma before the word makes alternatives of the whole list.
        let is_list = self.comma && self.left == Left::Separator;
        let before = if is_list { self.codes } else { self.codes_of_item };
        if self.left != Left::Separator {
            self.separate();
        }
        self.parted = before;
        self.questions_next = before == 0 && !word.eq_ignore_ascii_case("or");
        Some(skip(text, token.end, end, |it| it == '.'))
    }

    /// Whether the code that has just been read is questioned. If a word parts it from others, so are they: words such
    /// as "with or without" part no codes.
    pub(super) fn is_questioned(&mut self, mentions: &mut [Mention]) -> bool {
        let parted = std::mem::take(&mut self.parted);
        question_last(mentions, parted);
        self.questions_next || parted > 0
    }
}

fn question_last(mentions: &mut [Mention], count: usize) {
    mentions.iter_mut().rev().take(count).for_each(|mention| mention.questioned = true);
}

/// Whether a word parts alternatives.
pub(in crate::note) fn parts_alternatives(word: &str) -> bool {
    matches!(word, "vs" | "VS" | "Vs" | "versus" | "Versus" | "VERSUS" | "or" | "OR")
}

/// `r/o`, `rule out`: where it ends.
fn rules_out(text: &str, token: Token, end: usize) -> Option<usize> {
    let word = token.text(text);
    if matches!(word, "r" | "R") {
        let other = tokens::at(text, token.end + 1, end)?;
        let is_it =
            text.as_bytes().get(token.end) == Some(&b'/') && matches!(other.text(text), "o" | "O");
        return is_it.then_some(other.end);
    }
    if !word.eq_ignore_ascii_case("rule") {
        return None;
    }
    let other = tokens::at(text, skip(text, token.end, end, |it| is_blank(it) || it == '-'), end)?;
    other.text(text).eq_ignore_ascii_case("out").then_some(other.end)
}

#[cfg(test)]
mod tests {
    use crate::note::scan;

    /// The codes that are questioned, then the others.
    fn questioned(text: &str) -> (Vec<&str>, Vec<&str>) {
        let (doubtful, sure): (Vec<_>, Vec<_>) =
            scan(text).mentions.into_iter().partition(|it| it.questioned);
        let codes =
            |list: Vec<crate::note::Mention>| list.into_iter().map(|it| &text[it.range]).collect();
        (codes(doubtful), codes(sure))
    }

    #[test]
    fn alternatives_are_questioned() {
        for (text, doubtful, sure) in [
            ("Dx: E10.9 vs E11.9", vec!["E10.9", "E11.9"], vec![]),
            ("Dx: E10.9 vs. E11.9, I10", vec!["E10.9", "E11.9"], vec!["I10"]),
            ("Dx: I10, E10.9 versus E11.9", vec!["E10.9", "E11.9"], vec!["I10"]),
            ("Dx: I10, E10.9 or E11.9", vec!["E10.9", "E11.9"], vec!["I10"]),
            ("Dx: E10.9, E11.9, or E13.9", vec!["E10.9", "E11.9", "E13.9"], vec![]),
            ("Dx: Diabetes type 1 (E10.9) vs type 2 (E11.9)", vec!["E10.9", "E11.9"], vec![]),
            ("Dx: r/o J18.9, I10", vec!["J18.9"], vec!["I10"]),
            ("Dx: rule out pneumonia J18.9; I10", vec!["J18.9"], vec!["I10"]),
            ("Dx: ?J18.9, I10", vec!["J18.9"], vec!["I10"]),
            ("Dx: J18.9?, I10", vec!["J18.9"], vec!["I10"]),
            ("Diabetes type 1 (E10.9) vs type 2 (E11.9)", vec!["E10.9", "E11.9"], vec![]),
            ("Dx: migraine with or without aura G43.909", vec![], vec!["G43.909"]),
            ("Dx: E11.9 diabetes with or without coma, I10", vec![], vec!["E11.9", "I10"]),
            ("Dx: E10.9 and E11.9", vec![], vec!["E10.9", "E11.9"]),
            ("Diabetes (E11.9). Call or come back. Pain (M54.50)", vec![], vec!["E11.9", "M54.50"]),
        ] {
            assert_eq!(questioned(text), (doubtful, sure), "{text}");
        }
    }
}
