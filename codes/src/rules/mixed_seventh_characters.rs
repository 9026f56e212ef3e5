//! 7th characters of one injury, or of an injury and its external cause, that tell different stories.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    issue::Severity,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// 7th characters of one injury, or of injury and external cause, disagree.
    ///
    /// ## Why
    /// One injury is under active treatment, healing or a sequela, not two of these at one visit. An external cause takes
    /// the 7th character of its injury; place, activity and status are told once, at the initial encounter.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: S52.501A, W19.XXXD
    ///               ^^^^^^^^ warning[mixed-seventh-characters]: W19.XXXD says subsequent encounter, S52.501A says initial encounter: an external cause takes the 7th character of its injury.
    /// ```
    ///
    /// ## Exceptions
    /// Different injuries may be at different stages; then an external cause fits when it fits one of them. Y92, Y93 and
    /// Y99 at a later encounter are information.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.19.a, I.C.20.a.2, I.C.20.b, I.C.20.c, I.C.20.i.2 and I.C.20.k.
    "mixed-seventh-characters", Warning, Reported, Coding(check), about(Cue::Begins(&["S", "T"]))
}

/// What a 7th character says of the care, whatever it says of the fracture.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Initial,
    Subsequent,
    Sequela,
}

impl Phase {
    fn words(self) -> &'static str {
        match self {
            Self::Initial => "initial encounter",
            Self::Subsequent => "subsequent encounter",
            Self::Sequela => "sequela",
        }
    }
}

type Phased<'e, 'a> = (&'e ReportedDiagnosis<'a>, Phase);

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let all = encounter.good_diagnoses();
    let phased: Vec<Phased<'_, '_>> = all.iter().filter_map(|it| Some((it, phase(it)?))).collect();
    let (causes, conditions): (Vec<_>, Vec<_>) =
        phased.into_iter().partition(|(it, _)| is_external_cause(it));
    let injuries: Vec<_> = conditions.iter().filter(|(it, _)| is_injury(it)).copied().collect();
    let Some(injury) = injuries.first() else { return };
    report.skip_unavailable(encounter);
    report.pass();
    stages_of_one(encounter, report, &injuries);
    for cause in &causes {
        if !conditions.iter().any(|(_, phase)| *phase == cause.1) {
            let message = format!(
                "{} says {}, {} says {}: an external cause takes the 7th character of its injury.",
                cause.0.written(),
                cause.1.words(),
                injury.0.written(),
                injury.1.words(),
            );
            report.fail_on(encounter, cause.0, message).and(injury.0);
        }
    }
    if conditions.iter().all(|(_, phase)| *phase != Phase::Initial) {
        for once in all.iter().filter(|it| is_told_once(it)) {
            let message = format!(
                "{} is reported once, at the initial encounter; {} says {}.",
                once.written(),
                injury.0.written(),
                injury.1.words(),
            );
            let issue = report.fail_on(encounter, once, message).and(injury.0);
            issue.severity(Severity::Information).remove(once.item, &once.written());
        }
    }
}

/// Active treatment and healing of one injury.
fn stages_of_one(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    injuries: &[Phased<'_, '_>],
) {
    for (index, (later, phase)) in injuries.iter().enumerate() {
        let other = injuries[..index].iter().find(|(earlier, other)| {
            let phases = [*phase, *other];
            later.stem() == earlier.stem()
                && phases.contains(&Phase::Initial)
                && phases.contains(&Phase::Subsequent)
        });
        if let Some((earlier, other)) = other {
            let message = format!(
                "{} says {}, {} says {} of the same injury. Report the stage of this visit.",
                later.written(),
                phase.words(),
                earlier.written(),
                other.words(),
            );
            report.fail_on(encounter, later, message).and(earlier);
        }
    }
}

/// The phase that the 7th character names. Stages and numbers are none.
fn phase(diagnosis: &ReportedDiagnosis<'_>) -> Option<Phase> {
    match diagnosis.seventh()? {
        'A' | 'B' | 'C' => Some(Phase::Initial),
        'S' => Some(Phase::Sequela),
        'D'..='R' => Some(Phase::Subsequent),
        _ => None,
    }
}

fn is_injury(diagnosis: &ReportedDiagnosis<'_>) -> bool {
    diagnosis.starts_with("S") || diagnosis.starts_with("T")
}

fn is_external_cause(diagnosis: &ReportedDiagnosis<'_>) -> bool {
    matches!(diagnosis.key.character(0), Some('V'..='Y'))
}

fn is_told_once(diagnosis: &ReportedDiagnosis<'_>) -> bool {
    ["Y92", "Y93", "Y99"].into_iter().any(|category| diagnosis.starts_with(category))
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "mixed-seventh-characters";

    #[test]
    fn reports_external_causes_of_another_phase() {
        assert_eq!(reports(RULE, "S52.501A, W19.XXXD"), ["warning W19.XXXD S52.501A"]);
        assert_eq!(reports(RULE, "S52.501A, W19.XXXS"), ["warning W19.XXXS S52.501A"]);
    }

    #[test]
    fn reports_two_stages_of_one_injury() {
        assert_eq!(reports(RULE, "S52.501A, S52.501D"), ["warning S52.501D S52.501A"]);
    }

    #[test]
    fn reports_what_is_told_once_at_a_later_visit() {
        assert_eq!(reports(RULE, "S61.411D, Y92.009"), ["info Y92.009 S61.411D"]);
        assert_eq!(reports(RULE, "M25.551, S72.001S, Y99.8"), ["info Y99.8 S72.001S"]);
    }

    #[test]
    fn accepts_one_story() {
        for codes in [
            "S52.501A, W19.XXXA",
            "S52.211B, W19.XXXA",
            "S52.211G, W19.XXXD",
            "S61.411A, Y92.009, Y93.01",
            "S52.501A, S61.411D, W19.XXXD",
            "S52.501A, S61.411D, Y92.009",
            "M25.551, S72.001S, W19.XXXS",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
    }

    #[test]
    fn has_nothing_to_look_at_without_an_injury() {
        assert_eq!(outcome_of(RULE, &encounter_of("I10, Y92.009, W19.XXXD")), None);
        assert_eq!(outcome_of(RULE, &encounter_of("H40.1111, W19.XXXD")), None);
    }
}
