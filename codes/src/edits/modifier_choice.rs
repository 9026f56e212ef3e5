//! Which modifiers may follow a code, the likeliest first, each with a few words of our own on what it is for.
//!
//! A choice and not a judgement: a modifier that is missing here is not wrong. What is offered never breaks
//! `modifier-not-applicable`, which a test keeps true.
//!
//! Source: Medicare NCCI Policy Manual, chapter I, section E; Medicare Claims Processing Manual, chapters 12 and 17;
//! HCPCS Level II, modifiers. None of the lists has been compared with its source yet.

use super::modifiers::{ANATOMIC, DISTINCT};
use crate::{date::Date, visit_levels::is_visit};

mod words;

pub use words::words_of;

/// Modifiers of visits.
const VISIT: &[&str] = &["25", "24", "57", "95", "93", "FS", "AI", "33", "27", "32"];
/// Modifiers of what is like a visit: talks and treatments that are reported by the session.
const SESSION: &[&str] = &["95", "93", "25", "59", "XE", "XP", "XU", "52", "76"];
/// Modifiers of anesthesia.
const ANESTHESIA: &[&str] = &[
    "AA", "QZ", "QX", "QK", "QY", "AD", "P1", "P2", "P3", "P4", "P5", "P6", "QS", "G8", "G9", "23",
];
/// Modifiers of operations and other procedures.
const SURGERY: &[&str] = &[
    "59", "XS", "XE", "XP", "XU", "RT", "LT", "50", "51", "52", "53", "22", "58", "78", "79", "76",
    "77", "80", "82", "AS", "62", "54", "55", "56", "66", "81", "63", "73", "74", "47",
];
/// Modifiers of imaging.
const IMAGING: &[&str] =
    &["26", "TC", "RT", "LT", "50", "59", "XU", "XS", "XE", "XP", "76", "77", "52", "53"];
/// Modifiers of laboratory tests.
const LABORATORY: &[&str] = &["91", "QW", "59", "XU", "90", "26", "TC", "92", "33", "52"];
/// Modifiers of physical, occupational and speech therapy.
const THERAPY: &[&str] =
    &["GP", "GO", "GN", "KX", "CQ", "CO", "59", "XU", "XE", "XP", "XS", "95", "52", "76"];
/// Modifiers of the other services of medicine.
const MEDICINE: &[&str] = &[
    "59", "XU", "XE", "XS", "XP", "26", "TC", "76", "77", "RT", "LT", "50", "52", "53", "95", "93",
    "33", "51", "QW",
];
/// Modifiers of performance measures.
const MEASURE: &[&str] = &["1P", "2P", "3P", "8P"];
/// Modifiers of drugs.
const DRUG: &[&str] = &["JZ", "JW", "KX", "JA", "JB", "RT", "LT", "50", "59", "76"];
/// Modifiers of equipment and supplies.
const EQUIPMENT: &[&str] =
    &["NU", "RR", "UE", "KX", "RT", "LT", "RA", "RB", "KH", "KI", "KJ", "MS", "EY"];
/// Origin and destination of transports, the frequent ones.
const TRANSPORT: &[&str] =
    &["RH", "SH", "HH", "HR", "NH", "HN", "RN", "NR", "PH", "RJ", "JR", "NJ", "JN", "GM", "QL"];
/// What any service may carry.
const ANY: &[&str] = &["GA", "GX", "GY", "GZ", "GC", "CR", "Q5", "Q6", "99"];

/// Fingers, toes, eyelids and coronary arteries, by codes of what is done there; both ends inclusive.
const SITES: [(&str, &str, &str); 8] = [
    ("11719", "11765", "FT"),
    ("15820", "15823", "E"),
    ("26010", "26989", "F"),
    ("28001", "28899", "T"),
    ("67700", "67999", "E"),
    ("68700", "68899", "E"),
    ("92920", "92944", "LR"),
    ("92973", "92979", "LR"),
];

/// First days of modifiers that are younger than ICD-10.
const YOUNG: [(&str, Date); 6] = [
    ("93", jiff::civil::date(2022, 1, 1)),
    ("95", jiff::civil::date(2017, 1, 1)),
    ("CO", jiff::civil::date(2020, 1, 1)),
    ("CQ", jiff::civil::date(2020, 1, 1)),
    ("FS", jiff::civil::date(2022, 1, 1)),
    ("JZ", jiff::civil::date(2023, 1, 1)),
];

/// The modifiers that may follow a code of CPT or HCPCS Level II on a date, likeliest first, without those that are
/// there already, `used`, and those that these leave no room for. Empty for what is no such code.
pub fn fitting(code: &str, used: &[&str], date: Date) -> Vec<&'static str> {
    let code = code.to_ascii_uppercase();
    let Some(kind) = kind(&code, date) else { return Vec::new() };
    let has = |wanted: &[&str]| used.iter().any(|own| wanted.contains(own));
    let has_side = has(&["LT", "RT"]);
    let fits = |modifier: &&&'static str| {
        let modifier = **modifier;
        let is_distinct = modifier == "59" || DISTINCT.contains(&modifier);
        let is_side = matches!(modifier, "LT" | "RT");
        !used.contains(&modifier)
            && !(is_distinct && (has(&["59"]) || has(&DISTINCT)))
            && !(is_side && (has_side || has(&["50"])))
            && !(modifier == "50" && has_side)
            && YOUNG.iter().all(|(young, first)| *young != modifier || *first <= date)
    };
    let further: &[&str] = if kind == MEASURE { &[] } else { ANY };
    let sites = sites(&code);
    sites.iter().chain(kind).chain(further).filter(fits).copied().collect()
}

/// The modifiers for what a code stands for. The blocks of CPT and the letters of HCPCS Level II say that without a
/// word of either.
fn kind(code: &str, date: Date) -> Option<&'static [&'static str]> {
    let bytes = code.as_bytes();
    let ([first, .., last], 5) = (bytes, bytes.len()) else { return None };
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let within = |low: &str, high: &str| low <= code && code <= high;
    if is_visit(code, date) {
        return Some(VISIT);
    }
    if digits == 5 {
        let is_therapy = within("97010", "97799") || within("92507", "92526");
        let is_session = within("90785", "90899") || within("96040", "96171");
        return Some(match code {
            _ if is_therapy => THERAPY,
            _ if is_session => SESSION,
            _ if within("00100", "01999") => ANESTHESIA,
            _ if within("10004", "69990") => SURGERY,
            _ if within("70010", "79999") => IMAGING,
            _ if within("80047", "89398") => LABORATORY,
            _ => MEDICINE,
        });
    }
    if digits != 4 {
        return None;
    }
    match (first, last) {
        (b'0'..=b'9', b'F') => Some(MEASURE),
        (b'0'..=b'9', b'U' | b'M') => Some(LABORATORY),
        (b'0'..=b'9', b'T') => Some(SURGERY),
        (b'J', _) => Some(DRUG),
        (b'A', _) if within("A0021", "A0999") => Some(TRANSPORT),
        (b'A' | b'B' | b'E' | b'K' | b'L' | b'V', _) => Some(EQUIPMENT),
        (b'D', _) => None,
        (b'A'..=b'Z', _) => Some(MEDICINE),
        _ => None,
    }
}

/// The modifiers that name a part of where a code is about.
fn sites(code: &str) -> Vec<&'static str> {
    let here = SITES.iter().find(|(first, last, _)| *first <= code && code <= *last);
    let Some((_, _, letters)) = here else { return Vec::new() };
    let names = |modifier: &&&'static str| {
        !matches!(**modifier, "LT" | "RT")
            && modifier.chars().next().is_some_and(|letter| letters.contains(letter))
    };
    ANATOMIC.iter().filter(names).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TODAY, claims::lines_of, reports_of};

    /// One code of each kind, and of the borders between them.
    const CODES: [&str; 24] = [
        "99213", "99285", "99396", "92014", "90834", "00790", "20610", "27447", "28010", "26010",
        "11720", "67700", "71046", "80053", "0001U", "97110", "92507", "93000", "92928", "0191T",
        "J1885", "E0601", "A0428", "G0101",
    ];

    #[test]
    fn puts_first_what_fits_the_kind_of_code() {
        for (code, first) in [
            ("99213", &["25", "24", "57"][..]),
            ("27447", &["59", "XS", "XE"]),
            ("26010", &["FA", "F1"]),
            ("28010", &["TA", "T1"]),
            ("67700", &["E1", "E2"]),
            ("92928", &["LC", "LD"]),
            ("71046", &["26", "TC", "RT", "LT", "50"]),
            ("80053", &["91", "QW"]),
            ("00790", &["AA", "QZ"]),
            ("97110", &["GP", "GO"]),
            ("j1885", &["JZ", "JW"]),
            ("E0601", &["NU", "RR"]),
            ("1000F", &["1P", "2P", "3P", "8P"]),
        ] {
            assert!(fitting(code, &[], TODAY).starts_with(first), "{code}");
        }
        for none in ["", "E11.9", "992", "D0120", "0DTJ4ZZ", "99213x", "ééé"] {
            assert!(fitting(none, &[], TODAY).is_empty(), "{none}");
        }
    }

    #[test]
    fn offers_nothing_that_a_rule_would_report() {
        for code in CODES {
            for modifier in fitting(code, &[], TODAY) {
                let line = lines_of(&format!("{code}-{modifier}"));
                let rule = "modifier-not-applicable";
                assert!(reports_of(rule, &line).is_empty(), "{code}-{modifier}");
            }
        }
    }

    #[test]
    fn offers_nothing_twice_and_nothing_that_contradicts() {
        for code in CODES {
            let mut offered = fitting(code, &[], TODAY);
            let all = offered.len();
            offered.sort_unstable();
            offered.dedup();
            assert_eq!(offered.len(), all, "{code}");
        }
        let after = |used: &[&str]| fitting("27447", used, TODAY);
        assert!(!after(&["59"]).iter().any(|it| *it == "59" || DISTINCT.contains(it)));
        assert!(!after(&["RT"]).iter().any(|it| ["LT", "RT", "50"].contains(it)));
        assert!(!after(&["50"]).iter().any(|it| ["LT", "RT", "50"].contains(it)));
    }

    #[test]
    fn offers_only_what_existed_on_the_date() {
        let before = fitting("J1885", &[], jiff::civil::date(2022, 12, 31));
        assert!(before.contains(&"JW") && !before.contains(&"JZ"));
    }

    #[test]
    fn everything_offered_has_words() {
        for code in CODES {
            for modifier in fitting(code, &[], TODAY) {
                assert!(words_of(modifier).is_some(), "{modifier}");
            }
        }
    }
}
