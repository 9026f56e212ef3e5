//! Codes under the label of another system.

use crate::{
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    system::CodeSystem,
    verdict::Verdict,
};

declare_rule! {
    /// The code belongs to another system than its label or column says.
    ///
    /// ## Why
    /// A diagnosis in the procedure column, or the reverse, is refused; swapped columns are a common slip.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// CPT: E11.9
    ///      ^^^^^ error[wrong-code-system]: E11.9 stands where a CPT code is expected but is an ICD-10-CM code.
    /// ```
    ///
    /// ## Exceptions
    /// A code that both systems know follows its label. CPT and HCPCS Level II share columns and labels.
    ///
    /// ## Source
    /// The official code sets.
    "wrong-code-system", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        let Verdict::WrongSystem { actual } = judgement.verdict else {
            report.pass();
            continue;
        };
        let is = match actual.system() {
            CodeSystem::Cpt => "has the form of a CPT code".to_owned(),
            CodeSystem::Hcpcs => "is a HCPCS Level II code".to_owned(),
            system => format!("is an {system} code"),
        };
        let article = if judgement.system.is_diagnosis() || judgement.system == CodeSystem::Icd10Pcs
        {
            "an"
        } else {
            "a"
        };
        let message = format!(
            "{actual} stands where {article} {} code is expected but {is}.",
            judgement.system
        );
        report.fail(coded.item, judgement, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_diagnoses_among_procedures_and_the_reverse() {
        assert_eq!(rules_fired("CPT: E11.9"), ["wrong-code-system"]);
        assert_eq!(rules_fired("Dx: 99213"), ["wrong-code-system"]);
    }

    #[test]
    fn a_code_of_both_systems_follows_its_label() {
        for text in ["HCPCS: J1885", "CPT: J1885", "HCPCS: E1165"] {
            assert!(!rules_fired(text).contains(&"wrong-code-system".to_owned()), "{text}");
        }
    }
}
