use std::sync::Arc;

use medcode_codes::{supplements::Supplements, testing::own_sample};
use medcode_proto::v1::{self, FactState, Relationship, TranslationKind, UnavailableReason};
use medcode_server::config::Config;
use tonic::Code;

use crate::harness::{Running, cm, coding, date, day, fields, reason, snapshot_of};

fn request(kind: TranslationKind, codings: Vec<v1::Coding>) -> v1::TranslateCodesRequest {
    v1::TranslateCodesRequest { codings, kind: kind.into(), ..v1::TranslateCodesRequest::default() }
}

async fn translate(
    running: &Running,
    request: v1::TranslateCodesRequest,
) -> v1::TranslateCodesResponse {
    running.codes().translate_codes(request).await.unwrap().into_inner()
}

fn codes(translation: &v1::Translation) -> Vec<&str> {
    let found = translation.matches.iter().filter_map(|found| found.coding.as_ref());
    found.map(|coding| coding.code.as_str()).collect()
}

#[tokio::test]
async fn follows_a_code_to_those_that_took_its_place() {
    let running = Running::new();
    let codings =
        vec![cm("M54.5"), cm("m545"), cm("M54.5"), cm("E11.9"), cm("E11.66"), cm("E08-E13")];
    let response = translate(&running, request(TranslationKind::ReplacedBy, codings)).await;
    let [header, again, third, in_force, unknown, group] = response.results.try_into().unwrap();
    assert_eq!(codes(&header), ["M54.50", "M54.51", "M54.59"]);
    assert!(header.result && header.message.is_empty());
    let first = &header.matches[0];
    assert_eq!(first.relationship(), Relationship::SourceIsBroaderThanTarget);
    assert_eq!(first.source, "conversion-table");
    assert_eq!(day(first.effective_from.as_ref()), "2021-10-01");
    assert_eq!(first.release.as_ref().unwrap().version, "2026-04-01");
    assert_eq!((&again, &third), (&header, &header));
    assert_eq!((in_force.state(), in_force.result), (FactState::Known, false));
    assert_eq!(in_force.message, "E11.9 has not ended before 2026-04-01.");
    assert_eq!((unknown.state(), unknown.matches.len()), (FactState::Unknown, 0));
    assert_eq!(unknown.message, "ICD-10-CM has no such code.");
    assert_eq!((group.state(), group.result), (FactState::Known, false));
    let used = response.releases_used.iter().map(|release| release.dataset.as_str());
    assert_eq!(used.collect::<Vec<_>>(), ["icd-10-cm", "mce"]);

    // On the day before it ended nothing had taken its place.
    let before = v1::TranslateCodesRequest {
        date: date("2021-09-30"),
        ..request(TranslationKind::ReplacedBy, vec![cm("M54.5")])
    };
    assert!(!translate(&running, before).await.results[0].result);
}

#[tokio::test]
async fn leads_back_by_the_conversion_table() {
    let running = Running::new();
    let codings = vec![cm("B88.01"), cm("E11.9"), coding("cpt", "99999"), coding("snomed", "1")];
    let response = translate(&running, request(TranslationKind::Replaces, codings)).await;
    let [part, none, not_loaded, foreign] = response.results.try_into().unwrap();
    assert_eq!(codes(&part), ["B88.0"]);
    let found = &part.matches[0];
    assert_eq!(found.relationship(), Relationship::SourceIsNarrowerThanTarget);
    assert_eq!(found.source, "conversion-table");
    assert!(found.effective_from.is_some());
    assert!(!none.result && none.message.contains("names no code"), "{}", none.message);
    assert_eq!(not_loaded.unavailable_reason(), UnavailableReason::CodeSystemNotLoaded);
    assert_eq!(foreign.unavailable_reason(), UnavailableReason::CodeSystemUnknown);

    let later = request(TranslationKind::ReplacedBy, vec![cm("B88.0")]);
    let later = &translate(&running, later).await.results[0];
    assert_eq!(codes(later), ["B88.01", "B88.09"]);
    assert_eq!(later.matches[0].source, "conversion-table");
}

#[tokio::test]
async fn gives_the_rows_of_the_mappings() {
    let running = Running::new();
    let codings = vec![
        coding("icd-9-cm", "250.00"),
        coding("icd-9-cm", "250.12"),
        coding("icd-9-cm", "365.70"),
        coding("icd-9-cm", "999.99"),
        cm("E11.9"),
        cm("U07.1"),
    ];
    let response = translate(&running, request(TranslationKind::Gem, codings)).await;
    let [plain, several, none, unknown, back, newer] = response.results.try_into().unwrap();
    assert_eq!(codes(&plain), ["E11.9"]);
    let found = &plain.matches[0];
    assert_eq!(found.relationship(), Relationship::RelatedTo);
    assert!(found.gem.as_ref().unwrap().approximate);
    let display = &found.coding.as_ref().unwrap().display;
    assert_eq!(display, "Type 2 diabetes mellitus without complications");
    assert_eq!(found.release.as_ref().unwrap().version, "2015-10-01");

    let flags = several.matches.iter().filter_map(|found| found.gem.as_ref());
    assert!(flags.clone().all(|flags| flags.combination && flags.scenario == 1));
    assert_eq!(flags.map(|flags| flags.choice_list).max(), Some(2));

    assert_eq!((none.state(), none.result), (FactState::Known, false));
    assert_eq!(none.matches[0].relationship(), Relationship::NotRelatedTo);
    assert_eq!((unknown.state(), unknown.result), (FactState::Unknown, false));
    assert_eq!(unknown.message, "999.99 has no mapping: the mappings end with 2016.");

    let coding = back.matches[0].coding.as_ref().unwrap();
    assert_eq!((&*coding.code, &*coding.system), ("250.00", "http://hl7.org/fhir/sid/icd-9-cm"));
    assert!(coding.display.starts_with("Diabetes mellitus without mention of complication"));
    assert_eq!((newer.state(), newer.result), (FactState::Known, false));
    assert_eq!(newer.message, "U07.1 has no mapping: the mappings end with 2016.");
}

#[tokio::test]
async fn mappings_that_are_not_loaded_could_not_be_asked() {
    let without = own_sample().with(Supplements::default());
    let running = Running::empty(Config::default());
    running.catalog.publish(Arc::new(snapshot_of(without)));
    let codings = vec![
        coding("icd-9-cm", "250.00"),
        coding("http://hl7.org/fhir/sid/icd-9-cm", "38.93"),
        cm("E11.9"),
        coding("icd9cm", "nonsense"),
        coding("hcpcs", "J1885"),
    ];
    let response = translate(&running, request(TranslationKind::Gem, codings)).await;
    let [diagnosis, procedure, icd10, malformed, hcpcs] = response.results.try_into().unwrap();
    for translation in [diagnosis, procedure, icd10] {
        assert_eq!(translation.state(), FactState::Unavailable);
        assert_eq!(translation.unavailable_reason(), UnavailableReason::CodeSystemNotLoaded);
        assert_eq!(translation.message, "The equivalence mappings are not loaded.");
    }
    assert_eq!(malformed.state(), FactState::Unknown);
    assert_eq!((hcpcs.state(), hcpcs.result), (FactState::Known, false));
}

#[tokio::test]
async fn refuses_what_it_does_not_understand() {
    let running = Running::new();
    for (request, paths) in [
        (request(TranslationKind::Unspecified, Vec::new()), vec!["codings", "kind"]),
        (
            v1::TranslateCodesRequest {
                target_system: "icd-9-cm".into(),
                ..request(TranslationKind::Replaces, vec![cm("")])
            },
            vec!["codings[0].code", "target_system"],
        ),
        (
            v1::TranslateCodesRequest {
                target_system: "snomed".into(),
                ..request(TranslationKind::Gem, vec![cm("E11.9")])
            },
            vec!["target_system"],
        ),
    ] {
        let status = running.codes().translate_codes(request).await.unwrap_err();
        assert_eq!(
            (status.code(), fields(&status)),
            (Code::InvalidArgument, paths.into_iter().map(str::to_owned).collect())
        );
    }
    let many = request(TranslationKind::Replaces, vec![cm("E11.9"); 1_001]);
    let status = running.codes().translate_codes(many).await.unwrap_err();
    assert_eq!(reason(&status).0, "TOO_MANY_ITEMS");
    let most = request(TranslationKind::Replaces, vec![cm("E11.9"); 1_000]);
    assert_eq!(translate(&running, most).await.results.len(), 1_000);
}
