//! Which system a code on the command line belongs to, when nobody says.

use jiff::civil::Date;
use medcode_codes::{
    normalize::normalize,
    system::{CodeSystem, cpt, hcpcs, icd10cm, icd10pcs},
};
use medcode_proto::v1;

use crate::{channel::Service, failure::Failure};

/// The systems that a text can belong to by its shape, the likelier first. Never empty.
pub(crate) fn by_shape(text: &str) -> Vec<CodeSystem> {
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

/// The system of each text: the one given, else the only possible one, else the first that knows the code, else the
/// last possible one, which is the narrowest shape.
pub(crate) async fn resolve(
    service: &mut Service,
    texts: &[String],
    given: Option<CodeSystem>,
    date: Date,
) -> Result<Vec<CodeSystem>, Failure> {
    if let Some(system) = given {
        return Ok(vec![system; texts.len()]);
    }
    let possible: Vec<Vec<CodeSystem>> = texts.iter().map(|text| by_shape(text)).collect();
    let doubtful: Vec<(usize, CodeSystem)> = possible
        .iter()
        .enumerate()
        .filter(|(_, systems)| systems.len() > 1)
        .flat_map(|(index, systems)| systems.iter().map(move |system| (index, *system)))
        .collect();
    let codings = doubtful.iter().map(|(index, system)| coding(*system, &texts[*index])).collect();
    let results = service.lookup(codings, date, v1::ConceptView::Basic).await?;
    let known = |index: usize, system: CodeSystem| {
        let mut asked = doubtful.iter().zip(&results);
        asked.any(|(asked, result)| {
            *asked == (index, system) && result.state() == v1::FactState::Known
        })
    };
    let choose = |(index, systems): (usize, &Vec<CodeSystem>)| {
        let first_known = systems.iter().copied().find(|system| known(index, *system));
        first_known.or_else(|| systems.last().copied()).unwrap_or(CodeSystem::Icd10Cm)
    };
    Ok(possible.iter().enumerate().map(choose).collect())
}

/// A code as a message.
pub(crate) fn coding(system: CodeSystem, text: &str) -> v1::Coding {
    v1::Coding {
        system: system.id().to_owned(),
        code: text.trim().to_owned(),
        ..v1::Coding::default()
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
}
