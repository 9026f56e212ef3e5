//! Items of an assessment that name a diagnosis and have no code.

use std::collections::BTreeSet;

use crate::{
    code_context::TermMatch,
    described::keys,
    rule::declare_rule,
    term_key::TermReader,
    text_check::{TextFix, TextReport, TextView},
    words::statements,
};

declare_rule! {
    /// An item of the assessment names a diagnosis but has no code, while others have one.
    ///
    /// ## Why
    /// What was assessed and is not coded is not paid for and missing in the patient's risk scores.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Assessment:
    /// - Type 2 diabetes mellitus without complications (E11.9)
    /// - Hypertension
    ///   ^^^^^^^^^^^^ hint[diagnosis-without-code]: 'Hypertension' has no code, while other items have one: I10 (Essential (primary) hypertension).
    /// ```
    ///
    /// ## Exceptions
    /// Items that deny, doubt or put into the past; items whose code stands elsewhere in the encounter; texts that use no
    /// codes.
    ///
    /// ## Source
    /// ICD-10-CM guidelines III and IV.J (FY2026): all conditions that coexist and affect the care are coded.
    "diagnosis-without-code", Hint, Reported, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    if view.terms.is_empty() {
        return;
    }
    let mut reader = TermReader::default();
    for item in view.uncoded {
        let Some(words) = view.text.get(item.range.clone()) else { continue };
        let name = words
            .find([',', ';', ':', '('])
            .map_or(words, |at| &words[..at])
            .trim_end_matches(['.', ' ']);
        let range = item.range.start..item.range.start + name.len();
        if name.is_empty()
            || statements(view.text, item.range.clone())
                .iter()
                .any(|it| !it.assertion.is_plain() && it.word.range.end <= range.end)
        {
            continue;
        }
        let wanted = keys(&mut reader, name);
        let mut found: Vec<TermMatch<'_>> = Vec::new();
        for term in view.terms.of_keys(&wanted) {
            let same = reader.keys(term.term).iter().any(|key| wanted.contains(key));
            if same && found.iter().all(|known| known.code != term.code) {
                found.push(term);
            }
        }
        if found.is_empty() {
            continue;
        }
        let categories: BTreeSet<&str> =
            found.iter().filter_map(|term| term.code.get(..3)).collect();
        let own = view.note.mentions_of(item.encounter).iter();
        let mut own = own.filter_map(|mention| view.text.get(mention.range.clone())?.get(..3));
        let coded = own.any(|category| categories.contains(&*category.to_ascii_uppercase()));
        let Some(first) = found.first().filter(|_| !coded) else { continue };
        let only = found.len() == 1;
        let message = if only {
            format!(
                "'{name}' has no code, while other items have one: {} ({}).",
                first.code, first.title
            )
        } else {
            let codes: Vec<_> = found.iter().take(4).map(|term| term.code).collect();
            format!("'{name}' has no code, while other items have one: {}.", codes.join(" or "))
        };
        let finding = report.fail(range.clone(), message);
        finding.codes.extend(found.iter().take(4).map(|term| term.code.to_owned()));
        if only {
            finding.fixes.push(TextFix {
                title: format!("Add {} {}", first.code, first.title),
                safe: false,
                edits: vec![(range.end..range.end, format!(" ({})", first.code))],
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(items: &str) -> Vec<String> {
        text_reports(
            "diagnosis-without-code",
            &format!("## Assessment\n- Diabetes type 2 (E11.9)\n{items}"),
        )
    }

    #[test]
    fn reports_items_that_equal_a_name() {
        assert_eq!(reports("- Hypertension\n- Gout, stable (M10.9)"), ["hint I10"]);
        assert_eq!(reports("- HTN, at goal\n"), ["hint I10"]);
        assert_eq!(reports("- COPD: continue inhalers\n"), ["hint J44.9"]);
    }

    #[test]
    fn silent_on_what_is_no_diagnosis_or_coded() {
        for items in [
            "- r/o PE",
            "- denies chest pain",
            "- h/o stroke",
            "- possible COPD",
            "- Refill lisinopril",
            "- Hypertension\n  Dx: I10",
            "- Hypertension\n\nDx: I10",
            "- Follow up in 3 months",
            "- Family history of hypertension",
        ] {
            assert!(reports(items).is_empty(), "{items}");
        }
        assert!(
            text_reports("diagnosis-without-code", "## Assessment\n- Hypertension\n- COPD")
                .is_empty()
        );
    }
}
