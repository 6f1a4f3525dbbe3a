-- Views of lists that people keep and share, and what everybody has set for himself. Not part of the record.
CREATE TABLE saved_view (
    id         TEXT PRIMARY KEY,
    owner      TEXT NOT NULL,
    shared     TEXT,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,
    columns    TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX saved_view_owner ON saved_view (owner);
CREATE INDEX saved_view_shared ON saved_view (shared) WHERE shared IS NOT NULL;

CREATE TABLE preference (
    person TEXT NOT NULL,
    name   TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (person, name)
) WITHOUT ROWID;

-- Open matters by term, those without one last: a list in this order loses none of them.
DROP INDEX matter_due;
CREATE INDEX matter_open_due ON matter ((COALESCE(due_at, 9223372036854775807)), id) WHERE open;
