//! Text that does not have the shape of any code of its system.

use crate::{
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    system::{CodeSystem, icd10cm},
    verdict::{Judgement, Verdict},
};

declare_rule! {
    /// The text does not have the shape of any code of its system.
    ///
    /// ## Why
    /// A claim with a code that cannot exist is refused before anybody reads it.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E11.99999
    ///     ^^^^^^^^^ error[malformed-code]: E11.99999 is not a well-formed ICD-10-CM code: 8 characters, at most 7 expected.
    /// ```
    ///
    /// ## Exceptions
    /// Words behind a label ("Dx: pending") are no codes. A look-alike character that explains the shape is
    /// `confusable-characters`.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.2 to I.A.5; shapes of the other systems by their publishers.
    "malformed-code", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        if judgement.verdict == Verdict::Malformed {
            report.fail(coded.item, judgement, message(judgement, encounter.text_of(coded.item)));
        } else {
            report.pass();
        }
    }
}

fn message(judgement: &Judgement<'_>, text: &str) -> String {
    let system = judgement.system;
    let found = judgement.normalized.code.chars().count();
    let characters =
        if found == 1 { "1 character".to_owned() } else { format!("{found} characters") };
    let reason = match system {
        CodeSystem::Icd10Cm if found > 7 => format!("{characters}, at most 7 expected"),
        CodeSystem::Icd10Cm if found < icd10cm::POINT_AFTER => {
            format!("{characters}, at least 3 expected")
        }
        CodeSystem::Icd10Pcs if found != 7 => format!("{characters}, 7 expected"),
        CodeSystem::Cpt | CodeSystem::Hcpcs if found != 5 => {
            format!("{characters}, 5 expected")
        }
        _ => system.shape_in_words().to_owned(),
    };
    format!("{} is not a well-formed {system} code: {reason}.", text.trim())
}

#[cfg(test)]
mod tests {
    use crate::testing::{issues_of, rules_fired};

    #[test]
    fn reports_shapes_that_no_code_has() {
        assert_eq!(rules_fired("CPT: 9921"), ["malformed-code"]);
        assert_eq!(rules_fired("ICD-10: 1E1.9"), ["malformed-code"]);
        // Of the shape of ICD-9-CM, and no code of it.
        assert_eq!(rules_fired("Dx: 999.99"), ["malformed-code"]);
        assert!(issues_of("CPT: 9921")[0].contains("4 characters, 5 expected"));
    }

    #[test]
    fn stays_silent_on_words_and_unusual_categories() {
        assert!(rules_fired("Dx: pending").is_empty());
        assert!(rules_fired("ICD-10: QA0.0101").is_empty());
    }
}
