//! One feature per file: a snapshot and parameters in, an answer out. Handlers change nothing and send nothing.

mod code_action;
mod code_action_resolve;
mod code_at;
mod code_lens;
pub(crate) mod commands;
mod completion;
mod completion_resolve;
mod definition;
mod diagnostic;
mod document_highlight;
mod document_link;
mod document_symbol;
pub(crate) mod encounter_date;
mod everywhere;
mod execute_command;
mod folding_range;
mod formatting;
mod hover;
mod inlay_hint;
mod inlay_hint_resolve;
mod on_type_formatting;
mod prepare_rename;
mod range_formatting;
mod references;
mod rename;
mod selection_range;
mod semantic_tokens;
mod show;
mod symbol;
pub(crate) mod test_hooks;
mod titles;
mod type_hierarchy;
mod workspace_diagnostic;

pub(crate) use code_action::code_action;
pub(crate) use code_action_resolve::code_action_resolve;
pub(crate) use code_lens::{code_lens, code_lens_resolve};
pub(crate) use completion::completion;
pub(crate) use completion_resolve::completion_resolve;
pub(crate) use definition::definition;
pub(crate) use diagnostic::diagnostic;
pub(crate) use document_highlight::document_highlight;
pub(crate) use document_link::{document_link, document_link_resolve};
pub(crate) use document_symbol::document_symbol;
pub(crate) use execute_command::{Means, execute_command};
pub(crate) use folding_range::folding_range;
pub(crate) use formatting::formatting;
pub(crate) use hover::hover;
pub(crate) use inlay_hint::inlay_hint;
pub(crate) use inlay_hint_resolve::inlay_hint_resolve;
pub(crate) use on_type_formatting::{TRIGGERS as FORMAT_TRIGGERS, on_type_formatting};
pub(crate) use prepare_rename::prepare_rename;
pub(crate) use range_formatting::range_formatting;
pub(crate) use references::references;
pub(crate) use rename::rename;
pub(crate) use selection_range::selection_range;
pub(crate) use semantic_tokens::{
    semantic_tokens_full, semantic_tokens_full_delta, semantic_tokens_range,
};
pub(crate) use symbol::symbol;
pub(crate) use type_hierarchy::{prepare_type_hierarchy, subtypes, supertypes};
pub(crate) use workspace_diagnostic::workspace_diagnostic;

/// The most entries in an answer about a whole document.
const MOST_ENTRIES: usize = 5_000;
