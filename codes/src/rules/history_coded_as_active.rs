//! Conditions of the past, coded as if they were present.

use crate::{
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    words::{
        Statement,
        assertion::Aspect,
        related::{related, synonym},
        stems,
    },
};

declare_rule! {
    /// A condition that the text puts into the past is coded as a present one.
    ///
    /// ## Why
    /// A cancer that was treated, an old stroke or an old infarction has a code of its own. The active code says that it
    /// is being treated now.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 1. h/o stroke 2019, no deficits (I63.9)
    ///                                  ^^^^^ warning[history-coded-as-active]: I63.9 (Cerebral infarction, unspecified) is an active condition, but the text puts it into the past. Code Z86.73 when no deficits remain, I69.- for those that do.
    /// ```
    ///
    /// ## Exceptions
    /// Treatment that goes on or is directed at the site; an infarction of at most four weeks, which stays I21.
    ///
    /// ## Source
    /// ICD-10-CM guidelines (FY2026): I.C.2.m, I.C.9.d, I.C.9.e.1, I.C.21.c.4, IV.J.
    "history-coded-as-active", Warning, Reported, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for encounter in 0..view.note.encounters.len() {
        for mark in view.reported_diagnoses(encounter) {
            let Some(kind) = Kind::of(&mark.written) else { continue };
            let is_over = mark.title.is_some_and(|title| title.contains("in remission"));
            if is_over || kind == Kind::Injury && is_acute(view, mark) || !is_past(view, mark, kind)
            {
                continue;
            }
            let (way_out, code) = kind.way_out(&mark.written);
            let message = format!(
                "{} is an active condition, but the text puts it into the past. {way_out}",
                mark.named()
            );
            let finding = report.fail_on(mark, message);
            if let Some(code) = code {
                finding.replace(mark, code, "");
            }
        }
    }
}

/// "s/p overdose": in an emergency department that is what has just happened.
fn is_acute(view: &TextView<'_>, mark: &Mark<'_>) -> bool {
    let near = view.text.get(..mark.mention.range.start).unwrap_or_default();
    let line = near.rsplit('\n').next().unwrap_or_default().to_ascii_lowercase();
    line.contains("s/p") || line.contains("status post")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cancer,
    Stroke,
    Infarction,
    Injury,
}

impl Kind {
    fn of(code: &str) -> Option<Self> {
        match code.as_bytes() {
            [b'C', ..] => Some(Self::Cancer),
            [b'I', b'6', b'3', ..] => Some(Self::Stroke),
            [b'I', b'2', b'1', ..] => Some(Self::Infarction),
            [b'T', .., b'A' | b'B' | b'C'] if code.len() == 8 => Some(Self::Injury),
            _ => None,
        }
    }

    /// What to do, and the one code that says it.
    fn way_out(self, code: &str) -> (String, Option<&'static str>) {
        match self {
            Self::Cancer => match PERSONAL_HISTORY
                .iter()
                .find(|(prefix, _)| code.starts_with(prefix))
            {
                Some((_, history)) => (
                    format!(
                        "Code {history} (personal history) when treatment is over and none of it is left."
                    ),
                    Some(*history),
                ),
                None => (
                    "Code Z85.- (personal history) when treatment is over and none of it is left."
                        .to_owned(),
                    None,
                ),
            },
            Self::Stroke => {
                ("Code Z86.73 when no deficits remain, I69.- for those that do.".to_owned(), None)
            }
            Self::Infarction => (
                "Code I25.2 for an infarction of more than four weeks ago.".to_owned(),
                Some("I25.2"),
            ),
            Self::Injury => {
                ("Code what is treated now, or the 7th character D or S.".to_owned(), None)
            }
        }
    }
}

/// Personal history by site. Source: tabular list, Z85.
const PERSONAL_HISTORY: &[(&str, &str)] = &[
    ("C18", "Z85.038"),
    ("C20", "Z85.048"),
    ("C34", "Z85.118"),
    ("C43", "Z85.820"),
    ("C50", "Z85.3"),
    ("C53", "Z85.41"),
    ("C56", "Z85.43"),
    ("C61", "Z85.46"),
    ("C62", "Z85.47"),
    ("C64", "Z85.528"),
    ("C67", "Z85.51"),
    ("C73", "Z85.850"),
];

/// Beginnings of words of a treatment that goes on, or of a disease that is there.
const TREATMENT: &[&str] = &[
    "active",
    "adjuvant",
    "anastrozole",
    "arimidex",
    "bicalutamide",
    "chemo",
    "current",
    "exemestane",
    "femara",
    "herceptin",
    "hormon",
    "immunotherapy",
    "infusion",
    "letrozole",
    "leuprolide",
    "lupron",
    "maintenance",
    "metasta",
    "neoadjuvant",
    "ongoing",
    "palliative",
    "pembrolizumab",
    "progress",
    "radiation",
    "receiving",
    "recurren",
    "relapse",
    "residual",
    "tamoxifen",
    "trastuzumab",
    "undergoing",
    "xrt",
];

/// Procedures: "s/p mastectomy" says that the operation is past, not the disease.
const PROCEDURES: &[&str] = &[
    "biops",
    "bypass",
    "cabg",
    "colectomy",
    "excision",
    "lobectomy",
    "lumpectomy",
    "mastectomy",
    "pci",
    "prostatectomy",
    "removal",
    "resection",
    "repair",
    "stent",
    "surg",
    "thrombectomy",
    "tpa",
];

fn is_past(view: &TextView<'_>, mark: &Mark<'_>, kind: Kind) -> bool {
    let about = view.about(mark);
    let item = view.said(&about.item);
    if item.iter().any(is_treatment) || (kind == Kind::Infarction && is_recent(&item)) {
        return false;
    }
    let title = mark.title_stems();
    let own = &mark.mention.range;
    let mut past = false;
    let said = view.said(&about.statement);
    let beside =
        said.iter().filter(|it| it.word.range.end <= own.start || own.end <= it.word.range.start);
    for statement in beside {
        if PROCEDURES.iter().any(|word| statement.word.lower.contains(word)) {
            return false;
        }
        let stems = stems(&statement.word);
        let is = |same: fn(&str, &str) -> bool| {
            stems.iter().any(|stem| title.iter().any(|own| same(own, stem)))
        };
        let of_past =
            statement.assertion.is(Aspect::Past) && !statement.assertion.is(Aspect::Negated);
        if !of_past && is(related) {
            return false;
        }
        past |= of_past && is(synonym);
    }
    past
}

fn is_treatment(statement: &Statement<'_>) -> bool {
    let plain = !statement.assertion.is(Aspect::Negated);
    plain
        && (statement.word.lower == "on"
            || TREATMENT.iter().any(|word| statement.word.lower.starts_with(word)))
}

/// "2 weeks ago", "yesterday", "10 days ago".
fn is_recent(said: &[Statement<'_>]) -> bool {
    let word = |at: usize| said.get(at).map_or("", |it| &*it.word.lower);
    (0..said.len()).any(|at| {
        let count: Option<u32> = word(at).parse().ok();
        match (count, word(at + 1)) {
            (Some(count), "day" | "days") => count <= 28,
            (Some(count), "week" | "weeks" | "wk" | "wks") => count <= 4,
            _ => {
                matches!(word(at), "yesterday" | "today" | "recent" | "recently" | "week" | "acute")
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("history-coded-as-active", text)
    }

    #[test]
    fn reports_the_past() {
        for (text, code) in [
            ("1. h/o breast cancer, no current tx (C50.911)", "C50.911"),
            ("Dx: old MI I21.4", "I21.4"),
            ("- h/o stroke, no deficits (I63.9)", "I63.9"),
            ("1. Breast cancer 2012, no evidence of disease. Dx: C50.911", "C50.911"),
            ("- H/o breast cancer, treated 2010 (C50.911)", "C50.911"),
        ] {
            assert_eq!(reports(text), [format!("warning {code}")], "{text}");
        }
    }

    #[test]
    fn silent_on_what_is_treated_now() {
        for text in [
            "1. CHF history of, on treatment (I50.9)",
            "1. NSTEMI 2 weeks ago (I21.4)",
            "1. h/o breast cancer, on tamoxifen (C50.911)",
            "1. History of breast cancer, currently receiving radiation (C50.911)",
            "1. Breast cancer s/p lumpectomy (C50.911)",
            "1. s/p mastectomy for breast cancer (C50.911)",
            "1. Stroke (I63.9), no history of diabetes",
            "1. Breast cancer (C50.911). History of hypertension.",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
