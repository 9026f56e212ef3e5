//! Drugs, and the injections and infusions that give them.

use crate::{
    claim_line::ClaimLine,
    cue::Cue,
    encounter::{JudgedEncounter, Setting},
    rule::{Report, declare_rule},
    system::CodeSystem,
};

declare_rule! {
    /// A drug is reported without its administration, or the reverse.
    ///
    /// ## Why
    /// A drug that was given in the office is two services, the drug and its administration. Where one stands alone the
    /// other was often forgotten.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// CPT/HCPCS: 99213-25, J1885
    ///                      ^^^^^ info[drug-without-administration]: J1885 is a drug, and no service of the day gives it; report its administration as well, unless another claim does.
    /// ```
    ///
    /// ## Exceptions
    /// A guess. Any procedure of the day may have given the drug; drugs that are inhaled, swallowed or taken home need no
    /// administration, nor do inpatients, suppliers and services in a hospital. Hydration may use a fluid that is not
    /// reported.
    ///
    /// ## Source
    /// Medicare Claims Processing Manual, chapter 17 (verify); ranges of codes by their numbers.
    "drug-without-administration", Information, Reported, Coding(check),
    unverified("the ranges of codes that medcode ships"), about(Cue::CLAIM_LINES)
}

/// Drugs that somebody else has to give. J7 (fluids, inhaled, implanted) and J8 (swallowed) are left out. Inclusive.
const GIVEN_DRUGS: [(&str, &str); 2] = [("J0000", "J3999"), ("J9000", "J9998")];

/// Injections, infusions, chemotherapy, vaccinations. Hydration is left out. Inclusive.
const ADMINISTRATION: [(&str, &str); 4] =
    [("90460", "90474"), ("90480", "90480"), ("96365", "96379"), ("96401", "96549")];

/// Immune globulins and vaccines. Inclusive.
const PRODUCTS: [(&str, &str); 3] = [("90281", "90399"), ("90476", "90759"), ("91300", "91399")];

/// Laboratory, and the blood that is drawn for it. Inclusive.
const LABORATORY: [(&str, &str); 2] = [("80000", "89999"), ("36415", "36416")];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let is_elsewhere = matches!(encounter.encounter.setting, Setting::Inpatient | Setting::Dme);
    // What is missing may be what a wrong code was meant to be.
    if is_elsewhere || encounter.has_wrong_lines() {
        return;
    }
    let lines = encounter.claim_lines();
    // A code that a note names alone is no list of what was done.
    if lines.len() < 2 && !encounter.encounter.is_claim {
        return;
    }
    for line in lines.iter().filter(|line| !is_in_hospital_or_home(encounter, line)) {
        let code = line.key;
        let of_day = || lines.iter().filter(|other| other.date == line.date);
        let message = if line.is_within(&GIVEN_DRUGS) {
            if of_day().any(may_give) {
                report.pass();
                continue;
            }
            format!(
                "{code} is a drug, and no service of the day gives it; report its administration as well, unless another claim does."
            )
        } else if line.is_within(&ADMINISTRATION) {
            if of_day().any(is_given) {
                report.pass();
                continue;
            }
            format!(
                "{code} gives a drug, and none is reported for the day; report it as well, unless somebody else supplied it."
            )
        } else {
            continue;
        };
        report.fail_on_line(encounter, line, message);
    }
}

/// Whether a service may have given a drug: any procedure that is no visit and no laboratory test.
fn may_give(line: &ClaimLine<'_>) -> bool {
    let is_procedure = line.system == CodeSystem::Cpt
        || line.is_within(&[("C0000", "C9999"), ("G0000", "G9999"), ("M0000", "M9999")])
        || line.is_within(&[("Q0081", "Q0085"), ("S0000", "S9999")]);
    is_procedure && !line.is_visit() && !line.is_within(&LABORATORY) && !line.is_within(&PRODUCTS)
}

/// Whether a line may be what an administration gave.
fn is_given(line: &ClaimLine<'_>) -> bool {
    let is_supply = line.is_within(&[("A0000", "A9999"), ("C0000", "C9999"), ("J0000", "J9999")])
        || line.is_within(&[("P0000", "S9999")]);
    is_supply || line.is_within(&PRODUCTS)
}

/// Home, hospital, emergency room, surgical center, nursing facility: the drug or its giving is on another claim.
fn is_in_hospital_or_home(encounter: &JudgedEncounter<'_>, line: &ClaimLine<'_>) -> bool {
    let own = line.line.place_of_service.as_ref();
    let place = own.or(encounter.encounter.place_of_service.as_ref());
    place.is_some_and(|place| {
        ["01", "12", "19", "21", "22", "23", "24", "31", "32"].contains(&place.as_str())
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::Setting,
        testing::{claims::lines_of, outcome_of, reports_of},
    };

    const RULE: &str = "drug-without-administration";

    fn found(written: &str) -> Vec<String> {
        reports_of(RULE, &lines_of(written))
    }

    #[test]
    fn reports_either_without_the_other() {
        assert_eq!(found("99213, J1885"), ["info J1885"]);
        assert_eq!(found("99213, J1885, 36415, 85025"), ["info J1885"]);
        assert_eq!(found("99213-25, 96372"), ["info 96372"]);
        assert_eq!(found("90471, 99213-25"), ["info 90471"]);
        let mut claim = lines_of("J1885");
        assert!(reports_of(RULE, &claim).is_empty());
        claim.is_claim = true;
        assert_eq!(reports_of(RULE, &claim), ["info J1885"]);
    }

    #[test]
    fn accepts_both_and_other_ways_to_give() {
        for written in [
            "96372, J1885",
            "20610, J1885",
            "90471, 90686",
            "G0008, Q2035",
            "96360",
            "99213, 36415",
            "99213, J7613",
        ] {
            assert!(found(written).is_empty(), "{written}");
        }
        assert_eq!(outcome_of(RULE, &lines_of("96372, J1885")).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &lines_of("99213")), None);
    }

    #[test]
    fn other_places_report_the_two_apart() {
        let mut encounter = lines_of("99213, J1885");
        encounter.place_of_service = Some("22".to_owned());
        assert!(reports_of(RULE, &encounter).is_empty());
        encounter.place_of_service = None;
        encounter.setting = Setting::Inpatient;
        assert!(reports_of(RULE, &encounter).is_empty());
        assert!(found("J1885, 9637").is_empty());
    }
}
