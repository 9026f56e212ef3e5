//! What is known of the codes of an encounter, on its way back from the service.

use std::sync::Arc;

use medcode_codes::{
    code_context::{CodeContext, NamedCodes, Side, Sides, TermMatch, TermMatches},
    document::ItemFact,
    fact::Fact,
};
use medcode_proto::v1;

use super::unavailable;

/// What was learned of a code. `None` when the message does not say.
pub(super) fn fact(item: v1::ItemContext) -> Option<ItemFact> {
    let fact = match item.state() {
        v1::FactState::Known => Fact::Known,
        v1::FactState::Unknown => Fact::Unknown,
        v1::FactState::Unavailable => Fact::Unavailable(unavailable(item.unavailable_reason())),
        v1::FactState::Unspecified => return None,
    };
    Some(ItemFact {
        fact,
        written: item.code,
        title: Some(item.title).filter(|title| !title.is_empty()),
        context: item.context.map(|around| Arc::new(context(around))),
    })
}

/// Codes with a title or term of a bucket, but for buckets that nobody can have asked for.
pub(super) fn terms(found: &[v1::TermMatch]) -> TermMatches {
    let matches = found.iter().filter_map(|found| {
        let bucket = u16::try_from(found.bucket).ok()?;
        let v1::TermMatch { code, term, title, .. } = found;
        Some(TermMatch { bucket, code, term, title })
    });
    matches.collect()
}

fn context(context: v1::CodeContext) -> CodeContext {
    CodeContext {
        terms: context.terms,
        ancestors: named(&context.ancestors).into(),
        siblings: named(&context.siblings).into(),
        sides: context.sides.as_ref().and_then(sides),
        flags: context.flags,
        former_titles: context
            .former_titles
            .into_iter()
            .map(|former| (former.title, former.release))
            .collect(),
    }
}

fn named(codes: &[v1::NamedCode]) -> NamedCodes {
    let mut all = NamedCodes::default();
    for named in codes {
        all.push(&named.code, &named.title, named.terms.iter().map(String::as_str));
    }
    all
}

fn sides(sides: &v1::Sides) -> Option<Sides> {
    let mut all = Sides::new(side(sides.own())?);
    for other in &sides.others {
        let (Some(side), Some(named)) = (side(other.side()), &other.code) else { continue };
        all.push(side, &named.code, &named.title, named.terms.iter().map(String::as_str));
    }
    Some(all)
}

fn side(side: v1::Side) -> Option<Side> {
    match side {
        v1::Side::Unspecified => None,
        v1::Side::Right => Some(Side::Right),
        v1::Side::Left => Some(Side::Left),
        v1::Side::Bilateral => Some(Side::Bilateral),
        v1::Side::NotStated => Some(Side::Unspecified),
    }
}
