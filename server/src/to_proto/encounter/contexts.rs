//! What rules about words need to know of the codes of an encounter.

use std::sync::Arc;

use medcode_codes::{
    code_context::{Around, CodeContext, Named, Side, Sides, term_matches},
    date::Date,
    document::ItemFact,
    encounter::JudgedEncounter,
    fact::Fact,
};
use medcode_proto::v1;

use crate::{catalog::snapshot::Snapshot, to_proto};

/// What was learned of each code, diagnoses before lines.
pub(crate) fn contexts(judged: &JudgedEncounter<'_>) -> Vec<v1::ItemContext> {
    judged.items.iter().map(|coded| item(ItemFact::of(&coded.judgement))).collect()
}

/// The codes whose titles or terms fall into the buckets.
pub(crate) fn terms(snapshot: &Snapshot, buckets: &[u16], date: Date) -> Vec<v1::TermMatch> {
    let found = term_matches(&snapshot.terminology, buckets, date);
    let found = found.iter().map(|found| v1::TermMatch {
        bucket: found.bucket.into(),
        code: found.code.to_owned(),
        term: found.term.to_owned(),
        title: found.title.to_owned(),
    });
    found.collect()
}

fn item(fact: ItemFact) -> v1::ItemContext {
    let (state, reason) = match fact.fact {
        Fact::Known => (v1::FactState::Known, v1::UnavailableReason::Unspecified),
        Fact::Unknown => (v1::FactState::Unknown, v1::UnavailableReason::Unspecified),
        Fact::Unavailable(reason) => (v1::FactState::Unavailable, to_proto::unavailable(reason)),
    };
    v1::ItemContext {
        state: state.into(),
        unavailable_reason: reason.into(),
        code: fact.written,
        title: fact.title.unwrap_or_default(),
        context: fact.context.map(|around| context(Arc::unwrap_or_clone(around))),
    }
}

fn context(context: CodeContext) -> v1::CodeContext {
    v1::CodeContext {
        terms: context.terms,
        ancestors: all(&context.ancestors),
        siblings: all(&context.siblings),
        sides: context.sides.as_ref().map(sides),
        flags: context.flags,
        former_titles: context
            .former_titles
            .into_iter()
            .map(|(title, release)| v1::FormerTitle { title, release })
            .collect(),
    }
}

fn all(codes: &Around) -> Vec<v1::NamedCode> {
    codes.iter().map(named).collect()
}

fn named(named: Named<'_>) -> v1::NamedCode {
    v1::NamedCode {
        code: named.code.to_owned(),
        title: named.title.to_owned(),
        terms: named.terms().map(str::to_owned).collect(),
    }
}

fn sides(sides: &Sides) -> v1::Sides {
    v1::Sides {
        own: side(sides.own).into(),
        others: sides
            .others()
            .map(|(of, code)| v1::SideCode { side: side(of).into(), code: Some(named(code)) })
            .collect(),
    }
}

fn side(side: Side) -> v1::Side {
    match side {
        Side::Right => v1::Side::Right,
        Side::Left => v1::Side::Left,
        Side::Bilateral => v1::Side::Bilateral,
        Side::Unspecified => v1::Side::NotStated,
    }
}
