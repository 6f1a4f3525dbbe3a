-- What statistics and comparisons need of cases: a line for each party and violation (procedure::line). Derived from the
-- journal like everything in 0002 and made again by `rebuild`.
CREATE TABLE case_line (
    docket        BIGINT NOT NULL,
    n             BIGINT NOT NULL,
    item          TEXT NOT NULL,
    subject       TEXT NOT NULL,
    result        TEXT NOT NULL,
    kept          TEXT NOT NULL,
    reviewed      TEXT NOT NULL,
    challenge     TEXT NOT NULL,
    tier          TEXT NOT NULL,
    circumstances TEXT NOT NULL,
    decided_at    BIGINT,
    fine          BIGINT NOT NULL,
    paid          BIGINT NOT NULL,
    PRIMARY KEY (docket, n)
) WITHOUT ROWID;
CREATE INDEX case_line_item ON case_line (item, docket);
