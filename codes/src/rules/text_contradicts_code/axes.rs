//! The axes on which a text and a title may contradict each other.

use std::borrow::Cow;

use crate::words::{Statement, abbreviations, assertion::Aspect, words};

/// A word with what matters of it here.
#[derive(Clone, Debug)]
struct Read<'t> {
    lower: Cow<'t, str>,
    denied: bool,
}

/// The words of a title or text, abbreviations spelled out.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading<'t> {
    words: Vec<Read<'t>>,
    /// It is a title: "hemorrhage" alone is its subject there, "with hemorrhage" is a member of an axis.
    is_title: bool,
}

impl<'t> Reading<'t> {
    /// Reads a title.
    pub(super) fn of_title(title: &'t str) -> Self {
        let mut reading = Self { is_title: true, ..Self::default() };
        let mut denied = false;
        for word in words(title, 0..title.len()) {
            match &*word.lower {
                "without" | "not" => denied = true,
                "with" | "and" => denied = false,
                _ => {}
            }
            reading.push(word.text, word.lower, denied);
        }
        reading
    }

    /// Reads words of a note. What is said to be past or of others does not count.
    pub(super) fn of_text(said: &'t [Statement<'_>]) -> Self {
        let mut reading = Self { words: Vec::with_capacity(said.len()), is_title: false };
        for it in said {
            let elsewhere = [Aspect::Past, Aspect::Relative, Aspect::Hypothetical]
                .into_iter()
                .any(|aspect| it.assertion.is(aspect));
            if elsewhere && it.word.lower != "resolved" {
                continue;
            }
            let lower = Cow::Borrowed(&*it.word.lower);
            reading.push(it.word.text, lower, it.assertion.is(Aspect::Negated));
        }
        reading
    }

    fn push(&mut self, written: &str, lower: Cow<'t, str>, denied: bool) {
        let read = |lower| Read { lower: Cow::Borrowed(lower), denied };
        match abbreviations::expand(written) {
            Some(long) => {
                // `T2DM` says its type, `NSTEMI` keeps its own word.
                let diabetes = long.strip_suffix(" diabetes").filter(|kind| kind.len() == 1);
                self.words.extend(diabetes.map(|_| read("type")));
                self.words.extend(long.split(' ').map(read));
            }
            None => self.words.push(Read { lower, denied }),
        }
    }

    /// Whether a word occurs.
    pub(super) fn has_word(&self, lower: &str) -> bool {
        self.words.iter().any(|word| word.lower == lower)
    }

    /// Whether "with", "without" or "in" stands up to two words before.
    fn is_joined(&self, index: usize) -> bool {
        (1..=2)
            .filter_map(|step| index.checked_sub(step))
            .any(|at| matches!(self.at(at), "with" | "without" | "in" | "or" | "achieved"))
    }

    fn at(&self, index: usize) -> &str {
        self.words.get(index).map_or("", |word| &word.lower)
    }
}

/// A member of an axis, such as `type 2`.
pub(super) type Token = String;

/// Words that exclude each other.
pub(super) enum Axis {
    /// Each member has words that stand for it; with conditions on what must or must not follow.
    Words {
        members: &'static [(&'static str, &'static [&'static str])],
        followed_by: &'static [&'static str],
        not_followed_by: &'static [&'static str],
    },
    /// A word and the number behind it: `stage 3b`, `type 2 diabetes`.
    Number { word: &'static str },
    /// A word that is said or denied.
    Polarity { words: &'static [&'static str] },
}

impl Axis {
    /// The members that the words name.
    pub(super) fn members(&self, reading: &Reading<'_>) -> Vec<Token> {
        let words = 0..reading.words.len();
        match self {
            Self::Words { members, followed_by, not_followed_by } => words
                .filter(|at| !reading.words[*at].denied)
                .filter(|at| {
                    followed_by.is_empty()
                        || (at + 1..at + 4).any(|next| followed_by.contains(&reading.at(next)))
                })
                .filter(|at| !not_followed_by.contains(&reading.at(at + 1)))
                .filter_map(|at| {
                    let member =
                        members.iter().find(|(_, forms)| forms.contains(&reading.at(at)))?;
                    Some(member.0.to_owned())
                })
                .collect(),
            Self::Number { word } => words.filter_map(|at| numbered(reading, word, at)).collect(),
            Self::Polarity { words: wanted } => words
                .filter(|at| wanted.contains(&reading.at(*at)))
                .filter(|at| {
                    !reading.is_title || wanted.contains(&"intractable") || reading.is_joined(*at)
                })
                .map(|at| if reading.words[at].denied { "no".to_owned() } else { "yes".to_owned() })
                .collect(),
        }
    }

    /// Whether one of two members only says more than the other: stage 3 and stage 3b.
    pub(super) fn is_refined(&self, one: &str, other: &str) -> bool {
        matches!(self, Self::Number { .. }) && (one.starts_with(other) || other.starts_with(one))
    }

    /// How a member is called in messages.
    pub(super) fn name(&self, member: &str) -> String {
        match self {
            Self::Words { .. } => member.to_owned(),
            Self::Number { .. } if member.contains(' ') => member.to_owned(),
            Self::Number { word } => format!("{word} {member}"),
            Self::Polarity { words } => {
                let word = words.first().copied().unwrap_or_default();
                match (member, word) {
                    ("no", "intractable") => "not intractable".to_owned(),
                    ("no", "remission") => "not in remission".to_owned(),
                    ("no", _) => format!("without {word}"),
                    (_, "intractable") => word.to_owned(),
                    (_, "remission") => "in remission".to_owned(),
                    _ => format!("with {word}"),
                }
            }
        }
    }
}

/// The number that stands at a word of an axis: behind `stage`, behind the `type` of a diabetes.
fn numbered(reading: &Reading<'_>, word: &str, at: usize) -> Option<Token> {
    let before = |steps: usize| at.checked_sub(steps).map_or("", |at| reading.at(at));
    let here = reading.at(at);
    if word == "stage" && here == "stage" && before(1) == "end" {
        return Some("end stage".to_owned());
    }
    // `CKD 4`, but not `CKD, 4 months`.
    let of_kidney = word == "stage"
        && here == "disease"
        && before(1) == "kidney"
        && !COUNTED.contains(&reading.at(at + 2));
    if here != word && !of_kidney {
        return None;
    }
    let near =
        (1..=3).any(|step| reading.at(at + step) == "diabetes" || before(step) == "diabetes");
    if word == "type" && !near {
        return None;
    }
    number(reading.at(at + 1))
}

/// Words that are counted.
const COUNTED: &[&str] = &[
    "day", "days", "mg", "month", "months", "times", "visits", "week", "weeks", "x", "year",
    "years",
];

/// `IIIb` is `3b`; numbers of one digit and a letter at most.
fn number(lower: &str) -> Option<String> {
    let roman = lower.bytes().take_while(|it| matches!(it, b'i' | b'v')).count();
    let (value, rest) = lower.split_at(roman);
    let value = match value {
        "" => "",
        "i" => "1",
        "ii" => "2",
        "iii" => "3",
        "iv" => "4",
        "v" => "5",
        _ => return None,
    };
    let whole = format!("{value}{rest}");
    let bytes = whole.as_bytes();
    let fits = matches!(bytes, [b'0'..=b'9']) || matches!(bytes, [b'0'..=b'9', b'a' | b'b' | b'c']);
    fits.then_some(whole)
}

const fn plain(members: &'static [(&'static str, &'static [&'static str])]) -> Axis {
    Axis::Words { members, followed_by: &[], not_followed_by: &[] }
}

/// Every axis. What a title has no word for is not asked.
pub(super) const AXES: &[Axis] = &[
    Axis::Number { word: "type" },
    Axis::Number { word: "stage" },
    Axis::Number { word: "class" },
    plain(&[("acute", &["acute"]), ("chronic", &["chronic"])]),
    Axis::Words {
        members: &[("open", &["open", "compound"]), ("closed", &["closed"])],
        followed_by: &["fracture", "fractures", "fx"],
        not_followed_by: &["reduction"],
    },
    plain(&[("displaced", &["displaced"]), ("nondisplaced", &["nondisplaced"])]),
    plain(&[("systolic", &["systolic"]), ("diastolic", &["diastolic"])]),
    Axis::Words {
        members: &[("initial encounter", &["initial"]), ("subsequent encounter", &["subsequent"])],
        followed_by: &["encounter"],
        not_followed_by: &[],
    },
    plain(&[
        ("benign", &["benign"]),
        ("malignant", &["malignant", "cancer", "carcinoma", "adenocarcinoma", "malignancy"]),
    ]),
    Axis::Words {
        members: &[("primary", &["primary", "essential"]), ("secondary", &["secondary"])],
        followed_by: &[
            "hypertension",
            "osteoarthritis",
            "parkinsonism",
            "hyperparathyroidism",
            "malignant",
            "hypogonadism",
        ],
        not_followed_by: &["to", "care", "diagnosis", "dx"],
    },
    Axis::Words {
        members: &[("male", &["male"]), ("female", &["female"])],
        followed_by: &["breast", "infertility", "erectile", "genital"],
        not_followed_by: &["factor", "partner"],
    },
    plain(&[("single episode", &["single"]), ("recurrent", &["recurrent"])]),
    Axis::Words {
        members: &[("mild", &["mild"]), ("moderate", &["moderate"]), ("severe", &["severe"])],
        followed_by: &[],
        not_followed_by: &["pain", "tenderness", "swelling", "distress", "to"],
    },
    plain(&[("intermittent", &["intermittent"]), ("persistent", &["persistent"])]),
    plain(&[("STEMI", &["stemi"]), ("NSTEMI", &["nstemi", "nonstemi"])]),
    Axis::Polarity { words: &["aura"] },
    Axis::Polarity { words: &["intractable"] },
    Axis::Polarity { words: &["remission"] },
    Axis::Polarity { words: &["esophagitis"] },
    Axis::Polarity { words: &["bleeding", "hemorrhage"] },
    Axis::Polarity { words: &["obstruction"] },
    Axis::Polarity { words: &["exacerbation"] },
    Axis::Polarity { words: &["coma"] },
    Axis::Polarity { words: &["psychotic"] },
    Axis::Polarity { words: &["hematuria"] },
    Axis::Polarity { words: &["perforation"] },
    Axis::Polarity { words: &["gangrene"] },
];
