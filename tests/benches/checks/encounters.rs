//! Small encounters: what one core checks in a second, beside the lookup of their codes alone.

use e2e::{
    figures::{Figure, Goal, Report},
    thread_time::thread_seconds,
    visits::small_claims,
};
use medcode_codes::{
    code::Code,
    encounter::{Encounter, JudgedEncounter},
    engine::{RuleOptions, check_encounter},
    terminology::Terminology,
    testing::ask_every_rule,
};

use super::{ROUNDS, TODAY};

/// Enough that most of their codes differ and their data does not stay in the nearest cache.
const CLAIMS: usize = 5_000;
const SEED: u64 = 7;

/// "Small": four diagnoses and up to two procedures, all valid; every rule that is on by default.
const GOAL: Goal = Goal::AtLeast(150_000.0);

pub(super) fn measure(report: &mut Report, terminology: &Terminology) {
    let claims = small_claims(terminology, CLAIMS, SEED);
    let options = RuleOptions::default();
    compare(&claims, terminology, &options);
    // Those of which there is nothing to say: most of what is billed.
    let is_clean =
        |claim: &&Encounter| check_encounter(claim, terminology, TODAY, &options).issues.is_empty();
    let clean: Vec<Encounter> = claims.iter().filter(is_clean).cloned().collect();
    for (name, goal, claims) in [
        ("encounters, small: 4 diagnoses, 0 to 2 procedures", GOAL, &claims),
        ("encounters, small, nothing to report", Goal::None, &clean),
    ] {
        let rounds = (0..ROUNDS).map(|_| {
            let (seconds, _) = thread_seconds(|| {
                let checked =
                    claims.iter().map(|it| check_encounter(it, terminology, TODAY, &options));
                checked.map(|report| report.issues.len()).sum::<usize>()
            });
            let (limit, found) = thread_seconds(|| look_up(claims, terminology));
            assert!(found > 0);
            let a_second = |seconds: f64| number(claims.len()) / seconds;
            (a_second(seconds), a_second(limit))
        });
        let rounds = rounds.collect();
        report.add(Figure::of(name, "encounters/s", goal, "the lookup of their codes", rounds));
    }
}

/// Every report is that of all rules asked one by one.
fn compare(claims: &[Encounter], terminology: &Terminology, options: &RuleOptions) {
    for claim in claims {
        let judged = JudgedEncounter::new(claim, terminology, TODAY);
        let slow = ask_every_rule(&judged, options);
        assert_eq!(check_encounter(claim, terminology, TODAY, options), slow, "{claim:?}");
    }
}

/// Reads every code and finds what is known of it: no check does less.
fn look_up(claims: &[Encounter], terminology: &Terminology) -> usize {
    let codes = claims.iter().flat_map(|claim| {
        let date = claim.date(TODAY).0;
        let diagnoses = claim.diagnoses.iter().map(|it| (it.system, &it.text));
        let lines = claim.lines.iter().map(|it| (it.system, &it.text));
        diagnoses.chain(lines).map(move |(system, text)| (system, text, date))
    });
    let found = codes.filter_map(|(system, text, date)| {
        terminology.concept(Code::parse(system, text).ok()?, date)
    });
    found.count()
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
