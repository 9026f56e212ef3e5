//! Named properties of a concept.

use medcode_codes::{
    code_table::Lifetime, concept::Concept, edits::EditSetting, flag::Flags, system::CodeSystem,
    tabular::NodeKind,
};
use medcode_proto::v1::{self, property::Value};

use super::concept;
use crate::{catalog::snapshot::Snapshot, rpc::Sighting};

mod axes;
mod tables;

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
    Pricing,
    Added,
    Terminated,
    Modifier,
    StatusIndicator,
    PoaExempt,
    Mue(EditSetting),
    FeeScheduleStatus,
    GlobalDays,
    Bilateral,
    AddOn,
    /// An axis of ICD-10-PCS, by its name on the wire.
    Axis(&'static str),
}

impl PropertyCode {
    const ALL: [(Self, &'static str); 27] = [
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
        (Self::Pricing, "pricing"),
        (Self::Added, "added"),
        (Self::Terminated, "terminated"),
        (Self::Modifier, "modifier"),
        (Self::StatusIndicator, "status-indicator"),
        (Self::PoaExempt, "poa-exempt"),
        (Self::Mue(EditSetting::Practitioner), "mue-practitioner"),
        (Self::Mue(EditSetting::Hospital), "mue-outpatient"),
        (Self::Mue(EditSetting::Dme), "mue-dme"),
        (Self::FeeScheduleStatus, "fee-schedule-status"),
        (Self::GlobalDays, "global-days"),
        (Self::Bilateral, "bilateral"),
        (Self::AddOn, "add-on"),
    ];

    /// The property with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|(_, known)| *known == name).map(|(code, _)| *code);
        known
            .or_else(|| axes::NAMES.iter().find(|axis| **axis == name).map(|axis| Self::Axis(axis)))
    }

    fn name(self) -> &'static str {
        if let Self::Axis(name) = self {
            return name;
        }
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }
}

/// Properties, and what is missing for some that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// Those that have a value.
    pub(crate) properties: Vec<v1::Property>,
    /// The files that are not installed, a sentence each.
    pub(crate) missing: Vec<String>,
}

/// A value, and the meaning of a code.
type Described = (Value, String);

/// What is known of a property. `Err` names the file that is not installed.
type Found = Result<Vec<Described>, &'static str>;

/// Every property that a concept has.
pub(super) fn all(snapshot: &Snapshot, sighting: &Sighting<'_>) -> Vec<v1::Property> {
    let mut codes: Vec<_> = PropertyCode::ALL.iter().map(|(code, _)| *code).collect();
    codes.extend(axes::of_section(snapshot, &sighting.content).map(PropertyCode::Axis));
    named(snapshot, sighting, &codes).properties
}

/// The values of the properties that a request names.
pub(crate) fn named(snapshot: &Snapshot, sighting: &Sighting<'_>, codes: &[PropertyCode]) -> Named {
    let mut named = Named::default();
    for code in codes {
        match found(snapshot, sighting, *code) {
            Ok(values) => {
                named.properties.extend(values.into_iter().map(|(value, description)| {
                    v1::Property { code: code.name().into(), value: Some(value), description }
                }));
            }
            Err(file) => {
                let date = sighting.status.date();
                let sentence = format!("no {file} that covers {date} is installed");
                if !named.missing.contains(&sentence) {
                    named.missing.push(sentence);
                }
            }
        }
    }
    named
}

fn found(snapshot: &Snapshot, sighting: &Sighting<'_>, code: PropertyCode) -> Found {
    match code {
        PropertyCode::Axis(name) => Ok(axes::values(snapshot, &sighting.content, name)),
        PropertyCode::Coverage
        | PropertyCode::Betos
        | PropertyCode::ActionCode
        | PropertyCode::Pricing
        | PropertyCode::Added
        | PropertyCode::Terminated
        | PropertyCode::Modifier
        | PropertyCode::StatusIndicator
        | PropertyCode::PoaExempt
        | PropertyCode::Mue(_)
        | PropertyCode::FeeScheduleStatus
        | PropertyCode::GlobalDays
        | PropertyCode::Bilateral
        | PropertyCode::AddOn => tables::values(snapshot, &sighting.status, code),
        _ => {
            let plain = of_concept(snapshot, sighting, code).into_iter();
            Ok(plain.map(|value| (value, String::new())).collect())
        }
    }
}

fn of_concept(snapshot: &Snapshot, sighting: &Sighting<'_>, code: PropertyCode) -> Vec<Value> {
    let Sighting { content, status } = sighting;
    let period = status.lifetime().and_then(Lifetime::period);
    match code {
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
        // The others come from tables of their own.
        _ => Vec::new(),
    }
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
