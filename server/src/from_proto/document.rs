//! The request of `CheckDocument`.

use std::fmt;

use medcode_codes::{
    date::Date,
    document::CheckSettings,
    encounter::Encounter,
    engine::RuleOptions,
    rules::{self, RULES},
};
use medcode_proto::v1;

use super::{
    encounter::{OptionsAsked, encounter, options},
    known,
};
use crate::{
    config::Config,
    error::{Error, Violations},
};

/// What `CheckDocument` is asked.
pub(crate) struct DocumentAsked {
    pub(crate) text: String,
    /// Facts that the text does not state, without codes.
    pub(crate) defaults: Encounter,
    pub(crate) options: OptionsAsked,
    pub(crate) unit: v1::OffsetUnit,
    /// The day for encounters without a date.
    pub(crate) as_of: Option<Date>,
}

/// Shows how long the text is, and no more.
impl fmt::Debug for DocumentAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentAsked({} bytes)", self.text.len())
    }
}

/// Reads a request of `CheckDocument`.
pub(crate) fn check_document(
    request: v1::CheckDocumentRequest,
    config: &Config,
) -> Result<DocumentAsked, Error> {
    let mut violations = Violations::default();
    let most = config.documents.text_bytes;
    if request.text.len() > most {
        violations.add("text", format!("is longer than {most} bytes"));
    }
    let options = options(&mut violations, request.options.unwrap_or_default());
    for (index, _) in options.rules.enable.iter().enumerate().filter(|(_, id)| !rules::is_known(id))
    {
        violations.add(format!("options.enable[{index}]"), "is no rule or category known here");
    }
    let unit = known(&mut violations, "offset_unit", request.offset_unit);
    let as_of = super::date(&mut violations, "date", request.date);
    let sent = request.defaults.unwrap_or_default();
    if !sent.diagnoses.is_empty() || !sent.lines.is_empty() {
        violations.add("defaults", "holds codes: they come from the text");
    }
    let mut of_defaults = Violations::default();
    let facts = v1::Encounter { diagnoses: Vec::new(), lines: Vec::new(), ..sent };
    let defaults = encounter(&mut of_defaults, facts, &config.limits).encounter;
    violations.take_over(of_defaults, "encounter", "defaults");
    violations.finish(DocumentAsked { text: request.text, defaults, options, unit, as_of })
}

impl DocumentAsked {
    /// The options as settings of a check of text.
    pub(crate) fn settings(&self) -> CheckSettings {
        let rules = &self.options.rules;
        let severity = RULES.iter().filter_map(|rule| {
            let asked = rules.severity.get(rule.id).copied();
            match (rules.runs(rule), rule.is_on) {
                (true, true) => asked.map(|severity| (rule.id.to_owned(), Some(severity))),
                (true, false) => Some((rule.id.to_owned(), Some(asked.unwrap_or(rule.severity)))),
                (false, true) => Some((rule.id.to_owned(), None)),
                (false, false) => None,
            }
        });
        CheckSettings {
            severity: severity.collect(),
            strict_excludes1: rules.strict_excludes1,
            payer: self.defaults.payer.clone(),
            ..CheckSettings::default()
        }
    }

    /// The options for one question about the text, on top of its own.
    pub(crate) fn rules_for(&self, mut own: RuleOptions) -> RuleOptions {
        let rules = &self.options.rules;
        let stopped = RULES.iter().filter(|rule| !rules.runs(rule));
        own.disable.extend(stopped.map(|rule| rule.id.to_owned()));
        own.severity.extend(rules.severity.clone());
        own.acknowledged.clone_from(&rules.acknowledged);
        own
    }
}
