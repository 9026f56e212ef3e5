//! Codes that ended before the date that counts.

use crate::{
    code_table::ReplacementSource,
    date::Date,
    encounter::{DateBasis, JudgedEncounter},
    issue::Severity,
    replacement::Replacement,
    rule::{Report, declare_rule},
    system::CodeSystem,
    verdict::{Judgement, Verdict},
};

/// At most this many replacements are named in the message; the fixes offer all.
const MOST_NAMED: usize = 6;

declare_rule! {
    /// The code ended before the date that counts.
    ///
    /// ## Why
    /// A claim that carries it is refused. Codes end every October 1, a few every April 1.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2024-03-01
    /// Dx: M54.5
    ///     ^^^^^ error[expired-code]: M54.5 ended 2021-09-30 (date of service 2024-03-01). Replaced by M54.50, M54.51, M54.59.
    /// ```
    ///
    /// ## Exceptions
    /// Without a date of service the code is judged as of today and reported as a warning. ICD-10-CM and ICD-10-PCS only:
    /// `terminated-hcpcs-code` and `deleted-cpt-code` report the others.
    ///
    /// ## Source
    /// HIPAA code set rules (the codes in force on the date of service); Medicare Code Editor, invalid code edit.
    "expired-code", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        if !matches!(judgement.system, CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs) {
            continue;
        }
        let Verdict::Expired { replacements } = &judgement.verdict else {
            report.pass();
            continue;
        };
        let issue =
            report.fail(coded.item, judgement, message(judgement, encounter.basis, replacements));
        if encounter.basis == DateBasis::Today {
            issue.severity(Severity::Warning);
        }
        // One successor is the only way out, so it may be written in bulk; a choice is a coder's.
        let safe = replacements.len() == 1 && replacements[0].source != ReplacementSource::Parent;
        for replacement in replacements {
            let concept = encounter.terminology.concept(replacement.code, judgement.date);
            let title = concept.and_then(|concept| concept.title());
            issue.replace(replacement.code, title.as_ref().map(|(title, _)| title.as_ref()), safe);
        }
    }
}

fn message(judgement: &Judgement<'_>, basis: DateBasis, replacements: &[Replacement]) -> String {
    let ended =
        ended(judgement).map_or_else(|| "has ended".to_owned(), |end| format!("ended {end}"));
    let mut message =
        format!("{} {ended} ({} {}).", judgement.written(), basis.words(), judgement.date);
    let codes: Vec<_> = replacements
        .iter()
        .take(MOST_NAMED)
        .map(|replacement| replacement.code.to_string())
        .collect();
    if !codes.is_empty() {
        let more = if replacements.len() > MOST_NAMED { " and more" } else { "" };
        let by = match replacements[0].source {
            ReplacementSource::ConversionTable
            | ReplacementSource::CrossReference
            | ReplacementSource::Derived => "Replaced by",
            ReplacementSource::Parent => "Valid codes of the same parent:",
        };
        message = format!("{message} {by} {}{more}.", codes.join(", "));
    }
    message
}

fn ended(judgement: &Judgement<'_>) -> Option<Date> {
    judgement.concept?.lifetime()?.period()?.end
}

#[cfg(test)]
mod tests {
    use crate::testing::{issues_of, rules_fired};

    #[test]
    fn reports_the_day_after_the_last() {
        assert_eq!(rules_fired("DOS: 2021-10-01\nDx: M54.5"), ["expired-code"]);
        assert_eq!(rules_fired("DOS: 2025-10-01\nDx: G35"), ["expired-code"]);
        assert_eq!(rules_fired("DOS: 2026-04-01\nDx: S06.5X7D"), ["expired-code"]);
    }

    #[test]
    fn accepts_a_code_on_its_last_day() {
        assert!(rules_fired("DOS: 2021-09-30\nDx: M54.5").is_empty());
        assert!(rules_fired("DOS: 2025-09-30\nDx: G35").is_empty());
    }

    #[test]
    fn warns_only_when_the_note_has_no_date() {
        let issues = issues_of("Undated.\nDx: M54.5");
        assert!(issues.iter().any(|issue| {
            issue.starts_with("warning[expired-code]: M54.5 ended 2021-09-30 (as of ")
        }));
    }

    #[test]
    fn names_the_successors() {
        let issue = &issues_of("DOS: 2024-10-01\nDx: E66.8")[0];
        assert!(issue.contains("Replaced by E66.811, E66.812, E66.813, E66.89."), "{issue}");
    }
}
