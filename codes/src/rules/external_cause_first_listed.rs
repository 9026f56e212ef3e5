//! External causes in first place.

use crate::{
    code_set::CodeSet,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
};

/// Chapter 20.
pub(super) static EXTERNAL_CAUSES: CodeSet = CodeSet::new("V00-Y99");

/// What an external cause explains.
static INJURIES: CodeSet = CodeSet::new("S00-T88");

declare_rule! {
    /// An external cause code is listed first.
    ///
    /// ## Why
    /// A code of V00 to Y99 says how something happened, never what was treated: it is refused in first place.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: W19.XXXA, S72.001A
    ///     ^^^^^^^^ error[external-cause-first-listed]: W19.XXXA (Unspecified fall, initial encounter) is an external cause and cannot be listed first: list the condition that it caused first.
    /// ```
    ///
    /// ## Exceptions
    /// None.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.20.a.6; Medicare Code Editor, external cause flag.
    "external-cause-first-listed", Error, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let Some(first) = encounter.leading() else { return };
    if !EXTERNAL_CAUSES.contains(first) {
        return report.pass();
    }
    let message = format!(
        "{} is an external cause and cannot be listed first: list the condition that it caused first.",
        first.named()
    );
    let others =
        || encounter.good_diagnoses().iter().filter(|other| !EXTERNAL_CAUSES.contains(other));
    let injury = others().find(|other| INJURIES.contains(other)).or_else(|| others().next());
    let issue = report.fail_on(encounter, first, message);
    let target = injury.and_then(|injury| Some((injury, injury.movable()?)));
    if let Some((injury, index)) = target.filter(|_| first.movable().is_some()) {
        issue.move_to(index, format!("Move {} behind {}", first.written(), injury.written()));
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::DiagnosisRole,
        testing::{encounter_of, issues_for_codes, outcome_of, reports, reports_of},
    };

    const ID: &str = "external-cause-first-listed";

    #[test]
    fn reports_an_external_cause_in_first_place() {
        assert_eq!(reports(ID, "W19.XXXA, S72.001A"), ["error W19.XXXA"]);
        assert_eq!(reports(ID, "Y92.009"), ["error Y92.009"]);
    }

    #[test]
    fn offers_to_move_it_behind_the_injury() {
        let issues = issues_for_codes(&["W19.XXXA", "I10", "S72.001A"], "2026-04-01");
        let issue = issues.iter().find(|issue| issue.rule == ID).unwrap();
        assert_eq!(issue.fixes[0].edits[0].1, crate::issue::Change::MoveTo(2));
    }

    #[test]
    fn accepts_it_behind_the_injury() {
        for codes in ["S72.001A, W19.XXXA", "U07.1", "Z00.00"] {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
    }

    #[test]
    fn leaves_a_field_of_its_own_alone() {
        let mut encounter = encounter_of("W19.XXXA");
        encounter.diagnoses[0].role = DiagnosisRole::ExternalCause;
        assert_eq!(reports_of(ID, &encounter), Vec::<String>::new());
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("W19.XXXA @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
