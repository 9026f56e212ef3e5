//! Runs programs, shows what they print, and keeps the closing lines of test runners.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context, bail};

use crate::summary::Summary;

/// Says what is being done.
#[expect(clippy::print_stderr, reason = "tasks tell what they do")]
pub(crate) fn say(text: &str) {
    eprintln!("xtask: {text}");
}

/// Runs a program to its end.
///
/// # Errors
/// It cannot be started, or it fails.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    say(&shown(command));
    let status = command.status().with_context(|| format!("start {}", shown(command)))?;
    if !status.success() {
        bail!("failed ({status}): {}", shown(command));
    }
    Ok(())
}

/// Runs a test runner to its end, shows what it prints, and keeps its closing lines also when it fails.
///
/// # Errors
/// It cannot be started, or it fails.
#[expect(clippy::print_stdout, reason = "the output of the test runners is shown as it comes")]
pub(crate) fn run_tests(
    name: &str,
    command: &mut Command,
    summary: &mut Summary,
) -> anyhow::Result<()> {
    say(&shown(command));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("start {}", shown(command)))?;
    let stdout = child.stdout.take().context("the output of a test runner")?;
    for line in BufReader::new(stdout).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        summary.keep(name, &line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}

/// Whether a program can be started.
pub(crate) fn exists(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
