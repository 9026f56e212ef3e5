//! I and O in ICD-10-PCS codes.

use crate::{
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    verdict::Verdict,
};

declare_rule! {
    /// An ICD-10-PCS code contains the letter I or O, which the system does not use.
    ///
    /// ## Why
    /// The letters were left out of the system so that they cannot be taken for digits; a code with one does not
    /// exist.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// PCS: ODTJ4ZZ
    ///      ^^^^^^^ error[pcs-letter-i-or-o]: ODTJ4ZZ has the letter I or O, which ICD-10-PCS does not use: 0DTJ4ZZ.
    /// ```
    ///
    /// ## Exceptions
    /// None.
    ///
    /// ## Source
    /// ICD-10-PCS: the characters of the system are the digits and the letters without I and O.
    "pcs-letter-i-or-o", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        let Verdict::LetterIOrO { intended } = judgement.verdict else {
            report.pass();
            continue;
        };
        let written = judgement.written();
        let reason = "has the letter I or O, which ICD-10-PCS does not use";
        match intended {
            Some(code) => {
                report
                    .fail(coded.item, judgement, format!("{written} {reason}: {code}."))
                    .spell(code);
            }
            None => {
                report.fail(coded.item, judgement, format!("{written} {reason}."));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_the_letters_and_accepts_the_digits() {
        assert_eq!(rules_fired("PCS: ODTJ4ZZ"), ["pcs-letter-i-or-o"]);
        assert_eq!(rules_fired("PCS: 02RF38O"), ["pcs-letter-i-or-o"]);
        assert!(rules_fired("PCS: 0DTJ4ZZ").is_empty());
    }
}
