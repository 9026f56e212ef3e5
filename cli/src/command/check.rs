//! `medcode check`: checks notes, superbills and templates. Only codes and facts are sent to the service; text stays
//! here.

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, ValueEnum};
use futures::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use medcode_codes::issue::Severity;

use crate::{
    args::{Global, rule_or_family},
    channel::Service,
    failure::{Answer, Failure},
};

mod diff;
mod explain;
mod files;
mod fix;
mod github;
mod gitlab;
mod json;
mod one;
mod places;
mod pretty;
mod report;
mod sarif;
mod settings;
mod show_settings;
mod text;

use files::Target;
use one::{Checked, Wish};
use report::Report;
use settings::SettingsOf;

/// Files under way at once for each core.
const FILES_PER_CORE: usize = 2;

/// Fewer files need no progress bar.
const PROGRESS_FROM: usize = 20;

/// Options of `check`.
///
/// Examples: `medcode check notes/`, `medcode check note.md --format json`, `medcode check - < note.txt`,
/// `medcode check notes/ --rule missing-dot=off`, `medcode check notes/ --fix --diff`.
///
/// Settings come from `medcode.toml` in the folder of a file or above it; `--settings` says which one.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "flags are yes or no each")]
pub(crate) struct Options {
    /// Files and folders; `-` reads one text from stdin. Folders are walked, ignore files respected.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print the issues.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    /// Print one JSON document; the same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// The severity of a rule or of a family of rules: error, warning, info, hint or off.
    #[arg(long = "rule", value_name = "ID=SEVERITY", value_parser = rule_severity)]
    rules: Vec<(String, Option<Severity>)>,
    /// The payer whose rules apply where a text names none.
    #[arg(long, value_name = "ID")]
    payer: Option<String>,
    /// Apply the fixes that only spell the same code anew, and remove comments that accept nothing.
    #[arg(long)]
    fix: bool,
    /// Show what `--fix` would change, as a patch, and change nothing. Exit code 1 when there is something.
    #[arg(long, conflicts_with_all = ["format", "json"])]
    diff: bool,
    /// Print what a rule checks and why below its first issue.
    #[arg(long)]
    explain: bool,
    /// List also what comments and settings accept, with the reason.
    #[arg(long)]
    show_ignored: bool,
    /// The path that a text from stdin has, for its settings and in the output.
    #[arg(long, value_name = "PATH")]
    stdin_path: Option<PathBuf>,
    /// Show which settings hold for each path, and from which file; check nothing.
    #[arg(long, conflicts_with_all = ["format", "fix", "diff", "explain", "show_ignored"])]
    settings: bool,
}

/// How issues are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the line and carets.
    Pretty,
    /// One JSON document.
    Json,
    /// One JSON document per issue.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of a GitHub workflow.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
}

/// What is said when everything is checked.
#[derive(Debug, Default)]
struct Totals {
    files: usize,
    skipped: usize,
    excluded: usize,
    issues: BTreeMap<Severity, usize>,
    silenced: usize,
    fixed: usize,
    fixed_files: usize,
    incomplete: bool,
}

impl Totals {
    fn add(&mut self, checked: &Checked) {
        self.files += 1;
        self.silenced += checked.assembly.silenced.len();
        self.incomplete |= checked.assembly.incomplete || !checked.too_long.is_empty();
        self.fixed += checked.fixed;
        self.fixed_files += usize::from(checked.fixed > 0);
        for severity in checked.severities() {
            *self.issues.entry(severity).or_default() += 1;
        }
    }

    fn answer(&self, is_diff: bool) -> Answer {
        if is_diff && self.fixed > 0 || !is_diff && self.issues.contains_key(&Severity::Error) {
            Answer::No
        } else if self.incomplete {
            Answer::NoData
        } else {
            Answer::Yes
        }
    }
}

/// Checks every text and prints the issues.
pub(crate) async fn run(global: &Global, options: &Options) -> Result<Answer, Failure> {
    let settings = Arc::new(SettingsOf::new(global, options)?);
    if options.settings {
        return show_settings::show(options, &settings);
    }
    let wish = Wish { fix: options.fix, diff: options.diff };
    let mut report = Report::new(options);
    let mut totals = Totals::default();
    if options.paths == [Path::new("-")] {
        let service = Service::open(global).await?;
        let checked = stdin(&service, options, &settings, wish).await?;
        totals.add(&checked);
        report::too_long(&checked);
        report.stdin(&checked)?;
    } else {
        let found = files::find(&options.paths, &settings)?;
        report::excluded(&found.excluded);
        totals.excluded = found.excluded.len();
        let service = Service::open(global).await?;
        every(&service, found.targets, &settings, wish, &mut report, &mut totals).await?;
    }
    report.finish(&totals)?;
    Ok(totals.answer(options.diff))
}

/// Checks files, several at once, and reports them in order.
async fn every(
    service: &Service,
    targets: Vec<Target>,
    settings: &Arc<SettingsOf>,
    wish: Wish,
    report: &mut Report,
    totals: &mut Totals,
) -> Result<(), Failure> {
    let bar = progress(targets.len());
    let checks = targets.into_iter().map(|target| {
        let (service, settings) = (service.clone(), settings.clone());
        let check = async move {
            let checked = one::file(&service, &target, &settings, wish).await;
            (target, checked)
        };
        // A task of its own, so that scanning goes on on every core.
        async move { tokio::spawn(check).await }
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut checks = stream::iter(checks).buffered(FILES_PER_CORE * cores);
    while let Some(checked) = checks.next().await {
        let (target, checked) =
            checked.map_err(|_| Failure::Unavailable("a check ended early".to_owned()))?;
        bar.inc(1);
        match checked {
            Ok(checked) => {
                totals.add(&checked);
                bar.suspend(|| report::too_long(&checked));
                bar.suspend(|| report.file(&checked))?;
            }
            Err(error) => {
                totals.skipped += 1;
                totals.incomplete = true;
                bar.suspend(|| report::not_read(&target.shown, &error));
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// A bar where somebody sees it and where there is something to wait for.
fn progress(files: usize) -> ProgressBar {
    if files < PROGRESS_FROM || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} files")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let length = u64::try_from(files).unwrap_or(u64::MAX);
    ProgressBar::new(length).with_style(style).with_prefix("checking")
}

async fn stdin(
    service: &Service,
    options: &Options,
    settings: &SettingsOf,
    wish: Wish,
) -> Result<Checked, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let read = text::decode(bytes)
        .ok_or_else(|| Failure::Usage(format!("-: {}", text::NotRead::NoText)))?;
    let path = options.stdin_path.as_deref().map(std::path::absolute).transpose()?;
    let shown = options.stdin_path.as_deref().unwrap_or(Path::new("-")).display().to_string();
    Ok(one::text(service, shown, &read, path.as_deref(), settings, wish).await)
}

fn rule_severity(text: &str) -> Result<(String, Option<Severity>), String> {
    let (id, severity) =
        text.split_once('=').ok_or("write ID=SEVERITY, for example missing-dot=off")?;
    let id = rule_or_family(id)?;
    match severity {
        "off" => Ok((id, None)),
        other => Severity::from_id(other)
            .map(|severity| (id, Some(severity)))
            .ok_or_else(|| "the severity is error, warning, info, hint or off".to_owned()),
    }
}
