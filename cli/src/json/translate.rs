//! What `translate` prints of each code.

use medcode_proto::v1;
use serde::Serialize;

use crate::channel::iso;

/// The whole document.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    pub(crate) results: Vec<Translated>,
}

/// One code.
#[derive(Debug, Serialize)]
pub(crate) struct Translated {
    /// The text as it was asked for.
    pub(crate) input: String,
    pub(crate) system: String,
    /// Whether anything corresponds.
    pub(crate) result: bool,
    /// Why nothing corresponds; empty when something does.
    pub(crate) message: String,
    pub(crate) matches: Vec<Match>,
    /// Why nothing could be asked, else null.
    pub(crate) unavailable: Option<String>,
}

/// A code that corresponds.
#[derive(Debug, Serialize)]
pub(crate) struct Match {
    /// Null where the mappings say that nothing corresponds.
    pub(crate) code: Option<String>,
    pub(crate) system: Option<String>,
    pub(crate) display: String,
    pub(crate) relationship: String,
    pub(crate) source: String,
    pub(crate) effective_from: Option<String>,
    pub(crate) approximate: bool,
    pub(crate) combination: bool,
    /// Members of one scenario belong together; 0 without a combination.
    pub(crate) scenario: u32,
    /// The slot of a scenario that the code can fill; 0 without a combination.
    pub(crate) choice_list: u32,
}

impl Translated {
    pub(crate) fn new(asked: &v1::Coding, answer: v1::Translation) -> Self {
        let unavailable = (answer.state() == v1::FactState::Unavailable)
            .then(|| super::lookup::unavailable(answer.unavailable_reason()).to_owned());
        Self {
            input: asked.code.clone(),
            system: asked.system.clone(),
            result: answer.result,
            message: answer.message,
            matches: answer.matches.into_iter().map(Match::new).collect(),
            unavailable,
        }
    }
}

impl Match {
    fn new(found: v1::TranslationMatch) -> Self {
        let relationship = found.relationship().as_str_name();
        let relationship = relationship.trim_start_matches("RELATIONSHIP_").to_ascii_lowercase();
        let flags = found.gem.unwrap_or_default();
        let (code, system, display) = match found.coding {
            Some(coding) => (Some(coding.code), Some(coding.system), coding.display),
            None => (None, None, String::new()),
        };
        Self {
            code,
            system,
            display,
            relationship,
            source: found.source,
            effective_from: iso(found.effective_from.as_ref()),
            approximate: flags.approximate,
            combination: flags.combination,
            scenario: flags.scenario,
            choice_list: flags.choice_list,
        }
    }
}
