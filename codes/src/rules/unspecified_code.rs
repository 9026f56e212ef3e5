//! Unspecified codes where the text says more.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
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

mod further;

use further::{Beside, Further};

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
            let Some(beside) = mark.context.map(|context| &context.siblings) else { continue };
            let about = view.about(mark);
            let title = mark.title.unwrap_or_default();
            let codes = OnceCell::new();
            let codes = || codes.get_or_init(|| Beside::new(beside, mark.written.get(..3)));
            let own = &mark.mention.range;
            let chosen = |range| choose(title, codes, &view.said(range), own);
            let near = (!view.is_title(mark, &about.near)).then(|| chosen(&about.near)).flatten();
            let near = near.map(|choice| (choice, Severity::Warning));
            let choice = near.or_else(|| {
                // Without a description both are the same.
                let range = Some(&about.statement).filter(|range| **range != about.near)?;
                chosen(range).map(|choice| (choice, Severity::Hint))
            });
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
    let open = title.contains("unspecified")
        || title.contains("nos") && title.split(' ').any(|word| word == "nos");
    // The codes of diabetes without complications are those that stand when no more is known.
    let diabetes = matches!(&*mark.written, "E08.9" | "E09.9" | "E10.9" | "E11.9" | "E13.9");
    (open || diabetes) && !title.starts_with("other ")
}

/// A code that the words select.
struct Choice<'m> {
    code: Named<'m>,
    /// The words that select it, as the text has them.
    words: Vec<String>,
    stems: BTreeSet<String>,
}

/// The one code, of those of the category beside one with this title that say everything it says and more, whose further
/// words all occur, plainly said.
fn choose<'b, 'm: 'b>(
    title: &str,
    beside: impl Fn() -> &'b Beside<'m>,
    said: &[Statement<'_>],
    code: &Range<usize>,
) -> Option<Choice<'m>> {
    let own = TITLES.of(title);
    // No other title of its category says the code itself.
    let words =
        |it: &Statement<'_>| it.word.range.end <= code.start || it.word.range.start >= code.end;
    let mut further = Further::new(&own.positive, said, words);
    if further.is_empty() {
        return None;
    }
    further.keep_named(beside());
    if further.is_empty() {
        return None;
    }
    let mut found: Vec<Choice<'m>> = Vec::new();
    for (code, _) in beside().iter().filter(|(_, lower)| further.may_be_said(lower)) {
        let theirs = TITLES.of(code.title);
        let kept = own.positive.iter().all(|word| {
            theirs.positive.iter().any(|other| same_word(word, other) || refines(word, other))
        });
        if !kept || theirs.negative.iter().any(|word| written(said, word).is_some()) {
            continue;
        }
        let stems = theirs.positive.iter();
        let stems: BTreeSet<String> = stems
            .filter(|word| !own.positive.iter().any(|known| same_word(known, word)))
            .cloned()
            .collect();
        let selects =
            |word: &String| !WEAK.contains(&word.as_str()) && word.contains(char::is_alphabetic);
        let words: Option<BTreeMap<usize, String>> =
            stems.iter().map(|word| written(said, word)).collect();
        if let Some(words) = words.filter(|_| stems.iter().any(selects)) {
            found.push(Choice { code, words: words.into_values().collect(), stems });
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
        if stop::says_nothing(&word.lower) {
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
            return counted(said, at)
                .filter(|number| *number == wanted)
                .map(|_| (at, it.word.text.to_owned()));
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
            // "Unspecified site" does not say "other sites".
            None => !stop::says_nothing(&it.word.lower) && it.word.stem() == wanted,
        };
        same.then(|| (at, it.word.text.to_owned()))
    })
}

/// The number that a word is behind "stage", "class" or the like.
fn counted(said: &[Statement<'_>], at: usize) -> Option<String> {
    let (before, own) = (said.get(at.checked_sub(1)?)?, said.get(at)?);
    let counted = matches!(&*before.word.lower, "stage" | "class" | "type" | "grade" | "ckd");
    let counted = counted && before.word.range.end + 1 == own.word.range.start;
    counted.then(|| number(&own.word.lower))
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
    use super::*;
    use crate::{
        code::{Code, CodeKey},
        code_context::CodeContext,
        system::CodeSystem,
        tabular::NodeKind,
        testing::{TODAY, sample, text_reports},
        words::statements,
    };

    fn reports(text: &str) -> Vec<String> {
        text_reports("unspecified-code", text)
    }

    #[test]
    fn reads_every_name_whose_words_are_said() {
        let terminology = sample();
        let table = terminology.table(CodeSystem::Icd10Cm).unwrap();
        let mut selected = 0;
        for entry in table.iter() {
            let code = Code::from_key(CodeSystem::Icd10Cm, entry.key()).unwrap();
            let Some(concept) = terminology.concept(code, TODAY) else { continue };
            let Some((title, _)) = concept.title() else { continue };
            let beside = CodeContext::of(&concept).siblings;
            let codes = Beside::new(&beside, code.text().get(..3));
            for text in
                beside.iter().map(|it| it.title).chain(["CKD 3", "type 2", "stage IIIb, left"])
            {
                let said = statements(text, 0..text.len());
                let own = TITLES.of(&title);
                let mut further = Further::new(&own.positive, &said, |_| true);
                further.keep_named(&codes);
                for (other, lower) in codes.iter() {
                    let theirs = TITLES.of(other.title);
                    let mut words = theirs
                        .positive
                        .iter()
                        .filter(|word| !own.positive.iter().any(|known| same_word(known, word)));
                    let is_said = words.clone().next().is_some()
                        && words.all(|word| written(&said, word).is_some());
                    selected += usize::from(is_said);
                    assert!(further.may_be_said(lower) || !is_said, "{title}: {text}");
                }
            }
        }
        assert!(selected > 100, "{selected}");
    }

    /// What [`choose`] rests on, which passes over the words that stand in a code. "Emergency use of U07" says its own.
    #[test]
    fn no_title_says_another_code_of_its_category() {
        let mut titles = 0;
        for edition in sample().editions() {
            let list = &edition.list;
            for id in list.ids().filter(|id| list.kind(*id) == NodeKind::Code) {
                let (name, title) = (list.name(id), list.title(id));
                let says_another = |word: &str| {
                    let key = CodeKey::new(&word.replace('.', ""));
                    let said = key.and_then(|key| list.node(key)).map(|node| list.name(node));
                    said.is_some_and(|said| said != name && said.get(..3) == name.get(..3))
                };
                let mut words = title.split(|it: char| !it.is_alphanumeric() && it != '.');
                assert!(!words.any(says_another), "{name} {title}");
                titles += 1;
            }
        }
        assert!(titles > 100, "{titles}");
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
            "Secondary carcinoid tumors, unspecified site (C7B.00)",
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
