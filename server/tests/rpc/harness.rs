//! A service over the sample of the code sets.

use std::sync::{Arc, LazyLock};

use medcode_codes::{
    code_table::CodeTable,
    date::Date,
    release::Release,
    system::CodeSystem,
    terminology::Terminology,
    testing::{TODAY, own_sample},
};
use medcode_proto::v1::{
    self, code_system_service_client::CodeSystemServiceClient,
    document_service_client::DocumentServiceClient,
    encounter_service_client::EncounterServiceClient,
};
use medcode_server::{
    app::App,
    catalog::{
        Catalog,
        releases::{ReleaseKind, ReleaseRecord, Source},
        snapshot::{Abbreviation, Snapshot},
    },
    config::Config,
};
use tonic::{Status, transport::Channel};
use tonic_types::{ErrorDetails, StatusExt};

/// A running service and ways to ask it.
pub(crate) struct Running {
    pub(crate) channel: Channel,
    pub(crate) catalog: Arc<Catalog>,
}

impl Running {
    /// A service that holds the sample.
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    /// A service that holds the sample, with these settings.
    pub(crate) fn with(config: Config) -> Self {
        let running = Self::empty(config);
        running.catalog.publish(snapshot());
        running
    }

    /// A service that holds nothing yet.
    pub(crate) fn empty(config: Config) -> Self {
        let catalog = Arc::new(Catalog::new(&config.caches));
        let channel = App::new(config, Arc::clone(&catalog), || TODAY).into_channel();
        Self { channel, catalog }
    }

    pub(crate) fn codes(&self) -> CodeSystemServiceClient<Channel> {
        CodeSystemServiceClient::new(self.channel.clone()).max_decoding_message_size(16 << 20)
    }

    pub(crate) fn documents(&self) -> DocumentServiceClient<Channel> {
        DocumentServiceClient::new(self.channel.clone())
    }

    pub(crate) fn encounters(&self) -> EncounterServiceClient<Channel> {
        EncounterServiceClient::new(self.channel.clone())
    }
}

/// The sample as a snapshot, made once. CPT is not loaded.
pub(crate) fn snapshot() -> Arc<Snapshot> {
    static SNAPSHOT: LazyLock<Arc<Snapshot>> =
        LazyLock::new(|| Arc::new(snapshot_of(own_sample())));
    Arc::clone(&SNAPSHOT)
}

/// A snapshot of these codes.
pub(crate) fn snapshot_of(terminology: Terminology) -> Snapshot {
    let mut records = Vec::new();
    for edition in terminology.editions() {
        records.push(record(
            edition.release.clone(),
            ReleaseKind::Tabular,
            vec![CodeSystem::Icd10Cm],
            None,
        ));
    }
    let horizon = medcode_codes::date::parse_iso("2027-03-31").ok();
    let master = terminology.table(CodeSystem::Icd10Cm).unwrap().release().clone();
    let icd = vec![CodeSystem::Icd10Cm, CodeSystem::Icd10Pcs];
    records.push(record(master, ReleaseKind::CodeMaster, icd, horizon));
    if let Some(table) = terminology.table(CodeSystem::Hcpcs) {
        records.push(record(
            table.release().clone(),
            ReleaseKind::CodesInUse,
            vec![CodeSystem::Hcpcs],
            None,
        ));
    }
    let mut titled = terminology.table(CodeSystem::Icd10Pcs).into_iter().flat_map(CodeTable::iter);
    let titles = titled.find_map(|entry| entry.newest_title()).map(|title| title.release.clone());
    drop(titled);
    if let Some(release) = titles {
        let systems = vec![CodeSystem::Icd10Pcs];
        records.push(record(release, ReleaseKind::CodeList, systems, None));
    }
    for exempt in &terminology.supplements().poa_exempt {
        let systems = vec![CodeSystem::Icd10Cm];
        records.push(record(exempt.release.clone(), ReleaseKind::PoaExempt, systems, None));
    }
    let abbreviations =
        vec![Abbreviation { short: "XYZ".into(), expansions: vec!["foot ulcer".into()] }];
    Snapshot::new(terminology, records, abbreviations)
}

fn record(
    release: Release,
    kind: ReleaseKind,
    systems: Vec<CodeSystem>,
    horizon: Option<Date>,
) -> ReleaseRecord {
    let source = Source {
        package: "sample 1.0".into(),
        file: "sample.txt".into(),
        sha256: "0".repeat(64),
        licence: "public domain".into(),
        copyright: String::new(),
    };
    ReleaseRecord {
        release,
        kind,
        systems,
        horizon,
        is_default: true,
        source,
        imported_at: "2026-04-01T00:00:00Z".into(),
        row_count: 1,
        billable_count: None,
        remarks: Vec::new(),
    }
}

/// An ICD-10-CM coding.
pub(crate) fn cm(code: &str) -> v1::Coding {
    coding("icd-10-cm", code)
}

pub(crate) fn coding(system: &str, code: &str) -> v1::Coding {
    v1::Coding { system: system.into(), code: code.into(), ..v1::Coding::default() }
}

/// A day as a field of a message.
#[expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
pub(crate) fn date(text: &str) -> Option<v1::Date> {
    let day = medcode_codes::date::parse_iso(text).unwrap();
    Some(v1::Date { year: day.year().into(), month: day.month().into(), day: day.day().into() })
}

/// A day as text; empty when there is none.
pub(crate) fn day(date: Option<&v1::Date>) -> String {
    date.map_or_else(String::new, |date| {
        format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
    })
}

/// The reason that an error carries, with its details.
pub(crate) fn reason(status: &Status) -> (String, ErrorDetails) {
    let details = status.get_error_details();
    let info = details.error_info().unwrap_or_else(|| panic!("no reason in {status:?}"));
    assert_eq!(info.domain, "medcode");
    (info.reason.clone(), details)
}

/// The paths of the fields that an error names.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    let (_, details) = reason(status);
    let request = details.bad_request().unwrap_or_else(|| panic!("no fields in {status:?}"));
    request.field_violations.iter().map(|violation| violation.field.clone()).collect()
}
