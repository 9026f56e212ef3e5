//! Days as people write them, and the words that say which day is meant.

use std::ops::Range;

use super::tokens::{Token, char_at, is_blank, is_dash, is_word, skip};
use crate::date::Date;

/// A day that the text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateMention {
    /// The day.
    pub date: Date,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

/// What a date's label makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DateRole {
    /// `Date:`, which may be the day of writing.
    Unspecific,
    /// A heading names it.
    Heading,
    /// `DOS`, `Date of service` and the like.
    Service,
    /// `Admission date`.
    Admission,
    /// `Discharge date`.
    Discharge,
}

/// The date that begins at `at`: `2026-03-02`, `03/02/2026`, `3/2/26`, `March 2, 2026`, `2 March 2026`.
pub(super) fn at(text: &str, at: usize, end: usize) -> Option<DateMention> {
    let first = *text.as_bytes().get(at)?;
    let (date, behind) = if first.is_ascii_digit() {
        numeric(text, at, end).or_else(|| day_first(text, at, end))?
    } else if first.is_ascii_alphabetic() {
        month_first(text, at, end)?
    } else {
        return None;
    };
    let longer = char_at(text, behind).is_some_and(|(it, _)| behind < end && it.is_ascii_digit());
    (!longer && behind <= end).then_some(DateMention { date, range: at..behind })
}

/// The first date in `range`.
pub(super) fn first_in(text: &str, range: Range<usize>) -> Option<DateMention> {
    let mut from = range.start;
    while let Some(token) = super::tokens::next(text, from, range.end) {
        if let Some(date) = at(text, token.start, range.end) {
            return Some(date);
        }
        from = token.end;
    }
    None
}

fn number(text: &str, at: usize, end: usize) -> Option<(i16, usize, usize)> {
    let behind = skip(text, at, end, |it| it.is_ascii_digit());
    let length = behind - at;
    // Four digits fit; more are no part of a date.
    (1..=4)
        .contains(&length)
        .then(|| Some((text.get(at..behind)?.parse().ok()?, length, behind)))?
}

fn numeric(text: &str, at: usize, end: usize) -> Option<(Date, usize)> {
    let (first, first_length, behind) = number(text, at, end)?;
    let (sign, width) =
        char_at(text, behind).filter(|(it, _)| behind < end && (*it == '/' || is_dash(*it)))?;
    let (second, second_length, behind) = number(text, behind + width, end)?;
    let (again, width) = char_at(text, behind).filter(|_| behind < end)?;
    if again != sign || second_length > 2 {
        return None;
    }
    let (third, third_length, behind) = number(text, behind + width, end)?;
    let (year, month, day) = match (first_length, third_length) {
        (4, 1..=2) => (first, second, third),
        (1..=2, 4) => (third, first, second),
        (1..=2, 2) if sign == '/' => (third + 2000, first, second),
        _ => return None,
    };
    Some((civil(year, month, day)?, behind))
}

/// `March 2, 2026`, `Mar. 2nd 2026`
fn month_first(text: &str, at: usize, end: usize) -> Option<(Date, usize)> {
    let (month, behind) = month(text, at, end)?;
    let (day, _, behind) =
        number(text, skip(text, behind, end, |it| is_blank(it) || it == '.'), end)?;
    let behind = ordinal(text, behind, end);
    let (year, length, behind) =
        number(text, skip(text, behind, end, |it| is_blank(it) || it == ','), end)?;
    (length == 4).then_some(())?;
    Some((civil(year, month, day)?, behind))
}

/// `2 March 2026`, `2-Mar-2026`
fn day_first(text: &str, at: usize, end: usize) -> Option<(Date, usize)> {
    let apart = |it: char| is_blank(it) || is_dash(it) || matches!(it, '.' | ',');
    let (day, length, behind) = number(text, at, end)?;
    (length <= 2).then_some(())?;
    let (month, behind) = month(text, skip(text, ordinal(text, behind, end), end, apart), end)?;
    let (year, length, behind) = number(text, skip(text, behind, end, apart), end)?;
    (length == 4).then_some(())?;
    Some((civil(year, month, day)?, behind))
}

fn ordinal(text: &str, at: usize, end: usize) -> usize {
    let suffix = text.get(at..(at + 2).min(end)).unwrap_or_default();
    if ["st", "nd", "rd", "th"].contains(&suffix) { at + 2 } else { at }
}

fn month(text: &str, at: usize, end: usize) -> Option<(i16, usize)> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let behind = skip(text, at, end.min(at + 10), |it| it.is_ascii_alphabetic());
    let word = text.get(at..behind).filter(|word| word.len() >= 3)?;
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    let first = word.as_bytes()[0].to_ascii_lowercase();
    let index = MONTHS.iter().position(|month| {
        month.as_bytes()[0] == first
            && (is(month) || is(&month[..3]) || (is("sept") && month.starts_with("sept")))
    })?;
    Some((i16::try_from(index + 1).ok()?, behind))
}

/// A day of the years in which a note may have been written.
fn civil(year: i16, month: i16, day: i16) -> Option<Date> {
    (1900..2100)
        .contains(&year)
        .then(|| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok())?
}

/// The date behind a label that ends with `token`, and what the label makes of it.
pub(super) fn labelled(
    text: &str,
    line_start: usize,
    token: Token,
    end: usize,
) -> Option<(DateRole, DateMention)> {
    let role = role(text, line_start, token)?;
    let mut at =
        skip(text, token.end, end, |it| is_blank(it) || matches!(it, '*' | '_' | '"' | ')'));
    let colon = char_at(text, at).filter(|(it, _)| at < end && matches!(it, ':' | '='));
    if let Some((_, width)) = colon {
        at = skip(text, at + width, end, |it| is_blank(it) || matches!(it, '*' | '_' | '"' | '\''));
    } else if role == DateRole::Unspecific {
        return None;
    } else if let Some(word) =
        super::tokens::at(text, at, end).filter(|it| matches!(it.text(text), "on" | "is" | "was"))
    {
        at = skip(text, word.end, end, is_blank);
    }
    Some((role, self::at(text, at, end)?))
}

fn role(text: &str, line_start: usize, token: Token) -> Option<DateRole> {
    let word = token.text(text);
    if !(3..=10).contains(&word.len()) {
        return None;
    }
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    let before =
        || text.get(line_start..token.start).unwrap_or_default().trim_end_matches([' ', '\t', '_']);
    let follows = |phrase: &str| {
        let before = before();
        before
            .len()
            .checked_sub(phrase.len())
            .and_then(|at| before.get(at..))
            .is_some_and(|it| it.eq_ignore_ascii_case(phrase))
    };
    if is("dos") {
        Some(DateRole::Service)
    } else if is("service") || is("visit") || is("encounter") {
        (follows("date of") || follows("dates of")).then_some(DateRole::Service)
    } else if is("discharge") {
        follows("date of").then_some(DateRole::Discharge)
    } else if is("discharged") {
        Some(DateRole::Discharge)
    } else if is("admission") {
        follows("date of").then_some(DateRole::Admission)
    } else if is("admitted") {
        Some(DateRole::Admission)
    } else if is("date") || is("dates") {
        if follows("service") || follows("visit") || follows("encounter") {
            Some(DateRole::Service)
        } else if follows("discharge") {
            Some(DateRole::Discharge)
        } else if follows("admission") || follows("admit") {
            Some(DateRole::Admission)
        } else {
            // `Lab date:` is about something else.
            (!before().ends_with(is_word)).then_some(DateRole::Unspecific)
        }
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn parse(text: &str) -> Option<Date> {
        at(text, 0, text.len()).map(|found| found.date)
    }

    #[test]
    fn reads_a_day_in_each_of_its_forms() {
        for text in [
            "2026-03-02",
            "2026/03/02",
            "2026-3-2",
            "03/02/2026",
            "3/2/2026",
            "03-02-2026",
            "3/2/26",
            "March 2, 2026",
            "Mar. 2nd 2026",
            "MARCH 2 2026",
            "2 March 2026",
            "2-Mar-2026",
            "2026-03-02T10:00",
            "2026\u{2011}03\u{2011}02",
        ] {
            assert_eq!(parse(text), Some(date(2026, 3, 2)), "{text}");
        }
        assert_eq!(parse("Sept 30, 2025"), Some(date(2025, 9, 30)));
    }

    #[test]
    fn refuses_what_is_no_day() {
        for text in [
            "2026-02-30",
            "13/02/2026",
            "1/2",
            "99213-25-59",
            "2026-03-021",
            "May 2",
            "10-12-24",
            "0001-01-01",
            "Marching 2, 2026",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn labels_say_which_day_is_meant() {
        let role = |text: &str, word: &str| {
            let start = text.rfind(word).unwrap();
            let token = crate::note::tokens::at(text, start, text.len()).unwrap();
            labelled(text, 0, token, text.len()).map(|it| it.0)
        };
        assert_eq!(role("DOS: 2026-03-02", "DOS"), Some(DateRole::Service));
        assert_eq!(role("DOS 3/2/2026", "DOS"), Some(DateRole::Service));
        assert_eq!(role("**Date of service:** 3/2/2026", "service"), Some(DateRole::Service));
        assert_eq!(role("Visit date: 3/2/2026", "date"), Some(DateRole::Service));
        assert_eq!(role("Date: 3/2/2026", "Date"), Some(DateRole::Unspecific));
        assert_eq!(role("Discharge date: 3/2/2026", "date"), Some(DateRole::Discharge));
        assert_eq!(role("Discharged on 3/2/2026", "Discharged"), Some(DateRole::Discharge));
        assert_eq!(role("Lab date: 3/2/2026", "date"), None);
        assert_eq!(role("Date of birth: 3/2/1980", "birth"), None);
        assert_eq!(role("date 3/2/2026", "date"), None);
    }
}
