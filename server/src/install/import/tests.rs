//! Imports into a catalog of miniature packages.

use std::{fs, path::PathBuf};

use jiff::{Timestamp, civil::date};
use medcode_codes::{
    code::Code,
    date::{Date, parse_iso},
    edits::EditSetting,
    system::CodeSystem,
};
use tempfile::TempDir;

use super::*;
use crate::{
    archive::testing::zip_of,
    catalog::{
        snapshot::Snapshot,
        store::{StoreError, testing::damage_part},
    },
    install::{InstallOptions, Silent, install_set, testing::mini_set},
};

mod refused;
mod taken;

/// The codes that the miniature code master calls valid from 2024-10-01 on.
const VALID: [&str; 11] = [
    "B20", "E1165", "E1169", "E119", "H540X33", "S060X0A", "S060X0D", "S060X0S", "S061X7A",
    "T20XXXA", "T20XXXS",
];

/// A catalog of the miniature packages, and a folder for files to import.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: TempDir::new().unwrap() };
        let mini = mini_set();
        let wheels = place.folder.path().join("wheels");
        mini.write_to(&wheels);
        let options = InstallOptions {
            force: false,
            from_dir: Some(wheels),
            keep_packages: None,
            python: "no such python".into(),
            now: Timestamp::UNIX_EPOCH,
        };
        install_set(mini.set, &place.data_dir(), &options, &Silent).unwrap();
        place
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Saves a file to import. The name may have folders.
    fn save(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("official").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn import(&self, path: PathBuf) -> Result<Imported, InstallError> {
        self.import_with(&[path], None, None)
    }

    fn import_with(
        &self,
        paths: &[PathBuf],
        release: Option<Date>,
        setting: Option<EditSetting>,
    ) -> Result<Imported, InstallError> {
        let options = ImportOptions { release, setting, now: Timestamp::UNIX_EPOCH };
        import(&self.data_dir(), paths, &options, &Silent)
    }

    fn catalog(&self) -> Vec<u8> {
        fs::read(catalog_path(&self.data_dir())).unwrap()
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot::load(&catalog_path(&self.data_dir())).unwrap()
    }

    /// Names of what lies in the data directory, but for the lock.
    fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.data_dir()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != "install.lock").collect()
    }
}

fn title(snapshot: &Snapshot, code: &str, day: &str) -> Option<String> {
    let code = Code::parse(CodeSystem::Icd10Cm, code).unwrap();
    let concept = snapshot.terminology.concept(code, parse_iso(day).unwrap())?;
    concept.title().map(|(title, _)| title.into_owned())
}

/// An order file of these codes, whose titles hold a word.
fn order_file(codes: &[&str], word: &str) -> Vec<u8> {
    let lines = (1..).zip(codes).map(|(number, code)| order_line(number, code, word));
    lines.collect::<String>().into_bytes()
}

fn order_line(number: u32, code: &str, word: &str) -> String {
    let title = format!("{word} {code}");
    format!("{number:05} {code:7} 1 {title:60} {title}\r\n")
}

/// A codes file with the titles of [`order_file`].
fn codes_file(codes: &[&str], word: &str) -> Vec<u8> {
    let lines = codes.iter().map(|code| format!("{code:7} {word} {code}\r\n").into_bytes());
    lines.flatten().collect()
}

fn outcomes(imported: &Imported) -> Vec<(&str, &Became)> {
    imported.files.iter().map(|file| (file.file.as_str(), &file.became)).collect()
}
