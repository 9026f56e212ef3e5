//! `medcode translate`: the codes that took the place of a code, and its counterparts in another system.

use clap::{Args, ValueEnum};
use medcode_codes::{icd9, system::CodeSystem};
use medcode_proto::v1::{self, TranslationKind};

use crate::{
    args::{Format, Global},
    channel::Service,
    failure::{Answer, Failure},
    json::translate::{Document, Match, Translated},
    output::{self, Style},
    systems,
};

/// The id of ICD-9-CM for the service.
const ICD_9_CM: &str = "icd-9-cm";

/// A system that mappings lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// ICD-9-CM, diagnoses and procedures.
    #[value(name = "icd-9-cm", alias = "icd9cm")]
    Icd9Cm,
    /// ICD-10-CM.
    #[value(name = "icd-10-cm", alias = "icd10cm")]
    Icd10Cm,
    /// ICD-10-PCS.
    #[value(name = "icd-10-pcs", alias = "icd10pcs", alias = "pcs")]
    Icd10Pcs,
}

/// Options of `translate`.
///
/// Examples: `medcode translate 250.00`, `medcode translate M54.5`, `medcode translate E11.9 --to icd-9-cm`,
/// `medcode translate V58.69 --to icd-10-cm`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The codes, in any form: E11.9, e119, 250.00.
    #[arg(required = true, value_name = "CODE")]
    codes: Vec<String>,
    /// The system to lead to, by the equivalence mappings of CMS between ICD-9-CM and ICD-10. Without it codes of ICD-9-CM
    /// that begin with a digit are mapped, and other codes followed to those that took their place.
    #[arg(long, value_name = "SYSTEM")]
    to: Option<Target>,
    #[command(flatten)]
    format: Format,
}

/// Asks for each code and prints what corresponds.
pub(crate) async fn run(global: &Global, options: &Options) -> Result<Answer, Failure> {
    let mut service = Service::open(global).await?;
    let mut results = Vec::with_capacity(options.codes.len());
    let (mapped, followed): (Vec<_>, Vec<_>) = options
        .codes
        .iter()
        .enumerate()
        .partition(|(_, code)| options.to.is_some() || is_icd9(code));
    for (codes, kind) in [(mapped, TranslationKind::Gem), (followed, TranslationKind::ReplacedBy)] {
        let texts: Vec<String> = codes.iter().map(|(_, code)| (*code).clone()).collect();
        let codings = match (kind, options.to) {
            (TranslationKind::Gem, None | Some(Target::Icd10Cm | Target::Icd10Pcs)) => {
                texts.iter().map(|text| of_icd9(text)).collect()
            }
            _ => of_catalog(&mut service, &texts).await?,
        };
        let target = if kind == TranslationKind::Gem { options.to } else { None };
        let answers = service.translate(codings.clone(), kind, target.map_or("", id)).await?;
        let of_kind = codes.iter().zip(codings).zip(answers);
        results.extend(
            of_kind
                .map(|(((index, _), coding), answer)| (*index, Translated::new(&coding, answer))),
        );
    }
    results.sort_by_key(|(index, _)| *index);
    let results: Vec<_> = results.into_iter().map(|(_, translated)| translated).collect();
    let answer = answer(&results);
    if options.format.json {
        output::json(&Document { results })?;
    } else {
        for translated in &results {
            page(translated, Style::for_stdout())?;
        }
    }
    Ok(answer)
}

/// What can only be a code of ICD-9-CM: `250.00`, `38.93`, `042`.
fn is_icd9(text: &str) -> bool {
    let text = text.trim();
    let is_diagnosis =
        text.starts_with(|first: char| first.is_ascii_digit()) && icd9::diagnosis(text).is_some();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_procedure = text.split_once('.').is_some_and(|(before, behind)| {
        before.len() == 2 && behind.len() <= 2 && is_digits(before) && is_digits(behind)
    });
    is_diagnosis || is_procedure
}

fn of_icd9(text: &str) -> v1::Coding {
    v1::Coding { system: ICD_9_CM.into(), code: text.trim().into(), ..v1::Coding::default() }
}

async fn of_catalog(service: &mut Service, texts: &[String]) -> Result<Vec<v1::Coding>, Failure> {
    let date = service.date;
    let systems = systems::resolve(service, texts, None, date).await?;
    Ok(systems.into_iter().zip(texts).map(|(system, text)| systems::coding(system, text)).collect())
}

fn id(target: Target) -> &'static str {
    match target {
        Target::Icd9Cm => ICD_9_CM,
        Target::Icd10Cm => CodeSystem::Icd10Cm.id(),
        Target::Icd10Pcs => CodeSystem::Icd10Pcs.id(),
    }
}

fn answer(results: &[Translated]) -> Answer {
    if results.iter().any(|code| !code.result && code.unavailable.is_none()) {
        Answer::No
    } else if results.iter().any(|code| !code.result) {
        Answer::NoData
    } else {
        Answer::Yes
    }
}

fn page(translated: &Translated, style: Style) -> Result<(), Failure> {
    let code = style.bold(&translated.input);
    if !translated.result {
        return output::line(&format!("{code}  {}", style.doubtful(&translated.message)));
    }
    output::line(&code)?;
    for found in &translated.matches {
        let line = match &found.code {
            Some(code) => format!("  {}  {}", style.bold(code), found.display),
            None => "  nothing corresponds".to_owned(),
        };
        output::line(&format!("{line}{}", style.dim(&remarks(found))))?;
    }
    Ok(())
}

/// What is to be known of a counterpart: whether it means the same, and whether it stands alone.
fn remarks(found: &Match) -> String {
    let mut remarks = Vec::new();
    if let Some(from) = &found.effective_from {
        remarks.push(format!("since {from}"));
    }
    if found.approximate {
        remarks.push("approximate".to_owned());
    }
    if found.combination {
        remarks.push(format!(
            "only together: scenario {}, choice list {}",
            found.scenario, found.choice_list
        ));
    }
    if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_codes_of_icd_9_that_can_be_nothing_else() {
        for text in ["250.00", "042", "401.9", " 38.93 "] {
            assert!(is_icd9(text), "{text}");
        }
        for text in ["V58.69", "E11.9", "25000", "99213", "38.", ".9", "0DTJ4ZZ", ""] {
            assert!(!is_icd9(text), "{text}");
        }
    }
}
