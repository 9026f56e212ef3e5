//! Codes as semantic tokens.

use std::ops::Range;

use crate::{
    positions::Grid,
    protocol::{
        SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens,
        SemanticTokensDelta, SemanticTokensEdit, SemanticTokensFullDeltaResult,
        SemanticTokensFullOptions, SemanticTokensLegend, SemanticTokensOptions,
        SemanticTokensRangeResult, SemanticTokensResult,
    },
};

/// What a token is. The order is that of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A diagnosis.
    Diagnosis,
    /// A procedure or service.
    Procedure,
    /// A supply, drug or other service of HCPCS.
    Supply,
    /// A modifier behind a code.
    Modifier,
}

impl TokenKind {
    const ALL: [Self; 4] = [Self::Diagnosis, Self::Procedure, Self::Supply, Self::Modifier];

    /// The type for clients that bring colours for our own types.
    fn own(self) -> SemanticTokenType {
        SemanticTokenType::new(match self {
            Self::Diagnosis => "medcodeDiagnosis",
            Self::Procedure => "medcodeProcedure",
            Self::Supply => "medcodeSupply",
            Self::Modifier => "medcodeModifier",
        })
    }

    /// The type that every client knows.
    fn standard(self) -> SemanticTokenType {
        match self {
            Self::Diagnosis => SemanticTokenType::ENUM_MEMBER,
            Self::Procedure => SemanticTokenType::FUNCTION,
            Self::Supply => SemanticTokenType::VARIABLE,
            Self::Modifier => SemanticTokenType::DECORATOR,
        }
    }
}

/// A piece of a note to colour; it does not overlap others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Its bytes.
    pub(crate) range: Range<usize>,
    /// What it is.
    pub(crate) kind: TokenKind,
    /// The code ended before the encounter.
    pub(crate) is_ended: bool,
    /// The code only groups others.
    pub(crate) is_header: bool,
    /// The diagnosis that the encounter lists first.
    pub(crate) is_first_listed: bool,
}

/// What is announced. Our own types go to clients that bring colours for them.
pub(crate) fn token_options(own_types: bool) -> SemanticTokensOptions {
    let kinds = TokenKind::ALL.into_iter();
    let token_types =
        kinds.map(|kind| if own_types { kind.own() } else { kind.standard() }).collect();
    let token_modifiers = vec![
        SemanticTokenModifier::DEPRECATED,
        SemanticTokenModifier::READONLY,
        SemanticTokenModifier::DECLARATION,
    ];
    SemanticTokensOptions {
        legend: SemanticTokensLegend { token_types, token_modifiers },
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
        ..SemanticTokensOptions::default()
    }
}

/// Tokens in text order as the protocol packs them: each told from the one before. One that reaches over a line end is
/// left out, since most clients cannot show it.
pub(crate) fn packed(grid: &Grid<'_>, tokens: &[Token]) -> Vec<SemanticToken> {
    let mut before = (0, 0);
    let mut packed = Vec::with_capacity(tokens.len());
    for token in tokens {
        let span = grid.span(&token.range);
        if span.start.line != span.end.line || span.start.column >= span.end.column {
            continue;
        }
        let (line, column) = (span.start.line, span.start.column);
        let same_line = line == before.0;
        packed.push(SemanticToken {
            delta_line: line - before.0,
            delta_start: if same_line { column - before.1 } else { column },
            length: span.end.column - column,
            token_type: token.kind as u32,
            token_modifiers_bitset: u32::from(token.is_ended)
                | u32::from(token.is_header) << 1
                | u32::from(token.is_first_listed) << 2,
        });
        before = (line, column);
    }
    packed
}

/// All tokens of a note, under the name by which later changes are told.
pub(crate) fn all_tokens(id: String, data: Vec<SemanticToken>) -> SemanticTokensResult {
    SemanticTokensResult::Tokens(SemanticTokens { result_id: Some(id), data })
}

/// The tokens of a part of a note.
pub(crate) fn some_tokens(data: Vec<SemanticToken>) -> SemanticTokensRangeResult {
    SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })
}

/// What changed since `before`; everything where nobody knows what was given before.
pub(crate) fn changed_tokens(
    id: String,
    before: Option<&[SemanticToken]>,
    data: Vec<SemanticToken>,
) -> SemanticTokensFullDeltaResult {
    match before {
        Some(before) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
            result_id: Some(id),
            edits: edit(before, &data).into_iter().collect(),
        }),
        None => SemanticTokensFullDeltaResult::Tokens(SemanticTokens { result_id: Some(id), data }),
    }
}

/// Numbers that the protocol packs a token into, which edits count in.
const NUMBERS: usize = 5;

/// The one edit that makes `after` of `before`: what lies between the tokens that both begin with and those that both end
/// with. Typing changes one place, so that more edits would save nothing.
fn edit(before: &[SemanticToken], after: &[SemanticToken]) -> Option<SemanticTokensEdit> {
    let same = |(a, b): &(&SemanticToken, &SemanticToken)| a == b;
    let head = before.iter().zip(after).take_while(same).count();
    let (left, right) = (before.get(head..)?, after.get(head..)?);
    let tail = left.iter().rev().zip(right.iter().rev()).take_while(same).count();
    let (gone, new) = (left.len() - tail, right.get(..right.len() - tail)?);
    let number = |count: usize| u32::try_from(count * NUMBERS).unwrap_or(u32::MAX);
    (gone > 0 || !new.is_empty()).then(|| SemanticTokensEdit {
        start: number(head),
        delete_count: number(gone),
        data: Some(new.to_vec()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::positions::{Encoding, LineTable};

    fn token(range: Range<usize>, kind: TokenKind) -> Token {
        Token { range, kind, is_ended: false, is_header: false, is_first_listed: false }
    }

    #[test]
    fn packs_columns_in_the_encoding_of_the_client() {
        let text = "Dx: E11.9 é😀 I10\nCPT 99213-25";
        let at = |code: &str| text.find(code).unwrap()..text.find(code).unwrap() + code.len();
        let tokens = [
            Token { is_first_listed: true, ..token(at("E11.9"), TokenKind::Diagnosis) },
            Token { is_ended: true, is_header: true, ..token(at("I10"), TokenKind::Diagnosis) },
            token(at("99213"), TokenKind::Procedure),
            token(at("25"), TokenKind::Modifier),
            token(text.len() - 12..text.len() - 12, TokenKind::Supply),
        ];
        let lines = LineTable::new(text);
        let grid = Grid::new(text, &lines, Encoding::Utf16);
        let packed =
            serde_json::to_value(SemanticTokens { result_id: None, data: packed(&grid, &tokens) });
        let numbers = [[0, 4, 5, 0, 4], [0, 10, 3, 0, 3], [1, 4, 5, 1, 0], [0, 6, 2, 3, 0]];
        assert_eq!(packed.unwrap()["data"], json!(numbers.concat()));
    }

    #[test]
    fn announces_own_types_to_our_extensions_only() {
        let types = |own| serde_json::to_value(token_options(own).legend.token_types).unwrap();
        assert_eq!(types(false), json!(["enumMember", "function", "variable", "decorator"]));
        assert_eq!(types(true)[0], "medcodeDiagnosis");
        assert_eq!(TokenKind::ALL.map(|kind| kind as u32), [0, 1, 2, 3]);
    }

    fn numbers(tokens: &[SemanticToken]) -> Vec<Value> {
        let data = SemanticTokens { result_id: None, data: tokens.to_vec() };
        serde_json::to_value(data).unwrap()["data"].as_array().unwrap().clone()
    }

    fn some() -> impl Strategy<Value = Vec<SemanticToken>> {
        let token = (0_u32..2, 0_u32..3).prop_map(|(delta_line, delta_start)| SemanticToken {
            delta_line,
            delta_start,
            length: 5,
            token_type: 0,
            token_modifiers_bitset: 0,
        });
        proptest::collection::vec(token, 0..12)
    }

    proptest! {
        #[test]
        fn the_edit_makes_the_new_tokens_of_the_old_ones(before in some(), after in some()) {
            let mut edited = numbers(&before);
            if let Some(edit) = edit(&before, &after) {
                let edit = serde_json::to_value(edit).unwrap();
                let number = |name: &str| usize::try_from(edit[name].as_u64().unwrap()).unwrap();
                let start = number("start");
                let new = edit["data"].as_array().unwrap().clone();
                edited.splice(start..start + number("deleteCount"), new);
            }
            prop_assert_eq!(edited, numbers(&after));
        }
    }
}
