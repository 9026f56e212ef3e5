//! Other spellings of the same codes: points, capitals, look-alike characters, and the hyphen before a modifier.

use std::ops::Range;

use crate::{
    normalize::{fold_characters, normalize, plain_form},
    note::{Evidence, Form, Mention, Note, Place},
    system::{CodeSystem, icd10cm},
};

/// What is done with points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Points {
    /// Written where the system has one.
    #[default]
    Add,
    /// Left out where a label or a structure says that a code stands there.
    Remove,
    /// As they were written.
    Keep,
}

/// How codes are to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// What is done with points.
    pub points: Points,
    /// Letters become capitals.
    pub capitals: bool,
}

/// Another spelling of one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Respelling {
    /// The code: an index into [`Note::mentions`].
    pub mention: usize,
    /// The code anew. Right only if the code exists, which is not known here.
    pub code: Option<String>,
    /// What stands behind the code up to its last modifier, anew.
    pub modifiers: Option<(Range<usize>, String)>,
}

impl Respelling {
    /// The change of the text. `None` when nothing is left to change, because it is not known that the code exists.
    pub fn edit(&self, note: &Note, is_known: bool) -> Option<(Range<usize>, String)> {
        let place = note.mentions.get(self.mention)?.range.clone();
        match (self.code.clone().filter(|_| is_known), self.modifiers.clone()) {
            (None, modifiers) => modifiers,
            (Some(code), None) => Some((place, code)),
            (Some(code), Some((range, modifiers))) => {
                Some((place.start..range.end, format!("{code}{modifiers}")))
            }
        }
    }
}

/// The end of a code with its modifiers, where these stand right behind it.
pub fn end_of(text: &str, mention: &Mention) -> usize {
    let mut end = mention.range.end;
    for modifier in &mention.modifiers {
        if joint(text, end, modifier).is_none() {
            break;
        }
        end = modifier.end;
    }
    end
}

/// The codes that would be written differently. Formats of claims are exact and stay as they are, and so does what may be
/// no code.
pub fn respellings(text: &str, note: &Note, style: Style) -> Vec<Respelling> {
    let all = note.mentions.iter().enumerate().filter_map(|(index, mention)| {
        let is_code = mention.form == Form::Code && mention.evidence != Evidence::Bare;
        if !is_code || mention.place == Place::Claim {
            return None;
        }
        let (code, modifiers) = (code(text, mention, style), modifiers(text, mention, style));
        let changes = code.is_some() || modifiers.is_some();
        changes.then_some(Respelling { mention: index, code, modifiers })
    });
    all.collect()
}

fn is_said_to_be_code(mention: &Mention) -> bool {
    matches!(mention.evidence, Evidence::Certain | Evidence::Labelled)
}

fn code(text: &str, mention: &Mention, style: Style) -> Option<String> {
    let own = text.get(mention.range.clone())?;
    let normalized = normalize(mention.system, own);
    if normalized.category_reference || !normalized.code.is_ascii() || normalized.code.is_empty() {
        return None;
    }
    let (folded, _) = fold_characters(own);
    let cased = |character: char| {
        if style.capitals { character.to_ascii_uppercase() } else { character }
    };
    let plain = || folded.chars().filter(char::is_ascii_alphanumeric).map(cased);
    let points = match style.points {
        // In prose the point is what tells a code.
        Points::Remove if !is_said_to_be_code(mention) => Points::Keep,
        points => points,
    };
    let new: String = match points {
        Points::Add => {
            let has_point =
                mention.system == CodeSystem::Icd10Cm && plain().count() > icd10cm::POINT_AFTER;
            let point = |index| (has_point && index == icd10cm::POINT_AFTER).then_some('.');
            plain()
                .enumerate()
                .flat_map(|(index, it)| point(index).into_iter().chain([it]))
                .collect()
        }
        Points::Remove => plain().collect(),
        Points::Keep => folded.trim().chars().map(cased).collect(),
    };
    // What is written must still be this code.
    let is_same = normalize(mention.system, &new).code == normalized.code;
    (new != own && is_same).then_some(new)
}

/// Each modifier behind a hyphen.
fn modifiers(text: &str, mention: &Mention, style: Style) -> Option<(Range<usize>, String)> {
    if !is_said_to_be_code(mention) || mention.modifiers.is_empty() {
        return None;
    }
    let (start, mut end) = (mention.range.end, mention.range.end);
    let mut new = String::new();
    for modifier in &mention.modifiers {
        let sign = joint(text, end, modifier)?;
        let own = text.get(modifier.clone())?;
        new.push_str(sign);
        new.push_str(&if style.capitals { own.to_ascii_uppercase() } else { own.to_owned() });
        end = modifier.end;
    }
    (text.get(start..end)? != new).then_some((start..end, new))
}

/// The sign that belongs between a code and its modifier, where something stands between them that may be a hyphen:
/// `99213 25`, `99213:25`. `None` where they are not neighbours, or written as one word.
fn joint(text: &str, end: usize, modifier: &Range<usize>) -> Option<&'static str> {
    let gap = text.get(end..modifier.start)?;
    let is_sign = |it: char| it == ':' || it == ' ' || plain_form(it) == '-';
    let is_joint = !gap.is_empty() && gap.chars().count() <= 3 && gap.chars().all(is_sign);
    is_joint.then_some("-")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::note::scan;

    const STYLE: Style = Style { points: Points::Add, capitals: true };

    fn formatted(text: &str, style: Style) -> String {
        let note = scan(text);
        let mut new = text.to_owned();
        for respelling in respellings(text, &note, style).iter().rev() {
            if let Some((range, spelling)) = respelling.edit(&note, true) {
                new.replace_range(range, &spelling);
            }
        }
        new
    }

    #[test]
    fn writes_codes_as_they_are_published() {
        for (text, expected) in [
            ("Dx: e119, I10", "Dx: E11.9, I10"),
            ("Dx: E116.5; \u{0415}11.9", "Dx: E11.65; E11.9"),
            ("| Dx |\n|---|\n| e1165 |\n", "| Dx |\n|---|\n| E11.65 |\n"),
            ("```codes\ns06.0x0a\n```", "```codes\nS06.0X0A\n```"),
            ("---\ndx: [e119]\n---\n", "---\ndx: [E11.9]\n---\n"),
            ("PCS: 0dtj.4zz", "PCS: 0DTJ4ZZ"),
            ("CPT: 99213 25, 20610-LT", "CPT: 99213-25, 20610-LT"),
            ("CPT: 99213\u{2013}25", "CPT: 99213-25"),
        ] {
            assert_eq!(formatted(text, STYLE), expected);
        }
    }

    #[test]
    fn leaves_claims_categories_and_words_alone() {
        for text in [
            "HI*ABK:e119~\nSV1*HC:99213:25*100~\n",
            "Dx: e11.-",
            "took b12 and a1c, room e119",
            "CPT: 9921325",
            "seen for e11.9 today",
            "CPT: 99213, modifier: 25",
        ] {
            assert_eq!(formatted(text, STYLE), text);
        }
    }

    #[test]
    fn does_only_what_is_wanted() {
        let keep = Style { points: Points::Keep, capitals: false };
        assert_eq!(formatted("Dx: e119", keep), "Dx: e119");
        assert_eq!(formatted("Dx: e119", Style { points: Points::Add, ..keep }), "Dx: e11.9");
        assert_eq!(formatted("Dx: e119", Style { capitals: true, ..keep }), "Dx: E119");
        let remove = Style { points: Points::Remove, capitals: true };
        assert_eq!(formatted("Dx: E11.9, in prose", remove), "Dx: E119, in prose");
        assert_eq!(formatted("seen for E11.9 today", remove), "seen for E11.9 today");
    }

    #[test]
    fn what_may_not_exist_stays_as_it_is() {
        let note = scan("CPT: t2dm 25");
        assert!(
            respellings("CPT: t2dm 25", &note, STYLE)
                .iter()
                .all(|it| it.edit(&note, false).is_none())
        );
        let text = "CPT: 99213 25";
        let note = scan(text);
        assert_eq!(
            respellings(text, &note, STYLE)[0].edit(&note, false),
            Some((10..13, "-25".to_owned()))
        );
    }

    proptest! {
        #[test]
        fn twice_is_once(
            text in "(Dx: |CPT: |ICD-10: |\\| |\n|, | )?([a-zA-Z][0-9]{2}\\.?[0-9a-zA-Z]{0,4}|[0-9]{5}[ :-]?(25|LT)?|\\PC{0,6})([,; \n]+(e119|E11\\.9|99213 25|\u{0415}11\u{2024}9)){0,4}",
            capitals in any::<bool>(),
            points in prop::sample::select(vec![Points::Add, Points::Remove, Points::Keep]),
        ) {
            let style = Style { points, capitals };
            let once = formatted(&text, style);
            prop_assert_eq!(formatted(&once, style), once.clone(), "{:?}", text);
        }
    }
}
