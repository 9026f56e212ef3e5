//! Diabetes whose treatment the text names and no code does.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    note::Setting,
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    words::{Assertion, list::WordList, spans, words},
};

declare_rule! {
    /// The text names insulin or another drug for diabetes, and no code of Z79 does.
    ///
    /// ## Why
    /// How diabetes is treated long term belongs to the picture of the case, and the tabular list asks for the code.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 1. Type 2 diabetes (E11.9), continue metformin and insulin glargine
    ///                     ^^^^^ info[diabetes-treatment-not-coded]: E11.9 (Type 2 diabetes mellitus without complications) is reported and the text names insulin and metformin: Z79.4 (insulin) and Z79.84 (oral drugs) say how it is treated.
    /// ```
    ///
    /// ## Exceptions
    /// Drugs that are denied, stopped, planned or only thought of; insulin for a time, and in hospital; drugs for the
    /// heart and kidneys where these are coded. E10 and O24.4-.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.4.a.3 and I.C.4.a.6.a; "use additional code" notes at E08, E09, E11, E13 and O24.
    "diabetes-treatment-not-coded", Information, Reported, Text(check)
}

/// A kind of treatment: its code, and what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Insulin,
    Oral,
    Injected,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::Insulin => "Z79.4",
            Self::Oral => "Z79.84",
            Self::Injected => "Z79.85",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Insulin => "insulin",
            Self::Oral => "oral drugs",
            Self::Injected => "injected drugs other than insulin",
        }
    }
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for (encounter, scope) in view.note.encounters.iter().enumerate() {
        let Some(mark) = view.reported_diagnoses(encounter).find(|mark| is_diabetes(mark)) else {
            continue;
        };
        let is_coded =
            |kind: Kind| view.marks_of(encounter).any(|other| other.written == kind.code());
        let for_others = view.marks_of(encounter).any(|other| {
            other.written.starts_with("I50")
                || other.written.starts_with("N18")
                || other.written.starts_with("I13")
                || other.written.starts_with("I11.0")
        });
        // The first name of each kind.
        let mut named: BTreeMap<Kind, String> = BTreeMap::new();
        let said = view.prose_of(encounter);
        for at in said.positions(|lower| kind(lower).is_some()) {
            let lower = said.lower(at);
            let Some(kind) = kind(lower) else { continue };
            if named.contains_key(&kind) {
                continue;
            }
            let in_hospital =
                scope.setting == Some(Setting::Inpatient) || scope.discharge_date.is_some();
            let is_other =
                kind == Kind::Insulin && in_hospital || for_others && FOR_HEART.contains(&lower);
            if said.assertion(at).is_some_and(Assertion::is_plain)
                && !is_coded(kind)
                && !is_other
                && is_lasting(view.text, said.range(at), scope.range.clone())
            {
                named.entry(kind).or_insert_with(|| lower.to_owned());
            }
        }
        if named.is_empty() {
            continue;
        }
        let drugs: Vec<&str> = named
            .iter()
            .map(|(kind, name)| if *kind == Kind::Insulin { "insulin" } else { &**name })
            .collect();
        let codes: Vec<String> =
            named.keys().map(|kind| format!("{} ({})", kind.code(), kind.words())).collect();
        let (say, how) = (if codes.len() == 1 { "says" } else { "say" }, "how it is treated");
        let message = format!(
            "{} is reported and the text names {}: {} {say} {how}.",
            mark.named(),
            drugs.join(" and "),
            codes.join(" and ")
        );
        report.fail_on(mark, message);
    }
}

fn is_diabetes(mark: &Mark<'_>) -> bool {
    ["E08", "E09", "E11", "E13", "O24.1", "O24.3", "O24.8"]
        .iter()
        .any(|category| mark.written.starts_with(category))
}

/// The kind of treatment that a name says. Names of the US market; semaglutide is a tablet or an injection, and
/// therefore neither.
fn kind(lower: &str) -> Option<Kind> {
    let is = |list: &WordList| list.contains(lower);
    if is(&INSULIN) {
        Some(Kind::Insulin)
    } else if is(&ORAL) {
        Some(Kind::Oral)
    } else if is(&INJECTED) {
        Some(Kind::Injected)
    } else {
        None
    }
}

static INSULIN: WordList = WordList::new(&[
    "admelog", "apidra", "basaglar", "degludec", "detemir", "fiasp", "glargine", "humalog",
    "humulin", "insulin", "lantus", "levemir", "lispro", "novolin", "novolog", "semglee", "toujeo",
    "tresiba",
]);

static ORAL: WordList = WordList::new(&[
    "acarbose",
    "actos",
    "alogliptin",
    "amaryl",
    "canagliflozin",
    "dapagliflozin",
    "empagliflozin",
    "ertugliflozin",
    "farxiga",
    "glimepiride",
    "glipizide",
    "glucophage",
    "glucotrol",
    "glyburide",
    "invokana",
    "janumet",
    "januvia",
    "jardiance",
    "linagliptin",
    "metformin",
    "nateglinide",
    "onglyza",
    "pioglitazone",
    "repaglinide",
    "rybelsus",
    "saxagliptin",
    "sitagliptin",
    "steglatro",
    "synjardy",
    "tradjenta",
]);

static INJECTED: WordList = WordList::new(&[
    "bydureon",
    "byetta",
    "dulaglutide",
    "exenatide",
    "liraglutide",
    "mounjaro",
    "ozempic",
    "pramlintide",
    "symlin",
    "tirzepatide",
    "trulicity",
    "victoza",
]);

/// Drugs that are given for heart failure and kidney disease as well.
const FOR_HEART: &[&str] =
    &["canagliflozin", "dapagliflozin", "empagliflozin", "farxiga", "invokana", "jardiance"];

/// Words of a clause by which a drug is not, or not yet, or not for long what the patient takes, or is that of somebody
/// else.
static NOT_LASTING: WordList = WordList::new(&[
    "needed",
    "never",
    "no",
    "not",
    "without",
    "brother",
    "daughter",
    "family",
    "father",
    "husband",
    "mother",
    "sister",
    "son",
    "wife",
    "add",
    "adding",
    "allergic",
    "allergies",
    "allergy",
    "avoid",
    "begin",
    "consider",
    "considering",
    "could",
    "declined",
    "declines",
    "discontinue",
    "discontinued",
    "discuss",
    "discussed",
    "drip",
    "failed",
    "fasting",
    "held",
    "hold",
    "holding",
    "if",
    "initiate",
    "initiated",
    "intolerance",
    "intolerant",
    "level",
    "levels",
    "may",
    "offered",
    "option",
    "options",
    "pcos",
    "postoperative",
    "prednisone",
    "refused",
    "refuses",
    "resistance",
    "resistant",
    "sensitivity",
    "sliding",
    "ssi",
    "start",
    "started",
    "starting",
    "steroid",
    "steroids",
    "stop",
    "stopped",
    "temporarily",
    "temporary",
    "trial",
    "until",
    "versus",
    "vs",
    "would",
]);

fn is_lasting(text: &str, own: Range<usize>, scope: Range<usize>) -> bool {
    let clause = spans::clause(text, own, scope);
    let all = words(text, clause);
    // "Insulin IV" is given for a time.
    let by_vein = all.windows(2).any(|pair| {
        let (first, second) = (&*pair[0].lower, &*pair[1].lower);
        first == "iv" && second == "insulin" || first == "insulin" && second == "iv"
    });
    !by_vein && !all.iter().any(|word| NOT_LASTING.contains(&word.lower))
}

#[cfg(test)]
mod tests {
    use crate::testing::{issues_of, text_reports};

    fn reports(text: &str) -> Vec<String> {
        text_reports("diabetes-treatment-not-coded", text)
    }

    #[test]
    fn reports_treatment_without_its_code() {
        for (text, code) in [
            ("1. T2DM (E11.9) on metformin", "E11.9"),
            ("Meds: Lantus 20 units nightly\nDx: E11.9, I10", "E11.9"),
            ("1. Drug-induced diabetes (E09.9), continue glipizide", "E09.9"),
            ("1. T2DM (E11.65): metformin 1000 mg BID, Ozempic weekly. Dx: Z79.84", "E11.65"),
            ("Metformin and Lantus refilled.\nDx: E11.9, Z79.84", "E11.9"),
            ("Takes metformin.\nDx: O24.111, Z3A.20", "O24.111"),
        ] {
            assert_eq!(reports(text), [format!("info {code}")], "{text}");
        }
    }

    #[test]
    fn silent_where_it_is_coded_or_not_lasting() {
        for text in [
            "1. T2DM (E11.9) on metformin (Z79.84)",
            "Metformin, insulin.\nDx: E11.9, Z79.84, Z79.4",
            "1. Type 1 diabetes (E10.9), insulin pump",
            "1. T2DM (E11.9), diet controlled, no insulin",
            "1. T2DM (E11.9). Start metformin 500 mg.",
            "1. T2DM (E11.9). Metformin stopped for GI upset.",
            "Allergies: metformin\nDx: E11.9",
            "Setting: inpatient\nInsulin glargine 10 units.\nDx: E11.65",
            "Sliding scale insulin.\nDx: E11.9",
            "Insulin resistance.\nDx: E11.9",
            "Mother takes insulin.\nDx: E11.9",
            "Previously on metformin.\nDx: E11.9",
            "1. Gestational diabetes (O24.414), insulin",
            "Jardiance for HFrEF.\nDx: I50.22, E11.9",
            "1. PCOS, on metformin\nDx: E28.2",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn names_what_is_missing_only() {
        let issues = issues_of("DOS: 2026-04-01\n\nMetformin and Lantus daily.\nDx: E11.9, Z79.84");
        let own = issues.iter().find(|it| it.contains("diabetes-treatment")).unwrap();
        assert!(own.contains("Z79.4 (insulin) says") && !own.contains("Z79.84"), "{own}");
    }
}
