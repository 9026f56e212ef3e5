//! Placeholders X that are missing, misplaced or too many.

use crate::{
    code::CodeKey,
    code_table::CodeTable,
    system::{CodeSystem, icd10cm},
};

/// The one code that equals `text` when placeholders are left out of both. `None` when there is none or more than
/// one that `is_candidate` accepts.
///
/// Source: guideline I.A.4. Leaving out every X is reversible for each code that has one (measured).
pub fn intended(
    table: &CodeTable,
    text: &str,
    is_candidate: impl Fn(CodeKey) -> bool,
) -> Option<CodeKey> {
    if table.system() != CodeSystem::Icd10Cm {
        return None;
    }
    let stripped = CodeKey::new(&icd10cm::without_placeholders(text))?;
    let plain = table.get(stripped).map(|entry| entry.key());
    let mut found = table
        .with_placeholders(stripped)
        .chain(plain)
        .filter(|key| *key.text() != *text && is_candidate(*key));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}
