//! HCPCS Level II codes that Medicare does not cover.

use crate::{
    code::Code,
    cue::Cue,
    encounter::JudgedEncounter,
    rule::{Need, Report, declare_rule},
    system::CodeSystem,
    verdict::Verdict,
};

declare_rule! {
    /// Medicare does not cover the HCPCS code.
    ///
    /// ## Why
    /// The line will not be paid. Some codes are for other payers only, and the file names the code that Medicare takes.
    ///
    /// ## Example
    /// ```text
    /// Payer: medicare
    /// Service line: A0021
    /// info[hcpcs-not-covered]: A0021 is not payable by Medicare (coverage I in the HCPCS file of 2020-01-01); the cross-reference is A0030.
    /// ```
    ///
    /// ## Exceptions
    /// Only with payer Medicare.
    ///
    /// ## Source
    /// The HCPCS Level II file of CMS: coverage code and cross-references.
    "hcpcs-not-covered", Information, Reported, Coding(check), needs(Hcpcs),
    unverified("the meaning of the coverage codes I, M and S"), about(Cue::Systems(&[CodeSystem::Hcpcs]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let payer = encounter.encounter.payer.as_deref();
    if !payer.is_some_and(|payer| payer.eq_ignore_ascii_case("medicare")) {
        return;
    }
    let supplements = encounter.terminology.supplements();
    for (_, coded) in encounter.lines() {
        let judgement = &coded.judgement;
        let is_asked = matches!(judgement.verdict, Verdict::Billable | Verdict::Unavailable(_));
        if judgement.system != CodeSystem::Hcpcs || !is_asked {
            continue;
        }
        let key = judgement.code.map(Code::key);
        let record = key.and_then(|key| supplements.hcpcs_record(key, judgement.date));
        let Some((record, release)) = record else {
            report.not_loaded(Need::Hcpcs);
            continue;
        };
        let Some((letter, words)) = record.coverage.and_then(|it| Some((it, not_covered(it)?)))
        else {
            report.pass();
            continue;
        };
        let references: Vec<_> = record.cross_references.iter().map(ToString::to_string).collect();
        let way_out = match references.as_slice() {
            [] => String::new(),
            [one] => format!("; the cross-reference is {one}"),
            many => format!("; the cross-references are {}", many.join(", ")),
        };
        let message = format!(
            "{} is {words} (coverage {letter} in the HCPCS file of {}){way_out}.",
            judgement.written(),
            release.version
        );
        report.fail(coded.item, judgement, message);
    }
}

/// What the coverage codes say that mean no payment.
fn not_covered(coverage: char) -> Option<&'static str> {
    match coverage {
        'I' => Some("not payable by Medicare"),
        'M' => Some("not covered by Medicare"),
        'S' => Some("not covered by Medicare by statute"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encounter::{Encounter, ServiceLine},
        engine::{RuleOptions, check_encounter},
        testing::{TODAY, encounter_of, hcpcs::with_hcpcs, outcome_of, reports_over},
    };

    const RULE: &str = "hcpcs-not-covered";

    fn line(code: &str, payer: &str) -> Encounter {
        let lines = vec![ServiceLine::new(CodeSystem::Hcpcs, code)];
        Encounter { lines, payer: Some(payer.to_owned()), ..encounter_of("@2020-01-01") }
    }

    #[test]
    fn reports_what_medicare_does_not_cover() {
        assert_eq!(reports_over(with_hcpcs(), RULE, &line("A0021", "Medicare")), ["info A0021"]);
        let encounter = line("A0021", "medicare");
        let report = check_encounter(&encounter, with_hcpcs(), TODAY, &RuleOptions::default());
        assert_eq!(
            report.issues[0].message,
            "A0021 is not payable by Medicare (coverage I in the HCPCS file of 2020-01-01); the cross-reference is A0030."
        );
    }

    #[test]
    fn accepts_covered_codes_and_other_payers() {
        for (code, payer) in
            [("A0030", "medicare"), ("A0021", "example-plan"), ("A4466", "medicare")]
        {
            assert!(reports_over(with_hcpcs(), RULE, &line(code, payer)).is_empty(), "{code}");
        }
    }

    #[test]
    fn has_no_data_without_the_file() {
        let outcome = |code, payer| outcome_of(RULE, &line(code, payer));
        assert_eq!(outcome("A0021", "medicare").as_deref(), Some("no_data"));
        assert_eq!(outcome("A0021", "example-plan"), None);
    }
}
