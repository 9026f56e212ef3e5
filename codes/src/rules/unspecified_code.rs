//! Unspecified codes where the text says more.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    code_context::Named,
    issue::Severity,
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    words::{
        Statement, abbreviations, related::same_word, stem::stem, stop, titles::Titles, words,
    },
};

declare_rule! {
    /// An unspecified code is reported, and the words beside it select a specific one.
    ///
    /// ## Why
    /// Unspecified codes are right where no more is known. Where the note says more they understate the case.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 1. Acute on chronic systolic heart failure (I50.9)
    ///                                             ^^^^^ warning[unspecified-code]: The text says 'acute', 'chronic' and 'systolic'; I50.9 (Heart failure, unspecified) does not. I50.23 (Acute on chronic systolic (congestive) heart failure) says it.
    /// ```
    ///
    /// ## Exceptions
    /// Never without words that select exactly one code; sides, which have rules of their own; screening encounters.
    ///
    /// ## Source
    /// ICD-10-CM guidelines I.A.9.b and I.B.18 (FY2026).
    "unspecified-code", Hint, Reported, Text(check)
}

/// Words that select nothing by themselves.
const WEAK: &[&str] = &[
    "bilateral",
    "left",
    "right",
    "unilateral",
    "encounter",
    "initial",
    "specify",
    "diseas",
    "disorder",
    "syndrom",
    "natur",
    "use",
];

fn check(view: &TextView<'_>, report: &mut TextReport) {
    let mut lines: BTreeSet<usize> = BTreeSet::new();
    for encounter in 0..view.note.encounters.len() {
        let screening = view
            .reported_diagnoses(encounter)
            .any(|mark| matches!(mark.written.get(..3), Some("Z11" | "Z12" | "Z13")));
        if screening {
            continue;
        }
        for mark in view.reported_diagnoses(encounter).filter(|mark| is_unspecified(mark)) {
            let candidates = candidates(mark);
            if candidates.is_empty() {
                continue;
            }
            let about = view.about(mark);
            let near = choose(&candidates, &view.said(&about.near));
            let choice = match near {
                Some(choice) => Some((choice, Severity::Warning)),
                None => choose(&candidates, &view.said(&about.statement))
                    .map(|choice| (choice, Severity::Hint)),
            };
            let Some((choice, severity)) = choice else { continue };
            let line = view
                .text
                .get(..mark.mention.range.start)
                .map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
            if !lines.insert(line) {
                continue;
            }
            let message = format!(
                "The text says {}; {} does not. {} ({}) says it.",
                listed(&choice.words),
                mark.named(),
                choice.code.code,
                choice.code.title
            );
            let finding = report.fail_on(mark, message).severity(severity);
            if mark.written.len() < 8 {
                finding.replace(mark, choice.code.code, choice.code.title);
            }
        }
    }
}

/// Whether the code leaves open what its neighbours say.
fn is_unspecified(mark: &Mark<'_>) -> bool {
    let title = mark.title.unwrap_or_default().to_ascii_lowercase();
    let open = title.contains("unspecified") || title.split(' ').any(|word| word == "nos");
    // The codes of diabetes without complications are those that stand when no more is known.
    let diabetes = matches!(&*mark.written, "E08.9" | "E09.9" | "E10.9" | "E11.9" | "E13.9");
    (open || diabetes) && !title.starts_with("other ")
}

/// A code that says everything the mark's says, and more.
struct Candidate<'m> {
    code: Named<'m>,
    theirs: Arc<TitleWords>,
    /// The words that it says more.
    further: BTreeSet<String>,
}

/// A code that the words select.
struct Choice<'m> {
    code: Named<'m>,
    /// The words that select it, as the text has them.
    words: Vec<String>,
    stems: BTreeSet<String>,
}

/// The codes beside the mark's that say everything it says, and more.
fn candidates<'m>(mark: &Mark<'m>) -> Vec<Candidate<'m>> {
    let Some(context) = mark.context else { return Vec::new() };
    let own = TITLES.of(mark.title.unwrap_or_default());
    let category = mark.written.get(..3);
    let mut found = Vec::new();
    for sibling in context.siblings.iter().filter(|sibling| sibling.code.get(..3) == category) {
        let theirs = TITLES.of(sibling.title);
        let kept = own.positive.iter().all(|word| {
            theirs.positive.iter().any(|other| same_word(word, other) || refines(word, other))
        });
        if !kept {
            continue;
        }
        let further = theirs.positive.iter();
        let further: BTreeSet<String> = further
            .filter(|word| !own.positive.iter().any(|known| same_word(known, word)))
            .cloned()
            .collect();
        let selects = further
            .iter()
            .any(|word| !WEAK.contains(&word.as_str()) && word.contains(char::is_alphabetic));
        if selects {
            found.push(Candidate { code: sibling, theirs, further });
        }
    }
    found
}

/// The one candidate whose further words all occur, plainly said.
fn choose<'m>(candidates: &[Candidate<'m>], said: &[Statement<'_>]) -> Option<Choice<'m>> {
    let mut found: Vec<Choice<'m>> = Vec::new();
    for Candidate { code, theirs, further } in candidates {
        let places: Option<BTreeMap<usize, String>> =
            further.iter().map(|word| written(said, word)).collect();
        let denied = theirs.negative.iter().any(|word| written(said, word).is_some());
        if let Some(words) = places.filter(|_| !denied) {
            found.push(Choice {
                code: *code,
                words: words.into_values().collect(),
                stems: further.clone(),
            });
        }
    }
    let most = found.iter().map(|choice| choice.stems.len()).max()?;
    let (mut best, rest): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|choice| choice.stems.len() == most);
    let only = best.pop().filter(|_| best.is_empty())?;
    rest.iter().all(|choice| choice.stems.is_subset(&only.stems)).then_some(only)
}

/// Stage 3b says more than stage 3.
fn refines(number: &str, other: &str) -> bool {
    number.bytes().all(|it| it.is_ascii_digit())
        && other.strip_prefix(number).is_some_and(|rest| matches!(rest, "a" | "b" | "c"))
}

/// The words of a title, brackets left out.
#[derive(Default)]
struct TitleWords {
    positive: Vec<String>,
    /// Behind "without" and "not".
    negative: Vec<String>,
}

static TITLES: Titles<TitleWords> = Titles::new(title_words);

fn title_words(title: &str) -> TitleWords {
    let mut found = TitleWords::default();
    let mut plain = String::new();
    let mut depth = 0_usize;
    for sign in title.chars() {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            other if depth == 0 => plain.push(other),
            _ => {}
        }
    }
    let mut denied = false;
    for word in words(&plain, 0..plain.len()) {
        if stop::is_denial(&word.lower) {
            denied = true;
        } else if matches!(&*word.lower, "with" | "unspecified")
            || plain.get(..word.range.start).is_some_and(|before| before.trim_end().ends_with(','))
        {
            denied = false;
        }
        if stop::is_stop_word(&word.lower) || stop::is_denial(&word.lower) {
            continue;
        }
        let stem = word.stem().into_owned();
        if denied { found.negative.push(stem) } else { found.positive.push(stem) }
    }
    found
}

/// The word of the text that says this, if it is plainly said. A number counts only behind "stage", "class" or the like.
fn written(said: &[Statement<'_>], wanted: &str) -> Option<(usize, String)> {
    let is_number = wanted.starts_with(|it: char| it.is_ascii_digit());
    said.iter().enumerate().filter(|(_, it)| it.assertion.is_plain()).find_map(|(at, it)| {
        if is_number {
            let before = at.checked_sub(1).and_then(|before| said.get(before))?;
            let counted =
                matches!(&*before.word.lower, "stage" | "class" | "type" | "grade" | "ckd");
            let counted = counted && before.word.range.end + 1 == it.word.range.start;
            return (counted && number(&it.word.lower) == wanted)
                .then(|| (at, it.word.text.to_owned()));
        }
        if wanted == "stag"
            && it.word.lower == "ckd"
            && said
                .get(at + 1)
                .is_some_and(|next| next.word.lower.starts_with(|it: char| it.is_ascii_digit()))
        {
            return Some((at, it.word.text.to_owned()));
        }
        let same = match abbreviations::expand(it.word.text) {
            Some(long) => long.split(' ').any(|word| stem(word) == wanted),
            None => it.word.stem() == wanted,
        };
        same.then(|| (at, it.word.text.to_owned()))
    })
}

/// `IIIb` is `3b`.
fn number(lower: &str) -> String {
    let digits = lower.bytes().take_while(|it| matches!(it, b'i' | b'v')).count();
    let value = match &lower[..digits] {
        "i" => "1",
        "ii" => "2",
        "iii" => "3",
        "iv" => "4",
        "v" => "5",
        _ => return lower.to_owned(),
    };
    format!("{value}{}", &lower[digits..])
}

/// `'acute', 'chronic' and 'systolic'`
fn listed(words: &[String]) -> String {
    let mut quoted: Vec<String> = Vec::new();
    for word in words {
        let word = format!("'{}'", word.to_lowercase());
        if !quoted.contains(&word) {
            quoted.push(word);
        }
    }
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.join(""),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("unspecified-code", text)
    }

    #[test]
    fn reports_what_the_words_select() {
        for (text, expected) in [
            ("Dx: chronic systolic heart failure I50.9", "warning I50.9"),
            ("Chronic systolic heart failure (I50.9)", "warning I50.9"),
            ("T2DM with hyperglycemia (E11.9)", "warning E11.9"),
            ("T2DM with CKD (E11.9)", "warning E11.9"),
            ("CKD stage 4 (N18.9)", "warning N18.9"),
            ("CKD stage IV (N18.9)", "warning N18.9"),
            ("CKD 4 (N18.9)", "warning N18.9"),
            ("CKD stage 3b (N18.30)", "warning N18.30"),
            ("Moderate persistent asthma (J45.909)", "warning J45.909"),
            ("Heart failure (I50.9) chronic systolic, euvolemic", "hint I50.9"),
        ] {
            assert_eq!(reports(text), [expected], "{text}");
        }
    }

    #[test]
    fn silent_without_words_that_select() {
        for text in [
            "Dx: heart failure, type unknown I50.9",
            "DM2 (E11.9)",
            "T2DM, no hyperglycemia (E11.9)",
            "T2DM (E11.9), watch for hypoglycemia",
            "T2DM (E11.9) and CKD (N18.9)",
            "Possible systolic heart failure (I50.9)",
            "CKD, 4 visits (N18.9)",
            "Chronic systolic heart failure (I50.22)",
            "Heart failure (I50.9)\n\nEcho: chronic systolic dysfunction",
            "Screening (Z12.11)\nChronic systolic heart failure (I50.9)",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
