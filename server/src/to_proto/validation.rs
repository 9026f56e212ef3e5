//! The verdict on one code: whether it exists and may stand in a record, and whether it may be submitted.
//!
//! The rules about single codes say what is wrong in words, with fixes; FHIR's terminology operations say how it is
//! classed. Both are put together here.

use std::borrow::Cow;

use medcode_codes::{
    code_table::Lifetime,
    date::Period,
    fact, issue,
    normalize::Point,
    release::Release,
    system::{CodeSystem, UnknownSystem},
    verdict::{Judgement, Verdict},
};
use medcode_proto::v1::{self, FactState, UnavailableReason};

use super::{
    UsedReleases,
    concept::{self, CodingParts, Version, Written},
    encounter::fix,
    fhir::{self, Case},
    fields::Fields,
    suggestions,
};
use crate::{
    catalog::snapshot::Snapshot,
    from_proto::{AskedCoding, DisplayPolicy},
    rpc::Learned,
};

mod billing;
mod display;

use billing::Billing;

/// A code that was judged, with what the rules about single codes report of it.
pub(crate) struct Validated<'s, 'v> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) asked: &'v AskedCoding<'v>,
    pub(crate) learned: &'v Learned<'s>,
    pub(crate) reported: &'v [issue::Issue],
    pub(crate) allow_abstract: bool,
    pub(crate) display_policy: DisplayPolicy,
}

/// What the verdict on a code says.
pub(crate) struct Parts<'s, 'v> {
    result: bool,
    message: String,
    coding: CodingParts<'v>,
    normalized_code: &'v str,
    inactive: bool,
    not_selectable: bool,
    issues: Vec<v1::Issue>,
    billing: Billing<'s>,
    state: FactState,
    unavailable_reason: UnavailableReason,
    suggestions: Vec<v1::Suggestion>,
    copyright: &'s str,
    /// The release that describes the code.
    pub(crate) release: Option<&'s Release>,
}

impl Parts<'_, '_> {
    /// Whether nothing is to be said of the code but that it is good.
    pub(crate) fn is_plain(&self) -> bool {
        self.issues.is_empty() && self.suggestions.is_empty()
    }

    /// Writes the fields of a `CodeValidation`.
    pub(crate) fn write(&self, releases: &UsedReleases<'_>, fields: &mut Fields<'_>) {
        fields.flag(1, self.result);
        fields.text(2, &self.message);
        fields.part(3, |fields| self.coding.write(fields));
        fields.text(4, self.normalized_code);
        fields.flag(5, self.inactive);
        fields.flag(6, self.not_selectable);
        fields.messages(7, &self.issues);
        fields.part(8, |fields| self.billing.write(releases, fields));
        fields.value(9, self.state);
        fields.value(10, self.unavailable_reason);
        fields.messages(11, &self.suggestions);
        fields.text(12, self.copyright);
    }
}

impl<'s, 'v> Validated<'s, 'v> {
    /// The verdict.
    pub(crate) fn parts(&self) -> Parts<'s, 'v> {
        let (state, unavailable_reason) = super::fact_state(&self.learned.fact);
        let issues = self.issues();
        let has_error = issues.iter().any(|issue| issue.severity() == v1::IssueSeverity::Error);
        let exists =
            state == FactState::Known || unavailable_reason == UnavailableReason::NotInFragment;
        let weighty = issues.iter().filter(|issue| {
            matches!(issue.severity(), v1::IssueSeverity::Error | v1::IssueSeverity::Warning)
        });
        let status = self.learned.sighting().map(|sighting| sighting.status);
        let content = self.learned.sighting().map(|sighting| sighting.content);
        let known = content.map(|content| CodingParts::of(&content));
        let (titled, release) =
            known.as_ref().map_or((None, None), |known| (known.titled, known.release));
        Parts {
            result: exists && !has_error,
            message: weighty.map(|issue| issue.message.as_str()).collect::<Vec<_>>().join("; "),
            normalized_code: self.learned.normalized_code.as_deref().unwrap_or_default(),
            inactive: status.is_some_and(|status| concept::inactive(self.snapshot, &status)),
            not_selectable: status.is_some_and(|status| status.not_selectable()),
            issues,
            billing: Billing::of(self),
            state,
            unavailable_reason,
            suggestions: suggestions::instead(self.snapshot, self.learned, self.most_suggestions()),
            copyright: content
                .map_or("", |content| concept::copyright(self.snapshot, content.system(), titled)),
            coding: self.coding(known),
            release,
        }
    }

    /// Canonical system, exact version, code as sent, correct display.
    fn coding(&self, known: Option<CodingParts<'v>>) -> CodingParts<'v> {
        let system = match self.learned.system {
            Some(system) => system.url(),
            None => &self.asked.system_as_sent,
        };
        let code = Written::Text(Cow::Borrowed(&*self.asked.code));
        match known {
            Some(known) => CodingParts { system, code, ..known },
            None => CodingParts {
                system,
                version: Version::AsSent(&self.asked.version_as_sent),
                code,
                display: Cow::Borrowed(""),
                titled: None,
                release: None,
            },
        }
    }

    fn most_suggestions(&self) -> usize {
        match self.learned.judgement.as_ref().map(|judgement| &judgement.verdict) {
            Some(
                Verdict::Header | Verdict::CategoryReference | Verdict::MissingSeventhCharacter,
            ) => suggestions::MANY,
            _ => suggestions::FEW,
        }
    }

    /// What is to be said of it.
    pub(crate) fn issues(&self) -> Vec<v1::Issue> {
        let mut issues = self.about_code();
        issues.extend(display::judge(self).map(|(case, message)| self.issue(case, &[], &message)));
        issues.sort_by_key(|issue| issue.severity);
        issues
    }

    /// What is to be said of the code itself.
    fn about_code(&self) -> Vec<v1::Issue> {
        let Some(system) = self.learned.system else { return vec![self.unknown_system()] };
        if let (_, UnavailableReason::ReleaseUnknown) = super::fact_state(&self.learned.fact) {
            return vec![self.unknown_version(system)];
        }
        let Some(judgement) = &self.learned.judgement else { return self.about_group(system) };
        let mut issues: Vec<_> = self.about_verdict(judgement).into_iter().collect();
        if let (Verdict::NotYetEffective { .. }, Some(start)) =
            (&judgement.verdict, self.period().map(|period| period.start))
        {
            issues.push(self.issue(
                fhir::STARTS_LATER,
                &[],
                &format!("{} starts on {start}.", judgement.written()),
            ));
        }
        if let (Verdict::Billable, Some(end)) =
            (&judgement.verdict, self.period().and_then(|period| period.end))
        {
            issues.push(self.issue(
                fhir::ENDS,
                &[],
                &format!("{} ends on {end}.", judgement.written()),
            ));
        }
        if let Some(horizon) = judgement.beyond_horizon.filter(|_| judgement.concept.is_some()) {
            let release = concept::dating_release(self.snapshot, system);
            let message = format!(
                "The installed {system} codes are known until {horizon}{release}; {} is later.",
                judgement.date
            );
            issues.push(self.issue(fhir::RELEASE_ENDED, &["date-beyond-code-set"], &message));
        }
        if judgement.is_billable() && !judgement.was_in_use() {
            let message = format!(
                "{} is known to have been in use, but not on {}: only a part of {system} is installed.",
                judgement.written(),
                judgement.date
            );
            issues.push(self.issue(fhir::RELEASE_ENDED, &[], &message));
        }
        issues.extend(self.about_spelling(judgement));
        issues
    }

    fn unknown_system(&self) -> v1::Issue {
        let is_who = matches!(self.asked.system, Err(fault) if fault.is_who_icd10);
        let message = UnknownSystem { is_who_icd10: is_who }.to_string();
        self.issue(fhir::UNKNOWN_SYSTEM, &[], &format!("{}.", super::capitalised(&message)))
    }

    fn unknown_version(&self, system: CodeSystem) -> v1::Issue {
        let records = self.snapshot.releases.iter().filter(|record| record.is_of(system));
        let mut loaded: Vec<_> = records.map(|record| record.release.version.to_string()).collect();
        loaded.sort();
        loaded.dedup();
        let message = if loaded.is_empty() {
            format!("No release of {system} is loaded.")
        } else {
            format!("This release of {system} is not loaded. Loaded are {}.", loaded.join(", "))
        };
        self.issue(fhir::UNKNOWN_VERSION, &[], &message)
    }

    /// A chapter, a section, or the codes that share a beginning.
    fn about_group(&self, system: CodeSystem) -> Vec<v1::Issue> {
        match self.learned.sighting() {
            None => vec![self.not_covered(system)],
            Some(_) if self.allow_abstract => Vec::new(),
            Some(group) => {
                let message = format!(
                    "{} groups other codes; a billable code is required.",
                    group.content.name()
                );
                vec![self.issue(fhir::ABSTRACT, &[], &message)]
            }
        }
    }

    fn not_covered(&self, system: CodeSystem) -> v1::Issue {
        let message = format!("No installed release of {system} covers {}.", self.learned.date);
        self.issue(fhir::UNKNOWN_VERSION, &[], &message)
    }

    fn about_verdict(&self, judgement: &Judgement<'_>) -> Option<v1::Issue> {
        use fact::UnavailableReason as Reason;

        if judgement.verdict == Verdict::Billable
            && !judgement.normalized.lookalike
            && !self.learned.is_outside_its_release()
        {
            return None;
        }
        let (written, system) = (judgement.written(), judgement.system);
        let unknown = |rule: &str| {
            self.issue(fhir::UNKNOWN_CODE, &[rule], &format!("{system} has no such code."))
        };
        let header = |rules: &[&str]| {
            let message = format!("{written} is a header; a billable code is required.");
            (!self.allow_abstract).then(|| self.issue(fhir::ABSTRACT, rules, &message))
        };
        if judgement.normalized.lookalike && judgement.concept.is_some() {
            return Some(unknown("lookalike-characters"));
        }
        if self.learned.is_outside_its_release() {
            let message = format!("{written} is not in this release of {system}.");
            return Some(self.issue(fhir::UNKNOWN_CODE, &[], &message));
        }
        match &judgement.verdict {
            Verdict::Billable => None,
            Verdict::Expired { .. }
                if judgement.concept.is_some_and(|concept| concept.groups_others()) =>
            {
                header(&["expired-code"])
            }
            Verdict::Expired { .. } => Some(self.issue(
                fhir::INACTIVE,
                &[match system {
                    CodeSystem::Hcpcs => "terminated-hcpcs-code",
                    CodeSystem::Cpt => "deleted-cpt-code",
                    CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs => "expired-code",
                }],
                &format!("{written} has ended."),
            )),
            Verdict::NotYetEffective { .. } => Some(unknown("not-yet-effective-code")),
            Verdict::CategoryReference => header(&["category-on-claim"]),
            Verdict::Header => header(&["non-billable-code"]),
            Verdict::MissingSeventhCharacter => header(&["missing-seventh-character"]),
            Verdict::InvalidSeventhCharacter { .. } => Some(unknown("invalid-seventh-character")),
            Verdict::MissingPlaceholder { .. } => Some(unknown("missing-placeholder-x")),
            Verdict::UnexpectedCharacters { .. } => Some(unknown("unexpected-seventh-character")),
            Verdict::Unknown { .. } if self.is_retired_header() => header(&[]),
            Verdict::Confusable { .. } => Some(unknown("confusable-characters")),
            Verdict::Unknown { .. } => Some(unknown("unknown-code")),
            Verdict::WrongSystem { .. } if judgement.code.is_some() => {
                Some(unknown("wrong-code-system"))
            }
            Verdict::WrongSystem { .. } => Some(self.malformed(judgement, "wrong-code-system")),
            Verdict::LetterIOrO { .. } => Some(self.malformed(judgement, "pcs-letter-i-or-o")),
            Verdict::Icd9 { .. } if judgement.code.is_some() => Some(unknown("icd9-code")),
            Verdict::Icd9 { .. } => Some(self.malformed(judgement, "icd9-code")),
            Verdict::Malformed => Some(self.malformed(judgement, "malformed-code")),
            Verdict::Unavailable(Reason::DateNotCovered) => Some(self.not_covered(system)),
            Verdict::Unavailable(reason @ Reason::NotInFragment) => Some(self.issue(
                fhir::NOT_IN_FRAGMENT,
                &[],
                &super::unavailable_sentence(*reason, system),
            )),
            Verdict::Unavailable(reason) => Some(self.issue(
                fhir::NOT_LOADED,
                &[],
                &super::unavailable_sentence(*reason, system),
            )),
        }
    }

    fn malformed(&self, judgement: &Judgement<'_>, rule: &str) -> v1::Issue {
        let system = judgement.system;
        let message = format!("This cannot be a code of {system}: {}.", system.shape_in_words());
        self.issue(fhir::MALFORMED, &[rule], &message)
    }

    fn about_spelling(&self, judgement: &Judgement<'_>) -> Vec<v1::Issue> {
        let mut issues = Vec::new();
        let is_code = judgement.code.is_some() && !judgement.normalized.lookalike;
        if is_code && judgement.normalized.lowercase {
            let message = format!("{} is written in capitals.", judgement.written());
            issues.push(self.issue(fhir::CASE_DIFFERENCE, &["lowercase-code"], &message));
        }
        if is_code && judgement.normalized.point != Point::Right {
            let message = format!("The code is written {}.", judgement.written());
            issues.push(self.issue(
                fhir::FORMAT_DIFFERENCE,
                &["missing-dot", "misplaced-dot"],
                &message,
            ));
        }
        issues
    }

    /// An issue of this kind. Where one of `rules` has reported, its words and fixes are used.
    fn issue(&self, case: Case, rules: &[&str], otherwise: &str) -> v1::Issue {
        let reported =
            self.reported.iter().find(|reported| rules.contains(&reported.rule.as_ref()));
        v1::Issue {
            severity: case.severity.into(),
            code: case.code.into(),
            r#type: case.kind.into(),
            message_id: case.message_id.into(),
            message: reported.map_or(otherwise, |reported| &reported.message).to_owned(),
            expression: vec![case.at.into()],
            rule_id: reported.map(|reported| reported.rule.as_ref().to_owned()).unwrap_or_default(),
            fixes: reported.map(|reported| self.fixes(reported)).unwrap_or_default(),
            source: reported.map(|reported| reported.source.clone()).unwrap_or_default(),
            releases_used: super::releases(self.learned.releases(self.snapshot)),
            related_notes: Vec::new(),
        }
    }

    fn fixes(&self, reported: &issue::Issue) -> Vec<v1::Fix> {
        let fixes = reported.fixes.iter().enumerate();
        fixes
            .map(|(place, proposed)| {
                fix(self.snapshot, proposed, place == 0, self.learned.date, |_| String::new())
            })
            .collect()
    }

    /// Whether the code is a header that stands in older releases only.
    fn is_retired_header(&self) -> bool {
        let status = self.learned.sighting().map(|sighting| sighting.status);
        status.is_some_and(|status| concept::is_retired_header(self.snapshot, &status))
    }

    fn period(&self) -> Option<Period> {
        self.learned.judgement.as_ref()?.concept?.lifetime().and_then(Lifetime::period)
    }
}
