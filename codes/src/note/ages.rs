//! Ages in running text: `45-year-old woman`, `45 y/o M`, `45/F`.

use crate::date::Date;

use super::{
    facts::Sex,
    tokens::{self, Token, char_at, is_blank, is_dash, skip},
};

/// Older ages are typing errors.
const OLDEST: u32 = 124;

/// Words that make an age that of somebody else.
const RELATIVES: &[&str] = &[
    "aunt",
    "brother",
    "child",
    "children",
    "cousin",
    "dad",
    "daughter",
    "father",
    "grandfather",
    "grandmother",
    "husband",
    "mom",
    "mother",
    "partner",
    "sibling",
    "sister",
    "son",
    "spouse",
    "uncle",
    "wife",
];

/// Words behind `16 F` or `18M` that make it a size.
const SIZES: &[&str] = &["catheter", "foley", "fr", "french", "needle", "sheath", "tube"];

/// The age on `day` of somebody born on `born`, in completed years.
pub(super) fn completed_years(born: Date, day: Date) -> Option<u32> {
    let birthday_to_come = (day.month(), day.day()) < (born.month(), born.day());
    u32::try_from(day.year() - born.year() - i16::from(birthday_to_come))
        .ok()
        .filter(|years| *years <= OLDEST)
}

/// The same in completed days, below one year.
pub(super) fn completed_days(born: Date, day: Date) -> Option<u32> {
    let days = (day - born).get_days();
    u32::try_from(days).ok().filter(|days| *days <= 365 && completed_years(born, day) == Some(0))
}

/// Age and, if it stands there as well, sex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Age {
    pub(super) years: u32,
    /// In days, where the text counts days or weeks.
    pub(super) days: Option<u32>,
    pub(super) sex: Option<Sex>,
}

/// The patient's age, if `token` begins with it.
pub(super) fn at(text: &str, line_start: usize, token: Token, end: usize) -> Option<Age> {
    let word = token.text(text);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&digits) || word.len() > digits + 3 {
        return None;
    }
    // Most numbers are followed by no letter that an age could be followed by.
    let next = text.as_bytes()[..end][token.start + digits..]
        .iter()
        .find(|byte| !matches!(byte, b' ' | b'-' | b'/' | 0x80..));
    if !next
        .is_some_and(|byte| matches!(byte.to_ascii_lowercase(), b'y' | b'm' | b'f' | b'w' | b'd'))
    {
        return None;
    }
    let number: u32 = word[..digits].parse().ok()?;
    let (unit, behind) = unit(text, token.start + digits, end)?;
    let (sex, behind) = match unit {
        Unit::Sex(sex) => (Some(sex), behind),
        _ => sex_behind(text, behind, end),
    };
    let years = match unit {
        Unit::Years => number,
        Unit::Months => number / 12,
        Unit::Days | Unit::Weeks => number / 365,
        Unit::Sex(_) if number < 94 && !is_size(text, behind, end) => number,
        Unit::Sex(_) => return None,
    };
    let days = match unit {
        Unit::Days => Some(number),
        Unit::Weeks => Some(number * 7),
        _ => None,
    };
    let days = days.filter(|days| *days <= 365);
    (years <= OLDEST && !is_relative(text, line_start, token.start, behind, end)).then_some(Age {
        years,
        days,
        sex,
    })
}

#[derive(Clone, Copy)]
enum Unit {
    Years,
    Months,
    Weeks,
    Days,
    /// A letter alone: `45M`, `45/F`.
    Sex(Sex),
}

/// What the number counts, and where that ends.
fn unit(text: &str, at: usize, end: usize) -> Option<(Unit, usize)> {
    let glued = text.get(at..end)?;
    let apart = skip(text, at, end, |it| is_blank(it) || is_dash(it));
    let rest = text.get(apart..end).filter(|_| apart - at <= 3)?;
    for (words, unit) in [
        (&["year", "years", "yr", "yrs"][..], Unit::Years),
        (&["month", "months", "mo"], Unit::Months),
        (&["week", "weeks", "wk"], Unit::Weeks),
        (&["day", "days"], Unit::Days),
    ] {
        let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        if words.iter().any(|word| rest[..length].eq_ignore_ascii_case(word)) {
            let old =
                skip(text, apart + length, end, |it| is_blank(it) || is_dash(it) || it == '.');
            let behind = skip(text, old, end, |it| it.is_ascii_alphabetic());
            let is_old = text.get(old..behind).is_some_and(|it| it.eq_ignore_ascii_case("old"));
            return is_old.then_some((unit, behind));
        }
    }
    for short in ["y/o", "y.o.", "y.o", "yo"] {
        if rest.get(..short.len()).is_some_and(|it| it.eq_ignore_ascii_case(short)) {
            let behind = apart + short.len();
            // `45yoF`
            let next = char_at(text, behind).filter(|_| behind < end).map(|(it, _)| it);
            let ends = next.is_none_or(|it| {
                !it.is_ascii_alphanumeric() || matches!(it, 'f' | 'F' | 'm' | 'M')
            });
            return ends.then_some((Unit::Years, behind));
        }
    }
    let (letter, width) = match glued.as_bytes() {
        [b'/', letter, ..] => (*letter, 2),
        [letter, ..] => (*letter, 1),
        [] => return None,
    };
    let sex = match letter {
        b'F' => Sex::Female,
        b'M' => Sex::Male,
        _ => return None,
    };
    let behind = at + width;
    let ends =
        char_at(text, behind).filter(|_| behind < end).is_none_or(|(it, _)| !it.is_alphanumeric());
    ends.then_some((Unit::Sex(sex), behind))
}

/// The sex that follows an age: `45 y/o M`, `45-year-old white woman` is not looked for across other words.
fn sex_behind(text: &str, at: usize, end: usize) -> (Option<Sex>, usize) {
    let next = skip(text, at, end, |it| is_blank(it) || is_dash(it) || matches!(it, ',' | '/'));
    let found = tokens::at(text, next, end)
        .and_then(|token| Some((Sex::from_word(token.text(text))?, token.end)));
    found.map_or((None, at), |(sex, behind)| (Some(sex), behind))
}

fn is_size(text: &str, at: usize, end: usize) -> bool {
    tokens::next(text, at, end)
        .is_some_and(|it| SIZES.iter().any(|size| it.text(text).eq_ignore_ascii_case(size)))
}

/// A relative is named within the three words before or the two behind.
fn is_relative(text: &str, line_start: usize, start: usize, behind: usize, end: usize) -> bool {
    let named = |word: &str| RELATIVES.iter().any(|it| word.eq_ignore_ascii_case(it));
    // Three words are not longer than this; a line may be.
    let from = (start.saturating_sub(60).max(line_start)..=start)
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(start);
    let before = text.get(from..start).unwrap_or_default();
    let clause = before.rsplit(['.', ';']).next().unwrap_or_default();
    let mut after = behind;
    clause.rsplit(|it: char| !it.is_alphabetic()).filter(|word| !word.is_empty()).take(3).any(named)
        || (0..2).any(|_| {
            tokens::next(text, after, end).is_some_and(|token| {
                after = token.end;
                named(token.text(text))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(text: &str) -> Option<(u32, Option<Sex>)> {
        let start = text.find(|it: char| it.is_ascii_digit()).unwrap();
        let token = tokens::at(text, start, text.len()).unwrap();
        at(text, 0, token, text.len()).map(|it| (it.years, it.sex))
    }

    #[test]
    fn reads_an_age_in_each_of_its_forms() {
        for text in [
            "45 y/o",
            "45-year-old",
            "45 year old",
            "45yo",
            "45 yo",
            "45 y.o.",
            "45 years old",
            "45 yr old",
        ] {
            assert_eq!(age(text), Some((45, None)), "{text}");
        }
        for text in [
            "45F",
            "45/F",
            "45 y/o F",
            "45-year-old woman",
            "45yoF",
            "45 yo female",
            "A 45F with cough",
        ] {
            assert_eq!(age(text), Some((45, Some(Sex::Female))), "{text}");
        }
        assert_eq!(age("18-month-old boy"), Some((1, Some(Sex::Male))));
        assert_eq!(age("3 week old"), Some((0, None)));
    }

    #[test]
    fn ages_are_completed_years() {
        let date = jiff::civil::date;
        assert_eq!(completed_years(date(1980, 4, 1), date(2026, 3, 31)), Some(45));
        assert_eq!(completed_years(date(1980, 4, 1), date(2026, 4, 1)), Some(46));
        assert_eq!(completed_years(date(1880, 4, 1), date(2026, 4, 1)), None);
        assert_eq!(completed_years(date(2027, 4, 1), date(2026, 4, 1)), None);
        assert_eq!(completed_days(date(2026, 3, 1), date(2026, 4, 1)), Some(31));
        assert_eq!(completed_days(date(2025, 4, 1), date(2026, 4, 1)), None);
        assert_eq!(completed_days(date(2026, 4, 2), date(2026, 4, 1)), None);
    }

    #[test]
    fn other_numbers_are_no_age() {
        for text in [
            "45 mg",
            "16F Foley",
            "101F",
            "for 5 years",
            "5 days of cough",
            "450 yo",
            "45Fr",
            "45 m",
        ] {
            assert_eq!(age(text), None, "{text}");
        }
    }

    #[test]
    fn the_age_of_a_relative_is_not_the_patients() {
        for text in ["mother, 70 yo", "her 70-year-old mother", "Sister is a 40 y/o F"] {
            assert_eq!(age(text), None, "{text}");
        }
    }
}
