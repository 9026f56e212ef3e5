//! One stretch of text, word by word: labels with their lists, sigils, dates and ages, and codes that stand alone.

use std::ops::Range;

use super::{
    Details, Evidence, Form, Mention, Place, ages,
    chunks::Chunks,
    clue::Says,
    dates::{self, DateRole},
    exclusions,
    facts::{Setting, Sex},
    form::{self, Written},
    labels::{self, Label, Meaning},
    list::{Scope, parts_alternatives},
    scanner::{Scanner, Trust},
    shapes,
    systems::Systems,
    tokens::{self, Folded, Token, char_at, is_blank, is_dash, skip},
};
use crate::{encounter::DiagnosisRole, system::CodeSystem};

mod plain;

pub(super) use plain::{is_dull, may_be_cue};

/// Digits of a national provider identifier.
const NPI: usize = 10;

/// Bytes between the codes of an alternative and the word that parts them.
const NEAR: usize = 120;

impl Scanner<'_> {
    /// Reads a stretch without comments.
    pub(super) fn read(&mut self, range: Range<usize>, trust: Trust) {
        let text = self.text;
        let end = range.end;
        let mut chunks = Chunks::default();
        let mut at = range.start;
        if let Trust::List(scope) = trust {
            at = self.list(range.start, end, scope);
        }
        let first = self.mentions.len();
        self.parted = None;
        // Up to the first placeholder or box.
        let slot_start = self.next_slot(range.start).map_or(end, |slot| slot.range.start.min(end));
        loop {
            at = plain::skip(text, at, slot_start, slot_start == end);
            let Some(token) = tokens::next(text, at, end) else { break };
            if let Some(slot) = self.slot_at(token.start) {
                at = slot.range.end.max(token.start + 1).min(end);
                self.barriers.push(slot.range.clone());
                continue;
            }
            if let Some(behind) = chunks.address_end(text, range.start, token.start, end) {
                at = behind.max(token.end);
                continue;
            }
            if let Some(label) = labels::at(text, token.start, end) {
                at = self.labelled(&label, range.start, end, trust);
                continue;
            }
            if let Some(behind) = self.clue(range.start, token, end) {
                at = behind;
                continue;
            }
            at = token.end;
            if self.mentions.len() > first && parts_alternatives(token.text(text)) {
                self.part(token);
                continue;
            }
            if token.digit
                && let Some(behind) = self.unlabelled(range.start, token, end, trust)
            {
                at = behind;
            }
        }
    }

    /// Remembers `vs` or `or` behind a code of the same sentence.
    fn part(&mut self, word: Token) {
        let Some(last) = self.mentions.last() else { return };
        let between = self.text.get(last.range.end..word.start).unwrap_or_default();
        self.parted = (between.len() <= NEAR && !ends_sentence(between)).then_some(word.end);
    }

    /// Whether a code at `at` stands behind `vs` or `or` in the same clause: then it and the one before are
    /// alternatives.
    fn is_parted(&mut self, at: usize) -> bool {
        let parted = self.parted.take().is_some_and(|from| {
            let between = self.text.get(from..at).unwrap_or_default();
            let is_clause = !between.contains(',') && !between.contains(" and ");
            between.len() <= NEAR && is_clause && !ends_sentence(between)
        });
        if let Some(last) = self.mentions.last_mut().filter(|_| parted) {
            last.questioned = true;
        }
        parted
    }

    /// Reads what a label introduces. Returns where reading goes on.
    fn labelled(&mut self, label: &Label, line_start: usize, end: usize, trust: Trust) -> usize {
        let start = label.range.end;
        self.barriers.push(label.range.clone());
        match label.meaning {
            Meaning::Other => {
                let behind = skip_numbers(self.text, start, end);
                let name = self.text.get(label.range.clone()).unwrap_or_default();
                if behind >= start + NPI
                    && name.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("npi"))
                {
                    self.tell(label.range.start, Says::Field("npi"));
                }
                behind
            }
            Meaning::Modifiers => self.modifiers(start, end, line_start),
            Meaning::Codes(_) => {
                let Some(mut scope) = Scope::behind(label) else { return start };
                scope.shapes_only = matches!(trust, Trust::Foreign);
                scope.role = match label.place {
                    Place::Claim => role_of_locator(self.text, label.range.clone()),
                    _ => role_before(self.text, line_start, label.range.start),
                };
                let resume = self.list(start, end, scope);
                let rest = self
                    .text
                    .get(resume..end)
                    .unwrap_or_default()
                    .trim_matches([' ', '\t', '*', '_', ')']);
                let empty = resume == start && label.explicit;
                if (empty && rest.is_empty())
                    || (resume > start && matches!(rest, "," | ";" | "and" | "&"))
                {
                    let evidence = Evidence::Labelled;
                    self.open_list =
                        Some(Scope { evidence, place: Place::Label, explicit: true, ..scope });
                }
                resume
            }
        }
    }

    /// `Modifier: 25, 59`: they belong to the procedure before, if it stands behind `floor` and has none of its own.
    pub(super) fn modifiers(&mut self, start: usize, end: usize, floor: usize) -> usize {
        let (modifiers, resume) = modifiers_in(self.text, start, end);
        let procedure = self.mentions.last_mut().filter(|mention| {
            mention.range.start >= floor
                && mention.modifiers.is_empty()
                && matches!(mention.system, CodeSystem::Cpt | CodeSystem::Hcpcs)
        });
        if let Some(procedure) = procedure {
            procedure.modifiers = modifiers;
        }
        resume
    }

    /// Reads a date with its label, a field about the patient or an age. Returns where reading goes on.
    fn clue(&mut self, line_start: usize, token: Token, end: usize) -> Option<usize> {
        let text = self.text;
        if let Some(behind) = self.field(line_start, token, end) {
            return Some(behind);
        }
        if token.digit {
            let age = ages::at(text, line_start, token, end)?;
            self.tell(token.start, Says::Age { years: age.years, stated: false });
            self.tell_all(token.start, age.days.map(Says::AgeDays));
            if let Some(sex) = age.sex {
                self.tell(token.start, Says::Sex { sex, stated: false });
            }
            return Some(token.end);
        }
        if let Some((role, date)) = dates::labelled(text, line_start, token, end) {
            let behind = date.range.end;
            self.tell(token.start, Says::Date { role, date });
            return Some(behind);
        }
        let (name, value) = named_value(text, token, end)?;
        let says = fact(name, value.text(text))?;
        self.tell(token.start, says);
        Some(value.end)
    }

    /// Reads a token without label as a code, if it looks enough like one. Returns where reading goes on.
    fn unlabelled(
        &mut self,
        line_start: usize,
        token: Token,
        end: usize,
        trust: Trust,
    ) -> Option<usize> {
        let text = self.text;
        let word = Folded::read(token.text(text))?;
        let sigil = self.wiki(token, &word, end);
        if let Some(mention) = sigil {
            let behind = mention.range.end;
            self.push(mention);
            return Some(behind);
        }
        if matches!(trust, Trust::Foreign) || self.is_silenced(token.start) {
            return None;
        }
        let (system, evidence) = if shapes::is_dotted_diagnosis(&word) {
            let excluded = exclusions::excludes_dotted(text, line_start, end, token);
            (Some(CodeSystem::Icd10Cm).filter(|_| !excluded), Evidence::Dotted)
        } else {
            (shapes::guess(&word), Evidence::Bare)
        };
        let written = form::read(text, end, token, &word, system?, false);
        let category = evidence == Evidence::Bare && written.form == Form::Category;
        if evidence == Evidence::Bare && written.form == Form::Code {
            if exclusions::excludes_bare(text, line_start, end, token, &word) {
                return None;
            }
        } else if category
            && matches!(char_at(text, token.end), Some((point, _)) if tokens::is_point(point))
        {
            // `E11.-` says as much as a code with its point.
            return Some(self.found(token, written, CodeSystem::Icd10Cm, Evidence::Dotted));
        } else if evidence == Evidence::Bare && is_spine(&word) {
            return Some(written.end);
        }
        Some(self.found(token, written, system?, evidence))
    }

    /// Adds a code that stands alone. Returns where reading goes on.
    fn found(
        &mut self,
        token: Token,
        written: Written,
        system: CodeSystem,
        evidence: Evidence,
    ) -> usize {
        let behind = written.end_of_all();
        let questioned = self.is_parted(token.start);
        let code = alone(token, written, system, evidence, Place::Prose);
        self.push(Mention { questioned, ..code });
        behind
    }

    /// `[[E11.9]]`, `[[E11.9|diabetes]]`
    fn wiki(&self, token: Token, word: &Folded, end: usize) -> Option<Mention> {
        let text = self.text;
        let opened =
            token.start.checked_sub(2).and_then(|at| text.get(at..token.start)) == Some("[[");
        if !opened {
            return None;
        }
        let system = shapes::exact(word, Systems::ANY)?;
        let written = form::read(text, end, token, word, system, false);
        let closed = text
            .get(written.end_of_all()..end)
            .is_some_and(|rest| rest.starts_with("]]") || rest.starts_with('|'));
        closed.then(|| alone(token, written, system, Evidence::Certain, Place::Sigil))
    }
}

/// The modifiers that stand at `start`, and where they end.
pub(super) fn modifiers_in(text: &str, start: usize, end: usize) -> (Vec<Range<usize>>, usize) {
    let mut modifiers = Vec::new();
    let mut resume = start;
    loop {
        let apart = |it: char| is_blank(it) || is_dash(it) || matches!(it, ',' | ';' | ':');
        let Some(modifier) = form::modifier_at(text, skip(text, resume, end, apart), end) else {
            return (modifiers, resume);
        };
        resume = modifier.end;
        modifiers.push(modifier);
    }
}

/// A code without label.
fn alone(
    token: Token,
    written: Written,
    system: CodeSystem,
    evidence: Evidence,
    place: Place,
) -> Mention {
    Mention {
        range: token.start..written.end,
        system,
        declared: false,
        form: written.form,
        evidence,
        place,
        reported: true,
        questioned: false,
        encounter: 0,
        modifiers: written.modifiers,
        description: None,
        details: Details::default(),
    }
}

fn ends_sentence(gap: &str) -> bool {
    gap.contains(['\n', '\r', ';']) || gap.contains(". ")
}

/// The part of the diagnoses of a form locator of the UB-04: 67 is the principal one, 67A to 67Q are others.
fn role_of_locator(text: &str, label: Range<usize>) -> DiagnosisRole {
    let name = text.get(label).unwrap_or_default();
    let number = name.trim_start_matches(|it: char| !it.is_ascii_digit());
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let has_letter = number[digits..].starts_with(|it: char| it.is_ascii_alphabetic());
    match &number[..digits] {
        "67" if has_letter => DiagnosisRole::Secondary,
        "67" => DiagnosisRole::Principal,
        "69" => DiagnosisRole::Admitting,
        "70" => DiagnosisRole::ReasonForVisit,
        "72" => DiagnosisRole::ExternalCause,
        _ => DiagnosisRole::ByPosition,
    }
}

/// The part of the diagnoses behind a label, by the word before it: `Admitting diagnosis:`.
fn role_before(text: &str, line_start: usize, at: usize) -> DiagnosisRole {
    let before = text.get(line_start..at).unwrap_or_default().trim_end_matches(is_blank);
    let length = before.bytes().rev().take(12).take_while(u8::is_ascii_alphabetic).count();
    let word = before.get(before.len() - length..).unwrap_or_default();
    match &*word.to_ascii_lowercase() {
        "principal" => DiagnosisRole::Principal,
        "secondary" | "additional" | "other" => DiagnosisRole::Secondary,
        "admitting" | "admission" => DiagnosisRole::Admitting,
        _ => DiagnosisRole::ByPosition,
    }
}

/// Both ends of `T20-T25` may be levels of the spine.
fn is_spine(word: &Folded) -> bool {
    word.length() == 3 && word.text().starts_with(['C', 'T', 'L', 'S'])
}

/// Moves over the numbers behind a label of another kind: `ICD-9: 250.00, V58.69`, `NDC 00378-5145-01`.
fn skip_numbers(text: &str, start: usize, end: usize) -> usize {
    let mut resume = start;
    loop {
        let at = skip(text, resume, end, |it| {
            is_blank(it) || is_dash(it) || matches!(it, ',' | ';' | '/' | '#' | ':')
        });
        match tokens::at(text, at, end).filter(|token| token.digit) {
            Some(token) => resume = token.end,
            None => return resume,
        }
    }
}

/// A field that ends in `token`, and the first word of its value: `Age: 45`, `Sex: F`, `Patient class: Inpatient`.
fn named_value(text: &str, token: Token, end: usize) -> Option<(&str, Token)> {
    let name = token.text(text);
    if !matches!(name.len(), 3..=10) {
        return None;
    }
    let colon = skip(text, token.end, end, |it| is_blank(it) || matches!(it, '*' | '_'));
    char_at(text, colon).filter(|(it, _)| colon < end && matches!(it, ':' | '='))?;
    let value =
        skip(text, colon + 1, end, |it| is_blank(it) || matches!(it, '*' | '_' | '"' | '\''));
    Some((name, tokens::at(text, value, end)?))
}

/// What a field says about the patient or the place.
pub(super) fn fact(name: &str, value: &str) -> Option<Says> {
    let is = |names: &[&str]| names.iter().any(|it| name.eq_ignore_ascii_case(it));
    if is(&["age"]) {
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        let years = value[..digits].parse().ok().filter(|years| *years <= 124)?;
        Some(Says::Age { years, stated: true })
    } else if is(&["sex", "gender"]) {
        Some(Says::Sex { sex: Sex::from_word(value)?, stated: true })
    } else if is(&["setting", "class", "type"]) {
        Setting::from_word(value).map(Says::Setting)
    } else {
        None
    }
}

/// What a date in a key or a line of its own says.
pub(super) fn service_date(date: dates::DateMention) -> Says {
    Says::Date { role: DateRole::Service, date }
}
