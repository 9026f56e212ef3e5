//! What a token looks like: a code, a code with a typing error, or neither.
//!
//! In prose only the strict shapes count. Behind a label or in a coding column a token may be a mistyped code, and it
//! is worth saying so; but `Dx: CKD3`, `Dx: 2 weeks of cough` and `Dx: 1p36 deletion` are no mistyped codes. The
//! deeper a token resembles something else, the more of its surroundings must speak for a code.

use super::{
    systems::Systems,
    tokens::{Folded, LONGEST},
};
use crate::system::{CodeSystem, cpt, hcpcs, icd10cm, icd10pcs};

mod mistyped;

/// What is asked for at a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// The systems the place admits.
    pub(super) systems: Systems,
    /// What counts beside well-formed codes.
    pub(super) tolerance: Tolerance,
    /// The label names a code system, as `ICD-10` does and `Dx` does not.
    pub(super) names_system: bool,
    /// The token is in the first item of its list.
    pub(super) first: bool,
}

/// What counts as a code beside the well-formed ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tolerance {
    /// Nothing, as in blocks of other languages.
    None,
    /// What resembles a code: a label without a colon stands before it.
    Resembling,
    /// What was meant as one: a colon or the like, a column, key or fence asks for codes.
    Meant,
}

/// What follows a token in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// Nothing, or the next item.
    End,
    /// A dash, colon or bracket: what follows describes the token.
    Description,
    /// Further words of the item.
    Words,
}

/// How a token stands in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// At the head of an item.
    Head(Follows),
    /// Right behind another code, separated by blanks.
    BehindCode,
    /// Behind words of its item. `set_off`: in brackets, behind a dash, or in the end.
    Within {
        /// In brackets or behind a dash or colon, with nothing else there.
        set_off: bool,
        /// The last token of its item.
        last: bool,
    },
}

/// The system a token is read in, if it counts as a code or as an attempt to write one.
pub(super) fn read(word: &Folded, asked: Asked, stand: Stand) -> Option<CodeSystem> {
    if word.digits == 0 || word.length() < 3 || word.scattered {
        return None;
    }
    let system = exact(word, asked.systems);
    if is_no_code(word.text()) {
        return system.filter(|_| asked.names_system && stand == Stand::Head(Follows::End));
    }
    match stand {
        Stand::Head(follows) => system
            .filter(|_| !is_doubtful(word, follows))
            .or_else(|| mistyped::in_another_system(word, asked, follows))
            .or_else(|| mistyped::in_asked_system(word, asked, follows)),
        Stand::BehindCode => system.filter(|_| !is_doubtful(word, Follows::Words)),
        Stand::Within { set_off, last } => system.filter(|_| {
            let strong = word.is_dotted() || set_off || word.text() == "I10";
            strong || (last && word.length() > 3 && word.points == 0)
        }),
    }
}

/// Three lower-case characters among words: `p53 mutation`, `f18 scan`.
fn is_doubtful(word: &Folded, follows: Follows) -> bool {
    follows == Follows::Words && word.lowercase && word.length() == 3 && word.text() != "I10"
}

/// The system in which the token has the shape of a code.
pub(super) fn exact(word: &Folded, systems: Systems) -> Option<CodeSystem> {
    let text = word.text();
    let procedure = if word.points > 0 {
        None
    } else if systems.has(CodeSystem::Cpt) && cpt::category(text).is_some() {
        Some(CodeSystem::Cpt)
    } else if systems.has(CodeSystem::Hcpcs) && hcpcs::has_shape(text) {
        Some(CodeSystem::Hcpcs)
    } else if systems.has(CodeSystem::Icd10Pcs) && is_inpatient_procedure(word, systems) {
        Some(CodeSystem::Icd10Pcs)
    } else {
        None
    };
    if systems.has(CodeSystem::Icd10Cm) && is_diagnosis(word) {
        // ICD-10-PCS codes mostly end in Z, 7-character diagnoses never do.
        let other = match procedure {
            Some(CodeSystem::Icd10Pcs) => text.ends_with('Z'),
            Some(_) => systems.default != Some(CodeSystem::Icd10Cm),
            None => false,
        };
        return if other { procedure } else { Some(CodeSystem::Icd10Cm) };
    }
    procedure
}

/// Whether the token is an ICD-10-CM code by the strict shape, wherever its point stands.
pub(super) fn is_diagnosis(word: &Folded) -> bool {
    word.points <= 2 && !word.scattered && icd10cm::has_prose_shape(word.text())
}

fn is_inpatient_procedure(word: &Folded, systems: Systems) -> bool {
    let declared = systems == Systems::PCS;
    let both = word.digits > 0 && word.digits < word.length();
    icd10pcs::has_shape(word.text()) && (declared || (both && !word.lowercase))
}

/// An ICD-10-CM code with its point and in capitals: what counts without a label.
pub(super) fn is_dotted_diagnosis(word: &Folded) -> bool {
    word.is_dotted()
        && !word.lowercase
        && icd10cm::has_prose_shape(word.text())
        && !is_no_code(word.text())
}

/// The system whose code an undotted token without a label may be.
pub(super) fn guess(word: &Folded) -> Option<CodeSystem> {
    if word.lowercase || word.points > 0 || word.digits == 0 {
        return None;
    }
    exact(word, Systems::ANY).filter(|_| !is_no_code(word.text()))
}

/// Splits `9921325` and `99213X2` into the code and what is appended: length of the code, and whether the rest is a
/// modifier.
pub(super) fn appended(word: &Folded) -> Option<(usize, bool)> {
    let text = word.text();
    let (code, rest) = text.split_at_checked(5)?;
    if word.points > 0 || !(cpt::category(code).is_some() || hcpcs::has_shape(code)) {
        return None;
    }
    let units = rest
        .strip_prefix('X')
        .is_some_and(|units| (1..=3).contains(&units.len()) && is_digits(units));
    let modifier = rest.len() == 2 && is_digits(rest);
    (units || modifier).then_some((5, modifier && !units))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a token, in capitals, is known to mean something else, by name or by pattern.
pub(super) fn is_no_code(text: &str) -> bool {
    is_known_name(text)
        || is_obstetric(text)
        || is_tumour_stage(text)
        || is_dosing_interval(text)
        || is_temperature(text)
}

/// Tokens that look like codes and are none. Source: rules, 6.3.
fn is_known_name(text: &str) -> bool {
    matches!(
        text,
        "A1C"
            | "B12"
            | "B737"
            | "CO2"
            | "D5W"
            | "E2F1"
            | "G6PD"
            | "H1N1"
            | "H2O2"
            | "H3N2"
            | "H5N1"
            | "N2O"
            | "O157"
            | "P32"
            | "T10"
            | "T11"
            | "T12"
            | "T1C"
            | "T1DM"
            | "T2DM"
            | "T47D"
            | "U100"
            | "Y2K"
    )
}

/// Gravida and para: `G2P1`, `G2P1001`, `G3P2A1`.
fn is_obstetric(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('G') else { return false };
    let Some((gravida, para)) = rest.split_once('P') else { return false };
    let para = para.trim_end_matches(|character: char| {
        character.is_ascii_digit() || matches!(character, 'A' | 'L')
    });
    is_digits(gravida) && para.is_empty() && text.len() > 3
}

/// `T2N0M0`, `PT2BN1M0`, `CT1`.
fn is_tumour_stage(text: &str) -> bool {
    let text = text.strip_prefix(['C', 'P']).filter(|rest| rest.starts_with('T')).unwrap_or(text);
    let Some(rest) = text.strip_prefix('T') else { return false };
    let mut parts = rest.splitn(2, 'N');
    let (tumour, nodes) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let tumour = tumour.strip_suffix(['A', 'B', 'C']).unwrap_or(tumour);
    matches!(nodes.split_once('M'), Some((node, metastasis))
        if tumour.len() == 1 && is_digits(tumour)
            && node.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'X')
            && metastasis.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'X'))
}

/// `Q4H`, `Q12H`.
fn is_dosing_interval(text: &str) -> bool {
    text.strip_prefix('Q').and_then(|rest| rest.strip_suffix('H')).is_some_and(is_digits)
}

/// `T98.6`: the chapter of T codes ends with T88.
fn is_temperature(text: &str) -> bool {
    let degrees = text.strip_prefix('T').unwrap_or_default();
    degrees.len() == 3 && is_digits(degrees) && ("950"..="999").contains(&degrees)
}

/// The longest code attempt fits the buffer it is read into.
const _: () = assert!(LONGEST > crate::code::MAX_LENGTH);

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Folded {
        Folded::read(text).unwrap()
    }

    #[test]
    fn prose_takes_dotted_codes_in_capitals_only() {
        for text in ["E11.9", "QA0.0101", "C7B.8", "S72.001A", "\u{0415}11.9"] {
            assert!(is_dotted_diagnosis(&word(text)), "{text}");
        }
        for text in ["e11.9", "E119", "E1.19", "I10", "V1.2", "AB1.2", "E11..9"] {
            assert!(!is_dotted_diagnosis(&word(text)), "{text}");
        }
    }

    #[test]
    fn guesses_the_system_of_a_bare_token() {
        for (text, system) in [
            ("I10", Some(CodeSystem::Icd10Cm)),
            ("E11", Some(CodeSystem::Icd10Cm)),
            ("S72001A", Some(CodeSystem::Icd10Cm)),
            ("J1885", Some(CodeSystem::Hcpcs)),
            ("99213", Some(CodeSystem::Cpt)),
            ("0001F", Some(CodeSystem::Cpt)),
            ("0DTJ4ZZ", Some(CodeSystem::Icd10Pcs)),
            ("B2111ZZ", Some(CodeSystem::Icd10Pcs)),
            ("1234567", None),
            ("AVERAGE", None),
            ("i10", None),
            ("T2DM", None),
        ] {
            assert_eq!(guess(&word(text)), system, "{text}");
        }
    }

    #[test]
    fn knows_what_only_looks_like_a_code() {
        for text in [
            "B12", "A1C", "T1C", "D5W", "T10", "T11", "T12", "H1N1", "G6PD", "T2DM", "G1P0",
            "G2P1001", "Q4H", "Q12H", "O157", "U100", "H2O2", "N2O", "B737", "Y2K", "P32", "E2F1",
            "T47D", "T2N0M0", "PT2BN1M0", "T986",
        ] {
            assert!(is_no_code(text), "{text}");
        }
        for text in ["I10", "E119", "G40", "T20", "Q10", "C14"] {
            assert!(!is_no_code(text), "{text}");
        }
    }

    #[test]
    fn splits_what_is_appended_to_a_procedure_code() {
        assert_eq!(appended(&word("9921325")), Some((5, true)));
        assert_eq!(appended(&word("99213x2")), Some((5, false)));
        assert_eq!(appended(&word("J1885X10")), Some((5, false)));
        assert_eq!(appended(&word("99213")), None);
        assert_eq!(appended(&word("0DTJ4ZZ")), None);
    }
}
