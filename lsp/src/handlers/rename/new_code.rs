//! The code that takes the place of another, and whether it may.

use medcode_codes::{
    code::Code, date::Date, fact::UnavailableReason, normalize::normalize, system::CodeSystem,
};

use crate::concept::Looked;

/// A well-formed code of the system of the one that it replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NewCode {
    pub(super) code: Code,
}

impl NewCode {
    /// Reads what the user typed. The error is a sentence.
    pub(super) fn read(system: CodeSystem, typed: &str) -> Result<Self, String> {
        if normalize(system, typed).category_reference {
            return Err("The new name must be one code, not a category.".to_owned());
        }
        match Code::parse(system, typed) {
            Ok(code) if !code.is_modifier() => Ok(Self { code }),
            _ => Err(format!(
                "The new name must be a code of {system}: {}.",
                system.shape_in_words()
            )),
        }
    }
}

/// Why a code may not stand in a note of this date; `None` when it may. A header may stand in prose only.
///
/// What is not installed cannot be judged, and its codes may be renamed; a service that does not answer may do so soon.
pub(super) fn refused_on(
    code: Code,
    looked: &Looked,
    date: Date,
    is_prose: bool,
) -> Option<String> {
    let system = code.system();
    let concept = match looked {
        Looked::Known(concept) => concept,
        Looked::Unknown { suggestions } => {
            let meant = suggestions.first();
            let meant = meant.map(|meant| format!(" Did you mean {}?", meant.code));
            return Some(format!("{system} has no code {code}.{}", meant.unwrap_or_default()));
        }
        Looked::Unavailable(UnavailableReason::ServiceUnreachable) => {
            return Some("The code service could not be asked; try again.".to_owned());
        }
        Looked::Unavailable(_) => return None,
    };
    if let Some(end) = concept.to.filter(|end| concept.ended && *end < date) {
        let successor = concept.replaced_by.first();
        let successor =
            successor.map(|successor| format!(" It was replaced by {}.", successor.code));
        return Some(format!(
            "{code} ended on {end}, and the note is of {date}.{}",
            successor.unwrap_or_default()
        ));
    }
    if concept.ended {
        return Some(format!("{code} ended before {date}, the date of the note."));
    }
    if let Some(start) = concept.from.filter(|start| *start > date) {
        return Some(format!("{code} is valid from {start}, and the note is of {date}."));
    }
    // Of some codes it is not known whether they may be billed: they have nothing below them.
    let lacks = !concept.billable
        && (concept.header || concept.child_count > 0 || !concept.seventh_characters.is_empty());
    (lacks && !(is_prose && concept.header)).then(|| {
        format!("{code} is not specific enough to be reported: choose one of the codes below it.")
    })
}

#[cfg(test)]
mod tests {
    use medcode_codes::date::parse_iso;

    use super::*;
    use crate::concept::{Concept, Titled};

    fn titled(code: &str) -> Titled {
        Titled { code: code.to_owned(), title: String::new() }
    }

    fn concept(billable: bool, from: &str, to: Option<&str>) -> Looked {
        Looked::Known(Box::new(Concept {
            billable,
            header: !billable,
            ended: to.is_some(),
            from: parse_iso(from).ok(),
            to: to.and_then(|to| parse_iso(to).ok()),
            replaced_by: vec![titled("M54.50")],
            ..Concept::billable(CodeSystem::Icd10Cm, "M54.5", "")
        }))
    }

    #[test]
    fn a_code_of_which_nobody_knows_whether_it_is_billable_is_taken() {
        let unknown =
            Concept { billable: false, ..Concept::billable(CodeSystem::Hcpcs, "J1812", "Insulin") };
        let code = Code::parse(CodeSystem::Hcpcs, "J1812").unwrap();
        let looked = Looked::Known(Box::new(unknown));
        assert_eq!(refused_on(code, &looked, parse_iso("2026-03-02").unwrap(), false), None);
    }

    fn refusal(looked: &Looked, is_prose: bool) -> Option<String> {
        let code = Code::parse(CodeSystem::Icd10Cm, "M545").unwrap();
        refused_on(code, looked, parse_iso("2026-03-02").unwrap(), is_prose)
    }

    #[test]
    fn reads_one_code_of_the_system() {
        let read =
            |typed| NewCode::read(CodeSystem::Icd10Cm, typed).map(|new| new.code.to_string());
        assert_eq!(read(" e1165 ").as_deref(), Ok("E11.65"));
        assert!(read("99213").unwrap_err().contains("ICD-10-CM"));
        assert!(read("E11.-").unwrap_err().contains("category"));
        assert!(NewCode::read(CodeSystem::Cpt, "25").is_err(), "a modifier is no code");
    }

    #[test]
    fn says_why_a_code_may_not_stand_there() {
        assert_eq!(refusal(&concept(true, "2015-10-01", None), false), None);
        assert_eq!(
            refusal(&concept(true, "2015-10-01", Some("2021-09-30")), false).as_deref(),
            Some(
                "M54.5 ended on 2021-09-30, and the note is of 2026-03-02. It was replaced by M54.50."
            )
        );
        assert!(refusal(&concept(true, "2026-10-01", None), false).unwrap().contains("valid from"));
        assert!(refusal(&concept(false, "2015-10-01", None), false).is_some());
        assert_eq!(refusal(&concept(false, "2015-10-01", None), true), None);
        let unknown = Looked::Unknown { suggestions: vec![titled("M54.50")] };
        assert_eq!(
            refusal(&unknown, false).as_deref(),
            Some("ICD-10-CM has no code M54.5. Did you mean M54.50?")
        );
    }

    #[test]
    fn does_not_take_what_cannot_be_asked_for_wrong() {
        let unavailable = |reason| refusal(&Looked::Unavailable(reason), false);
        assert_eq!(unavailable(UnavailableReason::CodeSystemNotLoaded), None);
        assert!(unavailable(UnavailableReason::ServiceUnreachable).unwrap().contains("try again"));
    }
}
