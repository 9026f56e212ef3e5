//! The side of a modifier and the side of the diagnoses behind it.

use crate::{
    check::Reason,
    encounter::{Item, JudgedEncounter, ServiceLine},
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::sides::Side,
    verdict::Verdict,
};

declare_rule! {
    /// The side of the modifier differs from the side of the diagnosis.
    ///
    /// ## Why
    /// A service at one side for a condition of the other is refused, and is often a slip in one of the two.
    ///
    /// ## Example
    /// ```text
    /// Diagnosis A: M25.562
    /// Service line: 20610, modifier RT, pointer A
    /// warning[modifier-side-mismatch]: 20610-RT is for the right side, M25.562 for the left. Check the side of the modifier and of the diagnosis.
    /// ```
    ///
    /// ## Exceptions
    /// Silent when one of the diagnoses that the pointers name fits, leaves the side open, or is no good code, and without
    /// pointers. Diagnoses that have no side do not count.
    ///
    /// ## Source
    /// HCPCS Level II modifiers LT, RT, E1 to E4, FA, F1 to F9, TA, T1 to T9; CPT modifier 50; ICD-10-CM guidelines FY2026,
    /// I.B.13.
    "modifier-side-mismatch", Warning, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for (line, coded) in encounter.lines() {
        let Some((modifier, side)) = side_of(line) else { continue };
        if line.diagnosis_pointers.is_empty() {
            continue;
        }
        let Some(pointed) = pointed(encounter, line, report) else { continue };
        let sided: Vec<_> = pointed.iter().filter_map(|it| Some((*it, side_named(it)?))).collect();
        let has = |wanted| sided.iter().any(|(_, named)| *named == wanted);
        let fits = has(side) || has(Side::Unspecified) || has(Side::Bilateral);
        let [(first, named), rest @ ..] = sided.as_slice() else { continue };
        if fits || side == Side::Bilateral && has(Side::Right) && has(Side::Left) {
            report.pass();
            continue;
        }
        let message = format!(
            "{}-{modifier} is for {}, {} for {}. Check the side of the modifier and of the diagnosis.",
            coded.judgement.written(),
            words(side),
            first.written(),
            words(*named),
        );
        let issue = report.fail(coded.item, &coded.judgement, message).and(first);
        for (other, _) in rest {
            issue.and(other);
        }
    }
}

/// The good diagnoses that a line points at. `None` when one of them is not known well enough to tell.
fn pointed<'e, 'a>(
    encounter: &'e JudgedEncounter<'a>,
    line: &ServiceLine,
    report: &mut Report<'_>,
) -> Option<Vec<&'e ReportedDiagnosis<'a>>> {
    let good = encounter.good_diagnoses();
    let mut found = Vec::with_capacity(line.diagnosis_pointers.len());
    for pointer in &line.diagnosis_pointers {
        let item = Item::Diagnosis(*pointer);
        if let Some(diagnosis) = good.iter().find(|it| it.item == item) {
            found.push(diagnosis);
            continue;
        }
        let coded = encounter.diagnoses().find(|coded| coded.item == item);
        if let Some(Verdict::Unavailable(reason)) = coded.map(|it| &it.judgement.verdict) {
            report.no_data(Reason::CodeUnavailable(*reason));
        }
        return None;
    }
    line.dangling_pointers.is_empty().then_some(found)
}

/// The one side that the modifiers of a line name: both for 50 and for a modifier of each side.
fn side_of(line: &ServiceLine) -> Option<(&str, Side)> {
    let named = line.modifiers.iter().filter_map(|it| Some((it.as_str(), side_of_modifier(it)?)));
    let named: Vec<_> = named.collect();
    let first = *named.first()?;
    let is_one = named.iter().all(|(_, side)| *side == first.1);
    Some(if is_one { first } else { (first.0, Side::Bilateral) })
}

fn side_of_modifier(modifier: &str) -> Option<Side> {
    match modifier {
        "50" => Some(Side::Bilateral),
        // Lids, fingers and toes: upper and lower left lid, left thumb to little finger, left great to fifth toe.
        "LT" | "E1" | "E2" | "FA" | "F1" | "F2" | "F3" | "F4" | "TA" | "T1" | "T2" | "T3"
        | "T4" => Some(Side::Left),
        "RT" | "E3" | "E4" | "F5" | "F6" | "F7" | "F8" | "F9" | "T5" | "T6" | "T7" | "T8"
        | "T9" => Some(Side::Right),
        _ => None,
    }
}

/// The side of a diagnosis. One whose title names a side and has no counterparts may be of any.
fn side_named(diagnosis: &ReportedDiagnosis<'_>) -> Option<Side> {
    diagnosis.side().or_else(|| {
        let side = Side::of_title(diagnosis.node_title()?)?;
        (side != Side::Unspecified).then_some(Side::Unspecified)
    })
}

fn words(side: Side) -> &'static str {
    match side {
        Side::Right => "the right side",
        Side::Left => "the left",
        Side::Bilateral => "both sides",
        Side::Unspecified => "an unspecified side",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encounter::Encounter,
        system::CodeSystem,
        testing::{encounter_of, outcome_of, reports_of},
    };

    const RULE: &str = "modifier-side-mismatch";

    fn line(modifiers: &str, codes: &str) -> Encounter {
        let encounter = encounter_of(codes);
        let line = ServiceLine {
            modifiers: modifiers.split(' ').map(str::to_owned).collect(),
            diagnosis_pointers: (0..encounter.diagnoses.len()).collect(),
            ..ServiceLine::new(CodeSystem::Cpt, "20610")
        };
        Encounter { lines: vec![line], ..encounter }
    }

    #[test]
    fn reports_the_other_side() {
        assert_eq!(reports_of(RULE, &line("RT", "M25.562")), ["warning 20610 M25.562"]);
        for (modifiers, codes) in [
            ("LT", "M25.561"),
            ("59 RT", "I10, M25.562"),
            ("F5", "S72.002A"),
            ("50", "M25.561"),
            ("LT RT", "M25.561"),
        ] {
            assert_eq!(reports_of(RULE, &line(modifiers, codes)).len(), 1, "{modifiers} {codes}");
        }
    }

    #[test]
    fn accepts_what_fits_or_may_fit() {
        for (modifiers, codes) in [
            ("LT", "M25.562"),
            ("RT", "M25.562, M25.561"),
            ("RT", "M25.569"),
            ("RT", "H25.13"),
            ("RT", "M17.0"),
            ("50", "M25.562, M25.561"),
            ("RT", "I10"),
            ("RT", "M25.562, M25.56"),
            ("25", "M25.562"),
        ] {
            assert!(reports_of(RULE, &line(modifiers, codes)).is_empty(), "{modifiers} {codes}");
        }
    }

    #[test]
    fn a_line_without_pointers_is_not_asked() {
        let mut encounter = line("RT", "M25.562");
        encounter.lines[0].diagnosis_pointers.clear();
        assert_eq!(outcome_of(RULE, &encounter), None);
        let mut encounter = line("RT", "M25.562");
        encounter.lines[0].dangling_pointers.push("E".to_owned());
        assert_eq!(outcome_of(RULE, &encounter), None);
        encounter.lines[0].diagnosis_pointers.push(usize::MAX);
        assert_eq!(outcome_of(RULE, &encounter), None);
    }
}
