//! Descriptions that are the former title of their code.

use crate::{
    fact::Fact,
    rule::declare_rule,
    text_check::{Mark, TextFix, TextReport, TextView},
    words::words,
};

declare_rule! {
    /// The words beside a code are its title of an earlier release.
    ///
    /// ## Why
    /// A template or a superbill has not been kept up. The next change may be one of meaning.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// - Single subsegmental pulmonary embolism without acute cor pulmonale (I26.93)
    ///                                                                       ^^^^^^ hint[revised-title]: I26.93 is now called 'Single subsegmental thrombotic pulmonary embolism without acute cor pulmonale'; the text has its title of icd-10-cm 2023-10-01, sample.
    /// ```
    ///
    /// ## Exceptions
    /// Words that differ from the present title in signs and capitals only, and descriptions in words of one's own. Silent
    /// where one release is installed.
    ///
    /// ## Source
    /// medcode: titles of the installed releases of the code set.
    "revised-title", Hint, Reported, Text(check), needs(OlderRelease)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for mark in view.marks.iter().filter(|mark| mark.reported && mark.fact == Fact::Known) {
        // Most titles are never revised.
        if mark.context.is_none_or(|context| context.former_titles.is_empty()) {
            continue;
        }
        let Some(range) = mark.mention.description.clone() else { continue };
        let Some(described) = view.text.get(range.clone()).map(plain) else { continue };
        let Some((title, release)) = former(mark, &described) else { continue };
        let message = format!(
            "{} is now called '{title}'; the text has its title of {release}.",
            mark.written
        );
        let edits = vec![(range, title.to_owned())];
        report.fail_on(mark, message).fixes.push(TextFix {
            title: format!("Write '{title}'"),
            safe: true,
            edits,
        });
    }
}

/// The present title, and the release that gave the words as one.
fn former<'n>(mark: &Mark<'n>, described: &str) -> Option<(&'n str, &'n str)> {
    let title = mark.title.filter(|title| plain(title) != described)?;
    let mut former = mark.context?.former_titles.iter().rev();
    let (_, release) = former.find(|(words, _)| plain(words) == described)?;
    Some((title, release))
}

/// The words of a title in lower case, without signs.
fn plain(title: &str) -> String {
    let all: Vec<String> =
        words(title, 0..title.len()).into_iter().map(|word| word.lower.into_owned()).collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("revised-title", text)
    }

    #[test]
    fn reports_the_former_title() {
        for text in [
            "1. Single subsegmental pulmonary embolism without acute cor pulmonale (I26.93)",
            "1. SINGLE SUBSEGMENTAL PULMONARY EMBOLISM WITHOUT ACUTE COR PULMONALE (I26.93)",
            "| ICD-10 | Description |\n|---|---|\n| I26.93 | Single subsegmental pulmonary embolism without acute cor pulmonale |",
        ] {
            assert_eq!(reports(text), ["hint I26.93"], "{text}");
        }
    }

    #[test]
    fn silent_on_the_present_title_and_own_words() {
        for text in [
            "1. Single subsegmental thrombotic pulmonary embolism without acute cor pulmonale (I26.93)",
            "1. Single subsegmental pulmonary embolism (I26.93)",
            "1. PE (I26.93)",
            "1. Essential hypertension (I10)",
            "Dx: I26.93",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
