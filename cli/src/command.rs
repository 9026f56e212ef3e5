//! One file per command. Each asks the code service and prints the answer.

use clap::CommandFactory;

use crate::{
    args::{Arguments, Command},
    failure::{Answer, Failure},
};

pub(crate) mod catalog;
pub(crate) mod check;
pub(crate) mod encounter;
pub(crate) mod lookup;
pub(crate) mod lsp;
pub(crate) mod rules;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod translate;
pub(crate) mod validate;

/// Runs the command that was asked for.
pub(crate) fn run(arguments: Arguments) -> Result<Answer, Failure> {
    let global = arguments.global;
    match arguments.command {
        Command::Rules(options) => rules::run(&options),
        Command::Catalog(command) => catalog::run(&global, &command),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "medcode", &mut script);
            crate::output::line(String::from_utf8_lossy(&script).trim_end())?;
            Ok(Answer::Yes)
        }
        Command::Serve(options) => block_on(serve::run(&global, &options)),
        Command::Lsp(options) => block_on(lsp::run(&global, &options)),
        Command::Check(options) => block_on(check::run(&global, &options)),
        Command::Lookup(options) => block_on(lookup::run(&global, &options)),
        Command::Validate(options) => block_on(validate::run(&global, &options)),
        Command::Search(options) => block_on(search::run(&global, &options)),
        Command::Translate(options) => block_on(translate::run(&global, &options)),
        Command::Encounter(options) => block_on(encounter::run(&global, &options)),
    }
}

fn block_on<T>(task: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(task);
    // An installation that is still running must not hold the process back; what it had is taken up again later.
    runtime.shutdown_background();
    result
}
