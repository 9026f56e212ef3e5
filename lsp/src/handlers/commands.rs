//! The commands of the server: one file each.

use super::execute_command::Command;

mod lookup;
mod recheck;
mod reconnect;
mod search;
mod status;

/// Every command that is announced.
pub(crate) const COMMANDS: &[Command] =
    &[lookup::COMMAND, search::COMMAND, recheck::COMMAND, reconnect::COMMAND, status::COMMAND];
