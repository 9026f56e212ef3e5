//! `medcode encounter`: checks codes that are reported together.

use std::io::BufRead;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use medcode_codes::{
    code::written,
    date::parse_iso,
    normalize::normalize,
    system::{CodeSystem, cpt, hcpcs, icd10pcs},
};
use medcode_proto::v1;

use crate::{
    args::{self, Global},
    channel::{Service, to_proto},
    failure::{Answer, Failure},
    json::encounter::{Input, Issue, Line, Output, Place},
    output::{self, Style},
    systems::coding,
};

/// Options of `encounter`.
///
/// Examples: `medcode encounter --dx E10.9 --dx E11.9 --dos 2026-03-01`,
/// `medcode encounter --dx E11.9 I10 --px 99213-25 --age 54 --sex F --json`,
/// `medcode encounter - --jsonl < claims.jsonl`.
#[derive(Args, Debug)]
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
    /// Id of a payer rule set.
    #[arg(long, value_name = "ID")]
    payer: Option<String>,
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
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Setting {
    Inpatient,
    Outpatient,
    Professional,
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
        let output = check(&mut service, given(options)).await?;
        return show(&output, options, Answer::Yes);
    }
    let mut answer = Answer::Yes;
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        // The message of the parser may quote the line, which holds patient facts: only the place is told.
        let input: Input = serde_json::from_str(&line).map_err(|error| {
            let at = error.column();
            Failure::Usage(format!(
                "line {}, column {at}: not an encounter as `medcode encounter --help` shows it",
                number + 1
            ))
        })?;
        let output = check(&mut service, input).await?;
        answer = show(&output, options, answer)?;
    }
    Ok(answer)
}

fn given(options: &Options) -> Input {
    let line = |code: &String| Line { code: code.clone(), ..Line::default() };
    Input {
        id: None,
        dos: options.dos.map(|date| date.to_string()),
        discharge: options.discharge.map(|date| date.to_string()),
        age: options.age,
        sex: options.sex.map(|sex| if matches!(sex, Sex::Female) { "F" } else { "M" }.to_owned()),
        setting: options
            .setting
            .and_then(|setting| Some(setting.to_possible_value()?.get_name().to_owned())),
        payer: options.payer.clone(),
        dx: options.dx.clone(),
        px: options.px.iter().map(line).collect(),
    }
}

async fn check(service: &mut Service, input: Input) -> Result<Output, Failure> {
    let id = input.id.clone();
    let codes: Vec<(CodeSystem, String)> =
        input.dx.iter().map(|code| (CodeSystem::Icd10Cm, code.clone())).collect();
    let lines: Vec<(CodeSystem, String, Vec<String>)> =
        input.px.iter().map(split_modifiers).collect();
    let encounter = message(&input, &codes, &lines)?;
    let options = v1::ValidationOptions {
        check_detail: v1::CheckDetail::All.into(),
        ..v1::ValidationOptions::default()
    };
    let request = v1::ValidateEncounterRequest {
        encounter: Some(encounter),
        options: Some(options),
        date: Some(to_proto(service.date)),
    };
    let report = service.validate_encounter(request).await?;
    let spelled = |system: CodeSystem, text: &str| written(system, &normalize(system, text).code);
    Ok(Output::new(id, report, |place| match place {
        Place::Diagnosis(index) => {
            codes.get(index).map_or_else(String::new, |(system, code)| spelled(*system, code))
        }
        Place::Line(index) => {
            lines.get(index).map_or_else(String::new, |(system, code, _)| spelled(*system, code))
        }
    }))
}

/// Takes modifiers off a code: `99213-25`. The system follows from the shape.
fn split_modifiers(line: &Line) -> (CodeSystem, String, Vec<String>) {
    let mut parts = line.code.trim().split('-');
    let code = parts.next().unwrap_or_default().to_owned();
    let modifiers = line.modifiers.iter().cloned().chain(parts.map(str::to_owned));
    let modifiers = modifiers
        .map(|modifier| modifier.trim().to_uppercase())
        .filter(|modifier| !modifier.is_empty());
    let plain = normalize(CodeSystem::Icd10Pcs, &code).code;
    let system = if hcpcs::has_shape(&plain) || hcpcs::has_cdt_shape(&plain) {
        CodeSystem::Hcpcs
    } else if cpt::category(&plain).is_none() && icd10pcs::has_loose_shape(&plain) {
        CodeSystem::Icd10Pcs
    } else {
        CodeSystem::Cpt
    };
    (system, code, modifiers.collect())
}

fn message(
    input: &Input,
    codes: &[(CodeSystem, String)],
    lines: &[(CodeSystem, String, Vec<String>)],
) -> Result<v1::Encounter, Failure> {
    let day = |text: &Option<String>, name: &str| match text {
        None => Ok(None),
        Some(text) => parse_iso(text)
            .map(|date| Some(to_proto(date)))
            .map_err(|error| Failure::Usage(format!("{name}: {error}"))),
    };
    let diagnoses = codes.iter().map(|(system, code)| v1::Diagnosis {
        coding: Some(coding(*system, code)),
        ..v1::Diagnosis::default()
    });
    let lines =
        lines.iter().zip(&input.px).map(|((system, code, modifiers), given)| v1::ServiceLine {
            coding: Some(coding(*system, code)),
            modifiers: modifiers.clone(),
            units: given.units.map_or_else(String::new, |units| units.to_string()),
            diagnosis_pointers: given.dx_pointers.clone(),
            ..v1::ServiceLine::default()
        });
    Ok(v1::Encounter {
        encounter_id: input.id.clone().unwrap_or_default(),
        service_date: day(&input.dos, "dos")?,
        discharge_date: day(&input.discharge, "discharge")?,
        age_years: input.age,
        sex: sex(input.sex.as_deref())?.into(),
        setting: setting(input.setting.as_deref())?.into(),
        payer: input.payer.clone().unwrap_or_default(),
        diagnoses: diagnoses.collect(),
        lines: lines.collect(),
        ..v1::Encounter::default()
    })
}

fn sex(text: Option<&str>) -> Result<v1::Sex, Failure> {
    match text.map(str::to_ascii_uppercase).as_deref() {
        None | Some("") => Ok(v1::Sex::Unspecified),
        Some("F" | "FEMALE") => Ok(v1::Sex::Female),
        Some("M" | "MALE") => Ok(v1::Sex::Male),
        Some(_) => Err(Failure::Usage("sex is F or M".to_owned())),
    }
}

fn setting(text: Option<&str>) -> Result<v1::Setting, Failure> {
    match text {
        None | Some("") => Ok(v1::Setting::Unspecified),
        Some("inpatient") => Ok(v1::Setting::Inpatient),
        Some("outpatient") => Ok(v1::Setting::OutpatientFacility),
        Some("professional") => Ok(v1::Setting::Professional),
        Some(_) => {
            Err(Failure::Usage("setting is inpatient, outpatient or professional".to_owned()))
        }
    }
}

fn show(output: &Output, options: &Options, before: Answer) -> Result<Answer, Failure> {
    if options.jsonl {
        output::json_line(output)?;
    } else if options.json {
        output::json(output)?;
    } else {
        pretty(output)?;
    }
    let failed = output.issues.iter().any(|issue| issue.severity == "error");
    Ok(if failed { Answer::No } else { before })
}

fn pretty(output: &Output) -> Result<(), Failure> {
    let style = Style::for_stdout();
    for issue in &output.issues {
        output::line(&format!(
            "{} {} {}",
            severity(issue, style),
            issue.message,
            style.dim(&format!("[{}]", issue.rule))
        ))?;
        output::line(&style.dim(&format!("    {}", issue.source)))?;
    }
    let unasked: Vec<_> = output.checks.iter().filter(|check| check.outcome == "no_data").collect();
    for check in &unasked {
        output::line(&format!("{} {}", style.doubtful("no data"), check.rule))?;
    }
    if output.issues.is_empty() && unasked.is_empty() {
        output::line(&style.good("no issues"))?;
    }
    Ok(())
}

fn severity(issue: &Issue, style: Style) -> String {
    match issue.severity {
        "error" => style.bad("error"),
        "warning" => style.doubtful("warning"),
        other => style.note(other),
    }
}
