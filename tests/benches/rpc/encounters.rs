//! `ValidateEncounters`: small encounters on one stream, beside a bare stream and beside the check in the process.

use std::{sync::Arc, time::Instant};

use e2e::{
    figures::{Figure, Goal, Report},
    process::{processor_seconds, thread_seconds},
};
use medcode_codes::{
    encounter::{Diagnosis, Encounter, Setting, Sex},
    engine::{RuleOptions, check_encounter},
    system::CodeSystem,
    terminology::Terminology,
};
use medcode_proto::v1::{
    self, encounter_service_client::EncounterServiceClient, validate_encounters_request::Item,
    validate_encounters_response::Outcome,
};
use tokio_stream::StreamExt;

use crate::{
    echo::Replies,
    load::{Pair, ROUNDS, Sample, Target, rounds, sample, take_turns},
    pool::{DAY, proto_date},
};

/// Encounters of one round.
const COUNT: usize = 20_000;

/// Encounters that are checked again and again: a few days of a practice.
const KNOWN: usize = 2_000;

/// Sends every encounter once and compares the issues with those of the check in this process.
pub(crate) async fn check(
    service: &Target,
    terminology: &Terminology,
    pool: &[v1::Encounter],
    replies: &mut Replies,
) {
    let mut client = EncounterServiceClient::new(service.channels[0].clone());
    let sent: Vec<_> = messages(pool.iter().cloned()).collect();
    let answers = client.validate_encounters(tokio_stream::iter(sent)).await;
    let mut answers = answers.expect("a stream").into_inner();
    let mut sizes = Vec::new();
    for encounter in pool {
        let answer = answers.next().await.expect("an answer").expect("no error");
        let Some(Outcome::Report(report)) = &answer.outcome else { panic!("no report") };
        assert_eq!(report.encounter_id, encounter.encounter_id);
        let own = check_encounter(&plain(encounter), terminology, DAY, &RuleOptions::default());
        let rules = |issues: &mut Vec<&str>| issues.sort_unstable();
        let mut expected: Vec<_> = own.issues.iter().map(|issue| issue.rule.as_ref()).collect();
        let mut found: Vec<_> = report.issues.iter().map(|issue| issue.rule_id.as_str()).collect();
        rules(&mut expected);
        rules(&mut found);
        assert_eq!(found, expected, "{}", encounter.encounter_id);
        sizes.push((prost::Message::encoded_len(&answer), answer));
    }
    sizes.sort_by_key(|(size, _)| *size);
    replies.encounter = sizes.swap_remove(sizes.len() / 2).1;
}

/// Measures the stream, then one thread of this process on the same encounters.
pub(crate) async fn measure(
    report: &mut Report,
    service: &Target,
    limit: &Target,
    terminology: &Terminology,
    pool: &[v1::Encounter],
) {
    let pool: Arc<[v1::Encounter]> = pool.into();
    let known: Arc<[v1::Encounter]> = pool.iter().take(KNOWN).cloned().collect();
    let pairs =
        take_turns(service, limit, |target| stream(target, repeated(known.clone(), COUNT))).await;
    add(report, "ValidateEncounters, 4 diagnoses, checked before", &pairs);
    let mut turn = 0;
    let pairs = take_turns(service, limit, |target| {
        turn += 1;
        stream(target, fresh(pool.clone(), turn))
    })
    .await;
    add(report, "ValidateEncounters, 4 diagnoses", &pairs);
    let plain: Vec<_> = pool.iter().map(plain).collect();
    let alone: Vec<_> = (0..ROUNDS).map(|_| in_process(&plain, terminology)).collect();
    let per_core = pairs.iter().zip(&alone);
    report.add(Figure::of(
        "ValidateEncounters, encounters for a second of the server's CPU",
        "encounters/s",
        Goal::RatioAtLeast(0.7),
        "check in the process, one thread",
        per_core.map(|((service, _), alone)| (service.items / service.processor, *alone)).collect(),
    ));
}

/// Rate and CPU of a stream beside those of a bare one.
fn add(report: &mut Report, name: &str, pairs: &[Pair]) {
    const BARE: &str = "bare tonic stream";
    let (goal, rates) = (Goal::RatioAtLeast(0.75), rounds(pairs, Sample::rate));
    report.add(Figure::of(format!("{name}, one stream"), "encounters/s", goal, BARE, rates));
    let name = format!("{name}, server CPU of an encounter");
    let each = rounds(pairs, Sample::processor_each);
    report.add(Figure::of(name, "µs", Goal::None, BARE, each));
}

async fn stream(target: Target, encounters: impl Iterator<Item = v1::Encounter>) -> Sample {
    let requests: Vec<_> = messages(encounters).collect();
    let count = requests.len() - 1;
    let requests = tokio_stream::iter(requests);
    let mut client = EncounterServiceClient::new(target.channels[0].clone());
    let before = processor_seconds(target.process);
    let begun = Instant::now();
    let answers = client.validate_encounters(requests).await.expect("a stream");
    let mut answers = answers.into_inner();
    let mut items = 0;
    while let Some(answer) = answers.next().await {
        let answer = answer.expect("no error");
        assert_eq!(usize::try_from(answer.sequence), Ok(items));
        assert!(matches!(answer.outcome, Some(Outcome::Report(_))));
        items += 1;
    }
    assert_eq!(items, count);
    sample(target.process, items, begun, before, &mut [])
}

/// Encounters of the pool in turn.
fn repeated(
    pool: Arc<[v1::Encounter]>,
    count: usize,
) -> impl Iterator<Item = v1::Encounter> + Send {
    (0..count).map(move |number| pool[number % pool.len()].clone())
}

/// Encounters that no other turn has: each has the last diagnosis of another one of the pool.
fn fresh(pool: Arc<[v1::Encounter]>, turn: usize) -> impl Iterator<Item = v1::Encounter> + Send {
    repeated(pool.clone(), COUNT).enumerate().map(move |(number, mut encounter)| {
        let passes = COUNT / pool.len() + 1;
        let other = number + turn * passes + number / pool.len();
        encounter.diagnoses.pop();
        encounter.diagnoses.extend(pool[other % pool.len()].diagnoses.last().cloned());
        encounter
    })
}

/// A stream of these encounters.
fn messages(
    encounters: impl Iterator<Item = v1::Encounter>,
) -> impl Iterator<Item = v1::ValidateEncountersRequest> {
    let options = v1::StreamOptions { date: Some(proto_date(DAY)), ..v1::StreamOptions::default() };
    let items = std::iter::once(Item::Options(options)).chain(encounters.map(Item::Encounter));
    items.map(|item| v1::ValidateEncountersRequest { item: Some(item) })
}

/// Encounters that one thread checks in a second of its processor.
fn in_process(pool: &[Encounter], terminology: &Terminology) -> f64 {
    let before = thread_seconds();
    let mut issues = 0;
    for encounter in pool {
        issues +=
            check_encounter(encounter, terminology, DAY, &RuleOptions::default()).issues.len();
    }
    std::hint::black_box(issues);
    f64::from(u32::try_from(pool.len()).expect("not that many")) / (thread_seconds() - before)
}

/// The encounter as the rules take it.
fn plain(encounter: &v1::Encounter) -> Encounter {
    let codes = encounter.diagnoses.iter().filter_map(|diagnosis| diagnosis.coding.as_ref());
    Encounter {
        setting: Setting::Professional,
        service_date: Some(DAY),
        age_years: encounter.age_years,
        sex: if encounter.sex() == v1::Sex::Female { Sex::Female } else { Sex::Male },
        diagnoses: codes
            .map(|coding| Diagnosis::new(CodeSystem::Icd10Cm, coding.code.clone()))
            .collect(),
        ..Encounter::default()
    }
}
