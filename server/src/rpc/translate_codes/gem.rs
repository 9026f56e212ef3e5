//! Counterparts in the general equivalence mappings between ICD-9-CM and ICD-10.
//!
//! Source: the GEM files of CMS and CDC, last published for 2018. Codes stand there without their point.

use medcode_codes::{
    code::{self, Code, CodeKey},
    date::{Date, fiscal_year},
    gem::{GemDirection, GemEntry},
    icd9::{self, Icd9Part},
    release::Release,
    system::CodeSystem,
};
use medcode_proto::v1::{FactState, UnavailableReason};

use super::Translated;
use crate::{
    catalog::snapshot::Snapshot,
    from_proto::{AskedCoding, GemSystem},
    rpc::Learned,
    to_proto::{
        self,
        translation::{gem_match, translation, why_not_known},
    },
};

/// The rows of the mappings for a code, and the release that they stand in. No rows: the mappings lack the code. The one
/// place that asks the catalog for them.
///
/// # Errors
/// The mappings are not loaded.
fn rows(
    snapshot: &Snapshot,
    direction: GemDirection,
    from: CodeKey,
) -> Result<(&Release, &[GemEntry]), UnavailableReason> {
    let newest = snapshot.terminology.supplements().newest_gem(direction);
    let map = newest.ok_or(UnavailableReason::CodeSystemNotLoaded)?;
    Ok((&map.release, map.rows.of(from)))
}

/// The counterparts of a coding in another system; `None` means that of its own.
pub(super) fn gem_matches<'s>(
    snapshot: &'s Snapshot,
    asked: &AskedCoding<'_>,
    target: Option<GemSystem>,
    date: Date,
) -> Translated<'s> {
    let learned = Learned::of(snapshot, asked, date);
    let without_match = |state, message| Translated {
        translation: translation(state, Vec::new(), || message),
        releases: Vec::new(),
    };
    let own = GemSystem::from_identifier(&asked.system_as_sent);
    let learned_state = to_proto::fact_state(&learned.fact);
    let Some(own) = own else {
        let message = learned.system.map_or_else(
            || why_not_known(asked, &learned),
            |system| format!("There are no equivalence mappings from {system}."),
        );
        return without_match(learned_state, message);
    };
    let unknown = (FactState::Unknown, UnavailableReason::Unspecified);
    let (direction, from) = match question(own, &asked.code, target) {
        Ok(question) => question,
        Err(NoWay::Malformed) if own == GemSystem::Icd9Cm => {
            return without_match(unknown, "This cannot be a code of ICD-9-CM.".into());
        }
        Err(NoWay::Malformed) => {
            return without_match(learned_state, why_not_known(asked, &learned));
        }
        Err(NoWay::OtherTarget) => {
            let state = if own == GemSystem::Icd9Cm { unknown } else { learned_state };
            return without_match(state, "The equivalence mappings do not lead there.".into());
        }
    };
    match rows(snapshot, direction, from) {
        Err(reason) => without_match(
            (FactState::Unavailable, reason),
            "The equivalence mappings are not loaded.".into(),
        ),
        Ok((release, [])) => Translated {
            releases: vec![release],
            ..without_match(
                if own == GemSystem::Icd9Cm { unknown } else { learned_state },
                // A code of ICD-9-CM, or one of ICD-10 that came later.
                format!(
                    "{} has no mapping: the mappings end with {}.",
                    shown(direction, from),
                    fiscal_year(release.version)
                ),
            )
        },
        Ok((release, entries)) => {
            let matches = entries
                .iter()
                .map(|entry| gem_match(snapshot, direction, entry, release, date))
                .collect();
            let known = (FactState::Known, UnavailableReason::Unspecified);
            let none = || "The equivalence mappings say that nothing corresponds.".into();
            Translated { translation: translation(known, matches, none), releases: vec![release] }
        }
    }
}

/// The code that was asked for, as its system writes it.
fn shown(direction: GemDirection, from: CodeKey) -> String {
    match direction {
        GemDirection::CmToIcd9 => code::written(CodeSystem::Icd10Cm, &from.text()),
        GemDirection::PcsToIcd9 => from.to_string(),
        GemDirection::Icd9ToCm => icd9::written(Icd9Part::Diagnoses, from),
        GemDirection::Icd9ToPcs => icd9::written(Icd9Part::Procedures, from),
    }
}

/// Why a code cannot be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoWay {
    /// It does not have the shape of its system.
    Malformed,
    /// There are no mappings between the two systems.
    OtherTarget,
}

/// Which mappings to ask, and for what.
fn question(
    own: GemSystem,
    code: &str,
    target: Option<GemSystem>,
) -> Result<(GemDirection, CodeKey), NoWay> {
    let icd10 = |system, direction| {
        if target.is_some_and(|target| target != GemSystem::Icd9Cm) {
            return Err(NoWay::OtherTarget);
        }
        let code = Code::parse(system, code).map_err(|_| NoWay::Malformed)?;
        Ok((direction, code.key()))
    };
    match own {
        GemSystem::Icd10Cm => icd10(CodeSystem::Icd10Cm, GemDirection::CmToIcd9),
        GemSystem::Icd10Pcs => icd10(CodeSystem::Icd10Pcs, GemDirection::PcsToIcd9),
        GemSystem::Icd9Cm => of_icd9(code, target),
    }
}

/// Tells a diagnosis of ICD-9-CM (`250.00`, `V58.67`, `E812.0`) from a procedure (`38.93`): by the point, and without
/// one by the target.
fn of_icd9(code: &str, target: Option<GemSystem>) -> Result<(GemDirection, CodeKey), NoWay> {
    let text = code.trim().to_ascii_uppercase();
    let point = text.find('.');
    let digits = text.replacen('.', "", 1);
    let key = CodeKey::new(&digits).ok_or(NoWay::Malformed)?;
    let is_procedure = match point {
        Some(after) => after == 2,
        None => target == Some(GemSystem::Icd10Pcs),
    };
    let (direction, other, fits) = if is_procedure {
        let fits = is_shape(&digits, point, "", 2, 3..=4);
        (GemDirection::Icd9ToPcs, GemSystem::Icd10Pcs, fits)
    } else {
        let fits = match digits.get(..1) {
            Some("V") => is_shape(&digits, point, "V", 3, 3..=5),
            Some("E") => is_shape(&digits, point, "E", 4, 4..=5),
            _ => is_shape(&digits, point, "", 3, 3..=5),
        };
        (GemDirection::Icd9ToCm, GemSystem::Icd10Cm, fits)
    };
    if !fits {
        return Err(NoWay::Malformed);
    }
    if target.is_some_and(|target| target != other) {
        return Err(NoWay::OtherTarget);
    }
    Ok((direction, key))
}

/// Whether a code has this letter, else digits, as many characters, and its point, if any, behind this one.
fn is_shape(
    text: &str,
    point: Option<usize>,
    letter: &str,
    point_after: usize,
    length: std::ops::RangeInclusive<usize>,
) -> bool {
    let digits = text.strip_prefix(letter).unwrap_or_default();
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && length.contains(&text.len())
        && point.is_none_or(|point| point == point_after && point < text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_diagnoses_from_procedures() {
        use GemDirection::{Icd9ToCm, Icd9ToPcs};

        let pcs = Some(GemSystem::Icd10Pcs);
        for (code, target, direction, key) in [
            ("250.00", None, Icd9ToCm, "25000"),
            ("25000", None, Icd9ToCm, "25000"),
            ("042", Some(GemSystem::Icd10Cm), Icd9ToCm, "042"),
            ("v58.67", None, Icd9ToCm, "V5867"),
            ("E812.0", None, Icd9ToCm, "E8120"),
            (" 38.93 ", None, Icd9ToPcs, "3893"),
            ("38.9", pcs, Icd9ToPcs, "389"),
            ("3893", pcs, Icd9ToPcs, "3893"),
            ("3893", None, Icd9ToCm, "3893"),
        ] {
            let key = CodeKey::new(key).unwrap();
            assert_eq!(question(GemSystem::Icd9Cm, code, target), Ok((direction, key)), "{code}");
        }
    }

    #[test]
    fn tells_what_is_no_code_and_no_way() {
        use GemSystem::{Icd9Cm, Icd10Cm, Icd10Pcs};

        for code in ["", ".", "2", "25.000", "250.", "2500.0", "E81.20", "V5.8", "25O.00", "\u{e9}"]
        {
            assert_eq!(question(GemSystem::Icd9Cm, code, None), Err(NoWay::Malformed), "{code}");
        }
        let to = |own, code, target| question(own, code, Some(target));
        assert_eq!(to(Icd9Cm, "250.00", Icd10Pcs), Err(NoWay::OtherTarget));
        assert_eq!(to(Icd9Cm, "38.93", Icd10Cm), Err(NoWay::OtherTarget));
        assert_eq!(to(Icd9Cm, "250.00", Icd9Cm), Err(NoWay::OtherTarget));
        assert_eq!(to(Icd10Cm, "E11.9", Icd10Pcs), Err(NoWay::OtherTarget));
        let key = CodeKey::new("E119").unwrap();
        assert_eq!(to(Icd10Cm, "e11.9", Icd9Cm), Ok((GemDirection::CmToIcd9, key)));
        assert_eq!(question(Icd10Pcs, "E11", None), Err(NoWay::Malformed));
    }
}
