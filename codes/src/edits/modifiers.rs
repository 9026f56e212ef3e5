//! Modifiers that edits and rules know without a file.
//!
//! Source: Medicare NCCI Policy Manual, chapter I, section E (NCCI-associated modifiers); CPT, appendix A. None of the
//! lists has been compared with its source yet.

use crate::{date::Date, encounter::ServiceLine, system::modifier::is_cpt_shape};

/// Modifiers that name a site: eyelids, fingers, toes, sides, coronary arteries.
pub const ANATOMIC: [&str; 31] = [
    "E1", "E2", "E3", "E4", "FA", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "TA", "T1",
    "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "LT", "RT", "LC", "LD", "LM", "RC", "RI",
];

/// Modifiers that say in what way a service was distinct: more precise than 59.
pub const DISTINCT: [&str; 4] = ["XE", "XP", "XS", "XU"];

/// Further modifiers that lift an edit on the code of column 2, beside [`DISTINCT`] and 59.
const FURTHER: [&str; 8] = ["24", "25", "27", "57", "58", "78", "79", "91"];

/// Modifiers of HCPCS Level II that stand in rules of this crate, beside [`ANATOMIC`] and [`DISTINCT`].
const OF_RULES: [&str; 3] = ["TC", "JW", "JZ"];

/// Since this day 59 and [`DISTINCT`] count on either code of a pair.
const EITHER_SINCE: Date = jiff::civil::date(2019, 7, 1);

/// Modifiers of CPT with two digits; first and last of each run, inclusive.
const CPT_DIGITS: [(&str, &str); 11] = [
    ("22", "27"),
    ("32", "33"),
    ("47", "47"),
    ("50", "59"),
    ("62", "63"),
    ("66", "66"),
    ("73", "74"),
    ("76", "82"),
    ("90", "93"),
    ("95", "97"),
    ("99", "99"),
];

/// Whether a modifier is one that is known without a file: of CPT, or of those that rules read.
pub fn is_built_in(modifier: &str) -> bool {
    is_of_cpt(modifier)
        || [&ANATOMIC[..], &DISTINCT, &OF_RULES].iter().any(|list| list.contains(&modifier))
}

/// Whether a modifier is one of CPT.
pub fn is_of_cpt(modifier: &str) -> bool {
    let has_letter = modifier.bytes().any(|byte| byte.is_ascii_uppercase());
    is_cpt_shape(modifier)
        && (has_letter
            || CPT_DIGITS.iter().any(|(first, last)| *first <= modifier && modifier <= *last))
}

/// The modifiers of a line that say that it was distinct: 59 and [`DISTINCT`].
pub fn bypasses(line: &ServiceLine) -> impl Iterator<Item = &str> {
    let is_bypass = |modifier: &&str| *modifier == "59" || DISTINCT.contains(modifier);
    line.modifiers.iter().map(String::as_str).filter(is_bypass)
}

/// Whether modifiers lift an edit that allows it: on column 2 any that NCCI names, where a site is named only if it is
/// another than that of column 1; on column 1 only those of [`bypasses`], since 2019-07-01.
pub fn lift(column1: &ServiceLine, column2: &ServiceLine, date: Date) -> bool {
    let sites = |line: &ServiceLine| {
        let sites = line.modifiers.iter().filter(|own| ANATOMIC.contains(&own.as_str()));
        sites.cloned().collect::<Vec<_>>()
    };
    let (first, second) = (sites(column1), sites(column2));
    let other_site =
        !first.is_empty() && !second.is_empty() && !second.iter().any(|site| first.contains(site));
    other_site
        || bypasses(column2).next().is_some()
        || FURTHER.iter().any(|modifier| column2.has_modifier(modifier))
        || (EITHER_SINCE <= date && bypasses(column1).next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{system::CodeSystem, testing::TODAY};

    fn lifts(first: &[&str], second: &[&str], date: Date) -> bool {
        let line = |modifiers: &[&str]| ServiceLine {
            modifiers: modifiers.iter().map(|text| (*text).to_owned()).collect(),
            ..ServiceLine::new(CodeSystem::Cpt, "11042")
        };
        lift(&line(first), &line(second), date)
    }

    #[test]
    fn knows_the_modifiers_of_cpt() {
        for known in ["22", "25", "27", "33", "50", "59", "76", "82", "93", "99", "P3", "8P"] {
            assert!(is_of_cpt(known), "{known}");
        }
        for unknown in ["21", "28", "60", "75", "83", "94", "98", "LT", "P7", "4P", "5O"] {
            assert!(!is_of_cpt(unknown), "{unknown}");
        }
    }

    #[test]
    fn a_modifier_of_column_2_lifts_an_edit() {
        assert!(lifts(&[], &["59"], TODAY) && lifts(&[], &["25"], TODAY));
        assert!(!lifts(&[], &["76"], TODAY) && !lifts(&["25"], &[], TODAY));
    }

    #[test]
    fn since_2019_07_59_lifts_from_either_side() {
        assert!(lifts(&["XS"], &[], TODAY));
        assert!(!lifts(&["59"], &[], jiff::civil::date(2019, 6, 30)));
    }

    #[test]
    fn sites_lift_only_where_they_differ() {
        assert!(lifts(&["RT"], &["LT"], TODAY) && lifts(&["F1"], &["F2"], TODAY));
        assert!(!lifts(&["RT"], &["RT"], TODAY) && !lifts(&[], &["RT"], TODAY));
    }
}
