//! Days.

use medcode_codes::date::Date;
use medcode_proto::v1;

/// The day as a message.
pub fn to_proto_date(date: Date) -> v1::Date {
    v1::Date { year: date.year().into(), month: date.month().into(), day: date.day().into() }
}

/// The day of a message. `None` for a day that does not exist, which a server never sends.
pub fn from_proto_date(date: v1::Date) -> Option<Date> {
    let year = i16::try_from(date.year).ok()?;
    let month = i8::try_from(date.month).ok()?;
    let day = i8::try_from(date.day).ok()?;
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_round_trip_and_nonsense_is_refused() {
        let day = medcode_codes::date::parse_iso("2026-03-02").unwrap();
        assert_eq!(from_proto_date(to_proto_date(day)), Some(day));
        for (year, month, day) in [(0, 0, 0), (2026, 2, 30), (2026, 300, 1), (i32::MAX, 1, 1)] {
            assert_eq!(from_proto_date(v1::Date { year, month, day }), None);
        }
    }
}
