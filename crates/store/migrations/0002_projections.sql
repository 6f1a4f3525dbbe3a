-- Everything here is derived from the journal and made again by `rebuild`.

CREATE TABLE matter (
    id          ROWKEY,
    kind        TEXT NOT NULL,
    number      TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    last        BLOB,
    pos         BIGINT NOT NULL,
    stage       TEXT NOT NULL,
    open        BOOLEAN NOT NULL,
    overdue     BOOLEAN NOT NULL,
    provisional BOOLEAN NOT NULL,
    category    TEXT,
    unit        TEXT,
    assignee    TEXT,
    grid        TEXT,
    lng         BIGINT,
    lat         BIGINT,
    cell        BIGINT,
    source      TEXT NOT NULL,
    external    TEXT,
    title       TEXT NOT NULL,
    address     TEXT NOT NULL,
    reported_at BIGINT NOT NULL,
    closed_at   BIGINT,
    updated_at  BIGINT NOT NULL,
    due_at      BIGINT,
    due_name    TEXT NOT NULL,
    wake_at     BIGINT,
    joined_to   BIGINT,
    complainant BLOB,
    follow      BLOB,
    rating      BIGINT,
    rework      BIGINT NOT NULL
);
-- One index for each way in that a filter offers; see src/filter.rs, which picks the narrowest.
CREATE INDEX matter_pos ON matter (pos);
CREATE UNIQUE INDEX matter_number ON matter (number) WHERE number <> '';
CREATE INDEX matter_external ON matter (external) WHERE external IS NOT NULL;
CREATE INDEX matter_stage ON matter (stage, id);
CREATE INDEX matter_unit ON matter (unit, id);
CREATE INDEX matter_assignee ON matter (assignee, id);
CREATE INDEX matter_category ON matter (category, id);
CREATE INDEX matter_source ON matter (source, id);
CREATE INDEX matter_cell ON matter (cell, lng, lat);
CREATE INDEX matter_updated ON matter (updated_at);
CREATE INDEX matter_reported ON matter (reported_at);
CREATE INDEX matter_open_unit ON matter (unit, id) WHERE open;
CREATE INDEX matter_open ON matter (id) WHERE open;
-- What a map of open matters asks for is all in here.
CREATE INDEX matter_open_cell ON matter (cell, lng, lat, unit, assignee, stage, category, overdue, due_at, open, id)
    WHERE open;
CREATE INDEX matter_overdue ON matter (id) WHERE overdue;
CREATE INDEX matter_due ON matter (due_at, id) WHERE open AND due_at IS NOT NULL;
CREATE INDEX matter_wake ON matter (wake_at, id) WHERE wake_at IS NOT NULL;

-- How many matters lie in each tile (cell >> 22, about 200 m wide), and the sums of their places: a map of a whole
-- district counts tiles instead of matters.
CREATE TABLE tile (
    cell ROWKEY,
    n    BIGINT NOT NULL,
    lng  BIGINT NOT NULL,
    lat  BIGINT NOT NULL
);

CREATE TABLE todo (
    docket BIGINT NOT NULL,
    who    TEXT NOT NULL,
    what   TEXT NOT NULL,
    due_at BIGINT
);
CREATE INDEX todo_docket ON todo (docket);
CREATE INDEX todo_who ON todo (who, due_at);

-- What search decides by: the text, and the keyed pairs of particulars, eight bytes each.
CREATE TABLE search (
    docket ROWKEY,
    text   TEXT NOT NULL,
    secret BLOB NOT NULL
);

CREATE TABLE register (
    register TEXT NOT NULL,
    key      TEXT NOT NULL,
    docket   BIGINT NOT NULL,
    record   TEXT NOT NULL,
    retired  BOOLEAN NOT NULL,
    PRIMARY KEY (register, key)
) WITHOUT ROWID;
