//! The grammar of references inside notes: which codes a sentence such as "type 2 diabetes (E11.-)" names.
//!
//! Reads text only; [`super::target`] looks the codes up in a list. A group in brackets counts when it names a code;
//! codes outside of brackets count only where no group names one and the sentence introduces them ("classified in",
//! "from", "see" …) or ends with them.

use crate::code::CodeKey;

pub mod qualifier;

pub use qualifier::Qualifier;

/// How an item names codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// One code, without a wildcard. A header names everything below it all the same.
    Single(CodeKey),
    /// A code and everything below it, written with a hyphen.
    Wildcard(CodeKey),
    /// From the first code to everything below the last, in document order.
    Range(CodeKey, CodeKey),
}

/// Codes that one part of a note names, with the condition that narrows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The codes, in the order written.
    pub items: Vec<Item>,
    /// "with fifth character 2" and the like.
    pub qualifier: Option<Qualifier>,
    /// The codes stand in the sentence itself, not in brackets.
    pub bare: bool,
}

/// Reads every reference of a note.
pub fn parse(note: &str) -> Vec<Reference> {
    let groups: Vec<_> = groups(note).into_iter().filter_map(parse_group).collect();
    if groups.is_empty() { parse_bare(note) } else { groups.into_iter().flatten().collect() }
}

/// The bodies of all brackets. One that is never closed reaches to the end; a brace closes as well (a misprint).
fn groups(note: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = note;
    while let Some(start) = rest.find(['(', '[']) {
        let closers: &[char] = if rest[start..].starts_with('(') { &[')', '}'] } else { &[']'] };
        let body = &rest[start + 1..];
        let end = body.find(closers).unwrap_or(body.len());
        found.push(&body[..end]);
        rest = body.get(end + 1..).unwrap_or_default();
    }
    found
}

/// `None` when the brackets hold ordinary text; `Some(None)` when they name codes under a condition nobody can read.
#[expect(clippy::option_option, reason = "no group, a group without use, and a group differ")]
fn parse_group(body: &str) -> Option<Option<Reference>> {
    let codes = find_codes(body);
    let first = codes.first()?;
    let (listed, condition) = split_condition(body, first.end);
    let items = items(body, codes.iter().filter(|code| code.start < listed).copied());
    let qualifier = match condition {
        None => None,
        Some(text) => match qualifier::parse(text) {
            Some(qualifier) => Some(qualifier),
            None => return Some(None),
        },
    };
    Some(Some(Reference { items, qualifier, bare: false }))
}

/// Where the list of codes ends, and the text behind "with".
fn split_condition(body: &str, from: usize) -> (usize, Option<&str>) {
    let Some(at) = body[from..].to_ascii_lowercase().find("with ").map(|at| at + from) else {
        return (body.len(), None);
    };
    (at, Some(body[at + "with ".len()..].trim()))
}

const INTRODUCTIONS: [&str; 8] = [
    "classified in",
    "classifiable to",
    "from",
    "category",
    "categories",
    "subcategory",
    "subcategories",
    "see",
];

/// References outside of brackets: runs of codes that are introduced by a phrase, or that end the note.
fn parse_bare(note: &str) -> Vec<Reference> {
    let codes = find_codes(note);
    let mut references = Vec::new();
    let mut index = 0;
    while index < codes.len() {
        let mut last = index;
        while last + 1 < codes.len() && is_separator(&note[codes[last].end..codes[last + 1].start])
        {
            last += 1;
        }
        let before = note[..codes[index].start].trim_end().to_ascii_lowercase();
        let introduced = INTRODUCTIONS.iter().any(|phrase| {
            before
                .strip_suffix(phrase)
                .is_some_and(|head| !head.ends_with(|c: char| c.is_ascii_alphanumeric()))
        });
        let behind = &note[codes[last].end..];
        let ends_note = behind.chars().all(|character| matches!(character, '.' | '-' | ' ' | ')'));
        let condition = behind.trim_start_matches(['.', '-', ',', ' ']).strip_prefix("with ");
        let qualifier = condition.and_then(qualifier::parse);
        // A condition that nobody can read ("with ketoacidosis") would widen the reference if it were left out.
        let is_readable = condition.is_none() || qualifier.is_some();
        if (introduced || ends_note || qualifier.is_some()) && is_readable {
            let run = codes[index..=last].iter().copied();
            references.push(Reference { items: items(note, run), qualifier, bare: true });
        }
        index = last + 1;
    }
    references
}

#[derive(Clone, Copy, Debug)]
struct CodeAt {
    key: CodeKey,
    start: usize,
    end: usize,
}

/// Every code in the text, in order. Nothing that is part of a longer word is one: `G6PD`, `H1N1`.
fn find_codes(text: &str) -> Vec<CodeAt> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if at > 0 && bytes[at - 1].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        if let Some(code) = code_at(text, at) {
            at = code.end;
            found.push(code);
        } else {
            at += 1;
        }
    }
    found
}

fn code_at(text: &str, start: usize) -> Option<CodeAt> {
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(start + index).copied().unwrap_or(0);
    let category =
        at(0).is_ascii_uppercase() && at(1).is_ascii_digit() && at(2).is_ascii_alphanumeric();
    let letters = at(0) == b'Q' && at(1) == b'A' && at(2).is_ascii_digit();
    if !(category || letters) {
        return None;
    }
    let mut end = start + 3;
    if at(3) == b'.' {
        let extra = bytes[end + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if (1..=4).contains(&extra) {
            end += 1 + extra;
        }
    }
    if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let key = CodeKey::new(&text[start..end].replace('.', ""))?;
    Some(CodeAt { key, start, end })
}

fn items(text: &str, codes: impl Iterator<Item = CodeAt>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut codes = codes.peekable();
    while let Some(code) = codes.next() {
        let range = codes.next_if(|next| is_range(&text[code.end..next.start]));
        items.push(match range {
            Some(last) => Item::Range(code.key, last.key),
            None if has_wildcard(&text[code.end..]) => Item::Wildcard(code.key),
            None => Item::Single(code.key),
        });
    }
    items
}

/// A hyphen, with or without a point, or a point by itself, straight behind a code: all codes below it.
fn has_wildcard(behind: &str) -> bool {
    match behind.strip_prefix('.') {
        Some(rest) => rest.starts_with(['-', ' ']),
        None => behind.starts_with('-'),
    }
}

/// Whether what stands between two codes makes them a range: a hyphen or "to", behind the wildcard of the first.
fn is_range(between: &str) -> bool {
    let rest = between.strip_prefix('.').unwrap_or(between);
    let joined = |rest: &str| {
        let rest = rest.trim();
        rest == "-" || rest == "to"
    };
    joined(rest) || rest.strip_prefix('-').is_some_and(joined)
}

/// Whether two codes belong to one list.
fn is_separator(between: &str) -> bool {
    let mut words = between.split([',', ';', '.', '-', ' ']);
    is_range(between) || words.all(|word| word.is_empty() || word == "and" || word == "or")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(note: &str) -> String {
        let references = parse(note);
        let show = |item: &Item| match item {
            Item::Single(key) => key.to_string(),
            Item::Wildcard(key) => format!("{key}*"),
            Item::Range(first, last) => format!("{first}..{last}"),
        };
        let parts: Vec<String> = references
            .iter()
            .map(|reference| {
                let items: Vec<_> = reference.items.iter().map(show).collect();
                let bare = if reference.bare { "bare " } else { "" };
                let condition = reference
                    .qualifier
                    .as_ref()
                    .map_or(String::new(), |qualifier| format!(" | {qualifier}"));
                format!("{bare}{}{condition}", items.join(" "))
            })
            .collect();
        parts.join(" // ")
    }

    #[test]
    fn reads_the_official_forms() {
        for (note, expected) in [
            ("sciatica (M51.1.-)", "M511*"),
            ("hemorrhage (I60.-. I61.-, I62.-)", "I60* I61* I62*"),
            ("rheumatic (I01.0 -I01.9)", "I010..I019"),
            ("use (F10.--F19.-)", "F10..F19"),
            ("(S12.0--S12.6.-)", "S120..S126"),
            ("(P28.3- - P28.4-)", "P283..P284"),
            ("(Q70.0- -Q70.3-)", "Q700..Q703"),
            ("(K85-K86.-)", "K85..K86"),
            ("(D06-D07.3)", "D06..D073"),
            ("(F98.2.-F98.3)", "F982..F983"),
            ("(M05.00 to M05.8A", "M0500..M058A"),
            ("(Z89.52-", "Z8952*"),
            ("(E87.8}", "E878"),
            ("(J00-J06; J20-J22)", "J00..J06 J20..J22"),
            ("(A00-R94 and T80-T88.6, T88.8)", "A00..R94 T80..T886 T888"),
            ("deficiency (G6PD), vitamin B12 and more", ""),
            ("pneumoconiosis associated with tuberculosis, any type in A15 (J65)", "J65"),
            ("AIDS [HIV] disease (B20)", "B20"),
            ("injury to visual cortex S04.04-", "bare S0404*"),
            ("S06.1- to S06.6-, and S06.81- to S06.89-", "bare S061..S066 S0681..S0689"),
            (
                "injuries classified in subcategories S06.1- to S06.6-, code to the injury",
                "bare S061..S066",
            ),
            (
                "leukemia in remission C91.0-C95.9 with 5th character 1",
                "bare C910..C959 | character 5 1",
            ),
            ("dependence from category F17", "bare F17"),
            ("acidosis - see categories E08-E10, E11, E13 with ketoacidosis", ""),
            ("QA0 (QA0.0101)", "QA00101"),
        ] {
            assert_eq!(read(note), expected, "{note}");
        }
    }

    #[test]
    fn reads_conditions() {
        for (note, expected) in [
            (
                "(E08, E09, E11, E13 with final characters .00 or .01)",
                "E08 E09 E11 E13 | final 00 01",
            ),
            ("(F11-F19 with .15. .25, .95)", "F11..F19 | suffix 15 25 95"),
            ("(E08-E13 with .51-.52)", "E08..E13 | suffix 51-52"),
            ("(E08-E13 with .62-)", "E08..E13 | suffix 62"),
            ("(S32.1--S32.9 with 7th character B)", "S321..S329 | character 7 B"),
            ("(S92.-with 7th character B)", "S92* | character 7 B"),
            ("(S42.- with 7th character B or C)", "S42* | character 7 BC"),
            ("(S06.0X- with seventh character A)", "S060X* | character 7 A"),
            ("(A37 with fifth-character 1)", "A37 | character 5 1"),
            ("(F10-F19 with 5th character .6)", "F10..F19 | character 5 6"),
            ("(F11-F19 with fifth to sixth characters 51)", "F11..F19 | characters 5-6 51"),
            ("(T36-T50 with fifth or six character 5)", "T36..T50 | intent 5"),
            ("(T36-T65 with fifth or sixth character 1-4 or 6)", "T36..T65 | intent 12346"),
            ("(T51-T65 with fifth or sixth character to indicate intent)", "T51..T65 | intent any"),
            ("(T43.1X with sixth character 1-4)", "T431X | character 6 1234"),
            ("(S52.- with open fracture 7th character)", "S52* | open fracture"),
            ("(I69. with final characters -23)", "I69* | final 23"),
            ("(T36-T50 with final character 6)", "T36..T50 | final 6"),
            ("(K29 with bleeding)", ""),
        ] {
            assert_eq!(read(note), expected, "{note}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(note in "\\PC{0,80}", codes in "[A-Z0-9.,()\\[\\] with-]{0,60}") {
            let _ = parse(&note);
            let _ = parse(&codes);
        }
    }
}
