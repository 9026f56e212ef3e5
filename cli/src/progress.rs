//! Shows how far an installation is: bars on a terminal, lines otherwise. On stderr: stdout belongs to answers.

use std::{
    io::{IsTerminal, stderr},
    sync::{Mutex, PoisonError},
};

use indicatif::{ProgressBar, ProgressStyle};
use medcode_server::install::{Phase, Progress};

/// Progress for the person who waits.
pub(crate) enum Shown {
    /// A bar for the phase that runs.
    Bars(Mutex<ProgressBar>),
    /// A line for each phase and package; holds the last one.
    Lines(Mutex<String>),
}

impl Shown {
    /// Bars where stderr is a terminal, else lines.
    pub(crate) fn new() -> Self {
        if stderr().is_terminal() {
            Self::Bars(Mutex::new(ProgressBar::hidden()))
        } else {
            Self::Lines(Mutex::default())
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "lines of progress are for the person at the terminal or in the log of a job"
)]
impl Progress for Shown {
    fn begin(&self, phase: Phase, steps: u64) {
        match self {
            Self::Bars(bar) => {
                let template = match (steps, phase.counts_bytes()) {
                    (0, _) => "{spinner} {prefix} {msg}",
                    (_, true) => "{prefix:<24} [{bar:30}] {bytes}/{total_bytes} {msg}",
                    (_, false) => "{prefix:<24} [{bar:30}] {pos}/{len} {msg}",
                };
                let style = ProgressStyle::with_template(template)
                    .unwrap_or_else(|_| ProgressStyle::default_bar());
                let fresh = ProgressBar::new(steps).with_style(style).with_prefix(phase.title());
                fresh.enable_steady_tick(std::time::Duration::from_millis(120));
                *bar.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
            }
            Self::Lines(_) => eprintln!("medcode: {} …", phase.title()),
        }
    }

    fn step(&self, phase: Phase, done: u64, what: &str) {
        match self {
            Self::Bars(bar) => {
                let bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
                bar.set_message(what.to_owned());
                bar.set_position(done);
            }
            // Rows and bytes come by the thousand: only packages are worth a line, one each.
            Self::Lines(last) if phase.counts_bytes() => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if *last != what {
                    eprintln!("medcode:   {what}");
                    what.clone_into(&mut last);
                }
            }
            Self::Lines(_) => {}
        }
    }

    fn end(&self, _: Phase) {
        if let Self::Bars(bar) = self {
            bar.lock().unwrap_or_else(PoisonError::into_inner).finish_and_clear();
        }
    }
}
