use medcode_codes::{
    code::CodeKey,
    code_table::{CodeTableBuilder, Lifetime},
    date::{Period, parse_iso},
    flag::{Flag, Flags},
    release::{Content, Release},
    system::CodeSystem,
    tabular::{NodeKind, NoteKind, TabularBuilder},
    terminology::{Edition, Terminology},
};
use medcode_proto::v1::{self, ChangeKind};
use medcode_server::config::Config;
use tonic::Code;

use crate::harness::{Running, fields, reason, snapshot_of};

fn release(dataset: &str, version: &str) -> Release {
    let end = match version {
        "2021-01-01" => Some("2021-09-30"),
        "2026-04-01" => Some("2026-09-30"),
        _ => None,
    };
    Release {
        dataset: dataset.into(),
        version: parse_iso(version).unwrap(),
        effective_to: end.map(|day| parse_iso(day).unwrap()),
        digest: format!("sha256:{dataset}{version}"),
        title: dataset.into(),
        content: Content::Complete,
    }
}

/// The categories E11 and M54 of an edition, with these codes below them.
fn edition(version: &str, note: &str, codes: [&[(&str, &str)]; 2]) -> Edition {
    let mut list = TabularBuilder::default();
    let groups =
        [("chapter-04", "E08-E13", "E11", codes[0]), ("chapter-13", "M50-M54", "M54", codes[1])];
    for (chapter, section, category, codes) in groups {
        list.open(NodeKind::Chapter, chapter, "A chapter").unwrap();
        list.open(NodeKind::Section, section, "A section").unwrap();
        list.open(NodeKind::Code, category, "A category").unwrap();
        list.note(NoteKind::Other, 0, if category == "E11" { note } else { "As ever" }).unwrap();
        for (code, title) in codes {
            list.open(NodeKind::Code, code, title).unwrap();
            // M54.50 stands in M54.5.
            if *code != "M54.5" {
                list.close().unwrap();
            }
        }
        while list.open_depth() > 0 {
            list.close().unwrap();
        }
    }
    Edition { release: release("icd-10-cm", version), list: list.finish().unwrap().into() }
}

/// From 2021-01-01 to 2026-04-01: M54.5 becomes a header, E11.A comes, E11.8 goes, E11.9 has another title and E11.0
/// another flag; the note at E11 is another one.
fn running() -> Running {
    let running = Running::empty(Config::default());
    let mut table = CodeTableBuilder::new(
        CodeSystem::Icd10Cm,
        release("mce", "2026-10-01"),
        parse_iso("2027-03-31").ok(),
    );
    let mut flags = Flags::default();
    flags.insert(Flag::Unacceptable);
    for (code, start, end) in [
        ("E110", "2015-10-01", None),
        ("E118", "2015-10-01", Some("2024-09-30")),
        ("E119", "2015-10-01", None),
        ("E11A", "2025-10-01", None),
        ("M545", "2015-10-01", Some("2021-09-30")),
        ("M5450", "2021-10-01", None),
        ("M5451", "2021-10-01", None),
    ] {
        let start = parse_iso(start).unwrap();
        let period = Period { start, end: end.map(|end| parse_iso(end).unwrap()) };
        let flagged = Period::since(parse_iso("2025-10-01").unwrap());
        let periods = if code == "E110" { vec![(flagged, flags)] } else { Vec::new() };
        let key = CodeKey::new(code).unwrap();
        table.code(key, Lifetime::Dated(period), None, &periods).unwrap();
    }
    let editions = vec![
        edition(
            "2021-01-01",
            "A note",
            [&[("E11.0", "Zero"), ("E11.8", "Eight"), ("E11.9", "Nine")], &[("M54.5", "Pain")]],
        ),
        edition(
            "2026-04-01",
            "Another note",
            [
                &[("E11.0", "Zero"), ("E11.9", "Nine, anew"), ("E11.A", "Ten")],
                &[("M54.5", "Pain"), ("M54.50", "Pain, unspecified"), ("M54.51", "Pain, other")],
            ],
        ),
    ];
    let terminology = Terminology::new(vec![table.finish().unwrap()], editions);
    running.catalog.publish(snapshot_of(terminology));
    running
}

fn request() -> v1::DiffReleasesRequest {
    v1::DiffReleasesRequest {
        dataset: "icd-10-cm".into(),
        from_version: "FY2021".into(),
        to_version: "2026-04-01".into(),
        ..v1::DiffReleasesRequest::default()
    }
}

async fn diff(running: &Running, request: v1::DiffReleasesRequest) -> v1::DiffReleasesResponse {
    running.codes().diff_releases(request).await.unwrap().into_inner()
}

/// Each change as a word: sign, code, and what has changed.
fn drawn(changes: &[v1::ConceptChange]) -> Vec<String> {
    let draw = |change: &v1::ConceptChange| {
        let sign = match change.kind() {
            ChangeKind::Added => '+',
            ChangeKind::Deleted => '-',
            ChangeKind::Revised => '~',
            ChangeKind::Unspecified => '?',
        };
        let concept = change.after.as_ref().or(change.before.as_ref()).unwrap();
        let code = &concept.coding.as_ref().unwrap().code;
        format!("{sign}{code} {}", change.changed_fields.join(" ")).trim_end().to_owned()
    };
    changes.iter().map(draw).collect()
}

const ALL: [&str; 8] = [
    "~E11 notes",
    "~E11.0 edit_flags",
    "-E11.8",
    "~E11.9 display",
    "+E11.A",
    "-M54.5 billable",
    "+M54.50",
    "+M54.51",
];

#[tokio::test]
async fn lists_what_an_update_changes() {
    let running = running();
    let response = diff(&running, request()).await;
    assert_eq!(drawn(&response.changes), ALL);
    assert_eq!(response.total_size, 8);
    assert_eq!(response.from_release.unwrap().version, "2021-01-01");
    assert_eq!(response.to_release.unwrap().version, "2026-04-01");

    let [.., deleted, _, _] = response.changes.as_slice() else { panic!("eight changes") };
    let before = deleted.before.as_ref().unwrap();
    assert!(before.billable && deleted.after.is_none());
    assert_eq!(before.coding.as_ref().unwrap().version, "2021-01-01");
    let instead = deleted.replaced_by.iter().map(|by| by.coding.as_ref().unwrap().code.as_str());
    assert_eq!(instead.collect::<Vec<_>>(), ["M54.50", "M54.51"]);
    let titles = response.changes[3].before.iter().chain(&response.changes[3].after);
    let titles = titles.map(|concept| concept.coding.as_ref().unwrap().display.as_str());
    assert_eq!(titles.collect::<Vec<_>>(), ["Nine", "Nine, anew"]);
    assert!(response.changes[4].after.as_ref().unwrap().billable);
}

#[tokio::test]
async fn lists_only_what_is_asked_for() {
    let running = running();
    let codes = async |codes: &[&str]| {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        drawn(&diff(&running, v1::DiffReleasesRequest { codes, ..request() }).await.changes)
    };
    assert_eq!(codes(&["m54"]).await, ALL[5..]);
    assert_eq!(codes(&["E08-E13"]).await, ALL[..5]);
    assert_eq!(codes(&["chapter-13", "E11.A"]).await, ALL[4..]);
    assert_eq!(codes(&["no code", "J18.9"]).await, [""; 0]);
    let kinds = vec![ChangeKind::Added.into(), ChangeKind::Deleted.into()];
    let response = diff(&running, v1::DiffReleasesRequest { kinds, ..request() }).await;
    assert_eq!(drawn(&response.changes), [ALL[2], ALL[4], ALL[5], ALL[6], ALL[7]]);
    // No release begins on that day, one is in force.
    let within = v1::DiffReleasesRequest { to_version: "2026-05-05".into(), ..request() };
    let response = diff(&running, within).await;
    assert_eq!(response.to_release.unwrap().version, "2026-04-01");
    assert_eq!(response.total_size, 8);
    // The same release has no changes: that is an answer.
    let same = v1::DiffReleasesRequest { from_version: "2026-04".into(), ..request() };
    let response = diff(&running, same).await;
    assert!(response.changes.is_empty() && response.total_size == 0);
}

#[tokio::test]
async fn pages_together_are_the_whole_list() {
    let running = running();
    let mut request = v1::DiffReleasesRequest { page_size: 3, ..request() };
    let mut changes = Vec::new();
    loop {
        let response = diff(&running, request.clone()).await;
        assert_eq!(response.total_size, 8);
        changes.extend(response.changes);
        if response.next_page_token.is_empty() {
            break;
        }
        request.page_token = response.next_page_token;
    }
    assert_eq!(drawn(&changes), ALL);
    // Three pages, and compared once.
    let stats = running.catalog.cache_stats().into_iter().find(|stats| stats.name == "diff");
    let stats = stats.unwrap();
    assert_eq!((stats.hits, stats.misses), (2, 1));

    let mut swapped = running.catalog.current().unwrap().releases.clone();
    for record in &mut swapped {
        record.release.digest.push('x');
    }
    let mut snapshot = snapshot_of(medcode_codes::testing::own_sample());
    snapshot.releases = swapped;
    running.catalog.publish(snapshot);
    let status = running.codes().diff_releases(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).0.as_str()), (Code::Aborted, "PAGE_TOKEN_STALE"));
}

#[tokio::test]
async fn refuses_what_it_cannot_compare() {
    let running = running();
    for (request, code, why) in [
        (
            v1::DiffReleasesRequest { from_version: "FY2019".into(), ..request() },
            Code::NotFound,
            "RELEASE_UNKNOWN",
        ),
        // The code editor has a release of that day, ICD-10-CM has none.
        (
            v1::DiffReleasesRequest { to_version: "2026-10-01".into(), ..request() },
            Code::NotFound,
            "RELEASE_UNKNOWN",
        ),
        (
            v1::DiffReleasesRequest { dataset: "cpt".into(), ..request() },
            Code::FailedPrecondition,
            "CODE_SYSTEM_NOT_LOADED",
        ),
        (
            v1::DiffReleasesRequest { codes: vec!["E11".into(); 1_001], ..request() },
            Code::InvalidArgument,
            "TOO_MANY_ITEMS",
        ),
    ] {
        let status = running.codes().diff_releases(request).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).0.as_str()), (code, why));
    }
    let wrong = v1::DiffReleasesRequest {
        dataset: "mce".into(),
        kinds: vec![0, 1, 9],
        codes: vec!["E11".into(), String::new()],
        page_size: -1,
        ..v1::DiffReleasesRequest::default()
    };
    let status = running.codes().diff_releases(wrong).await.unwrap_err();
    let paths =
        ["dataset", "from_version", "to_version", "kinds[0]", "kinds[2]", "codes[1]", "page_size"];
    assert_eq!(fields(&status), paths);
}
