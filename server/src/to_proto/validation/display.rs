//! Whether the display that a caller stores with a code is one of its texts.

use medcode_codes::{code::Code, terminology::Terminology};

use super::{
    Validated,
    fhir::{self, Case},
};
use crate::{from_proto::DisplayPolicy, to_proto::concept};

/// What is wrong with the display, if anything. The display itself is not quoted.
pub(super) fn judge(validated: &Validated<'_, '_>) -> Option<(Case, String)> {
    if validated.asked.display.is_empty() || validated.display_policy == DisplayPolicy::Ignore {
        return None;
    }
    let sent = folded(&validated.asked.display);
    let sighting = validated.learned.sighting()?;
    if sent.is_empty() {
        return None;
    }
    let preferred = concept::coding(&sighting.content).display;
    let mut texts = std::iter::once(preferred.clone()).chain(concept::texts(&sighting.content));
    if preferred.is_empty() || texts.any(|text| folded(&text) == sent) {
        return None;
    }
    let name = sighting.content.name();
    if let Some(code) = sighting.content.code()
        && is_title_elsewhere(&validated.snapshot.terminology, code, &sent)
    {
        let message = format!(
            "The display of {name} is that of another release; it should be \"{preferred}\"."
        );
        return Some((fhir::OLD_DISPLAY, message));
    }
    let severity = match validated.display_policy {
        DisplayPolicy::Error => medcode_proto::v1::IssueSeverity::Error,
        DisplayPolicy::Warn | DisplayPolicy::Ignore => medcode_proto::v1::IssueSeverity::Warning,
    };
    let message =
        format!("The display of {name} is none of its texts; it should be \"{preferred}\".");
    Some((Case { severity, ..fhir::WRONG_DISPLAY }, message))
}

/// Whether another edition has this title for the code.
fn is_title_elsewhere(terminology: &Terminology, code: Code, sent: &str) -> bool {
    terminology.editions().iter().any(|edition| {
        let location = edition.list.locate(code.key());
        location.is_some_and(|location| folded(&edition.list.full_title(location)) == sent)
    })
}

/// Lower case, blanks collapsed.
fn folded(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
