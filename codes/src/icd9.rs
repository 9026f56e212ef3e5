//! Codes of ICD-9-CM, which ended on 2015-09-30: their shape, how they are written, and what is known of them.
//!
//! ICD-9-CM is no code system of its own here: its codes are only recognised, so that one typed by mistake is known as
//! such and its counterparts can be offered. Source: ICD-9-CM version 32 and its mappings (CMS, CDC).

use crate::{
    code::{Code, CodeKey},
    code_table::Lifetime,
    date::Date,
    gem::{GemDirection, GemEntry, GemMap},
    replacement::successors,
    supplements::{OfRelease, Supplements},
    system::CodeSystem,
    terminology::Terminology,
};

/// Which part of ICD-9-CM a code is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icd9Part {
    /// Volumes 1 and 2: `250.00`, `V58.69`, `E812.0`.
    Diagnoses,
    /// Volume 3: `38.93`.
    Procedures,
}

/// Reads a diagnosis as it is written: three digits, V and two, or E and three; then, behind a point, one or two digits
/// (behind E one). Without a point only what needs none is read: `25000` may be any number. Case does not matter.
pub fn diagnosis(text: &str) -> Option<CodeKey> {
    let text = text.trim().to_ascii_uppercase();
    let (before, behind) = text.split_once('.').map_or((&*text, None), |(a, b)| (a, Some(b)));
    let (digits, least, most) = match before.as_bytes().first()? {
        b'V' => (before.get(1..)?, 2, 2),
        b'E' => (before.get(1..)?, 3, 1),
        _ => (before, 3, 2),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = digits.len() == least
        && are_digits(digits)
        && behind.is_none_or(|behind| (1..=most).contains(&behind.len()) && are_digits(behind));
    fits.then(|| CodeKey::new(&text.replacen('.', "", 1))).flatten()
}

/// A code with its point: `250.00`, `V58.69`, `E812.0`, `38.93`.
pub fn written(part: Icd9Part, code: CodeKey) -> String {
    let text = code.text();
    let after = match part {
        Icd9Part::Procedures => 2,
        // External causes have a letter and three digits before the point.
        Icd9Part::Diagnoses if text.starts_with('E') => 4,
        Icd9Part::Diagnoses => 3,
    };
    match text.split_at_checked(after) {
        Some((before, behind)) if !behind.is_empty() => format!("{before}.{behind}"),
        _ => text.to_string(),
    }
}

impl Supplements {
    /// The title of a code of ICD-9-CM; `None` where it is unknown or no titles are installed.
    pub fn icd9_title(&self, part: Icd9Part, code: CodeKey) -> Option<&str> {
        let titles = match part {
            Icd9Part::Diagnoses => &self.icd9_diagnoses,
            Icd9Part::Procedures => &self.icd9_procedures,
        };
        let rows = &titles.as_ref()?.rows;
        let index = rows.binary_search_by_key(&code, |(known, _)| *known).ok()?;
        rows.get(index).map(|(_, title)| title.as_str())
    }

    /// The newest mappings of a direction: a later release replaces those before it as a whole.
    pub fn newest_gem(&self, direction: GemDirection) -> Option<&OfRelease<GemMap>> {
        let maps = self.gems.iter().filter(|map| map.rows.direction == direction);
        maps.max_by_key(|map| map.release.version)
    }

    /// Whether a diagnosis stands in the titles of ICD-9-CM or in the mappings from it.
    pub fn is_icd9_diagnosis(&self, code: CodeKey) -> bool {
        let is_mapped = || {
            let map = self.newest_gem(GemDirection::Icd9ToCm);
            map.is_some_and(|map| !map.rows.of(code).is_empty())
        };
        self.icd9_title(Icd9Part::Diagnoses, code).is_some() || is_mapped()
    }

    /// Whether anything is installed by which a diagnosis of ICD-9-CM could be known.
    pub fn knows_icd9(&self) -> bool {
        self.icd9_diagnoses.is_some() || self.newest_gem(GemDirection::Icd9ToCm).is_some()
    }
}

/// The codes of ICD-10-CM that the mappings give for a diagnosis and that are valid on a date, in the order of the
/// mappings; for a target that has ended those that replace it. Targets that only mean the same together with others are
/// left out: one alone would say too little.
pub fn mapped(terminology: &Terminology, diagnosis: CodeKey, date: Date) -> Vec<Code> {
    let Some(map) = terminology.supplements().newest_gem(GemDirection::Icd9ToCm) else {
        return Vec::new();
    };
    let alone = map.rows.of(diagnosis).iter().filter(|entry| !entry.combination);
    let mut codes = Vec::new();
    for target in alone.filter_map(target) {
        let valid = if is_valid(terminology, target, date) {
            vec![target]
        } else {
            successors(terminology, target, date).into_iter().map(|by| by.code).collect()
        };
        codes.extend(valid);
    }
    let mut seen = Vec::new();
    codes.retain(|code| {
        !seen.contains(code) && {
            seen.push(*code);
            true
        }
    });
    codes
}

fn target(entry: &GemEntry) -> Option<Code> {
    Code::from_key(CodeSystem::Icd10Cm, entry.to?)
}

fn is_valid(terminology: &Terminology, code: Code, date: Date) -> bool {
    let entry = terminology.table(code.system()).and_then(|table| table.get(code.key()));
    entry.is_some_and(|entry| match entry.lifetime() {
        Lifetime::Dated(period) => period.contains(date),
        Lifetime::Seen { .. } => true,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{TODAY, sample};

    fn key(text: &str) -> CodeKey {
        CodeKey::new(text).unwrap()
    }

    #[test]
    fn reads_and_writes_diagnoses() {
        for text in ["250.00", "401.9", "042", "V58.69", "V10", "E812.0", "E812"] {
            let code = diagnosis(text).unwrap();
            assert_eq!(written(Icd9Part::Diagnoses, code), text);
        }
        assert_eq!(diagnosis(" v58.69 "), Some(key("V5869")));
        assert_eq!(written(Icd9Part::Procedures, key("3893")), "38.93");
        for text in [
            "",
            ".",
            "25000",
            "25.00",
            "250.",
            "250.000",
            "250.0.0",
            "V5869",
            "V5.8",
            "E81.20",
            "E812.00",
            "E11.9",
            "25O.00",
            "\u{e9}50.00",
            "E",
        ] {
            assert_eq!(diagnosis(text), None, "{text}");
        }
    }

    #[test]
    fn knows_titles_and_mappings() {
        let supplements = sample().supplements();
        let title = supplements.icd9_title(Icd9Part::Diagnoses, key("4019"));
        assert_eq!(title, Some("Unspecified essential hypertension"));
        assert!(supplements.is_icd9_diagnosis(key("25000")));
        assert!(!supplements.is_icd9_diagnosis(key("99999")));
        assert!(!Supplements::default().knows_icd9());
    }

    #[test]
    fn offers_what_is_valid_on_the_date() {
        let codes = |code, date: Date| -> Vec<String> {
            mapped(sample(), key(code), date).iter().map(ToString::to_string).collect()
        };
        assert_eq!(codes("25000", TODAY), ["E11.9"]);
        // The mapping leads to M54.5, which ended on 2021-09-30.
        assert_eq!(codes("7242", jiff::civil::date(2021, 9, 30)), ["M54.5"]);
        assert_eq!(codes("7242", TODAY), ["M54.50", "M54.51", "M54.59"]);
        assert!(codes("99999", TODAY).is_empty());
        // Two codes are needed together.
        assert!(codes("25012", TODAY).is_empty());
    }

    proptest! {
        #[test]
        fn reads_any_text(text in ".{0,12}") {
            if let Some(code) = diagnosis(&text) {
                prop_assert_eq!(diagnosis(&written(Icd9Part::Diagnoses, code)), Some(code));
            }
        }
    }
}
