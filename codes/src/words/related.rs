//! Whether two stems mean the same, loosely: forms of one word, or names of one thing.
//!
//! Loose on purpose: rules that ask are silent where words are related.

use std::sync::LazyLock;

/// Whether two stems have to do with each other: names of one thing, its organ, its signs, its treatment.
pub fn related(a: &str, b: &str) -> bool {
    same_word(a, b) || groups(a) & groups(b) != 0
}

/// The groups of names that a stem is in, one bit for each: two stems that share a bit are related.
pub fn groups(stem: &str) -> u64 {
    let first = stem.bytes().next().unwrap_or_default();
    let members = MEMBERS.get(usize::from(first)).into_iter().flatten();
    members.filter(|member| member.is(stem)).fold(0, |bits, member| bits | member.group)
}

/// Whether two stems are forms of one word, or names of one thing.
pub fn synonym(a: &str, b: &str) -> bool {
    Meaning::of(a).is_synonym(b)
}

/// A stem that is compared with many others.
#[derive(Clone, Copy, Debug)]
pub struct Meaning<'s> {
    stem: &'s str,
    /// The groups of synonyms that it is in.
    groups: u64,
}

impl<'s> Meaning<'s> {
    /// What is compared of a stem.
    pub fn of(stem: &'s str) -> Self {
        let synonyms = (1 << SYNONYMS.len()) - 1;
        Self { stem, groups: groups(stem) & synonyms }
    }

    /// Whether another stem is a form of the same word, or a name of the same thing.
    pub fn is_synonym(&self, other: &str) -> bool {
        same_word(self.stem, other) || self.groups != 0 && self.groups & groups(other) != 0
    }
}

/// Whether two stems are forms of one word: one continues the other, or both begin with the same six letters, five in
/// short words.
pub fn same_word(a: &str, b: &str) -> bool {
    if a.as_bytes().first() != b.as_bytes().first() {
        return false;
    }
    if a == b {
        return true;
    }
    let letters = |word: &str| word.bytes().all(|it| it.is_ascii_alphabetic());
    let short = a.len().min(b.len());
    if short < 4 || !letters(a) || !letters(b) {
        return false;
    }
    let shared = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    shared == short || shared >= 6 || (shared == 5 && short <= 6)
}

/// A word or its beginning that is in a group.
struct Member {
    word: &'static str,
    /// The same without a last "e", which stems have not.
    bare: &'static str,
    /// The bit of the group.
    group: u64,
}

impl Member {
    fn is(&self, stem: &str) -> bool {
        let Some(rest) = stem.strip_prefix(self.bare) else { return false };
        rest.is_empty() || self.bare.len() >= 5 || stem == self.word
    }
}

/// The members of all groups by their first byte: every word of a note is looked up.
static MEMBERS: LazyLock<[Vec<Member>; 256]> = LazyLock::new(|| {
    let mut members = [const { Vec::new() }; 256];
    for (group, number) in SYNONYMS.iter().chain(GROUPS).zip(0_u32..64) {
        for word in *group {
            let bare = word.strip_suffix('e').filter(|it| it.len() >= 4).unwrap_or(word);
            let first = word.bytes().next().unwrap_or_default();
            if let Some(same) = members.get_mut(usize::from(first)) {
                same.push(Member { word, bare, group: 1 << number });
            }
        }
    }
    members
});

/// Names of one thing. Beginnings of stems; words of fewer than five letters count whole.
const SYNONYMS: &[&[&str]] = &[
    &["alcohol", "drink", "etoh"],
    &["anxiety", "anxiou"],
    &[
        "cancer",
        "malignan",
        "carcinoma",
        "neoplas",
        "tumor",
        "metasta",
        "mets",
        "adenocarcinoma",
        "lymphoma",
        "melanoma",
        "leukemi",
        "myeloma",
    ],
    &["cholesterol", "hyperlipid", "hypercholest", "lipid", "lipoprotein", "dyslipid"],
    &["clot", "thromb", "embol"],
    &["coronary", "ischemic", "atheroscler"],
    &["hemorrhag", "bleed"],
    &["heart", "cardiac", "cardio", "myocard"],
    &["hypertens", "pressure"],
    &["kidney", "renal", "nephr"],
    &["liver", "hepat"],
    &["lung", "pulmon", "bronch"],
    &["opioid", "opiat", "heroin"],
    &["pharyn", "throat"],
    &["pregnan", "gestation"],
    &["smok", "tobacco", "nicotin", "cigarett"],
    &["spine", "spinal", "lumbar", "back", "cervical", "disc"],
    &["stroke", "infarct", "attack", "cerebr"],
];

/// What has to do with each other, in the same form.
const GROUPS: &[&[&str]] = &[
    &["alcohol", "drink", "etoh"],
    &["anxiety", "anxiou", "panic", "worry"],
    &["arthritis", "osteoarthritis", "joint", "arthropath", "arthros"],
    &["atheroscler", "coronary", "ischemic", "arterioscler"],
    &["bladder", "urin", "cystiti", "urinary"],
    &["brain", "cerebr", "stroke", "crania", "dementia", "memory"],
    &["breath", "respirat", "dyspnea", "hypoxi", "hypoxemi", "airway"],
    &[
        "cancer",
        "malignan",
        "carcinoma",
        "neoplas",
        "tumor",
        "metasta",
        "mets",
        "adenocarcinoma",
        "lymphoma",
        "melanoma",
        "leukemi",
        "myeloma",
    ],
    &[
        "cholesterol",
        "hyperlipid",
        "hypercholest",
        "lipid",
        "lipoprotein",
        "dyslipid",
        "statin",
        "ldl",
    ],
    &["clot", "thromb", "embol", "anticoag"],
    &["covid", "coronavirus", "sars"],
    &["depress", "sad", "mood"],
    &["diabet", "insulin", "a1c", "glucos", "metformin", "dm"],
    &["diarrhea", "gastroenteritis", "enteriti", "colitis", "vomit", "emesi", "nausea"],
    &["ear", "otitis", "otic", "tympanic"],
    &[
        "eye",
        "ocular",
        "ophthalm",
        "conjunctiv",
        "visual",
        "vision",
        "retin",
        "cataract",
        "glaucoma",
    ],
    &["failure", "insufficien", "injury"],
    &["flu", "influenza"],
    &["fracture", "broken", "fractur", "fx"],
    &["gastr", "stomach", "gastritis", "reflux", "heartburn", "esophag", "gastro"],
    &["headach", "migrain", "cephalgia"],
    &["heart", "cardiac", "cardio", "myocard", "atrial", "ventric", "chf"],
    &["hemorrhag", "bleed", "hematoma", "blood"],
    &["hypertens", "pressure", "bp", "lisinopril", "amlodipine", "antihypertens"],
    &["infect", "bacteri", "abscess", "cellulit", "sepsis", "septic"],
    &["kidney", "renal", "nephr", "gfr", "egfr", "creatinin", "dialysi"],
    &["laceration", "cut", "wound"],
    &["liver", "hepat", "cirrhos"],
    &["lung", "pulmon", "bronch", "pneumon", "respirat"],
    &["nerve", "neuro", "neural", "radicul", "sciatica", "neuropath"],
    &["obes", "overweight", "weight", "bmi"],
    &["opioid", "heroin", "opiat", "fentanyl", "oxycodone", "buprenorphine"],
    &["pain", "ache", "sore", "tender", "algia"],
    &["pharyn", "throat", "tonsil", "strep"],
    &["pregnan", "gestation", "trimester", "prenatal", "fetal", "labor"],
    &["prostat", "bph", "lut"],
    &["rash", "skin", "cutaneou", "dermat", "eczema"],
    &["sleep", "insomnia", "apnea", "cpap"],
    &["smok", "tobacco", "nicotin", "cigarett", "vap", "ppd"],
    &["spine", "spinal", "lumbar", "back", "cervical", "disc", "vertebr", "thoracic"],
    &["sprain", "strain", "twist"],
    &["stroke", "infarct", "attack", "hemipleg", "hemipar"],
    &["thyroid", "hypothyroid", "hyperthyroid", "levothyroxin", "tsh", "goiter"],
    &["trauma", "injury", "fall", "hit"],
    &["upper", "uri", "cold", "nasophar", "rhin", "sinus"],
    &["vitamin", "deficien"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_names_are_related() {
        for (a, b) in [
            ("diabet", "diabetic"),
            ("depression", "depressiv"),
            ("obes", "obesity"),
            ("renal", "kidney"),
            ("anemia", "anemic"),
            ("cancer", "malignant"),
        ] {
            assert!(synonym(a, b) || b == "anemic" && related(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("hypertension", "hyperlipidemia"),
            ("hypothyroidism", "hypotension"),
            ("2", "20"),
            ("acute", "acne"),
        ] {
            assert!(!related(a, b), "{a} {b}");
        }
    }
}
