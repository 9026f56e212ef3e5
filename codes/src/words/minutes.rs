//! Spans of time in minutes, as people write them: `25 min`, `45-minute`, `1 hour 15 minutes`, `1.5 h`, `10:05-10:32`.

use std::ops::Range;

/// A span of time that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minutes {
    /// Its bytes.
    pub range: Range<usize>,
    /// Whole minutes, the least of a range such as `30-39 minutes`; at most a day.
    pub minutes: u32,
    /// The most, in whole minutes; the same as `minutes` for an exact span, [`u32::MAX`] for "more than" and "at least".
    pub most: u32,
    /// Written as two times of day.
    pub is_clock: bool,
}

impl Minutes {
    /// Whether it is one number of minutes.
    pub fn is_exact(&self) -> bool {
        self.minutes == self.most
    }
}

/// No span of a day or more is a time of service.
const MOST: u32 = 24 * 60;

/// Units with the minutes they stand for. The longest come first.
const UNITS: &[(&str, u32)] = &[
    ("minutes", 1),
    ("minute", 1),
    ("mins", 1),
    ("min", 1),
    ("hours", 60),
    ("hour", 60),
    ("hrs", 60),
    ("hr", 60),
    ("h", 60),
    ("m", 1),
];

/// Words before a number that make it a bound.
const OPEN: &[&str] =
    &["more than", "greater than", "at least", "over", "exceeds", "exceeding", ">", ">=", "≥"];
const BELOW: &[&str] = &["less than", "under", "up to", "at most", "<", "<=", "≤"];

/// The spans in a range, in text order; they do not overlap. An invalid range has none.
pub fn spans(text: &str, range: Range<usize>) -> Vec<Minutes> {
    let Some(part) = text.get(range.clone()) else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = part.get(at..).and_then(|rest| rest.find(|it: char| it.is_ascii_digit()))
    {
        let start = at + next;
        let before = part.get(..start).unwrap_or_default();
        // `F32.1`, `x20`, `1/25`: the end of another word.
        let joined = before
            .ends_with(|it: char| it.is_alphanumeric() || matches!(it, '.' | '/' | ':' | '$'))
            && !before.ends_with(|it: char| it.is_ascii_digit());
        let read = if joined { None } else { clock(part, start).or_else(|| duration(part, start)) };
        match read {
            Some(span) => {
                at = span.range.end;
                found.push(Minutes {
                    range: range.start + span.range.start..range.start + span.range.end,
                    ..span
                });
            }
            None => at = start + digits(part.get(start..).unwrap_or_default()).max(1),
        }
    }
    found
}

/// A duration that begins with the number at `start`.
fn duration(part: &str, start: usize) -> Option<Minutes> {
    let (first, mut end) = number(part, start)?;
    let mut upper = None;
    // `30-39 minutes`, `30 to 39 minutes`
    let rest = part.get(end..)?;
    let dash = blanks(rest);
    let behind_dash = rest.get(dash..)?;
    let joint = ["-", "\u{2013}", "to "].iter().find(|joint| behind_dash.starts_with(**joint));
    if let Some(joint) = joint {
        let from = end + dash + joint.len();
        let from = from + blanks(part.get(from..)?);
        if let Some((second, second_end)) = number(part, from).filter(|(second, _)| *second > first)
        {
            upper = Some(second);
            end = second_end;
        }
    }
    let (each, mut end) = unit(part, end)?;
    let mut least = tenths(first, each)?;
    let most = upper.map_or(Some(least), |upper| tenths(upper, each))?;
    let mut most = most;
    if each == 60 && upper.is_none() {
        // `1 hour 15 minutes`, `1 hr and 15 min`
        let rest = part.get(end..)?;
        let skip = rest.len() - rest.trim_start_matches([' ', ',']).len();
        let rest = rest.get(skip..)?;
        let and = if rest.starts_with("and ") { 4 } else { 0 };
        let further = number(part, end + skip + and)
            .and_then(|(more, behind)| Some((more, unit(part, behind)?)));
        if let Some((more, (1, behind))) = further {
            least += tenths(more, 1)?;
            most = least;
            end = behind;
        }
    }
    let before = part.get(..start)?.trim_end().to_lowercase();
    if OPEN.iter().any(|word| before.ends_with(word)) {
        most = u32::MAX;
    } else if BELOW.iter().any(|word| before.ends_with(word)) {
        least = 0;
    }
    let fits = least <= MOST && (most == u32::MAX || most <= MOST);
    fits.then_some(Minutes { range: start..end, minutes: least, most, is_clock: false })
}

/// Two times of day: `10:05-10:32`, `10:05 AM to 10:32 AM`, `11:50 - 12:20`.
fn clock(part: &str, start: usize) -> Option<Minutes> {
    let (first, end) = time_of_day(part, start)?;
    let rest = part.get(end..)?;
    let gap = blanks(rest);
    let behind = rest.get(gap..)?;
    let joints = ["-", "\u{2013}", "\u{2014}", "to ", "until ", "through "];
    let joint = joints.iter().find(|joint| behind.starts_with(**joint))?;
    let from = end + gap + joint.len();
    let from = from + blanks(part.get(from..)?);
    let (second, end) = time_of_day(part, from)?;
    let minutes = between(first, second)?;
    Some(Minutes { range: start..end, minutes, most: minutes, is_clock: true })
}

/// The minutes from one time of day to another.
pub fn between(first: u32, second: u32) -> Option<u32> {
    // `11:50 - 12:20` and `12:50 - 1:20` without am and pm.
    let later = if second < first { second + 12 * 60 } else { second };
    later.checked_sub(first).filter(|minutes| (1..=MOST / 2).contains(minutes))
}

/// A time of day at `start`, in minutes from midnight, and its end: `10:05`, `1:05 pm`.
pub fn time_of_day(part: &str, start: usize) -> Option<(u32, usize)> {
    let rest = part.get(start..)?;
    let hours = digits(rest);
    let minutes = rest.get(hours..)?.strip_prefix(':')?;
    if !(1..=2).contains(&hours) || digits(minutes) != 2 {
        return None;
    }
    let hour: u32 = rest.get(..hours)?.parse().ok()?;
    let minute: u32 = minutes.get(..2)?.parse().ok()?;
    if hour > 23 || minute > 59 {
        return None;
    }
    let mut end = start + hours + 3;
    let behind = part.get(end..)?;
    let gap = blanks(behind);
    let sign: String = behind
        .get(gap..)?
        .chars()
        .take(4)
        .filter(|it| *it != '.')
        .collect::<String>()
        .to_lowercase();
    let mut hour = hour;
    if let Some(half) = ["am", "pm"].into_iter().find(|half| sign.starts_with(half)) {
        let ends = |length: usize| {
            !behind.get(gap + length..).is_some_and(|it| it.starts_with(char::is_alphanumeric))
        };
        if ends(2) && behind.get(gap..gap + 2).is_some_and(|it| it.eq_ignore_ascii_case(half)) {
            end += gap + 2;
            hour = hour % 12 + if half == "pm" { 12 } else { 0 };
        }
    }
    Some((hour * 60 + minute, end))
}

/// A number in tenths, and its end.
fn number(part: &str, start: usize) -> Option<(u32, usize)> {
    let rest = part.get(start..)?;
    let whole = digits(rest);
    if !(1..=3).contains(&whole) {
        return None;
    }
    let value: u32 = rest.get(..whole)?.parse().ok()?;
    let tail = rest.get(whole..)?;
    let tenth = tail.strip_prefix('.').filter(|it| digits(it) == 1);
    match tenth {
        Some(tenth) => {
            let tenth: u32 = tenth.get(..1)?.parse().ok()?;
            Some((value * 10 + tenth, start + whole + 2))
        }
        None => Some((value * 10, start + whole)),
    }
}

/// A unit behind `from`, blanks and a hyphen between, in minutes, and its end.
fn unit(part: &str, from: usize) -> Option<(u32, usize)> {
    let rest = part.get(from..)?;
    let skip = rest.len() - rest.trim_start_matches([' ', '-']).len();
    let rest = rest.get(skip..).filter(|_| skip <= 2)?;
    let run = rest.find(|it: char| !it.is_alphabetic()).unwrap_or(rest.len());
    let word = rest.get(..run)?;
    let (_, each) = UNITS.iter().find(|(unit, _)| word.eq_ignore_ascii_case(unit))?;
    // `20 m` may be metres; `20 h` does not occur apart.
    (run > 1 || skip == 0).then_some((*each, from + skip + run))
}

fn tenths(value: u32, each: u32) -> Option<u32> {
    Some(value.checked_mul(each)? / 10)
}

fn digits(rest: &str) -> usize {
    rest.bytes().take_while(u8::is_ascii_digit).count()
}

fn blanks(rest: &str) -> usize {
    rest.len() - rest.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Vec<(u32, u32)> {
        spans(text, 0..text.len()).into_iter().map(|it| (it.minutes, it.most)).collect()
    }

    #[test]
    fn reads_what_people_write() {
        for (text, minutes) in [
            ("25 min", 25),
            ("45 minutes", 45),
            ("a 45-minute visit", 45),
            ("Total time: 41 min.", 41),
            ("30mins", 30),
            ("1 hour", 60),
            ("1 hr 15 min", 75),
            ("1 hour and 15 minutes", 75),
            ("1.5 hours", 90),
            ("10:05-10:32", 27),
            ("10:05 AM to 10:32 AM", 27),
            ("11:50 \u{2013} 12:20", 30),
            ("12:50 to 1:20", 30),
            ("11:45 am - 12:15 pm", 30),
            ("2h", 120),
        ] {
            assert_eq!(of(text), [(minutes, minutes)], "{text}");
        }
        assert_eq!(of("30-39 minutes"), [(30, 39)]);
        assert_eq!(of("more than 30 minutes"), [(30, u32::MAX)]);
        assert_eq!(of("< 10 min"), [(0, 10)]);
        assert_eq!(of("20 min of 45 min"), [(20, 20), (45, 45)]);
    }

    #[test]
    fn passes_over_other_numbers() {
        for text in [
            "99215",
            "F32.1",
            "10:05",
            "20 mg",
            "E11.9 m",
            "2026-04-01",
            "x20 min",
            "20 mi",
            "99:99-99:99",
            "10:32-10:32",
            "300000 min",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,60}|([0-9:. a-z-]|min|hour|to |AM|\u{2013}|é){0,24}", at in 0usize..80, length in 0usize..60) {
            let _ = spans(&text, at..at + length);
            let mut end = 0;
            for span in spans(&text, 0..text.len()) {
                prop_assert!(span.range.start >= end && span.range.start < span.range.end);
                prop_assert!(text.get(span.range.clone()).is_some());
                prop_assert!(span.minutes <= span.most && span.minutes <= MOST);
                end = span.range.end;
            }
        }

        #[test]
        fn minutes_are_read_back(minutes in 1u32..600, word in "(min|mins|minutes|-minute)") {
            let text = format!("Time: {minutes} {word}").replace(" -", "-");
            prop_assert_eq!(of(&text), [(minutes, minutes)]);
            let hours = format!("{} hr {} min", minutes / 60 + 1, minutes % 60);
            prop_assert_eq!(of(&hours), [(minutes + 60, minutes + 60)]);
        }

        #[test]
        fn times_of_day_are_read_back(first in 0u32..700, minutes in 1u32..300) {
            let clock = |at: u32| format!("{}:{:02}", at / 60, at % 60);
            let text = format!("{} - {}", clock(first), clock(first + minutes));
            prop_assert_eq!(of(&text), [(minutes, minutes)]);
        }
    }
}
