//! The code under the caret, for features that lead away from it.

use std::ops::Range;

use medcode_codes::{
    code::{CodeKey, written},
    date::Date,
    normalize::normalize,
    note::{Form, Mention, Note},
    system::CodeSystem,
};

use super::encounter_date::date_at;
use crate::{concept::Looked, snapshot::Snapshot};

/// Bytes of the longest text that is asked about as a code.
const MAX_CODE: usize = 64;

/// A code of a note, and what is asked about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CodeAt {
    /// The bytes of the whole code in the text.
    pub(super) range: Range<usize>,
    /// The system in which it exists; where it exists in none, the one that was meant.
    pub(super) system: CodeSystem,
    /// The code, a category without its wildcard, or a block.
    pub(super) code: String,
    /// The date of its encounter.
    pub(super) date: Date,
}

/// The code or modifier at a place of a note. `None` where no code stands.
pub(super) async fn code_at(
    snapshot: &Snapshot,
    text: &str,
    note: &Note,
    offset: usize,
) -> Option<CodeAt> {
    let date = date_at(note, offset, snapshot.as_of());
    if let Some(range) = modifier_at(note, offset) {
        let code = text.get(range.clone())?.to_ascii_uppercase();
        return Some(CodeAt { range, system: CodeSystem::Hcpcs, code, date });
    }
    let mention = note.mention_at(offset)?;
    let written = text.get(mention.range.clone()).filter(|text| text.len() <= MAX_CODE)?;
    let at = |system, code| CodeAt { range: mention.range.clone(), system, code, date };
    for system in systems(mention, written) {
        let code = asked(mention.form, system, written);
        if matches!(*snapshot.codes.lookup(system, &code, date).await, Looked::Known(_)) {
            return Some(at(system, code));
        }
    }
    let first = match mention.form {
        // No block reaches from the one to the other: the first is as good as any.
        Form::Span => written.split('-').next().unwrap_or(written),
        Form::Code | Form::Category => written,
    };
    Some(at(mention.system, asked(Form::Category, mention.system, first)))
}

/// The modifier at a place, or just in front of it.
fn modifier_at(note: &Note, offset: usize) -> Option<Range<usize>> {
    let mut modifiers = note.mentions.iter().flat_map(|mention| &mention.modifiers);
    modifiers.find(|range| range.start <= offset && offset <= range.end).cloned()
}

/// The declared system, or every one whose shape the text has.
fn systems(mention: &Mention, written: &str) -> Vec<CodeSystem> {
    let others = CodeSystem::ALL.into_iter().filter(|system| {
        !mention.declared
            && *system != mention.system
            && system.accepts_shape(&normalize(*system, written).code)
    });
    std::iter::once(mention.system).chain(others).collect()
}

/// The text as it is asked about: as published, a category reference as its category.
fn asked(form: Form, system: CodeSystem, text: &str) -> String {
    let normalized = normalize(system, text).code;
    match form {
        Form::Code | Form::Category if CodeKey::new(&normalized).is_some() => {
            written(system, &normalized)
        }
        _ => text.to_ascii_uppercase(),
    }
}
