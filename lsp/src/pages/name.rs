//! Which page a code lies on.

use medcode_codes::{
    code::{Code, CodeKey},
    normalize::normalize,
    system::CodeSystem,
};

/// What the names of chapters begin with: `chapter-04`.
const CHAPTER: &str = "chapter-";

/// A page: the part of a code system that it shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PageName {
    /// The system.
    pub(crate) system: CodeSystem,
    /// What of it is shown.
    pub(crate) part: Part,
}

/// A part of a code system that has a page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Part {
    /// A chapter of ICD-10-CM with its blocks, by its name.
    Chapter(String),
    /// A category of ICD-10-CM: three characters.
    Category(CodeKey),
    /// A section of ICD-10-PCS with its tables: one character.
    Section(CodeKey),
    /// A table of ICD-10-PCS: three characters.
    Table(CodeKey),
    /// All codes of HCPCS with one letter.
    Letter(CodeKey),
    /// The codes of HCPCS with one letter and two digits.
    Supplies(CodeKey),
    /// The modifiers of HCPCS.
    Modifiers,
}

impl PageName {
    /// The page of a code, a beginning of codes or a chapter, in any spelling. `None` for what has no page: CPT, dental
    /// codes, and what is no code. Of the blocks of ICD-10-CM only the code set knows the chapter.
    pub(crate) fn of(system: CodeSystem, code: &str) -> Option<Self> {
        let part = if system == CodeSystem::Icd10Cm && code.starts_with(CHAPTER) {
            Part::Chapter(code.to_owned())
        } else if code.trim_end_matches(['-', '.']).contains('-') {
            return None;
        } else {
            Self::part(system, CodeKey::new(&normalize(system, code).code)?)?
        };
        Some(Self { system, part })
    }

    fn part(system: CodeSystem, key: CodeKey) -> Option<Part> {
        let first = key.character(0)?;
        match system {
            CodeSystem::Icd10Cm => {
                let is_code = first.is_ascii_uppercase() && key.length() >= 3;
                is_code.then(|| Part::Category(key.prefix(3)))
            }
            CodeSystem::Icd10Pcs if key.length() < 3 => Some(Part::Section(key.prefix(1))),
            CodeSystem::Icd10Pcs => Some(Part::Table(key.prefix(3))),
            // D codes are those of the ADA.
            CodeSystem::Hcpcs if !first.is_ascii_uppercase() || first == 'D' => None,
            CodeSystem::Hcpcs => match Code::from_key(system, key) {
                Some(code) if code.is_modifier() => Some(Part::Modifiers),
                Some(_) => Some(Part::Supplies(key.prefix(3))),
                None if key.length() == 1 => Some(Part::Letter(key)),
                None => None,
            },
            CodeSystem::Cpt => None,
        }
    }

    /// The name of its file, without the ending.
    pub(crate) fn stem(&self) -> String {
        match &self.part {
            Part::Chapter(name) => name.clone(),
            Part::Category(key)
            | Part::Section(key)
            | Part::Table(key)
            | Part::Letter(key)
            | Part::Supplies(key) => key.to_string(),
            Part::Modifiers => "modifiers".to_owned(),
        }
    }

    /// The columns of its code in the heading on top.
    pub(crate) fn heading_columns(&self) -> u32 {
        let length = match &self.part {
            Part::Category(key)
            | Part::Section(key)
            | Part::Table(key)
            | Part::Letter(key)
            | Part::Supplies(key) => key.length(),
            Part::Chapter(_) | Part::Modifiers => 0,
        };
        u32::try_from(length).unwrap_or_default()
    }

    /// The name of its file.
    pub(crate) fn file(&self) -> String {
        format!("{}.md", self.stem())
    }
}

/// The name of a chapter for people: `chapter-04` is chapter 4. `None` for what is no chapter.
pub(crate) fn chapter(name: &str) -> Option<String> {
    let number = name.strip_prefix(CHAPTER)?;
    Some(format!("Chapter {}", number.trim_start_matches('0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_with_a_page_has_one() {
        let stem = |system, code| PageName::of(system, code).map(|name| name.stem());
        let cases = [
            (CodeSystem::Icd10Cm, "E11.65", Some("E11")),
            (CodeSystem::Icd10Cm, "e11.-", Some("E11")),
            (CodeSystem::Icd10Cm, "S72001A", Some("S72")),
            (CodeSystem::Icd10Cm, "chapter-04", Some("chapter-04")),
            (CodeSystem::Icd10Cm, "E0", None),
            (CodeSystem::Icd10Cm, "E08-E13", None),
            (CodeSystem::Icd10Pcs, "0SR9019", Some("0SR")),
            (CodeSystem::Icd10Pcs, "0S", Some("0")),
            (CodeSystem::Hcpcs, "J0801", Some("J08")),
            (CodeSystem::Hcpcs, "J", Some("J")),
            (CodeSystem::Hcpcs, "LT", Some("modifiers")),
            (CodeSystem::Hcpcs, "D0120", None),
            (CodeSystem::Cpt, "99213", None),
            (CodeSystem::Cpt, "25", None),
        ];
        for (system, code, expected) in cases {
            assert_eq!(stem(system, code).as_deref(), expected, "{system} {code}");
        }
    }
}
