//! Which code of I11 to I13 is for what.

use super::{HEART_FAILURE, KIDNEY, OTHER_HEART};
use crate::{
    code::Code, code_set::CodeSet, encounter::JudgedEncounter, reported::ReportedDiagnosis,
    system::CodeSystem,
};

static WITH_HEART: CodeSet = CodeSet::new("I11, I13");
static WITH_KIDNEY: CodeSet = CodeSet::new("I12, I13");
static WITH_FAILURE: CodeSet = CodeSet::new("I11.0, I13.0, I13.2");
static WITH_LATE_STAGE: CodeSet = CodeSet::new("I12.0, I13.11, I13.2, N18.5, N18.6");

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Heart {
    WithoutFailure,
    Failing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kidney {
    EarlierStage,
    /// Stage 5 or end stage.
    LateStage,
}

/// What a combined code has to say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Combination {
    heart: Option<Heart>,
    kidney: Option<Kidney>,
}

impl Combination {
    /// The same with what a code says, one of hypertension or of heart or kidney.
    pub(super) fn and(self, diagnosis: &ReportedDiagnosis<'_>) -> Self {
        let is = |set: &CodeSet| set.contains(diagnosis);
        let heart = if is(&HEART_FAILURE) || is(&WITH_FAILURE) {
            Some(Heart::Failing)
        } else {
            (is(&OTHER_HEART) || is(&WITH_HEART)).then_some(Heart::WithoutFailure)
        };
        let kidney = if is(&WITH_LATE_STAGE) {
            Some(Kidney::LateStage)
        } else {
            (is(&KIDNEY) || is(&WITH_KIDNEY)).then_some(Kidney::EarlierStage)
        };
        // The heavier of two stays.
        Self { heart: self.heart.max(heart), kidney: self.kidney.max(kidney) }
    }

    /// The code that says it; `None` where there is neither. Source: titles of I11, I12 and I13.
    pub(super) fn code(self) -> Option<Code> {
        let key = match (self.heart, self.kidney) {
            (None, None) => return None,
            (Some(Heart::Failing), None) => "I110",
            (Some(Heart::WithoutFailure), None) => "I119",
            (None, Some(Kidney::LateStage)) => "I120",
            (None, Some(Kidney::EarlierStage)) => "I129",
            (Some(Heart::Failing), Some(Kidney::LateStage)) => "I132",
            (Some(Heart::Failing), Some(Kidney::EarlierStage)) => "I130",
            (Some(Heart::WithoutFailure), Some(Kidney::LateStage)) => "I1311",
            (Some(Heart::WithoutFailure), Some(Kidney::EarlierStage)) => "I1310",
        };
        Code::parse(CodeSystem::Icd10Cm, key).ok()
    }
}

/// A code with its title, for messages.
pub(super) fn named(encounter: &JudgedEncounter<'_>, code: Code) -> String {
    let concept = encounter.terminology.concept(code, encounter.date);
    match concept.and_then(|concept| concept.title()) {
        Some((title, _)) => format!("{code} ({title})"),
        None => code.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TODAY, encounter_of, sample};

    fn combined(codes: &str) -> Option<String> {
        let encounter = encounter_of(codes);
        let judged = JudgedEncounter::new(&encounter, sample(), TODAY);
        let all = judged.good_diagnoses().iter();
        let combination = all.fold(Combination::default(), |all, it| all.and(it));
        combination.code().map(|code| named(&judged, code))
    }

    #[test]
    fn names_the_code_for_everything_together() {
        for (codes, expected) in [
            ("I10, I50.22", "I11.0"),
            ("I10, I51.9", "I11.9"),
            ("I10, N18.30", "I12.9"),
            ("I10, N18.6", "I12.0"),
            ("I11.0, N18.4", "I13.0"),
            ("I11.9, N18.4", "I13.10"),
            ("I11.9, N18.5", "I13.11"),
            ("I12.0, I50.22", "I13.2"),
            ("I11.0, I12.9", "I13.0"),
        ] {
            let found = combined(codes).unwrap();
            assert!(found.starts_with(&format!("{expected} (")), "{codes}: {found}");
        }
        assert_eq!(combined("I10"), None);
    }
}
