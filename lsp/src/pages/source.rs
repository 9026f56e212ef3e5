//! What a page is made from, asked of the service: a few questions for a page.

use std::collections::HashMap;

use futures::{StreamExt, TryStreamExt, stream};
use medcode_codes::{
    code::{CodeKey, MAX_LENGTH},
    date::Date,
    normalize::normalize,
    system::CodeSystem,
};

use super::name::{PageName, Part};
use crate::{
    code_client::CodeClient,
    concept::{Axis, Concept, Looked},
};

/// Questions about one page that are asked at once.
const AT_ONCE: usize = 8;

/// What a page is made from.
#[derive(Debug)]
pub(crate) enum Source {
    /// A chapter or section, with what stands directly below it and a level deeper.
    Overview {
        /// The chapter or section.
        top: Box<Concept>,
        /// Its blocks or body systems, each with its categories or tables.
        groups: Vec<(Concept, Vec<Concept>)>,
    },
    /// A category of ICD-10-CM.
    Category {
        /// Block and chapter, nearest first.
        above: Vec<Concept>,
        /// The category and its codes but for those with a 7th character, in the order of the list.
        nodes: Vec<Concept>,
        /// The codes with a 7th character.
        complete: HashMap<String, Concept>,
    },
    /// A table of ICD-10-PCS.
    Table {
        /// Body system and section, nearest first.
        above: Vec<Concept>,
        /// What each character of its first code says.
        axes: Vec<Axis>,
        /// The table and everything below it.
        rows: Vec<Concept>,
    },
    /// Some codes of HCPCS.
    Supplies(Vec<Concept>),
}

impl Source {
    /// Asks for what a page shows, as of a date. `None` when it does not exist or could not be asked.
    pub(crate) async fn ask(codes: &CodeClient, name: &PageName, date: Date) -> Option<Self> {
        let system = name.system;
        match &name.part {
            Part::Chapter(chapter) => overview(codes, system, chapter, date).await,
            Part::Section(key) => overview(codes, system, &key.text(), date).await,
            Part::Category(key) => category(codes, &key.text(), date).await,
            Part::Table(key) => table(codes, &key.text(), date).await,
            Part::Letter(key) => {
                known(codes, system, &key.text(), date).await?;
                Some(Self::Supplies(codes.below(system, &key.text(), date).await?))
            }
            Part::Supplies(key) => {
                let ends = (0..100).map(|end| format!("{key}{end:02}")).collect::<Vec<_>>();
                supplies(codes.look_up_all(system, &ends, date).await?)
            }
            Part::Modifiers => {
                let firsts = 'A'..='Z';
                let pairs = firsts.flat_map(|first| {
                    ('0'..='9').chain('A'..='Z').map(move |second| format!("{first}{second}"))
                });
                supplies(codes.look_up_all(system, &pairs.collect::<Vec<_>>(), date).await?)
            }
        }
    }
}

fn supplies(mut found: Vec<Concept>) -> Option<Source> {
    // The first characters of a code look like a modifier.
    found.retain(|concept| !concept.header);
    (!found.is_empty()).then_some(Source::Supplies(found))
}

/// A code or group, if it exists.
async fn known(
    codes: &CodeClient,
    system: CodeSystem,
    code: &str,
    date: Date,
) -> Option<Box<Concept>> {
    match &*codes.lookup(system, code, date).await {
        Looked::Known(concept) => Some(concept.clone()),
        Looked::Unknown { .. } | Looked::Unavailable(_) => None,
    }
}

async fn overview(codes: &CodeClient, system: CodeSystem, top: &str, date: Date) -> Option<Source> {
    let top = known(codes, system, top, date).await?;
    let groups = codes.below(system, &top.titled.code, date).await?;
    let names: Vec<_> = groups.iter().map(|group| group.titled.code.clone()).collect();
    let full = codes.look_up_all(system, &names, date);
    let below: Vec<_> = names.iter().map(|name| codes.below(system, name, date)).collect();
    let below =
        stream::iter(below).buffered(AT_ONCE).map(|found| found.ok_or(())).try_collect::<Vec<_>>();
    let (full, below) = tokio::join!(full, below);
    let groups = full?.into_iter().zip(below.ok()?).collect();
    Some(Source::Overview { top, groups })
}

async fn category(codes: &CodeClient, category: &str, date: Date) -> Option<Source> {
    let system = CodeSystem::Icd10Cm;
    let head = known(codes, system, category, date).await?;
    let all = codes.expand(system, category, date).await?;
    let is_complete = |concept: &Concept| {
        let key = CodeKey::new(&normalize(system, &concept.titled.code).code);
        key.is_some_and(|key| key.length() == MAX_LENGTH)
    };
    let (complete, stems): (Vec<_>, Vec<_>) = all.into_iter().partition(is_complete);
    let above = head.ancestors.iter().map(|above| above.code.clone());
    let wanted: Vec<String> =
        above.chain(stems.iter().map(|stem| stem.titled.code.clone())).collect();
    let mut found = codes.look_up_all(system, &wanted, date).await?;
    let nodes = found.split_off(head.ancestors.len().min(found.len()));
    let complete =
        complete.into_iter().map(|concept| (concept.titled.code.clone(), concept)).collect();
    Some(Source::Category { above: found, nodes, complete })
}

async fn table(codes: &CodeClient, table: &str, date: Date) -> Option<Source> {
    let system = CodeSystem::Icd10Pcs;
    let head = known(codes, system, table, date).await?;
    let rows = codes.expand(system, table, date).await?;
    let above: Vec<String> = head.ancestors.iter().map(|above| above.code.clone()).collect();
    let first = rows.iter().find(|row| row.titled.code.len() == MAX_LENGTH);
    let wanted: Vec<String> =
        above.into_iter().chain(first.map(|first| first.titled.code.clone())).collect();
    let mut above = codes.look_up_all(system, &wanted, date).await?;
    let axes = above.pop_if(|last| last.titled.code.len() == MAX_LENGTH);
    let axes = axes.map(|first| first.axes).unwrap_or_default();
    Some(Source::Table { above, axes, rows })
}
