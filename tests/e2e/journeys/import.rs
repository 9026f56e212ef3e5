//! `medcode catalog import`: killed at any moment, it leaves the catalog that was there or the complete new one.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use e2e::{medcode, run};
use serde_json::Value;

/// How often an import is killed.
const KILLS: u32 = 100;
/// Where the random moments begin. The moments are the same each time as shares of the whole duration.
const SEED: u64 = 0x6D65_6463_6F64_6500;

/// An order file of invented codes with invented titles, `count` of them.
fn order_file(path: &Path, count: u32, word: &str) {
    let line = |number: u32| {
        let letter = char::from_digit(10 + number / 2_000, 36).unwrap().to_ascii_uppercase();
        let code = format!("{letter}{:02}{:02}", number / 20 % 100, number % 20);
        let title = format!("{word} disorder {} of group {letter}", number % 2_000);
        format!("{:05} {code:7} 1 {title:60} {title}, described at length\r\n", number + 1)
    };
    fs::write(path, (0..count).map(line).collect::<String>()).unwrap();
}

/// The releases as listed, without the time of the import.
fn releases(data_dir: &Path) -> Value {
    let listed = run(data_dir, &["catalog", "list", "--json"]);
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    let mut releases = listed.json()["releases"].take();
    for release in releases.as_array_mut().unwrap() {
        release.as_object_mut().unwrap().remove("imported_at");
    }
    releases
}

fn import(data_dir: &Path, file: &Path) {
    let done = run(data_dir, &["catalog", "import", &file.display().to_string()]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
}

/// Names of what lies in a data directory, but for the lock.
fn left(data_dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(data_dir).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "install.lock").collect()
}

/// A share of `whole`, from zero to a tenth more than all of it, so that some moments lie behind the swap (splitmix64).
fn moment(state: &mut u64, whole: Duration) -> Duration {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let share = u32::try_from((mixed ^ (mixed >> 31)) % 1_101).unwrap();
    whole * share / 1_000
}

#[test]
fn an_import_killed_at_any_moment_leaves_a_complete_catalog() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { folder.path().join(name) };
    order_file(&at("icd10cm_order_2024.txt"), 2_000, "Earlier");
    order_file(&at("icd10cm_order_2025.txt"), 40_000, "Later");
    let (data_dir, file) = (at("data"), at("icd10cm_order_2025.txt"));
    import(&data_dir, &at("icd10cm_order_2024.txt"));
    let catalog = data_dir.join("catalog.db");
    fs::copy(&catalog, at("earlier.db")).unwrap();
    let earlier = releases(&data_dir);

    let start = Instant::now();
    import(&data_dir, &file);
    let whole = start.elapsed();
    let later = releases(&data_dir);
    assert_ne!(earlier, later);

    let mut state = SEED;
    let (mut were_early, mut were_late) = (0, 0);
    for kill in 0..KILLS {
        fs::copy(at("earlier.db"), &catalog).unwrap();
        let mut child = medcode(&data_dir, ["catalog", "import"])
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The moment is what is tested: it waits for nothing.
        let delay = moment(&mut state, whole);
        thread::sleep(delay);
        child.kill().unwrap();
        child.wait().unwrap();
        let found = releases(&data_dir);
        if found == earlier {
            were_early += 1;
        } else {
            assert_eq!(found, later, "kill {kill} after {delay:?} of {whole:?}");
            were_late += 1;
        }
        let answer = run(&data_dir, &["lookup", "A00.00", "--as-of", "2024-01-01"]);
        assert_eq!(answer.code, Some(0), "kill {kill}: {}", answer.stderr);
    }
    assert_eq!(were_early + were_late, KILLS);
    assert!(were_early > 0, "every kill came too late");

    import(&data_dir, &file);
    assert_eq!(releases(&data_dir), later);
    assert_eq!(left(&data_dir), ["catalog.db"]);
}
