//! HIV disease where the text says that there are no symptoms.

use crate::{
    date::Date,
    rule::declare_rule,
    text_check::{TextReport, TextView},
    words::{
        Statement,
        assertion::{Aspect, lower},
        prose::Prose,
        statements,
    },
};

declare_rule! {
    /// HIV disease is coded, and the text says positive or asymptomatic and names no condition that goes with it.
    ///
    /// ## Why
    /// B20 says that the patient has or had a disease of HIV. It stays in every record and is never taken back.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 1. HIV positive, asymptomatic, CD4 780 (icd10:B20)
    ///                                               ^^^ warning[hiv-disease-for-status]: B20 (Human immunodeficiency virus [HIV] disease) stands for HIV with a condition that goes with it, now or ever; the text says 'asymptomatic' and names none. Is it Z21 (ICD-10-CM guideline I.C.1.a.2.e)?
    /// ```
    ///
    /// ## Exceptions
    /// Notes that name AIDS, HIV disease or an HIV-related condition, now or in the past: B20 stays once it was right.
    /// Before 2025-10-01 notes that name an antiretroviral drug.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.1.a.2.e, I.C.1.a.2.g and I.C.1.a.2.j.
    "hiv-disease-for-status", Warning, Reported, Text(check)
}

/// From this day on antiretroviral drugs alone are no reason for B20.
const DRUGS_ARE_NO_REASON: Date = jiff::civil::date(2025, 10, 1);

/// Codes of conditions that go with HIV: tuberculosis to mycoses, tumors, wasting, brain.
const CONDITIONS: &[&str] = &[
    "A07", "A15", "A17", "A18", "A19", "A31", "A81.2", "B00", "B02", "B25", "B37", "B38", "B39",
    "B45", "B58", "B59", "C46", "C53", "C81", "C82", "C83", "C84", "C85", "F02", "G05", "G93.4",
    "N08", "R64", "O98.7",
];

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for encounter in 0..view.note.encounters.len() {
        let Some(mark) = view.reported_diagnoses(encounter).find(|mark| mark.written == "B20")
        else {
            continue;
        };
        let near = view.about(mark).item;
        let Some(cue) = says_status(&statements(view.text, near)) else { continue };
        let said = view.prose_of(encounter);
        let coded = view
            .marks_of(encounter)
            .any(|other| CONDITIONS.iter().any(|condition| other.written.starts_with(condition)));
        let old = view.date_of(mark).is_none_or(|date| date < DRUGS_ARE_NO_REASON);
        if coded || names_disease(&said) || old && names_drug(&said) {
            continue;
        }
        let message = format!(
            "{} stands for HIV with a condition that goes with it, now or ever; the text says '{cue}' and names none. Is it Z21 (ICD-10-CM guideline I.C.1.a.2.e)?",
            mark.named()
        );
        report.fail_on(mark, message).replace(
            mark,
            "Z21",
            "Asymptomatic human immunodeficiency virus [HIV] infection status",
        );
    }
}

/// The words that say a status and no disease.
fn says_status(said: &[Statement<'_>]) -> Option<&'static str> {
    let all = || 0..said.len();
    let negated = |at: usize| said.get(at).is_some_and(|it| it.assertion.is(Aspect::Negated));
    if all().any(|at| lower(said, at) == "asymptomatic" && !negated(at)) {
        return Some("asymptomatic");
    }
    if all().any(|at| matches!(lower(said, at), "symptom" | "symptoms") && negated(at)) {
        return Some("no symptoms");
    }
    let positive = all().any(|at| {
        let seen =
            (at + 1..at + 4).any(|near| matches!(lower(said, near), "positive" | "seropositive"));
        lower(said, at) == "hiv" && seen && !negated(at)
    });
    positive.then_some("HIV positive")
}

/// Beginnings of words of conditions that go with HIV.
const DISEASE: &[&str] = &[
    "aids",
    "candid",
    "coccidioid",
    "cryptococc",
    "cryptosporid",
    "cytomegalo",
    "encephalopath",
    "histoplasm",
    "kaposi",
    "leukoencephal",
    "lymphoma",
    "microspor",
    "mycobacter",
    "opportunistic",
    "pneumocyst",
    "salmonell",
    "toxoplasm",
    "tubercul",
    "wasting",
    "thrush",
    "zoster",
    "shingles",
    "dementia",
    "cachexia",
    "neuropath",
    "nephropath",
    "sarcoma",
];

/// Whether the words name AIDS, HIV disease or a condition of it, present or past.
fn names_disease(said: &Prose<'_>) -> bool {
    let counts = |at: &usize| {
        said.assertion(*at).is_some_and(|it| {
            !it.is(Aspect::Negated) && !it.is(Aspect::Hypothetical) && !it.is(Aspect::Relative)
        })
    };
    let names = |lower: &str| {
        DISEASE.iter().any(|begin| lower.starts_with(begin))
            || matches!(
                lower,
                "cmv" | "pml" | "pjp" | "mac" | "mai" | "tb" | "hivan" | "symptomatic"
            )
    };
    let may_name = |lower: &str| matches!(lower, "hiv" | "cd4" | "advanced") || names(lower);
    said.positions(may_name).filter(counts).any(|at| match said.lower(at) {
        "hiv" => {
            matches!(said.lower(at + 1), "disease" | "related" | "illness" | "associated")
        }
        "cd4" => (at + 1..at + 5)
            .any(|near| said.lower(near).parse::<u32>().is_ok_and(|count| count < 200)),
        "advanced" => said.lower(at + 1) == "hiv",
        _ => true,
    })
}

/// Antiretroviral drugs and classes, names of the US market. Sorted.
const DRUGS: &[&str] = &[
    "abacavir",
    "antiretroviral",
    "antiretrovirals",
    "art",
    "arv",
    "atazanavir",
    "atripla",
    "bictegravir",
    "biktarvy",
    "cabenuva",
    "cabotegravir",
    "complera",
    "darunavir",
    "delstrigo",
    "descovy",
    "dolutegravir",
    "doravirine",
    "dovato",
    "efavirenz",
    "emtricitabine",
    "epzicom",
    "genvoya",
    "haart",
    "isentress",
    "juluca",
    "lamivudine",
    "odefsey",
    "pifeltro",
    "prezcobix",
    "prezista",
    "raltegravir",
    "rilpivirine",
    "stribild",
    "symfi",
    "symtuza",
    "tenofovir",
    "tivicay",
    "triumeq",
    "truvada",
    "zidovudine",
];

fn names_drug(said: &Prose<'_>) -> bool {
    said.positions(|lower| DRUGS.binary_search(&lower).is_ok()).next().is_some()
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("hiv-disease-for-status", text)
    }

    #[test]
    fn reports_a_status_coded_as_disease() {
        for text in [
            "1. HIV positive, doing well (icd10:B20)",
            "1. HIV, asymptomatic (icd10:B20), continue Biktarvy",
            "1. HIV test positive (icd10:B20)",
            "1. HIV (icd10:B20): no symptoms, no opportunistic infections",
            "DOS: 2025-09-30\n1. HIV, asymptomatic (icd10:B20)",
        ] {
            assert_eq!(reports(text), ["warning B20"], "{text}");
        }
    }

    #[test]
    fn silent_on_disease_now_or_ever() {
        for text in [
            "1. HIV disease, asymptomatic at present (icd10:B20)",
            "1. HIV positive with h/o PJP (icd10:B20)",
            "1. HIV positive, Kaposi sarcoma (icd10:B20, C46.0)",
            "1. AIDS, HIV positive (icd10:B20)",
            "1. HIV positive, CD4 count 120 (icd10:B20)",
            "1. HIV (icd10:B20), continue Biktarvy",
            "1. HIV (icd10:B20)\n2. Bacteriuria, asymptomatic (R82.71)",
            "1. HIV positive, asymptomatic (icd10:Z21)",
            "DOS: 2025-09-30\n1. HIV, asymptomatic (icd10:B20), continue Biktarvy",
            "Dx: B20",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
        assert!(super::DRUGS.is_sorted());
    }
}
