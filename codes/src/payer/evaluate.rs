//! What the entries of a payer file say of an encounter.

use crate::{
    encounter::{Item, JudgedEncounter, ServiceLine, Units},
    issue::Severity,
};

use super::{
    Diagnoses, PayerFile, PayerRule, TextRequirement,
    subjects::{Applies, Subject, applies, key, pointed, subjects},
};

/// Which rule answers for a part of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayerRuleKind {
    /// `payer-modifier-missing`.
    Modifier,
    /// `payer-documentation-missing`.
    Documentation,
    /// `payer-not-covered`.
    NotCovered,
    /// `payer-authorization-missing`.
    Authorization,
    /// `payer-limit-exceeded`.
    Limit,
    /// `payer-diagnosis-missing`.
    Diagnosis,
    /// `medical-necessity-not-met`: a diagnosis that a coverage policy asks for.
    Necessity,
    /// `payer-forbidden-combination`.
    Combination,
}

impl PayerRuleKind {
    /// Id of the rule.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Modifier => "payer-modifier-missing",
            Self::Documentation => "payer-documentation-missing",
            Self::NotCovered => "payer-not-covered",
            Self::Authorization => "payer-authorization-missing",
            Self::Limit => "payer-limit-exceeded",
            Self::Diagnosis => "payer-diagnosis-missing",
            Self::Necessity => "medical-necessity-not-met",
            Self::Combination => "payer-forbidden-combination",
        }
    }

    /// Its severity where the entry gives none.
    pub fn severity(self) -> Severity {
        if self == Self::NotCovered { Severity::Error } else { Severity::Warning }
    }
}

/// What came out of a part of an entry at one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayerOutcome {
    /// It holds.
    Pass,
    /// It does not; holds the message.
    Fail(String),
    /// A fact is missing; holds the name of its field.
    Missing(&'static str),
    /// Only the text can tell.
    Open(Box<TextRequirement>),
}

/// A part of an entry at one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayerFinding {
    /// Who answers for it.
    pub kind: PayerRuleKind,
    /// The code it is about.
    pub item: Item,
    /// A second code it is about.
    pub other: Option<Item>,
    /// How much it weighs.
    pub severity: Severity,
    /// What came out.
    pub outcome: PayerOutcome,
    /// The id of the entry and what it rests on.
    pub source: String,
}

/// Asks every entry of a file about an encounter.
pub fn evaluate(file: &PayerFile, encounter: &JudgedEncounter<'_>) -> Vec<PayerFinding> {
    let mut findings = Vec::new();
    for rule in &file.rules {
        for subject in subjects(rule, encounter) {
            let mut asked = Asked { file, rule, encounter, subject, findings: &mut findings };
            match applies(&rule.when, encounter, subject) {
                Applies::No => {}
                Applies::Yes => asked.ask(),
                Applies::Unknown(field) => asked.say_missing(field),
            }
        }
    }
    findings
}

/// One entry at one code.
struct Asked<'e, 'a> {
    file: &'e PayerFile,
    rule: &'e PayerRule,
    encounter: &'e JudgedEncounter<'a>,
    subject: Subject<'e>,
    findings: &'e mut Vec<PayerFinding>,
}

impl Asked<'_, '_> {
    fn ask(&mut self) {
        self.modifiers();
        self.diagnoses();
        self.claim_fields();
        self.combinations();
        self.coverage();
        self.limits();
        self.text();
    }

    /// Each part that the entry has could not be asked.
    fn say_missing(&mut self, field: &'static str) {
        let before = self.findings.len();
        self.ask();
        for finding in &mut self.findings[before..] {
            finding.outcome = PayerOutcome::Missing(field);
        }
    }

    fn modifiers(&mut self) {
        let require = &self.rule.require;
        if require.modifier_any.is_empty() && require.modifier_all.is_empty() {
            return;
        }
        let Some(line) = self.subject.line else { return };
        let any = require.modifier_any.is_empty()
            || require.modifier_any.iter().any(|it| line.has_modifier(it));
        let missing: Vec<_> =
            require.modifier_all.iter().filter(|it| !line.has_modifier(it)).cloned().collect();
        let fault = match (any, missing.is_empty()) {
            (true, true) => None,
            (false, _) => Some(format!(
                "one of the modifiers {} is required",
                require.modifier_any.join(", ")
            )),
            (true, false) => Some(format!("modifier {} is required", missing.join(", "))),
        };
        self.conclude(PayerRuleKind::Modifier, fault, None);
    }

    fn diagnoses(&mut self) {
        let require = &self.rule.require;
        if require.dx_any.is_none() && require.dx_first.is_none() && require.dx_all.is_empty() {
            return;
        }
        let near = match self.subject.line {
            Some(line) => pointed(self.encounter, line),
            None => self.encounter.good_diagnoses().iter().collect(),
        };
        let has =
            |wanted: &Diagnoses| near.iter().any(|it| wanted.codes.contains(it.key, it.place));
        let kind = if self.rule.policy.is_some() {
            PayerRuleKind::Necessity
        } else {
            PayerRuleKind::Diagnosis
        };
        if let Some(wanted) = &require.dx_any {
            let fault =
                (!has(wanted)).then(|| format!("needs one of the diagnoses {}", wanted.written));
            self.conclude(kind, fault, None);
        }
        let lacking: Vec<_> =
            require.dx_all.iter().filter(|it| !has(it)).map(|it| it.written.as_str()).collect();
        if !require.dx_all.is_empty() {
            let fault = (!lacking.is_empty())
                .then(|| format!("needs the diagnoses {}", lacking.join(" and ")));
            self.conclude(PayerRuleKind::Diagnosis, fault, None);
        }
        if let Some(wanted) = &require.dx_first {
            let first = match self.subject.line.filter(|line| !line.diagnosis_pointers.is_empty()) {
                Some(line) => near
                    .iter()
                    .find(|it| {
                        line.diagnosis_pointers
                            .first()
                            .is_some_and(|index| it.item == Item::Diagnosis(*index))
                    })
                    .copied(),
                None => self.encounter.first_listed(),
            };
            let right = first.is_some_and(|it| wanted.codes.contains(it.key, it.place));
            let fault = (!right)
                .then(|| format!("the first diagnosis has to be one of {}", wanted.written));
            self.conclude(PayerRuleKind::Diagnosis, fault, None);
        }
    }

    fn claim_fields(&mut self) {
        let require = &self.rule.require;
        let mut wanted = require.field.clone();
        if require.prior_auth {
            wanted.push("auth_number".to_owned());
        }
        if wanted.is_empty() {
            return;
        }
        let Some(filled) = &self.encounter.encounter.claim_fields else {
            return self.add(
                PayerRuleKind::Authorization,
                None,
                PayerOutcome::Missing("claim_fields"),
            );
        };
        wanted.retain(|field| !filled.contains(field));
        let fault = (!wanted.is_empty()).then(|| match (require.prior_auth, wanted.as_slice()) {
            (true, [only]) if only == "auth_number" => "prior authorization is required".to_owned(),
            _ => format!("required on the claim: {}", wanted.join(", ")),
        });
        self.conclude(PayerRuleKind::Authorization, fault, None);
    }

    fn combinations(&mut self) {
        let forbid = &self.rule.forbid;
        let lifted =
            |line: &ServiceLine| forbid.unless_modifier.iter().any(|it| line.has_modifier(it));
        let own = self.subject.line;
        if let Some(codes) = &forbid.with_code {
            let date = |line: &ServiceLine| line.service_date.unwrap_or(self.encounter.date);
            let other = self.encounter.lines().find(|(line, coded)| {
                coded.item != self.subject.item
                    && key(coded).is_some_and(|key| codes.contains(key))
                    && own.is_none_or(|own| date(own) == date(line))
                    && !lifted(line)
                    && !own.is_some_and(lifted)
            });
            let found = other.map(|(_, coded)| (coded.item, coded.judgement.written()));
            let fault = found.as_ref().map(|(_, code)| format!("is not paid together with {code}"));
            self.conclude(PayerRuleKind::Combination, fault, found.map(|(item, _)| item));
        }
        if let Some(wanted) = &forbid.with_dx {
            let near = match own {
                Some(line) => pointed(self.encounter, line),
                None => self.encounter.good_diagnoses().iter().collect(),
            };
            let found = near
                .iter()
                .find(|it| it.item != self.subject.item && wanted.codes.contains(it.key, it.place))
                .filter(|_| !own.is_some_and(lifted));
            let fault = found.map(|it| format!("is not paid with the diagnosis {}", it.written()));
            let other = found.map(|it| it.item);
            self.conclude(PayerRuleKind::Combination, fault, other);
        }
        if let Some(line) = own.filter(|_| !forbid.modifier.is_empty()) {
            let found =
                forbid.modifier.iter().find(|it| line.has_modifier(it)).filter(|_| !lifted(line));
            let fault = found.map(|modifier| format!("modifier {modifier} is not accepted"));
            self.conclude(PayerRuleKind::Combination, fault, None);
        }
    }

    fn coverage(&mut self) {
        let Some(deny) = &self.rule.deny else { return };
        let reason = if deny.reason.is_empty() { "not covered" } else { deny.reason.as_str() };
        let fault = if deny.alternative.is_empty() {
            reason.to_owned()
        } else {
            format!("{reason}; the alternative is {}", deny.alternative)
        };
        self.conclude(PayerRuleKind::NotCovered, Some(fault), None);
    }

    fn limits(&mut self) {
        let (limit, require) = (&self.rule.limit, &self.rule.require);
        let first = limit.age_min.max(require.age_min);
        let last = [limit.age_max, require.age_max].into_iter().flatten().min();
        if first.is_some() || last.is_some() {
            let outcome = match self.encounter.encounter.age_years {
                None => PayerOutcome::Missing("age_years"),
                Some(age)
                    if first.is_some_and(|first| age < first)
                        || last.is_some_and(|last| age > last) =>
                {
                    PayerOutcome::Fail(
                        self.message(&format!("only for ages {}", ages(first, last))),
                    )
                }
                Some(_) => PayerOutcome::Pass,
            };
            self.add(PayerRuleKind::Limit, None, outcome);
        }
        let Some((most, line)) = limit.units.zip(self.subject.line) else { return };
        let over_days = limit.per_dos || limit.per.is_some();
        let units = if over_days { self.units_of_day(line) } else { line.units() };
        let outcome = if units > Units::whole(most) {
            let span = limit.per.as_ref().map_or_else(
                || if limit.per_dos { " a day".to_owned() } else { String::new() },
                |per| format!(" per {per}"),
            );
            PayerOutcome::Fail(self.message(&format!("{units} units, the limit is {most}{span}")))
        } else if limit.per.is_some() {
            // Other days within the span are in no other encounter that is known here.
            PayerOutcome::Missing("earlier_services")
        } else {
            PayerOutcome::Pass
        };
        self.add(PayerRuleKind::Limit, None, outcome);
    }

    /// The units of all lines of the same code on the same day.
    fn units_of_day(&self, line: &ServiceLine) -> Units {
        let date = line.service_date.unwrap_or(self.encounter.date);
        let own =
            self.encounter.items.iter().find(|coded| coded.item == self.subject.item).and_then(key);
        let same = self.encounter.lines().filter(|(other, coded)| {
            key(coded) == own && other.service_date.unwrap_or(self.encounter.date) == date
        });
        same.map(|(other, _)| other.units()).reduce(Units::plus).unwrap_or(Units::ONE)
    }

    fn text(&mut self) {
        let require = &self.rule.require;
        if require.text_any.is_empty() && require.text_all.is_empty() {
            return;
        }
        let kind = PayerRuleKind::Documentation;
        let message = self.message("the note does not say what the payer requires");
        let requirement = TextRequirement {
            any: require.text_any.clone(),
            all: require.text_all.clone(),
            ..self.requirement(kind, message)
        };
        self.add(kind, None, PayerOutcome::Open(Box::new(requirement)));
    }

    fn requirement(&self, kind: PayerRuleKind, message: String) -> TextRequirement {
        TextRequirement {
            rule: kind.rule().to_owned(),
            item: self.subject.item,
            code: self.written(),
            condition: self.rule.when.text.clone(),
            any: Vec::new(),
            all: Vec::new(),
            severity: self.rule.severity.unwrap_or(kind.severity()),
            message,
            source: self.source(),
        }
    }

    /// Takes note of a fault or of its absence. What only holds where the text says something is left to the text.
    fn conclude(&mut self, kind: PayerRuleKind, fault: Option<String>, other: Option<Item>) {
        let outcome = match fault {
            None => PayerOutcome::Pass,
            Some(fault) => {
                let message = self.message(&fault);
                if self.rule.when.text.is_some() {
                    PayerOutcome::Open(Box::new(self.requirement(kind, message)))
                } else {
                    PayerOutcome::Fail(message)
                }
            }
        };
        self.add(kind, other, outcome);
    }

    fn add(&mut self, kind: PayerRuleKind, other: Option<Item>, outcome: PayerOutcome) {
        let severity = self.rule.severity.unwrap_or(kind.severity());
        let source = self.source();
        self.findings.push(PayerFinding {
            kind,
            item: self.subject.item,
            other,
            severity,
            outcome,
            source,
        });
    }

    fn written(&self) -> String {
        let coded = self.encounter.items.iter().find(|coded| coded.item == self.subject.item);
        coded.map(|coded| coded.judgement.written()).unwrap_or_default()
    }

    fn message(&self, fault: &str) -> String {
        let policy = self
            .rule
            .policy
            .as_ref()
            .map_or_else(String::new, |policy| format!(" under policy {policy}"));
        let said = if self.rule.message.is_empty() {
            String::new()
        } else {
            format!(" {}", self.rule.message)
        };
        format!("{}{policy}: {fault} ({} {}).{said}", self.written(), self.file.name, self.rule.id)
    }

    fn source(&self) -> String {
        let entry = format!("{}, {} ({})", self.file.name, self.rule.id, self.file.file);
        match (self.rule.source.is_empty(), &self.rule.policy) {
            (false, _) => format!("{}; {entry}.", self.rule.source),
            (true, Some(policy)) => format!("{policy}; {entry}."),
            (true, None) => format!("{entry}."),
        }
    }
}

fn ages(first: Option<u32>, last: Option<u32>) -> String {
    match (first, last) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(first), None) => format!("{first} and over"),
        (None, Some(last)) => format!("up to {last}"),
        (None, None) => String::new(),
    }
}
