use super::*;

/// The letters of what is said of the first word that begins with `wanted`.
fn said(text: &str, wanted: &str) -> String {
    let all = statements(text, 0..text.len());
    let found = all.iter().find(|it| it.word.lower.starts_with(wanted)).unwrap();
    [
        (Aspect::Negated, 'N'),
        (Aspect::Uncertain, 'U'),
        (Aspect::Hypothetical, 'H'),
        (Aspect::Past, 'P'),
        (Aspect::Relative, 'R'),
    ]
    .into_iter()
    .filter(|(aspect, _)| found.assertion.is(*aspect))
    .map(|(_, letter)| letter)
    .collect()
}

#[test]
fn what_is_denied() {
    for (text, word, expected) in [
        ("No chest pain.", "chest", "N"),
        ("Denies fever, chills, cough. Has pain.", "cough", "N"),
        ("Denies fever, chills, cough. Has pain.", "pain", ""),
        ("No fever, chills or cough", "cough", "N"),
        ("No wheezing, COPD stable", "copd", ""),
        ("no edema but pain", "pain", ""),
        ("PE was ruled out", "pe", "N"),
        ("Negative for DVT", "dvt", "N"),
        ("Strep negative", "strep", "N"),
        ("Gram negative sepsis", "sepsis", ""),
        ("COPD in no acute distress", "copd", ""),
        ("diabetes not well controlled", "controlled", ""),
        ("Type 2 diabetes without complications", "complications", "N"),
        ("Type 2 diabetes without complications", "diabetes", ""),
    ] {
        assert_eq!(said(text, word), expected, "{text}");
    }
}

#[test]
fn what_is_doubted() {
    for (text, word, expected) in [
        ("r/o pneumonia", "pneumonia", "U"),
        ("Rule out PE", "pe", "U"),
        ("Possible pneumonia, COPD", "pneumonia", "U"),
        ("Possible pneumonia, COPD", "copd", ""),
        ("Pneumonia, likely", "pneumonia", "U"),
        ("likely viral pharyngitis", "pharyngitis", "U"),
        ("PE unlikely", "pe", "N"),
        ("DVT cannot be ruled out", "dvt", "U"),
        ("?appendicitis", "appendicitis", "U"),
        ("screening for diabetes", "diabetes", "H"),
        ("return if fever", "fever", "H"),
    ] {
        assert_eq!(said(text, word), expected, "{text}");
    }
}

#[test]
fn what_is_past_or_of_others() {
    for (text, word, expected) in [
        ("h/o breast cancer, stroke", "stroke", "P"),
        ("61 year old with COPD", "copd", ""),
        ("old MI", "mi", "P"),
        ("s/p appendectomy", "appendectomy", "P"),
        ("Pneumonia, resolved", "pneumonia", "P"),
        ("Mother with diabetes", "diabetes", "R"),
        ("Family history of colon cancer", "colon", "R"),
        ("History of present illness: cough", "cough", ""),
        ("no history of asthma", "asthma", "N"),
    ] {
        assert_eq!(said(text, word), expected, "{text}");
    }
}

#[test]
fn a_cue_knows_its_words() {
    let text = "Assessment: r/o pneumonia. Stable.";
    let found = cues(text, 0..text.len());
    assert_eq!(
        (&text[found[0].range.clone()], &text[found[0].scope.clone()]),
        ("r/o", "pneumonia")
    );
}
