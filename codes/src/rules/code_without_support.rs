//! Codes that nothing in the note speaks of.

use std::collections::BTreeSet;

use crate::{
    code_context::CodeContext,
    issue::Severity,
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    words::{
        Assertion,
        assertion::Aspect,
        prose::Prose,
        related::{groups, same_word},
        titles::content,
    },
};

declare_rule! {
    /// Nothing in the note speaks of what a reported code says.
    ///
    /// ## Why
    /// A diagnosis is reported when it was evaluated, treated or affected the care. A code that the note never mentions
    /// is often one that was carried over from an earlier visit, or a typing error.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Here for a check of the right ankle after a twist on the stairs last week. Swelling has gone down,
    /// walks without a limp, no tenderness over bone, full range of motion, ligaments firm. Return as needed.
    /// Dx: J44.9
    ///     ^^^^^ hint[code-without-support]: Nothing in this note supports J44.9 (Chronic obstructive pulmonary disease, unspecified). Name it in the assessment, or take the code out.
    /// ```
    ///
    /// ## Exceptions
    /// Signs and symptoms, Z codes and external causes, which people say in other words; lists of codes with little or no
    /// text. One word that is shared with the title, an inclusion term or a header above is enough.
    ///
    /// ## Source
    /// ICD-10-CM guidelines III and IV.J (FY2026); OIG compliance guidance.
    "code-without-support", Hint, Reported, Text(check), unverified("the compliance guidance of the OIG")
}

/// A note of fewer words is no note.
const LEAST_WORDS: usize = 25;

/// Words of titles that support nothing by themselves.
const WEAK: &[&str] = &[
    "acute",
    "chronic",
    "disease",
    "disorder",
    "initial",
    "encounter",
    "left",
    "right",
    "bilateral",
    "subsequent",
    "without",
];

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for encounter in 0..view.note.encounters.len() {
        let candidates: Vec<_> = view
            .reported_diagnoses(encounter)
            .filter(|mark| !mark.written.starts_with(['R', 'U', 'V', 'W', 'X', 'Y', 'Z']))
            .collect();
        if candidates.is_empty() {
            continue;
        }
        let prose = view.prose_of(encounter);
        // The words beside most codes name them.
        let others = candidates.into_iter().filter(|mark| !is_named_beside(view, mark, &prose));
        let candidates: Vec<_> = others.collect();
        if candidates.is_empty() || !view.has_prose(encounter, LEAST_WORDS) {
            continue;
        }
        let mut vocabulary = view.vocabulary.borrow_mut();
        let said = vocabulary.said(&prose, supports);
        let groups_said = said.groups();
        let is_claim = view.note.encounters.get(encounter).is_some_and(|scope| scope.is_claim);
        let mut seen = BTreeSet::new();
        for mark in candidates {
            if !seen.insert(&mark.written) {
                continue;
            }
            let is_said = |name: &String| groups(name) & groups_said != 0 || said.has_form(name);
            if is_named(mark, is_said) {
                continue;
            }
            let message = format!(
                "Nothing in this note supports {}. Name it in the assessment, or take the code out.",
                mark.named()
            );
            let finding = report.fail_on(mark, message);
            if is_claim {
                finding.severity(Severity::Information);
            }
        }
    }
}

/// Whether a word supports what it names.
fn supports(said: Assertion) -> bool {
    !said.is(Aspect::Negated) && !said.is(Aspect::Relative)
}

/// Whether the words beside a code, with what the whole text says of them, name it.
fn is_named_beside(view: &TextView<'_>, mark: &Mark<'_>, all: &Prose<'_>) -> bool {
    let near = view.about(mark).near;
    let words = || all.within(&near).filter(|at| all.assertion(*at).is_some_and(supports));
    let vocabulary = &mut view.vocabulary.borrow_mut();
    let mut names = |at: usize| {
        let word = vocabulary.number(all, at);
        word.is_some_and(|word| vocabulary.stems_of(word).any(|(stem, _)| is_strong(stem)))
    };
    // Any word of its title names a code.
    if view.is_title(mark, &near) && words().any(&mut names) {
        return true;
    }
    let words: Vec<u32> = words().filter_map(|at| vocabulary.number(all, at)).collect();
    let said: Vec<(&str, u64)> = words.iter().flat_map(|it| vocabulary.stems_of(*it)).collect();
    let groups_said = said.iter().fold(0, |bits, (_, groups)| bits | groups);
    !said.is_empty()
        && is_named(mark, |name| {
            said.iter().any(|(said, _)| same_word(name, said)) || groups(name) & groups_said != 0
        })
}

/// Whether a stem supports something by itself.
fn is_strong(stem: &str) -> bool {
    !WEAK.contains(&stem) && stem.contains(char::is_alphabetic)
}

/// Whether a word of the names of a condition meets `wanted`, or it has no names of words that say something.
fn is_named(mark: &Mark<'_>, wanted: impl Fn(&String) -> bool) -> bool {
    let mut has_names = false;
    let texts = mark.title.into_iter().chain(mark.context.into_iter().flat_map(CodeContext::names));
    for text in texts {
        for stem in content(text).iter() {
            if !is_strong(stem) {
                continue;
            }
            has_names = true;
            if wanted(stem) {
                return true;
            }
        }
    }
    !has_names
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    const VISIT: &str = "Here for a check of the right ankle after a twist on the stairs last week. Swelling has gone down, walks without a limp, no tenderness over bone, full range of motion, ligaments firm.";

    fn reports(rest: &str) -> Vec<String> {
        text_reports("code-without-support", &format!("{VISIT}\n{rest}"))
    }

    #[test]
    fn reports_what_nobody_speaks_of() {
        assert_eq!(reports("Dx: J44.9"), ["hint J44.9"]);
        assert_eq!(reports("No COPD.\nDx: J44.9"), ["hint J44.9"]);
        assert_eq!(reports("Mother has diabetes.\nDx: E11.9, E11.9"), ["hint E11.9"]);
    }

    #[test]
    fn silent_where_a_word_is_shared() {
        for rest in [
            "COPD stable on inhalers.\nDx: J44.9",
            "Lungs: obstructive pattern.\nDx: J44.9",
            "BP 130/80, lisinopril continued.\nDx: I10",
            "Diabetic diet.\nDx: E11.9",
            "DM2 at goal.\nDx: E11.9",
            "Dx: Z79.4, R05.9",
            "Dx: J44.9 Chronic obstructive pulmonary disease",
        ] {
            assert!(reports(rest).is_empty(), "{rest}");
        }
        assert!(text_reports("code-without-support", "Dx: J44.9\nAnkle better.").is_empty());
    }
}
