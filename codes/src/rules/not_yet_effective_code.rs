//! Codes that start after the date that counts.

use crate::{
    code::Code,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    verdict::{Judgement, Verdict},
};

declare_rule! {
    /// The code starts after the date that counts.
    ///
    /// ## Why
    /// A code of the next fiscal year on a claim of this one is refused.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2025-09-15
    /// Dx: G35.A
    ///     ^^^^^ error[not-yet-effective-code]: G35.A is valid from 2025-10-01; on 2025-09-15 use G35.
    /// ```
    ///
    /// ## Exceptions
    /// None.
    ///
    /// ## Source
    /// HIPAA code set rules (the codes in force on the date of service); Medicare Code Editor, invalid code edit.
    "not-yet-effective-code", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        let Verdict::NotYetEffective { instead } = judgement.verdict else {
            report.pass();
            continue;
        };
        let issue = report.fail(
            coded.item,
            judgement,
            message(judgement, encounter.basis.words(), instead),
        );
        if let Some(code) = instead {
            issue.replace(code, None, false);
        }
    }
}

fn message(judgement: &Judgement<'_>, basis: &str, instead: Option<Code>) -> String {
    let starts = judgement.concept.and_then(|concept| concept.lifetime()?.period());
    let starts = starts.map_or_else(String::new, |period| format!(" from {}", period.start));
    let (written, date) = (judgement.written(), judgement.date);
    match instead {
        Some(code) => format!("{written} is valid{starts}; on {date} use {code}."),
        None => format!("{written} is valid{starts}, not yet on {date} ({basis} {date})."),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_the_day_before_the_first() {
        for text in [
            "DOS: 2025-09-30\nDx: G35.A",
            "DOS: 2024-09-30\nDx: E66.813",
            "DOS: 2020-03-31\nDx: U07.1",
        ] {
            assert_eq!(rules_fired(text), ["not-yet-effective-code"], "{text}");
        }
    }

    #[test]
    fn accepts_a_code_on_its_first_day() {
        for text in ["DOS: 2025-10-01\nDx: G35.A", "DOS: 2020-04-01\nDx: U07.1"] {
            assert!(rules_fired(text).is_empty(), "{text}");
        }
    }
}
