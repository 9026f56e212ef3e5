//! `medcode encounter`: checks codes that are reported together.

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use medcode_proto::v1;

use crate::{
    args::{self, Global},
    channel::{Service, to_proto},
    failure::{Answer, Failure},
    json::encounter::{Dx, Input, Line, Output},
    output,
};

mod pretty;
mod question;
mod stream;

use question::question;

/// Options of `encounter`.
///
/// Examples: `medcode encounter --dx E10.9 --dx E11.9 --dos 2026-03-01`,
/// `medcode encounter --dx E11.9 I10 --px 99213-25 --age 54 --sex F --json`,
/// `medcode encounter - --jsonl < claims.jsonl`.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Options {
    /// `-` reads one encounter (JSON) per line from stdin.
    #[arg(value_name = "-", value_parser = ["-"])]
    stdin: Option<String>,
    /// Diagnoses, first-listed first.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "CODE")]
    dx: Vec<String>,
    /// Procedures, services and supplies, modifiers behind a hyphen.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "CODE")]
    px: Vec<String>,
    /// Date of service.
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    dos: Option<Date>,
    /// Day of admission of an inpatient.
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    admission: Option<Date>,
    /// Discharge date of an inpatient.
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    discharge: Option<Date>,
    /// Age in completed years.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=130))]
    age: Option<u32>,
    /// The patient's sex.
    #[arg(long, ignore_case = true)]
    sex: Option<Sex>,
    /// Where the encounter takes place.
    #[arg(long)]
    setting: Option<Setting>,
    /// Whether the patient is new to the practice.
    #[arg(long)]
    patient_status: Option<PatientStatus>,
    /// CMS place of service, two digits.
    #[arg(long, value_name = "NN")]
    place_of_service: Option<String>,
    /// Patient discharge status, two digits.
    #[arg(long, value_name = "NN")]
    discharge_status: Option<String>,
    /// Id of a payer rule set.
    #[arg(long, value_name = "ID")]
    payer: Option<String>,
    /// The codes stand on a claim.
    #[arg(long)]
    claim: bool,
    /// Run only these rules or families.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "RULE", value_parser = args::rule_or_family)]
    enable: Vec<String>,
    /// Do not run these rules or families.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "RULE", value_parser = args::rule_or_family)]
    disable: Vec<String>,
    /// Genuine Excludes1 conflicts are errors.
    #[arg(long)]
    strict_excludes1: bool,
    /// Print one JSON document.
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Print one JSON document per encounter.
    #[arg(long)]
    jsonl: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sex {
    #[value(name = "F", alias = "f", alias = "female")]
    Female,
    #[value(name = "M", alias = "m", alias = "male")]
    Male,
    Other,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PatientStatus {
    New,
    Established,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Setting {
    Inpatient,
    Outpatient,
    Professional,
    Dme,
}

impl Options {
    /// How encounters are to be checked.
    fn rules(&self) -> v1::ValidationOptions {
        v1::ValidationOptions {
            enable: self.enable.clone(),
            disable: self.disable.clone(),
            strict_excludes1: self.strict_excludes1,
            check_detail: v1::CheckDetail::All.into(),
            ..v1::ValidationOptions::default()
        }
    }
}

/// Checks the encounter, or each encounter of stdin.
pub(crate) async fn run(global: &Global, options: &Options) -> Result<Answer, Failure> {
    let mut service = Service::open(global).await?;
    if options.stdin.is_none() {
        if options.dx.is_empty() && options.px.is_empty() {
            return Err(Failure::Usage(
                "name at least one code with --dx or --px, or '-' for stdin".to_owned(),
            ));
        }
        let output = check(&mut service, given(options), options).await?;
        return show(&output, options, Answer::Yes);
    }
    stream::run(&mut service, options).await
}

/// The word of a choice on the command line.
fn word(choice: Option<impl ValueEnum>) -> Option<String> {
    choice.and_then(|choice| Some(choice.to_possible_value()?.get_name().to_owned()))
}

fn given(options: &Options) -> Input {
    let line = |code: &String| Line { code: code.clone(), ..Line::default() };
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    Input {
        dos: day(options.dos),
        admission: day(options.admission),
        discharge: day(options.discharge),
        age: options.age,
        sex: word(options.sex),
        setting: word(options.setting),
        patient_status: word(options.patient_status),
        place_of_service: options.place_of_service.clone(),
        discharge_status: options.discharge_status.clone(),
        payer: options.payer.clone(),
        claim: options.claim,
        dx: options.dx.iter().cloned().map(Dx::Code).collect(),
        px: options.px.iter().map(line).collect(),
        ..Input::default()
    }
}

async fn check(service: &mut Service, input: Input, options: &Options) -> Result<Output, Failure> {
    let question = question(input)?;
    let request = v1::ValidateEncounterRequest {
        encounter: Some(question.encounter),
        options: Some(options.rules()),
        date: Some(to_proto(service.date)),
    };
    let report = service.validate_encounter(request).await?;
    let id = question.codes.id.clone();
    Ok(Output::new(id, report, |place| question.codes.written(place)))
}

fn show(output: &Output, options: &Options, before: Answer) -> Result<Answer, Failure> {
    if options.jsonl {
        output::json_line(output)?;
    } else if options.json {
        output::json(output)?;
    } else {
        pretty::print(output)?;
    }
    let failed = output.issues.iter().any(|issue| issue.severity == "error");
    Ok(if failed { Answer::No } else { before })
}
