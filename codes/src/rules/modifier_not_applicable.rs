//! Modifiers that do not fit their code, or each other.

use crate::{
    claim_line::ClaimLine,
    cue::Cue,
    date::Date,
    edits::modifiers::DISTINCT,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    system::CodeSystem,
};

declare_rule! {
    /// A modifier does not fit the code or another modifier.
    ///
    /// ## Why
    /// Each modifier is for certain services. One that cannot apply is refused, or changes what is paid.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// CPT: 36415-25
    ///      ^^^^^ warning[modifier-not-applicable]: 36415-25: modifier 25 belongs on a visit; put it there or take it off.
    /// ```
    ///
    /// ## Exceptions
    /// Modifiers for visits are accepted on whatever is like one: evaluations, counselling, and all codes of HCPCS Level II.
    /// Place of service 11 with 93 or 95 was right until the end of 2023.
    ///
    /// ## Source
    /// CPT, appendix A; Medicare NCCI Policy Manual, chapter I, section E; Medicare Claims Processing Manual, chapter 12
    /// (verify each).
    "modifier-not-applicable", Warning, Reported, Coding(check),
    unverified("the table of modifiers that medcode ships"), about(Cue::CLAIM_LINES)
}

/// Codes that may carry the modifiers of visits: visits, and evaluations and counselling like them. Inclusive.
const LIKE_VISITS: [(&str, &str); 11] = [
    ("90785", "90899"),
    ("92002", "92014"),
    ("96040", "96171"),
    ("97151", "97172"),
    ("97802", "97804"),
    ("98000", "98016"),
    ("98925", "98943"),
    ("98960", "98981"),
    ("99050", "99091"),
    ("99172", "99607"),
    ("92507", "92526"),
];

/// From hip to toes, where no finger is. Inclusive.
const LEGS: [(&str, &str); 1] = [("27000", "28899")];

/// Since this day telehealth has places of service of its own again.
const TELEHEALTH_PLACES: Date = jiff::civil::date(2024, 1, 1);

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for line in encounter.claim_lines() {
        if line.line.modifiers.is_empty() {
            continue;
        }
        let faults: Vec<_> = [
            twice(&line),
            for_visits(&line),
            not_for_visits(&line),
            sides(&line),
            more_precise(&line),
            telehealth(encounter, &line),
            fingers(&line),
        ]
        .into_iter()
        .flatten()
        .collect();
        if faults.is_empty() {
            report.pass();
        }
        for fault in faults {
            let message = format!("{}: {}", line.written(), fault.reason);
            let issue = report.fail_on_line(encounter, &line, message);
            if let Some(modifier) = fault.superfluous {
                issue.take_off(modifier);
            }
        }
    }
}

/// What is wrong with the modifiers of a line.
struct Fault<'l> {
    reason: String,
    /// The modifier to take off, where it is clear which.
    superfluous: Option<&'l str>,
}

/// A fault that is mended without this modifier.
fn without(modifier: &str, reason: String) -> Fault<'_> {
    Fault { reason, superfluous: Some(modifier) }
}

/// A fault of which a person has to say which part is wrong.
fn unclear<'l>(reason: String) -> Fault<'l> {
    Fault { reason, superfluous: None }
}

/// The first modifier of the line that is one of these.
fn any<'l>(line: &ClaimLine<'l>, wanted: &[&str]) -> Option<&'l str> {
    line.line.modifiers.iter().map(String::as_str).find(|own| wanted.contains(own))
}

fn twice<'l>(line: &ClaimLine<'l>) -> Option<Fault<'l>> {
    let modifiers = &line.line.modifiers;
    let again = modifiers.iter().enumerate().find(|(at, own)| modifiers[..*at].contains(own));
    again.map(|(_, own)| without(own, format!("modifier {own} stands twice; report it once.")))
}

fn for_visits<'l>(line: &ClaimLine<'l>) -> Option<Fault<'l>> {
    let own = any(line, &["24", "25", "27", "57"])?;
    let is_numeric = line.key.text().bytes().all(|byte| byte.is_ascii_digit());
    let may_be_visit = line.system != CodeSystem::Cpt
        || !is_numeric
        || line.is_visit()
        || line.is_within(&LIKE_VISITS);
    let reason = || format!("modifier {own} belongs on a visit; put it there or take it off.");
    (!may_be_visit).then(|| without(own, reason()))
}

fn not_for_visits<'l>(line: &ClaimLine<'l>) -> Option<Fault<'l>> {
    let own = any(line, &["26", "TC", "50"]).filter(|_| line.is_visit())?;
    let lacks = if own == "50" { "two sides" } else { "components" };
    Some(without(own, format!("a visit has no {lacks}; take modifier {own} off.")))
}

fn sides<'l>(line: &ClaimLine<'l>) -> Option<Fault<'l>> {
    let side = any(line, &["LT", "RT"])?;
    if line.line.has_modifier("50") {
        let reason = format!("50 means both sides and {side} one; report one of them.");
        return Some(unclear(reason));
    }
    let both = line.line.has_modifier("LT") && line.line.has_modifier("RT");
    both.then(|| {
        let reason =
            "LT and RT stand on one line; report 50, or a line for each side, as the payer wants it.";
        unclear(reason.to_owned())
    })
}

fn more_precise<'l>(line: &ClaimLine<'l>) -> Option<Fault<'l>> {
    let own = any(line, &DISTINCT)?;
    let broad = any(line, &["59"])?;
    let reason = format!("{own} says more precisely what {broad} says; report one of them.");
    Some(without(broad, reason))
}

fn telehealth<'l>(encounter: &JudgedEncounter<'_>, line: &ClaimLine<'l>) -> Option<Fault<'l>> {
    let own = any(line, &["93", "95"]).filter(|_| line.date >= TELEHEALTH_PLACES)?;
    let place =
        line.line.place_of_service.as_ref().or(encounter.encounter.place_of_service.as_ref())?;
    (place == "11").then(|| {
        unclear(format!(
            "modifier {own} means telehealth and place of service 11 an office; correct one of them."
        ))
    })
}

fn fingers<'l>(line: &ClaimLine<'l>) -> Option<Fault<'l>> {
    let own = any(line, &["FA", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"])?;
    let reason = || format!("modifier {own} names a finger, which the service does not concern.");
    (line.is_visit() || line.is_within(&LEGS)).then(|| without(own, reason()))
}

#[cfg(test)]
mod tests {
    use crate::testing::{TODAY, claims::lines_of, outcome_of, reports_of};

    const RULE: &str = "modifier-not-applicable";

    fn found(written: &str) -> Vec<String> {
        reports_of(RULE, &lines_of(written))
    }

    #[test]
    fn reports_modifiers_that_do_not_fit() {
        for written in [
            "36415-25",
            "99213-50",
            "27447-RT-LT",
            "20610-57",
            "99213-26",
            "99285-TC",
            "20610-50-RT",
            "97602-59-XS",
            "20610-RT-RT",
            "27447-F1",
        ] {
            let code = &written[..5];
            assert_eq!(found(written), [format!("warning {code}")], "{written}");
        }
    }

    #[test]
    fn accepts_modifiers_that_fit() {
        for written in [
            "99213-25", "27447-RT", "92014-25", "90791-25", "G0439-25", "G0101-25", "99396-25",
            "97161-25", "71046-26", "20610-50", "26010-F1", "97602-XS", "36415",
        ] {
            assert!(found(written).is_empty(), "{written}");
        }
        assert_eq!(outcome_of(RULE, &lines_of("99213-25")).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &lines_of("99213")), None);
    }

    #[test]
    fn telehealth_is_not_in_the_office() {
        let mut encounter = lines_of("99213-95");
        assert!(reports_of(RULE, &encounter).is_empty());
        encounter.place_of_service = Some("11".to_owned());
        assert_eq!(reports_of(RULE, &encounter), ["warning 99213"]);
        encounter.lines[0].place_of_service = Some("02".to_owned());
        assert!(reports_of(RULE, &encounter).is_empty());
        encounter.lines[0].place_of_service = None;
        encounter.service_date = Some(jiff::civil::date(2023, 5, 1));
        assert!(reports_of(RULE, &encounter).is_empty());
        assert!(TODAY >= super::TELEHEALTH_PLACES);
    }
}
