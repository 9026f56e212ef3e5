//! The requests about the hierarchy of one system.

use medcode_codes::{date::Date, system::CodeSystem};
use medcode_proto::v1;

use super::{AskedCoding, AskedVersion, LONGEST_CODE, View};
use crate::error::{Error, Violations};

/// Which relatives of a concept are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Children,
    Descendants,
    Ancestors,
    Siblings,
}

/// What `ListConcepts` is asked.
#[derive(Debug)]
pub(crate) struct ListAsked {
    pub(crate) coding: AskedCoding<'static>,
    pub(crate) system: CodeSystem,
    pub(crate) date: Option<Date>,
    pub(crate) scope: Scope,
    pub(crate) view: View,
    pub(crate) page_size: usize,
}

/// Reads a request of `ListConcepts`. An empty code means the top of the system.
pub(crate) fn list_concepts(request: &v1::ListConceptsRequest) -> Result<ListAsked, Error> {
    let mut violations = Violations::default();
    let system = super::required_system(&mut violations, &request.system);
    super::check_text(&mut violations, || "version".to_owned(), &request.version, 0, LONGEST_CODE);
    super::check_text(&mut violations, || "code".to_owned(), &request.code, 0, LONGEST_CODE);
    let date = super::date(&mut violations, "date", request.date);
    let scope = match super::known(&mut violations, "scope", request.scope) {
        v1::ListScope::Unspecified | v1::ListScope::Children => Scope::Children,
        v1::ListScope::Descendants => Scope::Descendants,
        v1::ListScope::Ancestors => Scope::Ancestors,
        v1::ListScope::Siblings => Scope::Siblings,
    };
    let view = super::view(&mut violations, request.view);
    let page_size = super::page_size(&mut violations, request.page_size, 100, 1_000);
    violations.finish(())?;
    let system = system?;
    let coding = coding(system, &request.system, &request.version, &request.code);
    Ok(ListAsked { coding, system, date, scope, view, page_size })
}

/// What `ExpandConcept` is asked.
#[derive(Debug)]
pub(crate) struct ExpandAsked {
    /// An empty code means the whole system.
    pub(crate) coding: AskedCoding<'static>,
    pub(crate) system: CodeSystem,
    pub(crate) date: Option<Date>,
    pub(crate) view: View,
    pub(crate) billable_only: bool,
    pub(crate) include_inactive: bool,
    /// Empty means from the beginning.
    pub(crate) start_after: String,
}

/// Reads a request of `ExpandConcept`.
pub(crate) fn expand_concept(request: v1::ExpandConceptRequest) -> Result<ExpandAsked, Error> {
    let mut violations = Violations::default();
    let system = super::required_system(&mut violations, &request.system);
    for (field, text) in [
        ("version", &request.version),
        ("code", &request.code),
        ("start_after", &request.start_after),
    ] {
        super::check_text(&mut violations, || field.to_owned(), text, 0, LONGEST_CODE);
    }
    let date = super::date(&mut violations, "date", request.date);
    let view = super::view(&mut violations, request.view);
    violations.finish(())?;
    let system = system?;
    let coding = coding(system, &request.system, &request.version, &request.code);
    Ok(ExpandAsked {
        coding,
        system,
        date,
        view,
        billable_only: request.billable_only,
        include_inactive: request.include_inactive,
        start_after: request.start_after,
    })
}

/// What `Subsumes` is asked.
#[derive(Debug)]
pub(crate) struct SubsumesAsked {
    pub(crate) system: CodeSystem,
    pub(crate) date: Option<Date>,
    pub(crate) a: AskedCoding<'static>,
    pub(crate) b: AskedCoding<'static>,
}

/// Reads a request of `Subsumes`.
pub(crate) fn subsumes(request: v1::SubsumesRequest) -> Result<SubsumesAsked, Error> {
    let v1::SubsumesRequest { system: sent, version, date, code_a, code_b } = request;
    let mut violations = Violations::default();
    let system = super::required_system(&mut violations, &sent);
    super::check_text(&mut violations, || "version".to_owned(), &version, 0, LONGEST_CODE);
    let date = super::date(&mut violations, "date", date);
    super::check_text(&mut violations, || "code_a".to_owned(), &code_a, 1, LONGEST_CODE);
    super::check_text(&mut violations, || "code_b".to_owned(), &code_b, 1, LONGEST_CODE);
    violations.finish(())?;
    let system = system?;
    let a = coding(system, &sent, &version, &code_a);
    let b = coding(system, &sent, &version, &code_b);
    Ok(SubsumesAsked { system, date, a, b })
}

/// A code of a system that is known.
fn coding(system: CodeSystem, sent: &str, version: &str, code: &str) -> AskedCoding<'static> {
    AskedCoding {
        system: Ok(system),
        system_as_sent: sent.to_owned().into(),
        version: AskedVersion::read(version),
        version_as_sent: version.to_owned().into(),
        code: code.to_owned().into(),
        display: "".into(),
    }
}
