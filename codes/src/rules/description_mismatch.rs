//! Descriptions that belong to another code.

use std::collections::BTreeSet;

use crate::{
    code_context::{CodeContext, TermMatch},
    described::{is_noise, keys},
    rule::declare_rule,
    term_key::TermReader,
    text_check::{Mark, TextFix, TextReport, TextView},
    words::{related::Meaning, stems, titles::content, words},
};

declare_rule! {
    /// The description beside a code is the name of another code.
    ///
    /// ## Why
    /// One of the two is wrong: a typing error in the code, or a row that slipped. Whoever reads the words decides on
    /// another diagnosis than the one that is billed.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 1. Essential hypertension (E11.9)
    ///                            ^^^^^ warning[description-mismatch]: E11.9 is 'Type 2 diabetes mellitus without complications'; the text 'Essential hypertension' is I10.
    /// ```
    ///
    /// ## Exceptions
    /// Descriptions that share words with the title, its inclusion terms or a header above, and descriptions that are the
    /// name of no code.
    ///
    /// ## Source
    /// medcode: titles and inclusion terms of the ICD-10-CM tabular list.
    "description-mismatch", Warning, Reported, Text(check)
}

/// Share of the words of a description that the names of the code must have; calibrated on sample notes.
const LEAST_SHARE: f64 = 0.3;

fn check(view: &TextView<'_>, report: &mut TextReport) {
    if view.terms.is_empty() {
        return;
    }
    let mut reader = TermReader::default();
    for mark in view.marks.iter().filter(|mark| mark.is_reported_diagnosis()) {
        let Some(range) = mark.mention.description.clone() else { continue };
        let Some(description) = view.text.get(range.clone()) else { continue };
        if view.is_title(mark, &range) || shares_enough(mark, description) {
            continue;
        }
        let others = others(view, &mut reader, mark, description);
        let Some(first) = others.first() else { continue };
        let codes: Vec<_> = others.iter().take(3).map(|term| term.code).collect();
        let title = mark.title.unwrap_or_default();
        let message = format!(
            "{} is '{title}'; the text '{description}' is {}.",
            mark.written,
            codes.join(" or ")
        );
        let only = (others.len() == 1).then_some(first);
        let finding = report.fail_on(mark, message);
        if let Some(only) = only {
            finding.replace(mark, only.code, only.title);
        }
        finding.fixes.push(TextFix {
            title: format!("Write '{title}'"),
            safe: false,
            edits: vec![(range, title.to_owned())],
        });
    }
}

/// Whether the names of the code have enough of the words of a description, or it has none that say something.
fn shares_enough(mark: &Mark<'_>, description: &str) -> bool {
    let all: BTreeSet<String> = words(description, 0..description.len())
        .iter()
        .filter(|word| !is_noise(&word.lower))
        .flat_map(stems)
        .filter(|stem| stem != "without")
        .collect();
    let mut open: Vec<Meaning<'_>> = all.iter().map(|word| Meaning::of(word)).collect();
    let names = mark.title.into_iter().chain(mark.context.into_iter().flat_map(CodeContext::names));
    let is_enough = |open: &[Meaning<'_>]| {
        let shared = all.len() - open.len();
        #[expect(clippy::cast_precision_loss, reason = "numbers of words")]
        let share = shared as f64 / all.len() as f64;
        all.is_empty() || share >= LEAST_SHARE
    };
    // The title has enough of them in most cases; further names are read only where it has not.
    for name in names {
        if is_enough(&open) {
            break;
        }
        let name = content(name);
        open.retain(|word| !name.iter().any(|it| word.is_synonym(it)));
    }
    is_enough(&open)
}

/// Codes of other categories that have the description as a name, each once.
fn others<'v>(
    view: &TextView<'v>,
    reader: &mut TermReader,
    mark: &Mark<'_>,
    description: &str,
) -> Vec<TermMatch<'v>> {
    let wanted = keys(reader, description);
    let mut found: Vec<TermMatch<'_>> = Vec::new();
    for term in view.terms.of_keys(&wanted) {
        if !reader.keys(term.term).iter().any(|key| wanted.contains(key)) {
            continue;
        }
        if term.code.get(..3) == mark.written.get(..3) {
            return Vec::new();
        }
        if found.iter().all(|known| known.code != term.code) {
            found.push(term);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("description-mismatch", text)
    }

    #[test]
    fn reports_the_name_of_another_code() {
        for (text, code) in [
            ("Essential hypertension (E11.9)", "E11.9"),
            ("Dx: I10 - Cholera", "I10"),
            ("Dx: Cholera - I10", "I10"),
            ("| ICD-10 | Description |\n|---|---|\n| J44.9 | Hypertension |", "J44.9"),
            ("1. HTN, at goal (J44.9)", "J44.9"),
        ] {
            assert_eq!(reports(text), [format!("warning {code}")], "{text}");
        }
    }

    #[test]
    fn silent_on_other_words_for_the_same() {
        for text in [
            "HTN (I10)",
            "High blood pressure (I10)",
            "Depression (F33.1)",
            "Sugar disease (E11.9)",
            "Diabetes with neuropathy (E11.40)",
            "Kidney failure (N17.9)",
            "Heart failure (I50.23)",
            "CHF (I50.9)",
            "Low back pain (M54.50)",
            "Seen for follow up (E11.9)",
            "Dx: E11.9",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
