-- What other members told of their published decisions about an item, for comparing like cases: the last answer of each, and
-- when it was asked. Nothing that anything rests on: it is asked for again.
CREATE TABLE told (
    node     TEXT NOT NULL,
    item     TEXT NOT NULL,
    at       BIGINT,
    asked_at BIGINT NOT NULL,
    error    TEXT NOT NULL,
    told     TEXT NOT NULL,
    PRIMARY KEY (item, node)
) WITHOUT ROWID;
