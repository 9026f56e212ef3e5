//! Stems without their 7th character.

use crate::{
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    verdict::{Judgement, Verdict},
};

/// At most this many 7th characters are named in the message; the fixes offer all.
const MOST_NAMED: usize = 3;

declare_rule! {
    /// The code needs a 7th character.
    ///
    /// ## Why
    /// Codes of categories with 7th characters are invalid without one; injuries lose a claim this way every day.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: W19
    ///     ^^^ error[missing-seventh-character]: W19 needs a 7th character: A initial encounter, D subsequent encounter, S sequela.
    /// ```
    ///
    /// ## Exceptions
    /// None.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.5, I.C.13.c and I.C.19.a.
    "missing-seventh-character", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        if judgement.verdict != Verdict::MissingSeventhCharacter {
            report.pass();
            continue;
        }
        let completions = completions(judgement, encounter);
        let named: Vec<_> = completions
            .iter()
            .take(MOST_NAMED)
            .map(|(character, meaning, _)| format!("{character} {meaning}"))
            .collect();
        let more = completions.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message =
            format!("{} needs a 7th character: {}{more}.", judgement.written(), named.join(", "));
        let issue = report.fail(coded.item, judgement, message);
        for (_, meaning, code) in completions {
            issue.replace(code, Some(&meaning), false);
        }
    }
}

/// The 7th characters of the stem: those of the code's own place, or of its stem without trailing placeholders.
fn completions(
    judgement: &Judgement<'_>,
    encounter: &JudgedEncounter<'_>,
) -> Vec<(char, String, crate::code::Code)> {
    let Some(code) = judgement.code else { return Vec::new() };
    let mut key = code.key();
    let concept = loop {
        let concept = crate::code::Code::from_key(judgement.system, key)
            .and_then(|code| encounter.terminology.concept(code, judgement.date))
            .filter(|concept| concept.place().is_some());
        if concept.is_some() || key.length() <= 3 {
            break concept;
        }
        key = key.prefix(key.length() - 1);
    };
    let completions = concept.map(|concept| concept.completions()).unwrap_or_default();
    completions
        .into_iter()
        .map(|seventh| (seventh.character, seventh.meaning, seventh.code))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_stems_with_and_without_their_placeholders() {
        for text in ["Dx: S72.001", "Dx: W19", "Dx: H40.111", "Dx: O36.4XX"] {
            assert_eq!(rules_fired(text), ["missing-seventh-character"], "{text}");
        }
    }

    #[test]
    fn accepts_complete_codes() {
        for text in ["Dx: S72.001A, W19.XXXA", "Dx: H40.1111"] {
            assert!(rules_fired(text).is_empty(), "{text}");
        }
    }
}
