//! May this code be used that day: one code, one verdict.
//!
//! A cascade; the first step that answers ends it. Spelling (point, case, look-alike characters) is judged apart from
//! it, on the text as written: `E116.5` is judged as E11.65. Source of the order: the overlaps of the ICD-10-CM
//! syntax, the code master and the tabular list, so that no code gets two verdicts.

use crate::{
    code::{Code, CodeKey},
    code_table::{CodeTable, Lifetime},
    concept::Concept,
    date::{Date, ICD10_START},
    fact::{Fact, UnavailableReason},
    icd9,
    normalize::{Normalized, Point, normalize},
    release::Content,
    repair::{lookalike, nearest},
    replacement::Replacement,
    system::{CodeSystem, cpt, hcpcs, icd10cm, icd10pcs, modifier},
    terminology::{Nearest, Terminology},
};

mod in_use;
mod incomplete;

/// What becomes of a code on a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// May be submitted.
    Billable,
    /// Ended before the date, even if it has become a header since.
    Expired {
        /// Codes to use instead, valid on the date.
        replacements: Vec<Replacement>,
    },
    /// Starts after the date.
    NotYetEffective {
        /// The nearest code above it that is valid on the date.
        instead: Option<Code>,
    },
    /// A category reference such as `E11.-` stands for one code.
    CategoryReference,
    /// Codes stand below it.
    Header,
    /// A stem that needs a 7th character.
    MissingSeventhCharacter,
    /// A stem with a 7th character that is not defined for it.
    InvalidSeventhCharacter {
        /// The stem, as a code.
        stem: Code,
        /// What stands in the place of the 7th character.
        character: char,
    },
    /// Placeholders X are missing, misplaced or too many.
    MissingPlaceholder {
        /// The code that was meant.
        intended: Code,
    },
    /// A complete code with further characters.
    UnexpectedCharacters {
        /// The complete code.
        known: Code,
    },
    /// Letters and digits that look alike were exchanged.
    Confusable {
        /// The code that was meant.
        intended: Code,
    },
    /// I or O in an ICD-10-PCS code, which has neither.
    LetterIOrO {
        /// The code that was meant, where it is known.
        intended: Option<Code>,
    },
    /// Unknown here, known (for CPT: well formed) in another system.
    WrongSystem {
        /// The code in the system it belongs to.
        actual: Code,
    },
    /// Unknown in ICD-10-CM, known in ICD-9-CM.
    Icd9 {
        /// The code of ICD-9-CM, without its point.
        code: CodeKey,
        /// What the mappings give for it that is valid on the date, each alone.
        mapped: Vec<Code>,
    },
    /// Not of the shape of its system.
    Malformed,
    /// In no release.
    Unknown {
        /// Codes that may have been meant, best first.
        candidates: Vec<Code>,
    },
    /// Could not be asked.
    Unavailable(UnavailableReason),
}

/// A code as written, judged for a date.
#[derive(Clone, Debug)]
pub struct Judgement<'a> {
    /// The system the code was judged in.
    pub system: CodeSystem,
    /// The date it was judged for.
    pub date: Date,
    /// What the text was reduced to.
    pub normalized: Normalized,
    /// The code, when the text has the shape of its system.
    pub code: Option<Code>,
    /// What is known of the code.
    pub concept: Option<Concept<'a>>,
    /// The verdict.
    pub verdict: Verdict,
    /// The date lies after the last day that the installed data covers: a valid code is valid as far as is known.
    pub beyond_horizon: Option<Date>,
}

impl Judgement<'_> {
    /// Whether the code is good, so that rules about good codes may look at it.
    pub fn is_billable(&self) -> bool {
        self.verdict == Verdict::Billable
    }

    /// What could be learned of the code itself.
    pub fn fact(&self) -> Fact {
        match (&self.verdict, &self.concept) {
            (_, Some(_)) => Fact::Known,
            (Verdict::Unavailable(reason), None) => Fact::Unavailable(*reason),
            (_, None) => Fact::Unknown,
        }
    }

    /// The code as its system writes it; the normalised text when it is no code.
    pub fn written(&self) -> String {
        match self.code {
            Some(code) => crate::code::written(code.system(), &code.key().text()),
            None => crate::code::written(self.system, &self.normalized.code),
        }
    }
}

/// Judges a text as a code of `system` on `date`.
///
/// CPT and HCPCS Level II are one system to those who write them (Level I and II): each is judged by its shape.
pub fn judge<'a>(
    terminology: &'a Terminology,
    system: CodeSystem,
    text: &str,
    date: Date,
) -> Judgement<'a> {
    let mut judgement = Judgement::read(system, text, date);
    judgement.find_entry(terminology);
    judgement.find_place(terminology, terminology.nearest(date));
    judgement.decide(terminology, text);
    judgement
}

/// The steps to a judgement, for whoever takes each of them for several codes.
impl<'a> Judgement<'a> {
    /// Reads a text as a code of `system`. Nothing is known of it yet.
    pub(crate) fn read(system: CodeSystem, text: &str, date: Date) -> Self {
        let normalized = normalize(system, text);
        let system = level_of(system, &normalized.code);
        let code = Code::of_normalized(system, &normalized.code);
        let (concept, verdict, beyond_horizon) = (None, Verdict::Malformed, None);
        Self { system, date, normalized, code, concept, verdict, beyond_horizon }
    }

    /// Finds the code in its table.
    pub(crate) fn find_entry(&mut self, terminology: &'a Terminology) {
        self.concept = self.code.and_then(|code| Concept::of_table(terminology, code, self.date));
    }

    /// Finds everything else that is known of the code. `nearest` is the edition of its date, or of most codes beside it.
    pub(crate) fn find_place(&mut self, terminology: &'a Terminology, nearest: Nearest<'a>) {
        match &mut self.concept {
            Some(concept) => concept.find_place(nearest),
            None => {
                self.concept = self.code.and_then(|code| terminology.concept(code, self.date));
            }
        }
    }

    /// Comes to the verdict. `text` is what was read.
    pub(crate) fn decide(&mut self, terminology: &'a Terminology, text: &str) {
        let Self { system, date, code, .. } = *self;
        let covered_to = terminology.table(system).and_then(|table| match code {
            Some(code) => table.covered_to(code.key()),
            None => table.horizon(),
        });
        self.beyond_horizon = covered_to.filter(|last| *last < date);
        let (normalized, concept) = (&self.normalized, self.concept.as_ref());
        let case = Case { terminology, system, text, date, normalized, code, concept };
        self.verdict = match case.verdict() {
            Verdict::Unknown { .. }
                if self.beyond_horizon.is_some() && !is_complete(terminology, system, date) =>
            {
                Verdict::Unavailable(UnavailableReason::DateNotCovered)
            }
            verdict => verdict,
        };
    }
}

/// Whether a code that is missing on a date does not exist, though the dates of codes do not reach that far.
fn is_complete(terminology: &Terminology, system: CodeSystem, date: Date) -> bool {
    let table = terminology.table(system);
    table.and_then(CodeTable::complete_to).is_some_and(|last| date <= last)
}

fn level_of(system: CodeSystem, text: &str) -> CodeSystem {
    let is_modifier = modifier::has_shape(text);
    match system {
        CodeSystem::Cpt if is_modifier && !modifier::is_cpt_shape(text) => CodeSystem::Hcpcs,
        // P1 to P6 stand in both.
        CodeSystem::Hcpcs if modifier::is_cpt_shape(text) && !text.starts_with('P') => {
            CodeSystem::Cpt
        }
        CodeSystem::Cpt if hcpcs::has_shape(text) || hcpcs::has_cdt_shape(text) => {
            CodeSystem::Hcpcs
        }
        CodeSystem::Hcpcs if cpt::category(text).is_some() => CodeSystem::Cpt,
        system => system,
    }
}

struct Case<'a, 'n> {
    terminology: &'a Terminology,
    system: CodeSystem,
    /// As it was written.
    text: &'n str,
    date: Date,
    normalized: &'n Normalized,
    code: Option<Code>,
    concept: Option<&'n Concept<'a>>,
}

impl Case<'_, '_> {
    fn verdict(&self) -> Verdict {
        let Some(code) = self.code else { return self.not_of_the_shape() };
        let is_icd = matches!(self.system, CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs);
        // Where the shape fits and the data is missing or partial, another system that knows the text proves nothing.
        let Some(table) = self.terminology.table(self.system) else {
            return Verdict::Unavailable(UnavailableReason::CodeSystemNotLoaded);
        };
        if is_icd && self.date < ICD10_START {
            return Verdict::Unavailable(UnavailableReason::DateNotCovered);
        }
        if table.covered_from().is_some_and(|first| self.date < first) {
            return Verdict::Unavailable(UnavailableReason::DateNotCovered);
        }
        if self.normalized.category_reference && self.concept.is_some() {
            return Verdict::CategoryReference;
        }
        if let Some(entry) = self.concept.and_then(Concept::entry) {
            return match entry.lifetime() {
                Lifetime::Dated(period) if self.date < period.start => {
                    Verdict::NotYetEffective { instead: self.valid_above(table, code) }
                }
                Lifetime::Dated(period) if !period.contains(self.date) => Verdict::Expired {
                    replacements: self.concept.map(Concept::replaced_by).unwrap_or_default(),
                },
                Lifetime::Dated(_) | Lifetime::Seen { .. } => Verdict::Billable,
            };
        }
        if table.content() == Content::Fragment {
            return Verdict::Unavailable(UnavailableReason::NotInFragment);
        }
        // V58.69 is near codes of both; one that is in neither list of ICD-10-CM was meant as what it is elsewhere.
        self.icd9()
            .or_else(|| incomplete::verdict(self, table))
            .or_else(|| self.confusable(table))
            .unwrap_or_else(|| self.unknown(table))
    }

    /// The text cannot be a code of its system: one of another, a look-alike, or nothing.
    fn not_of_the_shape(&self) -> Verdict {
        let text = &self.normalized.code;
        if self.system == CodeSystem::Hcpcs && hcpcs::has_cdt_shape(text) {
            return Verdict::Unavailable(UnavailableReason::DentalCode);
        }
        if self.system == CodeSystem::Icd10Pcs
            && icd10pcs::has_loose_shape(text)
            && text.contains(['I', 'O'])
        {
            let repaired = text.replace('I', "1").replace('O', "0");
            let intended = CodeKey::new(&repaired)
                .filter(|key| {
                    self.terminology
                        .table(self.system)
                        .is_some_and(|table| table.get(*key).is_some())
                })
                .and_then(|key| Code::from_key(self.system, key));
            return Verdict::LetterIOrO { intended };
        }
        self.in_another_system()
            .or_else(|| {
                self.terminology.table(self.system).and_then(|table| self.confusable(table))
            })
            .or_else(|| self.icd9())
            .unwrap_or(Verdict::Malformed)
    }

    /// A diagnosis of ICD-9-CM where one of ICD-10-CM is asked for. A code that ICD-10-CM knows on any date is one.
    fn icd9(&self) -> Option<Verdict> {
        if self.system != CodeSystem::Icd10Cm || self.concept.is_some() {
            return None;
        }
        let code = icd9::diagnosis(self.text)?;
        if !self.terminology.supplements().is_icd9_diagnosis(code) {
            return None;
        }
        if self.date < ICD10_START {
            // It was the code to use.
            return Some(Verdict::Unavailable(UnavailableReason::DateNotCovered));
        }
        Some(Verdict::Icd9 { code, mapped: icd9::mapped(self.terminology, code, self.date) })
    }

    /// The same text as a code of another system: known there, or of the shape of CPT.
    fn in_another_system(&self) -> Option<Verdict> {
        let is_procedure = |system| matches!(system, CodeSystem::Cpt | CodeSystem::Hcpcs);
        let others = CodeSystem::ALL.into_iter().filter(|system| {
            *system != self.system && !(is_procedure(*system) && is_procedure(self.system))
        });
        // Only ICD codes have a point: 250.00 is no CPT code.
        let is_long = self.normalized.code.len() > icd10cm::POINT_AFTER;
        let has_point = match self.normalized.point {
            Point::Wrong => true,
            Point::Right => self.system == CodeSystem::Icd10Cm && is_long,
            Point::Missing => false,
        };
        let others = others.filter(|system| !has_point || *system == CodeSystem::Icd10Cm);
        let code = others.filter_map(|system| {
            let code = Code::from_key(system, CodeKey::new(&self.normalized.code)?)?;
            // Two characters that stand for a code are no modifier.
            if code.is_modifier() {
                return None;
            }
            let known = match self.terminology.table(system) {
                Some(_) => self.terminology.concept(code, self.date).is_some(),
                None => system == CodeSystem::Cpt,
            };
            known.then_some(code)
        });
        code.map(|actual| Verdict::WrongSystem { actual }).next()
    }

    fn confusable(&self, table: &CodeTable) -> Option<Verdict> {
        let text = &self.normalized.code;
        let active = |key: CodeKey| self.is_active(table, key);
        let intended = lookalike::unique_swap(text, active)
            .or_else(|| lookalike::unique_swap(text, |key| table.get(key).is_some()))?;
        Some(Verdict::Confusable { intended: Code::from_key(self.system, intended)? })
    }

    fn unknown(&self, table: &CodeTable) -> Verdict {
        if let Some(verdict) = self.in_another_system() {
            return verdict;
        }
        let near =
            nearest::codes_near(table, &self.normalized.code, |key| self.is_active(table, key));
        let keys = if near.is_empty() { self.first_below_nearest_prefix(table) } else { near };
        let candidates =
            keys.into_iter().filter_map(|key| Code::from_key(self.system, key)).collect();
        Verdict::Unknown { candidates }
    }

    /// Where no code is one slip away: the first codes that share the longest beginning.
    fn first_below_nearest_prefix(&self, table: &CodeTable) -> Vec<CodeKey> {
        let Some(key) = CodeKey::new(&self.normalized.code) else { return Vec::new() };
        for length in (3..key.length()).rev() {
            let below = table.below(key.prefix(length)).map(|entry| entry.key());
            let active: Vec<_> =
                below.filter(|key| self.is_active(table, *key)).take(nearest::MOST).collect();
            if !active.is_empty() {
                return active;
            }
        }
        Vec::new()
    }

    fn valid_above(&self, table: &CodeTable, code: Code) -> Option<Code> {
        let lengths = (3..code.key().length()).rev();
        let mut shorter = lengths.map(|length| code.key().prefix(length));
        let valid = shorter.find(|key| self.is_active(table, *key))?;
        Code::from_key(self.system, valid)
    }

    fn is_active(&self, table: &CodeTable, key: CodeKey) -> bool {
        match table.get(key).map(|entry| entry.lifetime()) {
            Some(Lifetime::Dated(period)) => period.contains(self.date),
            Some(Lifetime::Seen { .. }) => true,
            None => false,
        }
    }
}
