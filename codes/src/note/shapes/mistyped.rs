//! Tokens that are no code of the system asked for, and evidently meant as one.

use super::{Asked, Follows, Tolerance, is_diagnosis, is_digits};
use crate::{
    note::tokens::Folded,
    system::{CodeSystem, cpt, hcpcs, icd10cm, icd10pcs},
};

/// The system asked for, when the token is a code of another one: `CPT: E11.9`, `Dx: 99213`.
pub(super) fn in_another_system(
    word: &Folded,
    asked: Asked,
    follows: Follows,
) -> Option<CodeSystem> {
    let default = asked.systems.default.filter(|_| asked.tolerance == Tolerance::Meant)?;
    let text = word.text();
    let alone = follows != Follows::Words;
    let inpatient = word.points == 0
        && !word.lowercase
        && word.digits > 1
        && word.digits < word.length()
        && icd10pcs::has_shape(text);
    let other = if default == CodeSystem::Icd10Cm {
        // Among words five digits are a count rather than a procedure.
        inpatient || (word.points == 0 && alone && cpt::category(text).is_some())
    } else {
        let diagnosis = is_diagnosis(word) && (word.is_dotted() || (word.points == 0 && alone));
        let procedure =
            word.points == 0 && alone && (cpt::category(text).is_some() || hcpcs::has_shape(text));
        diagnosis || inpatient || (procedure && default == CodeSystem::Icd10Pcs)
    };
    // A dental code is the ADA's: recognised, and nothing to report.
    (other && !hcpcs::has_cdt_shape(text)).then_some(default)
}

/// The system asked for, when the token resembles one of its codes.
pub(super) fn in_asked_system(word: &Folded, asked: Asked, follows: Follows) -> Option<CodeSystem> {
    if asked.tolerance == Tolerance::None || hcpcs::has_cdt_shape(word.text()) {
        return None;
    }
    let meant = asked.tolerance == Tolerance::Meant;
    match asked.systems.default {
        Some(CodeSystem::Icd10Cm) => diagnosis(word, asked, follows).then_some(CodeSystem::Icd10Cm),
        Some(CodeSystem::Icd10Pcs) => inpatient(word, follows).then_some(CodeSystem::Icd10Pcs),
        Some(default) => {
            if asked.systems.has(CodeSystem::Icd10Pcs)
                && word.length() == 7
                && inpatient(word, follows)
            {
                return Some(CodeSystem::Icd10Pcs);
            }
            procedure(word, asked, follows).then_some(default)
        }
        None if is_digits(word.text()) => {
            let length = matches!(word.length(), 4 | 6) && word.points == 0;
            (length && asked.first && follows == Follows::End && !is_year(word))
                .then_some(CodeSystem::Cpt)
        }
        None => (meant && diagnosis(word, asked, follows)).then_some(CodeSystem::Icd10Cm),
    }
}

fn diagnosis(word: &Folded, asked: Asked, follows: Follows) -> bool {
    let text = word.text();
    let alone = follows != Follows::Words;
    if is_digits(text) {
        return icd9(word, asked, follows) || (alone && word.is_dotted() && confused(word));
    }
    let too_long =
        word.length() > 7 && icd10cm::has_prose_shape(&text[..7]) && (word.points > 0 || alone);
    let dotted = word.is_dotted() && (!word.lowercase || alone);
    let exchanged = dotted && exchanged(text);
    let swapped = confused(word)
        && (word.is_dotted() || alone)
        && (word.length() > 3 || follows == Follows::End);
    // The loose shape of labelled places: the code set decides.
    let loose = alone
        && !word.lowercase
        && icd10cm::has_shape(text)
        && (asked.names_system
            || (word.is_dotted() && text[3..].bytes().any(|byte| byte.is_ascii_digit())));
    too_long || exchanged || swapped || loose
}

/// `250.00`, `401.9`; `250` as the only thing behind a label.
fn icd9(word: &Folded, asked: Asked, follows: Follows) -> bool {
    if asked.systems.default != Some(CodeSystem::Icd10Cm) {
        return false;
    }
    let dotted = word.is_dotted() && word.length() <= 5 && follows != Follows::Words;
    dotted
        || (word.points == 0
            && word.length() == 3
            && asked.first
            && asked.tolerance == Tolerance::Meant
            && follows == Follows::End)
}

/// Two neighbours among the first three characters are exchanged: `1E1.9`.
fn exchanged(text: &str) -> bool {
    let mut bytes = [0_u8; 3];
    bytes.copy_from_slice(&text.as_bytes()[..3]);
    [(0, 1), (1, 2)].into_iter().any(|(first, second)| {
        let mut bytes = bytes;
        bytes.swap(first, second);
        is_category(bytes)
    })
}

fn is_category(bytes: [u8; 3]) -> bool {
    std::str::from_utf8(&bytes).is_ok_and(icd10cm::has_prose_shape)
}

/// Look-alikes stand for each other among the first three characters: `E1O.9`, `EII.65`, `036.4XX0`.
fn confused(word: &Folded) -> bool {
    let text = word.text();
    let bytes = text.as_bytes();
    if bytes.len() > 7 {
        return false;
    }
    let Some((&[first, second, third], rest)) = bytes.split_first_chunk::<3>() else {
        return false;
    };
    let letter = if first.is_ascii_digit() { letter_for(first) } else { Some(first) };
    let digits = [second, third]
        .map(|byte| if byte.is_ascii_digit() { Some(byte) } else { digit_for(byte) });
    let (Some(letter), [Some(second_digit), third_digit]) = (letter, digits) else { return false };
    // A and B are characters of a category in the third place, behind a digit.
    let letter_of_category = matches!(third, b'A' | b'B') && second.is_ascii_digit();
    let third_digit = if letter_of_category { Some(third) } else { third_digit };
    let Some(third_digit) = third_digit else { return false };
    let swaps = [(first, letter), (second, second_digit), (third, third_digit)];
    let swaps = swaps.into_iter().filter(|(typed, meant)| typed != meant).count();
    // `101.5F` is a temperature, `572.001A` a code.
    let leading_digit_fits = !first.is_ascii_digit()
        || bytes.len() == 7
        || rest.iter().all(|byte| byte.is_ascii_digit() || *byte == b'X');
    swaps > 0 && leading_digit_fits && (word.digits >= swaps || word.is_dotted())
}

fn letter_for(digit: u8) -> Option<u8> {
    Some(match digit {
        b'0' => b'O',
        b'1' => b'I',
        b'2' => b'Z',
        b'5' => b'S',
        b'6' => b'G',
        b'8' => b'B',
        _ => return None,
    })
}

fn digit_for(letter: u8) -> Option<u8> {
    Some(match letter {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        b'Z' => b'2',
        b'S' => b'5',
        b'G' => b'6',
        b'B' => b'8',
        _ => return None,
    })
}

/// `ODTJ4ZZ`, `0DTJ.4ZZ`, `0DTJ4Z`.
fn inpatient(word: &Folded, follows: Follows) -> bool {
    let letters = word.length() - word.digits;
    let length = match word.length() {
        7 => icd10pcs::has_loose_shape(word.text()),
        6 | 8 => word.digits > 1 && follows != Follows::Words,
        _ => false,
    };
    length
        && letters > 0
        && word.digits > 0
        && word.points <= 1
        && (!word.lowercase || follows != Follows::Words)
}

/// `9921`, `992134`, `9921O`, `99213A`, `J188`.
fn procedure(word: &Folded, asked: Asked, follows: Follows) -> bool {
    let text = word.text();
    let length = word.length();
    let meant = asked.tolerance == Tolerance::Meant;
    if word.points > 0 || follows == Follows::Words {
        return false;
    }
    if is_digits(text) {
        let year = is_year(word) && !(asked.first && meant);
        let short = length == 3 && !(asked.first && meant && follows == Follows::End);
        return length <= 8 && !year && !short;
    }
    let one_letter = word.digits == length - 1;
    match length {
        4 | 6 => one_letter && !text.as_bytes()[1].is_ascii_alphabetic(),
        5 => one_letter || (word.digits == 3 && meant),
        7 | 8 => cpt::category(&text[..5]).is_some() || hcpcs::has_shape(&text[..5]),
        _ => false,
    }
}

/// `1998`, `2026`.
fn is_year(word: &Folded) -> bool {
    word.length() == 4 && word.points == 0 && matches!(word.text().get(..2), Some("19" | "20"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::systems::Systems;

    fn reads(text: &str, systems: Systems, names_system: bool, follows: Follows) -> bool {
        let asked = Asked { systems, tolerance: Tolerance::Meant, names_system, first: true };
        super::super::read(&Folded::read(text).unwrap(), asked, super::super::Stand::Head(follows))
            .is_some()
    }

    #[test]
    fn a_mistyped_diagnosis_counts() {
        for text in [
            "E1O.9",
            "EII.9",
            "EII.65",
            "M54.S0",
            "036.4XX0",
            "1E1.9",
            "E11.99999",
            "250.00",
            "401.9",
            "250",
        ] {
            assert!(reads(text, Systems::DIAGNOSIS, false, Follows::End), "{text}");
        }
        for text in ["E1O.9", "EII.65", "1E1.9", "E11.99999"] {
            assert!(reads(text, Systems::DIAGNOSIS, false, Follows::Words), "{text}");
        }
        assert!(reads("I1O", Systems::ICD, true, Follows::End));
        assert!(reads("EA1.9", Systems::DIAGNOSIS, false, Follows::End));
    }

    #[test]
    fn names_of_diseases_with_digits_do_not_count() {
        for text in [
            "COVID19", "CKD3", "CKD3a", "DM2", "T2DM", "HER2", "BRCA1", "CA125", "HbA1c", "IBS1",
            "GIST1", "3rd", "22q11", "1p36", "47XXY", "2019", "99", "CO2", "SpO2", "FiO2",
            "101.5F", "12wks", "5mg", "100F", "G2P1001",
        ] {
            assert!(!reads(text, Systems::DIAGNOSIS, false, Follows::End), "{text}");
        }
        for text in ["100", "250", "101.3", "12000", "98.6", "p53", "BS1"] {
            assert!(!reads(text, Systems::DIAGNOSIS, false, Follows::Words), "{text}");
        }
    }

    #[test]
    fn a_mistyped_procedure_counts_unless_it_is_an_amount() {
        for text in ["9921", "992134", "9921O", "99213A", "J188", "J18855", "E11.9", "I10"] {
            assert!(reads(text, Systems::CPT, true, Follows::End), "{text}");
        }
        for text in ["120.00", "25", "5mg"] {
            assert!(!reads(text, Systems::CPT, true, Follows::End), "{text}");
        }
        assert!(!reads("9921", Systems::CPT, true, Follows::Words));
        assert!(!reads("D0120", Systems::CPT, true, Follows::End));
    }

    #[test]
    fn a_mistyped_inpatient_procedure_counts() {
        for text in ["ODTJ4ZZ", "02RF38O", "0DTJ.4ZZ", "0DTJ4Z", "0DTJ4ZZZ"] {
            assert!(reads(text, Systems::PCS, true, Follows::End), "{text}");
        }
        assert!(!reads("covid19", Systems::PCS, true, Follows::Words));
    }
}
