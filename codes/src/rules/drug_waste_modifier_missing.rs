//! What was left of a single-dose container.

use crate::{
    claim_line::ClaimLine,
    cue::Cue,
    date::Date,
    encounter::JudgedEncounter,
    rule::{Need, Report, declare_rule},
};

declare_rule! {
    /// A drug from a single-dose container says neither JW nor JZ, or says both.
    ///
    /// ## Why
    /// Medicare wants to know of each such drug whether some of it was thrown away (JW, on a line of its own) or nothing
    /// (JZ). One of the two is required.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// HCPCS: J1885-JW-JZ
    ///        ^^^^^ info[drug-waste-modifier-missing]: J1885: JW says that some of the drug was thrown away and JZ that nothing was; report one of them.
    /// ```
    ///
    /// ## Exceptions
    /// Which drugs come in single-dose containers stands in no file that medcode reads: a line without either modifier
    /// is therefore not judged, and the rule says so for payer Medicare from 2023-07-01 on.
    ///
    /// ## Source
    /// Medicare Claims Processing Manual, chapter 17, section 40, and the JW and JZ policy of CMS (verify).
    "drug-waste-modifier-missing", Information, Reported, Coding(check), needs(Hcpcs),
    unverified("the reading of JW and JZ that medcode ships"), about(Cue::CLAIM_LINES)
}

/// Since this day one of the two is required.
const REQUIRED: Date = jiff::civil::date(2023, 7, 1);

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let lines = encounter.claim_lines();
    let drugs: Vec<_> = lines.iter().filter(|line| line.is_within(&[("J0000", "J9999")])).collect();
    for (index, line) in drugs.iter().enumerate() {
        let own = |modifier| line.line.has_modifier(modifier);
        if own("JW") || own("JZ") {
            let contradicts = |other: &&&ClaimLine<'_>| {
                other.key == line.key
                    && other.is_with(line)
                    && (own("JW") && other.line.has_modifier("JZ")
                        || own("JZ") && other.line.has_modifier("JW"))
            };
            let Some(other) = drugs[..=index].iter().find(contradicts) else {
                report.pass();
                continue;
            };
            let message = format!(
                "{}: JW says that some of the drug was thrown away and JZ that nothing was; report one of them.",
                line.key
            );
            let issue = report.fail_on_line(encounter, line, message);
            if other.item != line.item {
                issue.and_line(other);
            }
        } else if line.date >= REQUIRED {
            match &encounter.encounter.payer {
                Some(payer) if payer.to_ascii_lowercase().contains("medicare") => {
                    let with_its_waste = drugs.iter().any(|other| {
                        other.key == line.key
                            && other.is_with(line)
                            && other.line.has_modifier("JW")
                    });
                    if with_its_waste {
                        report.pass();
                    } else {
                        report.not_loaded(Need::Hcpcs);
                    }
                }
                // Only Medicare asks for it.
                None | Some(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{claims::lines_of, outcome_of, reports_of};

    const RULE: &str = "drug-waste-modifier-missing";

    fn found(written: &str) -> Vec<String> {
        reports_of(RULE, &lines_of(written))
    }

    #[test]
    fn reports_both_together() {
        assert_eq!(found("J1885-JW-JZ"), ["info J1885"]);
        assert_eq!(found("J1885-JZ, J1885-JW"), ["info J1885 J1885"]);
    }

    #[test]
    fn accepts_either_and_an_amount_beside_its_waste() {
        assert!(found("J1885-JZ").is_empty() && found("J1885, J1885-JW").is_empty());
        assert_eq!(outcome_of(RULE, &lines_of("J1885-JZ")).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &lines_of("99213")), None);
    }

    #[test]
    fn without_a_list_of_single_doses_nothing_passes() {
        let mut encounter = lines_of("J1885");
        assert_eq!(outcome_of(RULE, &encounter), None);
        encounter.payer = Some("medicare".to_owned());
        assert_eq!(outcome_of(RULE, &encounter).as_deref(), Some("no_data"));
        encounter.payer = Some("aetna".to_owned());
        assert_eq!(outcome_of(RULE, &encounter), None);
        assert_eq!(outcome_of(RULE, &lines_of("J1885 @2023-06-30")), None);
    }
}
