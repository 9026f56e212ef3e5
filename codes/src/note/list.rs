//! Lists of codes: what stands behind a label, in a coding cell, under a front matter key, on a line of a coding fence.
//!
//! Items are separated by `,` `;` `/` `&`, "and" or, between codes, by blanks. A description may stand on either side
//! of a code. The list ends where a sentence, another label or another field begins.

use std::ops::Range;

use super::{
    Evidence, Mention, Place,
    chunks::Chunks,
    dates,
    labels::{self, Label, Meaning, REACH},
    scanner::Scanner,
    shapes,
    slots::SlotKind,
    systems::Systems,
    tokens::{self, Folded, Token, char_at, char_before, is_blank, is_dash, is_word, skip},
};
use crate::encounter::DiagnosisRole;

mod doubt;
mod item;

pub(super) use doubt::parts_alternatives;

/// What a list may hold and how much its place says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    /// The systems admitted.
    pub(super) systems: Systems,
    /// The evidence for each of its codes.
    pub(super) evidence: Evidence,
    /// The place of each of its codes.
    pub(super) place: Place,
    /// A colon or the like, a column, key or fence.
    pub(super) explicit: bool,
    /// The label names a code system.
    pub(super) names_system: bool,
    /// Only well-formed codes count.
    pub(super) shapes_only: bool,
    /// The part of its diagnoses on the claim.
    pub(super) role: DiagnosisRole,
}

impl Scope {
    /// The list behind a label, unless the label introduces no codes.
    pub(super) fn behind(label: &Label) -> Option<Self> {
        let Meaning::Codes(systems) = label.meaning else { return None };
        let evidence =
            if label.place == Place::Label { Evidence::Labelled } else { Evidence::Certain };
        Some(Self {
            systems,
            evidence,
            place: label.place,
            explicit: label.explicit,
            names_system: label.names_system,
            shapes_only: false,
            role: DiagnosisRole::ByPosition,
        })
    }

    /// A structure that holds nothing but codes.
    pub(super) fn structure(systems: Systems, place: Place) -> Self {
        Self {
            systems,
            evidence: Evidence::Certain,
            place,
            explicit: true,
            names_system: false,
            shapes_only: false,
            role: DiagnosisRole::ByPosition,
        }
    }
}

/// What stands left of the place where a list is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    /// A separator or the start of the list: an item begins here.
    Separator,
    /// A code, with only blanks between.
    Code,
    /// A bracket, dash or colon, with only blanks between.
    Sign,
    /// Words of the item.
    Words,
}

/// How far a list has been read.
struct Walk {
    left: Left,
    /// Items before the current one.
    items: usize,
    /// Codes in all items.
    codes: usize,
    /// Codes in the current item.
    codes_of_item: usize,
    /// An item has gone by without a code.
    strayed: bool,
    /// The next code of the item is one of several possibilities, or to be ruled out.
    questions_next: bool,
    /// So many codes before are alternatives of the next one, if it stands in this item.
    parted: usize,
    /// The last separator was a comma.
    comma: bool,
}

impl Walk {
    fn new() -> Self {
        Self {
            left: Left::Separator,
            items: 0,
            codes: 0,
            codes_of_item: 0,
            strayed: false,
            questions_next: false,
            parted: 0,
            comma: false,
        }
    }

    fn separate(&mut self) {
        self.strayed |= self.codes_of_item == 0 && self.left != Left::Separator;
        self.left = Left::Separator;
        self.items += 1;
        self.codes_of_item = 0;
        self.questions_next = false;
        self.parted = 0;
        self.comma = false;
    }

    fn take_code(&mut self) {
        self.left = Left::Code;
        self.codes += 1;
        self.codes_of_item += 1;
    }
}

impl Scanner<'_> {
    /// Reads the codes of a list and returns where the last of them ends: `start` if there is none.
    pub(super) fn list(&mut self, start: usize, end: usize, scope: Scope) -> usize {
        let text = self.text;
        let mut scope = scope;
        let mut chunks = Chunks::default();
        let mut resume = start;
        let mut at = start;
        let mut walk = Walk::new();
        while let Some((character, width)) = char_at(text, at).filter(|_| at < end) {
            if let Some(slot) = self.slot_at(at).filter(|slot| slot.range.start == at) {
                at = slot.range.end.min(end);
                match slot.kind {
                    SlotKind::Box(_) if walk.left == Left::Code => walk.separate(),
                    SlotKind::Box(_) | SlotKind::Control => {}
                    SlotKind::Blank => {
                        let awaited = matches!(walk.left, Left::Separator | Left::Sign)
                            && walk.codes_of_item == 0;
                        if awaited && (scope.explicit || scope.evidence == Evidence::Certain) {
                            self.push_blank(slot.range.clone(), scope);
                            walk.take_code();
                            resume = at;
                        } else {
                            walk.left = Left::Words;
                        }
                        self.barriers.push(slot.range.clone());
                    }
                }
                continue;
            }
            if !is_word(character) {
                if matches!(character, '?' | '\u{FF1F}') {
                    walk.question(&mut self.mentions);
                }
                if character == '.' && sentence_ends(text, start..at, end, scope, &walk) {
                    break;
                }
                pass(&mut walk, character);
                at += width;
                continue;
            }
            let Some(token) = tokens::at(text, at, end) else { break };
            if let Some(behind) = chunks.address_end(text, start, at, end) {
                walk.left = Left::Words;
                at = behind.max(token.end);
                continue;
            }
            if let Some(behind) = walk.alternative(text, token, end) {
                at = behind;
                continue;
            }
            if walk.left != Left::Separator && is_joining(token.text(text)) {
                walk.separate();
                at = token.end;
                continue;
            }
            if token.digit
                && let Some(date) = dates::at(text, at, end)
            {
                at = date.range.end;
                continue;
            }
            if matches!(walk.left, Left::Separator | Left::Code) && is_enumerator(text, token, end)
            {
                if walk.left == Left::Code {
                    walk.separate();
                }
                at = token.end + 1;
                continue;
            }
            if labels::at(text, at, end).is_some()
                || (at > start && opens_field(text, token, end, scope.systems))
            {
                break;
            }
            if walk.codes == 0 && !scope.explicit && beyond_reach(text, start, at) {
                break;
            }
            let code = if token.digit { item::read(text, token, end, scope, &walk) } else { None };
            if let Some((mut mention, behind)) = code {
                if scope.evidence == Evidence::Labelled
                    && is_doubtful(text, &mention, scope, walk.left)
                {
                    mention.evidence = Evidence::Dotted;
                }
                mention.questioned = walk.is_questioned(&mut self.mentions);
                self.push(mention);
                if scope.place == Place::Sigil {
                    scope = Scope { evidence: Evidence::Labelled, place: Place::Label, ..scope };
                }
                walk.take_code();
                resume = behind;
                at = behind;
                continue;
            }
            if walk.codes > 0 && walk.left == Left::Separator && !scope.explicit {
                break;
            }
            walk.left = Left::Words;
            at = token.end;
        }
        resume
    }
}

/// Whether a diagnosis behind free words may be something else: without its point, as `Dx: hypertension I10` and
/// `Diagnosis: hypoglycemia, D50 given` show, in lower case, or behind a word that is no name of a code system and that
/// nothing introduces as a label.
fn is_doubtful(text: &str, mention: &Mention, scope: Scope, left: Left) -> bool {
    let code = &text[mention.range.clone()];
    let is_plain = code.contains('.') && !code.contains(|it: char| it.is_ascii_lowercase());
    let is_bound = scope.explicit || scope.names_system;
    left == Left::Words && mention.system.is_diagnosis() && !(is_plain && is_bound)
}

/// Whether the full stop behind `read` ends the list: once it has had a code or is out of reach of its label. Codes
/// may stand in sentences of their own, `E11.9. I10.`
fn sentence_ends(text: &str, read: Range<usize>, end: usize, scope: Scope, walk: &Walk) -> bool {
    let at = read.end;
    let next = char_at(text, at + 1).filter(|_| at + 1 < end).map(|(next, _)| next);
    let number =
        walk.left == Left::Separator && char_before(text, at).is_some_and(|it| it.is_ascii_digit());
    let code_follows = tokens::at(text, skip(text, at + 1, end, is_blank), end)
        .and_then(|token| Folded::read(token.text(text)))
        .is_some_and(|word| shapes::exact(&word, scope.systems).is_some());
    let has_passed =
        walk.codes > 0 || walk.left == Left::Words || beyond_reach(text, read.start, at);
    next.is_none_or(is_blank) && !number && !code_follows && has_passed
}

/// Moves over a character that belongs to no token.
fn pass(walk: &mut Walk, character: char) {
    match character {
        ',' | ';' | '/' | '&' | '|' | '<' | '>' => {
            walk.separate();
            walk.comma = character == ',';
        }
        '.' if walk.left == Left::Code => walk.separate(),
        '.' | '"' | '\'' | '`' | '*' | '_' | '#' | ')' | ']' | '\u{2022}' => {}
        blank if is_blank(blank) => {}
        sign if matches!(sign, '(' | '[' | ':' | '=') || is_dash(sign) => {
            // Before an item these are a bullet or an opening bracket.
            if walk.left != Left::Separator {
                walk.left = Left::Sign;
            }
        }
        _ => walk.left = Left::Words,
    }
}

fn is_joining(word: &str) -> bool {
    matches!(word, "and" | "or" | "AND" | "OR")
}

/// `1.`, `2)`, `A.` before an item.
pub(super) fn is_enumerator(text: &str, token: Token, end: usize) -> bool {
    let word = token.text(text);
    let short = (word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit()))
        || (word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let mut rest = text.get(token.end..end).unwrap_or_default().chars();
    short && matches!(rest.next(), Some('.' | ')')) && rest.next().is_some_and(is_blank)
}

/// `Plan: …`: a word and a colon, unless a code follows at once (`HTN: I10`).
pub(super) fn opens_field(text: &str, token: Token, end: usize, systems: Systems) -> bool {
    let mut rest = text.get(token.end..end).unwrap_or_default().chars();
    if token.digit || rest.next() != Some(':') || rest.next().is_some_and(|it| !is_blank(it)) {
        return false;
    }
    let code = tokens::at(text, skip(text, token.end + 1, end, is_blank), end)
        .and_then(|next| Folded::read(next.text(text)))
        .and_then(|word| shapes::exact(&word, systems));
    code.is_none()
}

/// Whether more than [`REACH`] characters stand between a label and `at`.
fn beyond_reach(text: &str, start: usize, at: usize) -> bool {
    at - start > REACH && text.get(start..at).is_some_and(|gap| gap.chars().nth(REACH).is_some())
}
