//! What people type and what is known of patients appears in no log line and no error.
//!
//! In a process of its own, with one log for every thread: tracing settles for the whole process whether a place
//! that logs is heard, and beside other tests a thread without a log can be the first to pass it.

#![expect(clippy::unwrap_used, reason = "clippy does not take the helpers of tests for tests")]

#[path = "rpc/harness.rs"]
#[expect(dead_code, reason = "the tests of the methods use the rest")]
mod harness;

use std::{
    io,
    sync::{Arc, Mutex},
};

use medcode_proto::v1;
use medcode_server::config::Config;
use tracing_subscriber::fmt::MakeWriter;

use harness::{Running, cm, date};

const CANARY: &str = "Kanarienvogel";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one line for each field of each method")]
async fn canaries_are_seen_nowhere() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let running = Running::with(Config::default());
    let coding = v1::Coding { display: CANARY.into(), version: CANARY.into(), ..cm(CANARY) };
    let mut errors = Vec::new();

    let lookup = v1::LookupCodesRequest {
        codings: vec![coding.clone(), v1::Coding { code: format!("{CANARY}\n"), ..coding.clone() }],
        properties: vec![CANARY.into()],
        ..v1::LookupCodesRequest::default()
    };
    errors.extend(running.codes().lookup_codes(lookup).await.err());
    let search =
        v1::SearchConceptsRequest { query: CANARY.into(), ..v1::SearchConceptsRequest::default() };
    running.codes().search_concepts(search.clone()).await.unwrap();
    let search = v1::SearchConceptsRequest {
        systems: vec![CANARY.into()],
        page_token: CANARY.into(),
        ..search
    };
    errors.extend(running.codes().search_concepts(search).await.err());
    let list = v1::ListConceptsRequest {
        system: CANARY.into(),
        code: CANARY.into(),
        ..v1::ListConceptsRequest::default()
    };
    errors.extend(running.codes().list_concepts(list).await.err());
    let validate = v1::ValidateCodesRequest {
        items: vec![v1::CodeToValidate { coding: Some(coding.clone()), date: date("2026-04-01") }],
        ..v1::ValidateCodesRequest::default()
    };
    running.codes().validate_codes(validate).await.unwrap();
    let (canary, none) = (|| CANARY.to_owned(), String::new);
    let releases = v1::ListReleasesRequest {
        dataset: canary(),
        page_token: canary(),
        ..v1::ListReleasesRequest::default()
    };
    errors.extend(running.codes().list_releases(releases).await.err());
    for (system, code, start_after) in [
        (canary(), none(), none()),
        (cm("").system, canary(), none()),
        (cm("").system, none(), canary()),
    ] {
        let expand = v1::ExpandConceptRequest {
            system,
            code,
            start_after,
            ..v1::ExpandConceptRequest::default()
        };
        errors.extend(running.codes().expand_concept(expand).await.err());
    }
    let subsumes = v1::SubsumesRequest {
        system: cm("").system,
        version: canary(),
        code_a: canary(),
        code_b: canary(),
        date: None,
    };
    errors.extend(running.codes().subsumes(subsumes).await.err());
    let translate = v1::TranslateCodesRequest {
        codings: vec![coding.clone()],
        kind: v1::TranslationKind::Gem.into(),
        target_system: canary(),
        date: None,
    };
    errors.extend(running.codes().translate_codes(translate).await.err());
    let diff = v1::DiffReleasesRequest {
        dataset: cm("").system,
        from_version: canary(),
        to_version: canary(),
        codes: vec![canary()],
        page_token: canary(),
        ..v1::DiffReleasesRequest::default()
    };
    errors.extend(running.codes().diff_releases(diff).await.err());
    let line = v1::ServiceLine {
        coding: Some(coding.clone()),
        modifiers: vec![CANARY.into()],
        units: CANARY.into(),
        provider_key: CANARY.into(),
        place_of_service: CANARY.into(),
        ..v1::ServiceLine::default()
    };
    let encounter = v1::Encounter {
        encounter_id: CANARY.into(),
        payer: CANARY.into(),
        discharge_status: CANARY.into(),
        diagnoses: vec![v1::Diagnosis {
            coding: Some(coding),
            present_on_admission: CANARY.into(),
            ..v1::Diagnosis::default()
        }],
        lines: vec![line],
        ..v1::Encounter::default()
    };
    let options = v1::ValidationOptions {
        enable: vec![CANARY.into()],
        severity: [(CANARY.to_owned(), 99)].into(),
        ..v1::ValidationOptions::default()
    };
    let request = v1::ValidateEncounterRequest {
        encounter: Some(encounter),
        options: Some(options),
        date: None,
    };
    errors.extend(running.encounters().validate_encounter(request).await.err());

    let explain = v1::ExplainRuleRequest { rule_id: canary() };
    errors.extend(running.encounters().explain_rule(explain).await.err());
    let list =
        v1::ListRulesRequest { category: canary(), page_token: canary(), ..Default::default() };
    errors.extend(running.encounters().list_rules(list).await.err());
    let document = v1::CheckDocumentRequest {
        text: format!("{CANARY}: Dx: M54.5 {CANARY}, E11.66\n"),
        ..v1::CheckDocumentRequest::default()
    };
    running.documents().check_document(document.clone()).await.unwrap();
    let defaults = v1::Encounter { place_of_service: canary(), ..v1::Encounter::default() };
    let document = v1::CheckDocumentRequest { defaults: Some(defaults), ..document };
    errors.extend(running.documents().check_document(document).await.err());

    assert_eq!(errors.len(), 14, "{errors:?}");
    for error in &errors {
        // The details are protobuf, in which texts stand as they are.
        let details = String::from_utf8_lossy(error.details()).into_owned();
        assert!(!error.message().contains(CANARY) && !details.contains(CANARY), "{error:?}");
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let said: Vec<_> =
        log.lines().filter(|line| line.contains(CANARY) && line.contains("medcode")).collect();
    assert!(log.contains("catalog published"), "{log}");
    assert!(said.is_empty(), "{said:?}");
}
