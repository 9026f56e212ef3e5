//! Modifiers that nobody defines.

use crate::{
    code::CodeKey,
    cue::Cue,
    date::Date,
    edits::modifiers::{is_built_in, is_of_cpt},
    encounter::{JudgedEncounter, ServiceLine},
    rule::{Need, Report, declare_rule},
    supplements::{Supplements, in_force},
    system::CodeSystem,
};

declare_rule! {
    /// A modifier does not exist.
    ///
    /// ## Why
    /// A line with a modifier that is not defined is refused; most are typing errors, such as O for 0.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// CPT: 99213-5O
    ///      ^^^^^ warning[unknown-modifier]: 99213: modifier 5O does not exist; 50 was probably meant.
    /// ```
    ///
    /// ## Exceptions
    /// Modifiers of two letters need the HCPCS file that covers the day, apart from those that other rules read. The two
    /// letters of origin and destination behind ambulance codes are a modifier as well.
    ///
    /// ## Source
    /// HCPCS Level II, modifiers; CPT, appendix A (verify).
    "unknown-modifier", Warning, Reported, Coding(check), needs(Hcpcs),
    unverified("the list of CPT modifiers that medcode ships"), about(Cue::CLAIM_LINES)
}

/// What is known of a modifier on a day.
enum Known {
    Yes,
    /// It ended on this day.
    Ended(Date),
    No,
    /// No file covers the day.
    NotLoaded,
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let tables = encounter.terminology.supplements();
    for (line, coded) in encounter.lines() {
        if !matches!(coded.judgement.system, CodeSystem::Cpt | CodeSystem::Hcpcs) {
            continue;
        }
        for modifier in &line.modifiers {
            let code = coded.judgement.written();
            let message = match ask(tables, line, modifier, coded.judgement.date) {
                Known::Yes => {
                    report.pass();
                    continue;
                }
                Known::NotLoaded => {
                    report.not_loaded(Need::Hcpcs);
                    continue;
                }
                Known::Ended(last) => format!("{code}: modifier {modifier} ended on {last}."),
                Known::No => match repaired(modifier) {
                    Some(meant) => format!(
                        "{code}: modifier {modifier} does not exist; {meant} was probably meant."
                    ),
                    None => {
                        format!(
                            "{code}: modifier {modifier} does not exist; correct it or take it off."
                        )
                    }
                },
            };
            report.fail(coded.item, &coded.judgement, message).take_off(modifier);
        }
    }
}

fn ask(tables: &Supplements, line: &ServiceLine, modifier: &str, date: Date) -> Known {
    if is_built_in(modifier) || is_of_ambulance(line, modifier) {
        return Known::Yes;
    }
    let key = CodeKey::new(modifier);
    let record = key.and_then(|key| tables.hcpcs_record(key, date)).map(|(record, _)| record);
    let record = record.filter(|record| record.is_modifier);
    match record.map(|record| record.terminated) {
        Some(Some(last)) if last < date => Known::Ended(last),
        Some(_) => Known::Yes,
        // No modifier of HCPCS begins with a digit: that of CPT is known without a file.
        None if modifier.starts_with(|first: char| first.is_ascii_digit()) => Known::No,
        None if in_force(&tables.hcpcs, date).is_ok() => Known::No,
        None => Known::NotLoaded,
    }
}

/// Origin and destination of a transport, one letter each: `RH`.
fn is_of_ambulance(line: &ServiceLine, modifier: &str) -> bool {
    let is_ambulance = line.text.trim().to_ascii_uppercase().starts_with("A0");
    is_ambulance && modifier.chars().all(|letter| "DEGHIJNPRSX".contains(letter))
}

/// The modifier of CPT that a slip between letters and digits made into this one.
fn repaired(modifier: &str) -> Option<String> {
    let digits = modifier.chars().map(|character| match character {
        'O' => '0',
        'I' | 'L' => '1',
        'Z' => '2',
        'S' => '5',
        'B' => '8',
        other => other,
    });
    let digits: String = digits.collect();
    (digits != modifier && is_of_cpt(&digits)).then_some(digits)
}

#[cfg(test)]
mod tests {
    use crate::testing::{
        claims::{line_reports, lines_of, with_claim_tables},
        outcome_of, reports_of, reports_over,
    };

    const RULE: &str = "unknown-modifier";

    fn found(written: &str) -> Vec<String> {
        line_reports(RULE, written)
    }

    #[test]
    fn reports_what_neither_cpt_nor_hcpcs_defines() {
        assert_eq!(found("99213-5O"), ["warning 99213"]);
        assert_eq!(found("99213-XX"), ["warning 99213"]);
        assert_eq!(found("99213-28-25-ZZ"), ["warning 99213", "warning 99213"]);
        assert_eq!(found("J1885-GB"), ["warning J1885"]);
    }

    #[test]
    fn accepts_what_is_defined() {
        for written in ["99213-25", "27447-RT", "J1885-JZ", "99213-GA-KX", "J1885-GB @2020-12-31"] {
            assert!(found(written).is_empty(), "{written}");
        }
        assert_eq!(outcome_of(RULE, &lines_of("99213")), None);
    }

    #[test]
    fn two_letters_of_a_transport_are_a_modifier() {
        let encounter = lines_of("A0428-RH, 99213-RH");
        assert_eq!(reports_over(with_claim_tables(), RULE, &encounter), ["warning 99213"]);
    }

    #[test]
    fn letters_need_the_file_and_digits_do_not() {
        assert_eq!(reports_of(RULE, &lines_of("99213-5O")), ["warning 99213"]);
        assert_eq!(outcome_of(RULE, &lines_of("99213-25-LT")).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &lines_of("99213-XX")).as_deref(), Some("no_data"));
        assert!(found("99213-XX @2025-06-01").is_empty());
    }
}
