//! A body mass index without the condition it belongs to.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    date::Date,
    encounter::JudgedEncounter,
    obstetrics,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// A BMI code has no associated diagnosis, stands twice, or stands in a pregnancy.
    ///
    /// ## Why
    /// The index is a measurement; a payer wants the provider's diagnosis that makes it matter.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: J45.909, Z68.41
    ///              ^^^^^^ warning[bmi-without-diagnosis]: Z68.41 (Body mass index [BMI] 40.0-44.9, adult) needs an associated diagnosis of the provider, such as overweight, obesity, underweight or an eating disorder.
    /// ```
    ///
    /// ## Exceptions
    /// The index itself may come from other clinicians, the diagnosis may not.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.B.14 and I.C.21.c.3; notes at Z68.
    "bmi-without-diagnosis", Warning, Reported, Coding(check), about(Cue::Codes(&[&INDEX]))
}

static INDEX: CodeSet = CodeSet::new("Z68");

/// Conditions for which the index means something: weight, nutrition, eating, growth and what guidelines of treatment
/// measure it for.
static ASSOCIATED: CodeSet = CodeSet::new(
    "E66, E40-E46, E64.0, E88.81-, E88.82, R62.5-, R62.7, R63.0, R63.2-R63.6, R64, F50, F98.2-, E11, E13, E78, E28.2, \
     G47.33, E66.2, K76.0, K75.81, P92, Z98.84, O26.0-, O99.21-, O99.84-, Q87.11, Z71.3, Z72.4, Z13.21, I10-I1A",
);

/// More than one value is settled by the most severe from this day on.
const MOST_SEVERE_FROM: Date = jiff::civil::date(2025, 10, 1);

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let values: Vec<_> = diagnoses.iter().filter(|it| INDEX.contains(it)).collect();
    let Some(index) = values.first() else { return };
    let mut is_right = true;
    let pregnancy =
        diagnoses.iter().find(|it| it.starts_with("O") && !obstetrics::is_puerperium_only(it));
    if let Some(pregnancy) = pregnancy {
        let message = format!(
            "{}: no BMI code is reported during pregnancy ({}).",
            index.named(),
            pregnancy.written()
        );
        let issue = report.fail_on(encounter, index, message);
        issue.and(pregnancy).remove(index.item, &index.written());
        is_right = false;
    } else if !diagnoses.iter().any(|it| ASSOCIATED.contains(it)) {
        let message = format!(
            "{} needs an associated diagnosis of the provider, such as overweight, obesity, underweight or an eating \
             disorder.",
            index.named()
        );
        report.fail_on(encounter, index, message);
        is_right = false;
    }
    if let Some(second) = values.get(1) {
        let which = if encounter.date >= MOST_SEVERE_FROM {
            "report the most severe value of the stay only"
        } else {
            "report one value"
        };
        let message = format!("{} stands beside {}: {which}.", second.named(), index.written());
        let issue = report.fail_on(encounter, second, message);
        issue
            .and(index)
            .remove(second.item, &second.written())
            .remove(index.item, &index.written());
        is_right = false;
    }
    if is_right {
        report.pass();
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::reports;

    #[test]
    fn reports_what_the_catalogue_names() {
        assert_eq!(reports("bmi-without-diagnosis", "Z68.41"), ["warning Z68.41"]);
        assert_eq!(
            reports("bmi-without-diagnosis", "O99.211, E66.813, Z68.41"),
            ["warning Z68.41 O99.211"]
        );
        assert_eq!(
            reports("bmi-without-diagnosis", "E66.813, Z68.41, Z68.39"),
            ["warning Z68.39 Z68.41"]
        );
    }

    #[test]
    fn accepts_what_is_right() {
        for codes in ["E66.01, Z68.41", "E66.813, Z68.41", "E11.9, Z68.41"] {
            assert!(reports("bmi-without-diagnosis", codes).is_empty(), "{codes}");
        }
    }
}
