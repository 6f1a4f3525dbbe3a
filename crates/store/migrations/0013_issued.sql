-- Numbers of papers (文号) with what became of each: derived from the dockets, replaced whenever theirs changes. `lianzhi rebuild`
-- fills it for what was written before.
CREATE TABLE issued (
    docket BIGINT NOT NULL,
    id     BIGINT NOT NULL,
    head   TEXT NOT NULL,
    year   BIGINT NOT NULL,
    branch TEXT NOT NULL,
    n      BIGINT NOT NULL,
    number TEXT NOT NULL,
    title  TEXT NOT NULL,
    at     BIGINT NOT NULL,
    state  TEXT NOT NULL,
    reason BLOB,
    by_no  TEXT
);
CREATE INDEX issued_docket ON issued (docket);
CREATE INDEX issued_series ON issued (year, head, branch, n);
