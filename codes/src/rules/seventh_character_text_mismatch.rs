//! Words that suggest another 7th character.

use crate::{
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    words::{Statement, assertion::lower},
};

declare_rule! {
    /// The words beside an injury suggest another 7th character.
    ///
    /// ## Why
    /// A is for active treatment, D for the time of healing, S for what is left behind. Which one is right decides whether
    /// the claim is about the injury or about its aftercare.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 1. Follow-up of right distal radius fracture (S52.501A)
    ///                                               ^^^^^^^^ info[seventh-character-text-mismatch]: The text says 'follow-up', S52.501A means active treatment. If the fracture or injury is healing, S52.501D says it; A stays while treatment is active, whoever gives it.
    /// ```
    ///
    /// ## Exceptions
    /// Follow-up, removal and therapy that are planned, and words that are denied or past. Never more than information:
    /// A means active treatment, not the first visit.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.19.a and I.C.13.c.
    "seventh-character-text-mismatch", Information, Reported, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for mark in view.marks.iter().filter(|mark| mark.is_reported_diagnosis()) {
        let Some((stem, seventh)) = seventh(mark) else { continue };
        let about = view.about(mark);
        let own = &mark.mention.range;
        let said = view.said(&about.statement);
        let before = said.partition_point(|it| it.word.range.end <= own.start);
        let behind = said.partition_point(|it| it.word.range.start < own.end);
        let halves = [said.get(..before), said.get(behind..)].map(Option::unwrap_or_default);
        let Some((cue, wanted)) = suggested(halves, seventh) else { continue };
        let code = format!("{stem}{wanted}");
        let (meaning, way_out) = match wanted {
            'S' => (
                "no sequela",
                format!(
                    "If what is treated is a late effect of it, {code} says it, behind the code of the effect."
                ),
            ),
            'D' => (
                "active treatment",
                format!(
                    "If the fracture or injury is healing, {code} says it; {seventh} stays while treatment is active, whoever gives it."
                ),
            ),
            _ => (
                "healing or aftercare",
                format!("While treatment is active {code} says it, whoever gives it."),
            ),
        };
        let message = format!("The text says '{cue}', {} means {meaning}. {way_out}", mark.written);
        let finding = report.fail_on(mark, message);
        // Which of several characters fits an open fracture, the text decides.
        if matches!((seventh, wanted), (_, 'S') | ('A', 'D') | ('D', 'A')) {
            finding.replace(mark, &code, "");
        }
    }
}

/// Stem and 7th character of an injury or of a pathological fracture.
fn seventh<'m>(mark: &'m Mark<'_>) -> Option<(&'m str, char)> {
    let injury = mark.written.starts_with(['S', 'T'])
        || ["M80", "M84.3", "M84.4", "M84.5", "M84.6"]
            .iter()
            .any(|it| mark.written.starts_with(it));
    let seventh = mark.written.chars().last().filter(char::is_ascii_uppercase)?;
    let stem = mark.written.get(..7)?;
    (injury && mark.written.len() == 8).then_some((stem, seventh))
}

/// The words before or behind the code that suggest another character, and that character.
fn suggested(halves: [&[Statement<'_>]; 2], seventh: char) -> Option<(&'static str, char)> {
    type Cue = fn(&[Statement<'_>], usize) -> Option<&'static str>;
    let first = |cue: Cue| {
        halves.iter().find_map(|said| {
            let plain = |at: &usize| said.get(*at).is_some_and(|it| it.assertion.is_plain());
            (0..said.len()).filter(plain).find_map(|at| cue(said, at))
        })
    };
    let (effect, later, now) = (first(late_effect), first(healing), first(treated));
    match seventh {
        'S' => None,
        _ if effect.is_some() => effect.map(|cue| (cue, 'S')),
        'A' | 'B' | 'C' if now.is_none() => later.map(|cue| (cue, 'D')),
        'D' if later.is_none() => now.map(|cue| (cue, 'A')),
        _ => None,
    }
}

/// Words of what an injury has left behind.
fn late_effect(said: &[Statement<'_>], at: usize) -> Option<&'static str> {
    match (lower(said, at), lower(said, at + 1)) {
        ("sequela" | "sequelae", _) => Some("sequela"),
        ("late", "effect" | "effects") => Some("late effect"),
        _ => None,
    }
}

/// Words of plans: what they speak of is not yet.
const AHEAD: &[&str] = &[
    "if",
    "advise",
    "advised",
    "arrange",
    "begin",
    "consider",
    "needs",
    "order",
    "ordered",
    "plan",
    "prn",
    "recommend",
    "recommended",
    "refer",
    "referral",
    "referred",
    "return",
    "rtc",
    "schedule",
    "scheduled",
    "should",
    "start",
    "will",
];

fn is_planned(said: &[Statement<'_>]) -> bool {
    (0..said.len()).any(|at| {
        let time = lower(said, at) == "in"
            && (lower(said, at + 1).starts_with(|it: char| it.is_ascii_digit())
                || lower(said, at + 1) == "a"
                || lower(said, at + 1) == "one");
        time || AHEAD.contains(&lower(said, at))
    })
}

/// Words of the time of healing.
fn healing(said: &[Statement<'_>], at: usize) -> Option<&'static str> {
    let (here, next) = (lower(said, at), lower(said, at + 1));
    let before = at.checked_sub(1).map_or("", |before| lower(said, before));
    let is_followed =
        |behind: &str| matches!(behind, "" | "for" | "of" | "visit" | "after" | "on" | "today");
    let cue = match (here, next) {
        ("follow", "up")
            if is_followed(lower(said, at + 2))
                || before.ends_with("fracture")
                || before == "for" =>
        {
            "follow-up"
        }
        ("f/u" | "followup", next) if is_followed(next) => "follow-up",
        ("recheck", next) if is_followed(next) || before == "for" => "recheck",
        ("cast", "removal" | "removed") => "cast removal",
        ("suture" | "staple", "removal") => "suture removal",
        ("physical", "therapy")
            if matches!(before, "for" | "in" | "attending" | "receiving")
                || matches!(
                    lower(said, at + 2),
                    "visit" | "session" | "evaluation" | "treatment"
                ) =>
        {
            "physical therapy"
        }
        ("healing", _)
            if !matches!(
                before,
                "for"
                    | "promote"
                    | "allow"
                    | "aid"
                    | "assist"
                    | "until"
                    | "delayed"
                    | "wound"
                    | "impaired"
                    | "support"
            ) =>
        {
            "healing"
        }
        _ => return None,
    };
    (!is_planned(said)).then_some(cue)
}

/// Words of treatment that takes place.
fn treated(said: &[Statement<'_>], at: usize) -> Option<&'static str> {
    let (here, next) = (lower(said, at), lower(said, at + 1));
    let cue = match (here, next) {
        ("orif", _) => "ORIF",
        ("closed" | "open", "reduction") => "reduction",
        ("laceration", "repair" | "repaired") => "laceration repair",
        ("acute", "fracture" | "injury" | "sprain") => "acute",
        _ => return None,
    };
    let is_now = here == "acute"
        || (0..said.len()).any(|it| matches!(lower(said, it), "today" | "performed" | "tonight"));
    (is_now && !is_planned(said)).then_some(cue)
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("seventh-character-text-mismatch", text)
    }

    #[test]
    fn reports_words_of_another_time() {
        for (text, code) in [
            ("1. Follow-up of wrist fracture (S52.501A)", "S52.501A"),
            ("1. Wrist fracture follow-up (S52.501A)", "S52.501A"),
            ("- Recheck of ankle sprain (S93.401A)", "S93.401A"),
            ("1. Wrist fracture, cast removal today (S52.501A)", "S52.501A"),
            ("1. Hip fracture, healing well (S72.001A)", "S72.001A"),
            ("1. Here for physical therapy, hip fracture (S72.001A)", "S72.001A"),
            ("1. Stiffness as late effect of wrist fracture (S52.501D)", "S52.501D"),
            ("1. Wrist fracture, closed reduction performed today (S52.501D)", "S52.501D"),
        ] {
            assert_eq!(reports(text), [format!("info {code}")], "{text}");
        }
    }

    #[test]
    fn silent_on_plans_and_on_words_that_fit() {
        for text in [
            "ED visit, wrist fracture (S52.501A)",
            "1. Wrist fracture (S52.501A), follow up in 1 week",
            "1. Wrist fracture (S52.501A), follow up with ortho",
            "1. Ankle sprain (S93.401A), refer to physical therapy",
            "1. Follow-up of wrist fracture (S52.501D)",
            "1. Wrist fracture s/p ORIF (S52.501D)",
            "1. Wrist fracture (S52.501A), splint for healing",
            "1. Sequela of wrist fracture (S52.501S)",
            "1. Ankle sprain (S93.401A), no sequelae",
            "1. Hip fracture (S72.001A), will need cast removal",
            "1. Ankle sprain (S93.401A), recheck if worse",
            "1. Ankle sprain (S93.401A), recheck BP",
            "1. Follow-up of hypertension (I10)",
            "Dx: S52.501A",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
