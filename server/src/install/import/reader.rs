//! Files → drafts. A file is recognised by its content; its name only tells the release.

use std::collections::BTreeMap;

use medcode_codes::{
    edits::EditSetting, gem::GemMap, icd9::Icd9Part, index_term::IndexPart, release::Content,
    system::CodeSystem,
};
use medcode_import::{
    ImportError, Place, addenda, code_master, codes_file, cpt, documentation, gem, hcpcs_anweb,
    hcpcs_code_list,
    icd9_descriptions::{self, Icd9Kind},
    index_xml,
    lmdb::Lmdb,
    master_csv, mce_bin, order_file, poa_exempt, processing_notes,
    ptp::PtpCollector,
    rows::{ListedRow, MasterRows, Rows},
    sheet::{self, SheetFormat},
    tabular_xml,
};

use super::{
    Became, FileReport,
    draft::{self, Begins, Draft, Terms},
    names::{self, Hint},
};
use crate::{archive::Found, catalog::search::semantic::Table};

mod code_editor;
mod meanings;
mod tables;

/// Bytes that decide what a file is.
const HEAD: usize = 64 << 10;
/// Rows that decide what a table is.
const HEAD_ROWS: usize = 30;

/// What the user says of files that do not say it themselves.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    pub(super) setting: Option<EditSetting>,
}

/// Collects drafts from files, and says of every file what became of it.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) drafts: Vec<Draft>,
    pub(super) reports: Vec<FileReport>,
    /// Parts of one release of procedure-to-procedure edits, by package, setting and quarter.
    pub(super) ptp: BTreeMap<(String, String), (PtpCollector, Origin)>,
    /// Conversion tables: they refer to codes, so they wait until all codes are known.
    pub(super) waiting: Vec<Waiting>,
    pub(super) told: Told,
}

/// A conversion table that waits for the codes.
pub(super) struct Waiting {
    pub(super) origin: Origin,
    pub(super) bytes: Vec<u8>,
    /// The official table of a year (xlsx), or the form of the code editor (csv).
    pub(super) is_yearly: bool,
}

/// Where a draft comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// The archive or folder.
    pub(super) package: String,
    /// Path inside it.
    pub(super) file: String,
    pub(super) sha256: String,
    /// Names that may tell the release, the nearest first.
    names: Vec<String>,
}

impl Origin {
    fn of(found: &Found, sha256: &str) -> Self {
        let on_disk = found.origin.file_name().map(|name| name.to_string_lossy().into_owned());
        let on_disk = on_disk.unwrap_or_default();
        let mut names: Vec<String> =
            found.path.rsplit('/').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        names.push(on_disk.clone());
        let is_compressed = on_disk.to_ascii_lowercase().ends_with(".gz");
        let (package, file) = if found.path.is_empty() || is_compressed {
            let folder = found.origin.parent().map(|folder| folder.display().to_string());
            (folder.unwrap_or_default(), on_disk)
        } else {
            (found.origin.display().to_string(), found.path.clone())
        };
        Self { package, file, sha256: sha256.to_owned(), names }
    }

    pub(super) fn hint(&self) -> Option<Hint> {
        names::hint(self.names.iter().map(String::as_str))
    }

    /// The name for messages: `cms_2026_dx.zip/icd10cm_order_2026.txt`.
    pub(super) fn shown(&self) -> String {
        let outer = self.names.last().filter(|outer| **outer != self.file);
        outer.map_or_else(|| self.file.clone(), |outer| format!("{outer}/{}", self.file))
    }

    pub(super) fn draft(&self, dataset: &str, systems: &[CodeSystem], rows: Rows) -> Draft {
        Draft {
            rows,
            dataset: dataset.to_owned(),
            what: "",
            systems: systems.to_vec(),
            begins: Begins::Hinted(self.hint()),
            content: Content::Complete,
            horizon: None,
            terms: Terms::Government,
            copyright: String::new(),
            remarks: Vec::new(),
            package: self.package.clone(),
            file: self.shown(),
            sha256: self.sha256.clone(),
        }
    }
}

const CM: CodeSystem = CodeSystem::Icd10Cm;
const HCPCS: CodeSystem = CodeSystem::Hcpcs;
const SERVICES: [CodeSystem; 2] = [CodeSystem::Cpt, CodeSystem::Hcpcs];

impl Reader {
    /// Reads one file.
    ///
    /// # Errors
    /// The file has a known format and is broken.
    pub(super) fn add(&mut self, found: &Found, sha256: &str) -> Result<(), ImportError> {
        let origin = Origin::of(found, sha256);
        let shown = origin.shown();
        let before = self.drafts.len();
        let report = match self.read(found, &origin)? {
            // Of what waits for other files, it is known already what it is.
            Became::Imported(_) if self.drafts.len() > before => {
                let titles = self.drafts[before..].iter().map(|draft| draft.what.to_owned());
                Became::Imported(titles.collect::<Vec<_>>().join(", "))
            }
            other => other,
        };
        self.reports.push(FileReport { file: shown, became: report });
        Ok(())
    }

    fn push(&mut self, draft: Draft) -> Became {
        self.drafts.push(draft);
        Became::Imported(String::new())
    }

    fn read(&mut self, found: &Found, origin: &Origin) -> Result<Became, ImportError> {
        let bytes = found.bytes.as_slice();
        let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes));
        let shown = origin.shown();
        let file = shown.as_str();
        if bytes.starts_with(b"%PDF") {
            return Ok(Became::Documentation("a document"));
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xEF\xBB\xBFPK") {
            return self.workbook(bytes, origin);
        }
        if Table::recognises(bytes) {
            return meanings::add(self, bytes, origin);
        }
        if let Ok(lmdb) = Lmdb::open(bytes) {
            return self.code_editor_tables(&lmdb, origin);
        }
        let head = head.as_ref();
        if head.contains("<ICD10CM.tabular") {
            let read = tabular_xml::read(bytes, file)?;
            let mut draft = origin.draft(CM.id(), &[CM], Rows::Tabular(read.rows));
            if let (Begins::Hinted(None), Ok(year)) = (draft.begins, read.year.trim().parse()) {
                draft.begins = Begins::Hinted(Some(Hint::Year(year)));
            }
            draft.what = "tabular list";
            return Ok(self.push(draft));
        }
        if index_xml::recognises(head) {
            return self.index(bytes, origin);
        }
        if addenda::recognises(head) {
            let read = addenda::read(bytes, file)?;
            let rows = Rows::Addenda(read.changes);
            let mut draft = origin.draft(read.system.id(), &[read.system], rows);
            draft.what =
                if read.headers.is_some() { "order file addenda" } else { "codes file addenda" };
            draft.content = Content::Fragment;
            return Ok(self.push(draft));
        }
        if order_file::recognises(head) {
            let system = order_file::system_of(bytes).ok_or_else(|| {
                ImportError::new(
                    file,
                    Place::File,
                    "the codes fit neither ICD-10-CM nor ICD-10-PCS",
                )
            })?;
            let rows = Rows::CodeList(order_file::read(bytes, system, file)?);
            let draft = origin.draft(system.id(), &[system], rows);
            return Ok(self.push(Draft { what: "order file", ..draft }));
        }
        if let Some(became) = self.other_text(bytes, head, origin)? {
            return Ok(became);
        }
        // Told by their names alone, so everything else is asked first.
        if let Some(what) = documentation::what_is(head, file) {
            return Ok(Became::Documentation(what));
        }
        if mce_bin::recognises(bytes) {
            let read = mce_bin::read(bytes, file)?;
            let horizon = read.cm.horizon;
            let master = |system, codes: code_master::CodeMaster| MasterRows {
                system,
                horizon: codes.horizon,
                codes: codes.codes,
            };
            let rows = Rows::CodeMaster {
                systems: vec![master(CM, read.cm), master(CodeSystem::Icd10Pcs, read.pcs)],
                age_ranges: read.age_ranges,
                discharge_statuses: read.discharge_statuses,
            };
            return Ok(self.master(origin, rows, horizon));
        }
        match sheet::format_of(bytes) {
            Some(format @ (SheetFormat::Comma | SheetFormat::Tab)) => {
                self.table(bytes, format, origin)
            }
            _ => Ok(Became::Unknown),
        }
    }

    fn other_text(
        &mut self,
        bytes: &[u8],
        head: &str,
        origin: &Origin,
    ) -> Result<Option<Became>, ImportError> {
        let shown = origin.shown();
        let file = shown.as_str();
        let draft = if let Some(table) = master_csv::table_of(head) {
            return self.master_csv(table, bytes, origin).map(Some);
        } else if hcpcs_anweb::recognises(head) {
            let read = hcpcs_anweb::read(bytes, file)?;
            Self::hcpcs(origin, read, "alpha-numeric file")
        } else if poa_exempt::recognises(head) {
            let read = poa_exempt::read(bytes, file)?;
            if read.kind != poa_exempt::PoaKind::Exempt {
                return Ok(Some(Became::Documentation(
                    "changes of a list that is complete itself",
                )));
            }
            let mut codes: Vec<_> = read.codes.iter().map(|row| row.code).collect();
            codes.sort_unstable();
            let mut draft = origin.draft("poa-exempt", &[CM], Rows::PoaExempt(codes));
            if let Some(year) = read.fiscal_year {
                draft.begins = Begins::On(names::fiscal_start(year));
            }
            Draft { what: "POA exempt list", ..draft }
        } else if gem::recognises(head) {
            let read = gem::read(bytes, file)?;
            let mut entries = read.entries;
            entries.sort_unstable();
            let system = draft::gem_system(read.direction);
            let dataset = draft::gem_dataset(read.direction);
            let rows = Rows::Gem(GemMap { direction: read.direction, entries });
            let draft = origin.draft(dataset, &[system], rows);
            Draft { what: "general equivalence mapping", ..draft }
        } else if let Some(kind) = icd9_descriptions::kind_of(head) {
            let rows = Rows::Icd9(icd9_descriptions::read(bytes, kind, file)?);
            let (part, what) = match kind {
                Icd9Kind::Diagnoses => (Icd9Part::Diagnoses, "ICD-9-CM diagnoses"),
                Icd9Kind::Procedures => (Icd9Part::Procedures, "ICD-9-CM procedures"),
            };
            let dataset = draft::icd9_dataset(part);
            // ICD-9-CM ended on 2015-09-30 and is frozen: version 32 is the last one.
            let begins = Begins::On(names::fiscal_start(2015));
            Draft { what, begins, ..origin.draft(dataset, &[], rows) }
        } else if codes_file::recognises(head) {
            let system = codes_file::system_of(bytes).ok_or_else(|| {
                ImportError::new(
                    file,
                    Place::File,
                    "the codes fit neither ICD-10-CM nor ICD-10-PCS",
                )
            })?;
            let listed = codes_file::read(bytes, system, file)?.into_iter().map(|row| ListedRow {
                code: row.code,
                is_header: false,
                short: String::new(),
                long: row.title,
            });
            let rows = Rows::CodeList(listed.collect());
            Draft { what: "codes file", ..origin.draft(system.id(), &[system], rows) }
        } else if cpt::recognises(head) {
            Self::cpt(bytes, origin)?
        } else if processing_notes::recognises(head) {
            // Numbers and texts that no question asks for.
            processing_notes::read(bytes, file)?;
            return Ok(Some(Became::Documentation("processing notes")));
        } else if hcpcs_code_list::recognises(head) {
            let mut codes = hcpcs_code_list::read(bytes, file)?;
            codes.sort_unstable();
            let draft = origin.draft(HCPCS.id(), &[HCPCS], Rows::BareCodes(codes));
            Draft { what: "list of codes", ..draft }
        } else {
            return Ok(None);
        };
        Ok(Some(self.push(draft)))
    }

    fn index(&mut self, bytes: &[u8], origin: &Origin) -> Result<Became, ImportError> {
        let read = index_xml::read(bytes, &origin.shown())?;
        let dataset = match read.part {
            IndexPart::Diseases => "icd-10-cm-index",
            IndexPart::ExternalCauses => "icd-10-cm-external-cause-index",
            IndexPart::Neoplasms => "icd-10-cm-neoplasm-table",
            IndexPart::Drugs => "icd-10-cm-drug-table",
        };
        let rows = Rows::Index { part: read.part, entries: read.entries };
        let mut draft = origin.draft(dataset, &[CM], rows);
        draft.what = draft::index_part(read.part);
        draft.remarks.push(format!("{} main terms, {} terms", read.main_terms, read.terms));
        if let Ok(year) = read.year.trim().parse() {
            draft.begins = Begins::Hinted(Some(Hint::Year(year)));
        }
        Ok(self.push(draft))
    }

    fn cpt(bytes: &[u8], origin: &Origin) -> Result<Draft, ImportError> {
        let read = cpt::read(bytes, &origin.shown())?;
        let text = read.kind;
        let mut rows = read.rows;
        rows.sort_by_key(|row| row.code);
        let systems = [CodeSystem::Cpt];
        let mut draft = origin.draft("cpt", &systems, Rows::Cpt { text, rows });
        draft.what = draft::cpt_text(text);
        draft.terms = Terms::Cpt;
        draft.copyright = read.copyright;
        Ok(draft)
    }

    fn hcpcs(origin: &Origin, file: hcpcs_anweb::HcpcsFile, what: &'static str) -> Draft {
        let mut records = file.records;
        records.sort_by_key(|record| record.code);
        let modifiers = records.iter().filter(|record| record.is_modifier).count();
        let ended = records.iter().filter(|record| record.terminated.is_some()).count();
        let codes = records.len() - modifiers;
        // A file says of itself what changed last: that is the quarter it was made for.
        let newest = records.iter().filter_map(|record| record.added).max();
        let mut draft = origin.draft(HCPCS.id(), &[HCPCS], Rows::Hcpcs(records));
        draft.what = what;
        draft.remarks.push(format!(
            "{codes} codes and {modifiers} modifiers, {ended} of them with a last day"
        ));
        if file.dropped > 0 {
            draft.remarks.push(format!("{} rows of CPT and CDT codes were left out", file.dropped));
        }
        if let (Begins::Hinted(hint), Some(newest)) = (draft.begins, newest) {
            let quarter = names::quarter_start(newest);
            let fits = match hint {
                None => true,
                Some(Hint::Year(year)) => quarter.year() == year,
                Some(Hint::Day(_)) => false,
            };
            if fits {
                draft.begins = Begins::On(quarter);
            }
        }
        draft
    }
}
