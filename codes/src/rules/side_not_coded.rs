//! Words for a side, a code for none.

use super::laterality_mismatch::{WayOut, only_side, sides_of};
use crate::{
    code_context::Side,
    rule::declare_rule,
    text_check::{TextReport, TextView},
};

declare_rule! {
    /// The words beside a code name a side of the body, the code leaves it open.
    ///
    /// ## Why
    /// The side is known, and payers ask for it. Codes for an unspecified side are denied more and more.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 1. Left knee pain (M25.569)
    ///                    ^^^^^^^ warning[side-not-coded]: The text says 'left'; M25.569 (Pain in unspecified knee) names no side. M25.562 (Pain in left knee) says it.
    /// ```
    ///
    /// ## Exceptions
    /// "Left" as a verb, handedness, sides that are denied or past, and sides of another part of the body.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.B.13 and I.B.14: the side may come from the notes of other clinicians.
    "side-not-coded", Warning, Reported, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for mark in view.marks.iter().filter(|mark| mark.is_reported_diagnosis()) {
        let Some(sides) = sides_of(mark).filter(|sides| sides.own == Side::Unspecified) else {
            continue;
        };
        let Some(said) = only_side(view, mark) else { continue };
        let Some(way_out) = WayOut::of(view, mark, sides, said) else { continue };
        let message = format!(
            "The text says '{}'; {} names no side. {}",
            said.id(),
            mark.named(),
            way_out.words
        );
        let finding = report.fail_on(mark, message);
        if let Some(named) = way_out.instead {
            finding.replace(mark, named.code, named.title);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("side-not-coded", text)
    }

    #[test]
    fn reports_a_side_that_is_not_coded() {
        for (text, code) in [
            ("left knee pain (M25.569)", "M25.569"),
            ("1. Bilateral knee pain (M25.569)", "M25.569"),
            ("- Nuclear cataract, right eye (H25.10)", "H25.10"),
            ("1. Closed fracture of left tibia shaft (S82.209A)", "S82.209A"),
        ] {
            assert_eq!(reports(text), [format!("warning {code}")], "{text}");
        }
    }

    #[test]
    fn silent_without_a_side() {
        for text in [
            "knee pain (M25.569)",
            "1. Knee pain (M25.569), right-handed",
            "1. Knee pain (M25.569), left ankle normal",
            "1. Left and right knee pain (M25.569)",
            "1. Left knee pain (M25.562)",
            "1. h/o left knee surgery; knee pain (M25.569)",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
