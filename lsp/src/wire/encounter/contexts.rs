//! What is known of the codes of an encounter, on its way back from the service.

use std::sync::Arc;

use medcode_codes::{
    code_context::{CodeContext, Named, Side, Sides, TermMatch},
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

/// A code with a title or term of a bucket. `None` for a bucket that nobody can have asked for.
pub(super) fn term(found: v1::TermMatch) -> Option<TermMatch> {
    let bucket = u16::try_from(found.bucket).ok()?;
    Some(TermMatch { bucket, code: found.code, term: found.term, title: found.title })
}

fn context(context: v1::CodeContext) -> CodeContext {
    CodeContext {
        terms: context.terms,
        ancestors: context.ancestors.into_iter().map(named).collect(),
        siblings: context.siblings.into_iter().map(named).collect(),
        sides: context.sides.and_then(sides),
        flags: context.flags,
        former_titles: context
            .former_titles
            .into_iter()
            .map(|former| (former.title, former.release))
            .collect(),
    }
}

fn named(named: v1::NamedCode) -> Named {
    Named { code: named.code, title: named.title, terms: named.terms }
}

fn sides(sides: v1::Sides) -> Option<Sides> {
    let own = side(sides.own())?;
    let others = sides.others.into_iter();
    let others = others.filter_map(|of| Some((side(of.side())?, named(of.code?))));
    Some(Sides { own, others: others.collect() })
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
