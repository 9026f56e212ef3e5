//! Questions about codes, and their answers.

use medcode_codes::{
    code::{CodeKey, MAX_LENGTH},
    date::Date,
    fact::UnavailableReason,
    pcs::PcsAxes,
    system::CodeSystem,
    tabular::NoteKind,
};
use medcode_proto::v1;

use super::dates::{from_proto_date, to_proto_date};
use crate::concept::{
    Axis, Concept, Hit, Instruction, LoadedSystem, Looked, Particular, SeventhCharacter, Titled,
};

/// What is searched for.
#[derive(Clone, Copy)]
pub(crate) struct Query<'a> {
    /// A code, the beginning of one, or words.
    pub(crate) text: &'a str,
    /// The systems to search.
    pub(crate) systems: &'a [CodeSystem],
    /// The day on which the codes are to be valid.
    pub(crate) date: Date,
    /// The most hits.
    pub(crate) max: u16,
    /// Codes that ended before the day as well.
    pub(crate) ended: bool,
}

impl std::fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Query({} bytes)", self.text.len())
    }
}

/// All code systems on one page: there are four.
pub(crate) fn list_systems_request() -> v1::ListCodeSystemsRequest {
    v1::ListCodeSystemsRequest { page_size: 0, page_token: String::new() }
}

/// The systems of which something is loaded.
pub(crate) fn loaded_systems(answer: v1::ListCodeSystemsResponse) -> Vec<LoadedSystem> {
    let loaded = answer.code_systems.into_iter().filter(|system| system.loaded);
    loaded
        .map(|system| {
            let release = system.current_release.unwrap_or_default();
            LoadedSystem {
                id: system.id,
                title: system.title,
                version: release.version,
                digest: release.digest,
                end: system.covered_to.and_then(from_proto_date),
            }
        })
        .collect()
}

/// Asks for everything about one code.
pub(crate) fn lookup_request(system: CodeSystem, code: &str, date: Date) -> v1::LookupCodesRequest {
    lookup_many_request(vec![coding(system, code)], date, v1::ConceptView::Full)
}

/// Asks about several codes.
pub(crate) fn lookup_many_request(
    codings: Vec<v1::Coding>,
    date: Date,
    view: v1::ConceptView,
) -> v1::LookupCodesRequest {
    v1::LookupCodesRequest {
        codings,
        date: Some(to_proto_date(date)),
        view: view.into(),
        properties: Vec::new(),
    }
}

/// Asks for the direct children of a code, as many as one page holds.
pub(crate) fn all_children_request(parent: &v1::Coding, date: Date) -> v1::ListConceptsRequest {
    v1::ListConceptsRequest {
        system: parent.system.clone(),
        code: parent.code.clone(),
        date: Some(to_proto_date(date)),
        scope: v1::ListScope::Children.into(),
        page_size: 1000,
        ..v1::ListConceptsRequest::default()
    }
}

/// The answer about the one code that was asked for. `None` when the service did not say.
pub(crate) fn looked(answer: v1::LookupCodesResponse, system: CodeSystem) -> Option<Looked> {
    let result = answer.results.into_iter().next()?;
    match result.state() {
        v1::FactState::Known => Some(Looked::Known(Box::new(concept(result.concept?, system)))),
        v1::FactState::Unknown => {
            let suggestions =
                result.suggestions.into_iter().filter_map(|suggestion| suggestion.coding);
            Some(Looked::Unknown { suggestions: suggestions.map(titled).collect() })
        }
        v1::FactState::Unavailable => {
            Some(Looked::Unavailable(unavailable(result.unavailable_reason())))
        }
        v1::FactState::Unspecified => None,
    }
}

/// Why something could not be asked.
pub(super) fn unavailable(reason: v1::UnavailableReason) -> UnavailableReason {
    match reason {
        v1::UnavailableReason::DateNotCovered | v1::UnavailableReason::ReleaseUnknown => {
            UnavailableReason::DateNotCovered
        }
        v1::UnavailableReason::NotInFragment => UnavailableReason::NotInFragment,
        v1::UnavailableReason::CodeSystemNotLoaded | v1::UnavailableReason::CodeSystemUnknown => {
            UnavailableReason::CodeSystemNotLoaded
        }
        v1::UnavailableReason::DentalCode => UnavailableReason::DentalCode,
        v1::UnavailableReason::Unspecified => UnavailableReason::ServiceUnreachable,
    }
}

/// Asks for the direct children of a concept.
pub(crate) fn children_request(concept: &Concept, date: Date, max: u16) -> v1::ListConceptsRequest {
    v1::ListConceptsRequest {
        system: concept.system.id().to_owned(),
        version: String::new(),
        date: Some(to_proto_date(date)),
        code: concept.titled.code.clone(),
        scope: v1::ListScope::Children.into(),
        billable_only: false,
        include_inactive: false,
        view: v1::ConceptView::Basic.into(),
        page_size: max.into(),
        page_token: String::new(),
    }
}

/// The children, in code order.
pub(crate) fn children(answer: v1::ListConceptsResponse) -> Vec<Titled> {
    answer.concepts.into_iter().filter_map(|concept| concept.coding).map(titled).collect()
}

/// Asks how ICD-10-PCS goes on behind the first characters of its codes; with none, for its sections.
pub(crate) fn next_characters_request(beginning: &str, date: Date) -> v1::ListConceptsRequest {
    v1::ListConceptsRequest {
        system: CodeSystem::Icd10Pcs.id().to_owned(),
        date: Some(to_proto_date(date)),
        code: beginning.to_owned(),
        scope: v1::ListScope::Children.into(),
        page_size: 100,
        ..v1::ListConceptsRequest::default()
    }
}

/// The beginnings of codes, one character longer, or whole codes; each as a hit.
pub(crate) fn next_characters(answer: v1::ListConceptsResponse) -> Vec<Hit> {
    let hits = answer.concepts.into_iter().filter_map(|concept| {
        Some(Hit {
            system: CodeSystem::Icd10Pcs,
            titled: titled(concept.coding?),
            header: concept.not_selectable,
            ended: concept.inactive,
            matched: String::new(),
            exact: false,
        })
    });
    hits.collect()
}

/// Asks for the codes that a query finds.
pub(crate) fn search_request(query: &Query<'_>) -> v1::SearchConceptsRequest {
    v1::SearchConceptsRequest {
        query: query.text.to_owned(),
        systems: query.systems.iter().map(|system| system.id().to_owned()).collect(),
        date: Some(to_proto_date(query.date)),
        mode: v1::SearchMode::Typeahead.into(),
        billable_only: false,
        include_inactive: query.ended,
        within: None,
        page_size: query.max.into(),
        page_token: String::new(),
        meaning: v1::MeaningUse::Unspecified.into(),
        // Completion puts what is for other patients last; it hides nothing.
        age_years: None,
        sex: v1::Sex::Unspecified.into(),
    }
}

/// The hits, best first. Hits of systems this client does not know are left out.
pub(crate) fn hits(answer: v1::SearchConceptsResponse) -> Vec<Hit> {
    answer.hits.into_iter().filter_map(hit).collect()
}

fn hit(hit: v1::SearchHit) -> Option<Hit> {
    let best = hit.matches.into_iter().next().unwrap_or_default();
    let exact = best.source() == v1::MatchSource::Code;
    let concept = hit.concept?;
    let coding = concept.coding?;
    Some(Hit {
        system: CodeSystem::from_identifier(&coding.system).ok()?,
        titled: titled(coding),
        header: concept.not_selectable,
        ended: concept.inactive,
        matched: best.text,
        exact: exact && !concept.not_selectable && !concept.inactive,
    })
}

/// A concept in our own words.
pub(super) fn concept(concept: v1::Concept, system: CodeSystem) -> Concept {
    let inclusion_terms =
        concept.designations.into_iter().filter(|text| text.r#use == "inclusion-term");
    let replaced_by = concept.replaced_by.into_iter().filter_map(|replacement| replacement.coding);
    let coding = concept.coding.unwrap_or_default();
    let is_procedure = CodeSystem::from_identifier(&coding.system) == Ok(CodeSystem::Icd10Pcs);
    let particulars = concept.properties.iter().filter_map(particular).collect();
    let axes = if is_procedure { axes(&coding.code, concept.properties) } else { Vec::new() };
    Concept {
        axes,
        particulars,
        system: CodeSystem::from_identifier(&coding.system).unwrap_or(system),
        titled: titled(coding),
        billable: concept.billable,
        header: concept.not_selectable,
        ended: concept.inactive,
        from: concept.effective_from.and_then(from_proto_date),
        to: concept.effective_to.and_then(from_proto_date),
        replaced_by: replaced_by.map(titled).collect(),
        ancestors: concept.parents.into_iter().map(titled).collect(),
        child_count: concept.child_count,
        inclusion_terms: inclusion_terms.map(|text| text.value).collect(),
        notes: concept.notes.into_iter().map(instruction).collect(),
        seventh_characters: concept.seventh_characters.into_iter().map(seventh_character).collect(),
        release: concept.release.unwrap_or_default().version,
        missing: concept.note,
        copyright: concept.copyright,
    }
}

/// What each character of an ICD-10-PCS code says. The names of axes are known here; a section that has several axes
/// of one name has several values of one property, in the order of the code.
fn axes(code: &str, properties: Vec<v1::Property>) -> Vec<Axis> {
    let Some(key) = CodeKey::new(code).filter(|key| key.length() == MAX_LENGTH) else {
        return Vec::new();
    };
    let mut left = properties;
    let names = PcsAxes::default();
    let named = names.of(key);
    let axes = named.iter().filter_map(|axis| {
        let words = axis.name.split(|character: char| !character.is_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        let name = words.join("-");
        let place = left.iter().position(|property| property.code == name);
        let label = place.map(|place| left.remove(place).description);
        Some(Axis {
            name: axis.name.to_owned(),
            character: axis.character?.to_string(),
            label: label.unwrap_or_default(),
        })
    });
    axes.collect()
}

/// A property that is one value; links to other codes and dates are told in other ways.
fn particular(property: &v1::Property) -> Option<Particular> {
    use v1::property::Value;

    let value = match property.value.as_ref()? {
        Value::CodeValue(text) | Value::StringValue(text) => text.clone(),
        Value::BooleanValue(true) => "yes".to_owned(),
        Value::BooleanValue(false) => "no".to_owned(),
        Value::IntegerValue(number) => number.to_string(),
        Value::DecimalValue(number) => number.to_string(),
        Value::DateValue(_) | Value::CodingValue(_) => return None,
    };
    Some(Particular { name: property.code.clone(), value, meaning: property.description.clone() })
}

fn seventh_character(seventh: v1::SeventhCharacter) -> SeventhCharacter {
    SeventhCharacter { character: seventh.character, meaning: seventh.meaning, code: seventh.code }
}

fn instruction(note: v1::Note) -> Instruction {
    Instruction { kind: note_kind(note.kind()), owner: note.owner_code, text: note.text }
}

/// The kind of a note.
pub(super) fn note_kind(kind: v1::NoteKind) -> NoteKind {
    match kind {
        v1::NoteKind::Includes => NoteKind::Includes,
        v1::NoteKind::Excludes1 => NoteKind::Excludes1,
        v1::NoteKind::Excludes2 => NoteKind::Excludes2,
        v1::NoteKind::CodeFirst => NoteKind::CodeFirst,
        v1::NoteKind::UseAdditionalCode => NoteKind::UseAdditionalCode,
        v1::NoteKind::CodeAlso => NoteKind::CodeAlso,
        v1::NoteKind::SeventhCharacter => NoteKind::SeventhCharacter,
        v1::NoteKind::InclusionTerm => NoteKind::InclusionTerm,
        v1::NoteKind::Other | v1::NoteKind::Unspecified => NoteKind::Other,
    }
}

/// A code with its title.
pub(super) fn titled(coding: v1::Coding) -> Titled {
    Titled { code: coding.code, title: coding.display }
}

/// A coding without version and display.
pub(crate) fn coding(system: CodeSystem, code: &str) -> v1::Coding {
    v1::Coding {
        system: system.id().to_owned(),
        version: String::new(),
        code: code.to_owned(),
        display: String::new(),
    }
}
