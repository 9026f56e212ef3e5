//! Codes by their shape: whether they fit a system, and which system they can belong to.

use medcode_codes::{
    code::CodeKey,
    system::{CodeSystem, icd10cm, icd10pcs},
};

/// The undotted code of `system`, when it has the shape of one.
pub(crate) fn key_of(system: CodeSystem, text: &str) -> Option<CodeKey> {
    CodeKey::new(text).filter(|key| system.accepts_shape(&key.text()))
}

/// Like [`key_of`], headings included: three characters in ICD-10-PCS, any code in ICD-10-CM.
pub(crate) fn heading_or_code(system: CodeSystem, text: &str) -> Option<CodeKey> {
    let is_heading = system == CodeSystem::Icd10Pcs && is_pcs_heading(text);
    if is_heading { CodeKey::new(text) } else { key_of(system, text) }
}

/// Whether the text is the heading of a table of ICD-10-PCS: section, body system and operation.
pub(crate) fn is_pcs_heading(text: &str) -> bool {
    text.len() == 3 && icd10pcs::has_shape(&format!("{text}0000"))
}

/// Whether the text can be a code or a heading of ICD-10-CM or ICD-10-PCS.
pub(crate) fn fits_icd10(text: &str) -> bool {
    fits_cm(text) || fits_pcs(text)
}

/// The one system that all codes, headings included, can belong to. `None` when that is both or neither: `H401110`
/// has the shape of either. Reads no further than it must; the first line of an official file decides.
pub(crate) fn system_of_codes<'a>(codes: impl IntoIterator<Item = &'a str>) -> Option<CodeSystem> {
    let (mut cm, mut pcs) = (true, true);
    for code in codes {
        cm = cm && fits_cm(code);
        pcs = pcs && fits_pcs(code);
        match (cm, pcs) {
            (true, true) => {}
            (true, false) => return Some(CodeSystem::Icd10Cm),
            (false, true) => return Some(CodeSystem::Icd10Pcs),
            (false, false) => return None,
        }
    }
    None
}

fn fits_cm(text: &str) -> bool {
    icd10cm::has_prose_shape(text)
}

fn fits_pcs(text: &str) -> bool {
    icd10pcs::has_shape(text) || is_pcs_heading(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_systems_by_the_first_code_that_fits_one_only() {
        let cm = Some(CodeSystem::Icd10Cm);
        let pcs = Some(CodeSystem::Icd10Pcs);
        for (codes, system) in [
            (&["A00"][..], cm),
            (&["QA00101"], cm),
            (&["H401110", "H4011"], cm),
            (&["001"], pcs),
            (&["0016070"], pcs),
            (&["B00B0ZZ", "BW00ZZZ"], pcs),
            (&["H401110"], None),
            (&["A00.0"], None),
            (&["H401110", "?"], None),
            (&[], None),
        ] {
            assert_eq!(system_of_codes(codes.iter().copied()), system, "{codes:?}");
        }
    }

    #[test]
    fn takes_headings_where_the_system_has_them() {
        let fits = |system, text| heading_or_code(system, text).is_some();
        assert!(fits(CodeSystem::Icd10Pcs, "001") && fits(CodeSystem::Icd10Pcs, "0016070"));
        assert!(!fits(CodeSystem::Icd10Pcs, "0016") && !fits(CodeSystem::Icd10Pcs, "A00"));
        assert!(fits(CodeSystem::Icd10Cm, "A00") && !fits(CodeSystem::Icd10Cm, "001"));
    }
}
