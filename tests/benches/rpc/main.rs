//! The service beside a bare tonic service that answers with as many bytes, and the program as people start it.
//!
//! `cargo xtask bench rpc` builds the program as it is released, says where it and the catalog are, and prints what this
//! benchmark found; run by itself it takes the name of a part as its argument. Every answer is compared with the catalog
//! before anything is measured; the service and its limit take turns in one run.

use std::path::Path;

use e2e::{catalog, figures::Report, server::Server};
use medcode_server::catalog::snapshot::Snapshot;
use serde_json::json;

mod codes;
mod echo;
mod encounters;
mod load;
mod pool;
mod processes;

use echo::{EchoProcess, Limit, Replies};
use load::Target;

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    if let [_, what, replies] = arguments.as_slice()
        && let Some(limit) = Limit::asked(what)
    {
        return echo::serve(limit, Path::new(replies));
    }
    let Some(catalog) = catalog() else { return };
    let only = arguments.get(1).filter(|argument| !argument.starts_with('-'));
    let wanted = |name: &str| only.is_none_or(|only| name.contains(only.as_str()));
    let mut report = Report::default();
    // The generator has one thread, so that most of the machine is left to the server.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let digest = runtime.expect("a runtime").block_on(run(&mut report, &catalog, wanted));
    if wanted("lookup") {
        processes::lookup(&mut report, &catalog);
    }
    if wanted("open") {
        processes::open(&mut report, &catalog);
    }
    if wanted("install") {
        processes::install(&mut report);
    }
    report.print("medcode serve", &json!({ "catalog": digest, "rounds": load::ROUNDS }));
}

/// Measures what goes over the wire; gives the digest of the catalog.
async fn run(report: &mut Report, catalog: &Path, wanted: impl Fn(&str) -> bool) -> String {
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let terminology = &snapshot.terminology;
    let (codes, encounters) = (pool::codes(terminology), pool::encounters(terminology));

    let server = Server::start(catalog);
    let service = Target::connect(server.process_id(), &server.address).await;
    let mut replies = Replies::default();
    codes::check(&service, &codes, &mut replies).await;
    encounters::check(&service, terminology, &encounters, &mut replies).await;

    let folder = tempfile::tempdir().expect("a folder");
    replies.write(folder.path());
    let echo = EchoProcess::start(Limit::Bare, folder.path());
    let limit = Target::connect(echo.process_id(), &echo.address).await;
    if wanted("codes") {
        let layered = EchoProcess::start(Limit::Layered, folder.path());
        let usual = EchoProcess::start(Limit::OnOneRuntime, folder.path());
        let limits = codes::Limits {
            bare: &limit,
            layered: &Target::connect(layered.process_id(), &layered.address).await,
            on_one_runtime: &Target::connect(usual.process_id(), &usual.address).await,
        };
        codes::measure(report, &service, &limits, &codes).await;
    }
    if wanted("encounters") {
        encounters::measure(report, &service, &limit, terminology, &encounters).await;
    }
    drop(service);
    drop(server);
    if wanted("serve") {
        processes::serve(report, catalog, &codes, echo.process_id()).await;
    }
    snapshot.digest
}
