//! Words for one side, a code for another.

use crate::{
    code_context::{Named, Side, Sides},
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    words::{
        list::WordList,
        sides::{parts_of_title, sides_said},
    },
};

declare_rule! {
    /// The words beside a code name one side of the body, the code another.
    ///
    /// ## Why
    /// The neighbour in the list was taken. A claim for the wrong knee is denied, and the next one for the right knee is
    /// taken for a repetition.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 1. Left knee pain (M25.561)
    ///                    ^^^^^^^ warning[laterality-mismatch]: The text says 'left'; M25.561 (Pain in right knee) says 'right'. M25.562 (Pain in left knee) says it.
    /// ```
    ///
    /// ## Exceptions
    /// "Left" as a verb, handedness, sides that are denied or past, sides of another part of the body, and words that
    /// name the side of the code as well. Codes whose other sides stand under another header (M16 to M18).
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.B.13 and I.B.14: the side may come from the notes of other clinicians; where notes
    /// differ, ask the provider.
    "laterality-mismatch", Warning, Reported, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for mark in view.marks.iter().filter(|mark| mark.is_reported_diagnosis()) {
        let Some(sides) = sides_of(mark).filter(|sides| sides.own != Side::Unspecified) else {
            continue;
        };
        let Some(said) = only_side(view, mark).filter(|side| *side != sides.own) else { continue };
        let Some(way_out) = WayOut::of(view, mark, sides, said) else { continue };
        let message = format!(
            "The text says '{}'; {} says '{}'. {}",
            said.id(),
            mark.named(),
            sides.own.id(),
            way_out.words
        );
        let finding = report.fail_on(mark, message);
        if let Some(named) = way_out.instead {
            finding.replace(mark, named.code, named.title);
        }
    }
}

/// The sides of the code of a mark.
pub(super) fn sides_of<'n>(mark: &Mark<'n>) -> Option<&'n Sides> {
    mark.context?.sides.as_ref()
}

/// The one side that the words beside a code name of its part of the body. `None` when they name none, or several.
pub(super) fn only_side(view: &TextView<'_>, mark: &Mark<'_>) -> Option<Side> {
    let own = sides_of(mark)?.own;
    let range = view.about(mark).statement;
    let said = view.said(&range);
    let parts = parts_of_title(mark.title.unwrap_or_default());
    let found = sides_said(view.text, &said, &parts);
    let side = found.iter().find(|it| it.fits)?.side;
    let is_alone = found.iter().all(|it| it.side == side || it.side != own && !it.fits);
    // `otitis, worse on the left` may be on both sides.
    let compares = || said.iter().any(|it| COMPARING.contains(&it.word.lower));
    (is_alone && !compares()).then_some(side)
}

static COMPARING: WordList =
    WordList::new(&["contralateral", "greater", "less", "more", "opposite", "other", "worse"]);

/// What to code instead.
pub(super) struct WayOut<'n> {
    /// A sentence that names it.
    pub(super) words: String,
    /// The one code, when one says it.
    pub(super) instead: Option<Named<'n>>,
}

impl<'n> WayOut<'n> {
    /// The code of the group for the side that the text names. `None` where the encounter codes it already.
    pub(super) fn of(
        view: &TextView<'_>,
        mark: &Mark<'_>,
        sides: &'n Sides,
        said: Side,
    ) -> Option<Self> {
        let at = |side: Side| sides.others().find(|(other, _)| *other == side).map(|it| it.1);
        let coded = |named: Named<'_>| {
            view.marks_of(mark.mention.encounter)
                .any(|other| other.reported && other.written == named.code)
        };
        if let Some(named) = at(said) {
            let words = format!("{} ({}) says it.", named.code, named.title);
            return (!coded(named)).then_some(Self { words, instead: Some(named) });
        }
        // Where no code says both, each side has its own.
        let both: Vec<Named<'_>> = [Side::Right, Side::Left].into_iter().filter_map(at).collect();
        if said != Side::Bilateral || both.iter().any(|named| coded(*named)) {
            return None;
        }
        let mut codes: Vec<&str> = both.iter().map(|named| named.code).collect();
        if sides.own != Side::Unspecified {
            codes.push(&mark.written);
            codes.sort_unstable();
        }
        let words = format!("Each side has a code: {}.", codes.join(" and "));
        Some(Self { words, instead: None })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{issues_of, text_reports};

    fn reports(text: &str) -> Vec<String> {
        text_reports("laterality-mismatch", text)
    }

    #[test]
    fn reports_the_other_side() {
        for (text, code) in [
            ("left knee pain (M25.561)", "M25.561"),
            ("1. Right eye age-related nuclear cataract (H25.12)", "H25.12"),
            ("- Cataract OD (H25.12)", "H25.12"),
            ("- Pain, knee, left (M25.561)", "M25.561"),
            ("1. Closed fracture of the distal radius, left wrist (S52.501A)", "S52.501A"),
            ("1. Left hip fracture after fall (S72.001A)", "S72.001A"),
            ("Assessment: sprain of L ankle. Dx: S93.401A", "S93.401A"),
            ("1. Bilateral knee pain (M25.561)", "M25.561"),
            ("1. Bilateral nuclear cataracts (H25.11)", "H25.11"),
            ("1. Right-handed man with left knee pain (M25.561)", "M25.561"),
            ("1. Malignant neoplasm of left breast (C50.911), on letrozole", "C50.911"),
            ("1. Otitis media of the left ear (H66.91)", "H66.91"),
        ] {
            assert_eq!(reports(text), [format!("warning {code}")], "{text}");
        }
    }

    #[test]
    fn silent_where_the_sides_agree_or_nothing_is_sure() {
        for text in [
            "right-handed, left knee pain (M25.562)",
            "1. Right knee pain (M25.561), left knee normal",
            "1. Left knee pain (M25.562); right knee pain (M25.561)",
            "1. Left knee pain M25.562, right knee pain M25.561",
            "1. Bilateral knee pain (M25.561, M25.562)",
            "1. Knee pain (M25.561). Patient left against advice.",
            "1. Knee pain after twisting left ankle (M25.561)",
            "1. s/p left TKA, now knee pain (M25.561)",
            "1. No left knee pain; knee pain M25.561",
            "1. Knee pain right after stairs (M25.562)",
            "1. Nuclear cataracts, worse in left eye (H25.13)",
            "1. Bilateral knee pain, left more than right (M25.561)",
            "Left knee exam normal. Right knee swollen. Dx: M25.561",
            "Dx: M25.561, I10",
            "| ICD-10 | Description |\n|---|---|\n| M25.561 | R knee pain |",
            "1. Left ventricular failure (I50.1)",
            "1. Acute MCA stroke with left arm weakness (I63.511)",
            "Knee pain. Walks with left cane. Dx: M25.561",
            "1. Unspecified knee pain, left (M25.569)",
            "1. History of left breast cancer, now right breast cancer (C50.911)",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn speaks_for_the_description_and_the_title() {
        let issues = issues_of("DOS: 2026-04-01\n1. Left knee pain (M25.561)");
        assert_eq!(issues.len(), 1, "{issues:?}");
    }
}
