//! Calendar days and periods. Today's date is always an argument: nothing here reads a clock.

use std::{fmt, ops::Deref};

use serde::{Deserialize, Serialize};

pub use jiff::civil::Date;

/// First day of ICD-10-CM and ICD-10-PCS in the United States.
pub const ICD10_START: Date = jiff::civil::date(2015, 10, 1);

/// A span of days, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    #[serde(with = "day")]
    pub start: Date,
    /// Last day, inclusive. `None` means that no end has been announced.
    #[serde(with = "open_day")]
    pub end: Option<Date>,
}

impl Period {
    /// A period from `start` with no end.
    pub fn since(start: Date) -> Self {
        Self { start, end: None }
    }

    /// Whether `date` lies in the period, both ends included.
    pub fn contains(&self, date: Date) -> bool {
        self.start <= date && self.end.is_none_or(|end| date <= end)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.end {
            Some(end) => write!(f, "{} to {end}", self.start),
            None => write!(f, "since {}", self.start),
        }
    }
}

/// A day as files store it: the number 20260401 is 2026-04-01.
pub mod day {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Date;

    /// Writes the number of a day.
    ///
    /// # Errors
    /// Those of the format.
    pub fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(number(*date))
    }

    /// Reads the number of a day.
    ///
    /// # Errors
    /// No day has the number.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let number = u32::deserialize(deserializer)?;
        from_number(number).ok_or_else(|| D::Error::custom("no day has this number"))
    }

    /// The number of a day: 20260401 for 2026-04-01.
    pub fn number(date: Date) -> u32 {
        let part = |value: i8| u32::from(value.unsigned_abs());
        u32::from(date.year().unsigned_abs()) * 10_000 + part(date.month()) * 100 + part(date.day())
    }

    /// The day that a number names.
    pub fn from_number(number: u32) -> Option<Date> {
        let year = i16::try_from(number / 10_000).ok()?;
        let month = i8::try_from(number / 100 % 100).ok()?;
        let day = i8::try_from(number % 100).ok()?;
        Date::new(year, month, day).ok()
    }
}

/// A day that may be missing; missing is 0.
pub mod open_day {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::{Date, day};

    /// Writes the number of a day, or 0.
    ///
    /// # Errors
    /// Those of the format.
    #[allow(clippy::ref_option, reason = "the form that serde wants")]
    pub fn serialize<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(date.map_or(0, day::number))
    }

    /// Reads the number of a day, or 0.
    ///
    /// # Errors
    /// No day has the number.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Date>, D::Error> {
        match u32::deserialize(deserializer)? {
            0 => Ok(None),
            number => {
                let date = day::from_number(number);
                date.map(Some).ok_or_else(|| D::Error::custom("no day has this number"))
            }
        }
    }
}

/// Why a text is not a calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseDateError;

impl fmt::Display for ParseDateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date is written YYYY-MM-DD")
    }
}

impl std::error::Error for ParseDateError {}

/// Parses `YYYY-MM-DD`, and nothing else.
///
/// # Errors
/// The text has another form, or names a day that does not exist.
pub fn parse_iso(text: &str) -> Result<Date, ParseDateError> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return Err(ParseDateError);
    }
    from_parts(&text[..4], &text[5..7], &text[8..])
}

/// Parses the `YYYYMMDD` of most official files.
///
/// # Errors
/// The text has another form, or names a day that does not exist.
pub fn parse_compact(text: &str) -> Result<Date, ParseDateError> {
    if text.len() != 8 || !text.is_ascii() {
        return Err(ParseDateError);
    }
    from_parts(&text[..4], &text[4..6], &text[6..])
}

fn from_parts(year: &str, month: &str, day: &str) -> Result<Date, ParseDateError> {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(year) && digits(month) && digits(day)) {
        return Err(ParseDateError);
    }
    let year = year.parse().map_err(|_| ParseDateError)?;
    let month = month.parse().map_err(|_| ParseDateError)?;
    let day = day.parse().map_err(|_| ParseDateError)?;
    Date::new(year, month, day).map_err(|_| ParseDateError)
}

/// How far a release that begins on `version` is from a date: less is nearer. First come the releases of the fiscal
/// year of the date, those that have begun before those that have not; then those of the years nearest to it.
///
/// An April release repeats what October brought, so it also answers for the half year before it.
pub fn nearness(version: Date, date: Date) -> (u16, bool, u32) {
    Begin::of(version).nearness(Begin::of(date))
}

/// A day as nearness is counted: what many releases are compared with is worked out once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begin {
    fiscal_year: i16,
    day: i32,
}

impl Begin {
    pub(crate) fn of(date: Date) -> Self {
        Self { fiscal_year: fiscal_year(date), day: days_from_march(date) }
    }

    /// How far a release that begins on this day is from a date: see [`nearness`].
    pub(crate) fn nearness(self, date: Self) -> (u16, bool, u32) {
        let years = self.fiscal_year.abs_diff(date.fiscal_year);
        (years, self.day > date.day, self.day.abs_diff(date.day))
    }

    /// The same as one number, for whoever only wants the nearest.
    pub(crate) fn rank(self, date: Self) -> u64 {
        let (years, is_later, days) = self.nearness(date);
        u64::from(years) << 33 | u64::from(is_later) << 32 | u64::from(days)
    }
}

/// The days since the first of March of the year 0. The same as spans of time between days, many times as fast: every
/// title of an answer is of the release nearest to its date.
fn days_from_march(date: Date) -> i32 {
    let (year, month, day) =
        (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    // Years that begin in March have the day that may be missing at their end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1
}

/// A day as `2026-04-01`. The same as its `Display`, many times as fast: answers are full of days.
pub fn iso(date: Date) -> IsoDay {
    let mut number = day::number(date);
    let mut bytes = *b"-000000-00-00";
    for place in [12, 11, 9, 8, 6, 5, 4, 3] {
        let digit = u8::try_from(number % 10).unwrap_or_default();
        if let Some(slot) = bytes.get_mut(place) {
            *slot = b'0' + digit;
        }
        number /= 10;
    }
    IsoDay { bytes, begin: if date.year() < 0 { 0 } else { 3 } }
}

/// A day as text, on the stack.
pub struct IsoDay {
    bytes: [u8; 13],
    /// Years before the year 0 have a sign and two digits more.
    begin: usize,
}

impl IsoDay {
    /// The characters, which are ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.begin..).unwrap_or_default()
    }
}

impl Deref for IsoDay {
    type Target = str;

    fn deref(&self) -> &str {
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// The last day of the quarter that begins on a day.
pub fn end_of_quarter(first: Date) -> Date {
    let month = first.first_of_month();
    let third = month.checked_add(jiff::Span::new().months(2)).unwrap_or(month);
    third.last_of_month()
}

/// The US fiscal year of a date: FY2026 runs from 2025-10-01 to 2026-09-30.
pub fn fiscal_year(date: Date) -> i16 {
    if date.month() >= 10 { date.year().saturating_add(1) } else { date.year() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn reads_iso_and_compact_days() {
        assert_eq!(parse_iso("2026-03-01"), Ok(date(2026, 3, 1)));
        assert_eq!(parse_compact("20260301"), Ok(date(2026, 3, 1)));
    }

    #[test]
    fn refuses_other_forms_and_days_that_do_not_exist() {
        for text in [
            "2026-3-1",
            "2026-02-30",
            "01/03/2026",
            "2026-03-01T00",
            "+026-03-01",
            "",
            "２０２６-03-0",
        ] {
            assert_eq!(parse_iso(text), Err(ParseDateError), "{text}");
        }
        assert_eq!(parse_compact("20260230"), Err(ParseDateError));
        assert_eq!(parse_compact("        "), Err(ParseDateError));
    }

    #[test]
    fn the_nearest_by_number_is_the_nearest() {
        let days = [date(2024, 10, 1), date(2025, 4, 1), date(2025, 10, 1), date(2026, 4, 1)];
        for of in [date(2015, 1, 1), date(2025, 9, 30), date(2026, 3, 31), date(2030, 7, 1)] {
            let of = Begin::of(of);
            let mut by_number = days;
            by_number.sort_by_key(|day| Begin::of(*day).rank(of));
            let mut by_parts = days;
            by_parts.sort_by_key(|day| Begin::of(*day).nearness(of));
            assert_eq!(by_number, by_parts);
        }
    }

    #[test]
    fn a_period_includes_both_ends() {
        let period = Period { start: date(2015, 10, 1), end: Some(date(2021, 9, 30)) };
        assert!(period.contains(date(2015, 10, 1)) && period.contains(date(2021, 9, 30)));
        assert!(!period.contains(date(2021, 10, 1)) && !period.contains(date(2015, 9, 30)));
    }

    #[test]
    fn days_are_written_and_told_apart_as_jiff_does() {
        for first in [date(1, 1, 1), date(1999, 12, 31), date(2024, 2, 29), date(9999, 12, 31)] {
            assert_eq!(&*iso(first), first.to_string());
            for second in [date(2015, 10, 1), date(2026, 4, 1)] {
                let days = (first - second).get_days().unsigned_abs();
                assert_eq!(nearness(first, second).2, days);
            }
        }
        assert_eq!(&*iso(date(-5, 1, 1)), date(-5, 1, 1).to_string());
    }

    #[test]
    fn a_quarter_has_three_months() {
        assert_eq!(end_of_quarter(date(2026, 7, 1)), date(2026, 9, 30));
        assert_eq!(end_of_quarter(date(2025, 10, 1)), date(2025, 12, 31));
        assert_eq!(end_of_quarter(Date::MAX), Date::MAX);
    }

    #[test]
    fn a_fiscal_year_begins_in_october() {
        assert_eq!(fiscal_year(date(2025, 9, 30)), 2025);
        assert_eq!(fiscal_year(date(2025, 10, 1)), 2026);
    }
}
