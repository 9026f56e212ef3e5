//! How encounters are to be checked.

use std::collections::BTreeMap;

use medcode_codes::{
    code::Code, date::Date, engine::RuleOptions, issue::Severity, system::CodeSystem,
};
use medcode_proto::v1;
use prost::Message;

use super::{Error, LONGEST_CODE, Violations, check_text, date, known};

/// Entries of each list of options.
const MOST_OPTIONS: usize = 1_000;

/// How encounters are to be checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct OptionsAsked {
    pub(crate) rules: RuleOptions,
    pub(crate) lists_passed: bool,
    pub(crate) include_concepts: bool,
    pub(crate) include_contexts: bool,
    pub(crate) term_buckets: Vec<u16>,
}

/// Reads the options of a check.
pub(crate) fn options(violations: &mut Violations, sent: v1::ValidationOptions) -> OptionsAsked {
    let check_detail: v1::CheckDetail =
        known(violations, "options.check_detail", sent.check_detail);
    OptionsAsked {
        lists_passed: check_detail == v1::CheckDetail::All,
        include_concepts: sent.include_concepts,
        include_contexts: sent.include_contexts,
        term_buckets: term_buckets(violations, &sent.term_buckets),
        rules: rule_options(violations, sent),
    }
}

/// How a stream of encounters is to be answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct StreamAsked {
    pub(crate) options: OptionsAsked,
    pub(crate) unordered: bool,
    /// The day for encounters without a date.
    pub(crate) as_of: Option<Date>,
    /// The options of the check as encoded: equal bytes, equal options.
    pub(crate) encoded: Vec<u8>,
}

/// Reads the options of a stream.
pub(crate) fn stream_options(sent: v1::StreamOptions) -> Result<StreamAsked, Error> {
    let mut violations = Violations::default();
    let sent_options = sent.options.unwrap_or_default();
    let encoded = sent_options.encode_to_vec();
    let options = options(&mut violations, sent_options);
    let as_of = date(&mut violations, "options.date", sent.date);
    violations.finish(StreamAsked { options, unordered: sent.unordered, as_of, encoded })
}

fn term_buckets(violations: &mut Violations, sent: &[u32]) -> Vec<u16> {
    if violations.check_count("options.term_buckets", sent.len(), MOST_OPTIONS) {
        return Vec::new();
    }
    let buckets = sent.iter().enumerate().filter_map(|(index, bucket)| {
        let read = u16::try_from(*bucket).ok();
        if read.is_none() {
            violations.add(format!("options.term_buckets[{index}]"), "is not below 65,536");
        }
        read
    });
    buckets.collect()
}

fn rule_options(violations: &mut Violations, sent: v1::ValidationOptions) -> RuleOptions {
    for (field, count) in [
        ("options.enable", sent.enable.len()),
        ("options.disable", sent.disable.len()),
        ("options.severity", sent.severity.len()),
        ("options.acknowledgements", sent.acknowledgements.len()),
    ] {
        violations.check_count(field, count, MOST_OPTIONS);
    }
    for (index, id) in sent.enable.iter().enumerate() {
        check_text(violations, || format!("options.enable[{index}]"), id, 1, LONGEST_CODE);
    }
    let mut severities = BTreeMap::new();
    for (rule, severity) in sent.severity {
        severities.extend(self::severity(violations, severity).map(|severity| (rule, severity)));
    }
    let acknowledged =
        sent.acknowledgements.into_iter().enumerate().map(|(index, acknowledgement)| {
            if acknowledgement.rule_id.is_empty() {
                violations.add(format!("options.acknowledgements[{index}].rule_id"), "is required");
            }
            (acknowledgement.rule_id, written_codes(&acknowledgement.codes))
        });
    let acknowledged = acknowledged.collect();
    RuleOptions {
        enable: sent.enable,
        disable: sent.disable,
        severity: severities,
        acknowledged,
        strict_excludes1: sent.strict_excludes1,
    }
}

fn severity(violations: &mut Violations, severity: i32) -> Option<Severity> {
    match known(violations, "options.severity", severity) {
        v1::IssueSeverity::Unspecified => {
            violations.add("options.severity", "has a rule without a severity");
            None
        }
        v1::IssueSeverity::Error => Some(Severity::Error),
        v1::IssueSeverity::Warning => Some(Severity::Warning),
        v1::IssueSeverity::Information => Some(Severity::Information),
        v1::IssueSeverity::Hint => Some(Severity::Hint),
    }
}

/// Codes as issues name them, whatever their form in the request.
fn written_codes(codes: &[String]) -> Vec<String> {
    let forms = codes.iter().flat_map(|text| {
        let written =
            CodeSystem::ALL.into_iter().filter_map(|system| Code::parse(system, text).ok());
        written.map(|code| code.to_string()).chain(std::iter::once(text.clone()))
    });
    forms.collect()
}
