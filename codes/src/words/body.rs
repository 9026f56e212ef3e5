//! Parts of the body, as people name them.

use super::tokens::Word;

/// The words that name a part of the body.
pub fn parts<'w, 't>(words: &'w [Word<'t>]) -> impl Iterator<Item = &'w Word<'t>> {
    words.iter().filter(|word| is_part(word))
}

/// Whether a word names a part of the body, or a joint, bone or organ of which there are two.
pub fn is_part(word: &Word<'_>) -> bool {
    PARTS.binary_search(&&*word.stem).is_ok()
}

/// Stems, sorted.
const PARTS: &[&str] = &[
    "abdomen",
    "adnexa",
    "adrenal",
    "ankl",
    "arm",
    "armpit",
    "axilla",
    "axillary",
    "back",
    "breast",
    "buttock",
    "calcaneus",
    "calf",
    "carotid",
    "carpal",
    "cataract",
    "cheek",
    "chest",
    "clavicl",
    "collarbon",
    "cornea",
    "ear",
    "elbow",
    "extremity",
    "eye",
    "eyebrow",
    "eyelid",
    "face",
    "facial",
    "fallopian",
    "femoral",
    "femur",
    "fibula",
    "fibular",
    "finger",
    "flank",
    "foot",
    "forearm",
    "forefoot",
    "gluteal",
    "groin",
    "hallux",
    "hamstring",
    "hand",
    "heel",
    "hemisphere",
    "hemithorax",
    "hip",
    "humeral",
    "humerus",
    "iliac",
    "inguinal",
    "jaw",
    "kidney",
    "knee",
    "leg",
    "limb",
    "lobe",
    "lung",
    "malleolus",
    "mandibl",
    "maxilla",
    "meniscus",
    "metacarpal",
    "metatarsal",
    "navicular",
    "neck",
    "nipple",
    "nostril",
    "orbit",
    "ovarian",
    "ovary",
    "palm",
    "parotid",
    "patella",
    "patellar",
    "pelvic",
    "pinky",
    "pleural",
    "popliteal",
    "quadrant",
    "radial",
    "radius",
    "renal",
    "retina",
    "retinal",
    "rib",
    "rotator",
    "sacroiliac",
    "scaphoid",
    "scapula",
    "sciatic",
    "shin",
    "shoulder",
    "sole",
    "talus",
    "tarsal",
    "temple",
    "testicl",
    "testis",
    "thigh",
    "thorax",
    "thumb",
    "tibia",
    "tibial",
    "toe",
    "tonsil",
    "trochanter",
    "trochanteric",
    "ulna",
    "ulnar",
    "ureter",
    "ventricl",
    "wrist",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    #[test]
    fn finds_parts_in_any_form() {
        let text = "Knees, left ankle and femurs; happy";
        let words = words(text, 0..text.len());
        assert_eq!(
            parts(&words).map(|word| word.text).collect::<Vec<_>>(),
            ["Knees", "ankle", "femurs"]
        );
        let unsorted = PARTS.windows(2).find(|pair| pair[0] >= pair[1]);
        assert_eq!(unsorted, None);
    }
}
