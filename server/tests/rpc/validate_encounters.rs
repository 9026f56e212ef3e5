use std::{pin::pin, time::Duration};

use medcode_proto::v1::{
    self, EncounterVerdict, validate_encounters_request::Item,
    validate_encounters_response::Outcome,
};
use medcode_server::config::{Config, Deadlines};
use tokio::{sync::mpsc, time::timeout};
use tokio_stream::{Stream, StreamExt, wrappers::ReceiverStream};
use tonic::{Code, Status, Streaming};

use crate::harness::{Running, cm, date, reason};

/// How long anything may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

fn encounter(id: &str, codes: &[&str]) -> Item {
    let diagnosis =
        |code: &&str| v1::Diagnosis { coding: Some(cm(code)), ..v1::Diagnosis::default() };
    Item::Encounter(v1::Encounter {
        encounter_id: id.into(),
        service_date: date("2026-04-01"),
        diagnoses: codes.iter().map(diagnosis).collect(),
        ..v1::Encounter::default()
    })
}

fn message(item: Item) -> v1::ValidateEncountersRequest {
    v1::ValidateEncountersRequest { item: Some(item) }
}

async fn open(
    running: &Running,
    messages: impl Stream<Item = v1::ValidateEncountersRequest> + Send + 'static,
) -> Streaming<v1::ValidateEncountersResponse> {
    running.encounters().validate_encounters(messages).await.unwrap().into_inner()
}

/// Sends these and no more; the answers, and how the stream ended.
async fn ask(
    running: &Running,
    items: Vec<Item>,
) -> (Vec<v1::ValidateEncountersResponse>, Option<Status>) {
    let messages: Vec<_> = items.into_iter().map(message).collect();
    let mut answers = pin!(open(running, tokio_stream::iter(messages)).await);
    let mut found = Vec::new();
    while let Some(answer) = timeout(LIMIT, answers.next()).await.expect("an answer in time") {
        match answer {
            Ok(answer) => found.push(answer),
            Err(status) => return (found, Some(status)),
        }
    }
    (found, None)
}

fn report(answer: &v1::ValidateEncountersResponse) -> &v1::EncounterReport {
    match answer.outcome.as_ref().unwrap() {
        Outcome::Report(report) => report,
        Outcome::Error(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn answers_in_the_order_sent() {
    let items = (0..200).map(|number| {
        encounter(&number.to_string(), if number % 2 == 0 { &["E11.9"] } else { &["M54.5"] })
    });
    let (answers, ended) = ask(&Running::new(), items.collect()).await;
    assert!(ended.is_none(), "{ended:?}");
    assert_eq!(answers.len(), 200);
    for (answer, number) in answers.iter().zip(0u64..) {
        let report = report(answer);
        let verdict =
            if number % 2 == 0 { EncounterVerdict::Clean } else { EncounterVerdict::Issues };
        assert_eq!((answer.sequence, report.verdict()), (number, verdict));
        assert_eq!(report.encounter_id, number.to_string());
    }
}

/// Reports that were found and that were made.
fn kept(running: &Running) -> (u64, u64) {
    let stats = running.catalog.cache_stats().into_iter().find(|stats| stats.name == "encounter");
    stats.map(|stats| (stats.hits, stats.misses)).unwrap()
}

#[tokio::test]
async fn the_same_encounter_is_checked_once_whatever_it_is_called() {
    let running = Running::new();
    let items = ["a", "b", "", "c"].map(|id| encounter(id, &["M54.5", "E11.9"]));
    let (answers, ended) = ask(&running, items.to_vec()).await;
    assert!(ended.is_none(), "{ended:?}");
    let first = report(&answers[0]);
    assert!(!first.issues.is_empty());
    for (answer, id) in answers.iter().zip(["a", "b", "", "c"]) {
        let expected = v1::EncounterReport { encounter_id: id.into(), ..first.clone() };
        assert_eq!(*report(answer), expected);
    }
    assert_eq!(kept(&running), (3, 1));
    // What was kept is what is answered alone.
    let Item::Encounter(alone) = encounter("a", &["M54.5", "E11.9"]) else {
        panic!("no encounter")
    };
    let request = v1::ValidateEncounterRequest {
        encounter: Some(alone),
        ..v1::ValidateEncounterRequest::default()
    };
    let alone = running.encounters().validate_encounter(request).await.unwrap().into_inner();
    assert_eq!(alone.report.as_ref(), Some(first));
    // An id that may not be is refused, known encounter or not.
    let wrong = encounter(&"x".repeat(10_000), &["M54.5", "E11.9"]);
    let (answers, _) = ask(&running, vec![wrong]).await;
    let Some(Outcome::Error(error)) = &answers[0].outcome else { panic!("it is taken") };
    assert_eq!(error.fields[0].field, "encounter.encounter_id");
}

#[tokio::test]
async fn a_report_is_kept_for_its_codes_day_and_options_alone() {
    let running = Running::new();
    let undated = |code: &str| match encounter("a", &[code]) {
        Item::Encounter(encounter) => {
            Item::Encounter(v1::Encounter { service_date: None, ..encounter })
        }
        options @ Item::Options(_) => options,
    };
    let on = |day: &str, disable: &[&str]| {
        Item::Options(v1::StreamOptions {
            options: Some(v1::ValidationOptions {
                disable: disable.iter().map(|rule| (*rule).to_owned()).collect(),
                ..v1::ValidationOptions::default()
            }),
            date: date(day),
            ..v1::StreamOptions::default()
        })
    };
    let mut verdicts = Vec::new();
    for (options, code) in [
        (on("2026-04-01", &[]), "M54.5"),
        (on("2020-10-01", &[]), "M54.5"),
        (on("2026-04-01", &["expired-code"]), "M54.5"),
        (on("2026-04-01", &[]), "E11.9"),
        (on("2026-04-01", &[]), "M54.5"),
    ] {
        let (answers, ended) = ask(&running, vec![options, undated(code)]).await;
        assert!(ended.is_none(), "{ended:?}");
        let found = report(&answers[0]);
        verdicts
            .push((found.as_of, found.issues.iter().any(|issue| issue.rule_id == "expired-code")));
    }
    let (april, october) = (date("2026-04-01"), date("2020-10-01"));
    let expected = [(april, true), (october, false), (april, false), (april, false), (april, true)];
    assert_eq!(verdicts, expected);
    assert_eq!(kept(&running), (1, 4));
}

#[tokio::test]
async fn options_hold_for_the_whole_stream() {
    let options = v1::ValidationOptions {
        enable: vec!["specificity".into(), "duplicate-diagnosis".into()],
        ..v1::ValidationOptions::default()
    };
    let options = Item::Options(v1::StreamOptions {
        options: Some(options),
        unordered: true,
        ..v1::StreamOptions::default()
    });
    let items = (0..40).map(|number| encounter(&number.to_string(), &["M54.5", "S72.001"]));
    let (answers, ended) =
        ask(&Running::new(), std::iter::once(options).chain(items).collect()).await;
    assert!(ended.is_none(), "{ended:?}");
    let mut numbers: Vec<_> = answers.iter().map(|answer| answer.sequence).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..40).collect::<Vec<_>>());
    for answer in &answers {
        let rules: Vec<_> =
            report(answer).issues.iter().map(|issue| issue.rule_id.as_str()).collect();
        assert_eq!(rules, ["missing-seventh-character"]);
        assert_eq!(report(answer).encounter_id, answer.sequence.to_string());
    }
}

#[tokio::test]
async fn a_malformed_encounter_costs_only_itself() {
    let wrong = v1::Encounter { place_of_service: "secret".into(), ..v1::Encounter::default() };
    let items =
        vec![encounter("a", &["E11.9"]), Item::Encounter(wrong), encounter("c", &["E11.9"; 101])];
    let items = [items, vec![encounter("d", &["E11.9"])]].concat();
    let (answers, ended) = ask(&Running::new(), items).await;
    assert!(ended.is_none(), "{ended:?}");
    let reasons: Vec<_> = answers
        .iter()
        .map(|answer| match answer.outcome.as_ref().unwrap() {
            Outcome::Report(_) => String::new(),
            Outcome::Error(error) => {
                assert!(!error.message.contains("secret"));
                format!("{} {}", error.reason, error.fields[0].field)
            }
        })
        .collect();
    assert_eq!(
        reasons,
        [
            "",
            "REQUEST_INVALID encounter.place_of_service",
            "TOO_MANY_ITEMS encounter.diagnoses",
            ""
        ]
    );
}

#[tokio::test]
async fn a_broken_stream_is_refused_behind_its_answers() {
    let late = || Item::Options(v1::StreamOptions::default());
    let (answers, ended) =
        ask(&Running::new(), vec![encounter("a", &["E11.9"]), late(), encounter("b", &[])]).await;
    assert_eq!(answers.len(), 1);
    let status = ended.unwrap();
    assert_eq!(
        (status.code(), reason(&status).0.as_str()),
        (Code::InvalidArgument, "REQUEST_INVALID")
    );
    let empty = tokio_stream::once(v1::ValidateEncountersRequest { item: None });
    let status = open(&Running::new(), empty).await.next().await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let wrong = Item::Options(v1::StreamOptions {
        date: Some(v1::Date { year: 2026, month: 2, day: 30 }),
        ..v1::StreamOptions::default()
    });
    let (answers, ended) = ask(&Running::new(), vec![wrong]).await;
    assert!(answers.is_empty());
    assert_eq!(crate::harness::fields(&ended.unwrap()), ["options.date"]);
    let (answers, ended) = ask(&Running::new(), Vec::new()).await;
    assert!(answers.is_empty() && ended.is_none());
}

#[tokio::test]
async fn one_encounter_is_answered_while_the_stream_stays_open() {
    let running = Running::new();
    let (sender, messages) = mpsc::channel(4);
    let mut answers = open(&running, ReceiverStream::new(messages)).await;
    for number in 0..3 {
        sender.send(message(encounter("a", &["E11.9"]))).await.unwrap();
        let answer = timeout(LIMIT, answers.next()).await.unwrap().unwrap().unwrap();
        assert_eq!(answer.sequence, number);
    }
}

#[tokio::test]
async fn a_client_that_says_nothing_is_left() {
    let deadlines = Deadlines { stream_idle_ms: 50, ..Deadlines::default() };
    let running = Running::with(Config { deadlines, ..Config::default() });
    let (sender, messages) = mpsc::channel(4);
    let mut answers = open(&running, ReceiverStream::new(messages)).await;
    sender.send(message(encounter("a", &["E11.9"]))).await.unwrap();
    assert!(timeout(LIMIT, answers.next()).await.unwrap().unwrap().is_ok());
    let status = timeout(LIMIT, answers.next()).await.unwrap().unwrap().unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).0.as_str()),
        (Code::DeadlineExceeded, "STREAM_IDLE")
    );
}

/// Nobody takes the answers: the server stops reading, so that the client cannot send everything.
#[tokio::test]
async fn reads_no_further_than_the_client_takes() {
    let running = Running::new();
    let (sender, messages) = mpsc::channel(1);
    let mut answers = open(&running, ReceiverStream::new(messages)).await;
    // Reports that fill the windows of the connection soon.
    let codes = ["M54.5"; 100];
    let mut sent = 0u64;
    while sent < 2_000 {
        let sending = sender.send(message(encounter("a", &codes)));
        if timeout(Duration::from_secs(2), sending).await.is_err() {
            break;
        }
        sent += 1;
    }
    assert!(sent < 2_000, "everything was read");
    drop(sender);
    let mut taken = 0;
    while let Some(answer) = timeout(LIMIT, answers.next()).await.unwrap() {
        assert_eq!(answer.unwrap().sequence, taken);
        taken += 1;
    }
    // The one whose sending was given up is not among them.
    assert_eq!(taken, sent);
}
