//! The edits of the Medicare Code Editor against an independent implementation, over claims made up at random.

use std::collections::BTreeMap;

use e2e::{catalog, claims::claims, oracle};
use medcode_codes::{
    encounter::JudgedEncounter,
    engine::{RuleOptions, check_judged},
    issue::Severity,
    verdict::Verdict,
};
use medcode_server::catalog::snapshot::Snapshot;

const CLAIMS: usize = 100_000;
const SEED: u64 = 20_260_401;

/// Edits of the oracle with the rule that answers for each.
const EDITS: [(&str, &str); 9] = [
    ("AGE_CONFLICT", "age-conflict"),
    ("SEX_CONFLICT", "sex-conflict"),
    ("MANIFESTATION_AS_PDX", "manifestation-first-listed"),
    ("E_CODE_AS_PDX", "external-cause-first-listed"),
    ("UNACCEPTABLE_PDX", "unacceptable-principal-diagnosis"),
    ("REQUIRES_SDX", "unacceptable-principal-diagnosis"),
    ("UNSPECIFIED", "unspecified-side"),
    ("DUPLICATE_OF_PDX", "duplicate-diagnosis"),
    ("QUESTIONABLE_ADMISSION", "questionable-admission"),
];

/// The edits of one claim as the rules see them, by the names of the oracle.
fn edits(
    judged: &JudgedEncounter<'_>,
    options: &[(&'static str, RuleOptions)],
) -> BTreeMap<String, u32> {
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    let mut count = |edit: &str, times: usize| {
        if times > 0 {
            *found.entry(edit.to_owned()).or_default() += u32::try_from(times).expect("a few");
        }
    };
    let good = |verdict: &Verdict| matches!(verdict, Verdict::Billable);
    count("INVALID_CODE", judged.items.iter().filter(|it| !good(&it.judgement.verdict)).count());
    for (rule, options) in options {
        let issues = check_judged(judged, options).issues;
        let times = match *rule {
            // Only the principal diagnosis is compared with the rest.
            "duplicate-diagnosis" => {
                issues.iter().filter(|it| it.severity == Severity::Error).count()
            }
            _ => issues.len(),
        };
        let alone = judged.items.len() == 1;
        let requires_another = *rule == "unacceptable-principal-diagnosis"
            && alone
            && judged
                .first_listed()
                .is_some_and(|it| it.has(medcode_codes::flag::Flag::RequiresSecondary));
        let edit = if requires_another {
            "REQUIRES_SDX"
        } else {
            EDITS.iter().find(|(_, known)| known == rule).map_or("", |(edit, _)| edit)
        };
        count(edit, times);
    }
    found
}

#[test]
fn the_code_editor_agrees_on_100_000_claims() {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let claims = claims(&snapshot.terminology, CLAIMS, SEED);
    let Some(answers) = oracle::code_editor(&claims) else { return };
    let mut rules: Vec<&'static str> = EDITS.iter().map(|(_, rule)| *rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let options: Vec<_> = rules
        .into_iter()
        .map(|rule| (rule, RuleOptions { enable: vec![rule.to_owned()], ..RuleOptions::default() }))
        .collect();
    let today = jiff::civil::date(2026, 4, 1);
    let mut differences: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut compared = 0;
    // The one difference that is meant: the oracle also counts repetitions of a principal diagnosis that is no code. The
    // rules report that code for what it is, and it takes no part in rules about good codes.
    let mut repeated_nonsense = 0;
    for (claim, theirs) in claims.iter().zip(&answers.edits) {
        let judged = JudgedEncounter::new(claim, &snapshot.terminology, today);
        let ours = edits(&judged, &options);
        compared += theirs.values().map(|count| *count as usize).sum::<usize>();
        for edit in EDITS.iter().map(|(edit, _)| *edit).chain(["INVALID_CODE"]) {
            let (own, other) = (ours.get(edit).copied(), theirs.get(edit).copied());
            let is_code = judged.items.first().is_some_and(|it| it.judgement.concept.is_some());
            if edit == "DUPLICATE_OF_PDX" && own.is_none() && other.is_some() && !is_code {
                repeated_nonsense += 1;
            } else if own != other {
                let codes: Vec<_> = claim.diagnoses.iter().map(|it| it.text.as_str()).collect();
                let example = format!(
                    "{} {:?} {:?}: {}",
                    claim.discharge_date.expect("a date"),
                    claim.age_years,
                    claim.sex,
                    codes.join(" ")
                );
                let entry = differences.entry(format!("{edit}: {own:?} instead of {other:?}"));
                entry.or_insert((0, example)).0 += 1;
            }
        }
    }
    assert_eq!(repeated_nonsense, 32);
    assert!(compared > CLAIMS / 2, "the claims hold too few edits: {compared}");
    assert!(differences.is_empty(), "{differences:#?}");
}
