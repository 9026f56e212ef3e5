//! Headings, and whether the codes below them are reported or only mentioned.
//!
//! Codes under History, PMH, Family history, ROS, Rule-out, Differential or Allergies say something about the patient
//! but are not what is billed. Source: rules, section 7.

use std::ops::Range;

use memchr::memchr;

use super::{
    lines::lines,
    tokens::{is_blank, is_word, skip},
};

/// A Markdown heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// From its first `#` to its last character.
    pub(super) range: Range<usize>,
    /// The number of `#`.
    pub(super) level: usize,
    /// Its text.
    pub(super) title: Range<usize>,
}

/// The sections that a line stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sections {
    /// The levels of open Markdown headings below which codes are only mentioned, one bit each.
    mentioned: u8,
    /// What a plain heading (`PMH:`) below the last Markdown heading says.
    plain: Option<bool>,
}

impl Sections {
    /// Whether codes are reported here.
    pub(super) fn reported(self) -> bool {
        self.plain.unwrap_or(self.mentioned == 0)
    }

    /// Takes note of a line. Returns the heading, if it is a Markdown heading.
    pub(super) fn observe(&mut self, text: &str, line: Range<usize>) -> Option<Heading> {
        if let Some(heading) = heading(text, line.clone()) {
            self.plain = None;
            let title = text.get(heading.title.clone()).unwrap_or_default();
            let level = 1 << heading.level;
            self.mentioned &= level - 1;
            if kind(title) == Some(Kind::Mentioned) {
                self.mentioned |= level;
            }
            return Some(heading);
        }
        match plain_heading(text.get(line).unwrap_or_default()) {
            Some(Kind::Mentioned) => self.plain = Some(false),
            Some(Kind::Reported) => self.plain = Some(true),
            // `Dx:` ends a plain section, not a Markdown section: there it is part of the history.
            Some(Kind::Codes) if self.plain == Some(false) => self.plain = None,
            _ => {}
        }
        None
    }
}

/// The Markdown heading on a line.
pub(super) fn heading(text: &str, line: Range<usize>) -> Option<Heading> {
    matches!(text.as_bytes().get(line.start)?, b' ' | b'#').then_some(())?;
    let start = skip(text, line.start, line.end.min(line.start + 3), |it| it == ' ');
    let behind = skip(text, start, line.end, |it| it == '#');
    let level = behind - start;
    let title = skip(text, behind, line.end, is_blank);
    if !(1..=6).contains(&level) || title == behind {
        return None;
    }
    let words = text.get(title..line.end)?.trim_end_matches(|it| is_blank(it) || it == '#');
    let end = title + words.len();
    Some(Heading { range: start..end.max(behind), level, title: title..end })
}

/// Where the first Markdown heading of a text begins. What looks like one in a fenced block or in the YAML block at the
/// head is none.
pub(super) fn first_heading(text: &str) -> Option<usize> {
    let mut closed_by: Option<&str> = None;
    for (number, line) in lines(text, 0..text.len()).enumerate() {
        let words = line.text(text).trim_end();
        let fence = words.trim_start();
        match closed_by {
            Some(mark) if fence.starts_with(mark) => closed_by = None,
            None if number == 0 && words == "---" => closed_by = Some("---"),
            None if fence.starts_with("```") => closed_by = Some("```"),
            None if fence.starts_with("~~~") => closed_by = Some("~~~"),
            None if heading(text, line.range()).is_some() => return Some(line.start),
            Some(_) | None => {}
        }
    }
    None
}

/// What a heading announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Codes below are mentioned.
    Mentioned,
    /// Codes below are reported.
    Reported,
    /// The label of a list of codes or a date.
    Codes,
}

/// Whether a line of sentences alone, without colon or emphasis, may be a heading: it is set in capitals.
pub(super) fn may_be_plain_heading(line: &str) -> bool {
    let bytes = line.as_bytes();
    let begin = bytes.get(..16).unwrap_or(bytes);
    !begin.is_empty() && !begin.iter().any(u8::is_ascii_lowercase)
}

/// The heading that a line of plain text begins with: `PMH:`, `**Assessment**`, `PAST MEDICAL HISTORY`.
fn plain_heading(line: &str) -> Option<Kind> {
    let is_apart = |it| is_blank(it) || matches!(it, '*' | '_');
    let content = line.trim_start_matches(is_apart);
    let first = content.as_bytes().first()?;
    if !first.is_ascii_alphabetic() {
        return None;
    }
    let content = content.trim_end_matches(is_apart);
    let head =
        content.get(..content.len().min(48)).or_else(|| content.get(..40)).unwrap_or(content);
    let name = match memchr(b':', head.as_bytes()) {
        Some(colon) => &head[..colon],
        // Without a colon only capitals or emphasis make a heading.
        None if content.len() <= 48 && is_set_off(line, content) => content,
        None => return None,
    };
    kind(name).or_else(|| {
        let alone = content.len() == name.len() + 1;
        (alone && name.split_whitespace().count() <= 5).then_some(Kind::Reported)
    })
}

fn is_set_off(line: &str, content: &str) -> bool {
    let emphasised = line.trim().starts_with("**") && line.trim().ends_with("**");
    emphasised || content.chars().all(|it| it.is_ascii_uppercase() || !is_word(it))
}

/// What the name of a section says. `None` if it is not known.
fn kind(name: &str) -> Option<Kind> {
    let words = name.split(|it: char| !is_word(it) && it != '/').filter(|word| !word.is_empty());
    let mut name = String::with_capacity(name.len());
    for word in words.take(6) {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    name.make_ascii_lowercase();
    let first = name.split(' ').next().unwrap_or_default();
    if PRESENT.binary_search(&&*name).is_ok() || name.starts_with("history and physical") {
        Some(Kind::Reported)
    } else if is_mentioned(&name) {
        Some(Kind::Mentioned)
    } else if LABELS.binary_search(&first).is_ok() {
        Some(Kind::Codes)
    } else {
        None
    }
}

/// Sections of the past, of relatives and of what is not the case. `History of falls: …` is no such section.
fn is_mentioned(name: &str) -> bool {
    MENTIONED.binary_search(&name).is_ok()
        || ["differential", "past medical", "past surgical"]
            .iter()
            .any(|start| name.starts_with(start))
        || [" history", " hx", " allergies"].iter().any(|end| name.ends_with(end))
}

/// Names of sections whose codes are mentioned.
const MENTIONED: &[&str] = &[
    "allergies",
    "allergies and intolerances",
    "allergy",
    "allergy list",
    "ddx",
    "family",
    "fh",
    "fhx",
    "history",
    "hx",
    "pmh",
    "pmhx",
    "psh",
    "pshx",
    "r/o",
    "review of systems",
    "ros",
    "rule out",
    "rule outs",
    "shx",
];

/// Names of sections whose codes are reported, some of which look like a history.
const PRESENT: &[&str] = &[
    "a p",
    "a/p",
    "assessment",
    "assessment and plan",
    "assessment plan",
    "assessment/plan",
    "billing",
    "cc",
    "charges",
    "chief complaint",
    "coding",
    "disposition",
    "encounter",
    "exam",
    "follow up",
    "h p",
    "history of present illness",
    "history of presenting illness",
    "history physical",
    "hospital course",
    "hpi",
    "imaging",
    "impression",
    "interval history",
    "labs",
    "medications",
    "meds",
    "objective",
    "orders",
    "physical exam",
    "physical examination",
    "plan",
    "problem list",
    "problems",
    "procedures",
    "reason for visit",
    "results",
    "subjective",
    "visit",
    "vital signs",
    "vitals",
];

/// Words that begin a list of codes or a date.
const LABELS: &[&str] =
    &["cpt", "date", "diagnoses", "diagnosis", "dos", "dx", "hcpcs", "icd", "icd10", "pcs", "px"];

/// Whether the words before the date of a heading make it another day than that of an encounter: `Labs 2026-02-20`.
pub(super) fn names_other_day(before: &str) -> bool {
    const OTHER: &[&str] = &[
        "birth",
        "ct",
        "dob",
        "echo",
        "imaging",
        "lab",
        "laboratory",
        "labs",
        "last",
        "medications",
        "mri",
        "next",
        "previous",
        "prior",
        "result",
        "results",
        "since",
        "until",
        "updated",
        "xray",
    ];
    !before.is_empty() && (kind(before) == Some(Kind::Mentioned) || names_one_of(before, OTHER))
}

fn names_one_of(text: &str, words: &[&str]) -> bool {
    text.split(|it: char| !it.is_alphabetic())
        .filter(|word| word.len() > 1)
        .any(|word| words.binary_search(&&*word.to_ascii_lowercase()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::lines::lines;

    /// The last word of each line that is reported.
    fn reported(text: &str) -> Vec<&str> {
        let mut sections = Sections::default();
        lines(text, 0..text.len())
            .filter_map(|line| {
                sections.observe(text, line.range());
                sections.reported().then(|| line.text(text).split_whitespace().last()).flatten()
            })
            .filter(|word| word.len() == 2 && word.starts_with(|it: char| it.is_ascii_lowercase()))
            .collect()
    }

    #[test]
    fn codes_of_the_past_are_mentioned_only() {
        let text = "## Past Medical History\nDx: a1\n### Detail\na2\n## Assessment\nb1\n## Family history\na3\n# Plan\nb2";
        assert_eq!(reported(text), ["b1", "b2"]);
        for name in [
            "History",
            "PMH",
            "Family history",
            "ROS",
            "Review of Systems",
            "Rule-out",
            "R/O",
            "Differential",
            "Differential diagnosis",
            "DDx",
            "Allergies",
            "Social history",
            "Past surgical hx",
        ] {
            assert_eq!(reported(&format!("## {name}\na1")), Vec::<&str>::new(), "{name}");
            assert_eq!(reported(&format!("{name}: a1\na2\n\na3")), Vec::<&str>::new(), "{name}");
            assert_eq!(reported(&format!("**{name}:** a1\nAssessment: b1")), ["b1"], "{name}");
        }
    }

    #[test]
    fn present_complaints_are_no_history() {
        for name in [
            "History of present illness",
            "HPI",
            "History and Physical",
            "Assessment",
            "Dx",
            "Plan",
        ] {
            assert_eq!(reported(&format!("## {name}\nb1\n{name}: b2")), ["b1", "b2"], "{name}");
        }
    }

    #[test]
    fn plain_sections_end_with_the_next_heading() {
        assert_eq!(reported("PAST MEDICAL HISTORY\na1\nASSESSMENT\nb1"), ["b1"]);
        assert_eq!(reported("PMH: a1\nDx: b1"), ["b1"]);
        assert_eq!(reported("PMH:\n- Diabetes: a1\nOffice procedures:\nb1"), ["b1"]);
        assert_eq!(reported("PMH:\nDiabetes: a1"), Vec::<&str>::new());
    }

    #[test]
    fn a_disease_with_such_a_name_is_no_section() {
        assert_eq!(reported("Allergic rhinitis: b1\nHistory of falls: b2"), ["b1", "b2"]);
        assert!(MENTIONED.is_sorted() && PRESENT.is_sorted() && LABELS.is_sorted());
    }

    #[test]
    fn headings_have_a_level_and_a_title() {
        let text = "  ## Visit 3 ##  ";
        let found = heading(text, 0..text.len()).unwrap();
        assert_eq!(
            (found.level, &text[found.title], &text[found.range]),
            (2, "Visit 3", "## Visit 3")
        );
        for text in ["#tag", "####### x", "text", "#", "    # code"] {
            assert_eq!(heading(text, 0..text.len()), None, "{text}");
        }
    }
}
