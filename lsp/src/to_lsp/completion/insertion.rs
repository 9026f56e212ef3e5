//! What is put into the text for an item: the template of the settings, filled in.

use std::fmt::Write;

/// What is inserted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Insertion {
    /// The text.
    pub(super) text: String,
    /// The text is a snippet, in which the caret stops at places.
    pub(super) is_snippet: bool,
}

/// Fills in a template. Its stops, `$1`, `${2:side}`, `$0`, make a snippet of it where the client takes snippets; for
/// others they stand for their words.
pub(super) fn insertion(template: &str, code: &str, title: &str, snippets: bool) -> Insertion {
    let pieces = pieces(template);
    let is_snippet = snippets && pieces.iter().any(|piece| matches!(piece, Piece::Stop { .. }));
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(words) => text.push_str(&filled(words, code, title, is_snippet)),
            Piece::Stop { number, words } if is_snippet => {
                let words = filled(words, code, title, true);
                let colon = if words.is_empty() { "" } else { ":" };
                let _ = write!(text, "${{{number}{colon}{words}}}");
            }
            Piece::Stop { words, .. } => text.push_str(&filled(words, code, title, false)),
        }
    }
    Insertion { text: text.trim().to_owned(), is_snippet }
}

/// A part of a template.
enum Piece<'t> {
    Text(&'t str),
    /// A place where the caret stops, and the words that stand there beforehand.
    Stop {
        number: &'t str,
        words: &'t str,
    },
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    let mut from = 0;
    while let Some(found) = rest.get(from..).and_then(|tail| tail.find('$')) {
        let at = from + found;
        let tail = rest.get(at + 1..).unwrap_or_default();
        let Some((stop, length)) = stop(tail) else {
            from = at + 1;
            continue;
        };
        pieces.push(Piece::Text(rest.get(..at).unwrap_or_default()));
        pieces.push(stop);
        rest = tail.get(length..).unwrap_or_default();
        from = 0;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The stop that begins behind a `$`, and its length in bytes.
fn stop(tail: &str) -> Option<(Piece<'_>, usize)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let Some(inner) = tail.strip_prefix('{') else {
        let length = digits(tail);
        let number = tail.get(..length).filter(|number| !number.is_empty())?;
        return Some((Piece::Stop { number, words: "" }, length));
    };
    let length = digits(inner);
    let number = inner.get(..length).filter(|number| !number.is_empty())?;
    let mut depth = 1;
    let end = inner.char_indices().find_map(|(at, character)| {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let words = inner.get(length..end)?;
    let words = if words.is_empty() { words } else { words.strip_prefix(':')? };
    Some((Piece::Stop { number, words }, end + 2))
}

fn filled(words: &str, code: &str, title: &str, is_snippet: bool) -> String {
    let mut text = String::with_capacity(words.len() + title.len());
    let mut rest = words;
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(&escaped(before, is_snippet));
        if let Some(behind) = behind.strip_prefix("code}") {
            text.push_str(&escaped(code, is_snippet));
            rest = behind;
        } else if let Some(behind) = behind.strip_prefix("title}") {
            text.push_str(&escaped(title, is_snippet));
            rest = behind;
        } else {
            text.push('{');
            rest = behind;
        }
    }
    text.push_str(&escaped(rest, is_snippet));
    text
}

/// In a snippet a few signs mean something unless a backslash stands before them.
fn escaped(words: &str, is_snippet: bool) -> String {
    if !is_snippet {
        return words.to_owned();
    }
    let mut text = String::with_capacity(words.len());
    for character in words.chars() {
        if matches!(character, '\\' | '$' | '}') {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inserted(template: &str, snippets: bool) -> (String, bool) {
        let found = insertion(template, "E11.9", "Diabetes {odd} $5", snippets);
        (found.text, found.is_snippet)
    }

    #[test]
    fn a_template_without_stops_is_plain_text() {
        for snippets in [true, false] {
            let (text, is_snippet) = inserted("{title} ({code}), $ and {x}", snippets);
            assert_eq!(text, "Diabetes {odd} $5 (E11.9), $ and {x}");
            assert!(!is_snippet);
        }
        assert_eq!(insertion("{code} {title}", "I10", "", true).text, "I10");
    }

    #[test]
    fn stops_make_a_snippet_for_those_who_take_it() {
        let template = "{code} ${1:since {title}} $0";
        let expected = r"E11.9 ${1:since Diabetes {odd\} \$5} ${0}".to_owned();
        assert_eq!(inserted(template, true), (expected, true));
        let expected = "E11.9 since Diabetes {odd} $5".to_owned();
        assert_eq!(inserted(template, false), (expected, false));
    }

    #[test]
    fn what_is_no_stop_stays() {
        for template in ["{code} ${", "{code} ${1", "{code} ${1x}", "{code} ${a}", "é$ {code}$"] {
            let (text, is_snippet) = inserted(template, true);
            assert_eq!(text, template.replace("{code}", "E11.9"));
            assert!(!is_snippet);
        }
    }
}
