-- The durable catalog. Written once beside the old file, then only read; see store.rs for the format version.
--
-- Days are numbers of the form YYYYMMDD, both ends of a period inclusive, NULL = open. Codes are in capitals and
-- without a point. Every row belongs to a release or to a code table that a release dates.

-- digest: over all releases. default_set: the manifest the catalog was installed from.
CREATE TABLE property (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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
    -- Over the rows in canonical order.
    digest         TEXT NOT NULL,
    -- Short ids of the systems it tells about, separated by blanks.
    systems        TEXT NOT NULL,
    package        TEXT NOT NULL,
    file           TEXT NOT NULL,
    sha256         TEXT NOT NULL,
    licence        TEXT NOT NULL,
    copyright      TEXT NOT NULL,
    imported_at    TEXT NOT NULL,
    row_count      INTEGER NOT NULL,
    billable_count INTEGER,
    UNIQUE (dataset, kind, version, digest)
) STRICT;

-- The codes of one system and the release that says which there are and when.
CREATE TABLE code_table (
    id      INTEGER PRIMARY KEY,
    system  TEXT NOT NULL UNIQUE,
    release INTEGER NOT NULL REFERENCES release
) STRICT;

-- A code lives in one period, or was seen in use in the quarters that begin on two days.
CREATE TABLE code (
    code_table INTEGER NOT NULL REFERENCES code_table,
    code       TEXT NOT NULL,
    first_day  INTEGER,
    last_day   INTEGER,
    seen_first INTEGER,
    seen_last  INTEGER,
    PRIMARY KEY (code_table, code),
    CHECK ((first_day IS NULL) = (seen_first IS NOT NULL) AND (seen_first IS NULL) = (seen_last IS NULL))
) STRICT, WITHOUT ROWID;

-- The combinations of code editor flags that occur: their names, separated by blanks.
CREATE TABLE flag_set (
    id    INTEGER PRIMARY KEY,
    names TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE code_flag (
    code_table INTEGER NOT NULL REFERENCES code_table,
    code       TEXT NOT NULL,
    first_day  INTEGER NOT NULL,
    last_day   INTEGER,
    flag_set   INTEGER NOT NULL REFERENCES flag_set,
    PRIMARY KEY (code_table, code, first_day)
) STRICT, WITHOUT ROWID;

-- Title lists. Those shown with a code (at most one for a code) lie together in code order, to be read in one go
-- with the codes; where a tabular list has the title, that one is shown.
CREATE TABLE title (
    code_table INTEGER NOT NULL REFERENCES code_table,
    shown      INTEGER NOT NULL CHECK (shown IN (0, 1)),
    code       TEXT NOT NULL,
    release    INTEGER NOT NULL REFERENCES release,
    text       TEXT NOT NULL,
    PRIMARY KEY (code_table, shown, code, release)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversion (
    code_table INTEGER NOT NULL REFERENCES code_table,
    from_code  TEXT NOT NULL,
    to_code    TEXT NOT NULL,
    release    INTEGER NOT NULL REFERENCES release,
    effective  INTEGER NOT NULL,
    PRIMARY KEY (code_table, from_code, to_code, release)
) STRICT, WITHOUT ROWID;

-- A tabular list in document order. kind: 0 chapter, 1 section, 2 code.
CREATE TABLE node (
    release INTEGER NOT NULL REFERENCES release,
    number  INTEGER NOT NULL,
    parent  INTEGER,
    kind    INTEGER NOT NULL CHECK (kind IN (0, 1, 2)),
    name    TEXT NOT NULL,
    title   TEXT NOT NULL,
    PRIMARY KEY (release, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
    release   INTEGER NOT NULL REFERENCES release,
    node      INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    -- Notes of one element share this number.
    container INTEGER NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (release, node, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE seventh_character (
    release   INTEGER NOT NULL REFERENCES release,
    node      INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    character TEXT NOT NULL,
    meaning   TEXT NOT NULL,
    PRIMARY KEY (release, node, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE abbreviation (
    release   INTEGER NOT NULL REFERENCES release,
    short     TEXT NOT NULL,
    position  INTEGER NOT NULL,
    expansion TEXT NOT NULL,
    PRIMARY KEY (release, short, position)
) STRICT, WITHOUT ROWID;

-- Built from everything above, in the form of catalog/search.rs.
CREATE TABLE search_index (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    bytes BLOB NOT NULL
) STRICT;
