//! The rule files of payers: found, read, and read again when they change.
//!
//! Files belong to their user and are never copied into the catalog. A file that changes into something that cannot be
//! used is reported by the rule `payer-file-invalid`; the version that was understood last stays in force.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use arc_swap::ArcSwap;
use medcode_codes::payer::{PayerFault, PayerFile, PayerRules, parse};

use crate::catalog::Catalog;

/// Bytes of the largest file that is read.
const MOST_BYTES: u64 = 4 << 20;

/// Files below one folder that are looked at.
const MOST_FILES: usize = 1_000;

/// The rules that are in force, and where they come from.
#[derive(Debug, Default)]
pub struct Payers {
    current: ArcSwap<InForce>,
    state: Mutex<State>,
}

/// Rules that are in force.
#[derive(Debug, Default)]
pub(crate) struct InForce {
    pub(crate) rules: Arc<PayerRules>,
    /// How many were in force before them.
    pub(crate) number: u64,
}

#[derive(Debug, Default)]
struct State {
    /// Files, and folders whose `*.toml` files are read.
    places: Vec<PathBuf>,
    files: BTreeMap<PathBuf, Loaded>,
}

/// A file as it was when it was read last.
#[derive(Debug)]
struct Loaded {
    stamp: Option<Stamp>,
    /// The last version that was understood.
    good: Option<PayerFile>,
    fault: Option<PayerFault>,
}

type Stamp = (Option<SystemTime>, u64);

impl Payers {
    /// Adds files and folders, each once, and reads them.
    pub fn add(&self, places: impl IntoIterator<Item = PathBuf>) {
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            for place in places {
                if !state.places.contains(&place) {
                    state.places.push(place);
                }
            }
        }
        self.refresh();
    }

    /// The rules that are in force.
    pub fn current(&self) -> Arc<PayerRules> {
        Arc::clone(&self.in_force().rules)
    }

    /// The same with their number.
    pub(crate) fn in_force(&self) -> Arc<InForce> {
        self.current.load_full()
    }

    /// Reads what has changed since the last look. Returns whether anything has.
    pub fn refresh(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let paths: Vec<PathBuf> = state.places.iter().flat_map(|place| files(place)).collect();
        let before = state.files.len();
        state.files.retain(|path, _| paths.contains(path));
        let mut changed = state.files.len() != before;
        for path in paths {
            let stamp = stamp(&path);
            if state.files.get(&path).is_some_and(|loaded| loaded.stamp == stamp) {
                continue;
            }
            changed = true;
            let good = state.files.get_mut(&path).and_then(|loaded| loaded.good.take());
            state.files.insert(path.clone(), load(&path, stamp, good));
        }
        if changed {
            let good = state.files.values().filter_map(|loaded| loaded.good.clone());
            let faults = state.files.values().filter_map(|loaded| loaded.fault.clone());
            let rules = PayerRules { files: good.collect(), faults: faults.collect() }.into();
            // Whoever comes here holds the state.
            let number = self.in_force().number + 1;
            self.current.store(Arc::new(InForce { rules, number }));
        }
        changed
    }
}

/// Keeps the rules beside a catalog at the state of their files. Never ends: drop it.
pub async fn follow(catalog: Arc<Catalog>, every: Duration) -> Infallible {
    let mut looks = tokio::time::interval(every);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        let catalog = Arc::clone(&catalog);
        let look = tokio::task::spawn_blocking(move || catalog.payers.refresh());
        if matches!(look.await, Ok(true)) {
            tracing::info!("payer rules published");
        }
    }
}

/// The file itself, or the rule files of a folder by name.
fn files(place: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(place) else {
        // A folder may come later; a file that is named has to be there.
        let is_file = place.extension().is_some_and(|ending| ending == "toml") || place.is_file();
        return if is_file { vec![place.to_owned()] } else { Vec::new() };
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml") && path.is_file())
        .take(MOST_FILES)
        .collect();
    paths.sort();
    paths
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok(), metadata.len()))
}

fn load(path: &Path, stamp: Option<Stamp>, good: Option<PayerFile>) -> Loaded {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let read = read(path).map_err(|error| error.to_string());
    let parsed = read.and_then(|text| parse(&name, &text).map_err(|error| error.to_string()));
    if parsed.is_err() {
        tracing::warn!(file = %path.display(), "a payer file cannot be used");
    }
    match parsed {
        Ok(file) => Loaded { stamp, good: Some(file), fault: None },
        Err(message) => {
            let payer = good.as_ref().map(|file| file.id.clone());
            let fault = PayerFault { file: name, payer, message };
            Loaded { stamp, good, fault: Some(fault) }
        }
    }
}

fn read(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.len() > MOST_BYTES {
        return Err(io::Error::other(format!("larger than {} MB", MOST_BYTES >> 20)));
    }
    fs::read_to_string(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "schema = 1\n[payer]\nid = \"acme\"\n[[rule]]\nid = \"A-1\"\nwhen = { code = \"27447\" }\nrequire = { prior_auth = true }\n";

    #[test]
    fn keeps_the_last_good_version_of_a_file_that_breaks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("acme.toml");
        fs::write(&path, GOOD).unwrap();
        fs::write(folder.path().join("notes.txt"), "no rules").unwrap();
        let payers = Payers::default();
        payers.add([folder.path().to_owned()]);
        assert_eq!(payers.current().files.len(), 1);
        assert!(!payers.refresh());

        fs::write(&path, "schema = 1\n[payer]\nid = \"acme\"\nnmae = \"x\"\n").unwrap();
        assert!(payers.refresh());
        let rules = payers.current();
        assert_eq!((rules.files.len(), rules.faults.len()), (1, 1));
        assert_eq!(rules.faults[0].payer.as_deref(), Some("acme"));
        assert!(rules.faults[0].message.contains("line 4"), "{}", rules.faults[0].message);

        fs::write(&path, GOOD.replace("A-1", "A-27")).unwrap();
        assert!(payers.refresh());
        assert_eq!(payers.current().files[0].rules[0].id, "A-27");
        assert!(payers.current().faults.is_empty());

        fs::remove_file(&path).unwrap();
        assert!(payers.refresh());
        assert!(payers.current().files.is_empty());
    }

    #[test]
    fn a_file_that_is_not_there_is_a_fault() {
        let payers = Payers::default();
        payers.add([PathBuf::from("missing.toml")]);
        assert_eq!(payers.current().faults.len(), 1);
        assert!(payers.current().faults[0].payer.is_none());
    }
}
