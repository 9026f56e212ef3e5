//! What the name of a file tells of its release. Names drift, so this is a hint that the content has to confirm.

use jiff::{ToSpan, civil::date};
use medcode_codes::date::Date;

/// When a release begins, as far as a name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// The first day: `April-2025`, `2020-04`, `2022q2`.
    Day(Date),
    /// A year that is a fiscal year for ICD-10 and a calendar year elsewhere: `2026`, `FY26`.
    Year(i16),
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The hint of the first name that has one: the file's own name first, then those of its folders and archive.
pub(super) fn hint<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<Hint> {
    names.into_iter().find_map(of_name)
}

/// A run of letters or digits, and whether the next run follows behind one separator.
struct Word<'a> {
    text: &'a str,
    gap: bool,
}

fn of_name(name: &str) -> Option<Hint> {
    let words = words(name);
    let year = |index: usize| words.get(index).and_then(|word| year(word.text));
    let month = |index: usize| words.get(index).and_then(|word| month(word.text));
    let small = |index: usize| {
        let word = words.get(index).filter(|word| word.text.len() <= 2);
        word.and_then(|word| word.text.parse::<i8>().ok())
    };
    let first_of = |year: i16, month: i8| Date::new(year, month, 1).ok().map(Hint::Day);
    for index in 0..words.len() {
        // April-2025, April 1 2023, April-1-2026
        if let Some(month) = month(index) {
            let year = year(index + 1).or_else(|| small(index + 1).and_then(|_| year(index + 2)));
            if let Some(year) = year {
                return first_of(year, month);
            }
        }
        let Some(found) = year(index) else { continue };
        // 2022q2, 2026-Q3
        let quarter = words.get(index + 1).filter(|word| word.text.eq_ignore_ascii_case("q"));
        if let Some(quarter) =
            quarter.and_then(|_| small(index + 2)).filter(|q| (1..=4).contains(q))
        {
            return first_of(found, 3 * quarter - 2);
        }
        // 2020-04
        let follows = words.get(index).is_some_and(|word| word.gap);
        let digits = words.get(index + 1).is_some_and(|word| word.text.len() == 2);
        if let Some(month) =
            small(index + 1).filter(|month| follows && digits && (1..=12).contains(month))
        {
            return first_of(found, month);
        }
    }
    let fiscal = words.iter().zip(words.iter().skip(1)).find_map(|(word, next)| {
        let is_year = word.text.to_ascii_lowercase().ends_with("fy");
        let short = next.text.len() == 2 && next.text.bytes().all(|byte| byte.is_ascii_digit());
        let short = short.then(|| next.text.parse::<i16>().ok()).flatten();
        short.filter(|_| is_year).map(|short| 2000 + short)
    });
    fiscal.or_else(|| (0..words.len()).find_map(year)).map(Hint::Year)
}

fn words(name: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut start = 0;
    let bytes = name.as_bytes();
    for end in 1..=bytes.len() {
        let kind = |at: usize| {
            bytes.get(at).map(|byte| (byte.is_ascii_alphabetic(), byte.is_ascii_digit()))
        };
        if kind(end) == kind(start) {
            continue;
        }
        match (kind(start), name.get(start..end)) {
            (Some((false, false)), _) => {
                if let Some(last) = words.last_mut() {
                    last.gap = end - start == 1;
                }
            }
            (_, Some(text)) => words.push(Word { text, gap: false }),
            _ => {}
        }
        start = end;
    }
    words
}

fn year(text: &str) -> Option<i16> {
    let year = text.parse().ok().filter(|_| text.len() == 4)?;
    (2000..2100).contains(&year).then_some(year)
}

fn month(text: &str) -> Option<i8> {
    let text = text.to_ascii_lowercase();
    let index = MONTHS.iter().position(|month| text == *month || is_long(month, &text))?;
    i8::try_from(index + 1).ok()
}

/// Whether a word is the full name of a month: `April`, not `octagon`.
fn is_long(short: &str, word: &str) -> bool {
    const LONG: [&str; 12] = [
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
    LONG.iter().any(|long| long.starts_with(short) && *long == word)
}

/// The first day of a fiscal year.
pub(super) fn fiscal_start(year: i16) -> Date {
    date(year.saturating_sub(1), 10, 1)
}

/// The last day of the fiscal year of a date.
pub(super) fn fiscal_end(day: Date) -> Date {
    date(medcode_codes::date::fiscal_year(day), 9, 30)
}

/// The last day of the calendar year of a date.
pub(super) fn year_end(day: Date) -> Date {
    date(day.year(), 12, 31)
}

/// The first day of the quarter of a date.
pub(super) fn quarter_start(day: Date) -> Date {
    date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1)
}

/// The last day of the quarter of a date.
pub(super) fn quarter_end(day: Date) -> Date {
    let next = quarter_start(day).checked_add(3.months());
    next.and_then(Date::yesterday).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_the_names_that_official_files_have() {
        for (name, expected) in [
            ("icd10cm_order_2026.txt", Some(Hint::Year(2026))),
            ("icd10cm-order-April-2025.txt", Some(Hint::Day(date(2025, 4, 1)))),
            ("icd10cm-order- April 1 2023.txt", Some(Hint::Day(date(2023, 4, 1)))),
            ("icd10c-tabular-April-1-2026.xml", Some(Hint::Day(date(2026, 4, 1)))),
            ("icd10cm-order-Jan-2021.txt", Some(Hint::Day(date(2021, 1, 1)))),
            ("ICD10CM_FY2017_Full_XML.zip", Some(Hint::Year(2017))),
            ("POAexemptCodesFY26.txt", Some(Hint::Year(2026))),
            ("hcpcs_level_2_2022q2.csv", Some(Hint::Day(date(2022, 4, 1)))),
            ("hcpcs_level2_2026q3.txt", Some(Hint::Day(date(2026, 7, 1)))),
            ("addendum_b_2020-04_level2.csv", Some(Hint::Day(date(2020, 4, 1)))),
            ("HCPC2019_CONTR_ANWEB.txt", Some(Hint::Year(2019))),
            ("2018_I10gem.txt", Some(Hint::Year(2018))),
            ("2021-code-descriptions-tabular-order", Some(Hint::Year(2021))),
            ("order_addenda_2024.txt", Some(Hint::Year(2024))),
            ("cms_2025_dx.zip", Some(Hint::Year(2025))),
            ("icd10cm_master.csv", None),
            ("", None),
        ] {
            assert_eq!(of_name(name), expected, "{name}");
        }
        let outer = hint(["age_ranges.csv", "FY26.zip"]);
        assert_eq!(outer, Some(Hint::Year(2026)));
    }

    #[test]
    fn knows_quarters() {
        assert_eq!(quarter_start(date(2026, 12, 31)), date(2026, 10, 1));
        assert_eq!(quarter_end(date(2026, 10, 1)), date(2026, 12, 31));
        assert_eq!(quarter_end(date(2026, 2, 3)), date(2026, 3, 31));
    }

    proptest! {
        #[test]
        fn never_panics(name in "\\PC{0,40}") {
            let _ = of_name(&name);
        }
    }
}
