//! Groups of patients that codes are for: by age and by sex, as the Medicare Code Editor flags them.

use crate::{
    date::{Date, ICD10_START, Period},
    encounter::Sex,
    flag::{Flag, Flags},
    supplements::AgeRange,
};

/// The flags about age, the group that the tables of the code editor name, and the words for it.
pub(crate) const AGE_GROUPS: [(Flag, &str, &str); 4] = [
    (Flag::Newborn, "Newborn", "a newborn"),
    (Flag::Pediatric, "Pediatric", "a pediatric"),
    (Flag::Maternity, "Maternity", "a maternity"),
    (Flag::Adult, "Adult", "an adult"),
];

/// First day of the wider range of maternity codes.
const WIDER_MATERNITY: Date = jiff::civil::date(2019, 10, 1);

/// First day on which Medicare no longer applied the edit.
pub const SEX_EDIT_RETIRED: Date = jiff::civil::date(2024, 10, 1);

/// The day up to `date` whose flags say last which sex a code is for.
pub fn last_sexed_day(date: Date) -> Date {
    SEX_EDIT_RETIRED.yesterday().unwrap_or(SEX_EDIT_RETIRED).min(date)
}

/// What is known of a patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Patient {
    /// Age in completed years.
    pub age_years: Option<u32>,
    /// The sex.
    pub sex: Sex,
}

impl Patient {
    /// Whether nothing is known that a code could be ruled out by.
    pub fn is_unknown(self) -> bool {
        self.age_years.is_none() && !matches!(self.sex, Sex::Female | Sex::Male)
    }

    /// Whether a code with these flags is for other patients on a date. `sexed` are the flags that said last which sex
    /// the code is for: those of [`last_sexed_day`].
    pub fn is_ruled_out(self, flags: Flags, sexed: Flags, date: Date) -> bool {
        let by_age = self.age_years.is_some_and(|age| {
            let groups = AGE_GROUPS.iter().filter(|(flag, _, _)| flags.contains(*flag));
            let mut ranges = groups.map(|(_, group, _)| age_range(&[], group, date));
            ranges.any(|(first, last)| !(u32::from(first)..=u32::from(last)).contains(&age))
        });
        let by_sex = matches!(self.sex, Sex::Female | Sex::Male)
            && restricted_sex(sexed).is_some_and(|restricted| restricted != self.sex);
        by_age || by_sex
    }
}

/// First and last age of a group on a date, in completed years.
pub(crate) fn age_range(installed: &[AgeRange], group: &str, date: Date) -> (u16, u16) {
    let own = installed.iter().filter(|range| range.group.eq_ignore_ascii_case(group));
    let on_date = own.map(|range| (range.period, (range.first, range.last)));
    let mut on_date = on_date.chain(built_in(group));
    on_date.find(|(period, _)| period.contains(date)).map_or((0, u16::MAX), |(_, ages)| ages)
}

/// The groups of the tables of version 44, for catalogs without them.
fn built_in(group: &str) -> Vec<(Period, (u16, u16))> {
    let always = Period::since(Date::MIN);
    match group {
        "Newborn" => vec![(always, (0, 0))],
        "Pediatric" => vec![(always, (0, 17))],
        "Adult" => vec![(always, (15, 124))],
        "Maternity" => {
            let end = WIDER_MATERNITY.yesterday().ok();
            let former = Period { start: ICD10_START, end };
            vec![(former, (12, 55)), (Period::since(WIDER_MATERNITY), (9, 64))]
        }
        _ => Vec::new(),
    }
}

/// The sex that flags restrict a code to.
pub(crate) fn restricted_sex(flags: Flags) -> Option<Sex> {
    match (flags.contains(Flag::Female), flags.contains(Flag::Male)) {
        (true, false) => Some(Sex::Female),
        (false, true) => Some(Sex::Male),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TODAY;

    fn flags(named: &[Flag]) -> Flags {
        let mut flags = Flags::default();
        for flag in named {
            flags.insert(*flag);
        }
        flags
    }

    #[test]
    fn rules_out_by_age_and_sex() {
        let none = Flags::default();
        let girl = Patient { age_years: Some(8), sex: Sex::Female };
        assert!(girl.is_ruled_out(flags(&[Flag::Maternity]), none, TODAY));
        assert!(girl.is_ruled_out(none, flags(&[Flag::Male]), TODAY));
        assert!(!girl.is_ruled_out(flags(&[Flag::Pediatric]), flags(&[Flag::Female]), TODAY));
        assert!(!girl.is_ruled_out(none, none, TODAY));
    }

    #[test]
    fn what_is_not_known_rules_nothing_out() {
        let somebody = Patient::default();
        assert!(somebody.is_unknown());
        let all = flags(&[Flag::Maternity, Flag::Male, Flag::Newborn]);
        assert!(!somebody.is_ruled_out(all, all, TODAY));
        let other = Patient { sex: Sex::Other, ..somebody };
        assert!(other.is_unknown() && !other.is_ruled_out(all, all, TODAY));
    }

    #[test]
    fn installed_groups_go_before_those_built_in() {
        let since = |start| Period::since(start);
        let wider = AgeRange {
            group: "Newborn".to_owned(),
            first: 0,
            last: 1,
            period: since(WIDER_MATERNITY),
        };
        assert_eq!(age_range(std::slice::from_ref(&wider), "Newborn", WIDER_MATERNITY), (0, 1));
        assert_eq!(age_range(&[wider], "Newborn", ICD10_START), (0, 0));
        assert_eq!(age_range(&[], "Maternity", WIDER_MATERNITY), (9, 64));
    }
}
