//! One feature per file: a snapshot and parameters in, an answer out. Handlers change nothing and send nothing.

mod code_action;
mod completion;
mod completion_resolve;
mod encounter_date;
mod hover;
pub(crate) mod test_hooks;

pub(crate) use code_action::code_action;
pub(crate) use completion::completion;
pub(crate) use completion_resolve::completion_resolve;
pub(crate) use hover::hover;
