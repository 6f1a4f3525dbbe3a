-- The journal: the only source of truth. Entries are appended and never changed; of parts only the key and the
-- sealed content may go.

CREATE TABLE log_head (
    id          BIGINT PRIMARY KEY CHECK (id = 1),
    size        BIGINT NOT NULL,
    next_docket BIGINT NOT NULL,
    last_at     BIGINT NOT NULL
);
INSERT INTO log_head (id, size, next_docket, last_at) VALUES (1, 0, 1, 0);

CREATE TABLE counter (
    series TEXT PRIMARY KEY,
    last   BIGINT NOT NULL
);

CREATE TABLE entry (
    pos    ROWKEY,
    docket BIGINT NOT NULL,
    seq    BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    bytes  BLOB NOT NULL,
    salt   BLOB NOT NULL,
    digest BLOB NOT NULL,
    leaf   BLOB NOT NULL
);
CREATE UNIQUE INDEX entry_docket ON entry (docket, seq);

CREATE TABLE part (
    digest BLOB PRIMARY KEY,
    docket BIGINT NOT NULL,
    kind   TEXT NOT NULL,
    salt   BLOB NOT NULL,
    key    BLOB,
    sealed BLOB
);

CREATE TABLE checkpoint (
    size ROWKEY,
    root BLOB NOT NULL,
    at   BIGINT NOT NULL,
    note TEXT NOT NULL
);

CREATE TABLE answer (
    key     TEXT PRIMARY KEY,
    request BLOB NOT NULL,
    answer  TEXT NOT NULL,
    at      BIGINT NOT NULL
);
