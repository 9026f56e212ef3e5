-- The durable catalog. Written once beside the old file, then only read; see store.rs for the format version.
--
-- A release is kept as it was read: its rows, encoded and compressed, with a digest over the encoded form. What answers
-- questions is assembled from all releases and kept as parts, so that opening a catalog only decodes.
--
-- Days are numbers of the form YYYYMMDD, both ends of a period inclusive, NULL = open.

-- digest: over all releases. default_set: the manifest the default releases were installed from. parts: the names of
-- all parts, separated by blanks. rows_format: the form of the rows of releases.
CREATE TABLE property (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- In the order of import: of two releases with the same dataset, kind, version and systems the later one answers.
CREATE TABLE release (
    id             INTEGER PRIMARY KEY,
    dataset        TEXT NOT NULL,
    kind           TEXT NOT NULL,
    version        INTEGER NOT NULL,
    effective_to   INTEGER,
    -- Last day that the data covers.
    horizon        INTEGER,
    title          TEXT NOT NULL,
    -- Whether a missing code does not exist.
    complete       INTEGER NOT NULL CHECK (complete IN (0, 1)),
    -- Over the rows as encoded.
    digest         TEXT NOT NULL,
    -- Short ids of the systems it tells about, separated by blanks.
    systems        TEXT NOT NULL,
    -- Whether it belongs to the default set; else a user imported it.
    is_default     INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    package        TEXT NOT NULL,
    file           TEXT NOT NULL,
    sha256         TEXT NOT NULL,
    licence        TEXT NOT NULL,
    copyright      TEXT NOT NULL,
    imported_at    TEXT NOT NULL,
    row_count      INTEGER NOT NULL,
    billable_count INTEGER,
    -- What was noticed during the import, one sentence a line.
    remarks        TEXT NOT NULL
) STRICT;

-- Rows of releases: postcard, deflated. See store/encoding.rs.
CREATE TABLE release_rows (
    release INTEGER PRIMARY KEY REFERENCES release,
    bytes   BLOB NOT NULL
) STRICT;

-- What is loaded: code tables, editions, supplements, abbreviations, the search index. See catalog/parts.rs.
CREATE TABLE part (
    name     TEXT PRIMARY KEY,
    -- CRC-32 of the bytes.
    checksum INTEGER NOT NULL,
    bytes    BLOB NOT NULL
) STRICT;
