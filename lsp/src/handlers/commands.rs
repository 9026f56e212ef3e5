//! The commands of the server: one file each.

use super::execute_command::Command;

mod lookup;
mod open_page;
mod open_rule;
mod recheck;
mod reconnect;
mod search;
mod show_encounter;
mod status;

/// Every command that is announced.
pub(crate) const COMMANDS: &[Command] = &[
    lookup::COMMAND,
    search::COMMAND,
    open_page::COMMAND,
    open_rule::COMMAND,
    show_encounter::COMMAND,
    recheck::COMMAND,
    reconnect::COMMAND,
    status::COMMAND,
];
