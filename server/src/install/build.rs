//! Sources → catalog file.

use std::path::Path;

use jiff::{Timestamp, ToSpan};
use medcode_codes::{
    code::CodeKey,
    date::Date,
    release::{Content, Release},
    system::CodeSystem,
};

use super::{
    Phase, Progress,
    manifest::PinnedRelease,
    ruled_out,
    sources::{CodesInUse, MasterSource, Sourced, Sources, TitleSource},
};
use crate::catalog::{
    releases::{ReleaseKind, ReleaseRecord, Source},
    snapshot::Snapshot,
    store::{
        StoreError, digest,
        write::{CatalogWriter, CodeTableId, add_search_index},
    },
};

/// Writes a complete catalog to `path`, which must not exist, reads it back and adds the search index.
pub(super) fn build(
    sources: &Sources,
    default_set: &str,
    now: Timestamp,
    path: &Path,
    progress: &dyn Progress,
) -> Result<Snapshot, StoreError> {
    let mut builder = Builder {
        writer: CatalogWriter::create(path)?,
        imported_at: now.to_string(),
        tables: Vec::new(),
        progress,
        done: 0,
    };
    let releases = sources.lists.len()
        + sources.titles.len()
        + sources.masters.as_ref().map_or(0, |masters| 1 + masters.content.len())
        + usize::from(sources.codes_in_use.is_some())
        + usize::from(sources.abbreviations.is_some());
    progress.begin(Phase::Writing, releases as u64);
    builder.write(sources)?;
    builder.writer.finish(default_set)?;
    progress.end(Phase::Writing);

    progress.begin(Phase::Indexing, 1);
    let snapshot = Snapshot::load_without_index(path)?;
    add_search_index(path, &snapshot.search.to_bytes())?;
    progress.end(Phase::Indexing);
    Ok(snapshot)
}

struct Builder<'a> {
    writer: CatalogWriter,
    imported_at: String,
    tables: Vec<(CodeSystem, CodeTableId)>,
    progress: &'a dyn Progress,
    done: u64,
}

/// What differs between the releases of one source.
struct About {
    dataset: String,
    kind: ReleaseKind,
    systems: Vec<CodeSystem>,
    content: Content,
    digest: String,
    rows: usize,
    billable: Option<usize>,
}

impl Builder<'_> {
    fn write(&mut self, sources: &Sources) -> Result<(), StoreError> {
        if let Some(masters) = &sources.masters {
            self.masters(masters)?;
        }
        let ruled_out = ruled_out::titles(sources);
        for (index, list) in sources.lists.iter().enumerate() {
            self.step(list.release.title);
            let content = &list.content;
            let titles = ruled_out.iter().find(|(of, _)| *of == index);
            let titles = titles.map_or(&[][..], |(_, titles)| titles.as_slice());
            let about = About {
                dataset: CodeSystem::Icd10Cm.id().to_owned(),
                kind: ReleaseKind::Tabular,
                systems: vec![CodeSystem::Icd10Cm],
                content: Content::Complete,
                digest: digest::of_tabular(&content.rows, titles),
                rows: content.rows.nodes.len(),
                billable: Some(content.list.billable_codes().len()),
            };
            let record = self.record(list.release, &list.source, None, about);
            let release = self.writer.release(record)?;
            self.writer.tabular(release, &content.rows)?;
            if let Some(table) = self.table(CodeSystem::Icd10Cm) {
                self.writer.titles(table, release, titles, |_| true)?;
            }
        }
        if let Some(codes) = &sources.codes_in_use {
            self.codes_in_use(codes)?;
        }
        // A tabular list has the better titles: of a title list only those are shown that no tabular list has.
        let located = |code: CodeKey| {
            sources.lists.iter().any(|list| list.content.list.locate(code).is_some())
        };
        for titles in &sources.titles {
            let from_lists = titles.content.system == CodeSystem::Icd10Cm;
            self.titles(titles, |code| !(from_lists && located(code)))?;
        }
        if let Some(abbreviations) = &sources.abbreviations {
            self.step(abbreviations.release.title);
            let about = About {
                dataset: "abbreviations".to_owned(),
                kind: ReleaseKind::Abbreviations,
                systems: Vec::new(),
                content: Content::Fragment,
                digest: digest::of_abbreviations(&abbreviations.content),
                rows: abbreviations.content.len(),
                billable: None,
            };
            let record = self.record(abbreviations.release, &abbreviations.source, None, about);
            let release = self.writer.release(record)?;
            self.writer.abbreviations(release, &abbreviations.content)?;
        }
        Ok(())
    }

    fn masters(&mut self, masters: &Sourced<Vec<MasterSource>>) -> Result<(), StoreError> {
        self.step(masters.release.title);
        let all = &masters.content;
        let tables: Vec<_> =
            all.iter().map(|master| (master.system, master.master.codes.as_slice())).collect();
        let valid = |master: &MasterSource| master.master.valid_on(masters.release.version).count();
        let about = About {
            dataset: "mce".to_owned(),
            kind: ReleaseKind::CodeMaster,
            systems: all.iter().map(|master| master.system).collect(),
            content: Content::Complete,
            digest: digest::of_codes(&tables),
            rows: tables.iter().map(|(_, codes)| codes.len()).sum(),
            billable: Some(all.iter().map(valid).sum()),
        };
        let horizon = all.iter().map(|master| master.master.horizon).min();
        let record = self.record(masters.release, &masters.source, horizon, about);
        let release = self.writer.release(record)?;
        for master in all {
            let table = self.writer.code_table(master.system, release, &master.master.codes)?;
            self.tables.push((master.system, table));
            self.conversions(master, table, &masters.source)?;
        }
        Ok(())
    }

    fn conversions(
        &mut self,
        master: &MasterSource,
        table: CodeTableId,
        source: &Source,
    ) -> Result<(), StoreError> {
        let conversions = &master.conversions;
        let title = format!(
            "{} conversion table FY{}",
            master.system,
            medcode_codes::date::fiscal_year(conversions.version)
        );
        self.step(&title);
        let about = About {
            dataset: format!("{}-conversion", master.system.id()),
            kind: ReleaseKind::Conversions,
            systems: vec![master.system],
            content: Content::Fragment,
            digest: digest::of_conversions(&conversions.pairs),
            rows: conversions.pairs.len(),
            billable: None,
        };
        let year_later = conversions.version.checked_add(1.year()).and_then(Date::yesterday);
        let pinned = PinnedRelease {
            version: conversions.version,
            effective_to: year_later.ok(),
            title: "",
        };
        let mut record = self.record(pinned, source, None, about);
        record.release.title = title;
        let release = self.writer.release(record)?;
        self.writer.conversions(table, release, &conversions.pairs)
    }

    fn codes_in_use(&mut self, codes: &Sourced<CodesInUse>) -> Result<(), StoreError> {
        self.step(codes.release.title);
        let system = CodeSystem::Hcpcs;
        let content = &codes.content;
        let about = About {
            dataset: system.id().to_owned(),
            kind: ReleaseKind::CodesInUse,
            systems: vec![system],
            content: Content::Fragment,
            digest: digest::of_codes_in_use(system, &content.codes, &content.titles),
            rows: content.codes.len(),
            billable: None,
        };
        let record = self.record(codes.release, &codes.source, None, about);
        let release = self.writer.release(record)?;
        let table = self.writer.code_table(system, release, &content.codes)?;
        self.writer.titles(table, release, &content.titles, |_| true)
    }

    fn titles(
        &mut self,
        titles: &Sourced<TitleSource>,
        shown: impl Fn(CodeKey) -> bool,
    ) -> Result<(), StoreError> {
        self.step(titles.release.title);
        let content = &titles.content;
        let Some(table) = self.table(content.system) else { return Ok(()) };
        let about = About {
            dataset: content.system.id().to_owned(),
            kind: ReleaseKind::Titles,
            systems: vec![content.system],
            content: Content::Complete,
            digest: digest::of_titles(&content.titles),
            rows: content.titles.len(),
            billable: Some(content.titles.len()),
        };
        let record = self.record(titles.release, &titles.source, None, about);
        let release = self.writer.release(record)?;
        self.writer.titles(table, release, &content.titles, |row| shown(row.code))
    }

    fn table(&self, system: CodeSystem) -> Option<CodeTableId> {
        self.tables.iter().find(|(known, _)| *known == system).map(|(_, table)| *table)
    }

    fn record(
        &self,
        pinned: PinnedRelease,
        source: &Source,
        horizon: Option<Date>,
        about: About,
    ) -> ReleaseRecord {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        ReleaseRecord {
            release: Release {
                dataset: about.dataset,
                version: pinned.version,
                effective_to: pinned.effective_to,
                digest: about.digest,
                title: pinned.title.to_owned(),
                content: about.content,
            },
            kind: about.kind,
            systems: about.systems,
            horizon,
            source: source.clone(),
            imported_at: self.imported_at.clone(),
            row_count: count(about.rows),
            billable_count: about.billable.map(count),
        }
    }

    fn step(&mut self, title: &str) {
        self.progress.step(Phase::Writing, self.done, title);
        self.done += 1;
    }
}
