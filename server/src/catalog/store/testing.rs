//! Damage to catalogs, for tests of what notices it.

use std::path::Path;

/// Makes the checksum of a part wrong.
pub(crate) fn damage_part(path: &Path, name: &str) {
    let sql = "UPDATE part SET checksum = checksum + 1 WHERE name = ?";
    let connection = rusqlite::Connection::open(path).unwrap();
    assert_eq!(connection.execute(sql, [name]).unwrap(), 1, "{name}");
}
