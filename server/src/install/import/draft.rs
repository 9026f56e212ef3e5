//! What a file gives before it is known which release it belongs to.

use medcode_codes::{
    date::Date, edits::EditSetting, gem::GemDirection, icd9::Icd9Part, index_term::IndexPart,
    release::Content, system::CodeSystem,
};
use medcode_import::rows::{CptText, Rows};

use super::names::Hint;

/// Terms under which a file comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Terms {
    /// A work of the US government.
    Government,
    /// A table of CMS that names CPT codes: for the user, not to be passed on.
    NamesCpt,
    /// Licensed by its user from the American Medical Association.
    Cpt,
    /// Computed from the weights of a network.
    Weights,
}

impl Terms {
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Government => "work of the US government (CDC/NCHS, CMS), public domain",
            Self::NamesCpt => {
                "table of CMS that names CPT codes, copyright American Medical Association; for use \
                 under CMS's end user agreement, not to be passed on"
            }
            Self::Cpt => {
                "CPT, copyright American Medical Association; under your own licence, not to be passed on"
            }
            Self::Weights => {
                "computed from weights under the Apache License 2.0 and from official texts"
            }
        }
    }
}

/// How a file says when its release begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begins {
    /// The content says so.
    On(Date),
    /// The name gives a hint, or none.
    Hinted(Option<Hint>),
}

/// What one file gives.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) rows: Rows,
    pub(super) dataset: String,
    /// "order file", for titles and messages.
    pub(super) what: &'static str,
    pub(super) systems: Vec<CodeSystem>,
    pub(super) begins: Begins,
    pub(super) content: Content,
    pub(super) horizon: Option<Date>,
    pub(super) terms: Terms,
    pub(super) copyright: String,
    pub(super) remarks: Vec<String>,
    /// Files of one package: those of one archive, or of one folder.
    pub(super) package: String,
    /// Path inside the package.
    pub(super) file: String,
    /// sha256 of the file that the user brought.
    pub(super) sha256: String,
}

/// The dataset of a table of edits.
pub(super) fn edit_dataset(kind: &str, setting: EditSetting) -> String {
    let setting = match (kind, setting) {
        (_, EditSetting::Practitioner) => "practitioner",
        ("mue", EditSetting::Hospital) => "outpatient",
        (_, EditSetting::Hospital) => "hospital",
        (_, EditSetting::Dme) => "dme",
    };
    format!("{kind}-{setting}")
}

/// The dataset of a GEM.
pub(in crate::install) fn gem_dataset(direction: GemDirection) -> &'static str {
    match direction {
        GemDirection::CmToIcd9 => "gem-icd-10-cm-to-icd-9-cm",
        GemDirection::Icd9ToCm => "gem-icd-9-cm-to-icd-10-cm",
        GemDirection::PcsToIcd9 => "gem-icd-10-pcs-to-icd-9-cm",
        GemDirection::Icd9ToPcs => "gem-icd-9-cm-to-icd-10-pcs",
    }
}

/// The system of ICD-10 on one side of a GEM.
pub(in crate::install) fn gem_system(direction: GemDirection) -> CodeSystem {
    match direction {
        GemDirection::CmToIcd9 | GemDirection::Icd9ToCm => CodeSystem::Icd10Cm,
        GemDirection::PcsToIcd9 | GemDirection::Icd9ToPcs => CodeSystem::Icd10Pcs,
    }
}

/// The dataset of titles of ICD-9-CM.
pub(in crate::install) fn icd9_dataset(part: Icd9Part) -> &'static str {
    match part {
        Icd9Part::Diagnoses => "icd-9-cm",
        Icd9Part::Procedures => "icd-9-cm-procedures",
    }
}

/// The name of a part of the index.
pub(super) fn index_part(part: IndexPart) -> &'static str {
    match part {
        IndexPart::Diseases => "Alphabetic Index",
        IndexPart::ExternalCauses => "External Cause Index",
        IndexPart::Neoplasms => "Neoplasm Table",
        IndexPart::Drugs => "Table of Drugs",
    }
}

/// The name of a text of CPT.
pub(super) fn cpt_text(text: CptText) -> &'static str {
    match text {
        CptText::Long => "long descriptors",
        CptText::Medium => "medium descriptors",
        CptText::Short => "short descriptors",
        CptText::Consumer => "consumer descriptors",
        CptText::Clinician => "clinician descriptors",
        CptText::Modifier => "modifiers",
    }
}
