//! Comments that speak to medcode: `<!-- medcode: ignore RULE [CODE] -- reason -->`.

use std::{collections::HashMap, ops::Range};

use super::{
    lines,
    tokens::{Folded, is_dash},
};

/// A comment that speaks to medcode. Of its words only well-formed rule ids and codes are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pragma {
    /// Bytes of the whole comment.
    pub range: Range<usize>,
    /// What it asks for.
    pub verb: Verb,
    /// The rules it names, as written. They need not exist.
    pub rules: Vec<String>,
    /// Where each of `rules` stands.
    pub rule_ranges: Vec<Range<usize>>,
    /// The codes it names, as written.
    pub codes: Vec<String>,
    /// Byte behind the last word before the reason: further rules and codes go here.
    pub words_end: usize,
    /// Where words stand that are neither a rule id nor a code. They are not kept: they may be anything.
    pub other_words: Vec<Range<usize>>,
    /// A reason follows behind `--`.
    pub has_reason: bool,
    /// Where the reason stands; empty where there is none.
    pub reason: Range<usize>,
    /// Number of the line on which the comment begins, from 0.
    pub line: usize,
}

/// What a pragma asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Silence the rules on this line.
    Ignore,
    /// Silence the rules on the next line that is not blank.
    IgnoreNextLine,
    /// Silence the rules from here.
    IgnoreStart,
    /// Until here.
    IgnoreEnd,
    /// Silence the rules in the whole document.
    IgnoreFile,
    /// Two codes that exclude each other are both right.
    Unrelated,
    /// No known verb. The bytes of the word that stands in its place, empty if there is none.
    Unknown(Range<usize>),
}

/// The pragmas among `comments`.
pub(super) fn read(text: &str, comments: &[Range<usize>]) -> Vec<Pragma> {
    let mut pragmas = Vec::new();
    let mut counted = 0;
    let mut line = 0;
    for comment in comments {
        if let Some(body) = body(text, comment) {
            line += lines::lines(text, counted..comment.start)
                .filter(|it| it.next <= comment.start)
                .count();
            counted = lines::start_of_line(text, comment.start);
            pragmas.push(parse(text, comment, body, line));
        }
    }
    pragmas
}

/// What stands between `medcode:` and the end of the comment.
fn body(text: &str, comment: &Range<usize>) -> Option<Range<usize>> {
    let inner = text.get(comment.clone())?.strip_prefix("<!--")?;
    let words = inner.trim_start();
    let (name, rest) = words.split_at_checked("medcode".len())?;
    let rest = rest
        .trim_start_matches([' ', '\t'])
        .strip_prefix(':')
        .filter(|_| name.eq_ignore_ascii_case("medcode"))?;
    let start = comment.end - rest.len();
    Some(start..comment.end - rest.len() + rest.strip_suffix("-->").unwrap_or(rest).len())
}

fn parse(text: &str, comment: &Range<usize>, body: Range<usize>, line: usize) -> Pragma {
    let mut pragma = Pragma {
        range: comment.clone(),
        verb: Verb::Unknown(body.start..body.start),
        rules: Vec::new(),
        rule_ranges: Vec::new(),
        codes: Vec::new(),
        words_end: body.start,
        other_words: Vec::new(),
        has_reason: false,
        reason: body.end..body.end,
        line,
    };
    let mut verb_read = false;
    let mut at = body.start;
    while let Some(range) = next_word(text, at, body.end) {
        at = range.end;
        let word = text.get(range.clone()).unwrap_or_default();
        if word.len() > 1 && word.chars().all(is_dash) {
            let no_words = |it: char| it.is_whitespace() || is_dash(it);
            let behind = text.get(range.end..body.end).unwrap_or_default();
            let end = range.end + behind.trim_end_matches(no_words).len();
            let start = body.end - behind.trim_start_matches(no_words).len();
            pragma.has_reason = start < end;
            pragma.reason = start.min(end)..end;
            break;
        }
        pragma.words_end = range.end;
        if !verb_read {
            verb_read = true;
            pragma.verb = verb(word, &range);
        } else if is_rule_id(word) {
            pragma.rules.push(word.to_owned());
            pragma.rule_ranges.push(range);
        } else if is_code(word) {
            pragma.codes.push(word.to_owned());
        } else {
            pragma.other_words.push(range);
        }
    }
    pragma
}

/// The next run of characters other than blanks and commas.
fn next_word(text: &str, from: usize, end: usize) -> Option<Range<usize>> {
    let rest = text.get(from..end)?;
    let apart = |it: char| it.is_whitespace() || it == ',';
    let start = from + rest.find(|it| !apart(it))?;
    let length = text.get(start..end)?.find(apart).unwrap_or(end - start);
    Some(start..start + length)
}

fn verb(word: &str, range: &Range<usize>) -> Verb {
    match word {
        "ignore" => Verb::Ignore,
        "ignore-next-line" => Verb::IgnoreNextLine,
        "ignore-start" => Verb::IgnoreStart,
        "ignore-end" => Verb::IgnoreEnd,
        "ignore-file" => Verb::IgnoreFile,
        "unrelated" => Verb::Unrelated,
        _ => Verb::Unknown(range.clone()),
    }
}

/// Lower-case words with hyphens between: `expired-code`.
fn is_rule_id(word: &str) -> bool {
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    word.contains('-')
        && word.len() <= 64
        && word.split('-').all(|part| !part.is_empty() && part.bytes().all(lower))
        && word.split('-').any(|part| part.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Whether a comment to medcode can name this code.
pub(super) fn is_code(word: &str) -> bool {
    let code = word.trim_end_matches(is_dash).trim_end_matches('.');
    Folded::read(code).is_some_and(|folded| folded.digits > 0 && (2..=8).contains(&folded.length()))
}

/// Where `ignore-start` leaves only labelled and structured codes: from it to the `ignore-end` of the same rules, or
/// to `end`, the end of the text. The ranges do not overlap.
pub(super) fn silenced(pragmas: &[Pragma], end: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut open: HashMap<&[String], usize> = HashMap::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for pragma in pragmas {
        match pragma.verb {
            Verb::IgnoreStart => {
                if depth == 0 {
                    start = pragma.range.end;
                }
                depth += 1;
                *open.entry(&pragma.rules).or_default() += 1;
            }
            Verb::IgnoreEnd => {
                // One without its start ends nothing.
                let Some(count) = open.get_mut(pragma.rules.as_slice()).filter(|count| **count > 0)
                else {
                    continue;
                };
                *count -= 1;
                depth -= 1;
                if depth == 0 {
                    ranges.push(start..pragma.range.start);
                }
            }
            _ => {}
        }
    }
    if depth > 0 {
        ranges.push(start..end);
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pragma(text: &str) -> Pragma {
        let mut found = read(text, std::slice::from_ref(&(0..text.len())));
        assert_eq!(found.len(), 1, "{text}");
        found.remove(0)
    }

    #[test]
    fn reads_verb_rules_codes_and_reason() {
        let found =
            pragma("<!-- medcode: ignore expired-code,unknown-code E11.66 -- asked the payer -->");
        assert_eq!(found.verb, Verb::Ignore);
        assert_eq!(found.rules, ["expired-code", "unknown-code"]);
        assert_eq!(found.codes, ["E11.66"]);
        assert!(found.has_reason);
        let found = pragma("<!-- medcode: unrelated E10.9 E11.9 -- history unclear -->");
        assert_eq!((found.verb, found.codes.len(), found.rules.len()), (Verb::Unrelated, 2, 0));
    }

    #[test]
    fn knows_each_verb() {
        for (word, verb) in [
            ("ignore-next-line", Verb::IgnoreNextLine),
            ("ignore-start", Verb::IgnoreStart),
            ("ignore-end", Verb::IgnoreEnd),
            ("ignore-file", Verb::IgnoreFile),
        ] {
            assert_eq!(pragma(&format!("<!--medcode:{word} expired-code-->")).verb, verb);
        }
        assert_eq!(pragma("<!-- medcode: suppress expired-code -->").verb, Verb::Unknown(14..22));
        assert!(
            matches!(pragma("<!-- medcode: -->").verb, Verb::Unknown(range) if range.is_empty())
        );
    }

    #[test]
    fn a_reason_needs_words() {
        for text in [
            "<!-- medcode: ignore a-rule -->",
            "<!-- medcode: ignore a-rule -- -->",
            "<!-- medcode: ignore a-rule ---->",
        ] {
            assert!(!pragma(text).has_reason, "{text}");
        }
        assert!(pragma("<!-- medcode: ignore a-rule \u{2014}\u{2014} checked -->").has_reason);
    }

    #[test]
    fn keeps_only_well_formed_words() {
        let found = pragma("<!-- medcode: ignore John-Smith e11.9 icd9-code why not E11.- -->");
        assert_eq!(found.rules, ["icd9-code"]);
        assert_eq!(found.codes, ["e11.9", "E11.-"]);
    }

    #[test]
    fn counts_lines_and_passes_over_other_comments() {
        let text = "a\r\n<!-- x -->\n\n b <!-- medcode: ignore a-rule -->";
        let comments: Vec<Range<usize>> = text
            .match_indices("<!--")
            .map(|(at, _)| at..at + text[at..].find("-->").unwrap() + 3)
            .collect();
        let found = read(text, &comments);
        assert_eq!(found.iter().map(|it| it.line).collect::<Vec<_>>(), [3]);
        assert_eq!(&text[found[0].rule_ranges[0].clone()], "a-rule");
    }

    #[test]
    fn regions_end_with_their_own_end() {
        let text = "<!-- medcode: ignore-start a-b --> x <!-- medcode: ignore-start c-d --><!-- medcode: ignore-end a-b -->\
                    <!-- medcode: ignore-end c-d --> y <!-- medcode: ignore-end a-b --> <!-- medcode: ignore-start a-b --> z";
        let comments: Vec<Range<usize>> = text
            .match_indices("<!--")
            .map(|(at, _)| at..at + text[at..].find("-->").unwrap() + 3)
            .collect();
        let ranges = silenced(&read(text, &comments), text.len());
        let inside =
            |word: &str| ranges.iter().any(|range| range.contains(&text.find(word).unwrap()));
        assert!(inside(" x ") && !inside(" y ") && inside(" z"));
        assert_eq!(ranges.len(), 2);
    }
}
