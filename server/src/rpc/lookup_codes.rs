//! `LookupCodes`: what the catalog holds for each coding, in request order.

use std::sync::Arc;

use foldhash::HashMap;
use medcode_proto::v1;

use super::{Call, Fact, LIGHT, Learned, Sighting, Work};
use crate::{
    catalog::cache::CacheKey,
    error::Error,
    from_proto::{self, AskedCoding, LookupAsked, View},
    to_proto,
};

impl Work for v1::LookupCodesRequest {
    fn is_heavy(&self) -> bool {
        self.codings.len() > LIGHT
    }
}

pub(crate) fn lookup_codes(
    call: &Call,
    request: v1::LookupCodesRequest,
) -> Result<v1::LookupCodesResponse, Error> {
    let asked = from_proto::lookup_codes(request, &call.config.limits)?;
    let date = asked.date.unwrap_or(call.today);
    let mut answered: HashMap<&AskedCoding, usize> = HashMap::default();
    let mut results: Vec<v1::LookupResult> = Vec::with_capacity(asked.codings.len());
    let mut releases = Vec::new();
    for (index, coding) in asked.codings.iter().enumerate() {
        // A coding that is asked twice is looked up once.
        if let Some(first) = answered.get(coding) {
            let again = results[*first].clone();
            results.push(again);
            continue;
        }
        call.deadline.check(index, asked.codings.len())?;
        let learned = Learned::of(&call.snapshot, coding, date);
        releases.extend(learned.releases(&call.snapshot));
        results.push(result(call, &asked, &learned));
        if asked.codings.len() > 1 {
            answered.insert(coding, index);
        }
    }
    let releases_used = to_proto::releases(releases);
    Ok(v1::LookupCodesResponse { results, as_of: Some(to_proto::date(date)), releases_used })
}

fn result(call: &Call, asked: &LookupAsked, learned: &Learned<'_>) -> v1::LookupResult {
    let concept = learned.sighting().map(|sighting| match asked.view {
        View::Full => full_concept(call, &sighting).as_ref().clone(),
        View::Basic => {
            let basic = to_proto::concept::basic(&call.snapshot, &sighting);
            if asked.properties.is_empty() {
                return basic;
            }
            let named = to_proto::properties::named(&call.snapshot, &sighting, &asked.properties);
            let note = Some(basic.note.clone()).filter(|note| !note.is_empty());
            let note = note.into_iter().chain(named.missing).collect::<Vec<_>>().join("; ");
            v1::Concept { properties: named.properties, note, ..basic }
        }
    });
    to_proto::lookup_result(&call.snapshot, learned, concept)
}

/// What the catalog knows of a coding, in FULL view.
pub(super) fn look_up_in_full(
    call: &Call,
    coding: &AskedCoding,
    date: medcode_codes::date::Date,
) -> v1::LookupResult {
    let learned = Learned::of(&call.snapshot, coding, date);
    let concept = match &learned.fact {
        Fact::Known(sighting) => Some(full_concept(call, sighting).as_ref().clone()),
        Fact::Unknown | Fact::Unavailable(_) => None,
    };
    to_proto::lookup_result(&call.snapshot, &learned, concept)
}

/// A concept in FULL view, made once for each snapshot, release and date.
pub(super) fn full_concept(call: &Call, sighting: &Sighting<'_>) -> Arc<v1::Concept> {
    let Sighting { content, status } = sighting;
    let release = content.date().to_string();
    let date = status.date().to_string();
    let key = CacheKey::of(&[
        call.snapshot.digest.as_bytes(),
        content.system().id().as_bytes(),
        content.name().as_bytes(),
        release.as_bytes(),
        date.as_bytes(),
    ]);
    let made = call.catalog.concepts.get_or_make(key, || {
        Ok::<_, std::convert::Infallible>(to_proto::concept::full(&call.snapshot, sighting))
    });
    match made {
        Ok(concept) => concept,
        Err(never) => match never {},
    }
}
