//! Codes of ICD-9-CM where one of ICD-10-CM is expected.

use crate::{
    code::CodeKey,
    encounter::JudgedEncounter,
    gem::GemDirection,
    icd9::{Icd9Part, written},
    rule::{Report, declare_rule},
    verdict::{Judgement, Verdict},
};

/// At most this many codes are named in the message; the fixes offer all.
const MOST_NAMED: usize = 6;

declare_rule! {
    /// The code is one of ICD-9-CM, which ended on 2015-09-30.
    ///
    /// ## Why
    /// A claim with a code of ICD-9-CM is refused; old problem lists and templates still carry them. The mappings of CMS
    /// tell which codes of ICD-10-CM come near. They are a starting point: the record decides.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: 250.00
    ///     ^^^^^^ info[icd9-code]: 250.00 is an ICD-9-CM code; ICD-9-CM ended 2015-09-30. The CMS mapping suggests E11.9.
    /// ```
    ///
    /// ## Exceptions
    /// A code that ICD-10-CM has known on any date is one of ICD-10-CM. Only behind a label or in a column for diagnoses,
    /// and only where the titles or mappings of ICD-9-CM are installed and hold the code. Targets of the mapping that are
    /// needed together with others are not offered.
    ///
    /// ## Source
    /// ICD-9-CM version 32; General Equivalence Mappings (CMS, CDC).
    "icd9-code", Information, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let is_installed = encounter.terminology.supplements().knows_icd9();
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        let Verdict::Icd9 { code, mapped } = &judgement.verdict else {
            if is_installed {
                report.pass();
            }
            continue;
        };
        let codes: Vec<_> = mapped.iter().map(ToString::to_string).collect();
        let message = format!("{} {}", what(*code), advice(encounter, judgement, *code, &codes));
        let issue = report.fail(coded.item, judgement, message.trim_end().to_owned());
        for code in mapped {
            let concept = encounter.terminology.concept(*code, judgement.date);
            let title = concept.and_then(|concept| concept.title());
            issue.replace(*code, title.as_ref().map(|(title, _)| title.as_ref()), false);
        }
    }
}

fn what(code: CodeKey) -> String {
    let code = written(Icd9Part::Diagnoses, code);
    format!("{code} is an ICD-9-CM code; ICD-9-CM ended 2015-09-30.")
}

/// What the mappings say; empty where they are not installed or lack the code.
fn advice(
    encounter: &JudgedEncounter<'_>,
    judgement: &Judgement<'_>,
    code: CodeKey,
    codes: &[String],
) -> String {
    let more = if codes.len() > MOST_NAMED { " and more" } else { "" };
    let named = codes.get(..MOST_NAMED).unwrap_or(codes);
    match named {
        [] => {
            let map = encounter.terminology.supplements().newest_gem(GemDirection::Icd9ToCm);
            let entries = map.map(|map| map.rows.of(code)).unwrap_or_default();
            if entries.iter().any(|entry| entry.combination) {
                "The CMS mapping needs several codes together for it.".to_owned()
            } else if entries.iter().any(|entry| entry.to.is_some()) {
                format!("What the CMS mapping suggests is not valid on {}.", judgement.date)
            } else if entries.is_empty() {
                String::new()
            } else {
                "The CMS mapping says that nothing corresponds.".to_owned()
            }
        }
        [one] => format!("The CMS mapping suggests {one}."),
        [first @ .., last] if more.is_empty() => {
            format!("The CMS mapping suggests {} or {last}.", first.join(", "))
        }
        all => format!("The CMS mapping suggests {}{more}.", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        document::{CheckSettings, Document},
        testing::{TODAY, issues_of, rules_fired, sample},
    };

    #[test]
    fn reports_codes_of_icd_9() {
        for text in ["Dx: 250.00", "ICD: 401.9", "Dx: V58.69", "Dx: v58.69", "Dx: 042"] {
            assert_eq!(rules_fired(text), ["icd9-code"], "{text}");
        }
    }

    #[test]
    fn stays_silent_on_codes_of_icd_10_and_outside_labels() {
        for text in ["Dx: I10", "Dx: V97.33XD", "Dx: E11.65", "ICD-9: 250.00", "Glucose 250.00"] {
            assert!(!rules_fired(text).contains(&"icd9-code".to_owned()), "{text}");
        }
        let prose = rules_fired("He carried V58.69 for years.");
        assert!(!prose.contains(&"icd9-code".to_owned()), "{prose:?}");
    }

    #[test]
    fn says_what_the_mapping_gives() {
        let message = |text: &str| issues_of(&format!("DOS: 2026-04-01\n{text}")).join("\n");
        assert_eq!(
            message("Dx: 724.2"),
            "info[icd9-code]: 724.2 is an ICD-9-CM code; ICD-9-CM ended 2015-09-30. The CMS mapping suggests \
             M54.50, M54.51 or M54.59."
        );
        assert!(message("Dx: 250.12").ends_with("needs several codes together for it."));
        assert!(message("Dx: 365.70").ends_with("says that nothing corresponds."));
    }

    #[test]
    fn leaves_codes_alone_while_icd_9_was_in_force() {
        let fired = rules_fired("DOS: 2015-09-30\nDx: 250.00");
        assert!(!fired.contains(&"icd9-code".to_owned()), "{fired:?}");
        assert!(!fired.contains(&"malformed-code".to_owned()), "{fired:?}");
    }

    #[test]
    fn offers_the_codes_as_choices() {
        let document = Document::new("DOS: 2026-04-01\nDx: 724.2");
        let answers: Vec<_> =
            document.requests().iter().map(|request| request.answer(sample(), TODAY)).collect();
        let assembly = document.assemble(&answers, &CheckSettings::default());
        let fixes = &assembly.issues[0].fixes;
        assert_eq!(fixes.len(), 3);
        assert!(fixes.iter().all(|fix| !fix.safe), "{fixes:?}");
    }
}
