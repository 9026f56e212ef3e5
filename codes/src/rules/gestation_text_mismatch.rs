//! Weeks of gestation in words and in Z3A.

use std::ops::Range;

use crate::{
    code::CodeKey,
    obstetrics::weeks_of_gestation,
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    words::{
        Statement, Word,
        assertion::{Aspect, lower},
        spans, statements, words,
    },
};

declare_rule! {
    /// The week of gestation in the text disagrees with the code of Z3A.
    ///
    /// ## Why
    /// The code of the visit before was copied. Trimesters and preterm codes are judged by it.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// G2P1 at 39 weeks 2 days gestation, in labor.
    /// Dx: O80, Z3A.36, Z37.0
    ///          ^^^^^^ warning[gestation-text-mismatch]: Z3A.36 (36 weeks gestation of pregnancy) is coded; the text says 39 weeks, which is Z3A.39. Completed weeks count.
    /// ```
    ///
    /// ## Exceptions
    /// A difference of one week; for stays one week more for each week of the stay, because the day of admission counts.
    /// Weeks of earlier pregnancies, of ultrasounds, of plans; notes that name several weeks.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.15.a.7 and I.C.21.c.11.
    "gestation-text-mismatch", Warning, Reported, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for (encounter, scope) in view.note.encounters.iter().enumerate() {
        let mut coded = view.reported_diagnoses(encounter).filter_map(|mark| {
            let key = CodeKey::new(&mark.written.replace('.', ""))?;
            Some((mark, weeks_of_gestation(key)?))
        });
        let Some((mark, (least, most))) = coded.next() else { continue };
        if coded.next().is_some() {
            continue;
        }
        let mut stated = stated_weeks(view.text, scope.range.clone());
        let about = view.about(mark).statement;
        stated.extend(beside(view.text, about, mark));
        let (Some(first), Some(last)) = (stated.iter().min(), stated.iter().max()) else {
            continue;
        };
        let stay = match (&scope.service_date, &scope.discharge_date) {
            (Some(first), Some(last)) => (last.date - first.date).get_days().unsigned_abs() / 7,
            _ => 0,
        };
        let distance =
            |week: u8| u32::from(least.saturating_sub(week).max(week.saturating_sub(most)));
        // Several weeks are a story, not a statement.
        if last - first > 1 || distance(*first).min(distance(*last)) <= 1 + stay {
            continue;
        }
        let code = format!("Z3A.{last:02}");
        let mut siblings = mark.context.into_iter().flat_map(|context| context.siblings.iter());
        let right = siblings.find(|named| named.code == code);
        let way_out =
            right.as_ref().map(|named| format!(", which is {}", named.code)).unwrap_or_default();
        let message = format!(
            "{} is coded; the text says {last} weeks{way_out}. Completed weeks count.",
            mark.named()
        );
        let finding = report.fail_on(mark, message);
        if let Some(named) = right {
            finding.replace(mark, named.code, named.title);
        }
    }
}

/// A number of weeks that may be of a pregnancy, and how many words it takes: `39 weeks`, `39w2d`, `39wks`.
fn weeks(said: &[Statement<'_>], at: usize) -> Option<(u8, usize)> {
    let here = lower(said, at);
    let digits = here.bytes().take_while(u8::is_ascii_digit).count();
    let week: u8 = here.get(..digits)?.parse().ok()?;
    let length = match here.get(digits..)? {
        "" => match lower(said, at + 1) {
            "week" | "weeks" | "wk" | "wks" => 2,
            _ => return None,
        },
        "week" | "weeks" | "wk" | "wks" => 1,
        rest if is_week_and_day(rest) => 1,
        _ => return None,
    };
    (4..=44).contains(&week).then_some((week, length))
}

/// `w2d`, `w2`, `wk2d`
fn is_week_and_day(rest: &str) -> bool {
    let Some(day) = rest.strip_prefix("wk").or_else(|| rest.strip_prefix('w')) else {
        return false;
    };
    let day = day.strip_suffix('d').unwrap_or(day);
    day.len() == 1 && day.bytes().all(|it| it.is_ascii_digit())
}

/// The completed weeks that a text states of the present pregnancy.
fn stated_weeks(text: &str, scope: Range<usize>) -> Vec<u8> {
    let said = statements(text, scope.clone());
    (0..said.len())
        .filter_map(|at| {
            let (week, length) = weeks(&said, at)?;
            let own = said.get(at)?;
            let days = lower(&said, at + length).parse::<u8>().is_ok_and(|days| days < 7)
                && matches!(lower(&said, at + length + 1), "day" | "days" | "d");
            let exact =
                length == 1 && !lower(&said, at).ends_with('s') && !lower(&said, at).ends_with('k')
                    || days;
            let behind = at + length..at + length + if days { 5 } else { 3 };
            let named = behind
                .chain(at.saturating_sub(3)..at)
                .any(|near| GESTATION.contains(&lower(&said, near)));
            let fits = (exact || named) && is_present(own) && !is_apart(text, own, &scope);
            fits.then_some(week)
        })
        .collect()
}

/// The weeks that the words beside the code say: those of its description.
fn beside(text: &str, range: Range<usize>, mark: &Mark<'_>) -> Vec<u8> {
    let own = &mark.mention.range;
    let said = statements(text, range.clone());
    (0..said.len())
        .filter_map(|at| {
            let (week, length) = weeks(&said, at)?;
            let statement = said.get(at)?;
            let before = at.checked_sub(1).map_or("", |before| lower(&said, before));
            let other = matches!(
                before,
                "in" | "for" | "x" | "every" | "q" | "than" | "until" | "next" | "past" | "last"
            ) || matches!(
                lower(&said, at + length),
                "ago" | "later" | "postpartum" | "pp" | "old"
            );
            let of_other = lower(&said, at + length) == "of"
                && !matches!(lower(&said, at + length + 1), "gestation" | "pregnancy");
            let is_code =
                statement.word.range.start >= own.start && statement.word.range.end <= own.end;
            let fits = !other
                && !of_other
                && !is_code
                && is_present(statement)
                && !is_apart(text, statement, &range);
            fits.then_some(week)
        })
        .collect()
}

fn is_present(statement: &Statement<'_>) -> bool {
    let said = statement.assertion;
    !said.is(Aspect::Negated)
        && !said.is(Aspect::Past)
        && !said.is(Aspect::Hypothetical)
        && !said.is(Aspect::Relative)
}

/// Words beside a number of weeks that make it that of a pregnancy.
const GESTATION: &[&str] = &["ega", "ga", "gestation", "gestational", "gravid", "iup", "pregnant"];

/// Words of a sentence about other weeks: earlier pregnancies, images, plans.
const APART: &[&str] = &[
    "admission",
    "after",
    "ago",
    "anatomy",
    "at-risk",
    "before",
    "born",
    "by",
    "cerclage",
    "dated",
    "dating",
    "delivered",
    "delivery",
    "every",
    "first",
    "follow",
    "if",
    "induce",
    "induction",
    "last",
    "loss",
    "miscarriage",
    "next",
    "until",
    "plan",
    "planned",
    "postpartum",
    "previous",
    "prior",
    "recommend",
    "repeat",
    "return",
    "schedule",
    "scheduled",
    "scan",
    "since",
    "sono",
    "sonogram",
    "started",
    "testing",
    "ultrasound",
    "us",
    "weekly",
    "when",
    "will",
];

/// What images and dates are named by; behind a week they say how it is known.
const KNOWN_BY: &[&str] =
    &["by", "dated", "dating", "scan", "sono", "sonogram", "ultrasound", "us"];

fn is_apart(text: &str, own: &Statement<'_>, scope: &Range<usize>) -> bool {
    let clause = spans::clause(text, own.word.range.clone(), scope.clone());
    // The next line of a list without bullets is another statement.
    let clause = line_of(text, clause, own.word.range.clone());
    let all = words(text, clause);
    let at = all.partition_point(|word| word.range.start < own.word.range.start);
    let (before, behind) = all.split_at(at);
    // "The 20 week ultrasound" is another day, "39 weeks by ultrasound" is today.
    let at_once = behind.iter().take(3).take_while(|word| word.lower != "by");
    let at_once = at_once.chain(before);
    let known = |word: &&Word<'_>| KNOWN_BY.contains(&&*word.lower);
    let mut later = behind.iter().filter(|word| !known(word));
    at_once.chain(&mut later).any(|word| APART.contains(&&*word.lower))
}

/// The part of a span on the line of a place.
fn line_of(text: &str, span: Range<usize>, place: Range<usize>) -> Range<usize> {
    let before = text.get(span.start..place.start).unwrap_or_default();
    let behind = text.get(place.end..span.end).unwrap_or_default();
    let start = before.rfind('\n').map_or(span.start, |at| span.start + at);
    let end = behind.find('\n').map_or(span.end, |at| place.end + at);
    start..end
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("gestation-text-mismatch", text)
    }

    #[test]
    fn reports_another_week() {
        for text in [
            "Pregnant, 39 weeks gestation.\nDx: O80, Z3A.36",
            "IUP at 39w2d, in labor.\nDx: Z3A.36",
            "EGA 39 weeks 6 days.\nDx: Z3A.36",
            "IUP at 39w2d by early ultrasound.\nDx: Z3A.36",
            "1. 39 weeks of pregnancy today, term (Z3A.36)",
            "Patient is 38 wks pregnant. Follow-up in 1 week.\nDx: Z34.93, Z3A.36",
            "GA: 39w2d\nFollow up in 6 weeks\nDx: Z3A.36",
        ] {
            assert_eq!(reports(text), ["warning Z3A.36"], "{text}");
        }
    }

    #[test]
    fn silent_where_weeks_agree_or_are_others() {
        for text in [
            "39 weeks 6 days gestation.\nDx: Z3A.39",
            "39 weeks gestation.\nDx: Z3A.38",
            "20 week ultrasound of pregnant uterus normal.\nDx: Z3A.36",
            "Dating ultrasound at 8 weeks gestation.\nDx: Z3A.36",
            "Prior delivery at 28 weeks gestation.\nDx: Z3A.36",
            "Cough for 6 weeks.\nDx: Z34.93, Z3A.36",
            "Follow up in 4 weeks.\nDx: Z3A.20",
            "Induction at 39 weeks gestation.\nDx: Z3A.36",
            "6 weeks postpartum.\nDx: Z39.2",
            "She was 12 weeks pregnant when pain began, now 20 weeks gestation.\nDx: Z3A.20",
            "7 weeks pregnant by LMP.\nDx: Z3A.01",
            "39 weeks gestation.\nDx: Z3A.36, Z3A.39",
            "39 weeks gestation.\nDx: Z3A.00",
            "Admission date: 2026-02-01\nDischarge date: 2026-02-25\n34 weeks gestation.\nDx: Z3A.30",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
