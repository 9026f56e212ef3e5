//! A follower on real files, made by imports of miniatures.

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{Timestamp, civil::date};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::time::timeout;

use super::*;
use crate::{
    catalog::store::{FORMAT, catalog_path},
    install::{
        Silent,
        import::{ImportOptions, import},
    },
};

/// How long anything may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);
const CM: &str = "icd10cm-order.txt";
const PCS: &str = "icd10pcs-order.txt";

struct Place {
    folder: TempDir,
    catalog: Arc<Catalog>,
}

impl Place {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), catalog: Arc::default() }
    }

    fn path(&self) -> PathBuf {
        catalog_path(self.folder.path())
    }

    /// Imports a miniature and returns the digest of the catalog.
    fn import(&self, name: &str) -> String {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/releases/mini").join(name);
        let options = ImportOptions {
            release: Some(date(2025, 10, 1)),
            setting: None,
            now: Timestamp::UNIX_EPOCH,
        };
        import(self.folder.path(), &[file], &options, &Silent).unwrap().catalog.digest
    }

    fn follower(&self) -> Follower {
        Follower { path: self.path(), catalog: self.catalog.clone(), seen: None }
    }

    fn digest(&self) -> Option<String> {
        self.catalog.current().map(|snapshot| snapshot.digest.clone())
    }

    /// Puts a file in the place of the catalog, as an installation does.
    fn put(&self, write: impl FnOnce(&Path)) {
        let aside = self.folder.path().join("aside");
        write(&aside);
        fs::rename(aside, self.path()).unwrap();
    }
}

#[tokio::test]
async fn a_catalog_that_comes_is_published_and_one_that_goes_changes_nothing() {
    let place = Place::new();
    let mut follower = place.follower();
    assert!(matches!(follower.look().await, Looked::Nothing), "there is none yet");
    let digest = place.import(CM);
    assert!(matches!(follower.look().await, Looked::Published(_)));
    assert_eq!(place.digest().as_ref(), Some(&digest));
    assert!(matches!(follower.look().await, Looked::Nothing), "seen before");
    fs::remove_file(place.path()).unwrap();
    assert!(matches!(follower.look().await, Looked::Nothing));
    assert_eq!(place.digest(), Some(digest));
}

#[tokio::test]
async fn the_old_snapshot_goes_when_its_last_reader_does() {
    let place = Place::new();
    let mut follower = place.follower();
    place.import(CM);
    follower.look().await;
    let reader = place.catalog.current().unwrap();
    let old = Arc::downgrade(&reader);
    let digest = place.import(PCS);
    let Looked::Published(new) = follower.look().await else { panic!("not published") };
    assert_eq!(new.digest, digest);
    assert!(old.upgrade().is_some(), "a request keeps what it began with");
    drop(reader);
    assert!(old.upgrade().is_none(), "nobody else holds it");
}

#[tokio::test]
async fn a_swap_between_the_first_load_and_the_first_look_is_seen() {
    let place = Place::new();
    place.import(CM);
    place.catalog.publish(Snapshot::load(&place.path()).unwrap());
    let digest = place.import(PCS);
    assert!(matches!(place.follower().look().await, Looked::Published(_)));
    assert_eq!(place.digest(), Some(digest));
    assert!(matches!(place.follower().look().await, Looked::Nothing), "the same is no news");
}

#[tokio::test]
async fn the_same_content_in_another_file_is_no_news() {
    let place = Place::new();
    place.import(CM);
    let mut follower = place.follower();
    follower.look().await;
    let swaps = *place.catalog.swaps().borrow();
    place.put(|aside| assert!(fs::copy(place.path(), aside).unwrap() > 0));
    assert!(matches!(follower.look().await, Looked::Nothing));
    assert_eq!(*place.catalog.swaps().borrow(), swaps);
}

#[tokio::test]
async fn what_cannot_be_loaded_is_told_once_and_the_old_stays() {
    let place = Place::new();
    let digest = place.import(CM);
    let mut follower = place.follower();
    follower.look().await;
    let sound = fs::read(place.path()).unwrap();

    place.put(|aside| fs::write(aside, "no catalog").unwrap());
    assert!(matches!(follower.look().await, Looked::Refused));
    // The file is tried again from time to time, without a word.
    for _ in 0..=LOOKS_BEFORE_RETRY {
        assert!(matches!(follower.look().await, Looked::Nothing));
    }
    let newer = |aside: &Path| {
        fs::write(aside, &sound).unwrap();
        let connection = Connection::open(aside).unwrap();
        connection.pragma_update(None, "user_version", FORMAT + 1).unwrap();
    };
    place.put(newer);
    let refused = renew(&place.path(), &place.catalog).unwrap_err().to_string();
    assert!(refused.contains("newer medcode"), "{refused}");
    assert!(matches!(follower.look().await, Looked::Refused));
    assert_eq!(place.digest(), Some(digest));

    place.put(|aside| fs::write(aside, &sound).unwrap());
    let digest = place.import(PCS);
    assert!(matches!(follower.look().await, Looked::Published(_)), "a good one is taken again");
    assert_eq!(place.digest(), Some(digest));
}

#[tokio::test]
async fn a_file_that_becomes_readable_is_taken_without_being_replaced() {
    let place = Place::new();
    let digest = place.import(CM);
    let mut follower = place.follower();
    // As if it had been refused for a reason that does not lie in the file.
    let stamp = Stamp::of(&place.path()).unwrap();
    follower.seen = Some(Seen { stamp, retry: Some(2) });
    assert!(matches!(follower.look().await, Looked::Nothing));
    assert!(matches!(follower.look().await, Looked::Published(_)));
    assert_eq!(place.digest(), Some(digest));
}

#[tokio::test]
async fn follows_swap_after_swap() {
    let place = Place::new();
    let told = Arc::new(AtomicUsize::new(0));
    let mut swaps = place.catalog.swaps();
    let counted = told.clone();
    let following = tokio::spawn(follow(
        place.path(),
        place.catalog.clone(),
        Duration::from_millis(5),
        move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        },
    ));
    for name in [CM, PCS] {
        let digest = place.import(name);
        timeout(LIMIT, swaps.changed()).await.unwrap().unwrap();
        assert_eq!(place.digest(), Some(digest));
    }
    following.abort();
    assert!(told.load(Ordering::SeqCst) >= 1);
}
