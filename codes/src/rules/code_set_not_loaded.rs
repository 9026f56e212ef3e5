//! Codes of systems that are not installed, or not in full.

use crate::{
    check::Reason,
    code_table::CodeTable,
    encounter::{CodedItem, JudgedEncounter},
    fact::UnavailableReason,
    rule::{Report, declare_rule},
    system::CodeSystem,
    terminology::Terminology,
    verdict::Verdict,
};

declare_rule! {
    /// Codes of a system without complete data could be checked by their form only.
    ///
    /// ## Why
    /// No data is never a pass: whoever reads the result must know what was not looked at.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// CPT: 99213
    ///      ^^^^^ info[code-set-not-loaded]: CPT is not loaded: 1 code was checked by its form only.
    /// ```
    ///
    /// ## Exceptions
    /// Reported once for each system.
    ///
    /// ## Source
    /// medcode: what is not installed cannot be checked.
    "code-set-not-loaded", Information, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.pass();
    let is_unasked =
        |coded: &CodedItem<'_>| matches!(coded.judgement.verdict, Verdict::Unavailable(_));
    if !encounter.items.iter().any(is_unasked) {
        return;
    }
    for system in CodeSystem::ALL {
        for reason in [
            UnavailableReason::CodeSystemNotLoaded,
            UnavailableReason::NotInFragment,
            UnavailableReason::DentalCode,
            UnavailableReason::DateNotCovered,
        ] {
            let unasked: Vec<_> = encounter
                .items
                .iter()
                .filter(|coded| coded.judgement.system == system)
                .filter(|coded| coded.judgement.verdict == Verdict::Unavailable(reason))
                .collect();
            if let Some(first) = unasked.first() {
                let message = message(encounter.terminology, system, reason, &unasked);
                report.fail(first.item, &first.judgement, message);
                report.no_data(Reason::CodeUnavailable(reason));
            }
        }
    }
}

fn message(
    terminology: &Terminology,
    system: CodeSystem,
    reason: UnavailableReason,
    unasked: &[&CodedItem<'_>],
) -> String {
    let codes = match unasked.len() {
        1 => "1 code was checked by its form only".to_owned(),
        many => format!("{many} codes were checked by their form only"),
    };
    match reason {
        UnavailableReason::NotInFragment => {
            let installed = terminology.table(system).map_or(0, CodeTable::len);
            let first = unasked.first().map(|coded| coded.judgement.written()).unwrap_or_default();
            let more = if unasked.len() > 1 {
                format!(" (and {} more)", unasked.len() - 1)
            } else {
                String::new()
            };
            format!(
                "{first}{more} is not in the partial {system} list that is installed ({installed} codes): {codes}."
            )
        }
        UnavailableReason::DentalCode => format!("CDT is not loaded: {codes}."),
        UnavailableReason::DateNotCovered => {
            let date =
                unasked.first().map(|coded| coded.judgement.date.to_string()).unwrap_or_default();
            format!("No installed {system} release covers {date}: {codes}. Is the date right?")
        }
        _ => format!("{system} is not loaded: {codes}."),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::issues_of;

    #[test]
    fn reports_each_system_once() {
        let issues = issues_of("DOS: 2026-04-01\nCPT: 00000, 00001\nHCPCS: A0021");
        assert_eq!(
            issues.iter().filter(|issue| issue.contains("info[code-set-not-loaded]")).count(),
            2,
            "{issues:?}"
        );
        assert!(
            issues.iter().any(|issue| issue.contains("2 codes were checked by their form only"))
        );
    }

    #[test]
    fn says_when_no_release_covers_the_date() {
        let issues = issues_of("DOS: 2014-03-09\nDx: E11.66, M54.5");
        assert_eq!(issues.len(), 1);
        assert!(
            issues[0].contains("No installed ICD-10-CM release covers 2014-03-09: 2 codes"),
            "{issues:?}"
        );
    }

    #[test]
    fn stays_silent_on_systems_that_are_loaded() {
        assert!(issues_of("DOS: 2026-04-01\nDx: I10\nHCPCS: J1885").is_empty());
    }
}
