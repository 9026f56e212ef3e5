//! Logs: to stderr, or to a file. Never to stdout, which belongs to answers and to the protocol.

use std::{io::IsTerminal, sync::Arc};

use tracing_subscriber::{EnvFilter, fmt};

use crate::args::{Arguments, Command};

/// Starts logging. `MEDCODE_LOG` chooses the level as in `MEDCODE_LOG=medcode=debug`.
pub(crate) fn start(arguments: &Arguments) {
    let default = match arguments.command {
        Command::Serve(_) | Command::Lsp(_) => "info",
        _ => "warn",
    };
    let filter = EnvFilter::try_from_env("MEDCODE_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let builder = fmt().with_env_filter(filter).with_target(false);
    let file = match &arguments.command {
        Command::Lsp(options) => {
            options.log_file.as_ref().and_then(|path| std::fs::File::create(path).ok())
        }
        _ => None,
    };
    match file {
        Some(file) => builder.with_ansi(false).with_writer(Arc::new(file)).init(),
        None => {
            builder.with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr).init();
        }
    }
}
