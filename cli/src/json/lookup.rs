//! What `lookup` prints of each code.

use medcode_proto::v1;
use serde::Serialize;

use super::Named;
use crate::channel::iso;

/// The whole document.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    pub(crate) results: Vec<Looked>,
}

/// One code.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Looked {
    /// The text as it was asked for.
    pub(crate) input: String,
    pub(crate) system: String,
    pub(crate) code: String,
    pub(crate) found: bool,
    pub(crate) display: Option<String>,
    pub(crate) billable: Option<bool>,
    pub(crate) valid_from: Option<String>,
    pub(crate) valid_to: Option<String>,
    pub(crate) release: Option<String>,
    pub(crate) ancestors: Vec<Named>,
    pub(crate) children: Vec<Named>,
    pub(crate) includes: Vec<Note>,
    pub(crate) inclusion_terms: Vec<String>,
    pub(crate) excludes1: Vec<Note>,
    pub(crate) excludes2: Vec<Note>,
    pub(crate) code_first: Vec<Note>,
    pub(crate) use_additional: Vec<Note>,
    pub(crate) code_also: Vec<Note>,
    pub(crate) notes: Vec<Note>,
    pub(crate) seventh_characters: Vec<Seventh>,
    pub(crate) replaced_by: Vec<Named>,
    pub(crate) suggestions: Vec<Named>,
    /// What the answer does not know; null when nothing is missing.
    pub(crate) note: Option<String>,
    /// The copyright line of the texts, else null.
    pub(crate) copyright: Option<String>,
    /// Why nothing could be asked, else null.
    pub(crate) unavailable: Option<String>,
}

/// An instructional note and the node it is written at.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Note {
    pub(crate) text: String,
    pub(crate) at: String,
}

/// A 7th character.
#[derive(Debug, Serialize)]
pub(crate) struct Seventh {
    pub(crate) char: String,
    pub(crate) display: String,
    pub(crate) code: String,
}

impl Looked {
    /// From the answer and the children, which are asked for apart.
    pub(crate) fn new(
        asked: &v1::Coding,
        result: v1::LookupResult,
        children: Vec<v1::Concept>,
    ) -> Self {
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
pub(crate) fn unavailable(reason: v1::UnavailableReason) -> &'static str {
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
