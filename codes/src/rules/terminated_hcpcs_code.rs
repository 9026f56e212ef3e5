//! HCPCS Level II codes that were terminated.

use crate::{
    check::Reason,
    code::{Code, CodeKey},
    code_table::Lifetime,
    cue::Cue,
    date::end_of_quarter,
    encounter::{DateBasis, JudgedEncounter},
    issue::Severity,
    replacement::Replacement,
    rule::{Need, Report, declare_rule},
    system::CodeSystem,
    verdict::{Judgement, Verdict},
};

declare_rule! {
    /// The HCPCS Level II code was terminated before the date of service.
    ///
    /// ## Why
    /// A claim that carries it is refused. Codes of HCPCS Level II end at any quarter.
    ///
    /// ## Example
    /// ```text
    /// Date of service: 2020-01-01
    /// Service line: A4466
    /// error[terminated-hcpcs-code]: A4466 was terminated 2016-12-31 (date of service 2020-01-01); the cross-reference is A4467.
    /// ```
    ///
    /// ## Exceptions
    /// Without a date of service the code is judged as of today and reported as a warning. Without the file of CMS only
    /// the days on which a code was seen in use are known.
    ///
    /// ## Source
    /// The HCPCS Level II file of CMS: termination date and cross-references.
    "terminated-hcpcs-code", Error, EachCode, Coding(check), needs(Hcpcs), about(Cue::Systems(&[CodeSystem::Hcpcs]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        if judgement.system != CodeSystem::Hcpcs {
            continue;
        }
        match (&judgement.verdict, judgement.concept.and_then(|concept| concept.lifetime())) {
            (Verdict::Expired { replacements }, _) => {
                let references = references(encounter, judgement);
                let message = message(judgement, encounter.basis, &references, replacements);
                let issue = report.fail(coded.item, judgement, message);
                if encounter.basis == DateBasis::Today {
                    issue.severity(Severity::Warning);
                }
                let valid = replacements.iter().map(|replacement| replacement.code);
                let of_cpt = references.iter().filter(|code| code.system() == CodeSystem::Cpt);
                for code in valid.chain(of_cpt.copied()) {
                    issue.replace(code, None, false);
                }
            }
            (Verdict::Billable, Some(Lifetime::Seen { first, last }))
                if judgement.date < first || end_of_quarter(last) < judgement.date =>
            {
                report.not_loaded(Need::Hcpcs);
            }
            (Verdict::Billable, _) => report.pass(),
            (Verdict::Unavailable(reason), _) => report.no_data(Reason::CodeUnavailable(*reason)),
            _ => {}
        }
    }
}

fn message(
    judgement: &Judgement<'_>,
    basis: DateBasis,
    references: &[Code],
    replacements: &[Replacement],
) -> String {
    let end = judgement.concept.and_then(|concept| concept.lifetime()?.period()?.end);
    let terminated =
        end.map_or_else(|| "was terminated".to_owned(), |end| format!("was terminated {end}"));
    let named: Vec<_> = if references.is_empty() {
        replacements.iter().map(|replacement| replacement.code.to_string()).collect()
    } else {
        references.iter().map(ToString::to_string).collect()
    };
    let way_out = match (named.as_slice(), references.is_empty()) {
        ([], _) => String::new(),
        ([one], false) => format!("; the cross-reference is {one}"),
        (many, false) => format!("; the cross-references are {}", many.join(", ")),
        (many, true) => format!("; valid codes near it: {}", many.join(", ")),
    };
    format!("{} {terminated} ({} {}){way_out}.", judgement.written(), basis.words(), judgement.date)
}

/// The codes that the file names instead, also those of CPT.
fn references(encounter: &JudgedEncounter<'_>, judgement: &Judgement<'_>) -> Vec<Code> {
    let supplements = encounter.terminology.supplements();
    let key = judgement.code.map(Code::key);
    let record = key.and_then(|key| supplements.hcpcs_record(key, judgement.date));
    let keys = record.map(|(record, _)| record.cross_references.as_slice()).unwrap_or_default();
    keys.iter().filter_map(|key| code_of(*key)).collect()
}

fn code_of(key: CodeKey) -> Option<Code> {
    Code::from_key(CodeSystem::Hcpcs, key).or_else(|| Code::from_key(CodeSystem::Cpt, key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encounter::{Encounter, ServiceLine},
        engine::{RuleOptions, check_encounter},
        testing::{TODAY, encounter_of, hcpcs::with_hcpcs, outcome_of, reports_over},
    };

    const RULE: &str = "terminated-hcpcs-code";

    fn line(code: &str, date: &str) -> Encounter {
        let lines = vec![ServiceLine::new(CodeSystem::Hcpcs, code)];
        Encounter { lines, ..encounter_of(&format!("@{date}")) }
    }

    #[test]
    fn reports_the_day_after_the_last() {
        for (code, date) in [
            ("A4466", "2020-01-01"),
            ("A4466", "2017-01-01"),
            ("A7011", "2020-01-01"),
            ("C8904", "2020-01-01"),
        ] {
            let reports = reports_over(with_hcpcs(), RULE, &line(code, date));
            assert_eq!(reports, [format!("error {code}")]);
        }
    }

    #[test]
    fn accepts_a_code_on_its_last_day() {
        for (code, date) in
            [("A4467", "2020-01-01"), ("A4466", "2016-12-31"), ("A0021", "2026-01-01")]
        {
            assert!(reports_over(with_hcpcs(), RULE, &line(code, date)).is_empty(), "{code}");
        }
    }

    #[test]
    fn names_the_cross_reference_and_reports_once() {
        let issues = |code| {
            let encounter = line(code, "2020-01-01");
            check_encounter(&encounter, with_hcpcs(), TODAY, &RuleOptions::default()).issues
        };
        let found = issues("A4466");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            found[0].message,
            "A4466 was terminated 2016-12-31 (date of service 2020-01-01); the cross-reference is A4467."
        );
        let found = issues("C8904");
        assert!(found[0].message.ends_with("the cross-reference is 77046."), "{found:?}");
        assert_eq!(found[0].fixes.len(), 1);
    }

    #[test]
    fn a_code_that_was_seen_in_use_is_known_on_those_days_only() {
        let outcome = |code, date| outcome_of(RULE, &line(code, date));
        assert_eq!(outcome("J0190", "2025-12-31").as_deref(), Some("pass"));
        assert_eq!(outcome("J0190", "2026-01-01").as_deref(), Some("no_data"));
        assert_eq!(outcome("A4466", "2020-01-01").as_deref(), Some("no_data"));
        assert_eq!(outcome_of(RULE, &encounter_of("I10")), None);
    }
}
