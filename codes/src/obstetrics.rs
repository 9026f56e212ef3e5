//! What the codes of a pregnancy say: whose they are, which trimester, which week.

use crate::{
    code::CodeKey,
    encounter::{CodedItem, JudgedEncounter},
    flag::Flag,
    reported::ReportedDiagnosis,
    tabular::NoteKind,
};

/// A third of a pregnancy, counted from the last menstrual period.
///
/// Source: chapter note of ICD-10-CM chapter 15.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trimester {
    /// Below 14 weeks 0 days.
    First,
    /// 14 weeks 0 days to 27 weeks 6 days.
    Second,
    /// From 28 weeks 0 days on.
    Third,
}

impl Trimester {
    /// All three, with the words that titles use.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::First, "first trimester"),
        (Self::Second, "second trimester"),
        (Self::Third, "third trimester"),
    ];

    /// The trimester of a completed week.
    pub fn of_week(week: u8) -> Self {
        match week {
            0..14 => Self::First,
            14..28 => Self::Second,
            _ => Self::Third,
        }
    }

    /// The words that titles use.
    pub fn words(self) -> &'static str {
        match self {
            Self::First => "first trimester",
            Self::Second => "second trimester",
            Self::Third => "third trimester",
        }
    }

    /// The trimesters that a title names, earliest first. Two for codes such as O60.13; none for "unspecified
    /// trimester".
    pub fn named_in(title: &str) -> Vec<Self> {
        let named = Self::ALL.into_iter().filter(|(_, words)| title.contains(words));
        named.map(|(trimester, _)| trimester).collect()
    }
}

/// The completed weeks of gestation that a code of Z3A says, both ends included: Z3A.01 is less than 8, Z3A.49 greater
/// than 42 (up to 255). `None` for Z3A.00 and every other code.
pub fn weeks_of_gestation(key: CodeKey) -> Option<(u8, u8)> {
    let text = key.text();
    let week: u8 = text.strip_prefix("Z3A")?.parse().ok()?;
    match week {
        1 => Some((0, 7)),
        8..=42 => Some((week, week)),
        49 => Some((43, u8::MAX)),
        _ => None,
    }
}

/// Whether the code stands in chapter 15: O00 to O9A.
pub fn is_obstetric(diagnosis: &ReportedDiagnosis<'_>) -> bool {
    diagnosis.starts_with("O")
}

/// Whether the code belongs on the record of the mother only: chapter 15 and Z33, Z34, Z37, Z39, Z3A.
///
/// Source: ICD-10-CM guidelines FY2026, I.C.15.a.2 and I.C.21.c.11.
pub fn is_maternal(diagnosis: &ReportedDiagnosis<'_>) -> bool {
    let families = ["O", "Z33", "Z34", "Z37", "Z39", "Z3A"];
    families.iter().any(|family| diagnosis.starts_with(family))
}

/// Whether the code belongs on the record of the newborn: chapter 16, Z38.
///
/// Source: ICD-10-CM guidelines FY2026, I.C.16.a.
pub fn is_newborns(diagnosis: &ReportedDiagnosis<'_>) -> bool {
    diagnosis.starts_with("P") || diagnosis.starts_with("Z38")
}

/// Whether the code is of an abortive outcome or a termination: O00 to O08 and Z33.2.
pub fn is_abortive(diagnosis: &ReportedDiagnosis<'_>) -> bool {
    diagnosis.starts_with("O0") && !diagnosis.starts_with("O09") || diagnosis.starts_with("Z332")
}

/// Whether an obstetric code says that the pregnancy is over: its title names the puerperium or the time after delivery,
/// and neither pregnancy nor childbirth.
pub fn is_puerperium_only(diagnosis: &ReportedDiagnosis<'_>) -> bool {
    let title = diagnosis.title().to_lowercase();
    let after = ["puerperium", "puerperal", "postpartum"].iter().any(|word| title.contains(word));
    // "Gestational [pregnancy-induced] hypertension … complicating the puerperium" names the cause only.
    let title = title.replace("pregnancy-induced", "");
    is_obstetric(diagnosis)
        && after
        && !title.contains("pregnancy")
        && !title.contains("childbirth")
}

/// Whether the note at Z3A names the code, so that a week of gestation goes with it. `None` when no installed list says.
pub fn takes_weeks(diagnosis: &ReportedDiagnosis<'_>) -> Option<bool> {
    let (list, location) = diagnosis.place?;
    let weeks = list.node(CodeKey::new("Z3A")?)?;
    let mut notes = list.own_notes(weeks).filter(|note| note.kind == NoteKind::CodeFirst);
    Some(notes.any(|note| list.targets(&note).iter().any(|target| target.contains(location))))
}

/// The first service line that is a delivery by the flags of the code editor.
pub fn delivery<'e, 'a>(encounter: &'e JudgedEncounter<'a>) -> Option<&'e CodedItem<'a>> {
    let mut lines = encounter.lines().map(|(_, coded)| coded);
    lines.find(|coded| {
        let flags = coded.judgement.concept.map(|concept| concept.flags()).unwrap_or_default();
        coded.judgement.is_billable()
            && (flags.contains(Flag::VaginalDelivery) || flags.contains(Flag::CaesareanSection))
    })
}

/// Whether the encounter holds a delivery: its code, its outcome, or its procedure.
pub fn is_delivery(encounter: &JudgedEncounter<'_>) -> bool {
    ["O80", "O82", "Z37"].iter().any(|family| encounter.tries(family))
        || delivery(encounter).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TODAY, encounter_of, sample};

    fn weeks(code: &str) -> Option<(u8, u8)> {
        weeks_of_gestation(CodeKey::new(code).unwrap())
    }

    #[test]
    fn reads_the_week() {
        assert_eq!(weeks("Z3A00"), None);
        assert_eq!(weeks("Z3A01"), Some((0, 7)));
        assert_eq!(weeks("Z3A08"), Some((8, 8)));
        assert_eq!(weeks("Z3A42"), Some((42, 42)));
        assert_eq!(weeks("Z3A49"), Some((43, u8::MAX)));
        assert_eq!(weeks("Z3400"), None);
        assert_eq!(weeks("Z3A"), None);
    }

    #[test]
    fn trimesters_end_where_the_chapter_note_says() {
        let of = |week| Trimester::of_week(week).words();
        assert_eq!([of(13), of(14)], ["first trimester", "second trimester"]);
        assert_eq!([of(27), of(28)], ["second trimester", "third trimester"]);
        let named = Trimester::named_in(
            "Preterm labor second trimester with preterm delivery third trimester",
        );
        assert_eq!(named, [Trimester::Second, Trimester::Third]);
        assert!(Trimester::named_in("Hydrorrhea gravidarum, unspecified trimester").is_empty());
    }

    #[test]
    fn tells_the_puerperium_from_the_pregnancy() {
        let encounter = encounter_of("O10.03, O85, O10.02, O10.011, O94, I10");
        let judged = JudgedEncounter::new(&encounter, sample(), TODAY);
        let puerperium: Vec<_> =
            judged.good_diagnoses().iter().filter(|it| is_puerperium_only(it)).collect();
        assert_eq!(crate::attempts::listed(&puerperium), "O10.03 and O85");
    }
}
