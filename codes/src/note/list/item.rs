//! One code of a list: the token itself, what is glued to it, and whether its surroundings let it count.

use super::{Left, Scope, Walk, is_joining, parts_alternatives};
use crate::{
    note::{
        Details, Form, Mention,
        exclusions::ends_cleanly,
        form::{self, Written},
        shapes::{self, Asked, Follows, Stand, Tolerance},
        systems::Systems,
        tokens::{
            self, Folded, Token, char_at, char_before, is_blank, is_dash, is_point, is_word, skip,
        },
    },
    system::CodeSystem,
};

/// Reads a token as a code of the list. Returns the mention and where reading goes on.
pub(super) fn read(
    text: &str,
    token: Token,
    end: usize,
    scope: Scope,
    walk: &Walk,
) -> Option<(Mention, usize)> {
    let mut token = token;
    let mut word = Folded::read(token.text(text))?;
    if !ends_cleanly(text, end, token) {
        return None;
    }
    if let Some((length, modifier)) = appended(text, token, &word, scope.systems) {
        let code = Token { end: token.start + length, ..token };
        let system = shapes::exact(&Folded::read(code.text(text))?, scope.systems)?;
        let modifiers = Some(code.end..token.end).filter(|_| modifier).into_iter().collect();
        let written = Written { end: code.end, form: Form::Code, modifiers };
        return Some((mention(code, written, system, scope), token.end));
    }
    if let Some(whole) = joined(text, end, token, &word, scope, walk) {
        token = whole;
        word = Folded::read(&token.text(text).replace([',', ' '], "."))?;
    }
    let exact = shapes::exact(&word, scope.systems);
    let guess = exact.or(scope.systems.default).unwrap_or(CodeSystem::Icd10Cm);
    let written = form::read(text, end, token, &word, guess, true);
    let behind = written.end_of_all();
    let tolerance = if scope.shapes_only || (walk.strayed && !word.is_dotted()) {
        Tolerance::None
    } else if scope.explicit {
        Tolerance::Meant
    } else {
        Tolerance::Resembling
    };
    let asked = Asked {
        systems: scope.systems,
        tolerance,
        names_system: scope.names_system,
        first: walk.items == 0,
    };
    let system = shapes::read(&word, asked, stand(text, behind, end, walk.left))?;
    if walk.left == Left::Separator {
        token.start = with_leading_point(text, token.start);
    }
    Some((mention(token, written, system, scope), behind))
}

/// How the code that ends at `behind` stands in its item.
fn stand(text: &str, behind: usize, end: usize, left: Left) -> Stand {
    let follows = follows(text, behind, end);
    match left {
        Left::Separator => Stand::Head(follows),
        Left::Code => Stand::BehindCode,
        Left::Sign | Left::Words => {
            let last = follows == Follows::End;
            let closed = last || matches!(char_at(text, behind), Some((')' | ']', _)));
            Stand::Within { set_off: left == Left::Sign && closed, last }
        }
    }
}

/// `.E1165`: the point in front is part of what was typed, unless it is the end of an ellipsis.
fn with_leading_point(text: &str, start: usize) -> usize {
    let Some(point) = char_before(text, start).filter(|it| is_point(*it)) else { return start };
    let before = start - point.len_utf8();
    if char_before(text, before).is_none_or(|it| is_blank(it) || it == ',') {
        before
    } else {
        start
    }
}

fn mention(token: Token, written: Written, system: CodeSystem, scope: Scope) -> Mention {
    Mention {
        range: token.start..written.end,
        system,
        declared: scope.systems.default.is_some(),
        form: written.form,
        evidence: scope.evidence,
        place: scope.place,
        reported: true,
        questioned: false,
        encounter: 0,
        modifiers: written.modifiers,
        description: None,
        details: Details { role: scope.role, ..Details::default() },
    }
}

/// What follows behind a code that ends at `at`.
fn follows(text: &str, at: usize, end: usize) -> Follows {
    let glued = char_at(text, at).filter(|_| at < end);
    let next = skip(text, at, end, |it| {
        is_blank(it) || matches!(it, ')' | ']' | '}' | '"' | '\'' | '`' | '*' | '_')
    });
    let Some((sign, width)) = char_at(text, next).filter(|_| next < end) else {
        return Follows::End;
    };
    let behind = char_at(text, next + width).filter(|_| next + width < end).map(|(it, _)| it);
    let joined = next == at && behind.is_some_and(is_word);
    match sign {
        // `120/80`, `3/2026`
        '/' if joined
            && behind.is_some_and(|it| it.is_ascii_digit())
            && ends_in_digit(text, at) =>
        {
            Follows::Words
        }
        ',' | ';' | '/' | '&' | '|' | '<' => Follows::End,
        '.' if behind.is_none_or(is_blank) => Follows::End,
        ':' | '=' | '(' | '[' if !joined || matches!(sign, '(' | '[') => Follows::Description,
        dash if is_dash(dash) && !joined => Follows::Description,
        _ => {
            let word = tokens::at(text, next, end).map(|token| token.text(text));
            let joins = glued.is_some_and(|(it, _)| is_blank(it))
                && word.is_some_and(|it| is_joining(it) || parts_alternatives(it));
            if joins { Follows::End } else { Follows::Words }
        }
    }
}

fn ends_in_digit(text: &str, at: usize) -> bool {
    char_before(text, at).is_some_and(|it| it.is_ascii_digit())
}

/// `9921325`, `99213x2`: the length of the code, and whether a modifier follows.
fn appended(text: &str, token: Token, word: &Folded, systems: Systems) -> Option<(usize, bool)> {
    let procedures = systems.has(CodeSystem::Cpt) || systems.has(CodeSystem::Hcpcs);
    shapes::appended(word).filter(|_| procedures && token.text(text).is_ascii())
}

/// `E11,65` or, if it is the whole item, `E11 65`: a comma or blank where the point belongs.
fn joined(
    text: &str,
    end: usize,
    token: Token,
    word: &Folded,
    scope: Scope,
    walk: &Walk,
) -> Option<Token> {
    let diagnosis = scope.systems.has(CodeSystem::Icd10Cm) && shapes::is_diagnosis(word);
    if !(walk.left == Left::Separator && diagnosis && word.length() == 3 && word.points == 0) {
        return None;
    }
    let sign = char_at(text, token.end).filter(|_| token.end < end)?.0;
    let rest = tokens::at(text, token.end + 1, end).filter(|_| matches!(sign, ',' | ' '))?;
    let tail = Folded::read(rest.text(text)).filter(|it| it.points == 0)?;
    let fits =
        (2..=4).contains(&tail.length()) && tail.text().starts_with(|it: char| it.is_ascii_digit());
    let whole = sign == ','
        || (scope.explicit
            && tail.digits == tail.length()
            && follows(text, rest.end, end) == Follows::End);
    (fits && whole && !is_modifier_list(scope)).then_some(Token { end: rest.end, ..token })
}

/// In a list of every system a comma separates columns.
fn is_modifier_list(scope: Scope) -> bool {
    scope.systems == Systems::ANY
}
