//! Counterparts of codes.

use medcode_codes::{
    code::{Code, CodeKey, written},
    code_table::Lifetime,
    concept::Concept,
    date::Date,
    fact,
    gem::{GemDirection, GemEntry},
    icd9::{self, Icd9Part},
    release::Release,
    replacement::Replacement,
    replacement::official_source,
    system::{CodeSystem, UnknownSystem},
    verdict::Verdict,
};
use medcode_proto::v1::{self, Relationship, UnavailableReason};

use crate::{
    catalog::snapshot::Snapshot,
    from_proto::{AskedCoding, GemSystem},
    rpc::Learned,
};

/// A translation, by its matches; `otherwise` says why there is none.
pub(crate) fn translation(
    (state, unavailable_reason): (v1::FactState, UnavailableReason),
    matches: Vec<v1::TranslationMatch>,
    otherwise: impl FnOnce() -> String,
) -> v1::Translation {
    let result = matches.iter().any(|found| found.relationship() != Relationship::NotRelatedTo);
    v1::Translation {
        result,
        message: if result { String::new() } else { otherwise() },
        matches,
        state: state.into(),
        unavailable_reason: unavailable_reason.into(),
    }
}

/// One of the codes that took the place of another. `only` says whether it is alone.
pub(crate) fn successor(
    snapshot: &Snapshot,
    replacement: &Replacement,
    only: bool,
    date: Date,
) -> v1::TranslationMatch {
    let relationship =
        if only { Relationship::Equivalent } else { Relationship::SourceIsBroaderThanTarget };
    v1::TranslationMatch {
        effective_from: replacement.effective_from.map(super::date),
        source: super::replacement_source(replacement.source).into(),
        ..counterpart(snapshot, replacement.code, relationship, date)
    }
}

/// One of the codes whose place `concept` took.
pub(crate) fn predecessor(
    snapshot: &Snapshot,
    concept: &Concept<'_>,
    former: Code,
    relationship: Relationship,
) -> v1::TranslationMatch {
    let start = concept.lifetime().and_then(Lifetime::period).map(|period| period.start);
    v1::TranslationMatch {
        effective_from: start.map(super::date),
        source: super::replacement_source(official_source(concept.system())).into(),
        ..counterpart(snapshot, former, relationship, concept.date())
    }
}

fn counterpart(
    snapshot: &Snapshot,
    code: Code,
    relationship: Relationship,
    date: Date,
) -> v1::TranslationMatch {
    let concept = snapshot.terminology.concept(code, date);
    v1::TranslationMatch {
        relationship: relationship.into(),
        coding: Some(super::coding(snapshot, code, date)),
        release: concept.and_then(|concept| concept.release()).map(super::release),
        ..v1::TranslationMatch::default()
    }
}

/// A row of the general equivalence mappings.
pub(crate) fn gem_match(
    snapshot: &Snapshot,
    direction: GemDirection,
    entry: &GemEntry,
    release: &Release,
    date: Date,
) -> v1::TranslationMatch {
    let relationship = match entry.to {
        None => Relationship::NotRelatedTo,
        Some(_) if entry.approximate => Relationship::RelatedTo,
        Some(_) => Relationship::Equivalent,
    };
    v1::TranslationMatch {
        relationship: relationship.into(),
        coding: entry.to.map(|to| gem_coding(snapshot, direction, to, date)),
        effective_from: None,
        gem: Some(v1::GemFlags {
            approximate: entry.approximate,
            combination: entry.combination,
            scenario: entry.scenario.into(),
            choice_list: entry.choice_list.into(),
        }),
        release: Some(super::release(release)),
        source: "gem".into(),
    }
}

/// The target of a row. It has its display where the catalog holds it.
fn gem_coding(snapshot: &Snapshot, direction: GemDirection, to: CodeKey, date: Date) -> v1::Coding {
    let icd10 = |system: CodeSystem| {
        Code::from_key(system, to).map_or_else(
            || v1::Coding {
                system: system.url().into(),
                code: written(system, &to.text()),
                ..v1::Coding::default()
            },
            |code| super::coding(snapshot, code, date),
        )
    };
    let icd9 = |part| v1::Coding {
        system: GemSystem::Icd9Cm.url().into(),
        code: icd9::written(part, to),
        display: snapshot.terminology.supplements().icd9_title(part, to).unwrap_or_default().into(),
        ..v1::Coding::default()
    };
    match direction {
        GemDirection::Icd9ToCm => icd10(CodeSystem::Icd10Cm),
        GemDirection::Icd9ToPcs => icd10(CodeSystem::Icd10Pcs),
        GemDirection::PcsToIcd9 => icd9(Icd9Part::Procedures),
        GemDirection::CmToIcd9 => icd9(Icd9Part::Diagnoses),
    }
}

/// One sentence on why a coding is not known.
pub(crate) fn why_not_known(asked: &AskedCoding<'_>, learned: &Learned<'_>) -> String {
    let (_, reason) = super::fact_state(&learned.fact);
    let Some(system) = learned.system else {
        let is_who_icd10 = matches!(asked.system, Err(fault) if fault.is_who_icd10);
        let sentence = UnknownSystem { is_who_icd10 }.to_string();
        return format!("{}.", super::capitalised(&sentence));
    };
    match (reason, learned.judgement.as_ref().map(|judgement| &judgement.verdict)) {
        (UnavailableReason::Unspecified, _) => format!("{system} has no such code."),
        (UnavailableReason::ReleaseUnknown, _) => {
            format!("This release of {system} is not loaded.")
        }
        (_, Some(Verdict::Unavailable(reason))) => super::unavailable_sentence(*reason, system),
        (_, _) => super::unavailable_sentence(fact::UnavailableReason::DateNotCovered, system),
    }
}

#[cfg(test)]
mod tests {
    use medcode_codes::{
        date::parse_iso,
        release::Content,
        testing::{TODAY, own_sample},
    };

    use super::*;

    fn row(to: Option<&str>, approximate: bool) -> GemEntry {
        GemEntry {
            from: CodeKey::new("25000").unwrap(),
            to: to.map(|to| CodeKey::new(to).unwrap()),
            approximate,
            combination: false,
            scenario: 0,
            choice_list: 0,
        }
    }

    #[test]
    fn writes_the_rows_of_a_mapping() {
        let snapshot = Snapshot::new(own_sample(), Vec::new(), Vec::new());
        let release = Release {
            dataset: "gem-icd9-cm".into(),
            version: parse_iso("2017-10-01").unwrap(),
            effective_to: None,
            digest: "sha256:0".into(),
            title: String::new(),
            content: Content::Complete,
        };
        let of =
            |direction, entry: &GemEntry| gem_match(&snapshot, direction, entry, &release, TODAY);
        let same = of(GemDirection::Icd9ToCm, &row(Some("E119"), false));
        assert_eq!(same.relationship(), Relationship::Equivalent);
        let coding = same.coding.unwrap();
        assert_eq!(coding.code, "E11.9");
        assert_eq!(coding.display, "Type 2 diabetes mellitus without complications");
        assert_eq!(
            (same.source.as_str(), same.release.unwrap().version.as_str()),
            ("gem", "2017-10-01")
        );

        let near = of(GemDirection::Icd9ToCm, &row(Some("E119"), true));
        assert_eq!(near.relationship(), Relationship::RelatedTo);
        let none = of(GemDirection::Icd9ToCm, &row(None, false));
        assert_eq!((none.relationship(), none.coding), (Relationship::NotRelatedTo, None));
        let part =
            GemEntry { combination: true, scenario: 2, choice_list: 3, ..row(Some("Z0000"), true) };
        let flags = of(GemDirection::Icd9ToCm, &part).gem.unwrap();
        assert_eq!(
            (flags.approximate, flags.combination, flags.scenario, flags.choice_list),
            (true, true, 2, 3)
        );
    }

    #[test]
    fn writes_codes_of_icd_9_with_their_point() {
        let snapshot = Snapshot::new(own_sample(), Vec::new(), Vec::new());
        let code = |direction, key: &str| {
            let coding = gem_coding(&snapshot, direction, CodeKey::new(key).unwrap(), TODAY);
            (coding.system, coding.code)
        };
        for (direction, key, written) in [
            (GemDirection::CmToIcd9, "25000", "250.00"),
            (GemDirection::CmToIcd9, "042", "042"),
            (GemDirection::CmToIcd9, "V5867", "V58.67"),
            (GemDirection::CmToIcd9, "E8120", "E812.0"),
            (GemDirection::CmToIcd9, "E812", "E812"),
            (GemDirection::PcsToIcd9, "3893", "38.93"),
        ] {
            let url = "http://hl7.org/fhir/sid/icd-9-cm".to_owned();
            assert_eq!(code(direction, key), (url, written.to_owned()));
        }
        let pcs = code(GemDirection::Icd9ToPcs, "0DTJ0ZZ");
        assert_eq!(pcs.1, "0DTJ0ZZ");
    }
}
