//! Fractures of osteoporosis, coded as injuries.

use crate::{
    code_context::Side,
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    words::{Assertion, assertion::Aspect, list::WordList, prose::Prose},
};

declare_rule! {
    /// A traumatic fracture is coded where the patient has osteoporosis and fell from no height.
    ///
    /// ## Why
    /// A fall that would not break a healthy bone makes the fracture one of the disease. M80 says so, S codes hide it,
    /// and with it the need for treatment.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Known osteoporosis, ground level fall at home.
    /// 1. Closed fracture of neck of right femur (S72.001A)
    ///                                            ^^^^^^^^ warning[osteoporotic-fracture-as-injury]: S72.001A (Fracture of unspecified part of neck of right femur, initial encounter for closed fracture) is an injury; the text names osteoporosis and 'ground level'. If the fall would not break a healthy bone, M80.051A says it, without M81.- beside it.
    /// ```
    ///
    /// ## Exceptions
    /// Accidents with force, skull, neck and fractures of growing bones; osteoporosis that is denied, past or a risk; notes
    /// that call the fracture traumatic or not pathological; M80 beside it.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.13.d.2 and I.C.19.c.1.
    "osteoporotic-fracture-as-injury", Warning, Reported, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for encounter in 0..view.note.encounters.len() {
        let fractures: Vec<_> =
            view.reported_diagnoses(encounter).filter(|mark| is_fracture(mark)).collect();
        let coded = |families: &[&str]| {
            view.marks_of(encounter)
                .any(|mark| mark.reported && families.iter().any(|it| mark.written.starts_with(it)))
        };
        if fractures.is_empty() || coded(&["M80", "M84", "C79.5", "V"]) {
            continue;
        }
        let said = view.prose_of(encounter);
        let disease = coded(&["M81"])
            || said
                .positions(|lower| matches!(lower, "osteoporosis" | "osteoporotic"))
                .any(|at| said.assertion(at).is_some_and(Assertion::is_plain));
        if !disease || has_force(&said) {
            continue;
        }
        let cue = match minor_fall(&said) {
            Some(cue) => format!("'{cue}'"),
            None if coded(&["W01.0", "W18.3"]) => "a fall on one level".to_owned(),
            None => continue,
        };
        for mark in fractures {
            let instead = pathological(mark);
            let code = instead.clone().unwrap_or_else(|| "M80.-".to_owned());
            let message = format!(
                "{} is an injury; the text names osteoporosis and {cue}. If the fall would not break a healthy bone, {code} says it, without M81.- beside it.",
                mark.named()
            );
            let finding = report.fail_on(mark, message);
            if let Some(code) = instead {
                finding.replace(mark, &code, "");
            }
        }
    }
}

/// Whether a code is a fracture of the trunk or a limb, not of a growing bone, and no sequela.
fn is_fracture(mark: &Mark<'_>) -> bool {
    let title = mark.title.unwrap_or_default().to_ascii_lowercase();
    let site = ["S22", "S32", "S42", "S52", "S62", "S72", "S82", "S92"];
    site.iter().any(|it| mark.written.starts_with(it))
        && title.contains("fracture")
        && !["torus", "greenstick", "physeal"].iter().any(|it| title.contains(it))
        && !mark.written.ends_with('S')
}

/// The code of M80 for the site, side and 7th character of a fracture. "Osteoporosis" without more is age-related.
fn pathological(mark: &Mark<'_>) -> Option<String> {
    let site = mark.written.get(..5)?;
    let title = mark.title.unwrap_or_default().to_ascii_lowercase();
    let stem = match site.get(..3)? {
        "S22" | "S32" => {
            let vertebra = title.contains("vertebra");
            return vertebra.then(|| seventh(mark).map(|it| format!("M80.08X{it}")))?;
        }
        "S42" if matches!(site, "S42.0" | "S42.1") => "M80.01",
        "S42" => "M80.02",
        "S52" => "M80.03",
        "S62" => "M80.04",
        "S72" => "M80.05",
        "S82" if title.contains("malleol") || title.contains("ankle") => "M80.07",
        "S82" => "M80.06",
        "S92" => "M80.07",
        _ => return None,
    };
    let side = match mark.context?.sides.as_ref().map(|sides| sides.own) {
        Some(Side::Right) => '1',
        Some(Side::Left) => '2',
        Some(Side::Unspecified) => '9',
        // Titles tell where no other side is known.
        _ if title.contains("right") => '1',
        _ if title.contains("left") => '2',
        _ => '9',
    };
    Some(format!("{stem}{side}{}", seventh(mark)?))
}

/// The 7th character of M80 for that of a fracture: closed or open makes no difference there.
fn seventh(mark: &Mark<'_>) -> Option<char> {
    match mark.written.chars().last()? {
        'A' | 'B' | 'C' => Some('A'),
        'D' | 'E' | 'F' => Some('D'),
        'G' | 'H' | 'J' => Some('G'),
        'K' | 'M' | 'N' => Some('K'),
        'P' | 'Q' | 'R' => Some('P'),
        _ => None,
    }
}

/// Words of a fall that would not break a healthy bone.
fn minor_fall(said: &Prose<'_>) -> Option<&'static str> {
    let plain = |at: &usize| {
        said.assertion(*at).is_some_and(|it| {
            !it.is(Aspect::Negated) && !it.is(Aspect::Hypothetical) && !it.is(Aspect::Relative)
        })
    };
    (0..said.len()).filter(plain).find_map(|at| match (said.lower(at), said.lower(at + 1)) {
        ("ground", "level") => Some("ground level"),
        ("standing", "height") => Some("standing height"),
        ("from", "standing") => Some("from standing"),
        ("glf", _) => Some("GLF"),
        ("low", "energy" | "impact") | ("minor", "fall" | "trauma") => Some("minor trauma"),
        ("fragility", "fracture" | "fx") => Some("fragility fracture"),
        ("tripped", _) => Some("tripped"),
        ("slipped", next) if !matches!(next, "disc" | "disk") => Some("slipped"),
        ("mechanical", "fall") => Some("mechanical fall"),
        _ => None,
    })
}

/// Words of accidents with force, and of fractures that are not of the disease.
fn has_force(said: &Prose<'_>) -> bool {
    said.positions(|lower| OF_FORCE.contains(lower)).any(|at| {
        let denied = said.assertion(at).is_some_and(|it| it.is(Aspect::Negated));
        match said.lower(at) {
            "pathologic" | "pathological" | "osteoporotic" => denied,
            _ if denied => false,
            "high" => matches!(said.lower(at + 1), "energy" | "impact" | "speed"),
            _ => true,
        }
    })
}

static OF_FORCE: WordList = WordList::new(&[
    "assault",
    "assaulted",
    "atv",
    "bicycle",
    "bike",
    "car",
    "collision",
    "crash",
    "downstairs",
    "feet",
    "ft",
    "high",
    "horse",
    "ladder",
    "motorcycle",
    "mva",
    "mvc",
    "osteoporotic",
    "pathologic",
    "pathological",
    "roof",
    "scooter",
    "ski",
    "skiing",
    "stairs",
    "traumatic",
    "vehicle",
]);

#[cfg(test)]
mod tests {
    use crate::testing::{issues_of, text_reports};

    fn reports(text: &str) -> Vec<String> {
        text_reports("osteoporotic-fracture-as-injury", text)
    }

    #[test]
    fn reports_fractures_of_osteoporosis() {
        for (text, code) in [
            ("Osteoporosis. Fell from standing.\n1. Hip fracture (S72.001A)", "S72.001A"),
            ("Tripped on a rug.\nDx: S52.501A, M81.0", "S52.501A"),
            ("Ground-level fall, known osteoporosis on alendronate.\nDx: S42.201A", "S42.201A"),
            ("Slipped on ice, osteoporosis.\n1. L1 compression fracture (S32.010A)", "S32.010A"),
            ("Osteoporosis, GLF.\nDx: S72.002D", "S72.002D"),
        ] {
            assert_eq!(reports(text), [format!("warning {code}")], "{text}");
        }
    }

    #[test]
    fn silent_without_disease_or_with_force() {
        for text in [
            "Fell from standing.\nDx: S72.001A",
            "Osteoporosis. MVC at 40 mph.\nDx: S72.001A",
            "Osteoporosis. Fell from a ladder, slipped.\nDx: S72.001A",
            "No osteoporosis. Tripped.\nDx: S72.001A",
            "At risk for osteoporosis. Tripped.\nDx: S72.001A",
            "Mother with osteoporosis. Tripped.\nDx: S72.001A",
            "Osteoporosis. Tripped.\nDx: M80.051A",
            "Osteoporosis. Tripped.\nDx: S93.401A",
            "Osteoporosis. Tripped. Not a pathologic fracture.\nDx: S72.001A",
            "Osteoporosis. Tripped.\nDx: S52.521A",
            "Osteoporosis, slipped disc.\nDx: S72.001A",
            "Dx: S72.001A, M81.0",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn names_site_side_and_character() {
        for (codes, instead) in
            [("S52.502E", "M80.032D"), ("S42.201A", "M80.021A"), ("S32.010A", "M80.08XA")]
        {
            let issues =
                issues_of(&format!("DOS: 2026-04-01\n\nOsteoporosis, tripped.\nDx: {codes}"));
            assert!(issues.iter().any(|issue| issue.contains(instead)), "{issues:?}");
        }
    }
}
