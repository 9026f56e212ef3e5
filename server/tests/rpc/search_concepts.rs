use medcode_proto::v1::{self, MatchSource};
use tonic::Code;

use crate::harness::{Running, cm, coding, date, fields, reason};

fn query(text: &str) -> v1::SearchConceptsRequest {
    v1::SearchConceptsRequest { query: text.into(), ..v1::SearchConceptsRequest::default() }
}

async fn search(
    running: &Running,
    request: v1::SearchConceptsRequest,
) -> v1::SearchConceptsResponse {
    running.codes().search_concepts(request).await.unwrap().into_inner()
}

fn codes(response: &v1::SearchConceptsResponse) -> Vec<&str> {
    let codes = response
        .hits
        .iter()
        .map(|hit| hit.concept.as_ref().unwrap().coding.as_ref().unwrap().code.as_str());
    codes.collect()
}

#[tokio::test]
async fn finds_codes_beginnings_and_words() {
    let running = Running::new();
    let by_code = search(&running, query("e119")).await;
    assert_eq!(codes(&by_code), ["E11.9"]);
    assert_eq!(by_code.hits[0].matches[0].source(), MatchSource::Code);
    let by_prefix = search(&running, query("E11.")).await;
    assert_eq!(codes(&by_prefix)[0], "E11");
    let by_words = search(&running, query("diabetes foot ulc")).await;
    assert!(codes(&by_words)[..3].contains(&"E11.621"), "{:?}", codes(&by_words));
    let hit = by_words
        .hits
        .iter()
        .find(|hit| hit.concept.as_ref().unwrap().coding.as_ref().unwrap().code == "E11.621");
    let found = &hit.unwrap().matches[0];
    let parts: Vec<_> = found
        .highlights
        .iter()
        .map(|part| &found.text[part.start as usize..part.end as usize])
        .collect();
    assert_eq!(found.source(), MatchSource::Display);
    assert!(parts.contains(&"foot") && parts.contains(&"ulcer"));
    assert!(by_words.hits.is_sorted_by(|a, b| a.score >= b.score));
    assert!(by_words.releases_used.iter().any(|used| used.dataset == "icd-10-cm"));
    assert_eq!(codes(&search(&running, query("htn")).await)[0], "I10");
}

#[tokio::test]
async fn a_query_that_finds_nothing_is_an_answer() {
    let running = Running::new();
    for text in ["qqqqqqqq", "---", "\"", "'; drop table"] {
        let response = search(&running, query(text)).await;
        assert!(response.hits.is_empty() && response.total_size == 0, "{text}");
    }
    let not_loaded = v1::SearchConceptsRequest { systems: vec!["cpt".into()], ..query("visit") };
    let response = search(&running, not_loaded).await;
    assert!(response.hits.is_empty() && response.releases_used.is_empty());
}

#[tokio::test]
async fn corrects_one_slip() {
    let running = Running::new();
    let response = search(&running, query("hypertenson")).await;
    assert_eq!(codes(&response)[0], "I10");
    assert_eq!(response.corrections[0].replacement, "hypertension");
    assert_eq!(response.hits[0].matches[0].edit_distance, 1);
}

#[tokio::test]
async fn a_code_below_stands_in_the_place_of_a_header() {
    let running = Running::new();
    let any = search(&running, query("type 2 diabetes mellitu")).await;
    assert_eq!((codes(&any)[0], &any.hits[0].in_place_of), ("E11", &None));
    let billable =
        v1::SearchConceptsRequest { billable_only: true, ..query("type 2 diabetes mellitu") };
    let billable = search(&running, billable).await;
    let hit = &billable.hits[0];
    assert!(hit.concept.as_ref().unwrap().billable);
    assert_eq!(hit.in_place_of.as_ref().unwrap().code, "E11");
    assert!(codes(&billable)[0].starts_with("E11."));
}

#[tokio::test]
async fn says_what_two_letters_matched() {
    let running = Running::new();
    let response = search(&running, query("hy")).await;
    let found = &response.hits[0].matches[0];
    let parts = found.highlights.iter();
    let parts: Vec<_> = parts.map(|it| &found.text[it.start as usize..it.end as usize]).collect();
    assert!(!parts.is_empty(), "{found:?}");
    assert!(parts.iter().all(|part| part.to_lowercase().starts_with("hy")), "{parts:?}");
}

#[tokio::test]
async fn filters_by_system_place_date_and_billing() {
    let running = Running::new();
    let billable =
        v1::SearchConceptsRequest { billable_only: true, page_size: 100, ..query("diabetes") };
    let response = search(&running, billable).await;
    assert!(
        !response.hits.is_empty()
            && response.hits.iter().all(|hit| hit.concept.as_ref().unwrap().billable)
    );
    let within = v1::SearchConceptsRequest {
        within: Some(cm("E11.6")),
        page_size: 100,
        ..query("diabetes")
    };
    let response = search(&running, within).await;
    assert!(
        !response.hits.is_empty() && codes(&response).iter().all(|code| code.starts_with("E11.6"))
    );
    let in_chapter =
        v1::SearchConceptsRequest { within: Some(cm("chapter-09")), ..query("hypertension") };
    assert_eq!(codes(&search(&running, in_chapter).await)[0], "I10");
    let ended = v1::SearchConceptsRequest { date: date("2021-10-01"), ..query("M54.5") };
    assert!(!codes(&search(&running, ended.clone()).await).is_empty(), "M54.5 is a header since");
    let early = v1::SearchConceptsRequest { date: date("2025-09-30"), ..query("E11.A") };
    assert!(codes(&search(&running, early.clone()).await).is_empty());
    let all = v1::SearchConceptsRequest { include_inactive: true, ..early };
    assert_eq!(codes(&search(&running, all).await), ["E11.A"]);
    let procedures =
        v1::SearchConceptsRequest { systems: vec!["icd-10-pcs".into()], ..query("diabetes") };
    assert!(search(&running, procedures).await.hits.is_empty());
}

#[tokio::test]
async fn leaves_out_what_is_for_other_patients() {
    let running = Running::new();
    let of = |sex: v1::Sex, age_years| v1::SearchConceptsRequest {
        sex: sex.into(),
        age_years,
        page_size: 100,
        ..query("malignant neoplasm of breast female")
    };
    let finds = async |request, code| codes(&search(&running, request).await).contains(&code);
    let (header, billable) = ("C50.91", "C50.911");
    for sex in [v1::Sex::Unspecified, v1::Sex::Female, v1::Sex::Other] {
        assert!(finds(of(sex, None), header).await && finds(of(sex, None), billable).await);
    }
    // The edit ended in 2024; the flags before say which sex the codes are for.
    let men = of(v1::Sex::Male, Some(40));
    for date in [None, date("2020-01-01")] {
        let men = v1::SearchConceptsRequest { date, ..men.clone() };
        assert!(!finds(men.clone(), header).await && !finds(men.clone(), billable).await);
        assert!(finds(men, "C50.92").await);
    }
    let ended_too = v1::SearchConceptsRequest { include_inactive: true, ..men.clone() };
    assert!(!finds(ended_too, header).await);
    let instead = v1::SearchConceptsRequest { billable_only: true, ..men };
    assert!(!finds(instead, billable).await);

    let missed =
        |age| v1::SearchConceptsRequest { age_years: Some(age), ..query("missed abortion") };
    assert!(finds(missed(30), "O02.1").await);
    assert!(!finds(missed(70), "O02.1").await);
}

#[tokio::test]
async fn pages_together_are_the_whole_list() {
    let running = Running::new();
    let request = v1::SearchConceptsRequest { within: Some(cm("E11.6")), ..query("diabetes with") };
    let whole =
        search(&running, v1::SearchConceptsRequest { page_size: 100, ..request.clone() }).await;
    assert!(whole.next_page_token.is_empty() && whole.hits.len() > 10, "one page holds all");
    let mut paged = v1::SearchConceptsRequest { page_size: 4, ..request };
    let mut hits = Vec::new();
    loop {
        let response = search(&running, paged.clone()).await;
        hits.extend(response.hits);
        paged.page_token = response.next_page_token;
        if paged.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(hits, whole.hits);
    assert!(!whole.total_size_is_lower_bound && whole.total_size as usize == hits.len());
}

#[tokio::test]
async fn a_page_is_made_once_for_each_snapshot() {
    let running = Running::new();
    let first = search(&running, query("diabetes")).await;
    let second = search(&running, query("diabetes")).await;
    assert_eq!(first, second);
    let other = search(&running, query("diabetes m")).await;
    assert_ne!(first, other);
    let [pages, ..] = running.catalog.cache_stats();
    assert_eq!((pages.name, pages.hits, pages.misses), ("search", 1, 2));
}

#[tokio::test]
async fn refuses_what_it_does_not_understand() {
    let running = Running::new();
    for (request, field) in [
        (query(""), "query"),
        (query(&"x".repeat(201)), "query"),
        (query(&"a ".repeat(17)), "query"),
        (
            v1::SearchConceptsRequest {
                systems: vec!["icd-10-cm".into(), "snomed".into()],
                ..query("x")
            },
            "systems[1]",
        ),
        (v1::SearchConceptsRequest { mode: 9, ..query("x") }, "mode"),
        (v1::SearchConceptsRequest { age_years: Some(1980), ..query("x") }, "age_years"),
        (v1::SearchConceptsRequest { sex: 9, ..query("x") }, "sex"),
        (v1::SearchConceptsRequest { page_size: -1, ..query("x") }, "page_size"),
    ] {
        let status = running.codes().search_concepts(request).await.unwrap_err();
        assert_eq!(
            (status.code(), fields(&status)),
            (Code::InvalidArgument, vec![field.to_owned()])
        );
    }
    for (within, code, why) in [
        (coding("snomed", "1"), Code::NotFound, "CODE_SYSTEM_UNKNOWN"),
        (coding("cpt", "99213"), Code::FailedPrecondition, "CODE_SYSTEM_NOT_LOADED"),
        (v1::Coding { version: "1999".into(), ..cm("E11") }, Code::NotFound, "RELEASE_UNKNOWN"),
        (cm("E11.66"), Code::NotFound, "CONCEPT_UNKNOWN"),
    ] {
        let request = v1::SearchConceptsRequest { within: Some(within), ..query("x") };
        let status = running.codes().search_concepts(request).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).0.as_str()), (code, why));
    }
}
