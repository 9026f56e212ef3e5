//! What is glued to a code: the hyphen of a category, the other end of a range, modifiers.

use std::ops::Range;

use super::{
    Form,
    shapes::{exact, is_diagnosis},
    systems::Systems,
    tokens::{self, Folded, Token, char_at, is_blank, is_dash, is_point, is_word, skip},
};
use crate::system::CodeSystem;

/// A code with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// Where the code ends as written: behind the hyphen of a category, behind the other end of a range.
    pub(super) end: usize,
    /// Whether one code is meant or several.
    pub(super) form: Form,
    /// The modifiers.
    pub(super) modifiers: Vec<Range<usize>>,
}

impl Written {
    /// Where the modifiers end, or the code if it has none.
    pub(super) fn end_of_all(&self) -> usize {
        self.modifiers.last().map_or(self.end, |last| last.end)
    }
}

/// Reads what is glued to the code in `token`. In a list, behind a label, short ranges and modifiers that stand apart
/// count as well.
pub(super) fn read(
    text: &str,
    end: usize,
    token: Token,
    word: &Folded,
    system: CodeSystem,
    in_list: bool,
) -> Written {
    match system {
        CodeSystem::Icd10Cm => diagnosis(text, end, token, word, in_list),
        CodeSystem::Cpt | CodeSystem::Hcpcs => procedure(text, end, token, in_list),
        CodeSystem::Icd10Pcs => plain(token),
    }
}

fn plain(token: Token) -> Written {
    Written { end: token.end, form: Form::Code, modifiers: Vec::new() }
}

fn diagnosis(text: &str, end: usize, token: Token, word: &Folded, in_list: bool) -> Written {
    let written = |end, form| Written { end, form, modifiers: Vec::new() };
    let wildcard_x = word.is_dotted() && word.length() == 4 && word.text().ends_with('X');
    let Some((dashes, pointed)) = dashes(text, token.end, end) else {
        return written(token.end, if wildcard_x { Form::Category } else { Form::Code });
    };
    if let Some(other) = tokens::at(text, dashes, end) {
        let folded = Folded::read(other.text(text));
        let whole = folded.is_some_and(|it| is_diagnosis(&it));
        // `E08-13`
        let short = in_list
            && word.length() == 3
            && other.end - other.start == 2
            && folded.is_some_and(|it| it.digits == 2);
        if whole || short {
            let end = self::dashes(text, other.end, end)
                .filter(|(behind, _)| !char_at(text, *behind).is_some_and(|(it, _)| is_word(it)))
                .map_or(other.end, |(behind, _)| behind);
            return written(end, Form::Span);
        }
        return plain(token);
    }
    if pointed || closes(text, dashes, end) {
        written(dashes, Form::Category)
    } else {
        plain(token)
    }
}

/// Where one or two dashes end that stand at `at`, perhaps behind a point; and whether the point was there.
fn dashes(text: &str, at: usize, end: usize) -> Option<(usize, bool)> {
    let (first, width) = char_at(text, at).filter(|_| at < end)?;
    let pointed = is_point(first);
    let mut behind = if pointed { at + width } else { at };
    let from = behind;
    for _ in 0..2 {
        match char_at(text, behind).filter(|_| behind < end) {
            Some((dash, width)) if is_dash(dash) => behind += width,
            _ => break,
        }
    }
    (behind > from).then_some((behind, pointed))
}

/// Whether a dash that ends at `at` is the wildcard of the code before it, rather than a dash before words.
fn closes(text: &str, at: usize, end: usize) -> bool {
    let next = skip(text, at, end, is_blank);
    let Some(token) = tokens::at(text, next, end) else {
        return !char_at(text, next).is_some_and(|(it, _)| next < end && is_dash(it));
    };
    matches!(token.text(text), "and" | "or" | "with" | "to" | "through" | "are" | "is" | "codes")
}

fn procedure(text: &str, end: usize, token: Token, in_list: bool) -> Written {
    let mut written = plain(token);
    let mut at = token.end;
    while let Some((sign, width)) = char_at(text, at).filter(|_| at < end) {
        // `99213-25,59`: the comma only goes on.
        let glue = is_dash(sign)
            || (in_list && sign == ':')
            || (sign == ',' && !written.modifiers.is_empty());
        if !glue {
            break;
        }
        let Some(modifier) = modifier_at(text, at + width, end) else { break };
        at = modifier.end;
        written.modifiers.push(modifier);
    }
    if written.modifiers.is_empty() && in_list {
        if let Some(other) = other_end(text, end, token) {
            return Written { end: other, form: Form::Span, ..written };
        }
        written.modifiers = modifiers_apart(text, token.end, end);
    }
    written
}

/// `99213-99215`
fn other_end(text: &str, end: usize, token: Token) -> Option<usize> {
    let (dash, width) =
        char_at(text, token.end).filter(|(it, _)| token.end < end && is_dash(*it))?;
    debug_assert!(is_dash(dash));
    let other = tokens::at(text, token.end + width, end)?;
    exact(&Folded::read(other.text(text))?, Systems::CPT).map(|_| other.end)
}

/// Two capitals or digits at `at`, and nothing more.
pub(super) fn modifier_at(text: &str, at: usize, end: usize) -> Option<Range<usize>> {
    let token = tokens::at(text, at, end)?;
    let word = token.text(text);
    let shape = word.len() == 2
        && word.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    shape.then_some(token.start..token.end)
}

/// `99213 25 59`: modifiers behind blanks, if the item holds nothing else.
fn modifiers_apart(text: &str, from: usize, end: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = from;
    loop {
        let next = skip(text, at, end, is_blank);
        match modifier_at(text, next, end).filter(|_| next > at && found.len() < 4) {
            Some(modifier) => {
                at = modifier.end;
                found.push(modifier);
            }
            None => break,
        }
    }
    let behind = skip(text, at, end, is_blank);
    let closed = behind >= end
        || char_at(text, behind).is_some_and(|(it, width)| {
            let glued = char_at(text, behind + width).is_some_and(|(it, _)| it.is_ascii_digit());
            matches!(it, ',' | ';' | '|' | ')' | ']' | '<' | '(')
                || (matches!(it, '.' | '/') && !glued)
        });
    if closed { found } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, system: CodeSystem) -> (&str, Form, Vec<&str>) {
        let token = tokens::at(text, 0, text.len()).unwrap();
        let word = Folded::read(token.text(text)).unwrap();
        let written = read(text, text.len(), token, &word, system, true);
        (
            &text[..written.end],
            written.form,
            written.modifiers.into_iter().map(|it| &text[it]).collect(),
        )
    }

    #[test]
    fn a_hyphen_makes_a_category() {
        for (text, whole) in [
            ("E11.- and", "E11.-"),
            ("E11-", "E11-"),
            ("E11.--, I10", "E11.--"),
            ("M54.4-)", "M54.4-"),
            ("E11.x", "E11.x"),
            ("E11.\u{2011}", "E11.\u{2011}"),
            ("M54.4- and others", "M54.4-"),
        ] {
            assert_eq!(
                written(text, CodeSystem::Icd10Cm),
                (whole, Form::Category, vec![]),
                "{text}"
            );
        }
    }

    #[test]
    fn two_codes_make_a_span() {
        for (text, whole) in [
            ("A00-A09.", "A00-A09"),
            ("E08\u{2013}E13", "E08\u{2013}E13"),
            ("E08-13", "E08-13"),
            ("E10.-E11.-", "E10.-E11.-"),
            ("S72.001A-S72.009A", "S72.001A-S72.009A"),
        ] {
            assert_eq!(written(text, CodeSystem::Icd10Cm), (whole, Form::Span, vec![]), "{text}");
        }
        assert_eq!(written("99213-99215", CodeSystem::Cpt), ("99213-99215", Form::Span, vec![]));
    }

    #[test]
    fn a_dash_before_words_belongs_to_neither() {
        for text in ["I10-essential", "E11.9- Type 2", "E11.9 - Type 2", "E11.9"] {
            assert_eq!(written(text, CodeSystem::Icd10Cm).1, Form::Code, "{text}");
        }
    }

    #[test]
    fn modifiers_are_found_in_each_of_their_forms() {
        for (text, modifiers) in [
            ("99213-25", vec!["25"]),
            ("99213-25-59", vec!["25", "59"]),
            ("99213-25,59", vec!["25", "59"]),
            ("99213:25:LT*", vec!["25", "LT"]),
            ("99213 25", vec!["25"]),
            ("99213 25 59, 99214", vec!["25", "59"]),
            ("J1885-JW", vec!["JW"]),
            ("99213 25 minutes", vec![]),
            ("99213 03/02/2026", vec![]),
            ("99213-1234", vec![]),
            ("99213 OR 99214", vec![]),
            ("99213, 25", vec![]),
        ] {
            assert_eq!(
                written(text, CodeSystem::Cpt),
                (&text[..5], Form::Code, modifiers),
                "{text}"
            );
        }
    }
}
