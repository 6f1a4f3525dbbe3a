-- The books and the register of things: derived from the journal like `todo`, made again by `rebuild`. Matters that are there already
-- get their lines with their next entry, or by a rebuild.

CREATE TABLE ledger (
    docket    BIGINT NOT NULL,
    what      TEXT NOT NULL,
    day       BIGINT NOT NULL,
    fen       BIGINT NOT NULL,
    reference TEXT NOT NULL,
    person    TEXT,
    due_at    BIGINT
);
CREATE INDEX ledger_docket ON ledger (docket);
CREATE INDEX ledger_day ON ledger (day, what);
CREATE INDEX ledger_what ON ledger (what, due_at);

CREATE TABLE thing (
    docket     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL,
    shelf      TEXT NOT NULL,
    name       BLOB NOT NULL,
    perishable BOOLEAN NOT NULL,
    give_back  BOOLEAN NOT NULL,
    since      BIGINT NOT NULL,
    due_at     BIGINT,
    due_name   TEXT NOT NULL
);
CREATE INDEX thing_docket ON thing (docket);
CREATE INDEX thing_state ON thing (state, due_at);
