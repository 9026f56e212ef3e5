//! `medcode lookup`: what a code means.

use clap::Args;
use medcode_proto::v1;

use crate::{
    args::{Format, Global, System},
    channel::Service,
    failure::{Answer, Failure},
    json::lookup::{Document, Looked, Note},
    output::{self, Style},
    systems,
};

/// Options of `lookup`.
///
/// Examples: `medcode lookup E11.9`, `medcode lookup 0DTJ4ZZ J1885 --json`,
/// `medcode lookup M54.5 --as-of 2021-03-01`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The codes, in any form: E11.9, e119.
    #[arg(required = true, value_name = "CODE")]
    codes: Vec<String>,
    /// The system of the codes; found out from the code where it is missing.
    #[arg(long)]
    system: Option<System>,
    #[command(flatten)]
    format: Format,
}

/// Looks the codes up and prints them.
pub(crate) async fn run(global: &Global, options: &Options) -> Result<Answer, Failure> {
    let mut service = Service::open(global).await?;
    let date = service.date;
    let given = options.system.map(Into::into);
    let systems = systems::resolve(&mut service, &options.codes, given, date).await?;
    let codings: Vec<_> = systems
        .into_iter()
        .zip(&options.codes)
        .map(|(system, code)| systems::coding(system, code))
        .collect();
    let results = service.lookup(codings.clone(), date, v1::ConceptView::Full).await?;
    let mut looked = Vec::with_capacity(results.len());
    for (coding, result) in codings.iter().zip(results) {
        let below = result.concept.as_ref().filter(|concept| concept.child_count > 0);
        let children = match below.and_then(|concept| concept.coding.as_ref()) {
            Some(parent) => service.children(&parent.system.clone(), &parent.code.clone()).await?,
            None => Vec::new(),
        };
        looked.push(Looked::new(coding, result, children));
    }
    let answer = answer(&looked);
    if options.format.json {
        output::json(&Document { results: looked })?;
    } else {
        for (index, code) in looked.iter().enumerate() {
            if index > 0 {
                output::line("")?;
            }
            page(code, Style::for_stdout())?;
        }
    }
    Ok(answer)
}

fn answer(looked: &[Looked]) -> Answer {
    if looked.iter().any(|code| !code.found && code.unavailable.is_none()) {
        Answer::No
    } else if looked.iter().any(|code| !code.found) {
        Answer::NoData
    } else {
        Answer::Yes
    }
}

/// A page for people.
fn page(code: &Looked, style: Style) -> Result<(), Failure> {
    if !code.found {
        return missing(code, style);
    }
    let title = code.display.as_deref().unwrap_or("(no title in the installed release)");
    output::line(&format!("{}  {}", style.bold(&code.code), style.bold(title)))?;
    output::line(&style.dim(&facts(code)))?;
    if let Some(note) = &code.note {
        output::line(&style.doubtful(note))?;
    }
    let path: Vec<_> = code
        .ancestors
        .iter()
        .rev()
        .map(|above| format!("{} {}", above.code, above.display))
        .collect();
    for (depth, above) in path.iter().enumerate() {
        output::line(&style.dim(&format!("{}{above}", "  ".repeat(depth + 1))))?;
    }
    list("Inclusion terms", &code.inclusion_terms, style)?;
    let texts = |notes: &[Note]| {
        notes.iter().map(|note| format!("{} [{}]", note.text, note.at)).collect::<Vec<_>>()
    };
    list("Includes", &texts(&code.includes), style)?;
    list("Excludes1", &texts(&code.excludes1), style)?;
    list("Excludes2", &texts(&code.excludes2), style)?;
    list("Code first", &texts(&code.code_first), style)?;
    list("Use additional code", &texts(&code.use_additional), style)?;
    list("Code also", &texts(&code.code_also), style)?;
    let seventh = code
        .seventh_characters
        .iter()
        .map(|seventh| format!("{}  {}", seventh.code, seventh.display));
    list("7th characters", &seventh.collect::<Vec<_>>(), style)?;
    if code.seventh_characters.is_empty() {
        let children =
            code.children.iter().map(|child| format!("{}  {}", child.code, child.display));
        list("Codes below", &children.collect::<Vec<_>>(), style)?;
    }
    let replaced = code.replaced_by.iter().map(|next| format!("{}  {}", next.code, next.display));
    list("Replaced by", &replaced.collect::<Vec<_>>(), style)?;
    code.copyright.iter().try_for_each(|line| output::line(&style.dim(line)))
}

fn facts(code: &Looked) -> String {
    let billable = if code.billable == Some(true) { "billable" } else { "not billable" };
    let valid = match (&code.valid_from, &code.valid_to) {
        (Some(from), Some(to)) => format!(" · valid {from} to {to}"),
        (Some(from), None) => format!(" · valid since {from}"),
        _ => String::new(),
    };
    let release =
        code.release.as_ref().map_or_else(String::new, |release| format!(" · release {release}"));
    format!("{} · {billable}{valid}{release}", code.system)
}

fn missing(code: &Looked, style: Style) -> Result<(), Failure> {
    let reason = match code.unavailable.as_deref() {
        Some(reason) => format!("could not be asked ({})", reason.replace('_', " ")),
        None => format!("is not in {}", code.system),
    };
    output::line(&format!("{}  {}", style.bold(&code.code), style.bad(&reason)))?;
    let near = code.suggestions.iter().map(|near| format!("{}  {}", near.code, near.display));
    list("Did you mean", &near.collect::<Vec<_>>(), style)
}

fn list(heading: &str, items: &[String], style: Style) -> Result<(), Failure> {
    if items.is_empty() {
        return Ok(());
    }
    output::line(&style.note(heading))?;
    items.iter().try_for_each(|item| output::line(&format!("  {item}")))
}
