//! Short forms and what they stand for.
//!
//! Only those with one meaning, or one that outweighs the others where diagnoses are written. Expansions are words of
//! ICD-10-CM titles, in lower case.

use std::sync::LazyLock;

use super::list::Shapes;

/// What a short form stands for, words parted by blanks. Short forms that are words as well count in capitals only.
pub fn expand(written: &str) -> Option<&'static str> {
    if !SHAPES.may_be(written) || written.len() > 8 || !written.is_ascii() {
        return None;
    }
    // Every word of a note is looked up: on the stack, and among those of its first letter.
    let mut lower = [0_u8; 8];
    let lower = lower.get_mut(..written.len())?;
    lower.copy_from_slice(written.as_bytes());
    lower.make_ascii_lowercase();
    let lower = std::str::from_utf8(lower).ok()?;
    let (start, end) = *STARTS.get(usize::from(*lower.as_bytes().first()?))?;
    let index = start + TABLE.get(start..end)?.iter().position(|(short, _)| *short == lower)?;
    let in_capitals = !written.bytes().any(|it| it.is_ascii_lowercase());
    (in_capitals || !ALSO_WORDS.contains(&lower)).then(|| TABLE[index].1)
}

/// The shapes of the short forms in either case: what most words of a note do not have.
static SHAPES: Shapes = {
    let mut shapes = Shapes::NONE;
    let mut index = 0;
    while index < TABLE.len() {
        shapes = shapes.with_either_case(TABLE[index].0);
        index += 1;
    }
    shapes
};

/// Where the short forms of each first byte begin and end in the table.
static STARTS: LazyLock<[(usize, usize); 256]> = LazyLock::new(|| {
    std::array::from_fn(|first| {
        let first_of = |(short, _): &(&str, &str)| short.bytes().next().map_or(0, usize::from);
        let start = TABLE.partition_point(|entry| first_of(entry) < first);
        (start, TABLE.partition_point(|entry| first_of(entry) <= first))
    })
});

/// Short forms that are also words, or too short to be safe in lower case.
const ALSO_WORDS: &[&str] = &[
    "aaa", "af", "as", "ai", "ar", "ca", "cap", "cf", "dm", "ed", "la", "mi", "mr", "ms", "oa",
    "op", "pad", "pe", "pid", "pna", "ra", "sah", "tia", "uc",
];

/// Sorted by the short form.
const TABLE: &[(&str, &str)] = &[
    ("aaa", "abdominal aortic aneurysm"),
    ("abd", "abdominal"),
    ("acs", "acute coronary syndrome"),
    ("adhd", "attention deficit hyperactivity disorder"),
    ("af", "atrial fibrillation"),
    ("afib", "atrial fibrillation"),
    ("aki", "acute kidney failure"),
    ("als", "amyotrophic lateral sclerosis"),
    ("ams", "altered mental status"),
    ("ards", "acute respiratory distress syndrome"),
    ("arf", "acute kidney failure"),
    ("ascvd", "atherosclerotic heart disease"),
    ("avn", "avascular necrosis"),
    ("bph", "benign prostatic hyperplasia"),
    ("bppv", "benign paroxysmal vertigo"),
    ("bv", "bacterial vaginosis"),
    ("ca", "cancer"),
    ("cabg", "coronary artery bypass graft"),
    ("cad", "coronary artery disease"),
    ("cap", "pneumonia"),
    ("cf", "cystic fibrosis"),
    ("chf", "congestive heart failure"),
    ("ckd", "chronic kidney disease"),
    ("cll", "chronic lymphocytic leukemia"),
    ("cml", "chronic myeloid leukemia"),
    ("cns", "central nervous system"),
    ("copd", "chronic obstructive pulmonary disease"),
    ("cp", "chest pain"),
    ("cts", "carpal tunnel syndrome"),
    ("cva", "cerebral infarction"),
    ("cvd", "cardiovascular disease"),
    ("ddd", "disc degeneration"),
    ("djd", "osteoarthritis"),
    ("dka", "diabetes ketoacidosis"),
    ("dm", "diabetes"),
    ("dm1", "1 diabetes"),
    ("dm2", "2 diabetes"),
    ("dmi", "1 diabetes"),
    ("dmii", "2 diabetes"),
    ("dvt", "deep vein thrombosis"),
    ("ed", "erectile dysfunction"),
    ("esrd", "end stage renal disease"),
    ("etoh", "alcohol"),
    ("fx", "fracture"),
    ("gad", "generalized anxiety disorder"),
    ("gerd", "gastro esophageal reflux disease"),
    ("gib", "gastrointestinal hemorrhage"),
    ("gord", "gastro esophageal reflux disease"),
    ("hcc", "hepatocellular carcinoma"),
    ("hcv", "hepatitis c"),
    ("hfpef", "diastolic heart failure"),
    ("hfref", "systolic heart failure"),
    ("hiv", "human immunodeficiency virus hiv"),
    ("hld", "hyperlipidemia"),
    ("hpv", "human papillomavirus"),
    ("hsv", "herpes simplex"),
    ("htn", "hypertension"),
    ("ibd", "inflammatory bowel disease"),
    ("ibs", "irritable bowel syndrome"),
    ("icd", "implantable defibrillator"),
    ("iddm", "1 diabetes"),
    ("ild", "interstitial pulmonary disease"),
    ("itp", "immune thrombocytopenic purpura"),
    ("lbp", "low back pain"),
    ("lle", "left leg"),
    ("lue", "left arm"),
    ("lvh", "left ventricular hypertrophy"),
    ("mdd", "major depressive disorder"),
    ("mgus", "monoclonal gammopathy"),
    ("mi", "myocardial infarction"),
    ("mrsa", "methicillin resistant staphylococcus aureus"),
    ("ms", "multiple sclerosis"),
    ("mssa", "methicillin susceptible staphylococcus aureus"),
    ("nafld", "fatty liver"),
    ("nash", "nonalcoholic steatohepatitis"),
    ("niddm", "2 diabetes"),
    ("nsclc", "lung cancer"),
    ("nstemi", "non st elevation nstemi myocardial infarction"),
    ("oa", "osteoarthritis"),
    ("ocd", "obsessive compulsive disorder"),
    ("osa", "obstructive sleep apnea"),
    ("oud", "opioid use disorder"),
    ("pad", "peripheral vascular disease"),
    ("pcos", "polycystic ovarian syndrome"),
    ("pe", "pulmonary embolism"),
    ("pid", "pelvic inflammatory disease"),
    ("pna", "pneumonia"),
    ("psvt", "supraventricular tachycardia"),
    ("ptsd", "post traumatic stress disorder"),
    ("pud", "peptic ulcer disease"),
    ("pvd", "peripheral vascular disease"),
    ("ra", "rheumatoid arthritis"),
    ("rle", "right leg"),
    ("rls", "restless legs syndrome"),
    ("rue", "right arm"),
    ("sah", "subarachnoid hemorrhage"),
    ("sbo", "intestinal obstruction"),
    ("sle", "systemic lupus erythematosus"),
    ("sob", "shortness of breath"),
    ("stemi", "st elevation stemi myocardial infarction"),
    ("sud", "substance use disorder"),
    ("svt", "supraventricular tachycardia"),
    ("t1d", "1 diabetes"),
    ("t1dm", "1 diabetes"),
    ("t2d", "2 diabetes"),
    ("t2dm", "2 diabetes"),
    ("tbi", "traumatic brain injury"),
    ("tia", "transient cerebral ischemic attack"),
    ("uc", "ulcerative colitis"),
    ("uri", "acute upper respiratory infection"),
    ("uti", "urinary tract infection"),
    ("vte", "venous thrombosis embolism"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_long() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0) && TABLE.len() >= 60);
        assert_eq!(expand("htn"), Some("hypertension"));
        assert_eq!((expand("pad"), expand("PAD").is_some()), (None, true));
        assert_eq!(expand("Ménière"), None);
    }
}
