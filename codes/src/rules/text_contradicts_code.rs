//! Words that say the opposite of a code's title.

use crate::{
    code_context::Named,
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    words::{
        content,
        list::WordList,
        related::Meaning,
        stems,
        titles::{self, Titles},
        words,
    },
};

mod axes;

use axes::{AXES, Axis, Reading, Token};

declare_rule! {
    /// The words beside a code say the opposite of its title: type 1 against type 2, acute against chronic.
    ///
    /// ## Why
    /// The code next to the right one in the list was taken. The claim says something else than the record.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 1. Type 1 diabetes (E11.9)
    ///                     ^^^^^ warning[text-contradicts-code]: The text says 'type 1'; E11.9 (Type 2 diabetes mellitus without complications) says 'type 2'.
    /// 2. CKD stage 4 (N18.31)
    ///                 ^^^^^^ warning[text-contradicts-code]: The text says 'stage 4'; N18.31 (Chronic kidney disease, stage 3a) says 'stage 3a'. N18.4 (Chronic kidney disease, stage 4 (severe)) says it.
    /// ```
    ///
    /// ## Exceptions
    /// Words that say both ("acute on chronic"), words of another clause, and words that share nothing else with the
    /// title. Right and left have a rule of their own.
    ///
    /// ## Source
    /// medcode: titles of the ICD-10-CM tabular list; for "resolved" beside E11.A guideline I.C.4.a.1.b (FY2026, from
    /// 2025-10-01).
    "text-contradicts-code", Warning, Reported, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for mark in view.marks.iter().filter(|mark| mark.is_reported_diagnosis()) {
        // Z codes speak of what is screened for, or was.
        if mark.written.starts_with('Z') {
            continue;
        }
        let about = view.about(mark);
        if view.is_title(mark, &about.near) {
            continue;
        }
        let own = READINGS.of(mark.title.unwrap_or_default());
        // Most titles have no word of any axis: nothing can contradict them.
        let is_remission = mark.written == "E11.A";
        if own.said.is_empty() && !is_remission {
            continue;
        }
        let said = view.said(&about.near);
        let text = Reading::of_text(&said);
        let contradiction = own.said.iter().find_map(|(axis, here)| {
            let there = one(axis, &text)?;
            (*here != there && !axis.is_refined(here, &there)).then_some((*axis, here, there))
        });
        // What is right in most cases is asked first: it costs the least.
        if contradiction.is_none() && !is_remission
            || !shares(mark, view.text.get(about.near.clone()).unwrap_or_default())
        {
            continue;
        }
        if is_remission && text.has_word("resolved") && !text.has_word("remission") {
            let message = format!(
                "The text says 'resolved'; {} says 'remission', which the provider has to document as such (ICD-10-CM guideline I.C.4.a.1.b).",
                mark.named()
            );
            report.fail_on(mark, message);
            continue;
        }
        if let Some((axis, here, there)) = contradiction {
            let mut message = format!(
                "The text says '{}'; {} says '{}'.",
                axis.name(&there),
                mark.named(),
                axis.name(here)
            );
            let other = sibling(mark, axis, &there);
            if let Some(other) = other {
                message = format!("{message} {} ({}) says it.", other.code, other.title);
            }
            let finding = report.fail_on(mark, message);
            if let Some(other) = other.filter(|_| mark.written.len() < 8) {
                finding.replace(mark, other.code, other.title);
            }
        }
    }
}

/// What titles say.
static READINGS: Titles<TitleSays> = Titles::new(TitleSays::read);

/// The axes of which a title names one member, with that member.
struct TitleSays {
    said: Vec<(&'static Axis, Token)>,
}

impl TitleSays {
    fn read(title: &str) -> Self {
        let reading = Reading::of_title(title);
        Self { said: AXES.iter().filter_map(|axis| Some((axis, one(axis, &reading)?))).collect() }
    }

    /// The one member of an axis that the title names.
    fn one(&self, axis: &Axis) -> Option<&Token> {
        let mut said = self.said.iter();
        said.find(|(own, _)| std::ptr::eq(*own, axis)).map(|(_, member)| member)
    }
}

/// The one member of an axis that the words name.
fn one(axis: &Axis, reading: &Reading<'_>) -> Option<Token> {
    let mut members = axis.members(reading);
    members.sort();
    members.dedup();
    if members.len() == 1 { members.pop() } else { None }
}

/// Whether the words share a word with the title that is on no axis.
fn shares(mark: &Mark<'_>, near: &str) -> bool {
    let title = titles::content(mark.title.unwrap_or_default());
    let title: Vec<&String> = title.iter().filter(|stem| is_noun(stem)).collect();
    let all: Vec<String> = words(near, 0..near.len()).iter().flat_map(stems).collect();
    let mut said = all.iter().filter(|stem| is_noun(stem)).map(|stem| Meaning::of(stem));
    said.any(|stem| title.iter().any(|own| stem.is_synonym(own)))
}

fn is_noun(stem: &str) -> bool {
    stem.len() > 2 && stem.contains(char::is_alphabetic) && !AXIS_WORDS.contains(stem)
}

static AXIS_WORDS: WordList = WordList::new(&[
    "acute",
    "chronic",
    "without",
    "open",
    "clos",
    "displac",
    "nondisplac",
    "systolic",
    "diastolic",
    "initial",
    "subsequent",
    "encounter",
    "benign",
    "malignant",
    "primary",
    "secondary",
    "male",
    "femal",
    "singl",
    "recurrent",
    "mild",
    "moderat",
    "sever",
    "severe",
    "stag",
    "stage",
    "class",
    "intractabl",
    "remission",
    "episod",
    "persistent",
    "intermittent",
    "disease",
    "diseas",
    "disorder",
]);

/// The code that says the same as the mark's but for the axis.
fn sibling<'m>(mark: &Mark<'m>, axis: &Axis, wanted: &Token) -> Option<Named<'m>> {
    let own = rest(mark.title.unwrap_or_default());
    let mut same = mark.context?.siblings.iter().filter(|named| {
        let reading = READINGS.of(named.title);
        reading.one(axis).is_some_and(|member| {
            member == wanted || axis.is_refined(wanted, member) && axis.is_refined(member, wanted)
        }) && rest(named.title) == own
    });
    same.next().filter(|_| same.next().is_none())
}

/// The words of a title that are on no axis, brackets left out, sorted.
fn rest(title: &str) -> Vec<String> {
    let plain: String = title
        .split('(')
        .map(|part| part.split_once(')').map_or(part, |(_, behind)| behind))
        .collect();
    let mut stems: Vec<String> = content(&plain, 0..plain.len())
        .into_iter()
        .filter(|stem| is_noun(stem) && !stem.starts_with(|it: char| it.is_ascii_digit()))
        .collect();
    stems.sort();
    stems.dedup();
    stems
}

#[cfg(test)]
mod tests;
