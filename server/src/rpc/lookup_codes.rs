//! `LookupCodes`: what the catalog holds for each coding, in request order.

use std::{ops::Range, sync::Arc};

use foldhash::HashMap;
use medcode_codes::release::Release;
use medcode_proto::v1;

use super::{AHEAD, Call, Fact, LIGHT, Learned, Sighting, Work, read_ahead};
use crate::{
    catalog::cache::CacheKey,
    error::Error,
    from_proto::{self, AskedCoding, LookupAsked, SentCodes, View},
    to_proto::{
        self, UsedReleases,
        concept::Basic,
        encoded::{Encoded, room_for},
        fields::Fields,
    },
};

impl Work for SentCodes<v1::LookupCodesRequest> {
    fn is_heavy(&self) -> bool {
        self.count() > LIGHT
    }
}

/// Answers with a `LookupCodesResponse`.
#[expect(clippy::needless_pass_by_value, reason = "the form of a method")]
pub(crate) fn lookup_codes(
    call: &Call,
    request: SentCodes<v1::LookupCodesRequest>,
) -> Result<Encoded<v1::LookupCodesResponse>, Error> {
    let asked = from_proto::lookup_codes(&request, &call.config.limits)?;
    let date = asked.date.unwrap_or(call.today);
    // Those that take longer than finding them here: that is all but what is said of a known code in BASIC view.
    let mut answered: HashMap<&AskedCoding<'_>, Range<usize>> = HashMap::default();
    let mut answer = room_for(asked.codings.len());
    let mut releases = UsedReleases::default();
    for (index, coding) in asked.codings.iter().enumerate() {
        if index % AHEAD == 0 {
            read_ahead(call, asked.codings.iter().skip(index), date);
        }
        if let Some(first) = answered.get(coding) {
            answer.extend_from_within(first.clone());
            continue;
        }
        if index % LIGHT == 0 {
            call.deadline.check(index, asked.codings.len())?;
        }
        let learned = Learned::of(&call.snapshot, coding, date);
        let concept = concept(call, &asked, &learned);
        releases.extend(concept.as_ref().and_then(Found::release));
        releases.extend(learned.table_release(&call.snapshot));
        let begin = answer.len();
        Fields(&mut answer).part(1, |fields| {
            to_proto::write_lookup_result(&call.snapshot, &learned, fields, |field, fields| {
                if let Some(concept) = &concept {
                    concept.write(field, &releases, fields);
                }
            });
        });
        if !matches!(concept, Some(Found::Basic(_))) {
            answered.insert(coding, begin..answer.len());
        }
    }
    let mut fields = Fields(&mut answer);
    fields.date(2, date);
    releases.sorted().write(3, &mut fields);
    Ok(Encoded::new(answer))
}

/// A concept that was found, as far as it is wanted.
enum Found<'s> {
    Basic(Basic<'s>),
    Made(Arc<v1::Concept>, Option<&'s Release>),
}

impl<'s> Found<'s> {
    /// The release that describes it.
    fn release(&self) -> Option<&'s Release> {
        match self {
            Self::Basic(basic) => basic.release(),
            Self::Made(_, release) => *release,
        }
    }

    fn write(&self, field: u32, releases: &UsedReleases<'_>, fields: &mut Fields<'_>) {
        match self {
            Self::Basic(basic) => fields.part(field, |fields| basic.write(releases, fields)),
            Self::Made(concept, _) => fields.message(field, concept.as_ref()),
        }
    }
}

fn concept<'s>(
    call: &'s Call,
    asked: &LookupAsked<'_>,
    learned: &Learned<'s>,
) -> Option<Found<'s>> {
    let sighting = learned.sighting()?;
    let made = match asked.view {
        View::Basic if asked.properties.is_empty() => {
            return Some(Found::Basic(Basic::of(&call.snapshot, &sighting)));
        }
        View::Basic => with_properties(call, asked, &sighting).into(),
        View::Full => full_concept(call, &sighting),
    };
    Some(Found::Made(made, sighting.content.release()))
}

/// A concept in BASIC view, with the properties that are asked for.
fn with_properties(call: &Call, asked: &LookupAsked<'_>, sighting: &Sighting<'_>) -> v1::Concept {
    let basic = to_proto::concept::basic(&call.snapshot, sighting);
    let named = to_proto::properties::named(&call.snapshot, sighting, &asked.properties);
    let note = Some(basic.note.clone()).filter(|note| !note.is_empty());
    let note = note.into_iter().chain(named.missing).collect::<Vec<_>>().join("; ");
    v1::Concept { properties: named.properties, note, ..basic }
}

/// What the catalog knows of a coding, in FULL view.
pub(super) fn look_up_in_full(
    call: &Call,
    coding: &AskedCoding<'_>,
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

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::rpc::testing::{call, codings};

    #[test]
    fn writes_the_message_that_is_made_elsewhere() {
        let call = call();
        for day in ["2015-10-01", "2021-10-01", "2026-04-01", "2031-01-01", "2014-01-01"] {
            let date = medcode_codes::date::parse_iso(day).unwrap();
            let codings = codings(&call);
            let request = v1::LookupCodesRequest {
                codings: codings.clone(),
                date: Some(to_proto::date(date)),
                ..v1::LookupCodesRequest::default()
            };
            let limits = &call.config.limits;
            let sent = SentCodes::from(request.clone());
            let asked = from_proto::lookup_codes(&sent, limits).ok().unwrap();
            let answer = lookup_codes(&call, request.into()).ok().unwrap();
            let message = answer.decoded().unwrap();
            assert_eq!(answer.bytes, message.encode_to_vec());
            for (coding, result) in asked.codings.iter().zip(&message.results) {
                let learned = Learned::of(&call.snapshot, coding, date);
                let concept = learned
                    .sighting()
                    .map(|sighting| to_proto::concept::basic(&call.snapshot, &sighting));
                let made = to_proto::lookup_result(&call.snapshot, &learned, concept);
                assert_eq!(*result, made, "{} on {day}", coding.code);
            }
        }
    }
}
