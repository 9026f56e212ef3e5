//! `LookupCodes` and `ValidateCodes`: one code in a call, and 1,000.

use std::rc::Rc;

use e2e::figures::{Figure, Goal, Report};
use medcode_proto::v1::{self, code_system_service_client::CodeSystemServiceClient};
use prost::Message;
use tonic::transport::Channel;

use crate::{
    echo::Replies,
    load::{Pair, Sample, Target, calls, of_service, rounds, take_turns},
    pool::{Asked, DAY, proto_date},
};

/// Codes in a batch.
const BATCH: usize = 1_000;

/// The most bytes of an answer.
const MOST_BYTES: usize = 16 << 20;

/// What the limit does.
const ECHO: &str = "bare tonic echo";

/// What the limit does behind the layers of the service.
const LAYERED_ECHO: &str = "echo behind the same layers";

/// What the limit does, run as tonic usually is.
const USUAL_ECHO: &str = "bare tonic echo, one runtime";

/// Calls of one round.
const ONE_AT_A_TIME: usize = 5_000;
const MANY_AT_A_TIME: usize = 20_000;
const BATCHES: usize = 120;

fn client(channel: Channel) -> CodeSystemServiceClient<Channel> {
    CodeSystemServiceClient::new(channel).max_decoding_message_size(MOST_BYTES)
}

fn lookup(codes: &[Asked]) -> v1::LookupCodesRequest {
    v1::LookupCodesRequest {
        codings: codes.iter().map(|asked| asked.coding.clone()).collect(),
        date: Some(proto_date(DAY)),
        ..v1::LookupCodesRequest::default()
    }
}

fn validate(codes: &[Asked]) -> v1::ValidateCodesRequest {
    let items = codes
        .iter()
        .map(|asked| v1::CodeToValidate { coding: Some(asked.coding.clone()), date: None });
    v1::ValidateCodesRequest {
        items: items.collect(),
        date: Some(proto_date(DAY)),
        ..v1::ValidateCodesRequest::default()
    }
}

/// Asks about every code, alone and in batches, and compares with what the catalog holds. The answers of middle size
/// are those that the limit gives.
pub(crate) async fn check(service: &Target, pool: &[Asked], replies: &mut Replies) {
    let mut client = client(service.channels[0].clone());
    let (mut lookups, mut validations) = (Vec::new(), Vec::new());
    for asked in pool {
        let one = std::slice::from_ref(asked);
        let answer = client.lookup_codes(lookup(one)).await.expect("an answer").into_inner();
        assert_looked_up(one, &answer);
        lookups.push(answer);
        let answer = client.validate_codes(validate(one)).await.expect("an answer").into_inner();
        assert_validated(one, &answer);
        validations.push(answer);
    }
    replies.lookup = of_middle_size(lookups);
    replies.validate = of_middle_size(validations);
    for batch in pool.chunks_exact(BATCH) {
        let answer = client.lookup_codes(lookup(batch)).await.expect("an answer").into_inner();
        assert_looked_up(batch, &answer);
        replies.lookup_batch = answer;
        let answer = client.validate_codes(validate(batch)).await.expect("an answer").into_inner();
        assert_validated(batch, &answer);
        replies.validate_batch = answer;
    }
}

fn of_middle_size<M: Message>(mut messages: Vec<M>) -> M {
    messages.sort_by_key(Message::encoded_len);
    let middle = messages.len() / 2;
    messages.swap_remove(middle)
}

fn assert_looked_up(asked: &[Asked], answer: &v1::LookupCodesResponse) {
    assert_eq!(asked.len(), answer.results.len());
    for (asked, result) in asked.iter().zip(&answer.results) {
        let coding = result.concept.as_ref().and_then(|concept| concept.coding.as_ref());
        let found = coding.map(|coding| (coding.code.as_str(), coding.display.as_str()));
        let expected = asked.title.as_deref().map(|title| (asked.coding.code.as_str(), title));
        assert_eq!(found, expected, "{}", asked.coding.code);
    }
}

fn assert_validated(asked: &[Asked], answer: &v1::ValidateCodesResponse) {
    assert_eq!(asked.len(), answer.results.len());
    for (asked, result) in asked.iter().zip(&answer.results) {
        assert_eq!(result.result, asked.title.is_some(), "{}", asked.coding.code);
        let coding = result.coding.as_ref().expect("a coding");
        assert_eq!(coding.display, asked.title.as_deref().unwrap_or_default());
    }
}

/// What answers without work.
pub(crate) struct Limits<'t> {
    /// On threads like those of the service.
    pub(crate) bare: &'t Target,
    /// The same behind the layers of the service.
    pub(crate) layered: &'t Target,
    /// Without layers, on one runtime for all threads.
    pub(crate) on_one_runtime: &'t Target,
}

/// Measures all cases.
pub(crate) async fn measure(
    report: &mut Report,
    service: &Target,
    limits: &Limits<'_>,
    pool: &[Asked],
) {
    let limit = limits.bare;
    let one: Rc<Vec<_>> = Rc::new(pool.chunks(1).map(lookup).collect());
    let by_one = |in_flight: usize, count: usize| {
        let one = one.clone();
        move |target| {
            let one = one.clone();
            calls(target, in_flight, count, move |channel, number| {
                let request = one[number % one.len()].clone();
                async move {
                    let answer = client(channel).lookup_codes(request).await.expect("an answer");
                    answer.into_inner().results.len()
                }
            })
        }
    };
    for (limit, name, echo, goal) in [
        (limits.bare, "LookupCodes of one code, 1 in flight, p50", ECHO, 1.3),
        (
            limits.layered,
            "LookupCodes of one code, 1 in flight, p50, layers on both sides",
            LAYERED_ECHO,
            1.1,
        ),
    ] {
        let pairs = take_turns(service, limit, by_one(1, ONE_AT_A_TIME)).await;
        let times = rounds(&pairs, |sample| sample.p50);
        report.add(Figure::of(name, "µs", Goal::RatioAtMost(goal), echo, times));
    }
    let name = "LookupCodes of one code, 64 in flight on 2 connections";
    let mut unary = 0.0;
    for (limit, name, echo) in [
        (limits.bare, name.to_owned(), ECHO),
        (limits.layered, format!("{name}, layers on both sides"), LAYERED_ECHO),
        (limits.on_one_runtime, format!("{name}, beside tonic as it is usually run"), USUAL_ECHO),
    ] {
        let pairs = take_turns(service, limit, by_one(64, MANY_AT_A_TIME)).await;
        let rates = rounds(&pairs, Sample::rate);
        report.add(Figure::of(&name, "calls/s", Goal::RatioAtLeast(0.9), echo, rates));
        let name = name.replace(" on 2 connections", ", server CPU of a call");
        processor(report, &name, &pairs, echo, Goal::None);
        if echo == ECHO {
            unary = of_service(&pairs, Sample::rate);
        }
    }

    let batches: Vec<_> = pool.chunks_exact(BATCH).collect();
    let requests = batches.iter().map(|batch| lookup(batch)).collect();
    let pairs = by_batch(service, limit, requests, |channel, request| async move {
        let answer = client(channel).lookup_codes(request).await.expect("an answer");
        answer.into_inner().results.len()
    })
    .await;
    batch(report, "LookupCodes, 1,000 codes in a call", &pairs, Goal::RatioAtLeast(0.8));
    let gain = rounds(&pairs, Sample::rate);
    let gain = gain.into_iter().map(|(items, _)| (items, unary)).collect();
    report.add(Figure::of(
        "LookupCodes, 1,000 codes in a call, beside one by one",
        "codes/s",
        Goal::RatioAtLeast(20.0),
        "one code in a call",
        gain,
    ));
    let requests = batches.iter().map(|batch| validate(batch)).collect();
    let pairs = by_batch(service, limit, requests, |channel, request| async move {
        let answer = client(channel).validate_codes(request).await.expect("an answer");
        answer.into_inner().results.len()
    })
    .await;
    batch(report, "ValidateCodes, 1,000 codes in a call", &pairs, Goal::RatioAtLeast(0.75));
}

/// Makes calls with one of these requests each.
async fn by_batch<R, F>(
    service: &Target,
    limit: &Target,
    requests: Vec<R>,
    call: impl Fn(Channel, R) -> F + Clone + 'static,
) -> Vec<Pair>
where
    R: Clone + 'static,
    F: Future<Output = usize>,
{
    let requests = Rc::new(requests);
    let run = |target| {
        let (requests, call) = (requests.clone(), call.clone());
        calls(target, 4, BATCHES, move |channel, number| {
            call(channel, requests[number % requests.len()].clone())
        })
    };
    take_turns(service, limit, run).await
}

fn batch(report: &mut Report, name: &str, pairs: &[Pair], goal: Goal) {
    let rates = rounds(pairs, Sample::rate);
    report.add(Figure::of(name, "codes/s", goal, ECHO, rates));
    let name = format!("{name}, server CPU of a code");
    processor(report, &name, pairs, ECHO, Goal::RatioAtMost(1.25));
}

fn processor(report: &mut Report, name: &str, pairs: &[Pair], echo: &'static str, goal: Goal) {
    let each = rounds(pairs, Sample::processor_each);
    report.add(Figure::of(name, "µs", goal, echo, each));
}
