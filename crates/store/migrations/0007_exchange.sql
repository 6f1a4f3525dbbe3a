-- What nodes say to each other. Streams, envelopes and the outbox are written with the entries they belong to; they are
-- part of the record (a signature cannot be made anew), not projections.

CREATE TABLE stream (
    shared TEXT NOT NULL,
    author TEXT NOT NULL,
    seq    BIGINT NOT NULL,
    docket BIGINT NOT NULL,
    digest BLOB NOT NULL,
    pos    BIGINT NOT NULL,
    PRIMARY KEY (shared, author, seq)
) WITHOUT ROWID;
CREATE INDEX stream_docket ON stream (docket);

CREATE TABLE envelope (
    id        TEXT PRIMARY KEY,
    shared    TEXT NOT NULL,
    author    TEXT NOT NULL,
    first     BIGINT NOT NULL,
    last      BIGINT NOT NULL,
    bytes     BLOB NOT NULL,
    key       TEXT NOT NULL,
    signature BLOB NOT NULL,
    at        BIGINT NOT NULL,
    digest    BLOB NOT NULL,
    mine      BOOLEAN NOT NULL,
    receipt   BLOB
);
CREATE INDEX envelope_stream ON envelope (shared, author, first);

CREATE TABLE outbox (
    envelope TEXT NOT NULL,
    peer     TEXT NOT NULL,
    docket   BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    due_at   BIGINT NOT NULL,
    class    TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at  BIGINT NOT NULL,
    done     BOOLEAN NOT NULL,
    receipt  BLOB,
    error    TEXT NOT NULL,
    PRIMARY KEY (envelope, peer)
) WITHOUT ROWID;
-- What waits is little beside what was sent.
CREATE INDEX outbox_due ON outbox (peer, next_at) WHERE NOT done;
CREATE INDEX outbox_docket ON outbox (docket);

CREATE TABLE peer (
    node         TEXT PRIMARY KEY,
    address      TEXT NOT NULL,
    heard_at     BIGINT,
    silent_since BIGINT,
    error        TEXT NOT NULL,
    log_size     BIGINT NOT NULL,
    log_note     TEXT NOT NULL,
    epoch        BIGINT NOT NULL
);

-- Logs of others as this node last cosigned them.
CREATE TABLE witnessed (
    origin TEXT PRIMARY KEY,
    size   BIGINT NOT NULL,
    root   BLOB NOT NULL,
    at     BIGINT NOT NULL,
    note   TEXT NOT NULL
);

-- Lines of witnesses under this node's checkpoints.
CREATE TABLE cosignature (
    size    BIGINT NOT NULL,
    witness TEXT NOT NULL,
    at      BIGINT NOT NULL,
    line    TEXT NOT NULL,
    PRIMARY KEY (size, witness)
) WITHOUT ROWID;
CREATE INDEX cosignature_witness ON cosignature (witness, size);

-- Evidence of two statements at one place.
CREATE TABLE fork (
    digest  BLOB PRIMARY KEY,
    node    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    one     TEXT NOT NULL,
    other   TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX fork_at ON fork (at);

-- Files that entries of others name.
CREATE TABLE wanted (
    digest   BLOB NOT NULL,
    shared   TEXT NOT NULL,
    docket   BIGINT NOT NULL,
    peer     TEXT NOT NULL,
    size     BIGINT NOT NULL,
    media    TEXT NOT NULL,
    upload   TEXT,
    attempts BIGINT NOT NULL,
    next_at  BIGINT NOT NULL,
    done     BOOLEAN NOT NULL,
    error    TEXT NOT NULL,
    PRIMARY KEY (digest, shared)
) WITHOUT ROWID;
CREATE INDEX wanted_due ON wanted (peer, next_at) WHERE NOT done;
CREATE INDEX wanted_docket ON wanted (docket);
