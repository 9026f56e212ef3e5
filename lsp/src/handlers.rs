//! One feature per file: a snapshot and parameters in, an answer out. Handlers change nothing and send nothing.

mod code_action;
pub(crate) mod commands;
mod completion;
mod completion_resolve;
mod encounter_date;
mod execute_command;
mod hover;
pub(crate) mod test_hooks;

pub(crate) use code_action::code_action;
pub(crate) use completion::completion;
pub(crate) use completion_resolve::completion_resolve;
pub(crate) use execute_command::{Means, execute_command};
pub(crate) use hover::hover;
