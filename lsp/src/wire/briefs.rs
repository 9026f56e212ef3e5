//! Many codes in short.

use medcode_codes::{
    code::Code,
    date::Date,
    flag::{Flag, Flags},
};
use medcode_proto::v1;

use super::codes::{coding, lookup_many_request, titled};
use crate::concept::Brief;

/// The property with the flags of the code editor.
const FLAG: &str = "mce-flag";

/// Asks for title and state of many codes.
pub(crate) fn briefs_request(codes: &[Code], date: Date) -> v1::LookupCodesRequest {
    let codings = codes.iter().map(|code| coding(code.system(), &code.to_string()));
    let request = lookup_many_request(codings.collect(), date, v1::ConceptView::Basic);
    v1::LookupCodesRequest { properties: vec![FLAG.to_owned()], ..request }
}

/// The answers, in the order asked; `None` for a code that the service does not know or does not hold. No list at all
/// when the service did not say.
pub(crate) fn briefs(answer: v1::LookupCodesResponse) -> Option<Vec<Option<Brief>>> {
    let read = |result: v1::LookupResult| match result.state() {
        v1::FactState::Known => Some(Some(brief(result.concept?))),
        v1::FactState::Unknown | v1::FactState::Unavailable => Some(None),
        v1::FactState::Unspecified => None,
    };
    answer.results.into_iter().map(read).collect()
}

fn brief(concept: v1::Concept) -> Brief {
    let mut flags = Flags::default();
    for property in concept.properties {
        if let Some(v1::property::Value::CodeValue(name)) = property.value
            && let Some(flag) = Flag::from_name(&name).filter(|_| property.code == FLAG)
        {
            flags.insert(flag);
        }
    }
    Brief {
        flags,
        titled: titled(concept.coding.unwrap_or_default()),
        billable: concept.billable,
        header: concept.not_selectable,
        ended: concept.inactive,
    }
}
