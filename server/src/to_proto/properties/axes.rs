//! The axes of ICD-10-PCS as properties: the character, and what it says.

use medcode_codes::{code::CodeKey, concept::Concept, pcs::Axis, system::CodeSystem};
use medcode_proto::v1::property::Value;

use super::Described;
use crate::catalog::snapshot::Snapshot;

/// Every name that an axis has in some section, in lower case with hyphens.
pub(super) const NAMES: [&str; 25] = [
    "section",
    "body-system",
    "operation",
    "body-part",
    "approach",
    "device",
    "qualifier",
    "body-region",
    "body-system-region",
    "substance",
    "function-device",
    "duration",
    "function",
    "method",
    "root-type",
    "contrast",
    "radionuclide",
    "modality",
    "treatment-site",
    "modality-qualifier",
    "isotope",
    "section-qualifier",
    "type-qualifier",
    "equipment",
    "device-substance-technology",
];

/// The names of the axes of the section that a code stands in, each once.
pub(super) fn of_section(
    snapshot: &Snapshot,
    content: &Concept<'_>,
) -> impl Iterator<Item = &'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for axis in axes(snapshot, content) {
        let name = NAMES.iter().find(|name| is_called(&axis, name));
        names.extend(name.filter(|name| !names.contains(name)).copied());
    }
    names.into_iter()
}

/// The characters of the axes with this name: one, or several where a section has several qualifiers.
pub(super) fn values(snapshot: &Snapshot, content: &Concept<'_>, name: &str) -> Vec<Described> {
    let named = axes(snapshot, content).into_iter().filter(|axis| is_called(axis, name));
    let said = named.filter_map(|axis| {
        let character = axis.character?;
        Some((Value::CodeValue(character.to_string()), axis.label.unwrap_or_default().to_owned()))
    });
    said.collect()
}

fn axes<'s>(snapshot: &'s Snapshot, content: &Concept<'_>) -> Vec<Axis<'s>> {
    if content.system() != CodeSystem::Icd10Pcs {
        return Vec::new();
    }
    let key = CodeKey::new(&content.name());
    let axes = key.map(|key| snapshot.terminology.supplements().pcs_axes.of(key));
    axes.into_iter().flatten().filter(|axis| axis.character.is_some()).collect()
}

/// Whether the name of an axis is this one, written in lower case with hyphens.
fn is_called(axis: &Axis<'_>, name: &str) -> bool {
    let words = axis.name.split(|character: char| !character.is_alphanumeric());
    let mut rest = name.split('-');
    words
        .filter(|word| !word.is_empty())
        .all(|word| rest.next().is_some_and(|part| part.eq_ignore_ascii_case(word)))
        && rest.next().is_none()
}

#[cfg(test)]
mod tests {
    use medcode_codes::pcs::PcsAxes;

    use super::*;

    #[test]
    fn every_axis_of_every_section_has_a_name() {
        let axes = PcsAxes::default();
        for section in "0123456789BCDFGHX".chars() {
            let key = CodeKey::new(&format!("{section}000000")).unwrap();
            for axis in axes.of(key) {
                assert!(
                    NAMES.iter().any(|name| is_called(&axis, name)),
                    "{section}: {}",
                    axis.name
                );
            }
        }
    }
}
