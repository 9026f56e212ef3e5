//! `ExpandConcept`: a concept with everything below it, or a whole system, in parts.

use std::mem;

use medcode_codes::{concept::Concept, date::Date, patient_group::Patient};
use medcode_proto::v1;

use super::{
    Call, Outlet, Sighting, listed::Listed, place::find_place, selection::Selection, walk::Walk,
};
use crate::{
    catalog::snapshot::Snapshot,
    error::{Error, Violations},
    from_proto::{self, ExpandAsked, View},
    to_proto,
};

/// Concepts of one message: far below the size that a message may have.
const CHUNK: usize = 500;

pub(crate) fn expand_concept(
    call: &Call,
    request: v1::ExpandConceptRequest,
    send: &mut Outlet<'_, v1::ExpandConceptResponse>,
) -> Result<(), Error> {
    let asked = from_proto::expand_concept(request)?;
    let snapshot = &*call.snapshot;
    let date = asked.date.unwrap_or(call.today);
    let listed = Listed::find(snapshot, asked.system, asked.coding.version, date)?;
    let selection = Selection {
        date,
        billable_only: asked.billable_only,
        include_inactive: asked.include_inactive,
        patient: Patient::default(),
    };
    let roots = roots(snapshot, &asked, listed)?;
    let resumed_at = resumed_at(call, &asked, &roots)?;
    let mut message = v1::ExpandConceptResponse {
        total_size: count(call, selection, &roots)?,
        release: listed.release(snapshot).map(to_proto::release),
        ..v1::ExpandConceptResponse::default()
    };
    let mut sent = false;
    for concept in Walk::new(roots, &call.deadline).skip(resumed_at) {
        let concept = concept?;
        if !selection.admits(&snapshot.terminology, &concept) {
            continue;
        }
        message.concepts.push(rendered(call, &asked, listed, &concept, date));
        if message.concepts.len() == CHUNK {
            send(mem::take(&mut message))?;
            sent = true;
        }
    }
    // An expansion without concepts has a first message as well.
    if sent && message.concepts.is_empty() { Ok(()) } else { send(message) }
}

/// What the expansion begins with: the concept, or the top of the system.
fn roots<'s>(
    snapshot: &'s Snapshot,
    asked: &ExpandAsked,
    listed: Listed,
) -> Result<Vec<Concept<'s>>, Error> {
    if asked.coding.code.is_empty() {
        return Ok(snapshot.terminology.top(listed.system, listed.day));
    }
    Ok(vec![find_place(snapshot, &asked.coding, listed.day)?.concept])
}

/// How many concepts, of any kind, stand before the one that the expansion goes on with.
fn resumed_at(call: &Call, asked: &ExpandAsked, roots: &[Concept<'_>]) -> Result<usize, Error> {
    if asked.start_after.is_empty() {
        return Ok(0);
    }
    for (index, concept) in Walk::new(roots.to_vec(), &call.deadline).enumerate() {
        if concept?.name().eq_ignore_ascii_case(&asked.start_after) {
            return Ok(index + 1);
        }
    }
    let mut violations = Violations::default();
    violations.add("start_after", "is not in the expansion, as it is written there");
    violations.finish(0)
}

/// How many concepts the whole expansion has.
fn count(call: &Call, selection: Selection, roots: &[Concept<'_>]) -> Result<u32, Error> {
    let mut total = 0;
    for concept in Walk::new(roots.to_vec(), &call.deadline) {
        total += u32::from(selection.admits(&call.snapshot.terminology, &concept?));
    }
    Ok(total)
}

fn rendered(
    call: &Call,
    asked: &ExpandAsked,
    listed: Listed,
    content: &Concept<'_>,
    date: Date,
) -> v1::Concept {
    let snapshot = &*call.snapshot;
    let sighting = Sighting { content: *content, status: listed.as_of(snapshot, content, date) };
    match asked.view {
        View::Basic => to_proto::concept::basic(snapshot, &sighting),
        // Not through the cache: an export would empty it of what people look at.
        View::Full => to_proto::concept::full(snapshot, &sighting),
    }
}
