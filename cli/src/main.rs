//! medcode: medical codes checked where they are written.
//!
//! One binary: the gRPC service, the language server and the command line. Everything a command asks goes through the
//! gRPC API, to a running service or to one inside the process; no command knows the difference.

use std::process::ExitCode;

mod args;
mod channel;
mod command;
mod data_dir;
mod failure;
mod install;
mod json;
mod logging;
mod output;
mod progress;
mod settings_files;
mod systems;

fn main() -> ExitCode {
    let arguments = match args::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    logging::start(&arguments);
    // A panic message may quote what was read; only its place is told.
    medcode_server::telemetry::report_panics_without_message();
    match command::run(arguments) {
        Ok(answer) => answer.into(),
        Err(failure) => {
            failure.print();
            failure.code()
        }
    }
}
