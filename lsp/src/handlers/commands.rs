//! The commands of the server: one file each.

use super::execute_command::Command;

mod apply_action;
mod check_workspace;
mod children;
mod ignore_in_project;
mod install_catalog;
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
    children::COMMAND,
    lookup::COMMAND,
    search::COMMAND,
    ignore_in_project::COMMAND,
    apply_action::COMMAND,
    open_page::COMMAND,
    open_rule::COMMAND,
    show_encounter::COMMAND,
    recheck::COMMAND,
    reconnect::COMMAND,
    status::COMMAND,
    install_catalog::COMMAND,
    check_workspace::COMMAND,
];
