//! Diagnoses that are only thought of, coded as established.

use std::cell::LazyCell;

use crate::{
    note::{EncounterScope, Setting},
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    words::{
        assertion::{Aspect, Statement, cues},
        related::{related, synonym},
        stems,
    },
};

declare_rule! {
    /// A diagnosis that the text calls probable, suspected or to be ruled out is coded as established.
    ///
    /// ## Why
    /// Outside of hospital stays an uncertain diagnosis is not coded: the patient keeps a disease in every record that
    /// nobody ever found.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 1. Cough and fever, r/o pneumonia (J18.9)
    ///                                    ^^^^^ warning[uncertain-diagnosis-coded]: J18.9 (Pneumonia, unspecified organism) is coded as established, but the text says 'r/o'. Code the signs and symptoms instead (ICD-10-CM guideline IV.H).
    /// ```
    ///
    /// ## Exceptions
    /// Hospital stays, where what is uncertain at discharge is coded as if it existed, except HIV, Zika, COVID-19 and
    /// novel influenza. Symptoms and Z codes. "Borderline" is not uncertain (I.B.17).
    ///
    /// ## Source
    /// ICD-10-CM guidelines (FY2026): IV.H; for hospital stays II.H, III.C, I.C.1.a.1, I.C.1.f, I.C.1.g.1.a, I.C.10.c.
    "uncertain-diagnosis-coded", Warning, Reported, Text(check)
}

/// Codes that need certainty in a hospital stay as well.
const ALWAYS_CERTAIN: &[&str] = &["A92.5", "B20", "J09", "J10", "U07.1", "Z21"];

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for (encounter, scope) in view.note.encounters.iter().enumerate() {
        let is_stay = LazyCell::new(|| is_stay(view.text, scope));
        for mark in view.reported_diagnoses(encounter) {
            let needs_certainty = ALWAYS_CERTAIN.iter().any(|code| mark.written.starts_with(code));
            let is_definitive =
                needs_certainty || !mark.written.starts_with(['R', 'Z', 'V', 'W', 'X', 'Y']);
            if !is_definitive {
                continue;
            }
            let Some(words) = doubt(view, mark) else { continue };
            // Seldom asked: the whole encounter is looked through.
            if !needs_certainty && *is_stay {
                continue;
            }
            let (way_out, source) =
                if mark.written.starts_with("J09") || mark.written.starts_with("J10") {
                    ("Code J11.- unless the type is confirmed", "I.C.10.c")
                } else if needs_certainty {
                    (
                        "Code it only when it is confirmed, otherwise the signs and symptoms",
                        section(&mark.written),
                    )
                } else {
                    ("Code the signs and symptoms instead", "IV.H")
                };
            let message = format!(
                "{} is coded as established, but the text says '{words}'. {way_out} (ICD-10-CM guideline {source}).",
                mark.named()
            );
            report.fail_on(mark, message);
        }
    }
}

fn section(code: &str) -> &'static str {
    match code.get(..3) {
        Some("B20" | "Z21") => "I.C.1.a.1",
        Some("A92") => "I.C.1.f",
        _ => "I.C.1.g.1.a",
    }
}

/// Whether the encounter is a hospital stay, or may well be one.
fn is_stay(text: &str, scope: &EncounterScope) -> bool {
    if let Some(setting) = scope.setting {
        return setting == Setting::Inpatient;
    }
    let text = text.get(scope.range.clone()).unwrap_or_default().to_ascii_lowercase();
    scope.discharge_date.is_some() || STAY.iter().any(|words| text.contains(words))
}

/// What notes of hospital stays say.
const STAY: &[&str] = &[
    "admission date",
    "admitted to",
    "date of admission",
    "discharge diagnos",
    "discharge summary",
    "hospital course",
    "hospital day",
];

/// The words by which the text doubts what the code says, if it says it nowhere without doubt.
fn doubt<'n>(view: &TextView<'n>, mark: &Mark<'_>) -> Option<&'n str> {
    let about = view.about(mark);
    let own = mark.mention.range.clone();
    let said = view.said(&about.statement);
    let in_doubt = |statement: &Statement<'_>| {
        statement.assertion.is(Aspect::Uncertain) && !statement.assertion.is(Aspect::Negated)
    };
    // Most clauses doubt nothing.
    if !said.iter().any(in_doubt) {
        return None;
    }
    let title = mark.title_stems();
    let mut doubted = Vec::new();
    for statement in
        said.iter().filter(|it| it.word.range.end <= own.start || own.end <= it.word.range.start)
    {
        let stems = stems(&statement.word);
        let is = |same: fn(&str, &str) -> bool| {
            stems.iter().any(|stem| title.iter().any(|own| same(own, stem)))
        };
        let in_doubt = in_doubt(statement);
        if in_doubt && is(synonym) {
            doubted.push(statement.word.range.clone());
        } else if !in_doubt && is(related) {
            return None;
        }
    }
    let first = doubted.first()?;
    let cue = cues(view.text, about.statement).into_iter().find(|cue| {
        cue.aspect == Aspect::Uncertain
            && cue.scope.start <= first.start
            && first.end <= cue.scope.end
    })?;
    let cue = view.text.get(cue.range)?;
    Some(if cue.len() <= 30 { cue } else { "possible" })
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("uncertain-diagnosis-coded", text)
    }

    #[test]
    fn reports_what_is_doubted() {
        for (text, code) in [
            ("Setting: outpatient\nr/o pneumonia (J18.9)", "J18.9"),
            ("Setting: inpatient\nsuspected COVID-19 (U07.1)", "U07.1"),
            ("Setting: inpatient\nprobable influenza A H1N1 (J10.1)", "J10.1"),
            ("1. Possible UTI (N39.0)", "N39.0"),
            ("- Likely COPD (J44.9), PFTs ordered", "J44.9"),
            ("- Pneumonia, suspected. Dx: J18.9", "J18.9"),
            ("Dx: probable pneumonia J18.9", "J18.9"),
        ] {
            assert_eq!(reports(text), [format!("warning {code}")], "{text}");
        }
    }

    #[test]
    fn silent_on_what_is_sure() {
        for text in [
            "Setting: inpatient\nprobable pneumonia (J18.9)",
            "Discharge summary\n\nProbable pneumonia (J18.9)",
            "Cough (R05.9), r/o pneumonia",
            "1. Pneumonia (J18.9), likely viral",
            "1. Hypertension (I10), possible white coat effect",
            "2. Borderline diabetes (R73.03)",
            "1. Possible UTI: dysuria (R30.0)",
            "1. COPD (J44.9). Possible sleep apnea, study ordered.",
            "Dx: J18.9",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
