//! Two visits of one kind on one day.

use crate::{
    check::Reason,
    claim_line::ClaimLine,
    cue::Cue,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    visit_levels::{self, VisitFamily},
};

declare_rule! {
    /// Two visit codes of one family are reported for one day.
    ///
    /// ## Why
    /// One visit has one level. Of two levels for one provider and day only one is paid.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// CPT: 99213, 99214
    ///             ^^^^^ warning[multiple-em-same-day]: 99214 is reported beside 99213 on one day: both are levels of one kind of visit. Report the one that the documentation supports.
    /// ```
    ///
    /// ## Exceptions
    /// Visits of another provider or day. Modifiers 25, 27, XE and XP say that the visits were separate. Levels for new
    /// and for established patients are one family; psychotherapy and other sessions are none.
    ///
    /// ## Source
    /// Medicare Claims Processing Manual, chapter 12, section 30.6.7 (verify); the families of visits that medcode ships.
    "multiple-em-same-day", Warning, Reported, Coding(check),
    unverified("the families of visits that medcode ships"), about(Cue::CLAIM_LINES)
}

/// Modifiers that set one visit of a day apart from another.
const SEPARATE: [&str; 4] = ["25", "27", "XE", "XP"];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let lines = encounter.claim_lines();
    let visits = lines.iter().filter_map(|line| Some((line, family(line)?)));
    let visits: Vec<_> = visits.collect();
    for (index, (visit, family)) in visits.iter().enumerate() {
        let same_kind = |(other, kind): &&(&ClaimLine<'_>, VisitFamily)| {
            other.is_with(visit) && (kind == family || family.counterpart() == Some(*kind))
        };
        let Some((earlier, _)) = visits[..index].iter().find(same_kind) else {
            report.pass();
            continue;
        };
        let is_separate =
            |line: &ClaimLine<'_>| SEPARATE.iter().any(|modifier| line.line.has_modifier(modifier));
        if is_separate(visit) || is_separate(earlier) {
            report.bypassed(Reason::Modifier);
        } else {
            tell(encounter, report, visit, earlier);
        }
    }
}

/// The family of a visit; sessions are none.
fn family(line: &ClaimLine<'_>) -> Option<VisitFamily> {
    visit_levels::family(&line.key.text(), line.date).filter(|family| family.is_visit())
}

fn tell(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    visit: &ClaimLine<'_>,
    earlier: &ClaimLine<'_>,
) {
    let (code, other) = (visit.key.to_string(), earlier.key);
    let is_repeated = visit.key == other;
    let message = if is_repeated {
        format!(
            "{code} is reported twice for one day; report it once, or say with a modifier what set the second visit apart."
        )
    } else {
        format!(
            "{code} is reported beside {other} on one day: both are levels of one kind of visit. Report the one that the documentation supports."
        )
    };
    let issue = report.fail_on_line(encounter, visit, message).and_line(earlier);
    if is_repeated {
        issue.remove(visit.item, &code);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{claims::lines_of, outcome_of, reports_of};

    const RULE: &str = "multiple-em-same-day";

    fn found(written: &str) -> Vec<String> {
        reports_of(RULE, &lines_of(written))
    }

    #[test]
    fn reports_levels_of_one_family() {
        assert_eq!(found("99213, 99214"), ["warning 99214 99213"]);
        assert_eq!(found("99203, 99213"), ["warning 99213 99203"]);
        assert_eq!(found("99284, 36415, 99284"), ["warning 99284 99284"]);
    }

    #[test]
    fn accepts_visits_that_are_separate() {
        for written in
            ["99213", "99396, 99213-25", "99221, 99291", "99213, 99214-25", "90832, 90834", "36415"]
        {
            assert!(found(written).is_empty(), "{written}");
        }
        assert_eq!(outcome_of(RULE, &lines_of("99213, 99214-27")).as_deref(), Some("bypassed"));
        assert_eq!(outcome_of(RULE, &lines_of("99213")).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &lines_of("36415")), None);
    }

    #[test]
    fn accepts_visits_of_another_provider_or_day() {
        let mut encounter = lines_of("99213, 99214");
        encounter.lines[1].provider = Some("B".to_owned());
        assert!(reports_of(RULE, &encounter).is_empty());
        let mut encounter = lines_of("99213, 99214");
        encounter.lines[1].service_date = Some(jiff::civil::date(2026, 4, 2));
        assert!(reports_of(RULE, &encounter).is_empty());
    }
}
