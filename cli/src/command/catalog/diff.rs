//! `medcode catalog diff`: what an update changes.

use clap::{Args, ValueEnum};
use medcode_codes::system::CodeSystem;
use medcode_proto::v1::{self, ChangeKind};
use serde::Serialize;

use crate::{
    args::{Global, System},
    channel::Service,
    failure::{Answer, Failure},
    output::{self, Style},
};

/// Options of `catalog diff`.
///
/// Titles come from the release itself; notes from the tabular list of its fiscal year, where one is installed.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The older release: its first day, a day on which it is in force, 2024-10, FY2025 or 2025 (the newest of the year).
    #[arg(value_name = "A")]
    from: String,
    /// The newer release.
    #[arg(value_name = "B")]
    to: String,
    /// The code system.
    #[arg(long, default_value = "icd-10-cm")]
    system: System,
    /// Only changes of this kind; may be repeated.
    #[arg(long, value_enum)]
    kind: Vec<Kind>,
    /// Only codes that may be submitted, no headers.
    #[arg(long)]
    billable: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// What becomes of a code.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// It is new.
    Added,
    /// It has gone, or became a header.
    Deleted,
    /// Its title, notes or flags have changed.
    Revised,
}

#[derive(Debug, Serialize)]
struct Document {
    dataset: &'static str,
    from: Side,
    to: Side,
    counts: Counts,
    added: Vec<Change>,
    deleted: Vec<Change>,
    revised: Vec<Revised>,
}

/// A release that was compared.
#[derive(Debug, Default, Serialize)]
struct Side {
    release: String,
    title: String,
    digest: String,
    files: Vec<String>,
}

/// How many codes that may be submitted, and how many headers.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Counts {
    added: usize,
    deleted: usize,
    revised: usize,
    titles_revised: usize,
    headers_added: usize,
    headers_deleted: usize,
    headers_revised: usize,
    header_titles_revised: usize,
}

#[derive(Debug, Serialize)]
struct Change {
    code: String,
    billable: bool,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct Revised {
    code: String,
    billable: bool,
    changed: Vec<String>,
    before: Titled,
    after: Titled,
}

#[derive(Debug, Serialize)]
struct Titled {
    title: String,
}

/// Compares and prints what changed.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Answer, Failure> {
    let system = CodeSystem::from(options.system);
    let mut service = Service::open(global).await?;
    let releases = service.releases(system.id()).await?;
    let kinds = options.kind.iter().map(|kind| match kind {
        Kind::Added => ChangeKind::Added.into(),
        Kind::Deleted => ChangeKind::Deleted.into(),
        Kind::Revised => ChangeKind::Revised.into(),
    });
    let request = v1::DiffReleasesRequest {
        dataset: system.id().to_owned(),
        from_version: options.from.clone(),
        to_version: options.to.clone(),
        kinds: kinds.collect(),
        page_size: 1_000,
        ..v1::DiffReleasesRequest::default()
    };
    let response = service.diff(request).await.map_err(|status| match status.code() {
        tonic::Code::NotFound => unknown(options, system, &releases),
        _ => Failure::from(status),
    })?;
    let document = Document::of(system, response, &releases, options.billable);
    if options.json {
        output::json(&document)?;
    } else {
        document.page()?;
    }
    Ok(Answer::Yes)
}

fn unknown(options: &Options, system: CodeSystem, releases: &[v1::Release]) -> Failure {
    let versions = releases.iter().filter_map(|release| release.r#ref.as_ref());
    let mut versions: Vec<_> = versions.map(|release| release.version.as_str()).collect();
    versions.dedup();
    Failure::Usage(format!(
        "{} or {} is no release of {system} that is installed, and none is in force on such a day; installed are: {}",
        options.from,
        options.to,
        versions.join(", ")
    ))
}

impl Document {
    fn of(
        system: CodeSystem,
        response: v1::DiffReleasesResponse,
        releases: &[v1::Release],
        billable_only: bool,
    ) -> Self {
        let mut document = Self {
            dataset: system.id(),
            from: Side::of(response.from_release, releases),
            to: Side::of(response.to_release, releases),
            counts: Counts::default(),
            added: Vec::new(),
            deleted: Vec::new(),
            revised: Vec::new(),
        };
        for change in response.changes {
            let newer = change.after.as_ref().or(change.before.as_ref());
            let billable = newer.is_some_and(|concept| concept.billable);
            if billable || !billable_only {
                document.add(change, billable);
            }
        }
        document
    }

    fn add(&mut self, change: v1::ConceptChange, billable: bool) {
        let kind = change.kind();
        let [before, after] = [change.before, change.after].map(|concept| {
            concept.and_then(|concept| concept.coding).map(|coding| (coding.code, coding.display))
        });
        let counts = &mut self.counts;
        let count = |of_codes: &mut usize, of_headers: &mut usize| {
            *if billable { of_codes } else { of_headers } += 1;
        };
        match (kind, before, after) {
            (ChangeKind::Added, _, Some((code, title))) => {
                count(&mut counts.added, &mut counts.headers_added);
                self.added.push(Change { code, billable, title, replaced_by: None });
            }
            (ChangeKind::Deleted, Some((code, title)), _) => {
                count(&mut counts.deleted, &mut counts.headers_deleted);
                let codings = change.replaced_by.into_iter().filter_map(|by| by.coding);
                let replaced_by = Some(codings.map(|coding| coding.code).collect());
                self.deleted.push(Change { code, billable, title, replaced_by });
            }
            (ChangeKind::Revised, Some((_, before)), Some((code, after))) => {
                count(&mut counts.revised, &mut counts.headers_revised);
                if change.changed_fields.iter().any(|field| field == "display") {
                    count(&mut counts.titles_revised, &mut counts.header_titles_revised);
                }
                self.revised.push(Revised {
                    code,
                    billable,
                    changed: change.changed_fields,
                    before: Titled { title: before },
                    after: Titled { title: after },
                });
            }
            _ => {}
        }
    }

    fn page(&self) -> Result<(), Failure> {
        let style = Style::for_stdout();
        let Counts { added, deleted, revised, titles_revised, .. } = self.counts;
        output::line(&style.bold(&format!("{} to {}", self.from.name(), self.to.name())))?;
        output::line(&format!(
            "{added} codes added, {deleted} deleted, {titles_revised} titles revised, {} revised otherwise",
            revised - titles_revised
        ))?;
        let Counts { headers_added, headers_deleted, headers_revised, .. } = self.counts;
        output::line(&style.dim(&format!(
            "headers: {headers_added} added, {headers_deleted} deleted, {headers_revised} revised, {} of them in the title",
            self.counts.header_titles_revised
        )))?;
        for change in &self.added {
            output::line(&format!("{} {:<9} {}", style.good("+"), change.code, change.title))?;
        }
        for change in &self.deleted {
            let by = change.replaced_by.as_deref().unwrap_or_default().join(", ");
            let by = if by.is_empty() { by } else { format!(" (replaced by {by})") };
            let title = &change.title;
            output::line(&format!("{} {:<9} {title}{by}", style.bad("-"), change.code))?;
        }
        for change in &self.revised {
            output::line(&format!(
                "{} {:<9} {}",
                style.doubtful("~"),
                change.code,
                change.in_words()
            ))?;
        }
        Ok(())
    }
}

impl Revised {
    /// The title, or how it changed; then what else has changed.
    fn in_words(&self) -> String {
        let others = self.changed.iter().filter(|field| *field != "display");
        let others: Vec<_> = others
            .map(|field| match field.as_str() {
                "edit_flags" => "flags of the code editor",
                other => other,
            })
            .collect();
        let others =
            if others.is_empty() { String::new() } else { format!(" [{}]", others.join(", ")) };
        let title = &self.after.title;
        if others.is_empty() || self.changed.iter().any(|field| field == "display") {
            format!("{} \u{2192} {title}{others}", self.before.title)
        } else {
            format!("{title}{others}")
        }
    }
}

impl Side {
    fn of(release: Option<v1::ReleaseRef>, releases: &[v1::Release]) -> Self {
        let Some(release) = release else { return Self::default() };
        let listed = releases.iter().find(|listed| listed.r#ref.as_ref() == Some(&release));
        let files = listed.map(|listed| listed.source_files.as_slice()).unwrap_or_default();
        Self {
            title: listed.map(|listed| listed.title.clone()).unwrap_or_default(),
            files: files.iter().map(|file| file.name.clone()).collect(),
            release: release.version,
            digest: release.digest,
        }
    }

    fn name(&self) -> String {
        if self.title.is_empty() {
            self.release.clone()
        } else {
            format!("{} ({})", self.release, self.title)
        }
    }
}
