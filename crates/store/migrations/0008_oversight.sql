-- What the three systems (公示、全过程记录、法制审核) say of each filed case and of each decision on the spot: a projection, made anew
-- by `lianzhi rebuild`. What the public reads of a decision is all in `decision`; nothing else of a matter is in here.
CREATE TABLE oversight (
    docket       ROWKEY,
    kind         TEXT NOT NULL,
    number       TEXT NOT NULL,
    unit         TEXT NOT NULL,
    paper        BIGINT,
    at           BIGINT NOT NULL,
    standing     TEXT,
    published_at BIGINT,
    withdrawn_at BIGINT,
    late         BOOLEAN NOT NULL,
    annulled     BOOLEAN NOT NULL,
    personal     BOOLEAN NOT NULL,
    review       TEXT NOT NULL,
    gaps         BIGINT NOT NULL,
    items        TEXT NOT NULL,
    party        TEXT NOT NULL,
    decision     TEXT,
    reason       TEXT NOT NULL
);
CREATE INDEX oversight_at ON oversight (at, docket);
CREATE INDEX oversight_published ON oversight (standing, at, docket);
