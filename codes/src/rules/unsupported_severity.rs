//! Codes that carry weight, without the word that they stand on.

use crate::{
    rule::declare_rule,
    text_check::{TextReport, TextView},
    words::{assertion::Aspect, prose::Prose},
};

declare_rule! {
    /// A code of high severity is reported, but the words that it stands on do not occur in the note.
    ///
    /// ## Why
    /// Such codes raise payment and are the first that auditors look at. Without the provider's statement they are
    /// taken back.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Hypoxia overnight, 2 L of oxygen by nasal cannula, improved by morning.
    /// Dx: J96.01
    ///     ^^^^^^ warning[unsupported-severity]: J96.01 is reported, but 'respiratory failure' does not occur in this note. Ask the provider to document it, or take the code out.
    /// ```
    ///
    /// ## Exceptions
    /// The provider's statement suffices: clinical criteria, laboratory values and the truth of a diagnosis are not
    /// judged. Lists of codes without a note are passed over.
    ///
    /// ## Source
    /// ICD-10-CM guideline I.A.19 (FY2026); for urosepsis I.C.1.d.1.a.ii.
    "unsupported-severity", Warning, Reported, Text(check)
}

/// A note of fewer words is a list of codes.
const LEAST_WORDS: usize = 3;

/// What must occur for codes that begin so. Each statement is a list of alternatives; each alternative is a list of
/// beginnings of words that stand in one clause.
struct Required {
    prefixes: &'static [&'static str],
    name: &'static str,
    any: &'static [&'static [&'static str]],
}

const REQUIRED: &[Required] = &[
    Required {
        prefixes: &["E43"],
        name: "severe malnutrition",
        any: &[
            &["severe", "malnutrition"],
            &["severe", "malnourished"],
            &["severe", "pcm"],
            &["severe", "undernutrition"],
        ],
    },
    Required {
        prefixes: &["J96.0"],
        name: "respiratory failure",
        any: &[
            &["respiratory", "failure"],
            &["ahrf"],
            &["ards"],
            &["hypoxic", "failure"],
            &["hypercapnic", "failure"],
            &["hypoxemic", "failure"],
        ],
    },
    Required {
        prefixes: &["R65.2", "A40", "A41"],
        name: "sepsis",
        any: &[&["sepsis"], &["septic"]],
    },
    Required { prefixes: &["R65.21"], name: "shock", any: &[&["shock"]] },
    Required {
        prefixes: &["I50.2"],
        name: "systolic",
        any: &[
            &["systolic"],
            &["hfref"],
            &["reduced", "ef"],
            &["reduced", "ejection"],
            &["hf", "ref"],
        ],
    },
    Required {
        prefixes: &["N17"],
        name: "acute kidney injury",
        any: &[
            &["aki"],
            &["arf"],
            &["atn"],
            &["acute", "kidney"],
            &["acute", "renal"],
            &["tubular", "necrosis"],
            &["acute", "on", "ckd"],
            &["acute", "cortical"],
            &["acute", "medullary"],
        ],
    },
    Required {
        prefixes: &["G93.41"],
        name: "encephalopathy",
        any: &[&["encephalopath"], &["tme"]],
    },
];

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for encounter in 0..view.note.encounters.len() {
        let weighty: Vec<_> = view
            .reported_diagnoses(encounter)
            .flat_map(|mark| {
                let required = REQUIRED
                    .iter()
                    .filter(|it| it.prefixes.iter().any(|prefix| mark.written.starts_with(prefix)));
                required.map(move |required| (mark, required))
            })
            .collect();
        if weighty.is_empty() || !view.has_prose(encounter, LEAST_WORDS) {
            continue;
        }
        let said = view.prose_of(encounter);
        let mut reported: Vec<(&str, &str)> = Vec::new();
        for (mark, required) in weighty {
            let key = (&*mark.written, required.name);
            if reported.contains(&key)
                || required.any.iter().any(|words| occurs(view.text, &said, words))
            {
                continue;
            }
            reported.push(key);
            let message = format!(
                "{} is reported, but '{}' does not occur in this note. Ask the provider to document it, or take the code out.",
                mark.written, required.name
            );
            report.fail_on(mark, message);
        }
    }
}

/// How far apart words of one statement stand, in words.
const SPAN: usize = 8;

/// Whether words that begin so stand near each other, in any order, and are not denied. The last of a list is what is
/// stated and must be the patient's.
fn occurs(text: &str, said: &Prose<'_>, wanted: &[&str]) -> bool {
    let plain = |at: usize| {
        said.assertion(at).is_some_and(|it| {
            !(it.is(Aspect::Negated) || it.is(Aspect::Relative) || it.is(Aspect::Hypothetical))
        })
    };
    let begins = |lower: &str, word: &str| {
        if word.len() <= 3 { lower == word } else { lower.starts_with(word) }
    };
    let one_sentence = |at: usize, other: usize| {
        let (own, other) = (said.range(at), said.range(other));
        let gap = text.get(own.end.min(other.end)..own.start.max(other.start));
        gap.is_some_and(|gap| !gap.contains(". ") && !gap.contains("\n\n"))
    };
    let Some((first, rest)) = wanted.split_first() else { return true };
    said.positions(|lower| begins(lower, first)).filter(|at| plain(*at)).any(|at| {
        rest.iter().all(|word| {
            let mut near = at.saturating_sub(SPAN)..(at + SPAN).min(said.len());
            near.any(|other| {
                begins(said.lower(other), word) && plain(other) && one_sentence(at, other)
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("unsupported-severity", text)
    }

    #[test]
    fn reports_codes_without_their_word() {
        assert_eq!(reports("hypoxia, 2 L O2 by nasal cannula\nDx: J96.01"), ["warning J96.01"]);
        assert_eq!(
            reports("Urosepsis treated with ceftriaxone and fluids.\nDx: A41.9"),
            ["warning A41.9"]
        );
        assert_eq!(reports("No sepsis today, lactate normal.\nDx: A41.9"), ["warning A41.9"]);
        assert_eq!(
            reports("Moderate malnutrition, dietitian consulted.\nDx: E43"),
            ["warning E43"]
        );
        assert_eq!(
            reports("Sepsis from pneumonia, pressors not needed.\nDx: A41.9, R65.21"),
            ["warning R65.21"]
        );
        assert_eq!(reports("Confused overnight, now clear.\nDx: G93.41"), ["warning G93.41"]);
        assert_eq!(
            reports("Heart failure with edema, furosemide given.\nDx: I50.23"),
            ["warning I50.23"]
        );
        assert_eq!(reports("Creatinine 1.9 from 0.8, fluids given.\nDx: N17.9"), ["warning N17.9"]);
    }

    #[test]
    fn silent_where_the_word_is_said() {
        for text in [
            "acute hypoxic respiratory failure on 4 L\nDx: J96.01",
            "Septic shock from pyelonephritis, norepinephrine started.\nDx: A41.9, R65.21",
            "Severe protein-calorie malnutrition per dietitian.\nDx: E43",
            "Patient is severely malnourished, weight loss noted.\nDx: E43",
            "AKI, creatinine 1.9 from 0.8, fluids given.\nDx: N17.9",
            "Acute renal failure on arrival, resolved with fluids.\nDx: N17.9",
            "HFrEF, EF 25 percent, diuresed well.\nDx: I50.23",
            "Chronic systolic heart failure, euvolemic.\nDx: I50.22",
            "Toxic metabolic encephalopathy, clearing.\nDx: G93.41",
            "Dx: J96.01, N17.9, A41.9",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
