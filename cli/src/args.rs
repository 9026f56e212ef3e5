//! The command line as typed.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use medcode_codes::{date::parse_iso, rules as all_rules, system::CodeSystem};

use crate::command::{
    catalog, check, encounter, lookup, lsp, rules, search, serve, translate, validate,
};

/// Medical codes checked where they are written: ICD-10-CM, ICD-10-PCS, CPT and HCPCS Level II.
///
/// Exit codes: 0 fine; 1 the answer is no (an error found, a code not valid, nothing matched, a file refused); 2 the call was wrong;
/// 3 the catalog or the server could not be used, or the installed data cannot tell.
#[derive(Debug, Parser)]
#[command(name = "medcode", version = version(), propagate_version = true, max_term_width = 120)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// Folder of the catalog [default: the platform's data directory].
    #[arg(long, global = true, env = "MEDCODE_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// Take the settings from this file and not from the `medcode.toml` that lies nearest to what is checked.
    #[arg(long, global = true, env = "MEDCODE_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Ask a running service, for example `http://127.0.0.1:50051`, instead of the catalog on this machine.
    #[arg(long, global = true, env = "MEDCODE_SERVER", value_name = "URL")]
    pub(crate) server: Option<String>,

    /// The day to ask about, YYYY-MM-DD [default: today].
    #[arg(long, global = true, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,

    /// Rule files of payers, or folders of them, beside those in `payers` of the data directory.
    #[arg(
        long,
        global = true,
        env = "MEDCODE_PAYER_FILES",
        value_name = "PATH",
        value_delimiter = ',', value_parser = existing
    )]
    pub(crate) payer_files: Vec<PathBuf>,

    /// Never install the catalog unasked.
    #[arg(long, global = true, env = "MEDCODE_NO_INSTALL", value_parser = clap::builder::BoolishValueParser::new())]
    pub(crate) no_install: bool,

    /// Where no catalog is installed, put a copy of this catalog file in its place.
    #[arg(long, global = true, env = "MEDCODE_SEED_CATALOG", value_name = "FILE")]
    pub(crate) seed_catalog: Option<PathBuf>,
}

/// Every command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the gRPC service; installs the default catalog first when there is none.
    Serve(serve::Options),
    /// Run the language server on stdin and stdout.
    Lsp(lsp::Options),
    /// Check notes, superbills and templates.
    Check(check::Options),
    /// Say what a code means.
    Lookup(lookup::Options),
    /// Say whether a code may be used on a date.
    Validate(validate::Options),
    /// Find codes by words or by their beginning.
    Search(search::Options),
    /// Find what took the place of a code, or corresponds to it: ICD-9-CM and ICD-10.
    Translate(translate::Options),
    /// Check codes that are reported together.
    Encounter(encounter::Options),
    /// List the rules, or explain one.
    Rules(rules::Options),
    /// The code sets on this machine.
    #[command(subcommand)]
    Catalog(catalog::Command),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Where a command writes for machines.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Format {
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A code system on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum System {
    /// ICD-10-CM.
    #[value(name = "icd-10-cm", alias = "icd10cm")]
    Icd10Cm,
    /// ICD-10-PCS.
    #[value(name = "icd-10-pcs", alias = "icd10pcs", alias = "pcs")]
    Icd10Pcs,
    /// CPT.
    #[value(name = "cpt")]
    Cpt,
    /// HCPCS Level II.
    #[value(name = "hcpcs")]
    Hcpcs,
}

impl From<System> for CodeSystem {
    fn from(system: System) -> Self {
        match system {
            System::Icd10Cm => Self::Icd10Cm,
            System::Icd10Pcs => Self::Icd10Pcs,
            System::Cpt => Self::Cpt,
            System::Hcpcs => Self::Hcpcs,
        }
    }
}

/// Reads the command line. A request for help is an answer, a mistake is exit code 2.
pub(crate) fn parse() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        // Nothing can be said when even this cannot be printed.
        let _ = error.print();
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

/// The id of a rule or of a family of rules.
///
/// # Errors
/// There is none of that name.
pub(crate) fn rule_or_family(id: &str) -> Result<String, String> {
    if all_rules::find(id).is_some() || all_rules::FAMILIES.iter().any(|family| family.id == id) {
        return Ok(id.to_owned());
    }
    let near =
        all_rules::nearest(id).map_or_else(String::new, |near| format!("; did you mean {near}?"));
    Err(format!("there is no rule and no family '{id}'{near}"))
}

/// A path that leads somewhere: a rule file that is not there would be a check that is not made.
fn existing(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.exists() { Ok(path) } else { Err("there is no such file or folder".to_owned()) }
}

/// Reads a day.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    parse_iso(text).map_err(|error| error.to_string())
}

/// The version and, where it was built from a checkout, the revision.
const fn version() -> &'static str {
    concat!(env!("CARGO_PKG_VERSION"), env!("MEDCODE_REVISION"))
}
