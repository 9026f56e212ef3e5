//! Named properties of a concept.

use medcode_codes::{
    code_table::Lifetime, concept::Concept, flag::Flags, system::CodeSystem, tabular::NodeKind,
};
use medcode_proto::v1::{self, property::Value};

use super::concept;
use crate::{catalog::snapshot::Snapshot, rpc::Sighting};

/// A property that a request may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PropertyCode {
    Parent,
    Child,
    Inactive,
    NotSelectable,
    EffectiveDate,
    RetirementDate,
    Billable,
    Chapter,
    Block,
    Laterality,
    MceFlag,
    Coverage,
    Betos,
    ActionCode,
}

impl PropertyCode {
    const ALL: [(Self, &'static str); 14] = [
        (Self::Parent, "parent"),
        (Self::Child, "child"),
        (Self::Inactive, "inactive"),
        (Self::NotSelectable, "notSelectable"),
        (Self::EffectiveDate, "effectiveDate"),
        (Self::RetirementDate, "retirementDate"),
        (Self::Billable, "billable"),
        (Self::Chapter, "chapter"),
        (Self::Block, "block"),
        (Self::Laterality, "laterality"),
        (Self::MceFlag, "mce-flag"),
        (Self::Coverage, "coverage"),
        (Self::Betos, "betos"),
        (Self::ActionCode, "action-code"),
    ];

    /// The property with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(code, _)| *code)
    }
}

/// Every property that a concept has.
pub(super) fn all(snapshot: &Snapshot, sighting: &Sighting<'_>) -> Vec<v1::Property> {
    PropertyCode::ALL.iter().flat_map(|(code, _)| of(snapshot, sighting, *code)).collect()
}

/// The values of the properties that a request names.
pub(crate) fn named(
    snapshot: &Snapshot,
    sighting: &Sighting<'_>,
    codes: &[PropertyCode],
) -> Vec<v1::Property> {
    codes.iter().flat_map(|code| of(snapshot, sighting, *code)).collect()
}

fn of(snapshot: &Snapshot, sighting: &Sighting<'_>, code: PropertyCode) -> Vec<v1::Property> {
    let Sighting { content, status } = sighting;
    let period = status.lifetime().and_then(Lifetime::period);
    let values: Vec<Value> = match code {
        PropertyCode::Parent => content.ancestors().first().map(coding).into_iter().collect(),
        PropertyCode::Child => content.children().iter().map(coding).collect(),
        PropertyCode::Inactive => vec![Value::BooleanValue(concept::inactive(snapshot, status))],
        PropertyCode::NotSelectable => vec![Value::BooleanValue(status.not_selectable())],
        PropertyCode::Billable => {
            concept::billable(snapshot, status).map(Value::BooleanValue).into_iter().collect()
        }
        PropertyCode::EffectiveDate => {
            period.map(|period| Value::DateValue(super::date(period.start))).into_iter().collect()
        }
        PropertyCode::RetirementDate => period
            .and_then(|period| period.end)
            .map(|end| Value::DateValue(super::date(end)))
            .into_iter()
            .collect(),
        PropertyCode::Chapter => group(content, NodeKind::Chapter),
        PropertyCode::Block => group(content, NodeKind::Section),
        PropertyCode::Laterality => {
            laterality(content).map(|side| Value::CodeValue(side.into())).into_iter().collect()
        }
        PropertyCode::MceFlag => flags(status.flags()),
        // No installed release has these columns of the HCPCS file.
        PropertyCode::Coverage | PropertyCode::Betos | PropertyCode::ActionCode => Vec::new(),
    };
    let name =
        PropertyCode::ALL.iter().find(|(known, _)| *known == code).map_or("", |(_, name)| name);
    let properties = values.into_iter().map(|value| v1::Property {
        code: name.into(),
        value: Some(value),
        description: String::new(),
    });
    properties.collect()
}

fn coding(concept: &Concept<'_>) -> Value {
    Value::CodingValue(concept::coding(concept))
}

fn flags(flags: Flags) -> Vec<Value> {
    flags.names().map(|name| Value::CodeValue(name.into())).collect()
}

/// The nearest chapter or section that a concept stands in.
fn group(content: &Concept<'_>, kind: NodeKind) -> Vec<Value> {
    let is_of_kind = |concept: &&Concept<'_>| {
        concept.place().is_some_and(|(edition, location)| edition.list.kind(location.node) == kind)
    };
    content.ancestors().iter().find(is_of_kind).map(coding).into_iter().collect()
}

/// The side that the official title of a diagnosis names.
fn laterality(content: &Concept<'_>) -> Option<&'static str> {
    let (title, _) = content
        .title()
        .filter(|_| content.system() == CodeSystem::Icd10Cm && content.code().is_some())?;
    let words: Vec<_> = title
        .split(|character: char| !character.is_alphanumeric())
        .map(str::to_lowercase)
        .collect();
    let has = |word: &str| words.iter().any(|found| found == word);
    match (has("right"), has("left"), has("bilateral")) {
        (true, false, false) => Some("right"),
        (false, true, false) => Some("left"),
        (false, false, true) => Some("bilateral"),
        // No side, or several: "unspecified side" is a word of the title and no side.
        _ => None,
    }
}
