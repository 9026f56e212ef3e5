//! Start-up, memory and installation: the program as people start it.

use std::{path::Path, time::Instant};

use e2e::{
    figures::{Figure, Goal, Report},
    medcode, packages,
    process::{children_seconds, resident_megabytes},
    server::Server,
};
use medcode_codes::system::CodeSystem;
use medcode_proto::v1::{self, code_system_service_client::CodeSystemServiceClient};
use medcode_server::catalog::snapshot::Snapshot;

use crate::{
    load::Target,
    pool::{Asked, DAY},
};

/// Processes that are started for one figure.
const STARTS: usize = 21;

/// Times that the catalog is opened.
const OPENINGS: usize = 9;

/// `medcode lookup E11.9`, beside the same program doing nothing.
pub(crate) fn lookup(report: &mut Report, catalog: &Path) {
    let run = |arguments: &[&str]| {
        let begun = Instant::now();
        let answer = medcode(catalog, arguments).output().expect("it starts");
        let took = begun.elapsed().as_secs_f64() * 1e3;
        assert!(answer.status.success(), "{arguments:?}");
        (took, String::from_utf8_lossy(&answer.stdout).into_owned())
    };
    let mut rounds = Vec::new();
    for round in 0..STARTS {
        let nothing = |rest: (f64, String)| {
            assert!(rest.1.starts_with("medcode "));
            rest.0
        };
        let looked_up = || {
            let (took, said) = run(&["lookup", "E11.9"]);
            assert!(said.contains("Type 2 diabetes mellitus without complications"));
            took
        };
        rounds.push(if round % 2 == 0 {
            let took = looked_up();
            (took, nothing(run(&["--version"])))
        } else {
            let limit = nothing(run(&["--version"]));
            (looked_up(), limit)
        });
    }
    let (name, limit) = ("`medcode lookup E11.9`, a process", "`medcode --version`");
    report.add(Figure::of(name, "ms", Goal::AtMost(60.0), limit, rounds));
    let before = children_seconds();
    for _ in 0..STARTS {
        run(&["lookup", "E11.9"]);
    }
    let starts = f64::from(u32::try_from(STARTS).expect("few"));
    let each = (children_seconds() - before) / starts * 1e3;
    report.add(Figure::alone("`medcode lookup E11.9`, CPU", "ms", Goal::None, vec![each]));
}

/// The catalog from nothing to the first code, beside reading the bytes of its file.
pub(crate) fn open(report: &mut Report, catalog: &Path) {
    let file = catalog.join("catalog.db");
    let rounds = (0..OPENINGS).map(|_| {
        let begun = Instant::now();
        let bytes = std::fs::read(&file).expect("the file");
        let limit = begun.elapsed();
        drop(bytes);
        let begun = Instant::now();
        let snapshot = Snapshot::load(&file).expect("the catalog opens");
        let code = medcode_codes::code::CodeKey::new("E119")
            .and_then(|key| medcode_codes::code::Code::from_key(CodeSystem::Icd10Cm, key))
            .expect("a code");
        let concept = snapshot.terminology.concept(code, DAY).expect("it is there");
        assert!(concept.title().is_some());
        (begun.elapsed().as_secs_f64() * 1e3, limit.as_secs_f64() * 1e3)
    });
    let (name, limit) = ("catalog opened to the first code", "reading its file");
    report.add(Figure::of(name, "ms", Goal::AtMost(150.0), limit, rounds.collect()));
}

/// `medcode serve`: started, asked all kinds of things, left alone.
pub(crate) async fn serve(report: &mut Report, catalog: &Path, pool: &[Asked], limit: u32) {
    let (mut started, mut idle, mut warm) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let server = Server::start(catalog);
        started.push(server.started_in.as_secs_f64() * 1e3);
        idle.push((resident_megabytes(server.process_id()), resident_megabytes(limit)));
        let target = Target::connect(server.process_id(), &server.address).await;
        let mut client = CodeSystemServiceClient::new(target.channels[0].clone());
        for asked in pool.iter().take(2_000) {
            let request = v1::LookupCodesRequest {
                codings: vec![asked.coding.clone()],
                ..v1::LookupCodesRequest::default()
            };
            client.lookup_codes(request).await.expect("an answer");
            let words = asked.title.as_deref().filter(|title| !title.is_empty());
            let words = words.unwrap_or("diabetes").chars().take(12);
            let request = v1::SearchConceptsRequest {
                query: words.collect(),
                ..v1::SearchConceptsRequest::default()
            };
            client.search_concepts(request).await.expect("an answer");
        }
        warm.push((resident_megabytes(server.process_id()), resident_megabytes(limit)));
    }
    let alone =
        Figure::alone("`medcode serve` to its first answer", "ms", Goal::AtMost(250.0), started);
    report.add(alone);
    let limit = "bare tonic echo after load";
    let name = "`medcode serve`, resident, code sets loaded";
    report.add(Figure::of(name, "MB", Goal::AtMost(80.0), limit, idle));
    let name = "`medcode serve`, resident, after 2,000 lookups and searches";
    report.add(Figure::of(name, "MB", Goal::AtMost(80.0), limit, warm));
}

/// The default set from its packages to a catalog that answers.
pub(crate) fn install(report: &mut Report) {
    let Some(packages) = packages() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let begun = Instant::now();
    let before = children_seconds();
    let answer = medcode(folder.path(), ["catalog", "install", "--from"])
        .arg(packages)
        .output()
        .expect("it starts");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let took = begun.elapsed().as_secs_f64();
    report.add(Figure::alone("installing the default set", "s", Goal::AtMost(10.0), vec![took]));
    let processor = children_seconds() - before;
    report.add(Figure::alone("installing the default set, CPU", "s", Goal::None, vec![processor]));
    let file = std::fs::metadata(folder.path().join("catalog.db")).expect("the catalog").len();
    let megabytes = f64::from(u32::try_from(file / 1024).expect("not that large")) / 1024.0;
    report.add(Figure::alone("file of the catalog", "MB", Goal::None, vec![megabytes]));
}
