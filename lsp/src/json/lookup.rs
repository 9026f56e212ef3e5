//! What `medcode lookup --json` prints, and the command `medcode.server.lookup` returns.

use medcode_proto::v1;
use serde::Serialize;

use super::{Named, iso};

/// The whole document.
#[derive(Debug, Serialize)]
pub struct Document {
    /// One entry for each code, in the order of the question.
    pub results: Vec<Looked>,
}

/// One code.
#[derive(Debug, Default, Serialize)]
pub struct Looked {
    /// The text as it was asked for.
    pub input: String,
    /// Short id of the system.
    pub system: String,
    /// The code as published, else as it was asked for.
    pub code: String,
    /// The catalog holds it.
    pub found: bool,
    /// The official title, where the installed data has one.
    pub display: Option<String>,
    /// It may be submitted on the date.
    pub billable: Option<bool>,
    /// First day on which it may be submitted, in ISO form.
    pub valid_from: Option<String>,
    /// Last such day, inclusive.
    pub valid_to: Option<String>,
    /// The release that was read.
    pub release: Option<String>,
    /// What it lies below, nearest first.
    pub ancestors: Vec<Named>,
    /// The codes directly below.
    pub children: Vec<Named>,
    /// Notes of the kind Includes, its own and inherited.
    pub includes: Vec<Note>,
    /// Other texts that mean it.
    pub inclusion_terms: Vec<String>,
    /// Notes of the kind Excludes1.
    pub excludes1: Vec<Note>,
    /// Notes of the kind Excludes2.
    pub excludes2: Vec<Note>,
    /// Notes of the kind Code first.
    pub code_first: Vec<Note>,
    /// Notes of the kind Use additional code.
    pub use_additional: Vec<Note>,
    /// Notes of the kind Code also.
    pub code_also: Vec<Note>,
    /// All other notes.
    pub notes: Vec<Note>,
    /// The 7th characters that complete it.
    pub seventh_characters: Vec<Seventh>,
    /// What took its place.
    pub replaced_by: Vec<Named>,
    /// Codes that may have been meant, best first.
    pub suggestions: Vec<Named>,
    /// What the answer does not know; null when nothing is missing.
    pub note: Option<String>,
    /// The copyright line of the texts, else null.
    pub copyright: Option<String>,
    /// Why nothing could be asked, else null.
    pub unavailable: Option<String>,
}

/// An instructional note and the node it is written at.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// The text as published.
    pub text: String,
    /// The code of the node.
    pub at: String,
}

/// A 7th character.
#[derive(Debug, Serialize)]
pub struct Seventh {
    /// The character.
    pub char: String,
    /// Its meaning.
    pub display: String,
    /// The complete code.
    pub code: String,
}

impl Looked {
    /// From the answer and the children, which are asked for apart.
    pub fn new(asked: &v1::Coding, result: v1::LookupResult, children: Vec<v1::Concept>) -> Self {
        let state = result.state();
        let reason = result.unavailable_reason();
        let suggestions = result.suggestions.into_iter().filter_map(|suggestion| suggestion.coding);
        let mut looked = Self {
            input: asked.code.clone(),
            system: asked.system.clone(),
            code: if result.normalized_code.is_empty() {
                asked.code.clone()
            } else {
                result.normalized_code
            },
            suggestions: suggestions.map(Named::from_coding).collect(),
            unavailable: (state == v1::FactState::Unavailable)
                .then(|| unavailable(reason).to_owned()),
            ..Self::default()
        };
        if let Some(concept) = result.concept {
            looked.fill(concept, children);
        }
        looked
    }

    fn fill(&mut self, concept: v1::Concept, children: Vec<v1::Concept>) {
        let coding = concept.coding.unwrap_or_default();
        self.found = true;
        self.code = coding.code;
        self.display = (!coding.display.is_empty()).then_some(coding.display);
        self.billable = Some(concept.billable);
        self.valid_from = iso(concept.effective_from.as_ref());
        self.valid_to = iso(concept.effective_to.as_ref());
        self.release = concept.release.map(|release| release.version);
        self.ancestors = concept.parents.into_iter().map(Named::from_coding).collect();
        self.children =
            children.into_iter().filter_map(|child| child.coding).map(Named::from_coding).collect();
        let terms = concept
            .designations
            .into_iter()
            .filter(|designation| designation.r#use == "inclusion-term");
        self.inclusion_terms = terms.map(|designation| designation.value).collect();
        for note in concept.notes {
            let kind = note.kind();
            let list = match kind {
                v1::NoteKind::Includes => &mut self.includes,
                v1::NoteKind::Excludes1 => &mut self.excludes1,
                v1::NoteKind::Excludes2 => &mut self.excludes2,
                v1::NoteKind::CodeFirst => &mut self.code_first,
                v1::NoteKind::UseAdditionalCode => &mut self.use_additional,
                v1::NoteKind::CodeAlso => &mut self.code_also,
                v1::NoteKind::SeventhCharacter
                | v1::NoteKind::InclusionTerm
                | v1::NoteKind::Other
                | v1::NoteKind::Unspecified => &mut self.notes,
            };
            list.push(Note { text: note.text, at: note.owner_code });
        }
        let seventh = concept.seventh_characters.into_iter();
        self.seventh_characters = seventh
            .map(|seventh| Seventh {
                char: seventh.character,
                display: seventh.meaning,
                code: seventh.code,
            })
            .collect();
        let replaced = concept.replaced_by.into_iter().filter_map(|replacement| replacement.coding);
        self.replaced_by = replaced.map(Named::from_coding).collect();
        self.note = (!concept.note.is_empty()).then_some(concept.note);
        self.copyright = (!concept.copyright.is_empty()).then_some(concept.copyright);
    }
}

/// Why nothing could be asked, as a word.
pub fn unavailable(reason: v1::UnavailableReason) -> &'static str {
    match reason {
        v1::UnavailableReason::CodeSystemUnknown => "code_system_unknown",
        v1::UnavailableReason::CodeSystemNotLoaded => "code_system_not_loaded",
        v1::UnavailableReason::ReleaseUnknown => "release_unknown",
        v1::UnavailableReason::DateNotCovered => "date_not_covered",
        v1::UnavailableReason::NotInFragment => "not_in_fragment",
        v1::UnavailableReason::DentalCode => "dental_code",
        v1::UnavailableReason::Unspecified => "unspecified",
    }
}
