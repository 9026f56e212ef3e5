//! The table of a system: its codes with their lives, flags, titles and successors.

use medcode_codes::{
    code::CodeKey,
    code_table::{CodeTable, CodeTableBuilder, Lifetime, TableError},
    hcpcs_record::HcpcsRecord,
    release::{Content, Release},
    system::CodeSystem,
    terminology::Edition,
};
use medcode_import::rows::Rows;

use super::{
    AssembleError, Loaded,
    dating::{CodeSet, Dated, Master, Sighting},
    titles,
};

/// Everything that is installed for a system.
pub(super) struct SystemSources<'a> {
    pub(super) system: CodeSystem,
    releases: Vec<&'a Loaded>,
    editions: &'a [Edition],
    pub(super) master: Option<Master<'a>>,
    /// Whole lists of codes, oldest first.
    pub(super) sets: Vec<CodeSet<'a>>,
}

impl<'a> SystemSources<'a> {
    /// Picks the sources of a system. Releases come oldest first.
    pub(super) fn of(system: CodeSystem, releases: &'a [Loaded], editions: &'a [Edition]) -> Self {
        let releases: Vec<_> =
            releases.iter().filter(|loaded| loaded.record.systems.contains(&system)).collect();
        let editions = if system == CodeSystem::Icd10Cm { editions } else { &[] };
        let master = releases.iter().filter_map(|loaded| master(loaded, system)).next_back();
        let mut sets: Vec<CodeSet<'_>> = Vec::new();
        for set in releases.iter().filter_map(|loaded| code_set(loaded)) {
            // The files of one CPT release complete each other.
            let same = |last: &&mut CodeSet<'_>| last.release.version == set.release.version;
            match sets.last_mut().filter(|_| system == CodeSystem::Cpt).filter(same) {
                Some(last) => last.add(set.codes),
                None => sets.push(set),
            }
        }
        Self { system, releases, editions, master, sets }
    }

    fn dated(&self) -> Option<Dated> {
        if self.system == CodeSystem::Hcpcs {
            return Dated::hcpcs(&self.hcpcs_files(), &self.sets, &self.seen());
        }
        let Some(master) = &self.master else { return Dated::by_lists(&self.sets) };
        let mut dated = Dated::by_master(master);
        let beyond = self.sets.iter().filter(|set| set.release.version > master.horizon);
        beyond.for_each(|set| dated.go_on(set));
        Some(dated)
    }

    fn hcpcs_files(&self) -> Vec<(&'a Release, &'a [HcpcsRecord])> {
        let files = self.releases.iter().filter_map(|loaded| match &loaded.rows {
            Rows::Hcpcs(records) => Some((&loaded.record.release, records.as_slice())),
            _ => None,
        });
        files.collect()
    }

    fn seen(&self) -> Vec<Sighting<'a>> {
        let seen = self.releases.iter().filter_map(|loaded| {
            let release = &loaded.record.release;
            let in_quarter = Lifetime::Seen { first: release.version, last: release.version };
            let codes = match &loaded.rows {
                Rows::CodesInUse { codes, .. } => {
                    codes.iter().map(|row| (row.code, row.lifetime)).collect()
                }
                Rows::Payable(rows) => rows.iter().map(|row| (row.code, in_quarter)).collect(),
                _ => return None,
            };
            Some(Sighting { release, codes })
        });
        seen.collect()
    }
}

fn master(loaded: &Loaded, system: CodeSystem) -> Option<Master<'_>> {
    let Rows::CodeMaster { systems, .. } = &loaded.rows else { return None };
    let rows = systems.iter().find(|rows| rows.system == system)?;
    Some(Master { release: &loaded.record.release, horizon: rows.horizon, codes: &rows.codes })
}

/// The codes of a list that holds all of them. The rows of a tabular list have been replaced by its codes.
fn code_set(loaded: &Loaded) -> Option<CodeSet<'_>> {
    let mut codes: Vec<CodeKey> = match &loaded.rows {
        Rows::CodeList(rows) => {
            rows.iter().filter(|row| !row.is_header).map(|row| row.code).collect()
        }
        Rows::BareCodes(codes) => codes.clone(),
        Rows::Cpt { rows, .. } => rows.iter().map(|row| row.code).collect(),
        _ => return None,
    };
    if loaded.record.release.content != Content::Complete {
        return None;
    }
    codes.sort_unstable();
    codes.dedup();
    Some(CodeSet { release: &loaded.record.release, codes })
}

/// The table; `None` when nothing is installed for the system.
pub(super) fn table(sources: &SystemSources<'_>) -> Result<Option<CodeTable>, AssembleError> {
    let Some(dated) = sources.dated() else { return Ok(None) };
    let build = || -> Result<CodeTable, TableError> {
        let mut release = dated.release.clone();
        release.content = dated.content();
        let mut builder = CodeTableBuilder::new(sources.system, release, dated.horizon);
        if let Some(first) = dated.covered_from {
            builder.covered_from(first);
        }
        for (code, last) in &dated.coverage {
            builder.covered_to(*code, *last);
        }
        if let Some(last) = dated.complete_to {
            builder.complete_to(last);
        }
        for (code, life, flags) in dated.rows(sources.master.as_ref()) {
            builder.code(code, life, None, flags)?;
        }
        add_titles(&mut builder, sources, &dated)?;
        for loaded in &sources.releases {
            if let Rows::Conversions(rows) = &loaded.rows {
                for row in rows {
                    builder.replacement(row.from, row.to);
                }
            }
            if let Rows::Hcpcs(records) = &loaded.rows {
                for record in records.iter().filter(|record| record.terminated.is_some()) {
                    for to in &record.cross_references {
                        builder.replacement(record.code, *to);
                    }
                }
            }
        }
        builder.finish()
    };
    build().map(Some).map_err(|error| AssembleError::Table {
        system: sources.system,
        problem: error.to_string(),
    })
}

fn add_titles(
    builder: &mut CodeTableBuilder,
    sources: &SystemSources<'_>,
    dated: &Dated,
) -> Result<(), TableError> {
    let lists = titles::lists(&sources.releases);
    let mut ruled_out = titles::ruled_out(dated, sources.editions, &lists);
    ruled_out.sort_by_key(|(release, ..)| release.version);
    let mut spelled = ruled_out.iter().peekable();
    let mut add_spelled = |builder: &mut CodeTableBuilder, until: Option<&Release>| {
        while let Some((release, code, title)) = spelled
            .next_if(|(release, ..)| until.is_none_or(|until| release.version < until.version))
        {
            let number = builder.title_release((*release).clone())?;
            builder.title(*code, number, title, "")?;
        }
        Ok(())
    };
    for (release, titles) in &lists {
        add_spelled(builder, Some(release))?;
        let number = builder.title_release((*release).clone())?;
        for title in titles {
            builder.title(title.code, number, title.long, title.short)?;
        }
    }
    add_spelled(builder, None)
}
