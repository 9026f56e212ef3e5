//! Which system a code belongs to when nobody says: by its shape, and where that leaves a doubt, by what is known.

use crate::{
    normalize::normalize,
    system::{CodeSystem, cpt, hcpcs, icd10cm, icd10pcs},
};

/// The systems that a text can belong to by its shape, the likelier first. Never empty.
pub fn by_shape(text: &str) -> Vec<CodeSystem> {
    let plain = normalize(CodeSystem::Icd10Pcs, text);
    let code = plain.code.as_str();
    if text.contains('.') {
        return vec![CodeSystem::Icd10Cm];
    }
    if cpt::category(code).is_some() {
        return vec![CodeSystem::Cpt];
    }
    let mut systems = Vec::new();
    if icd10cm::has_prose_shape(code) {
        systems.push(CodeSystem::Icd10Cm);
    }
    if icd10pcs::has_shape(code) {
        systems.push(CodeSystem::Icd10Pcs);
    }
    if hcpcs::has_shape(code) || hcpcs::has_cdt_shape(code) {
        systems.push(CodeSystem::Hcpcs);
    }
    if systems.is_empty() {
        // Seven characters that begin with a digit can only be a mistyped procedure.
        let procedure = code.len() == 7 && code.starts_with(|first: char| first.is_ascii_digit());
        systems.push(if procedure { CodeSystem::Icd10Pcs } else { CodeSystem::Icd10Cm });
    }
    systems
}

/// A guess for each of several texts, which may leave questions.
#[derive(Clone, Debug)]
pub struct Guess {
    possible: Vec<Vec<CodeSystem>>,
}

impl Guess {
    /// Guesses by shape.
    pub fn of(texts: &[String]) -> Self {
        Self { possible: texts.iter().map(|text| by_shape(text)).collect() }
    }

    /// What has to be asked: the index of a text of several possible systems, and each of these.
    pub fn doubtful(&self) -> Vec<(usize, CodeSystem)> {
        let doubtful = self.possible.iter().enumerate().filter(|(_, systems)| systems.len() > 1);
        doubtful
            .flat_map(|(index, systems)| systems.iter().map(move |system| (index, *system)))
            .collect()
    }

    /// The system of each text: the only possible one, else the first that `is_known` knows it in, else the last possible
    /// one, which is the narrowest shape.
    pub fn decide(&self, is_known: impl Fn(usize, CodeSystem) -> bool) -> Vec<CodeSystem> {
        let choose = |(index, systems): (usize, &Vec<CodeSystem>)| {
            let several = systems.len() > 1;
            let known = systems.iter().copied().find(|system| several && is_known(index, *system));
            known.or_else(|| systems.last().copied()).unwrap_or(CodeSystem::Icd10Cm)
        };
        self.possible.iter().enumerate().map(choose).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_name_the_possible_systems() {
        assert_eq!(by_shape("E11.9"), [CodeSystem::Icd10Cm]);
        assert_eq!(by_shape("00000"), [CodeSystem::Cpt]);
        assert_eq!(by_shape("0DTJ4ZZ"), [CodeSystem::Icd10Pcs]);
        assert_eq!(by_shape("A0100"), [CodeSystem::Icd10Cm, CodeSystem::Hcpcs]);
        assert_eq!(by_shape("nonsense"), [CodeSystem::Icd10Cm]);
        assert_eq!(by_shape("0DTJ4ZO"), [CodeSystem::Icd10Pcs]);
    }

    #[test]
    fn a_doubt_is_settled_by_what_is_known() {
        let guess = Guess::of(&["E11.9".to_owned(), "A0100".to_owned()]);
        assert_eq!(guess.doubtful(), [(1, CodeSystem::Icd10Cm), (1, CodeSystem::Hcpcs)]);
        let known = |_, system| system == CodeSystem::Icd10Cm;
        assert_eq!(guess.decide(known), [CodeSystem::Icd10Cm, CodeSystem::Icd10Cm]);
        assert_eq!(guess.decide(|_, _| false), [CodeSystem::Icd10Cm, CodeSystem::Hcpcs]);
    }
}
