//! Titles of the index: what a term is called, and its non-essential modifiers.

use crate::xml::squeeze;

/// A title that is being read.
///
/// The modifiers stand in brackets in an element of their own. In some 130 titles that element also holds words
/// outside of brackets, which belong to the title: `Cassidy<nemod>(-Scholte) syndrome (malignant carcinoid)</nemod>`
/// is "Cassidy syndrome".
#[derive(Debug, Default)]
pub(super) struct Title {
    text: String,
    modifiers: Vec<String>,
    /// Everything as written.
    whole: String,
}

impl Title {
    /// Adds text of the title itself.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
        self.whole.push_str(text);
    }

    /// Adds an element of modifiers.
    pub(super) fn modifiers(&mut self, text: &str) {
        self.whole.push(' ');
        self.whole.push_str(text);
        if !text.starts_with('(') {
            self.text.push(' ');
        }
        let mut depth = 0_usize;
        let mut group = String::new();
        // The ending of a word, as in "infection(s)", is part of it.
        let mut in_word = false;
        let mut in_ending = false;
        let mut behind_group = false;
        for character in text.chars() {
            match character {
                '(' if depth > 0 => {
                    depth += 1;
                    group.push('(');
                }
                '(' if !in_word => depth = 1,
                ')' if depth == 1 => {
                    depth = 0;
                    behind_group = true;
                    self.take(&mut group);
                }
                ')' if depth > 1 => {
                    depth -= 1;
                    group.push(')');
                }
                _ if depth > 0 => group.push(character),
                // A bracket that nothing opened.
                ')' if !in_ending => {}
                '-' if behind_group && self.text.ends_with(' ') => behind_group = false,
                _ => {
                    behind_group = false;
                    in_ending = character == '(' || (in_ending && character != ')');
                    in_word = character.is_alphanumeric();
                    self.text.push(character);
                }
            }
        }
        self.take(&mut group);
    }

    fn take(&mut self, group: &mut String) {
        let modifier = squeeze(group);
        group.clear();
        if !modifier.is_empty() {
            self.modifiers.push(modifier);
        }
    }

    /// The title and its modifiers without their brackets.
    pub(super) fn finish(self) -> (String, Vec<String>) {
        let text = squeeze(&self.text).replace(" ,", ",");
        if text.is_empty() { (squeeze(&self.whole), Vec::new()) } else { (text, self.modifiers) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn title(before: &str, modifiers: &str, behind: &str) -> String {
        let mut title = Title::default();
        title.text(before);
        title.modifiers(modifiers);
        title.text(behind);
        let (text, modifiers) = title.finish();
        format!("{text} | {}", modifiers.join(" | "))
    }

    #[test]
    fn tells_modifiers_from_words_of_the_title() {
        for (before, modifiers, behind, expected) in [
            ("Abasia", "(-astasia) (hysterical)", "", "Abasia | -astasia | hysterical"),
            ("Abandonment", "(to) (by (whom))", " NEC", "Abandonment NEC | to | by (whom)"),
            (
                "Cassidy",
                "(-Scholte) syndrome (malignant)",
                "",
                "Cassidy syndrome | -Scholte | malignant",
            ),
            (
                "Achromat",
                "(ism), achromatopsia (acquired)",
                "",
                "Achromat, achromatopsia | ism | acquired",
            ),
            (
                "Nicolas",
                "(-Durand)-Favre (bubo)",
                " disease",
                "Nicolas-Favre disease | -Durand | bubo",
            ),
            (
                "virus",
                "(Hanta) (cardio)-pulmonary syndrome)",
                "",
                "virus pulmonary syndrome | Hanta | cardio",
            ),
            ("urinary", "(tract) infection(s) (any)", "", "urinary infection(s) | tract | any"),
            ("Crush", "(-Herter)(-Thaysen) disease", "", "Crush disease | -Herter | -Thaysen"),
            ("Open", "(never closed", "", "Open | never closed"),
            ("", "(only)", "", "(only) | "),
        ] {
            assert_eq!(title(before, modifiers, behind), expected);
        }
    }

    proptest! {
        #[test]
        fn never_panics(before in "\\PC{0,10}", modifiers in "[-(), a-c]{0,30}", behind in "\\PC{0,10}") {
            let _ = title(&before, &modifiers, &behind);
        }
    }
}
