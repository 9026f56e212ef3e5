//! A letter typed for a digit, or the reverse.

use crate::{
    code::Code,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    verdict::{Judgement, Verdict},
};

declare_rule! {
    /// A letter was typed for a digit, or the reverse (O and 0, I and 1, S and 5 …).
    ///
    /// ## Why
    /// The code looks right and is unknown to every system that receives it. No such swap of a valid code gives
    /// another valid code, so the repair is certain.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E1O.9
    ///     ^^^^^ error[confusable-characters]: E1O.9 is written with the letter O for the digit 0: E10.9.
    /// ```
    ///
    /// ## Exceptions
    /// A code that is known as it stands (`O80`) is never questioned.
    ///
    /// ## Source
    /// Measured against every valid code: no swap of look-alike characters gives another valid code.
    "confusable-characters", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        match judgement.verdict {
            Verdict::Confusable { intended } => {
                report.fail(coded.item, judgement, message(judgement, intended)).spell(intended);
            }
            _ => report.pass(),
        }
    }
}

fn message(judgement: &Judgement<'_>, intended: Code) -> String {
    let key = intended.key().text();
    let typed = judgement.normalized.code.chars();
    let swaps: Vec<_> = typed
        .zip(key.chars())
        .filter(|(typed, meant)| typed != meant)
        .map(|(typed, meant)| swap(typed, meant))
        .collect();
    let mut swaps = swaps;
    swaps.dedup();
    format!("{} is written with {}: {intended}.", judgement.written(), swaps.join(" and "))
}

fn swap(typed: char, meant: char) -> String {
    let kind = |character: char| if character.is_ascii_digit() { "digit" } else { "letter" };
    format!("the {} {typed} for the {} {meant}", kind(typed), kind(meant))
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_swaps_that_explain_the_code() {
        for text in ["Dx: E1O.9", "Dx: EII.9", "Dx: M54.S0", "Dx: 036.4XX0"] {
            assert_eq!(rules_fired(text), ["confusable-characters"], "{text}");
        }
    }

    #[test]
    fn accepts_codes_with_letters_that_belong_there() {
        for text in ["Dx: O36.4XX0", "Dx: S06.0XAA"] {
            assert!(!rules_fired(text).contains(&"confusable-characters".to_owned()), "{text}");
        }
    }
}
